"""How a listing is kept true: its parts, its changes, whose second look they need, when it is due.

Pure: content in, findings out. It reads no clock, stores nothing, and shows nothing.
"""

from referral_directory.keeping.changes import Change, changes
from referral_directory.keeping.doubts import Doubt, doubts
from referral_directory.keeping.due import (
    HIDDEN_AFTER,
    REMIND,
    REVIEW_DAYS,
    STALE_AFTER,
    Stage,
    class_of,
    due_on,
    review_days,
    stage_of,
)
from referral_directory.keeping.merging import Merge, three_way
from referral_directory.keeping.parts import critical, hashes, part_hash, parts, reachable
from referral_directory.keeping.second import needs_second, reachables

__all__ = [
    "HIDDEN_AFTER",
    "REMIND",
    "REVIEW_DAYS",
    "STALE_AFTER",
    "Change",
    "Doubt",
    "Merge",
    "Stage",
    "changes",
    "class_of",
    "critical",
    "doubts",
    "due_on",
    "hashes",
    "needs_second",
    "part_hash",
    "parts",
    "reachable",
    "reachables",
    "review_days",
    "stage_of",
    "three_way",
]

"""What an entry of the audit is, and what can be wrong with one. No behaviour."""

from dataclasses import dataclass
from typing import Final, Literal

MOST: Final = {"staff": 40, "act": 40, "about": 80, "why": 300}
"""Letters that a field may have. What is longer is cut."""
BY_THE_DAY: Final = "desk."
"""Acts whose name begins so are written with the day alone: their time would be that of a person's
chat.
"""

Kind = Literal["changed", "missing", "cut", "forged", "no_key", "key_moved", "restored"]
NOTICES: Final = frozenset({"no_key", "restored"})
"""Kinds that are told and are no fault: the first key is elsewhere; a backup was put back, and
somebody said so.
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """One act of staff."""

    number: int
    """From 1, without gaps."""
    at: str
    """`2026-11-23T21:04` in UTC; the day alone for acts at the desk."""
    staff: str
    """The id of an account, or `command` for whoever can run commands on this machine."""
    act: str
    about: str
    """What it was done to: a listing, an account, a key. Never a person who wrote."""
    why: str


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is wrong with the audit."""

    kind: Kind
    number: int
    """The entry where it shows; 0 when it is about all of them."""
    said: str

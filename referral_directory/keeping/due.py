"""When a listing is to be checked again, and what follows when it is not: the stages.

It reads no clock: every question comes with its day. Only a person's check moves the day; saving,
importing, merging and reverting do not.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Final, Literal, Protocol

from referral_directory.keeping.fields import Content
from referral_directory.keeping.parts import critical, reachable

Class = Literal["urgent", "state", "other"]
REVIEW_DAYS: Final[Mapping[Class, int]] = {"urgent": 30, "state": 180, "other": 90}
"""Days between two checks. `urgent`: hotlines, shelter, medical care. A setting may override it."""
STALE_AFTER: Final = timedelta(days=30)
"""So long overdue: labelled as not confirmed."""
HIDDEN_AFTER: Final = timedelta(days=90)
"""So long overdue: no longer shown to survivors."""
REMIND: Final = timedelta(days=14)
"""So long before it is due it is in the work list, and so long after it is named again."""

Stage = Literal["draft", "verified", "due", "stale", "hidden", "suspended", "retired"]


class Checked(Protocol):
    """A check that counts: its part says today what it said then."""

    @property
    def part(self) -> str:
        """The part that was checked."""

    @property
    def on(self) -> date:
        """The day."""


def class_of(content: Content) -> Class:
    """How soon a wrong listing of this kind hurts somebody; the first that fits."""
    for need in content.get("needs", ()):
        top, _, below = str(need).partition(".")
        if top in {"shelter", "medical"} or below == "hotline":
            return "urgent"
    return "state" if content.get("run_by") in {"state", "police"} else "other"


def review_days(content: Content, days: Mapping[Class, int] = REVIEW_DAYS) -> int:
    """Days from one check to the next."""
    return days[class_of(content)]


def due_on(
    content: Content,
    checks: Iterable[Checked],
    today: date,
    days: Mapping[Class, int] = REVIEW_DAYS,
) -> date | None:
    """The day on which the part that was checked longest ago is to be checked again.

    `checks` are those that count. A part that nobody checked is due `today`. What is not shown
    to survivors is asked of all its contacts, since operators rely on them. None: it has no part
    that could be checked.
    """
    wanted = critical(content) or reachable(content)
    if not wanted:
        return None
    latest: dict[str, date] = {}
    for check in checks:
        latest[check.part] = max(check.on, latest.get(check.part, check.on))
    if any(part not in latest for part in wanted):
        return today
    return min(latest[part] for part in wanted) + timedelta(days=review_days(content, days))


def stage_of(
    *,
    published: bool,
    suspended: bool,
    retired: bool,
    due_on: date | None,
    today: date,
) -> Stage:
    """The stage that follows from the facts on this day.

        draft --publish--> verified --day--> due --30 days--> stale --60 days--> hidden
        any --suspend--> suspended, --status closed--> retired

    A published listing without a day is due: nobody vouches for it.
    """
    if retired:
        return "retired"
    if suspended:
        return "suspended"
    if not published:
        return "draft"
    if due_on is None:
        return "due"
    if today < due_on:
        return "verified"
    if today < due_on + STALE_AFTER:
        return "due"
    return "stale" if today < due_on + HIDDEN_AFTER else "hidden"

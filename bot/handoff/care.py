"""Who answers others needs a pause too: how long somebody works, what was heavy, what to ask at the
end.

It decides from a shift and the clock alone, so that it is the same for the one who works and for
the lead. It must not know any chat.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from bot.handoff.model import DeskRules
from bot.handoff.shift import Shift, stage_of

Why = Literal["rests", "heavy", "long", "over"]
"""Why somebody needs a pause: `rests`: they are in the one after a heavy chat. `heavy`: several of
them in a shift. `long`: too long without a pause. `over`: the planned end is past.
"""
MANY_HEAVY: Final = 3
"""Heavy chats in a shift from which on a lead should ask how it is."""
PROMPTS: Final = ("body", "talk", "leave_here", "next")
"""What the short debrief asks, in order; words are the console's. Nothing of it is stored."""


@dataclass(frozen=True, slots=True)
class Care:
    """How somebody on duty is doing, as far as a clock can say. Seconds."""

    staff: str
    worked: float
    """Since the shift began."""
    pause_due: float
    """Until a pause is due; 0 when it is."""
    rest_left: float
    """Of the pause after a heavy chat; 0 when there is none."""
    heavy: int
    why: tuple[Why, ...]

    @property
    def needs_pause(self) -> bool:
        """Whether the lead should look after them: a rest that goes on looks after itself."""
        return bool(set(self.why) - {"rests"})


@dataclass(frozen=True, slots=True)
class Debrief:
    """What is asked at the end of a shift. Skippable; no answer is kept."""

    worked: float
    heavy: int
    rest_left: float
    prompts: tuple[str, ...]


def care_of(shift: Shift, rules: DeskRules, now: float) -> Care:
    """How it is for somebody on duty now."""
    stage = stage_of(shift, now)
    rest_left = max(0.0, shift.rest_until - now)
    due = max(0.0, shift.rested + rules.pause_due_seconds - now)
    why: list[Why] = []
    if rest_left:
        why.append("rests")
    if shift.heavy >= MANY_HEAVY:
        why.append("heavy")
    if not due and stage == "on":
        why.append("long")
    if now > shift.until:
        why.append("over")
    worked = max(0.0, now - shift.began)
    return Care(shift.staff, worked, due, rest_left, shift.heavy, tuple(why))


def in_need(everyone: Iterable[Care]) -> tuple[Care, ...]:
    """Who needs a pause, the most heavy chats and the longest time without one first."""
    found = [care for care in everyone if care.needs_pause]
    return tuple(sorted(found, key=lambda care: (-care.heavy, care.pause_due, -care.worked)))


def debrief(shift: Shift, now: float) -> Debrief:
    """What the end of a shift asks: always, and first of all the body after something heavy."""
    prompts = PROMPTS if shift.heavy else PROMPTS[1:]
    rest_left = max(0.0, shift.rest_until - now)
    return Debrief(max(0.0, now - shift.began), shift.heavy, rest_left, prompts)

"""One shift of one operator: when it began, when it rests, when it is over.

    off --begin--> on --pause--> paused --resume--> on
                   on, paused, resting --heavy--> resting --time--> on or paused
                   every one --end--> off

It decides which act a shift allows, by a table, and that a pause after a heavy chat is not cut
short: not by resuming, and not by ending the shift and beginning another. A shift is a span of
instants, so midnight and a change of the clocks are nothing to it. It reads no clock.
"""

import unicodedata
from collections.abc import Callable, Iterable
from typing import Final, Literal

import msgspec
from msgspec.structs import replace
from transitions import Machine

from bot.handoff.model import Refused

Stage = Literal["off", "on", "paused", "resting"]
Act = Literal["begin", "pause", "resume", "heavy", "end"]

TRANSITIONS: Final = (
    ("begin", "off", "on"),
    ("pause", "on", "paused"),
    ("pause", "resting", "resting"),
    ("resume", "paused", "on"),
    ("heavy", ["on", "paused", "resting"], "resting"),
    ("end", ["on", "paused", "resting"], "off"),
)
REST_SECONDS: Final = 5 * 60.0
"""A pause shorter than that is none for whoever counts how long somebody works."""
MOST_HOURS: Final = 8.0
"""The longest shift. The keys of a shift live for 72 hours after it, and for 80 in all."""
LEAST_HOURS: Final = 0.5
LONGEST_NAME: Final = 40
"""Characters of the name that people see."""

_table = Machine(
    model=None,
    states=["off", "on", "paused", "resting"],
    initial="off",
    transitions=[list(one) for one in TRANSITIONS],
    auto_transitions=False,
)


class Shift(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of a shift, sealed. Times are seconds since 1970; 0 is never."""

    staff: str
    who: str = ""
    languages: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    keys: tuple[bytes, ...] = ()
    began: float = 0.0
    until: float = 0.0
    """Its planned end."""
    off: bool = False
    paused: float = 0.0
    """Since when, by their own wish."""
    rest_until: float = 0.0
    """The end of the pause after a heavy chat."""
    rested: float = 0.0
    """When they last began to work: at the start, or after a pause that was one."""
    heavy: int = 0
    """Heavy chats that ended in this shift."""
    most_open: int = 3
    most_heavy: int = 1
    line: bool = False
    """Whether their page is connected, as of `seen`."""
    seen: float = 0.0

    def __repr__(self) -> str:
        return "Shift()"


def stage_of(shift: Shift, now: float) -> Stage:
    """Where a shift stands at that moment."""
    if shift.off:
        return "off"
    if now < shift.rest_until:
        return "resting"
    return "paused" if shift.paused else "on"


def allowed(stage: str, act: Act) -> bool:
    """Whether the table has a way for that act from there."""
    return stage in _table.events[act].transitions


How = Callable[[Shift, float], Shift]
"""A shift as it is, and the time → as it is to be. The same object: there is nothing to do."""


def new(
    staff: str, who: str, languages: Iterable[str], skills: Iterable[str], keys: Iterable[bytes]
) -> Shift:
    """Who begins a shift. Raises `Refused`: `who`, `languages`."""
    name = " ".join(unicodedata.normalize("NFKC", who).split())
    spoken = tuple(dict.fromkeys(languages))
    if not name or len(name) > LONGEST_NAME or not name.isprintable() or len(_scripts(name)) > 1:
        raise Refused("who", most=str(LONGEST_NAME))
    if not spoken:
        raise Refused("languages")
    return Shift(
        staff=staff,
        who=name,
        languages=spoken,
        skills=tuple(dict.fromkeys(skills)),
        keys=tuple(dict.fromkeys(keys)),
    )


def _scripts(name: str) -> set[str]:
    """Of which scripts its letters are: a name of two may only look like a colleague's."""
    letters = (one for one in name if unicodedata.category(one) in {"Lu", "Ll", "Lt", "Lo"})
    return {unicodedata.name(one, "").partition(" ")[0] for one in letters}


def begin(was: Shift, new: Shift, hours: float, now: float) -> Shift:
    """A new shift, for so many hours. Limits stay, and a rest that is not over goes on in it.

    Raises `Refused`: `shift_open`, `hours`.
    """
    _check(was, "begin", now)
    if not LEAST_HOURS <= hours <= MOST_HOURS:
        raise Refused("hours", least=f"{LEAST_HOURS:g}", most=f"{MOST_HOURS:g}")
    return replace(
        new,
        began=now,
        until=now + hours * 3600.0,
        rest_until=was.rest_until if was.rest_until > now else 0.0,
        rested=now,
        most_open=was.most_open,
        most_heavy=was.most_heavy,
        seen=now,
    )


def pause(shift: Shift, now: float) -> Shift:
    """A break of their own; asked again, it goes on."""
    if shift.paused:
        return shift
    _check(shift, "pause", now)
    return replace(shift, paused=now)


def resume(shift: Shift, now: float) -> Shift:
    """Back at work. Raises `Refused`: `rest` as long as the pause after a heavy chat lasts."""
    if stage_of(shift, now) == "on":
        return shift
    _check(shift, "resume", now)
    rested = now if now - shift.paused >= REST_SECONDS else shift.rested
    return replace(shift, paused=0.0, rested=rested)


def heavy_ended(shift: Shift, seconds: float, now: float) -> Shift:
    """A heavy chat is over: no new one for so many seconds. It does nothing to who is off."""
    if not allowed(stage_of(shift, now), "heavy"):
        return shift
    until = now + seconds
    # What was worked since the last pause is worked still, unless this one is long enough.
    rested = until if seconds >= REST_SECONDS else shift.rested
    return replace(shift, heavy=shift.heavy + 1, rest_until=until, rested=rested)


def end(shift: Shift, now: float) -> Shift:
    """Over. What is kept: their limits, and a rest that is not over."""
    _check(shift, "end", now)
    return Shift(
        staff=shift.staff,
        off=True,
        rest_until=shift.rest_until,
        most_open=shift.most_open,
        most_heavy=shift.most_heavy,
    )


def _check(shift: Shift, act: Act, now: float) -> None:
    stage = stage_of(shift, now)
    if allowed(stage, act):
        return
    if stage == "off":
        raise Refused("no_shift")
    if act == "begin":
        raise Refused("shift_open")
    raise Refused("rest", seconds=f"{shift.rest_until - now:.0f}")


def here(shift: Shift, now: float) -> Shift:
    """Their page is connected, and was a moment ago."""
    return shift if shift.off else replace(shift, line=True, seen=now)


def away(shift: Shift, now: float) -> Shift:
    """No page of theirs is connected any more."""
    return shift if shift.off else replace(shift, line=False, seen=now)


def again(shift: Shift, _: float) -> Shift:
    """As it is, to be sealed anew."""
    return replace(shift)

"""When too many come at once: the lead pauses a queue or leads it elsewhere, and says why.

It decides which switch holds for a language at a moment. People are told one of a few fixed texts:
nobody writes one in a hurry. A switch that somebody forgot ends by itself.
"""

from collections.abc import Callable
from typing import Final, Literal

import msgspec

from bot.handoff.model import Refused
from bot.handoff.settings import Settings

KIND: Final = "surge"
EVERYONE: Final = "all"
"""The queue of those for whose language nothing of its own is said."""
Mode = Literal["open", "pause", "divert"]
"""`pause`: nobody new is taken in. `divert`: who else answers now is shown first, and whoever wants
to waits all the same. `open`: as if nothing held for all. Nobody is led to operators of another
language: that a person decides.
"""
MODES: Final[tuple[Mode, ...]] = ("open", "pause", "divert")
MESSAGES: Final = ("many_waiting", "short_break", "back_later", "trouble")
"""What people are told; the words stand with all that survivors read."""
HOURS: Final = (1, 2, 4, 8, 12, 24)
"""For how long a switch can hold. Never without an end: a desk must not stay shut by mistake."""


class Surged(msgspec.Struct, frozen=True):
    """A switch that is on."""

    mode: Mode
    message: str
    """One of `MESSAGES`."""
    until: float
    """Its end, in seconds since 1970."""


class Surge:
    """The switches of one desk. Reading is good within a group."""

    def __init__(self, settings: Settings, clock: Callable[[], float]) -> None:
        self._settings, self._clock = settings, clock

    def of(self, language: str) -> Surged | None:
        """What holds for that language now: its own switch, else the one for all."""
        for queue in (language, EVERYONE):
            _, found = self.switch(queue)
            if found is not None:
                return None if found.mode == "open" else found
        return None

    def switch(self, queue: str) -> tuple[int, Surged | None]:
        """How the switch of a queue stands, with its version. None: never used, or its time is
        over. `open` takes one language out of what holds for all.
        """
        setting = self._settings.read(f"{KIND}/{queue}")
        if not setting.body:
            return setting.version, None
        found = msgspec.json.decode(setting.body, type=Surged)
        return setting.version, found if self._clock() < found.until else None

    def look(self) -> None:
        """See what other processes turned. Not within a group. Raises `StoreError`."""
        self._settings.look()

    def end(self, staff: str, queue: str, version: int, why: str = "") -> None:
        """As if it had never been turned. Raises `Stale` or `StoreError`."""
        body = msgspec.json.encode(Surged("open", "", 0.0)).decode()
        self._settings.save(staff, f"{KIND}/{queue}", version, body, why or "end")

    def turn(  # noqa: PLR0917  # all that a switch is
        self,
        staff: str,
        queue: str,
        version: int,
        mode: str,
        message: str,
        hours: int,
        why: str = "",
    ) -> Surged:
        """Turn a switch. `version` is the one that was looked at; `why` is for the audit.

        Raises `Stale`, `Refused` (`mode`, `message`, `hours`) or `StoreError`.
        """
        mode_ = next((one for one in MODES if one == mode), None)
        if mode_ is None:
            raise Refused("mode")
        if message not in MESSAGES and mode_ != "open":
            raise Refused("message")
        if hours not in HOURS:
            raise Refused("hours")
        until = self._clock() + 3600.0 * hours
        new = Surged(mode_, message if mode_ != "open" else "", until)
        body = msgspec.json.encode(new).decode()
        self._settings.save(staff, f"{KIND}/{queue}", version, body, why or mode_)
        return new

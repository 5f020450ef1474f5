"""Referral slips put together: the two errands by which a person gets one, and the page by which a
service answers.

It decides which services take slips, and whose name the page shows. Whoever found a paper may type
its words too: so a name is shown only where it says nothing of what somebody may have been through.
What a service says is counted, and `full` and `closed` go on as hints to those who keep the
directory, without who said so; nothing is hidden or changed by them.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

from authored import Mistake, Mistakes
from bot import report
from bot.channels.contract import Slip, Unavailable
from bot.dialogue.effects import Errand
from bot.dialogue.events import Returned
from bot.errands import Noted
from bot.handoff.code_words import read_lists
from bot.once import made_once
from bot.reports.cells import SLIP, Cell
from bot.reports.tally import Tally
from bot.slips import Found, Lists, SlipKeys, Slips
from bot.storage import Group, Store, StoreError
from bot.tasks import InTurn, RunWithin
from bot.vault import KeyRingError, Ring, Signing
from flows.grammar import SHOWN_ONCE, SLIP_SLOT, Script
from flows.trimming import without
from referral_directory import Listing
from referral_directory.model import Need

OFF: Final = "off"
ALL: Final = "all"
FLOW: Final = "slip"
CHOSEN: Final = "chosen"
"""The slot of the listing that a person looks at."""
PLAIN: Final = frozenset({"medical", "information", "interpretation"})
PLAIN_ROOTS: Final = frozenset({"basic", "livelihood", "tracing"})
"""Needs, and roots of needs, for which anybody may go somewhere. Of a service that meets nothing
else the name is shown. Their parts are not plain: `medical.pep` says a lot.
"""
URGENT: Final = frozenset({"emergency", "emergency.rescue"})
"""Where nobody is asked for words."""
HINTS: Final[Mapping[str, str]] = {"full": "no_answer", "closed": "wrong"}
"""What a service said → the nearest of what the directory is told of a listing."""


class Listings(Protocol):
    """What is served now, in words."""

    def listing(self, name: str, language: str) -> Listing | None:
        """A listing in the words of a language, or None when it may not be served."""
        ...


def takes_none(_: str) -> bool:
    """Where no service was told of slips."""
    return False


def taking(setting: str) -> Callable[[str], bool]:
    """Which listings take slips, by the setting: `all`, `off`, or their ids. Raises `Mistakes`."""
    if setting.strip() == ALL:
        return lambda _: True
    return named.__contains__ if (named := named_in(setting)) else takes_none


def named_in(setting: str) -> frozenset[str]:
    """The listings that the setting names, none for `all` or `off`. Raises `Mistakes` where one of
    these words stands among ids: nobody could tell what was meant.
    """
    named = frozenset(one for part in setting.split(",") if (one := part.strip()))
    words = named & {ALL, OFF}
    if words and len(named) > 1:
        said = f"slips: '{min(words)}' stands beside others"
        mend = f"Write {ALL}, {OFF}, or the ids of listings with commas between."
        raise Mistakes([Mistake("settings", 0, 0, said, mend)])
    return named - words


def unlisted(setting: str, published: Iterable[str]) -> tuple[str, ...]:
    """Of the listings that the setting names those that are not published: nobody is offered a slip
    for them. Raises `Mistakes`.
    """
    return tuple(sorted(named_in(setting).difference(published)))


def without_slips(script: Script) -> Script:
    """The script for where there are none: nobody is offered what nobody takes."""
    return made_once("no slips", (script,), lambda: without(script, FLOW))


@dataclass(frozen=True, slots=True)
class Slipping:
    """The slips of a service, for its turns and for its page."""

    slips: Slips
    listing: Callable[[str, str], Listing | None]
    """A listing in the words of a language, or None when it may not be served now."""
    restricted: frozenset[str]
    """Needs that are not shown everywhere: of what is there for them first nothing is written."""
    takes: Callable[[str], bool]
    noted: Noted
    tally: Tally | None = field(default=None)

    @property
    def within(self) -> Mapping[str, RunWithin]:
        """The errands, by name."""
        return {"slip_for": self._slip_for, "make_slip": self._make}

    def look(self, words: str, place: bytes, language: str) -> Slip:
        """What typed words are, for the page. Raises `Unavailable`."""
        try:
            found = self.slips.find(words, place, self._served)
        except (StoreError, KeyRingError) as error:
            report.alarm("slip_not_looked_up", error)
            raise Unavailable from None
        return self._slip(found, self._name(found.listing, language))

    def answer(self, words: str, said: str, place: bytes) -> Slip:
        """What a service says of a slip, once. Raises `Unavailable`."""
        try:
            found = self.slips.redeem(words, place, self._served, self._counted, said)
        except (StoreError, KeyRingError) as error:
            report.alarm("slip_not_answered", error)
            raise Unavailable from None
        if found.outcome == "good" and said in HINTS:
            self.noted(found.listing, HINTS[said])
        return self._slip(found, "")

    def sweep(self) -> int:
        """Deletes what is void; gives how many. Raises `StoreError` or `KeyRingError`."""
        return self.slips.sweep()

    # --- within a turn --------------------------------------------------------------------------

    def _slip_for(self, errand: Errand, turn: InTurn) -> Returned:
        del turn
        return Returned("yes" if self._served(errand.slots.get(CHOSEN, "")) else "no")

    def _make(self, errand: Errand, turn: InTurn) -> Returned:
        listing = errand.slots.get(CHOSEN, "")
        if not self._served(listing):
            return Returned("no")
        first = SLIP_SLOT not in errand.slots
        words = self.slips.make(turn.group, listing, errand.language, first=first)
        return Returned("later") if words is None else Returned("made", {SHOWN_ONCE: words})

    # --- what they share ------------------------------------------------------------------------

    def _served(self, listing: str) -> bool:
        found = self.listing(listing, "en") if listing and self.takes(listing) else None
        if found is None or found.needs[0] in self.restricted:
            return False
        return URGENT.isdisjoint(found.needs)

    def _name(self, listing: str, language: str) -> str:
        found = self.listing(listing, language) if listing else None
        if found is None or not all(map(_is_plain, found.needs)):
            return ""
        return found.names.get(language) or found.names.get("en", "")

    def _counted(self, group: Group, said: str) -> None:
        if self.tally is not None:
            self.tally.count(group, [Cell(SLIP, said)])

    def _slip(self, found: Found, name: str) -> Slip:
        return Slip(found.outcome, " ".join(found.words), name, found.count, found.wrong)


def _is_plain(need: str) -> bool:
    return need in PLAIN or need.partition(".")[0] in PLAIN_ROOTS


def open_slips(  # noqa: PLR0913  # one for each part that is put together elsewhere
    setting: str,
    signing: Signing | None,
    store: Store,
    ring: Ring,
    locales: Path,
    *,
    listings: Callable[[], Listings],
    needs: Iterable[Need],
    noted: Noted,
    tally: Tally | None,
) -> Slipping | None:
    """The slips that the setting asks for; None where there are none, or no keys to make them."""
    takes = taking(setting)
    if takes is takes_none or signing is None:
        return None
    return Slipping(
        Slips(store, SlipKeys(signing, ring.today), Lists(read_lists(locales))),
        lambda listing, language: listings().listing(listing, language),
        frozenset(need.code for need in needs if need.restricted),
        takes,
        noted,
        tally,
    )

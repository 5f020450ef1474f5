"""Turns as the weekly counts see them: what each conversation is counted as, and as what it can be.

It decides nothing: `bot.reports` says what counts. A turn that was not taken is not counted, and
what is counted is kept with the turns it is of, or not at all.
"""

from collections.abc import Iterable

from msgspec.structs import replace

from bot import report
from bot.dialogue.session import Session
from bot.reports.cells import Cell, Domain, Now
from bot.reports.tally import Tally
from bot.speech import Speech
from bot.storage import Group, StoreError
from bot.tasks import InTurn
from bot.vault import Epoch, KeyRingError
from referral_directory import Directory


def counted_in(directory: Directory, speech: Speech) -> Domain:
    """Everything that is counted here: it follows from the settings alone."""
    places = (place.code for place in directory.places)
    return Domain.of((one.code for one in speech.languages), (*directory.country_codes, *places))


def settle(tally: Tally, live: Iterable[Epoch]) -> int:
    """Delete counts that nothing can open, seal the others anew, and tell of weeks that are over.

    Gives how many were deleted. Raises `StoreError` for that; the rest is tried again later.
    """
    swept = tally.sweep(live)
    try:
        tally.settle()
    except (KeyRingError, StoreError, ArithmeticError, ImportError) as error:
        # Nobody who needs help waits for a report, and no sweep fails for one.
        report.alarm("reports_not_settled", error)
    return swept


class Counting:
    """The counts of one group, until it is closed."""

    def __init__(self, tally: Tally | None, group: Group) -> None:
        self._tally, self._group = tally, group
        self._cells: list[Cell] = []

    def counted(self, session: Session, turn: InTurn) -> Session:
        """The session after its turn, with what it is counted as."""
        if self._tally is None:
            return session
        channel, spoken = turn.address.channel, session.language
        now = Now(channel, spoken, session.slots, turn.did, turn.waited)
        cells, counted = self._tally.contributions(now, session.counted)
        self._cells += cells
        return session if counted == session.counted else replace(session, counted=counted)

    def close(self) -> None:
        """Count. Raises `StoreError` or `KeyRingError`."""
        if self._tally is not None:
            self._tally.count(self._group, self._cells)

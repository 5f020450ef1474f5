"""The desk of one service, put together: who waits, who answers, what goes between them, sealed.

It decides nothing. `Human` is what the console works with (`office.parts["handoff"]`), and what
`bot.handing` hands people over to.
"""

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot import report
from bot.handoff import code_words
from bot.handoff.acting import Parts, Told
from bot.handoff.board import Board
from bot.handoff.chats import Chats
from bot.handoff.codes import Codes
from bot.handoff.counts import Counts
from bot.handoff.desk import Desk
from bot.handoff.duty import Shifts
from bot.handoff.hours import Opening
from bot.handoff.keys import Keys
from bot.handoff.message_model import Written
from bot.handoff.message_rows import MessageRows
from bot.handoff.messages import Messages
from bot.handoff.model import Chat, DeskRules, Refused
from bot.handoff.notes import Notes
from bot.handoff.rows import Rows
from bot.handoff.settings import Settings
from bot.handoff.surge import Surge
from bot.handoff.typed import Typed
from bot.outbox import Passed, pack_passed
from bot.sealing import Organisation
from bot.storage import Group, Row, Store, StoreError
from bot.vault import Epoch, KeyRingError, Ring, Signing, Vault, first_sequence

TICK_SECONDS: Final = 1.0
COUNT_TICKS: Final = 3600
OUTBOX: Final = "outbox"
PUSHED: Final = frozenset({"telegram", "terminal"})
"""Kinds of channels where a reply is brought to the person; a page comes for it."""


@dataclass(frozen=True, slots=True)
class Posting:
    """Puts what an operator wrote into the outbox, for those who are not at a page of ours."""

    vault: Vault
    epochs: Callable[[], tuple[Epoch, ...]]

    def post(self, group: Group, chat: Chat, written: Written, who: str) -> None:
        """In the transaction that keeps the reply. `who`: the pseudonym of who wrote it."""
        to, today, sequence = chat.address, self.epochs()[0], first_sequence()
        (number,) = group.numbers(1)
        passed = Passed(
            *(to.channel, to.bot, to.person),
            chat.id,
            written.number,
            who,
            chat.language,
            written.sealed,
            chat.suite,
            chat.door,
            number,
        )
        alias = self.vault.alias(today, to.channel, to.bot, to.person)
        sealed = self.vault.seal(OUTBOX, alias, today, sequence, b"", pack_passed(passed))
        group.save(outbox=[Row(alias, today, sequence, sealed)], numbers=[number])


@dataclass(frozen=True, slots=True)
class Posted(Messages):
    """Messages whose replies go on to messengers by themselves."""

    posting: Posting
    shifts: Shifts

    def reply(self, group: Group, chat: Chat, staff: str, written: Written, now: float) -> Chat:
        """As `Messages.reply`; a reply to a messenger is in the outbox with the same commit."""
        kept = Messages.reply(self, group, chat, staff, written, now)
        if kept.number_out > chat.number_out and chat.kind in PUSHED:
            self.posting.post(group, kept, written, self.named(chat, staff) or chat.who)
        return kept

    def named(self, chat: Chat, staff: str) -> str:
        """As `Messages.named`, and of whoever is on duty."""
        duty = self.shifts.of(staff)
        return duty.who if duty else Messages.named(self, chat, staff)


@dataclass(frozen=True, slots=True)
class Human:
    """All parts of a desk. Use `Human.open`."""

    store: Store
    rows: Rows
    chats: Chats
    board: Board
    desk: Desk
    shifts: Shifts
    messages: Messages
    codes: Codes
    keys: Keys
    notes: Notes
    counts: Counts
    opening: Opening
    surge: Surge
    settings: Settings
    typed: Typed
    organisation: Organisation
    clock: Callable[[], float]
    leads: Callable[[], bool]
    """Whether the clock of the desk is looked at here; every process has one that it shows."""

    @classmethod
    def open(  # noqa: PLR0913  # all that a desk is made of
        cls,
        store: Store,
        vault: Vault,
        ring: Ring,
        clock: Callable[[], float],
        signing: Signing,
        locales: Path,
        *,
        audit: Told,
        rules: DeskRules | None = None,
        holidays: Mapping[str, tuple[str, ...]] | None = None,
        leads: Callable[[], bool] = lambda: True,
    ) -> "Human":
        """The desk on that store. `holidays`: of countries, see `Opening`.

        Raises `StoreError`, `KeyRingError` or `Mistakes`.
        """

        def told(staff: str, act: str, about: str = "", why: str = "") -> object:
            return audit(staff, act if act.startswith("desk.") else f"desk.{act}", about, why)

        rules = rules or DeskRules()
        rows = Rows(vault, ring.live)
        board = Board(store, rows)
        organisation = Organisation(signing)
        kept = MessageRows(rows)
        keys = Keys(organisation, kept)
        settings = Settings(store, signing, told)
        settings.vouch()
        opening = Opening(settings, holidays)
        counts = Counts(store, vault, ring, clock, opening.zone_of)
        shifts = Shifts(store, vault, ring, clock, rules, loads=board.load, audit=told)
        messages = Posted(rows, kept, keys, Posting(vault, ring.live), shifts)

        def owned(group: Group, chat: Chat) -> None:
            """Whoever has a chat reads it, and nobody else any more."""
            now = clock()
            readers = [staff for staff in (chat.owner, chat.helper) if staff]
            keep = [key for staff in readers for key in keys.ids(group, staff, now)]
            messages.drop_others(group, chat, keep)

        parts = Parts(
            store,
            rows,
            board,
            shifts,
            clock,
            rules,
            audit=told,
            waited=counts.waited,
            owned=owned,
        )
        return cls(
            store=store,
            rows=rows,
            chats=Chats(rows),
            board=board,
            desk=Desk(parts),
            shifts=shifts,
            messages=messages,
            codes=Codes(rows, code_words.read_lists(locales)),
            keys=keys,
            notes=Notes(rows),
            counts=counts,
            opening=opening,
            surge=Surge(settings, clock),
            settings=settings,
            typed=Typed(),
            organisation=organisation,
            clock=clock,
            leads=leads,
        )

    def taken_out(self, group: Group, letter: Passed) -> None:
        """A messenger is about to be handed that reply: its row is not needed any more."""
        try:
            chat = self.chats.of_person(group, letter.chat)
            if chat is not None:
                self.messages.ack(group, chat, letter.number)
        except Refused as error:
            report.alarm("reply_not_acknowledged", error)

    def sweep(self, live: tuple[Epoch, ...]) -> int:
        """Deletes what nothing can open any more. Raises `StoreError`."""
        with self.store.group() as group:
            swept = self.rows.sweep(group, live)
            self.keys.sweep(group, self.clock())
        self.board.look()
        return swept

    async def run(self) -> None:
        """What the clock brings, once a second, for ever."""
        ticks = 0
        while True:
            await asyncio.sleep(TICK_SECONDS)
            ticks += 1
            try:
                await asyncio.to_thread(self.tick, counting=ticks % COUNT_TICKS == 0)
            except (StoreError, KeyRingError) as error:
                report.alarm("desk_tick_failed", error)
            except Exception as error:  # noqa: BLE001 - nobody's fault may stop the clock
                report.alarm("desk_tick_broken", error)

    def tick(self, *, counting: bool = False) -> None:
        """One round. Raises `StoreError` or `KeyRingError`.

        Every process says of its own lines that they are there; what is due to chats, one does.
        """
        self.shifts.look()
        for staff in self.shifts.tick():
            self.desk.hand_over_all(staff)
        if self.leads():
            self.desk.tick(self.clock())
        else:
            self.board.look()
        if counting and self.leads():
            self.counts.tick()

    def settle(self) -> None:
        """After a group of turns: who listens hears what changed. Never raises for the store."""
        with contextlib.suppress(StoreError):
            self.board.look()

    def __repr__(self) -> str:
        return "Human()"

"""Lets a person hear what changed in their chat: a poke where messages are brought to them, a sign
to the page that waits where they come for it.

It decides nothing. What is told, and whether anything is, the turn finds out. It keeps nobody: an
address is there for as long as a poke takes.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from typing import Final

from bot import report
from bot.carrying import Carrying
from bot.channels.contract import Address, Incoming, Outgoing, Poked, Unavailable
from bot.handoff.model import Address as Reached
from bot.handoff.model import Changed, Chat
from bot.handoff.typed import Side
from bot.human import PUSHED, Human
from bot.replicas import DESK, OUTBOX, WRITES, Replicas
from bot.storage.bell import LOST

Wake = Callable[[bytes], None]
"""Told the person part of an address, in the event loop."""
AGAIN_SECONDS: Final = 5.0
MOST_TRIES: Final = 12
"""A poke that finds no place is tried again for a minute; the clock of the desk pokes later too."""


class News:
    """Listens to the board, from whichever thread it tells, and passes on in the event loop."""

    def __init__(
        self,
        human: Human | None,
        take: Callable[[Incoming], Awaitable[Outgoing | None]],
        carrying: Carrying,
        replicas: Replicas,
    ) -> None:
        """`take` is a turn; `carrying` is told when an operator's reply waits in the outbox."""
        self._human, self._take = human, take
        self._carrying, self._replicas = carrying, replicas
        self._stop_hearing: Callable[[], None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._poking: set[asyncio.Task[None]] = set()
        self.wakes: dict[str, Wake] = {}
        self.signs: dict[str, Wake] = {}
        """Told that an operator is writing to them."""

    def start(self) -> None:
        """From now on."""
        self._loop = asyncio.get_running_loop()
        self._stop_hearing = self._replicas.listen(self._from_another)
        if self._human is not None:
            self._human.board.listeners.append(self._heard)
            self._human.board.wrote = partial(self._replicas.ring, DESK)
            self._human.typed.listen(self._written)
            self._human.typed.told = self._tell_others

    async def stop(self) -> None:
        """No more."""
        self._loop = None
        if self._stop_hearing is not None:
            self._stop_hearing()
        if self._human is not None:
            with suppress(ValueError):
                self._human.board.listeners.remove(self._heard)
        for poking in tuple(self._poking):
            poking.cancel()
            with suppress(asyncio.CancelledError):
                await poking

    def _heard(self, change: Changed) -> None:
        chat = change.now or change.was
        if chat is None or self._loop is None:
            return
        with suppress(RuntimeError):  # the loop is closed: nobody is there to hear
            self._loop.call_soon_threadsafe(self._pass_on, chat, change)

    def typing(self, person: Address) -> None:
        """The person is writing: whoever has their chat may see it. Nothing is opened or kept."""
        if self._human is None:
            return
        chat = self._human.board.talk_with(Reached(person.channel, person.bot, person.person))
        if chat is not None:
            self._human.typed.tell(chat.id, "person")

    def _written(self, chat_id: bytes, by: Side) -> None:
        """An operator is writing. They find out by a line that fades, or by their messenger."""
        chat = self._human.board.get(chat_id) if self._human and by == "staff" else None
        sign = self.signs.get(chat.address.channel) if chat else None
        if chat is None or sign is None or self._loop is None:
            return
        with suppress(RuntimeError):  # as above
            self._loop.call_soon_threadsafe(sign, chat.address.person)

    def _pass_on(self, chat: Chat, change: Changed) -> None:
        if chat.kind not in PUSHED:
            wake = self.wakes.get(chat.address.channel)
            if wake is not None:
                wake(chat.address.person)
        elif change.news and self._replicas.carries():
            poking = asyncio.create_task(self._poke(chat))
            self._poking.add(poking)
            poking.add_done_callback(self._poking.discard)
        if change.kind == "replied" or (change.was and chat.number_out > change.was.number_out):
            self._carrying.wake()

    def _tell_others(self, chat_id: bytes, by: Side) -> None:
        self._replicas.ring(WRITES, by[:1].encode() + chat_id)

    def _from_another(self, kind: str, id_: bytes) -> None:
        """In a thread of the bell: nothing may be waited for."""
        if kind == WRITES:
            if self._human is not None:
                self._human.typed.hear(id_[1:], "staff" if id_[:1] == b"s" else "person")
        elif self._loop is not None:
            with suppress(RuntimeError):  # as above
                self._loop.call_soon_threadsafe(self._look, kind)

    def _look(self, kind: str) -> None:
        if kind in {OUTBOX, LOST}:
            self._carrying.wake()
        if kind in {DESK, LOST} and self._human is not None:
            looking = asyncio.create_task(asyncio.to_thread(self._human.settle))
            self._poking.add(looking)
            looking.add_done_callback(self._poking.discard)

    async def _poke(self, chat: Chat) -> None:
        to = chat.address
        poke = Incoming(Address(to.channel, to.bot, to.person), Poked(), push=True)
        for _ in range(MOST_TRIES):
            try:
                await self._take(poke)
                return
            except Unavailable:
                await asyncio.sleep(AGAIN_SECONDS)
            except Exception as error:  # noqa: BLE001 - one poke must not end the others
                report.alarm("poke_failed", error)
                return

"""Takes waiting replies out of the outbox and hands them to whoever sends them.

    row waits  →  opened and worded  →  taken out, durably  →  handed to `deliver`

It decides the order and that nothing is sent twice: a row is taken out in a commit of its own
before its reply leaves, so after a crash a row that is still there was surely never sent. A crash
between the two loses that reply and no more; the person presses again. It must not keep words or
addresses, and never logs them.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime

import msgspec

from bot import report
from bot.channels.contract import Address, Block, Line, Outgoing
from bot.outbox import Passed, Post, unpack_letter
from bot.sealing import Context, open_for_person
from bot.storage import Group, Posted, Store, StoreError, tables
from bot.tasks import Wording
from bot.vault import Epoch, KeyRingError, Unopenable, Vault

OUTBOX = "outbox"
AT_ONCE = 64
"""Replies that are taken out together: what a crash may lose, at most."""
LOOK_AGAIN_SECONDS = 5.0
"""How long the pump rests when the store or the key ring fails it."""

Deliver = Callable[[Address, Outgoing], Awaitable[None]]
"""Sends one reply. It tries again by itself for as long as that is of use: it is asked once."""


class Pump:
    """Sends what waits. `Address.secret` is empty here: no channel with one may use the outbox."""

    def __init__(
        self,
        store: Store,
        vault: Vault,
        wording: Wording,
        clock: Callable[[], float],
        deliver: Deliver,
        *,
        look: Callable[[], None] = lambda: None,
        passed: Callable[[Group, Passed], None] = lambda _, __: None,
    ) -> None:
        """`clock`: seconds since 1970. `look` sees whether a listing was stopped. `passed` hears,
        in the same transaction, of what an operator wrote and is taken out to be sent.
        """
        self._store, self._vault, self._wording, self._clock = store, vault, wording, clock
        self._deliver, self._look, self._passed = deliver, look, passed
        self._wake = asyncio.Event()

    def wake(self) -> None:
        """Say that a reply waits. Call it from the event loop, after the turn is saved."""
        self._wake.set()

    async def run(self) -> None:
        """Send for ever, what waits from before first. Cancel it to stop; nothing is sent twice."""
        while True:
            self._wake.clear()
            try:
                while await self.send_waiting():
                    pass
            except (StoreError, KeyRingError) as error:
                report.alarm("outbox_stuck", error)
                await asyncio.sleep(LOOK_AGAIN_SECONDS)
                continue
            await self._wake.wait()

    async def send_waiting(self) -> int:
        """Take out the oldest rows and send their replies; gives how many rows there were.

        Raises `StoreError` or `KeyRingError` when they could not be taken out; then none was sent.
        """
        # Shielded: once a row is taken out its reply must be sent, also when the pump is stopped.
        sending = asyncio.ensure_future(self._send_some())
        try:
            return await asyncio.shield(sending)
        except asyncio.CancelledError:
            with suppress(StoreError, KeyRingError):
                await sending
            raise

    async def _send_some(self) -> int:
        taken, letters = await asyncio.to_thread(self._take_out)
        by_person: dict[Address, list[Post]] = {}
        for letter in letters:
            by_person.setdefault(letter.address, []).append(letter)
        await asyncio.gather(*(self._send(one) for one in by_person.values()))
        return taken

    def _take_out(self) -> tuple[int, list[Post]]:
        """The oldest rows, gone from the store when this returns, and those of them that open."""
        self._look()
        with self._store.group() as group:
            rows = [Posted(*row) for row in group.ask(tables.PENDING, (-1, AT_ONCE, 0))]
            letters = [letter for row in rows if (letter := self._opened(row)) is not None]
            group.save(sent=[row.id for row in rows])
            for letter in letters:
                if isinstance(letter, Passed):
                    self._passed(group, letter)
        return len(rows), letters

    def _opened(self, row: Posted) -> Post | None:
        try:
            place = (OUTBOX, row.alias, Epoch(row.epoch), row.sequence)
            return unpack_letter(self._vault.open(*place, b"", row.sealed))
        except (Unopenable, msgspec.DecodeError) as error:
            # Its key is destroyed, or it was tampered with: nobody can be told whose it was.
            report.alarm("letter_unopenable", error)
            return None

    async def _send(self, letters: Sequence[Post]) -> None:
        """One person's replies, in their order."""
        for letter in letters:
            try:
                await self._deliver(letter.address, self._word(letter))
            except Exception as error:  # noqa: BLE001 - one person's fault must not stop the others'
                report.alarm("letter_not_sent", error)

    def _word(self, letter: Post) -> Outgoing:
        """In words as late as this, so that a listing that is suspended by now is not served."""
        if isinstance(letter, Passed):
            return _opened(letter)
        at = datetime.fromtimestamp(self._clock(), UTC)
        said = letter.session.said
        return self._wording.word(letter.session, said, at, forgotten=letter.forgotten)


def _opened(letter: Passed) -> Outgoing:
    """What an operator wrote, under the name that the person knows them by."""
    context = Context(letter.chat, "out", letter.number)
    text = open_for_person(context, letter.sealed, letter.suite, letter.door)
    lines = (Line("title", letter.who), Line("text", text))
    # No buttons: those of the last screen are still good.
    return Outgoing(letter.language, "ltr", (Block("say", lines),))

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
from bot.channels.contract import Address, Outgoing
from bot.outbox import Letter, unpack_letter
from bot.storage import Posted, Store, StoreError, tables
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
    ) -> None:
        """`clock`: seconds since 1970. `look` sees whether a listing was stopped."""
        self._store, self._vault, self._wording, self._clock = store, vault, wording, clock
        self._deliver, self._look = deliver, look
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
        by_person: dict[Address, list[Letter]] = {}
        for letter in letters:
            by_person.setdefault(letter.address, []).append(letter)
        await asyncio.gather(*(self._send(one) for one in by_person.values()))
        return taken

    def _take_out(self) -> tuple[int, list[Letter]]:
        """The oldest rows, gone from the store when this returns, and those of them that open."""
        self._look()
        with self._store.group() as group:
            rows = [Posted(*row) for row in group.ask(tables.PENDING, (-1, AT_ONCE, 0))]
            letters = [letter for row in rows if (letter := self._opened(row)) is not None]
            group.save(sent=[row.id for row in rows])
        return len(rows), letters

    def _opened(self, row: Posted) -> Letter | None:
        try:
            place = (OUTBOX, row.alias, Epoch(row.epoch), row.sequence)
            return unpack_letter(self._vault.open(*place, b"", row.sealed))
        except (Unopenable, msgspec.DecodeError) as error:
            # Its key is destroyed, or it was tampered with: nobody can be told whose it was.
            report.alarm("letter_unopenable", error)
            return None

    async def _send(self, letters: Sequence[Letter]) -> None:
        """One person's replies, in their order."""
        for letter in letters:
            try:
                await self._deliver(letter.address, self._word(letter))
            except Exception as error:  # noqa: BLE001 - one person's fault must not stop the others'
                report.alarm("letter_not_sent", error)

    def _word(self, letter: Letter) -> Outgoing:
        """In words as late as this, so that a listing that is suspended by now is not served."""
        at = datetime.fromtimestamp(self._clock(), UTC)
        said = letter.session.said
        return self._wording.word(letter.session, said, at, forgotten=letter.forgotten)

"""Takes waiting replies out of the outbox and hands them to whoever sends them.

    row waits  →  may leave now  →  opened and worded  →  taken out, durably  →  handed to `deliver`

It decides the order and that nothing is sent twice: a row is taken out in a commit of its own
before its reply leaves, so after a crash a row that is still there was surely never sent. A crash
between the two loses that reply and no more; the person presses again. So a row is taken out as
late as can be: when its channel would send it at once, and one at a time a person. Who cried for
help is answered before the rest (`foremost`). It must not keep words or addresses, and never logs
them. Of many replicas one sends: the order of two replies would be nobody's otherwise.
"""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from itertools import chain, islice

import msgspec

from bot import report
from bot.channels.contract import Address, Block, Line, Outgoing
from bot.dialogue.session import unpack
from bot.foremost import Foremost
from bot.outbox import Letter, Passed, Post, unpack_letter
from bot.persons import SESSION
from bot.sealing import Context, open_for_person
from bot.storage import Group, Posted, Store, StoreError, tables
from bot.tasks import Wording
from bot.vault import Epoch, KeyRingError, Unopenable, Vault

OUTBOX = "outbox"
AT_ONCE = 8
"""Replies that are under way together, each to another person: what a crash may lose, at most."""
PAGE = 64
MOST_LOOKED_AT = 1_024
MOST_PASSED_OVER = 64
"""Rows, and people, that are looked at for somebody whose turn it is."""
LOOK_AGAIN_SECONDS = 1.0
"""How long the pump rests when the store or the key ring fails it."""
MOST_STILL_SECONDS = 3.0
"""Between taking a reply out and sending it. A process that stood still for longer may find that
another one carries and has sent the person's next reply: then this one would come out of its order.
"""
POLL_SECONDS = 1.0
"""How often it looks by itself: for what another replica left, and said so in vain."""

NEVER = math.inf
"""So long waits a reply that nobody here can send."""

Deliver = Callable[[Address, Outgoing], Awaitable[None]]
"""Sends one reply. It tries again by itself for as long as that is of use: it is asked once."""
Ready = Callable[[Address], float]
"""Seconds until a reply to that person could leave, or to anybody where there is none; 0: now,
`NEVER`: not from here.
"""


class Pump:
    """Sends what waits. `Address.secret` is empty here: no channel with one may use the outbox."""

    def __init__(  # noqa: PLR0913  # what it takes from, words with, sends by, and who else hears
        self,
        store: Store,
        vault: Vault,
        wording: Wording,
        clock: Callable[[], float],
        deliver: Deliver,
        *,
        look: Callable[[], None] = lambda: None,
        passed: Callable[[Group, Passed], None] = lambda _, __: None,
        mine: Callable[[], bool] = lambda: True,
        ready: Ready = lambda _: 0.0,
        at_once: int = AT_ONCE,
    ) -> None:
        """`clock`: seconds since 1970. `look` sees whether a listing was stopped. `passed` hears,
        in the same transaction, of what an operator wrote and is taken out to be sent. `mine`:
        whether it is this replica that sends. `at_once`: how many rows are taken out in one
        commit; with `ready`, one, since each that leaves makes the next one wait.
        """
        self._store, self._vault, self._wording, self._clock = store, vault, wording, clock
        self._deliver, self._look, self._passed = deliver, look, passed
        self._mine, self._ready, self._at_once = mine, ready, at_once
        self._foremost = Foremost(self._is_urgent)
        self._wake = asyncio.Event()
        self._sending: dict[Address, asyncio.Task[None]] = {}
        self._held: frozenset[bytes] = frozenset()
        """Aliases of those to whom something is under way."""
        self._soonest = POLL_SECONDS

    def wake(self) -> None:
        """Say that a reply waits. Call it from the event loop, after the turn is saved."""
        self._wake.set()

    async def run(self) -> None:
        """Send for ever, what waits from before first. Cancel it to stop; nothing is sent twice."""
        try:
            while True:
                self._wake.clear()
                try:
                    while await self._begin():
                        pass
                except (StoreError, KeyRingError) as error:
                    report.alarm("outbox_stuck", error)
                    await asyncio.sleep(LOOK_AGAIN_SECONDS)
                    continue
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._soonest):
                        await self._wake.wait()
        finally:
            await self._sent()

    async def send_waiting(self) -> int:
        """Send all that waits now; gives how many rows there were.

        Raises `StoreError` or `KeyRingError` when they could not be taken out; then none was sent.
        """
        begun = 0
        while some := await self._begin():
            begun += some
            await self._sent()
        return begun

    async def _sent(self) -> None:
        """What is under way is sent, also when the pump is stopped."""
        while self._sending:
            await asyncio.wait(list(self._sending.values()))

    async def _begin(self) -> int:
        """Take out what may leave now, and begin to send it; gives how many rows there were."""
        if len(self._sending) >= AT_ONCE:
            return 0
        # Shielded: once a row is taken out its reply must be sent, also when the pump is stopped.
        busy, since = (frozenset(self._sending), self._held), time.monotonic()
        taking = asyncio.ensure_future(asyncio.to_thread(self._take_out, *busy))
        try:
            taken, letters = await asyncio.shield(taking)
        except asyncio.CancelledError:
            with suppress(StoreError, KeyRingError):
                self._hand_over((await taking)[1], since)
            raise
        self._hand_over(letters, since)
        await asyncio.sleep(0)  # the first call of each leaves, and takes its place in the pace
        return taken

    def _hand_over(self, letters: Sequence[tuple[bytes, Post]], since: float) -> None:
        for alias, letter in letters:
            to = letter.address
            sending = asyncio.create_task(self._send(alias, letter, since))
            self._sending[to] = sending
            self._held |= {alias}
            sending.add_done_callback(partial(self._is_sent, alias, to))

    def _is_sent(self, alias: bytes, to: Address, _: "asyncio.Task[None]") -> None:
        self._sending.pop(to, None)
        self._held -= {alias}
        self._wake.set()

    def _take_out(
        self, busy: frozenset[Address], held: frozenset[bytes]
    ) -> tuple[int, list[tuple[bytes, Post]]]:
        """Rows that are gone from the store when this returns, and those of them that open: the
        oldest of each person, of as many as may leave now.
        """
        self._soonest = POLL_SECONDS
        if not self._mine():
            return 0, []
        self._look()
        with self._store.group() as group:
            rows, letters = self._chosen(group, set(busy), set(held))
            if rows:
                group.save(sent=rows)
            for _, letter in letters:
                if isinstance(letter, Passed):
                    self._passed(group, letter)
        return len(rows), letters

    def _chosen(
        self, group: Group, to: set[Address], passed_over: set[bytes]
    ) -> tuple[list[int], list[tuple[bytes, Post]]]:
        room = min(self._at_once, AT_ONCE - len(to))
        rows: list[int] = []
        letters: list[tuple[bytes, Post]] = []
        self._foremost.look(group)
        first = ((True, row) for row in self._foremost.rows(group))
        others = ((False, row) for row in islice(_rows(group), MOST_LOOKED_AT))
        for foremost, row in chain(first, others):
            if row.alias in passed_over:
                continue
            letter = self._opened(row)
            if letter is None:
                rows.append(row.id)
                continue
            passed_over.add(row.alias)
            # At midnight somebody has two aliases; their order is still one.
            if letter.address not in to and self._may_leave(letter):
                rows.append(row.id)
                letters.append((row.alias, letter))
            elif not foremost and not self._leaves_now(replace(letter.address, person=b"")):
                break  # nobody's may leave: opening those of all others would be for nothing
            to.add(letter.address)
            if len(letters) == room or len(passed_over) >= MOST_PASSED_OVER:
                break
        return rows, letters

    def _may_leave(self, letter: Post) -> bool:
        if isinstance(letter, Letter) and letter.forgotten:
            # The safety exit waits for nobody, but for somebody who can bring it.
            return self._ready(letter.address) < NEVER
        return self._leaves_now(letter.address)

    def _leaves_now(self, address: Address) -> bool:
        wait = self._ready(address)
        if wait > 0:
            self._soonest = min(self._soonest, wait)
        return wait <= 0

    def _is_urgent(self, row: Posted) -> bool:
        try:
            letter = self._read(row)
        except (Unopenable, msgspec.DecodeError):
            return False  # it is told of when its turn comes
        return isinstance(letter, Letter) and (letter.urgent or letter.forgotten)

    def _opened(self, row: Posted) -> Post | None:
        try:
            return self._read(row)
        except (Unopenable, msgspec.DecodeError) as error:
            # Its key is destroyed, or it was tampered with: nobody can be told whose it was.
            report.alarm("letter_unopenable", error)
            return None

    def _read(self, row: Posted) -> Post:
        place = (OUTBOX, row.alias, Epoch(row.epoch), row.sequence)
        letter = unpack_letter(self._vault.open(*place, b"", row.sealed))
        if letter.place not in {0, row.id}:
            raise Unopenable  # somebody put it before or behind another
        return letter

    async def _send(self, alias: bytes, letter: Post, since: float) -> None:
        try:
            stood_still = time.monotonic() - since > MOST_STILL_SECONDS
            if stood_still and await asyncio.to_thread(self._is_outdated, alias, letter):
                report.note("letter_outdated")
                return
            await self._deliver(letter.address, self._word(letter))
        except Exception as error:  # noqa: BLE001 - one person's fault must not stop the others'
            report.alarm("letter_not_sent", error)

    def _is_outdated(self, alias: bytes, letter: Post) -> bool:
        """Whether the person has a newer answer, or left. What an operator wrote never is, nor an
        answer to a cry for help: late is better than never.
        """
        if isinstance(letter, Passed) or letter.forgotten or letter.urgent:
            return False
        with suppress(StoreError, KeyRingError, Unopenable, msgspec.DecodeError):
            with self._store.group(reads=True) as group:
                row = group.load([alias]).get(alias)
            if row is None:
                return True
            place = (SESSION, alias, Epoch(row.epoch), row.sequence)
            now = unpack(self._vault.open(*place, b"", row.sealed))
            return now.turn > letter.session.turn
        return False

    def _word(self, letter: Post) -> Outgoing:
        """In words as late as this, so that a listing that is suspended by now is not served."""
        if isinstance(letter, Passed):
            return _opened(letter)
        at = datetime.fromtimestamp(self._clock(), UTC)
        said = letter.session.said
        return self._wording.word(letter.session, said, at, forgotten=letter.forgotten)


def _rows(group: Group) -> Iterator[Posted]:
    after: int | None = -1
    while after is not None:
        page = [Posted(*row) for row in group.ask(tables.PENDING, (after, PAGE, 0))]
        yield from page
        after = page[-1].id if len(page) == PAGE else None


def _opened(letter: Passed) -> Outgoing:
    """What an operator wrote, under the name that the person knows them by."""
    context = Context(letter.chat, "out", letter.number)
    text = open_for_person(context, letter.sealed, letter.suite, letter.door)
    lines = (Line("title", letter.who), Line("text", text))
    # No buttons: those of the last screen are still good.
    return Outgoing(letter.language, "ltr", (Block("say", lines),))

"""The ring of a replica: the keys that a service gave, held for as long as it says so.

It decides nothing about days. It asks every two seconds; when no service answers it goes on for ten
minutes with what it has, by a clock that nobody can set, and then holds nothing.
"""

import secrets
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from bot import report
from bot.keys import wire
from bot.keys.clock import since_boot
from bot.keys.line import Line, Refused, Unreached, lines_of
from bot.keys.memory import Arena
from bot.keys.wrapping import Asking, Unwrappable
from bot.vault.errors import KeyRingError, NoKey
from bot.vault.keyring import Epoch

POLL: Final = 2.0
PATIENCE: Final = 10.0
ALONE: Final = 600.0
"""Seconds that a replica goes on without any service."""


class RemoteRing:
    """Keys by day, from the first service that answers. Any thread may ask."""

    def __init__(
        self, where: str, identity: Path | None = None, patience: float = PATIENCE
    ) -> None:
        """Asks at once, for as long as it has patience: services may start at the same time.

        Raises `KeyRingError` when none gives keys.
        """
        self._lines = list(lines_of(where, identity))
        self._arena = Arena()
        self._keys: dict[Epoch, memoryview] = {}
        self._until: dict[Epoch, float] = {}
        self._lineage = b""
        self._today = Epoch(-1)
        self._heard = 0.0
        self._dropped: list[Epoch] = []
        self._lock, self._asking = threading.RLock(), threading.Lock()
        self._stop = threading.Event()
        self._begin(patience)
        self._thread = threading.Thread(target=self._poll, name="keys", daemon=True)
        self._thread.start()

    def today(self) -> Epoch:
        """The epoch to seal under now. Raises `KeyRingError`."""
        return self.live()[0]

    def live(self) -> tuple[Epoch, ...]:
        """The epochs that can be opened now, today first. Raises `KeyRingError`."""
        with self._lock:
            self._let_go()
            if self._today not in self._keys:
                mend = "It goes on by itself when a key service answers: ./quietline keys status"
                raise Unreached(Path(self._lines[0].where), "no key service answers", mend)
            return tuple(sorted(self._keys, reverse=True))

    def pepper(self, epoch: Epoch) -> bytes:
        """The 32 bytes that names of that day are made with. Not to be kept. Raises `NoKey`."""
        return self._half(epoch, slice(0, 32))

    def key(self, epoch: Epoch) -> bytes:
        """The 32 bytes that that day is sealed with. Not to be kept. Raises `NoKey`."""
        return self._half(epoch, slice(32, 64))

    def destroy_expired(self) -> tuple[Epoch, ...]:
        """What was dropped here since this was last asked: the service destroys."""
        with self._lock:
            self._let_go()
            dropped, self._dropped = tuple(sorted(self._dropped)), []
            return dropped

    def destroy_all(self) -> None:
        """Has every service destroy every key. Raises `KeyRingError` when one did not answer."""
        order = wire.Order(secrets.token_bytes(16))
        failed = None
        for line in self._lines:
            try:
                line.ask("/destroy", order, wire.Destroyed)
            except KeyRingError as error:
                failed = error
        with self._lock:
            self._forget(tuple(self._keys))
            self._lineage = b""
        if failed is not None:
            raise failed

    def refresh(self) -> None:
        """Asks anew, at once; the service that answered last is asked first.

        Raises `KeyRingError` when none gives keys; what is held is held on for ten minutes.
        """
        with self._asking:
            failed: KeyRingError | None = None
            for line in tuple(self._lines):
                try:
                    self._ask(line)
                except KeyRingError as error:
                    failed = failed or error
                    continue
                self._lines.remove(line)
                self._lines.insert(0, line)
                return
            raise failed or KeyRingError(Path(), "no service is named", "Set key_service.")

    def close(self) -> None:
        """Forgets every key here."""
        self._stop.set()
        self._thread.join(2 * POLL + 5)
        with self._lock:
            self._forget(tuple(self._keys))
        for line in self._lines:
            line.close()

    def _begin(self, patience: float) -> None:
        until = time.monotonic() + patience
        while True:
            try:
                self.refresh()
                return
            except KeyRingError:
                if time.monotonic() >= until:
                    for line in self._lines:
                        line.close()
                    raise
                time.sleep(0.2)

    def _ask(self, line: Line) -> None:
        asking = Asking()
        with self._lock:
            ask = wire.Ask(asking.public, self._lineage, tuple(self._keys))
        found = line.ask("/ring", ask, wire.Days)
        with self._lock:
            if self._lineage in found.ended:
                self._forget(tuple(self._keys))
            if found.today < 0:
                mend = "It waits for the other one. If that is lost: ./quietline keys serve --alone"
                raise Refused(Path(line.where), wire.Refusal("waiting", mend))
            if found.lineage != self._lineage:
                self._forget(tuple(self._keys))
            elif found.today < self._today:
                raise Refused(Path(line.where), wire.Refusal("behind"))
            slots = [self._arena.take() for _ in found.epochs]
            try:
                asking.open(found.public, found.sealed, slots)
            except Unwrappable:
                self._give_back(slots)
                raise Unreached(Path(line.where), "its answer does not open", "") from None
            self._lineage, self._today = found.lineage, Epoch(found.today)
            for epoch, slot in zip(map(Epoch, found.epochs), slots, strict=True):
                self._forget([epoch] if epoch in self._keys else [])
                self._keys[epoch] = slot
            self._heard = since_boot()
            self._forget([epoch for epoch in self._keys if epoch not in found.left])
            self._until = {Epoch(one): self._heard + left for one, left in found.left.items()}

    def _half(self, epoch: Epoch, half: slice) -> bytes:
        with self._lock:
            if epoch not in self.live():
                raise NoKey
            return bytes(self._keys[epoch][half])

    def _let_go(self) -> None:
        """Drops what is due, and all when no service was heard for too long."""
        now = since_boot()
        if now - self._heard > ALONE:
            self._forget(tuple(self._keys))
        self._forget([epoch for epoch in self._keys if self._until.get(epoch, 0.0) <= now])

    def _forget(self, epochs: Sequence[Epoch]) -> None:
        self._give_back([self._keys.pop(epoch) for epoch in epochs])
        self._dropped = [*self._dropped, *epochs][-64:]

    def _give_back(self, slots: Sequence[memoryview]) -> None:
        for slot in slots:
            self._arena.give_back(slot)

    def _poll(self) -> None:
        answered = True
        while not self._stop.wait(POLL):
            try:
                self.refresh()
                answered = True
            except KeyRingError as error:
                if answered:
                    report.alarm("key_service_silent", error)
                answered = False
                with self._lock:
                    self._let_go()
            except Exception as error:  # noqa: BLE001 - the thread must go on: no keys, no service
                report.alarm("key_poll_failed", error)
                time.sleep(POLL)

    def __repr__(self) -> str:
        return "RemoteRing()"

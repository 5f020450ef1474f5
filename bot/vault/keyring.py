"""The key ring: which days have a key, which of them still live, and when a key is destroyed.

It decides by the clock it is given and by nothing else. It seals nothing and names nobody, and it
never makes a key for a day whose key was destroyed because its time had run out.

A key of epoch D lives from the first turn of day D until the start of D plus the keep time. So
nothing stays readable for longer than the keep time after a person's last turn, and what was said
late in the day for up to 24 hours less. Destroying early is the safe side; late breaks a promise.
"""

import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NewType, Self

from bot.vault import files
from bot.vault.errors import ClockWentBack, NoKey

Epoch = NewType("Epoch", int)
"""Days since 1970-01-01, in UTC."""

Clock = Callable[[], float]
"""Seconds since 1970-01-01 UTC, as `time.time`."""

DAY = 86_400
LEAST_KEEP_HOURS = 24
"""With less, today's key would be destroyed on its own day."""
SMALL_CORRECTION = 3_600
"""Seconds that a clock may be set back over midnight: the later day's key then stays in use."""


class _Pair:
    """Pepper and key of one epoch, in buffers that can be wiped. They have no repr."""

    __slots__ = ("key", "pepper")

    def __init__(self, both: bytearray) -> None:
        half = files.SIZE // 2
        self.pepper, self.key = both[:half], both[half:]
        both[:] = bytes(len(both))

    def wipe(self) -> None:
        self.pepper[:] = bytes(len(self.pepper))
        self.key[:] = bytes(len(self.key))

    def __repr__(self) -> str:
        return "_Pair()"


class KeyRing:
    """Keys by day, in a directory of their own. Any thread may ask."""

    def __init__(self, path: Path, clock: Clock, keep_hours: int) -> None:
        """Use `KeyRing.open`: it checks the directory before anything is read."""
        self._path = path
        self._clock = clock
        self._keep = keep_hours * 3_600
        self._pairs: dict[Epoch, _Pair] = {}
        self._live: tuple[Epoch, ...] = ()
        self._from = self._until = 0.0
        """Between these moments `_live` is right, so that the common case costs one comparison."""
        self._lock = threading.RLock()

    @classmethod
    def open(
        cls,
        path: Path | str,
        clock: Clock = time.time,
        keep_hours: int = 72,
        create: bool = True,  # noqa: FBT001, FBT002 - reads well at the call as a keyword
    ) -> Self:
        """The ring in that directory, made with mode 0700 when it is missing and `create` is true.

        Makes today's key. Raises `KeyRingError` when the directory or a key is not safe to use, and
        `ValueError` for a keep time under 24 hours.
        """
        if keep_hours < LEAST_KEEP_HOURS:
            raise ValueError(f"keys are kept for at least {LEAST_KEEP_HOURS} hours")
        ring = cls(Path(path), clock, keep_hours)
        if create:
            files.make_directory(ring._path)
        ring._look()
        return ring

    def today(self) -> Epoch:
        """The epoch to seal under now; its key is made when missing. Raises `KeyRingError`."""
        return self.live()[0]

    def live(self) -> tuple[Epoch, ...]:
        """The epochs that can be opened now, today first. Raises `KeyRingError`."""
        if not self._from <= self._clock() < self._until:
            self._look()
        return self._live

    def pepper(self, epoch: Epoch) -> bytes:
        """The 32 bytes that names of that day are made with. Not to be kept. Raises `NoKey`."""
        # A copy, made while nothing is destroyed: another thread's wiping must never turn the key
        # of a turn under way into zeros that anyone knows.
        with self._lock:
            return bytes(self._pair(epoch).pepper)

    def key(self, epoch: Epoch) -> bytes:
        """The 32 bytes that that day is sealed with. Not to be kept. Raises `NoKey`."""
        with self._lock:
            return bytes(self._pair(epoch).key)

    def refresh(self) -> None:
        """Nothing to learn: every process goes by the same clock and the same folder."""

    def destroy_expired(self) -> tuple[Epoch, ...]:
        """Destroys every key whose time has run out; gives their epochs, oldest first, for the log.

        A machine that was off for a week and a clock that was set forward by a week look the same;
        both destroy, and the answer says so. Raises `KeyRingError` when a file resists: its key is
        gone from memory all the same, and the next call tries the file again.
        """
        with self._lock:
            files.check_directory(self._path)
            now = self._clock()
            there = {Epoch(epoch) for epoch in files.epochs(self._path)} | self._pairs.keys()
            due = sorted(epoch for epoch in there if self._deadline(epoch) <= now)
            if due:
                files.write_mark(self._path, max(due[-1], files.read_mark(self._path)))
            self._destroy(due)
            return tuple(due)

    def destroy_all(self) -> None:
        """Destroys every key: all that was sealed is closed for good. Asked again, it makes one.

        Rows that were sealed before stay behind unreadable: sweep them with no live epoch.
        """
        with self._lock:
            files.check_directory(self._path)
            self._destroy({Epoch(epoch) for epoch in files.epochs(self._path)} | self._pairs.keys())

    def close(self) -> None:
        """Forgets what is held in memory; the files stay. Asked again, it reads them again."""
        with self._lock:
            self._from = self._until = 0.0
            while self._pairs:
                self._pairs.popitem()[1].wipe()

    def _destroy(self, epochs: Iterable[Epoch]) -> None:
        self._from = self._until = 0.0
        epochs = list(epochs)
        for epoch in epochs:
            pair = self._pairs.pop(epoch, None)
            if pair is not None:
                pair.wipe()
        for epoch in epochs:
            files.destroy_key(self._path, epoch)
        files.clear_leftovers(self._path)

    def _pair(self, epoch: Epoch) -> _Pair:
        if epoch not in self.live():
            raise NoKey
        return self._pairs[epoch]

    def _deadline(self, epoch: Epoch) -> int:
        return epoch * DAY + self._keep

    def _look(self) -> None:
        """Brings `_live` up to the clock, with today's key made."""
        with self._lock:
            files.check_directory(self._path)
            now = self._clock()
            day = Epoch(int(now // DAY))
            there = [Epoch(epoch) for epoch in files.epochs(self._path)]
            alive = {epoch for epoch in there if self._deadline(epoch) > now}
            today = Epoch(max(day, files.read_mark(self._path) + 1, *alive, day))
            if today * DAY - now > SMALL_CORRECTION:
                raise self._behind()
            for epoch in alive - self._pairs.keys():
                self._pairs[epoch] = _Pair(files.read_key(self._path, epoch))
            if today not in alive:
                self._pairs[today] = _Pair(files.make_key(self._path, today))
            live = sorted(alive | {today}, reverse=True)
            self._live = tuple(live)
            self._from = max(day * DAY, today * DAY - SMALL_CORRECTION)
            self._until = min((day + 1) * DAY, self._deadline(live[-1]))

    def _behind(self) -> ClockWentBack:
        return ClockWentBack(
            self._path,
            "it has been used at a later time than the clock shows now",
            "Set the clock right and it goes on by itself. If the clock is right now and was wrong "
            "before, remove the directory: every conversation then starts anew.",
        )

    def __repr__(self) -> str:
        return "KeyRing()"

"""What a key service that is started anew begins with: its keys in a folder that is in memory.

It decides what is written there and when it counts. The folder is a key ring as one machine has
it, with the key of tomorrow in `ahead` and how the days stood in `days`. It must never be on a
disk, and it goes with the machine. Key bytes pass through buffers that are wiped.
"""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import msgspec

from bot import report
from bot.keys.clock import SteadyClock
from bot.keys.days import Days, Stand, print_of
from bot.vault import files
from bot.vault.errors import KeyDamaged, KeyRingError, RingUnsafe

_DAYS: Final = "days"
_AHEAD: Final = "ahead"
_MOST: Final = 8_192


class _Told(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """How the days and the clock stood."""

    stand: Stand
    at: float
    since: float
    boot: str

    def __repr__(self) -> str:
        return "_Told()"


class State:
    """One folder of a service. Not for several."""

    def __init__(self, folder: Path) -> None:
        """Makes it (0700) when it is missing. Raises `KeyRingError`, also for one on a disk."""
        folder = folder.absolute()
        if not files.in_memory(folder):
            mend = "Name a folder in memory: --state /run/quietline-keys"
            raise RingUnsafe(folder, "it is on a disk, where no key may ever be", mend)
        self._main, self._ahead = folder, folder / _AHEAD
        files.make_directory(self._main)
        files.make_directory(self._ahead)
        self._kept: dict[Path, dict[int, bytes]] = {self._main: {}, self._ahead: {}}
        self._stand: Stand | None = None

    def resume(self, days: Days, clock: SteadyClock) -> None:
        """Gives those days what was kept, and that clock what it knew in this run of the machine.

        A key ring of one machine is taken as it is. Raises `KeyRingError`.
        """
        told = self._read()
        for folder in self._kept:
            files.clear_leftovers(folder)
            for epoch in files.epochs(folder):
                with _wiped(files.read_key(folder, epoch)) as both:
                    days.take(epoch, both)
                    self._kept[folder][epoch] = print_of(both)
        over = files.read_mark(self._main)
        days.resume(None if told is None else told.stand, max(self._kept[self._main], default=-1))
        days.over = max(days.over, over)
        if told is not None and told.boot == files.boot():
            clock.resume(told.at, told.since)

    def keep(self, days: Days, clock: SteadyClock, *, anew: bool = False) -> None:
        """Brings the folder up to those days: what is gone there is destroyed here.

        `anew`: also when only the clock was set. Raises `KeyRingError`.
        """
        stand = days.stand()
        if stand == self._stand and not anew:
            return
        now = {epoch: print_ for epoch, print_ in stand.prints.items() if epoch <= stand.opened}
        ahead = {epoch: print_ for epoch, print_ in stand.prints.items() if epoch > stand.opened}
        for folder, wanted in ((self._main, now), (self._ahead, ahead)):
            kept = self._kept[folder]
            for epoch in [one for one, print_ in kept.items() if wanted.get(one) != print_]:
                files.destroy_key(folder, epoch)
                del kept[epoch]
            for epoch in wanted.keys() - kept.keys():
                files.put_key(folder, epoch, days.slots([epoch])[0])
                kept[epoch] = wanted[epoch]
        if stand.over >= 0 and (self._stand is None or self._stand.over != stand.over):
            files.write_mark(self._main, stand.over)
        at, since = clock.known
        told = _Told(stand, at, since, files.boot())
        files.put(self._main, _DAYS, msgspec.msgpack.encode(told))
        self._stand = stand

    def _read(self) -> _Told | None:
        raw = files.get(self._main, _DAYS, _MOST)
        if raw is None:
            return None
        with contextlib.suppress(msgspec.MsgspecError):
            return msgspec.msgpack.decode(raw, type=_Told)
        file = self._main / _DAYS
        raise KeyDamaged(file, "it does not say how the days stood", f"Remove it: rm {file}")

    def __repr__(self) -> str:
        return "State()"


def keeping(state: State | None, days: Days, clock: SteadyClock) -> Callable[[], None]:
    """What brings the state up to date; when that fails the service goes on, with an alarm."""

    def keep() -> None:
        try:
            if state is not None:
                state.keep(days, clock)
        except KeyRingError as error:
            report.alarm("key_state_not_kept", error)

    return keep


@contextlib.contextmanager
def _wiped(both: bytearray) -> Iterator[bytearray]:
    try:
        yield both
    finally:
        both[:] = bytes(len(both))

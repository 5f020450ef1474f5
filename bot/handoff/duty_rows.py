"""Shifts on the disk: sealed under the day's key, one row for each who works here.

It decides that no row is overwritten that somebody else changed meanwhile. It knows no rules.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

import msgspec

from bot import report
from bot.handoff import office_tables as tables
from bot.handoff.model import Refused
from bot.handoff.shift import Shift
from bot.storage.group import Group
from bot.vault import Epoch, Unopenable, Vault, first_sequence, is_over

TABLE: Final = "duty"


class _Kept(Shift, frozen=True, kw_only=True):
    """A shift as it is sealed: with its version, so that no row passes for a newer one."""

    version: int = 0
    """0 from before there was one."""


class _Version(msgspec.Struct, frozen=True):
    version: int = 0


_decoder = msgspec.msgpack.Decoder(Shift)
_version = msgspec.msgpack.Decoder(_Version)


class Epochs(Protocol):
    """The days whose keys live; see `KeyRing`."""

    def today(self) -> Epoch:
        """The one to seal under."""
        ...


@dataclass(frozen=True, slots=True)
class Held:
    """A shift as it lies there. Version 0: it does not."""

    version: int
    epoch: int
    shift: Shift


class DutyRows:
    """Reads and writes them, within a group."""

    def __init__(self, vault: Vault, epochs: Epochs) -> None:
        self._vault, self._epochs = vault, epochs
        self._told: set[tuple[str, object]] = set()

    def every(self, group: Group) -> dict[str, Held]:
        """All that can be opened. What cannot is of a day whose key is gone: no shift lasts that
        long.
        """
        rows = group.ask(tables.DUTIES, ())
        return {staff: held for staff, *rest in rows if (held := self._open(staff, *rest))}

    def now(self, group: Group, known: Mapping[str, Held]) -> dict[str, Held]:
        """The same in the middle of a turn: nobody is waited for, and what is known is not opened
        again.
        """
        there: dict[str, Held] = {}
        for staff, version, epoch, *rest in group.ask(tables.DUTIES_NOW, ()):
            held = known.get(staff)
            if held is None or (held.version, held.epoch) != (version, epoch):
                held = self._open(staff, version, epoch, *rest)
            if held is not None:
                there[staff] = held
        return there

    def one(self, group: Group, staff: str) -> Held | None:
        """That of one; None when there is none that can be opened."""
        for row in group.ask(tables.LOAD_DUTY, (staff,)):
            return self._open(*row)
        return None

    def save(self, group: Group, was: Held | None, new: Shift) -> Held:
        """Put it there. Raises `Refused("stale")` when somebody else did meanwhile."""
        epoch, version = self._epochs.today(), was.version + 1 if was else 1
        packed = msgspec.msgpack.encode(_Kept(**msgspec.structs.asdict(new), version=version))
        sequence = first_sequence()
        sealed = self._vault.seal(TABLE, new.staff.encode(), epoch, sequence, b"", packed)
        if was:
            values = (version, epoch, sequence, sealed, new.staff, was.version)
            done = group.run(tables.CHANGE_DUTY, [values])
        else:
            # One that nobody can open may lie there.
            group.run(tables.DROP_DUTY, [(new.staff,)])
            done = group.run(tables.MAKE_DUTY, [(new.staff, version, epoch, sequence, sealed)])
        if done != 1:
            raise Refused("stale")
        return Held(version, epoch, new)

    def _open(  # a row of the table
        self, staff: str, version: int, epoch: int, sequence: int, sealed: bytes
    ) -> Held | None:
        try:
            # Whatever somebody put there by hand is no name of staff.
            name = str(staff).encode()
            packed = self._vault.open(TABLE, name, Epoch(epoch), sequence, b"", sealed)
            if _version.decode(packed).version not in {0, version}:
                raise Unopenable
        except Unopenable as error:
            # They are looked at each second, and it is said once.
            today = self._epochs.today()
            if not is_over(epoch, today, today) and (staff, sequence) not in self._told:
                self._told.add((staff, sequence))
                report.alarm("shift_unopenable", error)
            return None
        return Held(version, epoch, _decoder.decode(packed))

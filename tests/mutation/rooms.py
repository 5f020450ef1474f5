"""Which files are tried together, which tests have to notice, and which faults change nothing.

It decides nothing: rooms.yaml and equivalents.yaml do. It says what does not fit in them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml

from tests.mutation.putting import Fault

HERE: Final = Path(__file__).resolve().parent
LEAST: Final = 90
"""Percent of the faults of a room that its tests have to notice."""


@dataclass(frozen=True, slots=True)
class Room:
    """Files, and the tests that have to notice faults in them."""

    name: str
    files: tuple[str, ...]
    """From the root of the checkout."""
    tests: tuple[str, ...]
    """As pytest takes them."""


@dataclass(frozen=True, slots=True)
class Equivalent:
    """A fault that changes nothing that anybody could notice, with the reason."""

    file: str
    line: str
    """The text of the line, without the spaces around it."""
    what: str
    """The fault, as the command calls it."""
    why: str
    inside: str = ""
    """The function that it is meant in; empty: wherever that line stands in the file."""

    def fits(self, fault: Fault) -> bool:
        """Whether that is the one."""
        one = fault.mutant
        same = (self.file, self.line, self.what) == (fault.file, one.text, one.what)
        return same and self.inside in {"", one.inside}


def rooms() -> tuple[Room, ...]:
    """All rooms, in their order."""
    said = yaml.safe_load((HERE / "rooms.yaml").read_text("utf-8"))
    return tuple(Room(name, tuple(one["files"]), tuple(one["tests"])) for name, one in said.items())


def named(names: Sequence[str]) -> tuple[Room, ...]:
    """The rooms of that name, or of single files with their room's tests; all without a name.

    Raises `LookupError` for what is neither.
    """
    every = rooms()
    return tuple(room for name in names for room in _named(name, every)) or every


def _named(name: str, every: Sequence[Room]) -> tuple[Room, ...]:
    if found := [room for room in every if name in {room.name, room.name.partition("/")[0]}]:
        return tuple(found)
    for room in every:
        if name in room.files:
            return (Room(name, (name,), room.tests),)
    known = ", ".join(room.name for room in every)
    raise LookupError(f"{name} is no room and no file of one. The rooms are: {known}.")


def equivalents() -> tuple[Equivalent, ...]:
    """Every fault that is listed as one that changes nothing."""
    said = yaml.safe_load((HERE / "equivalents.yaml").read_text("utf-8")) or []
    return tuple(_read(said))


def _read(said: Sequence[dict[str, object]]) -> Iterator[Equivalent]:
    for group in said:
        faults = group["faults"]
        assert isinstance(faults, dict)
        for line, whats in faults.items():
            for what in whats if isinstance(whats, list) else [whats]:
                where, why = str(group["file"]), str(group["why"])
                yield Equivalent(where, str(line), str(what), why, str(group.get("inside", "")))

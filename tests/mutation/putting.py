"""Puts a fault into the code that runs: into what is loaded, or into a file as it is loaded.

It decides nothing, and never writes to a file.
"""

import gc
import importlib.abc
import importlib.machinery
import importlib.util
import types
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from tests.mutation.mutants import Mutant, changed

ROOT: Final = Path(__file__).resolve().parents[2]


@cache
def text_of(file: str) -> str:
    """What stood in that file when it was first asked for: it may be edited meanwhile."""
    return (ROOT / file).read_text("utf-8")


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault and the file that it is in."""

    file: str
    """From the root of the checkout: `bot/vault/sealing.py`."""
    mutant: Mutant


class Instead(importlib.abc.MetaPathFinder):
    """Finds the one file that has the fault, and gives it with the fault."""

    def __init__(self, fault: Fault) -> None:
        self._path = ROOT / fault.file
        name = ".".join(Path(fault.file).with_suffix("").parts)
        self._name = name.removesuffix(".__init__")
        self._fault = fault

    def find_spec(
        self, fullname: str, path: object, target: object = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self._name:
            return None
        loader = _Faulty(fullname, self._fault)
        return importlib.util.spec_from_file_location(fullname, self._path, loader=loader)


class _Faulty(importlib.machinery.SourceFileLoader):
    def __init__(self, name: str, fault: Fault) -> None:
        super().__init__(name, str(ROOT / fault.file))
        self._fault = fault

    def get_code(self, fullname: str) -> types.CodeType:
        return _compiled(self._fault)


def put_in(fault: Fault) -> None:
    """Puts the fault into every loaded copy of its function. Raises `LookupError` without one."""
    path = ROOT / fault.file
    wanted = fault.mutant.inside
    faulty = {
        (one.co_qualname, one.co_firstlineno): one
        for one in _codes(_compiled(fault))
        if one.co_qualname == wanted
    }
    gc.unfreeze()
    found = [
        one
        for one in gc.get_objects()
        if isinstance(one, types.FunctionType)
        and one.__code__.co_filename == str(path)
        and (one.__code__.co_qualname, one.__code__.co_firstlineno) in faulty
    ]
    if not found:
        raise LookupError(f"{wanted} of {fault.file} is not loaded")
    for one in found:
        one.__code__ = faulty[one.__code__.co_qualname, one.__code__.co_firstlineno]


def _compiled(fault: Fault) -> types.CodeType:
    tree = changed(text_of(fault.file), fault.mutant.number)
    made: types.CodeType = compile(tree, str(ROOT / fault.file), "exec", dont_inherit=True)
    return made


def _codes(code: types.CodeType) -> Iterator[types.CodeType]:
    for one in code.co_consts:
        if isinstance(one, types.CodeType):
            yield one
            yield from _codes(one)

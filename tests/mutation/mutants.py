"""The small faults that are put into a file: one changed comparison, one missing line, one other
number.

It decides which faults there are, in which order, and what each is called. It runs nothing. Left as
they are: docstrings, annotations, decorators, what an error says, and sentences: a test that asks
for their exact words would only say them again.
"""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from tests.mutation.changes import NOT_CALLED, is_nothing, leaves_out, name_of, others

NEVER: Final = frozenset({"__all__", "__slots__"})


@dataclass(frozen=True, slots=True)
class Mutant:
    """One fault in one file."""

    number: int
    """Its place among the faults of that file."""
    line: int
    begins: int
    """The line on which its statement begins."""
    text: str
    """The line as it stands, without the spaces around it."""
    what: str
    """The fault, in a few signs: `< -> <=`."""
    inside: str
    """Name of the function it lies in (`KeyRing.live`), empty outside of functions."""
    waits: range = range(0)
    """The lines of that function, where it is one that waits for others; else none."""


@dataclass(slots=True)
class _Fault:
    line: int
    begins: int
    what: str
    inside: str
    waits: range
    do: Callable[[], None] = field(repr=False)


def mutants(source: str) -> tuple[Mutant, ...]:
    """Every fault that can be put into that source, in its order."""
    lines = source.splitlines()
    return tuple(
        Mutant(
            number=number,
            line=one.line,
            begins=one.begins,
            text=lines[one.line - 1].strip(),
            what=one.what,
            inside=one.inside,
            waits=one.waits,
        )
        for number, one in enumerate(_faults(ast.parse(source)))
    )


def changed(source: str, number: int) -> ast.Module:
    """The source with that one fault in it."""
    tree = ast.parse(source)
    for at, one in enumerate(_faults(tree)):
        if at == number:
            one.do()
            return ast.fix_missing_locations(tree)
    raise IndexError(number)


def _faults(tree: ast.Module) -> Iterator[_Fault]:
    yield from _Reader().block(tree.body)


class _Reader:
    """Walks through a file and knows in which function it is."""

    def __init__(self) -> None:
        self._names: list[str] = []
        self._inside = ""
        self._waits = range(0)
        self._begins = 1

    def block(self, body: list[ast.stmt]) -> Iterator[_Fault]:
        """The faults of these lines."""
        for at, line in enumerate(body):
            self._begins = line.lineno
            if leaves_out(line):
                yield self._fault(line, "left out", _put(body, at, ast.Pass()))
            yield from self._statement(line, body, at)

    def _statement(self, line: ast.stmt, body: list[ast.stmt], at: int) -> Iterator[_Fault]:
        match line:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                yield from self._function(line)
            case ast.ClassDef():
                if not any("Protocol" in ast.unparse(base) for base in line.bases):
                    self._names.append(line.name)
                    yield from self.block(line.body)
                    self._names.pop()
            case ast.Raise() | ast.Import() | ast.ImportFrom() | ast.Assert():
                return
            case ast.Break():
                yield self._fault(line, "break -> continue", _put(body, at, ast.Continue()))
            case ast.Continue():
                yield self._fault(line, "continue -> break", _put(body, at, ast.Break()))
            case ast.Expr(value=ast.Constant()):
                return
            case ast.Assign(targets=[ast.Name(id=name)]) if name in NEVER:
                return
            case ast.AnnAssign():
                if line.value is not None:
                    yield from self._slot(line, "value", line.value)
            case ast.If(test=ast.Name(id="TYPE_CHECKING")):
                return
            case _:
                yield from self._rest(line)

    def _rest(self, line: ast.stmt) -> Iterator[_Fault]:
        if isinstance(line, ast.If | ast.While) and not isinstance(line.test, ast.Constant):
            yield from self._turned(line, line.test)
        if isinstance(line, ast.Return) and not is_nothing(line.value):
            nothing = ast.Constant(None)
            yield self._fault(line, "gives nothing", lambda: setattr(line, "value", nothing))
        yield from self._parts(line)

    def _turned(self, owner: ast.If | ast.While | ast.IfExp, test: ast.expr) -> Iterator[_Fault]:
        """The condition the other way round; a comparison or a `not` is turned where it stands."""
        if not isinstance(test, ast.Compare | ast.UnaryOp | ast.Constant):
            turned = ast.UnaryOp(ast.Not(), test)
            what = "condition turned round"
            yield self._fault(test, what, lambda: setattr(owner, "test", turned))

    def _function(self, line: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[_Fault]:
        arguments = line.args
        for defaults in (arguments.defaults, arguments.kw_defaults):
            for at, one in enumerate(defaults):
                if one is not None:
                    yield from self._value(one, _putter(defaults, at))
        self._names.append(line.name)
        outermost = not self._inside
        if outermost:
            self._inside = ".".join(self._names)
            if isinstance(line, ast.AsyncFunctionDef):
                self._waits = range(line.lineno, (line.end_lineno or line.lineno) + 1)
        yield from self.block(line.body)
        if outermost:
            self._inside, self._waits = "", range(0)
        self._names.pop()

    def _parts(self, node: ast.AST) -> Iterator[_Fault]:
        for name, value in ast.iter_fields(node):
            if name in {"annotation", "returns", "decorator_list", "ctx", "type_comment"}:
                continue
            if isinstance(value, ast.AST):
                yield from self._slot(node, name, value)
            elif isinstance(value, list):
                if value and isinstance(value[0], ast.stmt):
                    yield from self.block(value)
                    continue
                for at, one in enumerate(value):
                    if isinstance(one, ast.AST):
                        yield from self._value(one, _putter(value, at))

    def _slot(self, owner: ast.AST, name: str, value: ast.AST) -> Iterator[_Fault]:
        yield from self._value(value, lambda new: setattr(owner, name, new))

    def _value(self, node: ast.AST, put: Callable[[Any], None]) -> Iterator[_Fault]:
        if isinstance(node, ast.JoinedStr):
            return  # what it says; what stands in it has been reckoned before
        if isinstance(node, ast.Call) and name_of(node.func) in NOT_CALLED:
            return
        for what, new in others(node):
            yield self._fault(node, what, _later(put, new))
        if isinstance(node, ast.IfExp):
            yield from self._turned(node, node.test)
        if isinstance(node, ast.Subscript) and name_of(node.value).istitle():
            return  # a type; the name of a table is all in capitals
        yield from self._parts(node)

    def _fault(self, node: ast.AST, what: str, do: Callable[[], None]) -> _Fault:
        line = getattr(node, "lineno", self._begins)
        return _Fault(line, self._begins, what, self._inside, self._waits, do)


def _put(parts: list[Any], at: int, new: object) -> Callable[[], None]:
    return lambda: parts.__setitem__(at, new)


def _putter(parts: list[Any], at: int) -> Callable[[Any], None]:
    return lambda new: parts.__setitem__(at, new)


def _later(put: Callable[[Any], None], new: object) -> Callable[[], None]:
    return lambda: put(new)

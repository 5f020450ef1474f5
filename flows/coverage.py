"""Which steps, choices and branches of a script the written-down conversations walk.

It watches the table that the dialogue moves on, so it sees what really happened, also of what was
typed and of what is passed through.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from authored import Mistake
from flows.grammar import RETURN, Script, Step, Way
from flows.naming import LANGUAGE
from flows.reader import Library
from flows.table import CHOOSE, EACH, OUTCOME, PASS, PICK, Table

Kind = Literal["step", "choice", "branch"]


class WatchedTable(Table):
    """A table that remembers which ways were taken and which states were come to."""

    def __init__(self, script: Script) -> None:
        super().__init__(script)
        self.visited: set[str] = set()
        self._taken: set[tuple[str, str, int]] = set()

    def way(self, state: str, trigger: str, slots: Mapping[str, str]) -> Way | None:
        """As `Table.way`, and noted."""
        way = super().way(state, trigger, slots)
        if way is not None:
            self._taken.add((state, trigger, id(way)))
            self.visited |= {state, way.to} - {RETURN}
        return way

    def took(self, state: str, trigger: str, way: Way) -> bool:
        """Whether that very way was taken: two branches may lead to the same place."""
        return (state, trigger, id(way)) in self._taken


@dataclass(frozen=True, slots=True)
class Spot:
    """One thing that can be walked, and whether it was."""

    kind: Kind
    walked: bool
    place: Mistake
    """Where it is written, and what it is."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was walked in one language."""

    spots: tuple[Spot, ...]

    @classmethod
    def of(cls, library: Library, table: WatchedTable) -> "Coverage":
        """The coverage that a table has seen."""
        spots: list[Spot] = []
        for step in library.script.steps.values():
            spots += _spots(library, table, step)
        return cls(tuple(spots))

    def count(self, kind: Kind | None = None) -> tuple[int, int]:
        """How many were walked, of how many; of all kinds when none is given."""
        walked = [spot.walked for spot in self.spots if kind in (None, spot.kind)]
        return sum(walked), len(walked)

    def percent(self) -> float:
        """How much of everything was walked, 0 to 100."""
        walked, of = self.count()
        return 100 * walked / of if of else 100.0

    def missed(self) -> tuple[Mistake, ...]:
        """What was not walked, by place."""
        return tuple(sorted(spot.place for spot in self.spots if not spot.walked))


def _spots(library: Library, table: WatchedTable, step: Step) -> Iterator[Spot]:
    inner = step.name.partition("/")[2]

    def spot(kind: Kind, said: str, walked: bool, *path: str | int) -> Spot:  # noqa: FBT001
        place = library.files[step.flow].mistake(("steps", inner, *path), f"{step.name}{said}")
        return Spot(kind, walked, place)

    yield spot("step", "", step.name in table.visited)
    for choice in step.choices:
        walked = table.took(step.name, CHOOSE + choice.key, choice.way)
        yield spot("choice", f" choice {choice.key}", walked, "choices", choice.key)
    # The language question is answered by the engine, off the table.
    if step.ask and (step.ask.slot, step.ask.options) != LANGUAGE:
        yield spot("choice", " ask", table.took(step.name, PICK, step.ask.way), "ask")
    if step.each:
        yield spot("choice", " each", table.took(step.name, EACH, step.each.way), "each")
    ways = step.call.outcomes if step.call else step.outcomes
    for word, way in ways.items():
        walked = table.took(step.name, OUTCOME + word, way)
        yield spot("branch", f" outcome {word}", walked, "outcomes", word)
    for i, when in enumerate(step.when):
        walked = table.took(step.name, PASS, when.way)
        yield spot("branch", f" when {i + 1}", walked, "when", i)
    if step.when and step.go:
        yield spot("branch", " otherwise", table.took(step.name, PASS, step.go), "go")


def coverage_table(coverage: Mapping[str, Coverage], *, missed: bool = True) -> str:
    """A text table, a language a line, and under it what was not walked."""
    lines = [f"{'':10}{'steps':>14}{'choices':>14}{'branches':>14}{'all':>8}"]
    for language, one in coverage.items():
        parts = [_share(*one.count(kind)) for kind in ("step", "choice", "branch")]
        lines.append(f"{language:10}" + "".join(f"{p:>14}" for p in parts) + _percent(one))
    for language, one in coverage.items() if missed else ():
        lines += [f"{place} is never walked ({language})" for place in map(str, one.missed())]
    return "\n".join(lines)


def _share(walked: int, of: int) -> str:
    return f"{walked}/{of}"


def _percent(one: Coverage) -> str:
    return f"{one.percent():>7.1f}%"

"""The matrix as a picture: where each mark stands. What it looks like is the page's.

One cell a place and need, five marks in it, one for each condition in their order. States differ in
shape as well as in colour: full, half, a slash, a dot. Units are those of the picture's own box.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from referral_directory.insight.matrix import CONDITIONS, Condition, Matrix, State

LEFT: Final = 190
"""Room for the names of places."""
TOP: Final = 120
"""Room for the names of needs, set aslant."""
CELL, ROW, MARK, SPACE = 62, 16, 10, 1
_SHAPES: Final[Mapping[State, str]] = {
    "several": "M{x} {y}h10v10h-10z",
    "one": "M{x} {y}h10v10h-10zm1 1v4h8v-4z",
    "stale": "M{x} {y}m0 8l8 -8h2v2l-8 8h-2z",
    "none": "M{x} {y}m4 4h2v2h-2z",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """One condition of one cell: the upper left corner, and what it says."""

    x: int
    y: int
    place: str
    need: str
    condition: Condition
    state: State


@dataclass(frozen=True, slots=True)
class Picture:
    """All marks, with the places of the names beside them."""

    width: int
    height: int
    columns: tuple[tuple[str, int, int], ...]
    """A need, and where its name begins."""
    rows: tuple[tuple[str, int, int], ...]
    """A place, and where its name ends: names stand at the right of their column."""
    marks: tuple[Mark, ...]

    @property
    def paths(self) -> Mapping[State, str]:
        """All marks of a state as one path: a page of them stays small."""
        found: dict[State, list[str]] = {state: [] for state in _SHAPES}
        for mark in self.marks:
            found[mark.state].append(_SHAPES[mark.state].format(x=mark.x, y=mark.y))
        return {state: "".join(shapes) for state, shapes in found.items()}


def shape(state: State) -> str:
    """One mark of a state in the corner of a box of its own, for the legend."""
    return _SHAPES[state].format(x=0, y=0)


def picture(counted: Matrix) -> Picture:
    """The picture of a matrix."""
    marks = tuple(
        Mark(
            LEFT + column * CELL + i * (MARK + SPACE),
            TOP + row * ROW,
            place,
            need,
            condition,
            counted.count(place, need, condition).state,
        )
        for row, place in enumerate(counted.places)
        for column, need in enumerate(counted.needs)
        for i, condition in enumerate(CONDITIONS)
    )
    return Picture(
        width=LEFT + len(counted.needs) * CELL + TOP,
        height=TOP + len(counted.places) * ROW + SPACE,
        columns=tuple(
            (need, LEFT + i * CELL + 16, TOP - 10) for i, need in enumerate(counted.needs)
        ),
        rows=tuple(
            (place, LEFT - 10, TOP + i * ROW + MARK - 1) for i, place in enumerate(counted.places)
        ),
        marks=marks,
    )

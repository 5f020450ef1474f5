"""The matrix as a picture: where each mark stands. What it looks like is the page's.

One cell a place and need, five marks in it, one for each condition in their order. States differ in
shape as well as in colour. Units are those of the picture's own box.
"""

from dataclasses import dataclass
from typing import Final

from referral_directory.insight.matrix import CONDITIONS, Condition, Matrix, State

LEFT: Final = 170
"""Room for the names of places."""
TOP: Final = 96
"""Room for the names of needs, set aslant."""
CELL, ROW, MARK, SPACE = 62, 18, 10, 1


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
        columns=tuple((need, LEFT + i * CELL + 8, TOP - 8) for i, need in enumerate(counted.needs)),
        rows=tuple(
            (place, LEFT - 8, TOP + i * ROW + MARK) for i, place in enumerate(counted.places)
        ),
        marks=marks,
    )

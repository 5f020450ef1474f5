"""How a week becomes something that can be told: noise, then nothing small, then fives.

    told = to_fives(count + noise), and nothing where that is under SHOWN_FROM

It decides how inexact the numbers are. The noise is OpenDP's exact discrete Laplace; noise of
floating point would give counts away by its gaps (Mironov, 2012). Everything after the noise looks
at the noisy number alone, so it tells nothing more.
"""

from collections.abc import Sequence
from typing import Final

from bot.reports.cells import SENSITIVITY

EPSILON: Final = 0.5
"""What a week may tell of one session, over all its cells together: with or without that session,
each possible report is at most e^0.5 = 1.65 times as likely. Weeks add up for whoever comes in
several.
"""
SCALE: Final = SENSITIVITY / EPSILON
FEWEST: Final = 10
"""Fewer are never told."""
ROUND: Final = 5
SHOWN_FROM: Final = max(FEWEST, -(-int(4 * SCALE) // ROUND) * ROUND)
"""What is smaller is not told. Far enough from nothing that a cell with nobody in it is told once
in a hundred weeks: 0.5 * exp(-SHOWN_FROM / SCALE) = 0.7 %.
"""
MARGIN: Final = round(SCALE * 2.302_585) + ROUND
"""A number that is told is off by more than this once in ten times: SCALE * ln 10, and rounding."""


def draw(cells: int) -> list[int]:
    """Noise for so many cells. Takes a second the first time: never within a transaction."""
    # Loaded once a week, by one replica: OpenDP takes as long as the rest of the program.
    from opendp.domains import atom_domain, vector_domain  # noqa: PLC0415
    from opendp.measurements import make_laplace  # noqa: PLC0415
    from opendp.metrics import l1_distance  # noqa: PLC0415
    from opendp.mod import enable_features  # noqa: PLC0415

    enable_features("contrib")
    measure = make_laplace(vector_domain(atom_domain(T=int)), l1_distance(T=int), scale=SCALE)
    spent: float = measure.map(SENSITIVITY)  # type: ignore[no-untyped-call]  # OpenDP has none
    if spent > EPSILON:
        raise ArithmeticError("the noise is not enough for what is promised")
    # The noise is added to whole numbers, so drawing it around zero is drawing it around a count.
    return list(measure([0] * cells))


def told(counts: Sequence[int], noise: Sequence[int]) -> list[int | None]:
    """What may be told of each cell; None where nothing is."""
    return [_told(count + extra) for count, extra in zip(counts, noise, strict=True)]


def _told(noisy: int) -> int | None:
    if noisy < SHOWN_FROM:
        return None
    return (noisy + ROUND // 2) // ROUND * ROUND

"""Listings in the order of one search, and which open line is given beside them.

It takes the numbers as they are; what they are made of is decided in `ranking.py`.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from referral_directory.coverage import Span
from referral_directory.index import Rows
from referral_directory.ranking import FIT, Tiers

Choice = tuple[int, int, Span]
"""The number of a listing, its row and the span it came from."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """Listings in order: the number of each, its row and the span it came from."""

    keys: Tiers
    rows: Rows
    spans: npt.NDArray[np.uint16]
    where: Sequence[Span]
    by_id: Callable[[Rows], npt.NDArray[np.float64]]
    """Puts equals in order, so that it depends on no row."""

    def first(self, count: int | None) -> Iterator[Choice]:
        """The first ones (all when `count` is None), best first, each row once."""
        keys = self.keys
        if count is not None and len(keys) > count:
            most = keys[np.argpartition(keys, count - 1)[:count]].max()
            chosen = np.flatnonzero(keys <= most)
            order = chosen[self._in_order(keys[chosen], self.rows[chosen])][:count]
        else:
            order = self._in_order(keys, self.rows)
        seen: set[int] = set()
        for i in order.tolist():
            row = int(self.rows[i])
            if row not in seen:
                seen.add(row)
                yield int(keys[i]), row, self.where[self.spans[i]]

    def _in_order(self, keys: Tiers, rows: Rows) -> npt.NDArray[np.intp]:
        order = np.argsort(keys, kind="stable")
        ordered = keys[order]
        if (ordered[1:] == ordered[:-1]).any():
            order = np.lexsort((self.by_id(rows), keys))
        return order


def other_line(always: list[Choice], given: set[int]) -> Choice | None:
    """An open line besides what is given; one meant for other people only if no line is given."""
    others = [one for one in always if one[1] not in given]
    fitting = next((one for one in others if not (one[0] >> FIT) & 1), None)
    return fitting or (others[0] if others and len(others) == len(always) else None)

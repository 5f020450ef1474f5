"""What is told of a week hardly depends on whether one person was here."""

import itertools
import math
from collections import Counter
from typing import Any

import numpy as np
import pytest

from bot.reports import noise
from bot.reports.cells import SENSITIVITY

RUNS = 10_000
MOST = 0.6
"""What may be found by looking at so many runs, of an epsilon of 0.5."""


def released(counts: list[int]) -> Any:
    """What would be told in each of the runs, with nothing as 0."""
    drawn = noise.draw(RUNS * len(counts))
    told = noise.told(counts * RUNS, drawn)
    return np.array([one or 0 for one in told], dtype=np.int64).reshape(RUNS, len(counts))


def found(with_: Any, without: Any) -> float:
    """By how much more often something was seen, as an epsilon: at least that, 999 times in 1000
    (both shares are moved by 3.1 of their deviations towards each other).
    """
    p, q = with_.mean(), without.mean()
    least = p - 3.1 * math.sqrt(p * (1 - p) / RUNS)
    most = q + 3.1 * math.sqrt(max(q * (1 - q), 1 / RUNS) / RUNS)
    return math.log(least / most) if least > 0 else 0.0


def test_one_conversation_more_can_hardly_be_told_from_what_is_published() -> None:
    # A session that is in every dimension, in cells that are told, at an edge of the fives.
    here = [103] * SENSITIVITY
    gone = [102] * SENSITIVITY
    more, less = released(here), released(gone)
    tried = 0.0
    for least in range(60, 150, 5):
        tried = max(tried, found((more >= least).all(axis=1), (less >= least).all(axis=1)))
        tried = max(tried, found((less < least).all(axis=1), (more < least).all(axis=1)))
    totals = more.sum(axis=1), less.sum(axis=1)
    for least in range(500, 900, 20):
        tried = max(tried, found(totals[0] >= least, totals[1] >= least))
        tried = max(tried, found(totals[1] < least, totals[0] < least))
    assert tried <= MOST


def test_the_trial_would_notice_noise_that_is_too_little(monkeypatch: pytest.MonkeyPatch) -> None:
    def too_little(cells: int) -> list[int]:
        return [one // 4 for one in noise.__dict__["_honest"](cells)]

    monkeypatch.setitem(noise.__dict__, "_honest", noise.draw)
    monkeypatch.setattr(noise, "draw", too_little)
    with pytest.raises(AssertionError):
        test_one_conversation_more_can_hardly_be_told_from_what_is_published()


def test_what_is_told_is_never_under_ten_and_always_in_fives() -> None:
    counts = list(range(200))
    for shown in noise.told(counts, [0] * len(counts)):
        assert shown is None or (shown >= noise.FEWEST and shown % 5 == 0)
    assert noise.told([9, 10, 59], [0, 0, 0]) == [None, None, None]
    assert noise.told([60, 62, 63], [0, 0, 0]) == [60, 60, 65]
    assert noise.told([5], [60]) == [65]


def test_a_cell_with_nobody_in_it_is_told_about_once_in_140_times() -> None:
    shown = sum(one is not None for one in noise.told([0] * 50_000, noise.draw(50_000)))
    expected = 50_000 * math.exp(-noise.SHOWN_FROM / noise.SCALE) / 2
    assert expected / 2 < shown < expected * 2


def test_nine_times_in_ten_a_number_is_off_by_no_more_than_the_page_says() -> None:
    told = noise.told([500] * 20_000, noise.draw(20_000))
    within = sum(one is not None and abs(one - 500) <= noise.MARGIN for one in told)
    assert within / 20_000 > 0.9


def test_the_noise_is_whole_numbers_around_nothing() -> None:
    drawn = Counter(noise.draw(20_000))
    assert all(isinstance(one, int) for one in drawn)
    assert abs(sum(one * n for one, n in drawn.items()) / 20_000) < 1
    assert all(drawn[one] for one in itertools.chain(range(-15, 16)))

"""What holds for every test. It decides nothing about what is tested."""

import gc
import os

import pytest

from tests.trial import WHOLE


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is marked `whole`, unless everything is asked for: `QUIETLINE_SUITE=1`, or a
    whole run of the trials.
    """
    if WHOLE or os.environ.get("QUIETLINE_SUITE"):
        return
    left_out = [item for item in items if item.get_closest_marker("whole")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def pytest_collection_finish() -> None:
    """Look for waste less often, and never in what all tests share: that stays until the end, and
    looking through it over and over took a sixth of the time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)

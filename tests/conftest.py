"""What holds for every test. It decides nothing about what is tested."""

import gc
import os
import sys

import pytest

from tests.browser import chromium
from tests.trial import WHOLE

__all__ = ["chromium"]

gc.set_threshold(50_000, 20, 50)
# With this jsonschema would judge addresses in other letters, of which our schemas know none; it
# takes a quarter of what it takes to load all tests.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # "there is none"


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


def pytest_runtest_setup() -> None:
    """A command leaves the looking for waste off, as it ends with its process; here it does not."""
    gc.enable()

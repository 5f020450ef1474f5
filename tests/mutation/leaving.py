"""After a test in a process that is forked for each fault: what must not come along.

It decides what is forgotten: all that the tried files keep, and the folder for temporary files.
What others keep stays, so that it is not made once more in each fork.
"""

import functools
import gc
from collections.abc import Collection

import pytest

from tests.mutation.putting import ROOT


def leave_nothing(config: pytest.Config, files: Collection[str]) -> None:
    """Forgets what functions of these files (from the root of the checkout) have kept."""
    # Each fork has temporary folders of its own.
    config._tmp_path_factory._basetemp = None  # type: ignore[attr-defined]  # noqa: SLF001
    gc.unfreeze()
    tried = {str(ROOT / file) for file in files}
    for one in gc.get_objects():
        if isinstance(one, functools._lru_cache_wrapper):  # noqa: SLF001  # it has no other name
            code = getattr(one.__wrapped__, "__code__", None)
            if code is not None and code.co_filename in tried:
                one.cache_clear()

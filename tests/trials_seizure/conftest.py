"""One scene on a file and one on a server, made once for all tests here that only look."""

import contextlib
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.postgres import fresh
from tests.trial import WHOLE
from tests.trials.conftest import temporary
from tests.trials_seizure.scene import Scene

__all__ = ["temporary"]
ROOT = Path(__file__).resolve().parents[2]
BACKENDS = ("sqlite", "postgresql")
SUITE = WHOLE or bool(os.environ.get("QUIETLINE_SUITE"))
"""Whether there is time for what takes several seconds."""


@contextlib.contextmanager
def address_of(backend: str) -> Iterator[str]:
    """An empty database on a server; nothing for a file."""
    if backend == "sqlite":
        yield ""
    else:
        yield from fresh()


@pytest_asyncio.fixture(scope="package", loop_scope="package", params=BACKENDS)
async def scene(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Scene]:
    folder: Path = tmp_path_factory.mktemp("seized")
    with address_of(request.param) as address:
        scene = await Scene.open(folder, address)
        yield await scene.everything()
        await scene.service.stop()

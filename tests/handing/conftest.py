"""A service with a desk, for each test."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.app import Service
from bot.settings import Settings
from bot.vault import SigningKeys


@asynccontextmanager
async def a_service(folder: Path) -> AsyncIterator[Service]:
    """A service that keeps everything in that folder."""
    settings = Settings(data=folder / "data", key_ring=folder / "keys")
    signing = SigningKeys.open(folder / "signing")
    service = Service(settings, demo=True, signing=signing)
    await service.start()
    yield service
    await service.stop()


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    async with a_service(tmp_path) as service:
        yield service

"""A service with a desk, for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.app import Service
from bot.settings import Settings
from bot.vault import SigningKeys


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    settings = Settings(data=tmp_path / "data", key_ring=tmp_path / "keys")
    signing = SigningKeys.open(tmp_path / "signing")
    service = Service(settings, demo=True, signing=signing)
    await service.start()
    yield service
    await service.stop()

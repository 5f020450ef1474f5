"""The whole service with its Telegram channel, against a Bot API server of our own, over HTTP."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.botapi import BotApi
from tests.telegram.running import Running


@pytest.fixture
async def telegram() -> AsyncIterator[BotApi]:
    """Telegram."""
    async with BotApi() as api:
        yield api


@pytest.fixture(params=["polling", "webhook"])
def mode(request: pytest.FixtureRequest) -> str:
    """How updates come."""
    return str(request.param)


@pytest.fixture
async def bot(telegram: BotApi, tmp_path: Path, mode: str) -> AsyncIterator[Running]:
    """The service, running."""
    running = Running(telegram, tmp_path, mode)
    await running.start()
    yield running
    await running.stop()

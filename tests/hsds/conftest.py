"""One API for all tests that only read; who changes something starts one of their own."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import ClientSession

from bot.channels.limits import Limits
from tests.hsds.partners import Partner, an_api, first


class Unlimited(Limits):
    """Who only tries what is answered is never told to wait."""

    def take(self, *_: Any) -> float:
        return 0.0


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Partner]:
    """The API of a dozen listings in a thread of its own."""
    started, over = threading.Event(), threading.Event()
    there: list[Partner] = []

    async def run() -> None:
        async with an_api(tmp_path_factory.mktemp("hsds"), first(12), Unlimited()) as api:
            there.append(api)
            started.set()
            await asyncio.to_thread(over.wait)

    thread = threading.Thread(target=lambda: asyncio.run(run()))
    thread.start()
    assert started.wait(30)
    yield there[0]
    over.set()
    thread.join()


@pytest.fixture
async def reader(running: Partner) -> AsyncIterator[Partner]:
    """A partner who reads from it."""
    async with ClientSession() as session:
        yield replace(running, session=session)

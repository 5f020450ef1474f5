"""A machine that comes up before what it needs: the service waits, and nobody has to look."""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from tests.postgres import Server
from tests.trials.programs import ROOT, environment
from tests.trials_faults.running import serving

AGAIN = "Trying again every 2 seconds."


async def _waits_and_then_answers(
    folder: Path, comes: Callable[[], Awaitable[None]], **settings: str
) -> str:
    """What it said; `comes` brings what was missing."""
    log = folder / "log"

    async def is_asked() -> None:
        async with serving(folder, **settings) as program, aiohttp.ClientSession() as browser:
            async with browser.get(program.url) as page:
                assert page.status == 200
            assert await program.stop() == 0

    asked = asyncio.create_task(is_asked())
    while not log.exists() or AGAIN not in log.read_text("utf-8"):
        assert not asked.done(), log.read_text("utf-8")
        await asyncio.sleep(0.05)
    await comes()
    await asked
    return log.read_text("utf-8")


async def test_a_service_waits_for_its_database(tmp_path: Path) -> None:
    server = Server()
    try:
        said = await _waits_and_then_answers(
            tmp_path, lambda: asyncio.to_thread(server.start), database=server.dsn()
        )
    finally:
        server.close()
    assert said.count(AGAIN) == 1
    assert "the server does not answer" in said
    assert server.dsn() not in said


@pytest.mark.whole
async def test_a_service_waits_for_its_keys(tmp_path: Path) -> None:
    socket = tmp_path / "k.sock"
    async with _keys(socket, tmp_path) as start:
        said = await _waits_and_then_answers(tmp_path, start, key_service=f"unix:{socket}")
    assert said.count(AGAIN) == 1
    assert "answer" in said


async def test_what_a_person_has_to_mend_ends_the_start(tmp_path: Path) -> None:
    with Server() as server, pytest.raises(AssertionError, match="there is no such database"):
        async with serving(tmp_path, database=server.dsn("nowhere")):
            pass
    assert AGAIN not in (tmp_path / "log").read_text("utf-8")


@asynccontextmanager
async def _keys(socket: Path, folder: Path) -> AsyncIterator[Callable[[], Awaitable[None]]]:
    """What starts a key service, which ends with this."""
    started: list[asyncio.subprocess.Process] = []

    async def start() -> None:
        program = (sys.executable, "-P", "-m", "bot", "keys", "serve")
        with (folder / "keys.log").open("ab") as said:
            started.append(
                await asyncio.create_subprocess_exec(
                    *(*program, "--socket", str(socket), "--signing", str(folder / "signing")),
                    stdout=said,
                    stderr=said,
                    cwd=ROOT,
                    env=environment(),
                )
            )

    try:
        yield start
    finally:
        for one in started:
            one.terminate()
            await one.wait()

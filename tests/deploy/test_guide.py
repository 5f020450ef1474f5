"""A newcomer follows docs/deploy.md, and a person talks to what came of it, over TLS.

The quick form is one machine behind the proxy. The rehearsal of two replicas is driven by the very
lines of the guide, with `QUIETLINE_SUITE=1`; ports and the address of the database are put in.
"""

import asyncio
import contextlib
import os
import signal
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.cli.emergency import run_emergency
from tests.channels.html import Page
from tests.deploy.proxy import Answer, Proxy, free_ports, needs_caddy, ready
from tests.deploy.proxy import running as proxy_running
from tests.documents.reading import ROOT, blocks
from tests.postgres import fresh
from tests.trials.programs import PYTHON, environment

(REHEARSAL,) = [
    block.body for block in blocks(ROOT / "docs" / "deploy.md") if "rehearsal" in block.marks
]
TRIES = 600


class Talker:
    """Somebody at the page who sends each answer again until it is taken."""

    def __init__(self, proxy: Proxy, browser: aiohttp.ClientSession) -> None:
        self._proxy, self._browser = proxy, browser
        self.count = 0

    async def goes_on(self, times: int = 3) -> None:
        """Answers, and finds that exactly what was taken counts."""
        for _ in range(times):
            form = {"m": str(self.count), "t": "menu"}
            await self._until(303, "POST", data=form)
            self.count += 1
            await self.finds_all()

    async def finds_all(self) -> None:
        """The page shows that all of it counts."""
        answer = await self._until(200)
        assert {form.fields["m"] for form in Page(answer.text).forms} == {str(self.count)}

    async def finds_help_now(self, pages: Path) -> None:
        """The page that needs none of us."""
        answer = await self._until(503)
        assert answer.text == (pages / "en.html").read_text("utf-8")

    async def _until(self, status: int, method: str = "GET", **options: Any) -> Answer:
        """Asks until it is answered so; the proxy looks every two seconds who is there."""
        for _ in range(TRIES):
            answer = await self._proxy.ask(self._browser, "/", method=method, **options)
            if answer.status == status:
                return answer
            await asyncio.sleep(0.1)
        raise AssertionError(f"{method} was never answered by {status}")


@contextlib.asynccontextmanager
async def serving(folder: Path, port: int) -> AsyncIterator[subprocess.Popen[bytes]]:
    """`quietline serve` as the unit starts it."""
    settings = {
        "QUIETLINE_DATA": str(folder / "data"),
        "QUIETLINE_KEY_RING": str(folder / "keys"),
        "QUIETLINE_WEB_PORT": str(port),
        "QUIETLINE_STAFF_BIND": "off",
        "QUIETLINE_WEB_BEHIND_PROXY": "true",
        "QUIETLINE_COUNTRIES": "ua,intl",
    }
    process = await asyncio.to_thread(
        subprocess.Popen,
        (*PYTHON, "bot", "serve"),
        cwd=ROOT,
        env=environment() | settings,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        await asyncio.to_thread(process.wait)


@needs_caddy
async def test_a_machine_that_dies_leaves_people_with_help_now(
    tmp_path: Path,
) -> None:
    (port,), pages = free_ports(1), tmp_path / "pages"
    await asyncio.to_thread(_write_pages, pages, tmp_path)
    async with (
        proxy_running(tmp_path / "proxy", (port,), (port,), pages, PATIENCE="200ms") as proxy,
        proxy.browser() as browser,
    ):
        person = Talker(proxy, browser)
        async with serving(tmp_path, port):
            await person.goes_on(2)
        await person.finds_help_now(pages)


def _write_pages(pages: Path, folder: Path) -> None:
    settings = folder / "settings.yaml"
    settings.write_text(f"data: {folder / 'data'}\n", "utf-8")
    run_emergency(pages, settings)


@needs_caddy
@pytest.mark.whole
async def test_a_newcomer_rehearses_two_replicas_by_the_lines_of_the_guide(tmp_path: Path) -> None:
    for name in ("quietline", "deploy"):
        (tmp_path / name).symlink_to(ROOT / name)
    ports = dict(zip((8081, 8082, 8091, 8092, 8880, 8443), free_ports(6), strict=True))
    database = contextlib.contextmanager(fresh)()
    lines = REHEARSAL.replace("DATABASE' >", f"{database.__enter__()}' >")
    for written, free in ports.items():
        lines = lines.replace(str(written), str(free))
    with (tmp_path / "said").open("wb") as said:
        shell = await asyncio.to_thread(
            subprocess.Popen,
            ["sh", "-eu", "-c", lines],
            cwd=tmp_path,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
    proxy = Proxy(ports[8443], tmp_path, shell)
    try:
        await ready(proxy)
        async with proxy.browser() as browser:
            person = Talker(proxy, browser)
            await person.goes_on()
            for written in (8081, 8082):
                os.kill(_serving(ports[written]), signal.SIGKILL)
                if written == 8081:
                    await person.finds_all()
                    await person.goes_on()
            await person.finds_help_now(tmp_path / "rehearsal" / "emergency")
    finally:
        os.killpg(shell.pid, signal.SIGKILL)
        await asyncio.to_thread(shell.wait)
        database.__exit__(None, None, None)


def _serving(port: int) -> int:
    """The process that serves there, by what it was started with."""
    wanted = f"QUIETLINE_WEB_PORT={port}".encode()
    for place in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):
            if wanted in place.read_bytes().split(b"\0"):
                return int(place.parent.name)
    raise AssertionError(f"nobody serves on {port}")

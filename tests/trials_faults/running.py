"""The real program as a process of its own, with a bot at a Bot API server of ours, on either
database.
"""

import asyncio
import contextlib
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from bot.channels.telegram_reading import ALLOWED_UPDATES
from bot.channels.telegram_request import Token
from bot.channels.telegram_webhook import path_of, secret_of
from tests.botapi import BotApi
from tests.trials.programs import ROOT, environment

READY_SECONDS = 60


@dataclass(slots=True)
class Serving:
    """`quietline serve` while it runs."""

    process: asyncio.subprocess.Process
    port: int
    log: Path

    @property
    def url(self) -> str:
        """Its page."""
        return f"http://127.0.0.1:{self.port}"

    def says(self) -> str:
        """Its log so far."""
        return self.log.read_text("utf-8")

    async def stop(self) -> int:
        """As a person stops it; gives its exit code."""
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGTERM)
        return await self.process.wait()


@asynccontextmanager
async def serving(folder: Path, **settings: str) -> AsyncIterator[Serving]:
    """The program with these settings over its own, once it says where it listens."""
    known = {
        "data": str(folder / "data"),
        "key_ring": str(folder / "keys"),
        "signing_keys": str(folder / "signing"),
        "staff_bind": "off",
        "web_port": "0",
        "telegram_mode": "off",
        **settings,
    }
    outside = {f"QUIETLINE_{name.upper()}": value for name, value in known.items()}
    log = folder / "log"
    with log.open("ab") as said:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "bot", "serve"),
            stdout=asyncio.subprocess.PIPE,
            stderr=said,
            cwd=ROOT,
            env=environment() | outside,
        )
    program = Serving(process, 0, log)
    try:
        async with asyncio.timeout(READY_SECONDS):
            assert process.stdout
            async for line in process.stdout:
                if line.startswith(b"Open http://"):
                    program.port = int(line.split(b"/")[2].rpartition(b":")[2])
                    break
        assert program.port, program.says()
        yield program
    finally:
        await program.stop()


def bot_of(telegram: BotApi, mode: str = "polling") -> dict[str, str]:
    """The settings by which a program has that bot."""
    return {
        "telegram_mode": mode,
        "telegram_token": telegram.token,
        "telegram_api_base": telegram.base,
    }


def bring_to(telegram: BotApi, program: Serving) -> None:
    """Telegram brings updates to that program from now on."""
    token = Token(telegram.token)
    telegram.webhook.set(
        {
            "url": f"{program.url}{path_of(token)}",
            "secret_token": secret_of(token),
            "max_connections": 100,
        }
    )
    telegram.updates.allowed = list(ALLOWED_UPDATES)


@contextmanager
def seconds_of(found: dict[str, float], name: str) -> Iterator[None]:
    """Put down how long something took."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    yield
    found[name] = round(loop.time() - began, 1)


async def ready(browser: aiohttp.ClientSession, program: Serving) -> bool:
    """Whether it says that it can take a turn."""
    try:
        async with browser.get(f"{program.url}/readyz") as answer:
            return answer.status == 200
    except (aiohttp.ClientError, OSError):
        return False

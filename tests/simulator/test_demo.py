"""`quietline demo` from the front door: both addresses are printed, and the bot answers on both."""

import asyncio
import re
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

from tests.trials.programs import ROOT, environment

PAGE = re.compile(r"Open (http://\S+/) in a browser")
CHAT = re.compile(r"simulated here: (http://\S+/)")
BUTTON = re.compile(r'name="button" value="(\d+\.\d+)" dir="auto">([^<]*)<')


async def test_the_demo_offers_a_page_and_a_chat_and_both_answer(tmp_path: Path) -> None:
    # Twice on the same data: who comes to the second run is not taken for somebody of the first.
    for _ in range(2):
        jar = aiohttp.CookieJar(unsafe=True)
        async with demo(tmp_path) as (page, chat), aiohttp.ClientSession(cookie_jar=jar) as browser:
            async with browser.get(page) as answer:
                assert "<title>Guide</title>" in await answer.text()
            shown = await acted(browser, chat, "start")
            [first, *_] = [place for place, label in BUTTON.findall(shown) if label == "Yes"]
            message = re.findall(r'name="message" value="(\d+)"', shown)[-1]
            shown = await acted(browser, chat, "press", message=message, button=first)
            assert "Medical care" in shown


@asynccontextmanager
async def demo(data: Path) -> AsyncIterator[tuple[str, str]]:
    """Its page and its chat, while the program runs."""
    command = (*("-P", "-m", "bot", "demo", "--port", "0", "--data"), str(data / "demo"))
    process = await asyncio.create_subprocess_exec(
        sys.executable, *command, cwd=ROOT, env=environment(), stdout=PIPE, stderr=DEVNULL
    )
    assert process.stdout is not None
    try:
        said = ""
        while (found := CHAT.search(said)) is None:
            line = await process.stdout.readline()
            assert line, said
            said += line.decode()
        page = PAGE.search(said)
        assert page is not None
        yield page[1], found[1]
    finally:
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0


async def acted(browser: aiohttp.ClientSession, chat: str, act: str, **form: str) -> str:
    """The chat after a person did something and the bot answered."""
    async with browser.get(chat) as answer:
        before = (await answer.text()).count('class="bubble"')
    async with browser.post(f"{chat}{act}", data=form) as answer:
        shown = await answer.text()
    for _ in range(100):
        if shown.count('class="bubble"') > before + (act == "start") and BUTTON.search(shown):
            break
        await asyncio.sleep(0.1)
        async with browser.get(chat) as answer:
            shown = await answer.text()
    return shown

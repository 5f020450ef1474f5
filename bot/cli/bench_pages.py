"""Part of `quietline bench ledger`: the lists of the console over HTTP, however many listings."""

import asyncio
import re
import statistics
import time
from pathlib import Path
from typing import Final

from aiohttp import ClientSession, CookieJar

from bot.app import LOCALES
from bot.channels.web_server import WebRunner
from bot.cli.console import demo_staff
from bot.cli.serve import listen
from bot.console.console import make_console
from bot.console.frame import ConsoleSettings, Office
from bot.ledger.ledger import Ledger
from bot.serving import Serving
from bot.speech import read_speech
from bot.staff import StaffBook
from referral_directory import Directory

PAGES: Final = {
    "list_first_ms": "/listings",
    "list_late_ms": "/listings?page=900",
    "list_words_ms": "/listings?text=legal+17",
    "list_filtered_ms": "/listings?need=legal&area=UA-46&order=due",
    "work_ms": "/due",
}
TIMES: Final = 7


def pages(ledger: Ledger, directory: Directory, serving: Serving, folder: Path) -> dict[str, float]:
    """Milliseconds of each page, the middle of several, asked by one person after another."""
    book = StaffBook.open(folder / "staff.db", bytes(32))
    office = Office(
        book=book,
        ledger=ledger,
        clock=time.time,
        settings=ConsoleSettings(demo=True),
        parts={
            "directory": directory,
            "live": lambda: serving.live,
            "speech": read_speech(LOCALES),
            "demo_staff": demo_staff(book),
        },
    )
    try:
        return asyncio.run(_asked(office))
    finally:
        book.close()


async def _asked(office: Office) -> dict[str, float]:
    runner = WebRunner(make_console(office))
    await runner.setup()
    await listen(runner, "127.0.0.1", 0)
    host, port = runner.addresses[0][:2]
    url = f"http://{host}:{port}"
    try:
        async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as http:
            await _enter(http, url, office)
            return {name: await _middle(http, url + path) for name, path in PAGES.items()}
    finally:
        await runner.cleanup()


async def _enter(http: ClientSession, url: str, office: Office) -> None:
    async with http.get(f"{url}/sign-in") as answer:
        found = re.search(r'name="token" value="(\w+)"', await answer.text())
    form = {"token": found[1] if found else "", "staff": office.parts["demo_staff"][0][0]}
    headers = {"Origin": url, "Sec-Fetch-Site": "same-origin"}
    async with http.post(f"{url}/demo", data=form, headers=headers) as answer:
        answer.raise_for_status()


async def _middle(http: ClientSession, url: str) -> float:
    taken = []
    for _ in range(TIMES):
        began = time.perf_counter()
        async with http.get(url, allow_redirects=False) as answer:
            await answer.read()
        if answer.status != 200:
            raise RuntimeError(f"a page came with {answer.status}")
        taken.append(time.perf_counter() - began)
    return round(statistics.median(taken) * 1e3, 1)

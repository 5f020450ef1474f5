"""One browser and one desk for all of these tests, and people who sit down at it."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from importlib.resources import files
from time import time
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from bot.handoff.model import Chat
from bot.staff import Role
from tests.console_desk.desk import ADesk, a_desk

AXE = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
SHORTLY = "document, {resultTypes: ['violations']}"
"""Looks for everything, and does not write down every place where all is well."""
WIDE = {"width": 1440, "height": 900}
NARROW = {"width": 320, "height": 640}
PATIENCE = 20_000  # milliseconds; nothing takes so long, a busy machine may
expect.set_options(timeout=PATIENCE)


@dataclass(slots=True)
class Room:
    """A desk in a console, and the browser that people sit at it with."""

    browser: Browser
    desk: ADesk
    pages: list[Page] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    """What browsers complained of."""

    async def sits(self, name: str, *roles: Role, **how: Any) -> Page:
        """The desk page of somebody who is signed in."""
        console = self.desk.console
        visitor = await console.someone(name, *(roles or ("operator",)))
        # The locale is that of nobody here: texts that a page shows are English, names are its own.
        context = await self.browser.new_context(**{"viewport": WIDE, "locale": "en-GB", **how})
        (cookie,) = visitor.http.cookie_jar
        await context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": console.url}])
        page = await context.new_page()
        self.pages.append(page)
        page.set_default_timeout(PATIENCE)
        page.on("console", lambda said: self.said.append(f"{name}: {said.text}"))
        page.on("pageerror", lambda error: self.said.append(f"{name}: {error.stack}"))
        await page.goto(f"{console.url}/desk")
        return page

    async def works(self, name: str, *roles: Role, **how: Any) -> Page:
        """The same, with keys made and a shift begun."""
        page = await self.sits(name, *roles, **how)
        await make_keys(page)
        await begin_shift(page, name)
        return page

    async def taken(self, page: Page, *texts: str, **more: Any) -> Chat:
        """Somebody waited, is claimed, and is read; the field has the keyboard."""
        chat = self.desk.asks(*texts, **{"need": "legal", **more})
        await page.locator(f"[data-key-row='waits {chat.id.hex()}']").press("Enter")
        await expect(page.locator(".chat.here .cover").first).to_be_focused()
        for _ in texts:
            await page.keyboard.press("Space")
        await expect(page.locator(".chat.here textarea")).to_be_focused()
        # Who already has a chat of the same name got it with another one.
        return self.desk.now(chat)


async def make_keys(page: Page) -> str:
    """Locked with seven words, which are given."""
    # The first press leads to the proof of who sits here, and back.
    await page.click("text=Lock with seven words")
    await page.wait_for_selector(".phrase li")
    words = await page.locator(".phrase li").all_inner_texts()
    assert len(words) == 7
    await page.click("text=I wrote them down")
    return " ".join(words)


async def begin_shift(page: Page, who: str) -> None:
    """A shift in Ukrainian and English."""
    await page.fill("[name=who]", who)
    await page.check("[name='languages:uk']")
    await page.check("[name='languages:en']")
    await page.click("button:has-text('Begin')")
    await page.wait_for_selector(".bar")


async def ended(page: Page) -> None:
    """The chat that somebody works in is over."""
    await typed(page, "Escape", "w", "Enter")
    await expect(page.locator(".chat")).to_have_count(0)


async def typed(page: Page, *keys: str) -> None:
    """Presses keys, and types what begins with a slash."""
    for key in keys:
        if key.startswith("/"):
            await page.keyboard.type(key)
        else:
            await page.keyboard.press(key)


async def until(true: Callable[[], bool]) -> None:
    """Waits for something that happens at the server."""
    async with asyncio.timeout(PATIENCE / 1000):
        while not true():  # noqa: ASYNC110  # nothing there tells of itself
            await asyncio.sleep(0.02)


async def faults(page: Page) -> list[str]:
    """What axe-core finds wrong, and where."""
    found = await page.evaluate(f"(async () => {{ {AXE}; return await axe.run({SHORTLY}); }})()")
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found["violations"]]


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def room(tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> AsyncIterator[Room]:
    async with a_desk(tmp_path_factory.mktemp("desk")) as desk:
        # A browser has a clock of its own, and looks whether a roster is of today.
        desk.clock.now = time()
        # Browsers give passkeys to names alone.
        desk.console.url = desk.console.url.replace("127.0.0.1", "localhost")
        room = Room(chromium, desk)
        yield room
        for page in room.pages:
            await page.context.close()


@dataclass(slots=True)
class Shift:
    """Who is on duty."""

    room: Room
    oksana: Page
    iryna: Page
    larysa: Page

    def hears(self, chat: Chat) -> list[str]:
        """What the person can read."""
        return self.room.desk.hears(chat)


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def shift(room: Room) -> AsyncIterator[Shift]:
    room.desk.rooms.published()
    who = room.works("Oksana"), room.works("Iryna"), room.works("Larysa", "lead", bypass_csp=True)
    yield Shift(room, *await asyncio.gather(*who))  # axe-core alone needs a policy bypassed
    # A page says here what its policy blocked and what broke.
    assert [one for one in room.said if not re.search(r"ERR_|WebSocket| 40[149]", one)] == []


@pytest_asyncio.fixture(autouse=True, loop_scope="session")
async def nothing_is_open(shift: Shift) -> AsyncIterator[None]:
    """Every test begins with an empty desk."""
    yield
    rows = shift.room.desk.handoff.chats.rows
    shift.room.desk.turn(lambda group: rows.remove(group, rows.ids(group)))
    for page in shift.room.pages:
        await page.context.set_offline(False)
        for _ in range(await page.locator("dialog[open]").count()):
            await typed(page, "Escape")
        await expect(page.locator(".chat:not(:has-text('Put away'))")).to_have_count(0)
        for _ in range(await page.locator(".chat").count()):
            await page.get_by_text("Put away").first.click()
        await expect(page.locator(".chat")).to_have_count(0)

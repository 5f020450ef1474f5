"""One browser and one desk for each file of tests; people who sit down at it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from bot.staff import Role
from tests.console_desk_ui.small_desk import Person, SmallDesk
from tests.console_frame.visitors import Console, a_console, an_office
CHROMIUM = "/usr/bin/chromium"
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run")
def need_chromium(): ...  # TEMP

AXE = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
WIDE = {"width": 1440, "height": 900}
NARROW = {"width": 320, "height": 640}


@dataclass(slots=True)
class Room:
    """A desk in a console, and the browser that people sit at it with."""

    browser: Browser
    console: Console
    desk: SmallDesk
    contexts: list[BrowserContext] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    """What browsers complained of."""

    async def sits(self, name: str, *roles: Role, **how: Any) -> Page:
        """The desk page of somebody who is signed in."""
        visitor = await self.console.someone(name, *(roles or ("operator",)))
        context = await self.browser.new_context(**{"viewport": WIDE, "locale": "en-GB", **how})
        self.contexts.append(context)
        (cookie,) = visitor.http.cookie_jar
        await context.add_cookies(
            [{"name": cookie.key, "value": cookie.value, "url": self.console.url}]
        )
        page = await context.new_page()
        page.set_default_timeout(5000)
        page.on("console", lambda said: self.said.append(f"{name}: {said.text}"))
        page.on("pageerror", lambda error: self.said.append(f"{name}: {error.stack}"))
        await page.goto(f"{self.console.url}/desk")
        return page

    async def works(self, name: str, *roles: Role, **how: Any) -> Page:
        """The same, with keys made and a shift begun."""
        page = await self.sits(name, *roles, **how)
        await make_keys(page)
        await begin_shift(page, name)
        return page


async def make_keys(page: Page) -> str:
    """Locked with seven words, which are given."""
    await page.click("text=Lock with seven words")
    await page.wait_for_url("**/desk")
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


async def faults(page: Page) -> list[str]:
    """What axe-core finds wrong, and where."""
    found = await page.evaluate(f"(async () => {{ {AXE}; return await axe.run(document); }})()")
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found["violations"]]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def room(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Room]:
    need_chromium()
    folder: Path = tmp_path_factory.mktemp("desk")
    desk = SmallDesk(folder / "signing")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        async with a_console(an_office(folder / "data"), routes=desk.routes()) as console:
            # Browsers give passkeys to names alone.
            console.url = console.url.replace("127.0.0.1", "localhost")
            room = Room(browser, console, desk)
            yield room
            for context in room.contexts:
                await context.close()
        await browser.close()


async def typed(page: Page, *keys: str) -> None:
    """Presses keys, and types what is longer than a name of a key."""
    for key in keys:
        if key.startswith("/"):
            await page.keyboard.type(key)
        else:
            await page.keyboard.press(key)


async def taken(room: Room, page: Page, name: str, text: str, **more: Any) -> Person:
    """Somebody who waits, is claimed, and whose first message is read; the field has the keyboard."""
    person = room.desk.person(name, text, **more)
    await room.desk.show()
    await page.locator(f"[data-key-row='waits {person.id.hex()}']").press("Enter")
    await expect(page.locator(".chat.here .cover")).to_be_focused()
    await page.keyboard.press("Space")
    await expect(page.locator(".chat.here textarea")).to_be_focused()
    return person


async def ended(page: Page) -> None:
    """The chat that somebody works in is over."""
    await typed(page, "Escape", "w")
    await typed(page, "Enter")
    await expect(page.locator(".chat")).to_have_count(0)

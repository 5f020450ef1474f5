"""Whether everybody can read and use a chat: axe-core, narrow screens, both directions, leaving."""

import asyncio

import pytest
from playwright.async_api import Page, expect

from tests.web.conftest import picture
from tests.web.test_reading import faults, fits
from tests.web_chat.conftest import Site, Visit, until
from tests.web_chat.desk import Desk, swapped
from tests.web_chat.test_sealed import sealed, write

pytestmark = pytest.mark.asyncio(loop_scope="session")
LONG = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenverordnung" * 3


async def good(page: Page, name: str) -> None:
    await picture(page, f"chat-{name}")
    assert await faults(page) == [], name
    await fits(page)


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("ar", "dark")])
async def test_a_chat_is_open_to_everybody(
    site: Site, visit: Visit, language: str, scheme: str
) -> None:
    desk = site.desk
    desk.language = language
    wishes = {"locale": language, "color_scheme": scheme, "bypass_csp": True}
    async with visit(**wishes) as page:
        await expect(page.locator("#seal details")).to_be_visible()
        await good(page, f"{language}-waiting")
        desk.claim(desk.maple)
        await sealed(page)
        await write(page, LONG)
        await until(lambda: desk.said)
        desk.write(f"{LONG} تمام")
        await page.locator("summary").click()
        await expect(page.locator(".them")).to_be_visible()
        await good(page, f"{language}-talking")
        mine, theirs = [await page.locator(one).bounding_box() for one in (".me", ".them")]
        assert mine is not None
        assert theirs is not None
        set_in = mine["x"] > theirs["x"]
        assert set_in == (language == "en"), "set in from where the line begins"
        desk.forge = lambda told: swapped(told, chat=bytes(16))
        desk.changed()
        await expect(page.locator("#trouble input")).to_have_count(2)
        await good(page, f"{language}-broken")
        await page.locator("#trouble input").last.click()
        await expect(page.locator("#trouble")).to_have_count(0)
        desk.forge = lambda told: told
        desk.write(LONG)
        await expect(page.locator(".them")).to_be_visible()
        await good(page, f"{language}-door")


async def by_keys(page: Page, desk: Desk) -> None:
    for _ in range(3):
        await page.keyboard.press("Escape")


async def by_link(page: Page, desk: Desk) -> None:
    await page.locator("a.exit").last.click()


async def gone(page: Page) -> None:
    """The answer that takes the cookie away may come a moment after the other page is there."""
    for _ in range(100):
        if not await page.context.cookies():
            break
        await asyncio.sleep(0.05)
    assert await page.context.cookies() == []


@pytest.mark.parametrize("leave", [by_keys, by_link])
async def test_the_quick_exit_works_in_the_middle_of_a_chat(
    site: Site, visit: Visit, leave: object
) -> None:
    desk = site.desk
    desk.claim(desk.maple)
    async with visit() as page:
        await sealed(page)
        await write(page, "sent")
        await until(lambda: desk.said)
        await page.locator("#write").fill("half a word")
        await leave(page, desk)  # type: ignore[operator]
        await page.wait_for_url("about:blank")
        await until(lambda: desk.left)
        await gone(page)
        await page.go_back()
        assert not page.url.startswith(site.url), "another visit took the place of this one"


async def test_a_chat_is_held_by_keyboard_alone(site: Site, visit: Visit) -> None:
    desk = site.desk
    desk.claim(desk.maple)
    async with visit() as page:
        await sealed(page)
        reached = []
        for _ in range(8):
            await page.keyboard.press("Tab")
            reached.append(await page.evaluate("document.activeElement.tagName"))
            if reached[-1] == "TEXTAREA":
                break
        assert reached == ["A", "SUMMARY", "TEXTAREA"]
        await page.keyboard.type("by keyboard")
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await until(lambda: desk.said)
        assert desk.maple.read(desk.said[0]) == "by keyboard"
        desk.write("and answered")
        status = page.get_by_role("status")
        await expect(status).to_have_text("Maple: and answered")
        assert await status.get_attribute("id") == "told"

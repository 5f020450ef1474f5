"""The same chat without JavaScript: the server seals at its door, and the page says so."""

import pytest
from playwright.async_api import Page, expect

from tests.web_chat.conftest import Site, Visit, until

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def send(page: Page, words: str) -> None:
    await page.locator("#write").fill(words)
    async with page.expect_navigation():
        await page.locator("[data-person] [type=submit]").click()


async def test_both_sides_stand_in_order_and_what_is_new_comes_by_itself(
    site: Site, visit: Visit
) -> None:
    desk = site.desk
    desk.claim(desk.maple)
    async with visit(java_script_enabled=False) as page:
        await expect(page.locator(".door")).to_contain_text("Our server seals it")
        await expect(page.locator(".still, #seal")).to_have_count(0)
        await send(page, "one <b>&amp;</b>\nmore")
        desk.write("two")
        await send(page, "three")
        await expect(page.locator(".lines .by")).to_have_text(["You", "Maple", "You"])
        await expect(page.locator(".lines .said")).to_have_text(
            ["one <b>&amp;</b>\nmore", "two", "three"], use_inner_text=True
        )
        assert await page.locator(".lines b").count() == 0
        box = await page.locator("#newest").bounding_box()
        assert box is not None
        assert 0 <= box["y"] < 640, "what was said last is on the screen"
        exits = page.locator("a.exit")
        assert [await one.is_visible() for one in await exits.all()] == [True, True]
        assert len(desk.heard) == 2
        frame = page.frame_locator("iframe")
        await until(lambda: desk.live)
        await expect(frame.locator("body")).to_have_class("newest")
        desk.write("four")
        await expect(frame.locator(".said")).to_have_text("four")
        desk.changed(news=False)
        desk.write("five")
        await expect(frame.locator(".said")).to_have_text(["four", "five"])
        first, second = [await one.bounding_box() for one in await frame.locator(".said").all()]
        assert first is not None
        assert second is not None
        assert second["y"] < first["y"], "the newest is where one looks"
        assert await frame.locator("body > div").count() == 2, "what stands there is not said again"
        async with page.expect_navigation():
            await frame.get_by_role("link", name="Show what is new").first.click()
        await expect(page.locator(".lines .said")).to_have_count(5)
        async with page.expect_navigation():
            await page.get_by_role("button", name="Help now").click()
        await expect(page.get_by_role("main")).to_contain_text("These answer now: 112")


async def test_a_chat_that_the_page_sealed_shows_nothing_here_and_can_go_on_at_the_door(
    site: Site, visit: Visit
) -> None:
    desk = site.desk
    desk.claim(desk.maple)
    async with visit(java_script_enabled=False) as page:
        desk.mode = "device"
        await page.reload()
        await expect(page.locator(".still")).to_contain_text("sealed by the page itself")
        await send(page, "not like this")
        await expect(page.get_by_role("main")).to_contain_text("Nothing was taken.")
        assert desk.lines == []
        async with page.expect_navigation():
            await page.get_by_role("button", name="Go on without the seal").click()
        assert desk.mode == "door"
        await send(page, "now it is read")
        await expect(page.locator(".lines .said")).to_have_text("now it is read")


async def test_a_browser_that_can_make_no_keys_talks_through_the_door_and_is_told_so(
    site: Site, visit: Visit
) -> None:
    desk = site.desk
    desk.claim(desk.maple)
    async with visit(before="delete Object.getPrototypeOf(crypto).subtle") as page:
        assert await page.evaluate("crypto.subtle === undefined")
        await page.locator("#write").fill("first")
        await page.get_by_role("button", name="Send").click()
        await expect(page.locator(".me .said")).to_have_text("first")
        await expect(page.locator(".door")).to_be_visible()
        await expect(page.locator("#write")).to_have_value("")
        desk.write("and it comes by itself")
        await expect(page.locator(".them .said")).to_have_text("and it comes by itself")
        assert desk.mode == "door"

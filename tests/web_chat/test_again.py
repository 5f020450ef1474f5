"""Who had the chat is gone, or is writing: what the page does about it, in a real browser."""

import pytest
from playwright.async_api import expect

from tests.web_chat.conftest import Site, Visit, until
from tests.web_chat.desk import in_clear
from tests.web_chat.test_sealed import sealed, write

pytestmark = pytest.mark.asyncio(loop_scope="session")
FADES = """
    const late = setTimeout;
    setTimeout = (act, ms, ...more) =>
        ms === 6000 ? ((window.fade = act), 0) : late(act, ms, ...more);
"""
"""So that the line goes when the test says, and not by the clock."""
QUIET = "document.getElementById('typing').closest('[role], [aria-live]') === null"


async def test_what_nobody_read_is_sealed_again_for_who_comes_next(
    site: Site, visit: Visit
) -> None:
    desk = site.desk
    desk.claim(desk.maple)
    async with visit() as page:
        await sealed(page)
        await write(page, "one")
        state = page.locator(".me .fine").last
        await expect(state).to_have_text("Sent")
        desk.has_read()
        await expect(state).to_have_text("Read by \u2068Maple\u2069")
        for text in ("two", "three"):
            await write(page, text)
        await until(lambda: len(desk.said) == 3)
        was = list(desk.said)
        desk.claim(desk.birch)
        await until(lambda: not desk.lost)
        assert desk.said[0] is was[0], "it was read"
        assert [desk.birch.read(one) for one in desk.said[1:]] == ["two", "three"]
        for one in desk.said[1:]:
            assert list(one.wraps) == [desk.birch.prekey.public.id.hex()]
        await sealed(page, "Birch")
        await expect(state).to_have_text("Sent")
        desk.has_read()
        await expect(state).to_have_text("Read by \u2068Birch\u2069")
        desk.claim(desk.maple)
        await sealed(page)
        await expect(state).to_have_text("Read by \u2068Birch\u2069")
        desk.reader = "Somebody"
        await write(page, "four")
        await until(lambda: len(desk.said) == 4)
        desk.read = 4
        desk.write("told with it")
        await expect(page.locator(".them .said")).to_be_visible()
        await expect(state).to_have_text("Sent")
        await expect(page.locator(".me .said")).to_have_text(["one", "two", "three", "four"])
        assert in_clear(desk) == ""


async def test_each_side_sees_that_the_other_writes_and_nobody_hears_it_read_out(
    site: Site, visit: Visit
) -> None:
    desk = site.desk
    async with visit(before=FADES) as page:
        await expect(page.locator("#seal")).to_contain_text("people on duty")
        await page.locator("#write").press_sequentially("to nobody yet")
        desk.claim(desk.maple)
        await sealed(page)
        assert desk.typed == 0
        await page.locator("#write").press_sequentially("now to somebody")
        await until(lambda: desk.typed)
        assert desk.typed == 1, "one sign in three seconds"
        line = page.locator("#typing")
        await expect(line).to_have_text("")
        for goes in ("window.fade()", ""):
            desk.writes()
            await expect(line).to_have_text("\u2068Maple\u2069 is writing")
            assert await page.evaluate(QUIET)
            await expect(page.locator("#told")).not_to_contain_text("writing")
            if goes:
                await page.evaluate(goes)
            else:
                desk.write("what was written")
            await expect(line).to_have_text("")
        await expect(page.locator(".them .said")).to_have_text("what was written")
        await expect(page.locator("#write")).to_have_value("to nobody yetnow to somebody")

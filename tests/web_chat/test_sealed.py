"""A person and an operator talk through a page that seals by itself, in a real browser."""

import pytest
from playwright.async_api import Page, expect

from bot.sealing import fingerprint
from tests.web_chat.conftest import Site, Visit, until
from tests.web_chat.desk import in_clear

pytestmark = pytest.mark.asyncio(loop_scope="session")
NO_X25519 = """
    const generate = SubtleCrypto.prototype.generateKey;
    SubtleCrypto.prototype.generateKey = function (how, ...more) {
        if (how?.name === "X25519") return Promise.reject(new DOMException("no such curve"));
        return generate.call(this, how, ...more);
    };
"""
QUICK = "const late = setTimeout; setTimeout = (act, ms, ...more) => late(act, ms / 20, ...more);"
"""So that a page tries again sooner than it does for people."""
WORDS = "Yes — про це 🕊️ <b>تمام</b>\nsecond line"


async def write(page: Page, words: str) -> None:
    await page.locator("#write").fill(words)
    await page.locator("[data-person] [type=submit]").click()


async def sealed(page: Page, who: str = "Maple") -> None:
    await expect(page.locator("#seal")).to_contain_text(f"Only you and \u2068{who}\u2069")


@pytest.mark.parametrize("before", ["", NO_X25519], ids=["X25519", "P-256"])
async def test_both_read_what_the_other_wrote_and_the_server_reads_nothing(
    site: Site, visit: Visit, before: str
) -> None:
    desk = site.desk
    async with visit(before=before) as page:
        await expect(page.locator("#seal")).to_contain_text("people on duty")
        assert desk.suite == (2 if before else 1)
        await write(page, WORDS)
        await expect(page.locator(".me .said")).to_have_text(WORDS, use_inner_text=True)
        await expect(page.locator(".me .fine")).to_have_text("Sent")
        assert [desk.maple.read(one) for one in desk.said] == [WORDS]
        assert [desk.birch.read(one) for one in desk.said] == [WORDS]
        desk.claim(desk.maple)
        await sealed(page)
        await expect(page.locator("#talk")).to_have_text("\u2068Maple\u2069 answers you here")
        await expect(page.get_by_role("main")).to_contain_text("Maple is here.")
        desk.write(WORDS)
        await expect(page.locator(".them .said")).to_have_text(WORDS, use_inner_text=True)
        await expect(page.locator("#told")).to_contain_text("Maple: Yes")
        await until(lambda: desk.acked == 1)
        await write(page, "only for Maple")
        await until(lambda: len(desk.said) == 2)
        assert list(desk.said[1].wraps) == [desk.maple.prekey.public.id.hex()]
        desk.has_read()
        await expect(page.locator(".me .fine").last).to_have_text("Read by \u2068Maple\u2069")
        assert await page.locator(".lines b").count() == 0, "what is written is never markup"
        assert in_clear(desk) == ""
        kept = "localStorage.length + sessionStorage.length"
        assert await page.evaluate(kept) == 0
        assert await page.evaluate("indexedDB.databases().then((all) => all.length)") == 0


async def test_a_page_that_comes_to_a_replica_which_signed_its_roster_earlier_goes_on(
    site: Site, visit: Visit
) -> None:
    desk = site.desk
    desk.claim(desk.maple)
    newest = desk.serial
    async with visit() as page:
        await sealed(page)
        for number, earlier in enumerate((0, 30_000, 0, 30_000), start=1):
            desk.serial = newest - earlier
            desk.write(f"reply {number}")
            await expect(page.locator(".them .said")).to_have_count(number)
            await write(page, f"line {number}")
            await expect(page.locator(".me .said")).to_have_count(number)
            await expect(page.locator(".me .fine").last).to_have_text("Sent")
        assert len(desk.said) == 4
        await expect(page.locator("#trouble")).to_be_hidden()


async def test_the_code_of_the_organisation_is_there_to_be_compared(
    site: Site, visit: Visit
) -> None:
    code = fingerprint(site.desk.organisation.keys)
    async with visit() as page:
        await page.get_by_text("How to check this").click()
        await expect(page.locator("#seal")).to_contain_text(f"\u2066{code}\u2069")


async def test_what_is_being_written_stays_while_the_chat_goes_on_around_it(
    site: Site, visit: Visit
) -> None:
    desk = site.desk
    async with visit() as page:
        await write(page, "first")
        await expect(page.get_by_role("button", name="Send")).to_be_focused()
        await page.evaluate("document.activeElement.dataset.old = 'yes'")
        desk.changed()
        await expect(page.locator("[data-old]")).to_have_count(0)
        await expect(page.get_by_role("button", name="Send")).to_be_focused()
        field = page.locator("#write")
        await field.fill("not yet sent")
        await field.evaluate("(field) => field.setSelectionRange(3, 3)")
        top = "Math.round(document.getElementById('write').getBoundingClientRect().top)"
        desk.claim(desk.maple)
        await sealed(page)
        before = await page.evaluate(top)
        desk.write("a line above the field")
        await expect(page.locator(".them .said")).to_be_visible()
        assert abs(await page.evaluate(top) - before) <= 1
        await expect(field).to_be_focused()
        await page.keyboard.type("!")
        await expect(field).to_have_value("not! yet sent")
        await page.keyboard.press("Shift+Enter")
        await page.keyboard.press("Enter")
        await until(lambda: len(desk.said) == 2)
        assert desk.maple.read(desk.said[1]) == "not!\n yet sent"
        await expect(page.locator(".me .said")).to_have_count(2)
        await expect(field).to_be_focused()


async def test_nothing_is_lost_or_said_twice_while_the_connection_comes_and_goes(
    site: Site, visit: Visit
) -> None:
    desk = site.desk
    desk.claim(desk.maple)
    async with visit(before=QUICK) as page:
        await sealed(page)
        desk.deaf = 1
        await write(page, "taken, but the answer was lost")
        await until(lambda: len(desk.said) == 1)
        await expect(page.locator(".me .fine").last).to_have_text("Sent")
        desk.down = True
        await write(page, "two")
        await write(page, "three")
        await expect(page.locator("#trouble")).to_contain_text("There is no connection.")
        await expect(page.locator("#trouble a")).to_have_attribute("href", "/now/en")
        desk.down = False
        desk.write("meanwhile")
        await until(lambda: len(desk.said) == 3)
        expected = ["taken, but the answer was lost", "two", "three"]
        assert [desk.maple.read(one) for one in desk.said] == expected
        await expect(page.locator(".them .said")).to_have_text("meanwhile")
        await expect(page.locator(".me .said")).to_have_text(expected)
        await expect(page.locator("#trouble")).to_be_hidden()


async def test_who_can_read_it_changes_under_a_message_that_is_on_its_way(
    site: Site, visit: Visit
) -> None:
    desk = site.desk
    async with visit() as page:
        await expect(page.locator("#seal")).to_contain_text("people on duty")
        # The page does not hear of the change before it sends.
        live, desk.live = desk.live, None
        desk.claim(desk.birch)
        await write(page, "for whoever came")
        await until(lambda: desk.said)
        desk.live = live
        assert desk.birch.read(desk.said[0]) == "for whoever came"
        assert desk.maple.prekey.public.id.hex() not in desk.said[0].wraps
        desk.readers = []
        desk.changed(news=False)
        await write(page, "and then nobody was there")
        await expect(page.locator(".me .fine").last).to_contain_text("Nobody can read it yet")
        desk.claim(desk.maple)
        await until(lambda: len(desk.said) == 2)
        assert desk.maple.read(desk.said[1]) == "and then nobody was there"


async def test_another_tab_takes_the_chat_over_and_gives_it_back(site: Site, visit: Visit) -> None:
    desk = site.desk
    desk.claim(desk.maple)
    async with visit() as page:
        await sealed(page)
        await write(page, "here")
        await until(lambda: desk.said)
        other = await page.context.new_page()
        await other.goto(site.url)
        await sealed(other)
        await expect(other.locator(".lines")).to_contain_text("is not shown again")
        await page.bring_to_front()
        await expect(page.locator("#trouble")).to_contain_text("goes on in another tab")
        await write(page, "kept in the field")
        await expect(page.locator("#write")).to_have_value("kept in the field")
        desk.write("for the new tab")
        await expect(other.locator(".them .said")).to_have_text("for the new tab")
        await page.bring_to_front()
        await page.get_by_role("button", name="Go on here").click()
        await sealed(page)
        await page.get_by_role("button", name="Send").click()
        await until(lambda: len(desk.said) == 2)
        assert desk.maple.read(desk.said[1]) == "kept in the field"
        await expect(page.locator(".me .said")).to_have_text(["here", "kept in the field"])
        assert in_clear(desk) == ""


async def test_words_that_leave_or_ask_for_help_act_as_the_buttons_do(
    site: Site, visit: Visit
) -> None:
    desk = site.desk
    async with visit() as page:
        await expect(page.locator("#seal")).to_contain_text("people on duty")
        await write(page, "...")
        await until(lambda: desk.said)
        await write(page, "Help now!")
        await expect(page.get_by_role("main")).to_contain_text("These answer now: 112")
        await write(page, " СТОП ")
        await expect(page.get_by_role("main")).to_contain_text("What I remembered is gone.")
        assert await page.locator(".lines, #write").count() == 0
        assert len(desk.said) == 1
        assert in_clear(desk) == ""


async def test_the_bot_is_back_when_the_chat_ends_and_other_pages_do_not_end_it(
    site: Site, visit: Visit
) -> None:
    desk = site.desk
    desk.claim(desk.maple)
    async with visit() as page:
        await sealed(page)
        await write(page, "before")
        await page.get_by_role("link", name="Phone numbers for right now").click()
        await expect(page.get_by_role("main")).to_contain_text("112")
        desk.write("while the numbers were shown")
        await page.get_by_role("link", name="Back to the guide").click()
        await expect(page.locator(".lines .said")).to_have_text(
            ["before", "while the numbers were shown"]
        )
        await page.get_by_role("button", name="Українська").click()
        await expect(page.get_by_role("main")).to_contain_text("Ви попросили людину.")
        await expect(page.locator(".lines .said")).to_have_count(2)
        await page.locator("#write").fill("still being written")
        desk.end()
        await expect(page.get_by_role("main")).to_contain_text("The chat has ended.")
        assert await page.locator(".lines").count() == 0


async def test_too_much_for_one_message_stays_where_it_was_typed(site: Site, visit: Visit) -> None:
    async with visit() as page:
        await expect(page.locator("#seal")).to_contain_text("people on duty")
        await write(page, "є" * 2048)
        await expect(page.locator("#trouble")).to_contain_text("in two parts")
        await expect(page.locator("#write")).to_have_value("є" * 2048)
        await write(page, "є" * 2047)
        await until(lambda: site.desk.said)
        await expect(page.locator("#trouble")).to_be_hidden()
        assert site.desk.maple.read(site.desk.said[0]) == "є" * 2047

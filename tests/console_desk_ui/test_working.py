"""Two operators and a lead at their desks, in a real browser: by keyboard, over a line that breaks,
with a colleague, with help; and what is left in a page that was locked.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from tests.console_desk_ui.conftest import Room, ended, taken, typed
from tests.console_desk_ui.small_desk import Person

pytestmark = pytest.mark.asyncio(loop_scope="module")


@dataclass(slots=True)
class Shift:
    """Who is on duty."""

    room: Room
    oksana: Page
    iryna: Page
    larysa: Page

    async def waits(self, name: str, text: str, **more: object) -> Person:
        person = self.room.desk.person(name, text, **more)
        await self.room.desk.show()
        return person


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shift(room: Room) -> AsyncIterator[Shift]:
    pages = await asyncio.gather(
        room.works("Oksana"), room.works("Iryna"), room.works("Larysa", "lead")
    )
    yield Shift(room, *pages)
    # A page says here what its policy blocked and what broke.
    assert [one for one in room.said if " 503" not in one and "WebSocket" not in one] == []


@pytest_asyncio.fixture(autouse=True, loop_scope="module")
async def nothing_is_open(shift: Shift) -> AsyncIterator[None]:
    """Every test begins with an empty desk."""
    yield
    for person in shift.room.desk.people.values():
        person.state = "closed"
    shift.room.desk.broken = False
    await shift.room.desk.show()
    for page in (shift.oksana, shift.iryna, shift.larysa):
        for _ in range(await page.locator("dialog").count()):
            await typed(page, "Escape")
        for away in await page.get_by_text("Put away").all():
            await away.click()


async def test_a_chat_is_claimed_read_answered_and_ended_with_the_keyboard_alone(
    shift: Shift,
) -> None:
    page = shift.oksana
    await shift.waits("Maple", "Three days ago")
    birch = await shift.waits("Birch", "He is at the door", severity=2)
    await expect(page.locator("[data-part=waiting] .row")).to_have_count(2)
    await typed(page, "n", "Enter")
    # What the person wrote is nowhere in the page before it is asked for.
    await expect(page.locator(".chat .cover")).to_be_focused()
    assert "at the door" not in await page.content()
    await typed(page, "Space")
    await expect(page.locator(".talk .them")).to_have_text("He is at the door")
    await typed(page, "/gr")
    await expect(page.locator(".canned li").first).to_contain_text("I am here. Take your time.")
    await typed(page, "Enter")
    await expect(page.locator(".compose textarea")).to_have_value("Я тут. Не поспішайте.")
    await typed(page, "Enter")
    await expect(page.locator(".talk .me.sent")).to_have_text("Я тут. Не поспішайте.")
    assert birch.heard == ["Я тут. Не поспішайте."]

    # The next message comes covered, and a space in the empty field shows it.
    await shift.room.desk.says(birch, "I am scared")
    await expect(page.locator(".talk .cover")).to_have_count(1)
    await typed(page, "Space")
    await expect(page.locator(".talk .them").nth(1)).to_have_text("I am scared")
    await typed(page, "Escape")
    await expect(page.locator(".talk .cover")).to_have_count(2)
    assert "scared" not in await page.content()

    await typed(page, "w", "Enter")
    await expect(page.locator(".chat")).to_have_count(0)
    assert birch.wrap_up == {}
    assert "Birch" not in await page.inner_text("#desk")


async def test_somebody_who_types_on_without_looking_ends_parks_and_passes_on_nothing(
    shift: Shift,
) -> None:
    page = shift.oksana
    person = await taken(shift.room, page, "Willow", "Hello")
    for text in ("whats up", "transfers", "please"):
        await typed(page, "Escape")
        await page.keyboard.type(text)
        await page.keyboard.press("Escape")
    assert (person.state, person.transfer, person.heard) == ("claimed", None, [])
    # With Cyrillic letters turned on the same keys do the same.
    await page.dispatch_event("h1", "keydown", {"key": "ц", "code": "KeyW", "bubbles": True})
    await expect(page.locator("dialog")).to_contain_text("End the chat with Willow")
    # And what is written and not sent is not lost by an end.
    await typed(page, "Escape")
    await page.fill(".compose textarea", "I will ask")
    await typed(page, "Escape", "w", "Enter")
    await expect(page.locator("dialog")).to_contain_text("is not sent")
    await typed(page, "Escape")
    await page.fill(".compose textarea", "")
    await ended(page)


async def test_the_directory_is_searched_and_sent_as_a_card_without_the_mouse(
    shift: Shift,
) -> None:
    page = shift.oksana
    person = await taken(shift.room, page, "Hazel", "Who can help with the law?")
    await typed(page, "Escape", "g")
    await page.keyboard.type("legal")
    await typed(page, "Enter")
    await expect(page.locator("[role=search] + div .row")).to_contain_text("Free legal aid (example)")
    await typed(page, "ArrowDown", "Enter")
    # Both languages are there to be read before anything goes out.
    await expect(page.locator(".tools .both")).to_contain_text("0 800 000 000")
    assert person.heard == []
    await typed(page, "Enter")
    await expect(page.locator(".talk .me.sent")).to_have_text("Правова допомога (приклад)")
    assert person.heard == ["Правова допомога (приклад)"]
    await ended(page)


async def test_what_is_written_while_the_line_is_broken_goes_out_once_and_in_order(
    shift: Shift,
) -> None:
    page, desk = shift.oksana, shift.room.desk
    person = await taken(shift.room, page, "Rowan", "Are you there?")
    await desk.cut()
    await expect(page.locator(".line.bad")).to_contain_text("The line is broken")
    for text in ("One", "Two"):
        await page.keyboard.type(text)
        await typed(page, "Enter")
    await page.keyboard.type("Thr")
    await expect(page.locator(".talk .me")).to_have_count(2)
    desk.broken = False
    await page.click("text=Try now")
    await expect(page.locator(".talk .me.sent")).to_have_count(2)
    assert person.heard == ["One", "Two"]
    assert await page.input_value(".compose textarea") == "Thr"

    # The answer is lost on its way back, so the page asks again: with the same bytes.
    desk.forget_next = True
    await page.keyboard.type("ee")
    await page.locator(".compose textarea").press("Enter")
    await expect(page.locator(".talk .me.waiting")).to_have_count(1)
    await desk.cut()
    desk.broken = False
    await page.click("text=Try now")
    await expect(page.locator(".talk .me.sent")).to_have_count(3)
    assert person.heard == ["One", "Two", "Three"]
    await ended(page)


async def test_a_colleague_who_takes_a_chat_reads_both_sides_in_their_order(shift: Shift) -> None:
    page, iryna = shift.oksana, shift.iryna
    person = await taken(shift.room, page, "Aspen", "First")
    for mine, theirs in (("I hear you", "Second"), ("Yes", "Third")):
        await page.keyboard.type(mine)
        await typed(page, "Enter")
        await expect(page.locator(".talk .me.sent").last).to_have_text(mine)
        await shift.room.desk.says(person, theirs)
        await expect(page.locator(".talk .cover")).to_have_count(1)
        await typed(page, "Space")
        await expect(page.locator(".talk .cover")).to_have_count(0)
    await typed(page, "Escape", "t")
    await page.get_by_label("Iryna").check()
    await typed(page, "Enter")
    await expect(iryna.locator("[data-part=offers] .row")).to_contain_text("Aspen")
    await typed(iryna, "n", "Enter")
    await expect(iryna.locator(".chat .cover").first).to_be_focused()
    await expect(iryna.locator(".talk .me")).to_have_count(2)
    for _ in range(3):
        await typed(iryna, "Space")
    await expect(iryna.locator(".talk .cover")).to_have_count(0)
    assert await iryna.locator(".talk li").all_inner_texts() == [
        *("First", "I hear you", "Second", "Yes", "Third")
    ]
    # Whoever gave it away is told, and holds nothing of it any more.
    await expect(page.locator(".chat")).to_contain_text("not yours any more")
    assert "Second" not in await page.content()
    await page.click("text=Put away")
    await ended(iryna)


async def test_a_call_for_help_brings_a_lead_who_reads_only_after_giving_a_reason(
    shift: Shift,
) -> None:
    page, lead = shift.oksana, shift.larysa
    person = await taken(shift.room, page, "Linden", "This is a lot")
    await typed(page, "Escape", "h")
    await page.keyboard.type("Can you look in?")
    await page.click("text=Call a lead")
    await expect(lead.locator("[data-part=notes] .row")).to_contain_text("Oksana needs help")
    await typed(lead, "n", "Enter")
    await expect(lead.locator("dialog .both")).to_have_text("Can you look in?")
    await lead.click("dialog button:has-text('Join')")
    await lead.locator("dialog").get_by_text("Reason", exact=True).wait_for()
    await lead.click("dialog button:has-text('Join')")
    await expect(lead.locator(".line.bad")).to_contain_text("choose a reason first")
    assert person.helper == ""

    await typed(lead, "l")
    await lead.click("[aria-label='Join: Linden']")
    await lead.get_by_label("The operator asked for help").check()
    await lead.click("dialog button:has-text('Join')")
    # The operator's page wraps the messages for the lead who came.
    await expect(lead.locator(".chat .cover")).to_have_count(1)
    await typed(lead, "Space")
    await expect(lead.locator(".talk .them")).to_have_text("This is a lot")
    await expect(page.locator(".chat header")).to_contain_text("with Larysa")
    await lead.locator(".compose textarea").fill("I am with you both")
    await lead.locator(".compose textarea").press("Enter")
    await expect(page.locator(".talk .me")).to_have_text("I am with you both")
    assert person.heard == ["I am with you both"]
    await typed(lead, "Escape", "l")
    await ended(page)


async def test_one_message_can_be_copied_and_a_whole_chat_cannot(shift: Shift) -> None:
    page = shift.oksana
    person = await taken(shift.room, page, "Poplar", "First words")
    await shift.room.desk.says(person, "Second words")
    await expect(page.locator(".talk .cover")).to_have_count(1)
    await typed(page, "Space")
    copied = """wanted => {
      const lines = [...document.querySelectorAll(".talk li")];
      getSelection().setBaseAndExtent(lines[0], 0, lines[wanted], lines[wanted].childNodes.length);
      return lines[0].dispatchEvent(new ClipboardEvent("copy", {bubbles: true, cancelable: true}));
    }"""
    assert await page.evaluate(copied, 0) is True
    assert await page.evaluate(copied, 1) is False
    await expect(page.locator(".warned")).to_have_text("One message at a time can be copied.")
    await page.emulate_media(media="print")
    assert await page.locator("#desk").is_visible() is False
    assert "stays on no paper" in await page.inner_text("main")
    await page.emulate_media(media="screen")
    await ended(page)

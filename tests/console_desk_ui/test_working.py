"""Two operators and a lead at their desks, in a real browser: by keyboard, over a line that breaks,
with a colleague, with help. What a person reads is what their own key opens.
"""

import pytest
from playwright.async_api import Route, expect

from bot.handoff.model import Address
from bot.handoff.returning import Reached, move
from bot.sealing import generate
from tests.console_desk_ui.conftest import NARROW, WIDE, Shift, ended, typed, until

pytestmark = pytest.mark.asyncio(loop_scope="session")
COPY = """wanted => {
  const lines = [...document.querySelectorAll(".talk li")];
  getSelection().setBaseAndExtent(lines[0], 0, lines[wanted], lines[wanted].childNodes.length);
  return lines[0].dispatchEvent(new ClipboardEvent("copy", {bubbles: true, cancelable: true}));
}"""
"""Marks lines up to one and copies; gives whether the browser was let."""


async def test_a_chat_is_claimed_read_answered_and_ended_with_the_keyboard_alone(
    shift: Shift,
) -> None:
    page, desk = shift.oksana, shift.room.desk
    birch = desk.asks("He is at the door", need="legal")
    desk.clock.now += 1
    desk.asks("Three days ago")
    await expect(page.locator("[data-part=waiting] .row")).to_have_count(2)
    await typed(page, "n", "Enter")
    # What the person wrote is nowhere in the page before it is asked for.
    await expect(page.locator(".chat .cover")).to_be_focused()
    assert "at the door" not in await page.content()
    await typed(page, "Space")
    await expect(page.locator(".talk .them")).to_have_text("He is at the door")
    await typed(page, "/gr")
    await expect(page.locator(".canned li").first).to_contain_text("I am a person")
    await typed(page, "Enter")
    said = await page.input_value(".compose textarea")
    await typed(page, "Enter")
    await expect(page.locator(".talk .me.sent")).to_have_text(said)
    assert shift.hears(birch) == [said]

    # The next message comes covered, and a space in the empty field shows it.
    desk.writes(birch, "I am scared")
    await expect(page.locator(".talk .cover")).to_have_count(1)
    await typed(page, "Space")
    await expect(page.locator(".talk .them").nth(1)).to_have_text("I am scared")
    await typed(page, "Escape")
    await expect(page.locator(".talk .cover")).to_have_count(2)
    assert "scared" not in await page.content()

    await ended(page)
    await expect(page.locator("[data-part=mine] .row")).to_have_count(0)
    assert birch.id.hex() not in await page.inner_html("#desk")
    await typed(page, "n", "Enter")
    await expect(page.locator(".chat .cover")).to_be_focused()


async def test_somebody_who_types_on_without_looking_ends_parks_and_passes_on_nothing(
    shift: Shift,
) -> None:
    page = shift.oksana
    chat = await shift.room.taken(page, "Hello")
    for text in ("whats up", "transfers", "please"):
        await typed(page, "Escape")
        await page.keyboard.type(text)
        await page.keyboard.press("Escape")
    now = shift.room.desk.now(chat)
    assert (now.state, now.transfer, now.number_out) == ("claimed", None, 0)
    # With Cyrillic letters turned on the same keys do the same.
    await page.dispatch_event("h1", "keydown", {"key": "ц", "code": "KeyW", "bubbles": True})
    await expect(page.locator("dialog[open]")).to_contain_text(f"End the chat with {chat.name}")
    # And what is written and not sent is not lost by an end.
    await typed(page, "Escape")
    await page.fill(".compose textarea", "I will ask")
    await typed(page, "Escape", "w", "Enter")
    await expect(page.locator("dialog[open]")).to_contain_text("is not sent")
    await typed(page, "Escape")
    await page.fill(".compose textarea", "")


async def test_the_directory_is_searched_and_sent_as_a_card_without_the_mouse(
    shift: Shift,
) -> None:
    page = shift.oksana
    chat = await shift.room.taken(page, "Who can help with the law?")
    await typed(page, "Escape", "g", "Enter")
    found = page.locator("[role=search] + div")
    await expect(found.locator(".row").first).to_be_visible()
    await typed(page, "ArrowDown", "Enter")
    # Both languages are there to be read before anything goes out.
    await expect(found.locator(".both .mine")).not_to_be_empty()
    card = await found.locator(".both [dir]").inner_text()
    assert shift.hears(chat) == []
    await typed(page, "Enter")
    await expect(page.locator(".talk .me.sent")).to_have_text(card)
    assert shift.hears(chat) == [card]


async def test_the_search_of_the_directory_has_a_button_for_the_keyboard_and_for_a_thumb(
    shift: Shift,
) -> None:
    page = shift.oksana
    await shift.room.taken(page, "Who can help with the law?")
    find = page.locator(".tools").get_by_role("button", name="Find", exact=True)
    rows = page.locator("[role=search] + div .row")
    await typed(page, "Escape", "g")
    await typed(page, "Tab")
    await expect(find).to_be_focused()
    await typed(page, "Space")
    await expect(rows.first).to_be_visible()
    await page.set_viewport_size(NARROW)  # type: ignore[arg-type]  # as playwright takes it
    await page.fill("#directory", "nothing of that kind")
    await find.click()
    await expect(rows).to_have_count(0)
    box = await find.bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= NARROW["width"]
    await page.set_viewport_size(WIDE)  # type: ignore[arg-type]  # as above


async def test_what_is_written_while_the_line_is_broken_goes_out_once_and_in_order(
    shift: Shift,
) -> None:
    page = shift.oksana
    chat = await shift.room.taken(page, "Are you there?")
    await page.context.set_offline(True)
    await expect(page.locator(".line.bad")).to_contain_text("The line is broken")
    for text in ("One", "Two"):
        await page.keyboard.type(text)
        await typed(page, "Enter")
    await page.keyboard.type("Thr")
    await expect(page.locator(".talk .me.waiting")).to_have_count(2)
    await page.context.set_offline(False)
    await expect(page.locator(".talk .me.sent")).to_have_count(2)
    assert shift.hears(chat) == ["One", "Two"]

    # An answer is lost on its way back, so the page asks again: with the same bytes.
    async def lost(route: Route) -> None:
        await route.fetch()
        await route.abort()

    await page.route("**/desk/reply", lost)
    await page.keyboard.type("ee")
    await typed(page, "Enter")
    await expect(page.locator(".talk .me.waiting")).to_have_count(1)
    await page.unroute_all(behavior="wait")
    await page.context.set_offline(True)
    await page.context.set_offline(False)
    await expect(page.locator(".talk .me.sent")).to_have_count(3)
    assert shift.hears(chat) == ["One", "Two", "Three"]


async def test_a_colleague_who_takes_a_chat_reads_both_sides_in_their_order(shift: Shift) -> None:
    page, iryna, desk = shift.oksana, shift.iryna, shift.room.desk
    chat = await shift.room.taken(page, "First")
    for mine, theirs in (("I hear you", "Second"), ("Yes", "Third")):
        await page.keyboard.type(mine)
        await typed(page, "Enter")
        await expect(page.locator(".talk .me.sent").last).to_have_text(mine)
        desk.writes(chat, theirs)
        await expect(page.locator(".talk .cover")).to_have_count(1)
        await typed(page, "Space")
        await expect(page.locator(".talk .cover")).to_have_count(0)
    await typed(page, "Escape", "t")
    await page.get_by_label("Iryna").check()
    await typed(page, "Enter")
    await expect(page.locator(".asked")).to_contain_text("The person is asked")
    answers = desk.handoff.chats.answer_transfer
    desk.turn(lambda group: answers(group, chat.id, yes=True, now=desk.clock()))
    await expect(iryna.locator("[data-part=offers] .row")).to_contain_text(chat.name)
    await typed(iryna, "n", "Enter")
    await expect(iryna.locator(".chat .cover").first).to_be_focused()
    await expect(iryna.locator(".talk .me")).to_have_count(2)
    for _ in range(3):
        await typed(iryna, "Space")
    await expect(iryna.locator(".talk .cover")).to_have_count(0)
    assert await iryna.locator(".talk li").all_inner_texts() == [
        *("First", "I hear you", "Second", "Yes", "Third")
    ]
    # Both are there until the first has said goodbye; then nothing of it is left with them.
    await expect(page.locator(".asked")).to_contain_text("Leave when you have said goodbye")
    await expect(iryna.locator(".chat header")).to_contain_text("you help; Oksana has it")
    other = await shift.room.taken(page, "Another")
    await typed(page, "Escape", "1", "w")
    await expect(page.locator(".chat")).to_have_count(1)
    await expect(page.locator(".chat h2")).to_have_text(other.name)
    assert await page.evaluate("document.activeElement.closest('.chat') !== null")
    assert "Second" not in await page.content()


async def test_typing_is_seen_both_ways_and_says_nothing_of_what_is_typed(shift: Shift) -> None:
    page, typed_ = shift.oksana, shift.room.desk.handoff.typed
    told: list[tuple[bytes, str]] = []
    typed_.listen(lambda chat, by: told.append((chat, by)))
    chat = await shift.room.taken(page, "Hello")
    typed_.tell(chat.id, "person")
    await expect(page.locator(".typing")).to_have_text("is writing …")
    await page.keyboard.type("Good evening")
    await until(lambda: (chat.id, "staff") in told)


async def test_who_comes_back_by_another_way_is_told_again_what_they_had_not_seen(
    shift: Shift,
) -> None:
    page, desk = shift.oksana, shift.room.desk
    chat = await shift.room.taken(page, "I have to go")
    await page.keyboard.type("We keep your place")
    await typed(page, "Enter")
    await expect(page.locator(".talk .me.sent")).to_have_count(1)
    desk.people[chat.id] = pair = generate(1)
    where = Reached(Address("web", "", b"page"), "web", "device", 1, pair.public)
    messages, clock = desk.handoff.messages, desk.clock
    desk.turn(lambda group: move(messages, group, desk.now(chat, group), where, clock()))
    await until(lambda: desk.now(chat).number_out == 2)
    await expect(page.locator(".chat header .asked")).to_contain_text("with the six words")
    assert shift.hears(chat) == ["We keep your place"]
    await expect(page.locator(".talk .me")).to_have_count(1)


async def test_a_call_for_help_brings_a_lead_who_reads_only_after_giving_a_reason(
    shift: Shift,
) -> None:
    page, lead, desk = shift.oksana, shift.larysa, shift.room.desk
    chat = await shift.room.taken(page, "This is a lot")
    await typed(page, "Escape", "h")
    await page.keyboard.type("Can you look in?")
    await page.click("text=Call a lead")
    await expect(lead.locator("[data-part=notes] .row")).to_contain_text("Oksana needs help")
    await typed(lead, "n", "Enter")
    await expect(lead.locator("dialog[open] .both")).to_have_text("Can you look in?")
    await lead.click("dialog[open] button:has-text('Join')")
    await lead.locator("dialog[open]").get_by_text("Reason", exact=True).wait_for()
    await lead.click("dialog[open] button:has-text('Join')")
    await expect(lead.locator(".line.bad")).to_contain_text("choose a reason first")
    assert desk.now(chat).helper == ""

    await typed(lead, "l")
    await lead.click(f"[aria-label='Join: {chat.name}']")
    await lead.get_by_label("The operator asked for help").check()
    await lead.click("dialog[open] button:has-text('Join')")
    # The operator's page wraps the messages for the lead who came.
    await expect(lead.locator(".chat .cover")).to_have_count(1)
    await typed(lead, "Space")
    await expect(lead.locator(".talk .them")).to_have_text("This is a lot")
    await expect(page.locator(".chat header")).to_contain_text("with Larysa")
    await lead.locator(".compose textarea").fill("I am with you both")
    await lead.locator(".compose textarea").press("Enter")
    await expect(page.locator(".talk .me")).to_have_text("I am with you both")
    assert shift.hears(chat) == ["I am with you both"]
    await typed(lead, "Escape", "l")


async def test_one_message_can_be_copied_a_whole_chat_cannot_and_nothing_is_printed(
    shift: Shift,
) -> None:
    page = shift.oksana
    await shift.room.taken(page, "First words", "Second words")
    assert await page.evaluate(COPY, 0) is True
    assert await page.evaluate(COPY, 1) is False
    await expect(page.locator(".warned")).to_have_text("One message at a time can be copied.")
    await page.emulate_media(media="print")
    assert await page.locator("#desk").is_visible() is False
    assert "stays on no paper" in await page.inner_text("main")
    await page.emulate_media(media="screen")

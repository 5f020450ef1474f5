"""An answer that comes late brings nothing back, and takes the keyboard from nobody."""

import asyncio

import pytest
from playwright.async_api import Locator, Page, Route, expect

from tests.console_desk_ui.conftest import Shift, typed

pytestmark = pytest.mark.asyncio(loop_scope="session")


def named(page: Page, name: str) -> Locator:
    """The chat of that name: a button may hold the name too, as Cover does Cove."""
    heading = page.get_by_role("heading", name=name, exact=True)
    return page.locator(".chat", has=heading)


async def test_a_chat_that_goes_before_its_claim_is_answered_does_not_come_back(
    shift: Shift,
) -> None:
    page, desk = shift.oksana, shift.room.desk
    chat = desk.asks("I changed my mind", need="legal")
    rows, open_chats = desk.handoff.chats.rows, page.locator(".chat:not(:has-text('Put away'))")

    async def late(route: Route) -> None:
        # Pictures are quicker: it is mine, the person leaves, it is gone. Then comes the answer.
        answer = await route.fetch()
        await expect(open_chats).to_have_count(1)
        desk.turn(lambda group: rows.remove(group, [chat.id]))
        await expect(open_chats).to_have_count(0)
        # However late the answer is: what is left of the chat may be gone by then.
        await page.get_by_text("Put away").click()
        await expect(page.locator(".chat")).to_have_count(0)
        await route.fulfill(response=answer)

    await page.route("**/desk/claim", late)
    async with page.expect_response("**/desk/claim"):
        await page.locator(f"[data-key-row='waits {chat.id.hex()}']").press("Enter")
    await page.unroute_all(behavior="wait")
    await expect(open_chats).to_have_count(0)
    await page.wait_for_timeout(300)
    assert await open_chats.count() == 0


async def test_who_writes_by_the_time_a_claim_is_answered_writes_on_where_they_are(
    shift: Shift,
) -> None:
    page, desk = shift.oksana, shift.room.desk
    first = await shift.room.taken(page, "Hello")
    second = desk.asks("Are you there?", need="legal")
    writes = asyncio.Event()

    async def late(route: Route) -> None:
        answer = await route.fetch()
        await writes.wait()
        await route.fulfill(response=answer)

    await page.route("**/desk/claim", late)
    async with page.expect_response("**/desk/claim"):
        await page.locator(f"[data-key-row='waits {second.id.hex()}']").press("Enter")
        field = named(page, desk.now(first).name).locator("textarea")
        await field.click()
        await page.keyboard.type("I am ")
        writes.set()
    await page.unroute_all(behavior="wait")
    other = named(page, desk.now(second).name)
    await expect(other.locator(".cover")).to_have_count(1)
    await page.wait_for_timeout(300)
    await page.keyboard.type("with you")
    await expect(field).to_have_value("I am with you")
    # It is one key away.
    await typed(page, "Enter", "Escape", "2")
    await expect(other.locator(".cover")).to_be_focused()

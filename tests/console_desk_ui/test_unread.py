"""What was on a screen and what was not: an operator's page says so, and shows what comes anew."""

import pytest
from playwright.async_api import expect

from bot.handoff.again import sealed_again
from bot.handoff.model import Chat
from bot.sealing import Context, Receiver, seal_for_desk
from bot.storage import Group
from tests.console_desk_ui.conftest import Shift, typed, until

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_what_only_a_colleague_could_open_is_read_when_the_person_seals_it_again(
    shift: Shift,
) -> None:
    desk = shift.room.desk
    human = desk.handoff
    chat = desk.asks(mode="device")

    def readers(group: Group, now: Chat) -> tuple[Receiver, ...]:
        return human.keys.receivers(group, now, human.shifts.on_duty(), desk.clock())

    def seals(number: int, text: str, *, again: bool = False) -> None:
        def keep(group: Group) -> Chat:
            now = desk.now(chat, group)
            to = readers(group, now)
            made = seal_for_desk(Context(chat.id, "in", number), text, to)
            given = (group, now, number, made.body, made.wraps)
            if again:
                return sealed_again(human.messages, *given, receivers=to)
            words = human.messages.sealed_from_person
            return words(*given, receivers=to, now=desk.clock())

        desk.turn(keep)

    seals(1, "read at once")
    row = f"[data-key-row='waits {chat.id.hex()}']"
    await shift.oksana.locator(row).press("Enter")
    await expect(shift.oksana.locator(".chat.here .cover").first).to_be_focused()
    await typed(shift.oksana, "Space")
    await until(lambda: desk.now(chat).read == 1)
    seals(2, "never on a screen")
    await expect(shift.oksana.locator(".chat .cover")).to_have_count(1)
    human.desk.release(desk.now(chat).owner, chat.id)
    page = shift.iryna
    await page.locator(row).press("Enter")
    lines = page.locator(".talk .them")
    await expect(lines).to_have_count(2)
    await expect(page.locator(".chat .cover")).to_have_count(0)
    seals(3, "for who is here")
    await expect(page.locator(".chat .cover")).to_have_count(1)
    await page.locator(".chat .cover").press("Enter")
    await until(lambda: desk.now(chat).read == 3)
    assert desk.now(chat).missed == (2,)
    seals(2, "never on a screen", again=True)
    await page.locator(".chat .cover").press("Enter")
    await expect(lines.nth(1)).to_have_text("never on a screen")
    await until(lambda: desk.now(chat).missed == ())
    await expect(lines).to_have_count(3)
    await typed(page, "Escape")

"""Buttons: pressed late, forged, from another chat, in a long list."""

import pytest

from bot.channels.contract import Pressed
from tests.botapi import BotApi, Chat, Message
from tests.telegram.running import Running


@pytest.fixture
async def chat(telegram: BotApi, bot: Running) -> Chat:
    """A person who began."""
    chat = telegram.chat()
    chat.start()
    await chat.reply(2)
    return chat


@pytest.mark.parametrize(
    "data",
    [
        *("", ":", "v1", "v1::", "v1:AAAAAAAA:1:yes", "v2:AAAAAAAA:1:yes", "v1:AAAAAAAA:1:~1"),
        *("v1:AAAAAAAA:1:#AAAAAAAA", "\x00" * 64, "🙂" * 16, "../../etc", "v1:é:1:yes"),
    ],
)
@pytest.mark.parametrize("mode", ["webhook"])
async def test_a_forged_button_is_answered_and_shows_the_present_step_again(
    telegram: BotApi, bot: Running, chat: Chat, data: str
) -> None:
    before = chat.last
    chat.press_data(data)
    again = await chat.reply()
    assert again.labels == before.labels
    await telegram.until(lambda: not telegram.queries, "every button answered")
    assert bot.taken[-1].heard == Pressed("", "")


async def test_a_button_of_another_chat_opens_nothing_here(
    telegram: BotApi, bot: Running, chat: Chat
) -> None:
    other = telegram.chat()
    other.start()
    await other.reply(2)
    other.press_data(chat.last.keyboard[0][0]["callback_data"])
    assert (await other.reply()).labels == chat.last.labels
    assert bot.taken[-1].heard == Pressed("", "")


async def test_a_button_pressed_an_hour_later_shows_the_present_step_again(
    telegram: BotApi, bot: Running, chat: Chat
) -> None:
    old = chat.last
    chat.press("Yes")
    now = await chat.reply()
    chat.press("Yes", old)
    assert (await chat.reply()).labels == now.labels
    await telegram.until(lambda: not telegram.queries, "every button answered")
    assert telegram.refusals() == []


async def test_the_way_out_is_good_under_any_old_message(
    telegram: BotApi, bot: Running, chat: Chat
) -> None:
    old = chat.last
    chat.press("Yes")
    await chat.reply()
    chat.press("Leave", old)
    await chat.sees("goes in a minute")
    await chat.until(lambda chat: not chat.messages, "nothing is left")


async def test_a_button_for_what_was_erased_long_ago_begins_anew(
    telegram: BotApi, bot: Running, chat: Chat
) -> None:
    data = chat.last.keyboard[0][0]["callback_data"].replace(":1:", ":7:")
    chat.say("stop")
    await chat.until(lambda chat: not chat.messages, "nothing is left")
    message = telegram.keep(chat, Message(0, 0, "old", from_bot=True))
    chat.press_data(data, message)
    await chat.sees("Before you begin")

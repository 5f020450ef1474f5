"""Who leaves finds the chat empty, as far as Telegram lets us empty it, and is told the rest."""

from pathlib import Path

import pytest

from bot.channels import telegram as ours
from bot.channels.telegram_sending import Patience
from bot.cli.telegram_link import Times
from tests.botapi import BotApi, Chat, Fault
from tests.telegram.running import PAGE, Running


@pytest.fixture
def mode() -> str:
    return "polling"


@pytest.fixture
async def chat(telegram: BotApi, bot: Running) -> Chat:
    chat = telegram.chat()
    chat.start()
    await chat.reply(2)
    chat.press("Yes")
    await chat.reply()
    return chat


async def test_leaving_deletes_the_messages_of_both_sides_and_then_the_last_words(
    telegram: BotApi, bot: Running, chat: Chat
) -> None:
    chat.say("stop")
    await chat.sees("Older ones can only be deleted by you")
    await chat.until(lambda chat: not chat.messages, "nothing is left")
    assert all(len(call.params["message_ids"]) <= 100 for call in telegram.called("deleteMessages"))
    chat.start()
    await chat.sees(PAGE)


async def test_hundreds_of_messages_are_deleted_in_calls_of_a_hundred(
    telegram: BotApi, bot: Running, chat: Chat
) -> None:
    for number in range(130):
        chat.say(f"no word {number}")
        if number % 10 == 9:
            await telegram.taken()
    chat.say("stop")
    await chat.until(lambda chat: not chat.messages, "nothing is left")
    assert max(len(call.params["message_ids"]) for call in telegram.called("deleteMessages")) > 50


async def test_a_message_that_may_not_be_deleted_does_not_keep_the_others(
    telegram: BotApi, bot: Running, chat: Chat
) -> None:
    refused = Fault.refuse(400, "Bad Request: message can't be deleted for everyone")
    telegram.fail("deleteMessages", refused, times=1)
    chat.say("stop")
    await chat.until(lambda chat: not chat.messages, "nothing is left")


async def test_leaving_does_not_wait_for_answers_that_telegram_holds_back(
    monkeypatch: pytest.MonkeyPatch, telegram: BotApi, bot: Running, chat: Chat
) -> None:
    # The bot waits for what is held back when it stops, and this test need not.
    monkeypatch.setattr(ours, "STOP_SECONDS", 0.01)
    held = telegram.fail("sendMessage", Fault.too_many(600), chat=chat)
    chat.say("help")
    chat.say("hello")
    await held.hit.wait()
    chat.say("stop")
    await chat.until(lambda chat: not chat.messages, "nothing is left")
    sent = len(telegram.sent(chat))
    assert sent == 3


async def test_a_voice_message_is_taken_away_at_once(
    telegram: BotApi, bot: Running, chat: Chat
) -> None:
    for kind in ("voice", "photo", "location", "contact"):
        chat.send(kind)
        await chat.reply()
    await chat.until(lambda chat: all(one.kind == "text" for one in chat.messages.values()), "gone")


async def test_a_picture_with_a_cry_for_help_is_heard(
    telegram: BotApi, bot: Running, chat: Chat
) -> None:
    chat.send("photo", caption="help")
    await chat.sees("112")


async def test_who_blocks_the_bot_is_forgotten_at_once(
    telegram: BotApi, bot: Running, chat: Chat
) -> None:
    chat.block()
    await telegram.taken()
    calls = len(telegram.called("sendMessage"))
    chat.unblock()
    chat.start()
    await chat.reply(2)
    assert sum("Before you begin" in text for text in chat.visible()) == 2
    assert len(telegram.called("sendMessage")) == calls + 2


async def test_a_chat_that_answers_403_is_forgotten_and_not_written_to_again(
    telegram: BotApi, bot: Running, chat: Chat
) -> None:
    chat.blocked = True
    calls = len(telegram.called("sendMessage"))
    chat.say("hello")
    await telegram.until(lambda: len(bot.taken) >= 4, "the person is forgotten")
    assert len(telegram.called("sendMessage")) == calls + 1
    chat.blocked = False
    chat.say("hello")
    await chat.until(
        lambda chat: sum("Before you begin" in text for text in chat.visible()) == 2, "anew"
    )


async def test_what_was_to_fade_is_deleted_after_a_restart(
    telegram: BotApi, tmp_path: Path
) -> None:
    slow = Times(poll=1, read=2, fade=3600, patience=Patience(chat=0.001, every=0.001))
    running = Running(telegram, tmp_path, "polling", times=slow)
    await running.start()
    chat = telegram.chat()
    chat.start()
    await chat.reply(2)
    chat.say("stop")
    last = await chat.sees("goes in a minute")
    await running.stop()
    assert list(chat.messages.values()) == [last]
    # The sweep leaves last words two minutes to be read: they are known, and will go.
    await running.start()
    assert running.service is not None
    address = running.taken[0].address
    assert [one.id for one in running.service.footprints.of(address) if one.soon] == [last.id]
    await running.stop()

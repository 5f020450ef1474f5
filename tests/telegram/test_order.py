"""Many people at once, updates twice, late or with odd ids: each is heard once, in their order."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from bot.channels.contract import Words
from tests.botapi import BotApi, Message
from tests.telegram.running import IMPATIENT, Running


async def test_400_messages_of_20_people_are_heard_in_each_persons_order(
    telegram: BotApi, bot: Running
) -> None:
    chats = [telegram.chat() for _ in range(20)]
    telegram.updates.hold()
    for number in range(20):
        for chat in chats:
            chat.say(f"word {number}")
    telegram.updates.release()
    await telegram.taken()
    for chat in chats:
        person = str(chat.id).encode()
        said = [one.heard for one in bot.taken if one.address.person == person]
        assert said == [Words(f"word {number}") for number in range(20)]
    assert bot.link is not None


@pytest.mark.parametrize("mode", ["webhook"])
async def test_an_update_that_comes_five_times_at_once_has_one_effect(
    telegram: BotApi, bot: Running
) -> None:
    chat = telegram.chat()
    chat.start()
    await chat.reply(2)
    telegram.updates.hold()
    updates = [chat.press("Yes"), chat.say("back"), chat.say("help")]
    for update in updates:
        assert await telegram.replay(update, 5) == [200] * 5
    await chat.sees("112")
    assert len(bot.taken) == 1 + len(updates)
    assert len(telegram.sent(chat)) == 2 + len(updates)
    assert len(telegram.called("answerCallbackQuery")) == 1


async def test_ids_out_of_order_with_gaps_and_begun_anew_lose_nobody(
    telegram: BotApi, bot: Running
) -> None:
    chats = [telegram.chat() for _ in range(3)]
    telegram.updates.hold()
    for number, chat in enumerate(chats):
        telegram.updates.next_id += 1_000 * number
        chat.say("hello")
    telegram.updates.release(lambda held: list(reversed(held)))
    await telegram.taken()
    telegram.updates.next_id = 7
    for chat in chats:
        chat.say("help")
    for chat in chats:
        await chat.sees("112")
    assert len(bot.taken) == 6


@pytest.mark.parametrize("mode", ["webhook"])
async def test_a_flood_in_one_chat_is_told_once_and_help_in_it_is_heard(
    telegram: BotApi, bot: Running
) -> None:
    flooded, other = telegram.chat(), telegram.chat()
    flooded.start()
    await flooded.reply(2)
    telegram.updates.hold()
    flood = [flooded.say(f"flood {number}") for number in range(150)] + [flooded.say("sos")]
    statuses = asyncio.gather(*(telegram.replay(one, 1) for one in flood))
    assert await telegram.replay(other.say("help"), 1) == [200]
    await other.sees("112")
    assert {status for [status] in await statuses} == {200}
    await flooded.sees("112")
    await flooded.sees("Several messages came at once")
    notices = [one for one in flooded.visible() if "Several messages came at once" in one]
    assert len(notices) == 1
    assert len(bot.taken) < len(flood)


async def test_who_writes_faster_than_anyone_reads_is_told_once_and_help_is_heard(
    telegram: BotApi, tmp_path: Path, mode: str
) -> None:
    running = Running(telegram, tmp_path, mode, times=replace(IMPATIENT, burst=5))
    await running.start()
    chat, other = telegram.chat(), telegram.chat()
    for number in range(12):
        chat.say(f"word {number}")
    chat.say("help")
    other.say("help")
    await other.sees("112")
    await chat.sees("112")
    await chat.sees("Several messages came at once")
    await telegram.taken()
    assert len(running.taken) == 5 + 2
    assert sum("Several messages came at once" in text for text in chat.visible()) == 1
    chat.say("stop")
    await chat.until(lambda chat: not chat.messages, "nothing is left")
    await running.stop()


async def test_groups_edits_and_notes_of_the_app_are_left_alone(
    telegram: BotApi, bot: Running
) -> None:
    group, chat = telegram.chat(-100_500, kind="group"), telegram.chat()
    group.say("/start")
    chat.known = True
    chat.edit(
        chat.messages.setdefault(1, telegram.keep(chat, Message(0, 0, "before", from_bot=False))),
        "changed",
    )
    telegram.updates.add_raw({"message": {"message_id": 9, "chat": chat.json(), "date": 1}})
    telegram.updates.add_raw({"some_new_kind": {"of": "update"}})
    chat.say("help")
    await chat.sees("112")
    assert [one.heard for one in bot.taken] == [Words("help")]
    assert telegram.sent(group) == []

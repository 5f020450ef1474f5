"""Telegram is slow, full, broken or away: answers come in order, once it is back, and no storm."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.channels.telegram_sending import Patience
from bot.cli.telegram_link import Times
from tests.botapi import BotApi, Fault
from tests.botapi.pace import Pace
from tests.telegram.running import Running

MOST_TOO_CLOSE = 5


@pytest.fixture
def mode() -> str:
    return "polling"


@pytest.fixture
async def bot(telegram: BotApi, tmp_path: Path, mode: str) -> AsyncIterator[Running]:
    """As elsewhere, but it waits a quarter of a second for an answer."""
    patience = Patience(first=0.01, most=0.05, chat=0.001, every=0.001)
    running = Running(telegram, tmp_path, mode, times=Times(1, 0.25, 0.05, patience=patience))
    await running.start()
    yield running
    await running.stop()


async def test_after_429_the_wait_that_was_asked_for_is_kept(
    telegram: BotApi, bot: Running
) -> None:
    chat, other = telegram.chat(), telegram.chat()
    telegram.fail("sendMessage", Fault.too_many(1), chat=chat)
    chat.start()
    await telegram.until(lambda: bool(telegram.called("sendMessage")), "the first try")
    other.start()
    await other.reply(2)
    await chat.reply(2)
    sent = telegram.called("sendMessage")
    tries = [call for call in sent if str(call.params["chat_id"]) == str(chat.id)]
    assert len(tries) == 3
    assert tries[1].at - tries[0].at >= 1
    assert chat.from_bot[0].text.startswith("Before you begin")


@pytest.mark.parametrize(
    "fault",
    [
        *(Fault.server(500), Fault.server(503), Fault.page(502), Fault.page(504), Fault.cut()),
        *(Fault.hang(), Fault.refuse(401, "Unauthorized"), Fault.refuse(429, "Too Many Requests")),
    ],
    ids=lambda fault: f"{fault.kind}-{fault.status}-{fault.refused and fault.refused.code}",
)
async def test_answers_come_in_order_after_a_fault(
    telegram: BotApi, bot: Running, fault: Fault
) -> None:
    chat = telegram.chat()
    telegram.fail("sendMessage", fault, times=2)
    chat.start()
    chat.say("help")
    await chat.sees("112")
    texts = [one.text for one in chat.from_bot]
    assert texts[0].startswith("Before you begin")
    assert "112" in texts[-1]
    assert len(texts) == 3


async def test_nobody_is_written_to_faster_than_telegram_allows(
    telegram: BotApi, tmp_path: Path
) -> None:
    telegram.pace = Pace()
    running = Running(telegram, tmp_path, "polling", times=Times())
    await running.start()
    try:
        chats = [telegram.chat() for _ in range(12)]
        for word in ("/start", "back", "word", "help"):
            for chat in chats:
                chat.say(word)
        for chat in chats:
            await chat.sees("112")
            assert len(telegram.sent(chat)) == 5
        # Telegram counts when a message arrives, we when it leaves: on a busy machine a few of the
        # sixty may come too close, and are sent again when it says so.
        assert len(telegram.refusals()) <= MOST_TOO_CLOSE
        assert all("Too Many Requests" in str(one) for one in telegram.refusals())
    finally:
        await running.stop()


async def test_a_network_that_is_away_is_lived_through(telegram: BotApi, bot: Running) -> None:
    chats = [telegram.chat() for _ in range(5)]
    for chat in chats:
        chat.start()
        await chat.reply(2)
    await telegram.stop()
    for chat in chats:
        chat.say("help")
    await telegram.start()
    for chat in chats:
        await chat.sees("112")


@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_when_nothing_can_be_saved_the_person_reads_where_help_is_and_is_heard_later(
    telegram: BotApi, bot: Running
) -> None:
    assert bot.service is not None
    chat = telegram.chat()
    chat.start()
    await chat.reply(2)
    await bot.service.writer.stop()
    chat.say("back")
    await chat.sees("This guide has a fault now")
    await chat.sees("112")
    assert telegram.updates.waiting
    await bot.stop()
    await bot.start()
    await telegram.taken()

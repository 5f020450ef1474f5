"""The whole service against a Bot API server, over HTTP, with a day that goes by on the clock."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.app import Service
from bot.channels.contract import Address
from bot.channels.telegram_request import Token
from bot.channels.telegram_sending import Patience
from bot.cli.telegram_link import TelegramLink, Times
from bot.settings import Settings
from tests.botapi import BotApi, Chat
from tests.footprints.conftest import SetClock

TIMES = Times(
    poll=1, read=2, fade=3600, sweep=0.02, patience=Patience(chat=0.001, every=0.001, first=0.01)
)


@pytest.fixture
def clock() -> SetClock:
    """From now on: the service counts on real days for what it shows."""
    return SetClock(time.time())


@pytest.fixture
async def telegram(clock: SetClock) -> AsyncIterator[BotApi]:
    async with BotApi(clock=clock) as api:
        yield api


@asynccontextmanager
async def running(telegram: BotApi, folder: Path, clock: SetClock) -> AsyncIterator[Service]:
    """The program, from start to stop."""
    settings = Settings.model_validate(
        {
            "data": folder / "data",
            "key_ring": folder / "keys",
            "telegram_mode": "polling",
            "telegram_token": telegram.token,
            "telegram_api_base": telegram.base,
        }
    )
    settings.data.mkdir(mode=0o700, exist_ok=True)
    service = Service(settings, demo=True, clock=clock)
    await service.start()
    link = TelegramLink(service, Token(telegram.token), TIMES)
    await link.start()
    yield service
    await link.stop()
    await service.stop()


async def talk(chat: Chat) -> None:
    """Both sides write, by words and by a button."""
    chat.start()
    await chat.reply(1)
    await chat.until(lambda chat: bool(chat.labels))
    chat.say("legal help")
    await chat.reply(1)


async def quiet(telegram: BotApi, service: Service, *chats: Chat) -> None:
    """Until all that was said is answered, and all that lies in those chats is noted."""
    await telegram.taken()
    await telegram.until(lambda: service.store.stats().waiting == 0)
    bot = telegram.token.partition(":")[0]
    for chat in chats:
        address = Address("telegram", bot, str(chat.id).encode())

        def all_is_noted(address: Address = address, chat: Chat = chat) -> bool:
            return {one.id for one in service.footprints.of(address)} == set(chat.messages)

        await telegram.until(all_is_noted, "all is noted")


async def test_every_message_is_gone_after_a_day_though_the_program_stopped_at_hour_twenty_three(
    telegram: BotApi, tmp_path: Path, clock: SetClock
) -> None:
    people = [telegram.chat() for _ in range(6)]
    async with running(telegram, tmp_path, clock) as service:
        for chat in people:
            await talk(chat)
        await quiet(telegram, service, *people)
    there = [len(chat.messages) for chat in people]
    assert min(there) >= 4
    clock.wait(hours=23)
    async with running(telegram, tmp_path, clock) as service:
        late = telegram.chat()
        await talk(late)
        # Of what is noted only after midnight there would be a page of another day.
        await quiet(telegram, service, late)
        assert telegram.called("deleteMessages") == []
        clock.wait(hours=1, minutes=1)
        await telegram.until(lambda: not any(chat.messages for chat in people), "all is deleted")
        await telegram.until(lambda: service.store.stats().footprints == 1, "and forgotten")
        assert len(late.messages) >= 4
        assert telegram.refusals() == []


async def test_who_erases_after_two_days_off_is_told_what_only_they_can_delete(
    telegram: BotApi, tmp_path: Path, clock: SetClock
) -> None:
    chat = telegram.chat()
    async with running(telegram, tmp_path, clock) as service:
        await talk(chat)
        await quiet(telegram, service, chat)
    old = set(chat.messages)
    clock.wait(hours=47, minutes=1)
    async with running(telegram, tmp_path, clock):
        chat.say("hello")
        await chat.reply(1)
        chat.say("stop")
        last = await chat.sees("too old to be deleted by this bot")
        await chat.until(lambda chat: set(chat.messages) == old | {last.id}, "the young are gone")
        asked = {
            one for call in telegram.called("deleteMessages") for one in call.params["message_ids"]
        }
        assert old.isdisjoint(asked)
        assert telegram.refusals() == []

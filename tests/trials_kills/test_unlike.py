"""Replicas with unlike settings: what one of them cannot carry waits for another that can."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.app import Service
from bot.channels.contract import Address, Incoming, Outgoing, Pressed, Words
from bot.channels.telegram_contract import CHANNEL
from bot.settings import Settings
from bot.vault import SigningKeys
from tests.botapi import BotApi
from tests.postgres import fresh
from tests.trials.programs import make_service
from tests.trials_kills.here import running

SOON = 20.0  # seconds


@pytest.fixture
def database() -> Iterator[str]:
    yield from fresh()


@pytest.mark.timeout(120)
async def test_telegram_is_heard_and_answered_while_a_replica_leads_that_has_no_token(
    tmp_path: Path, database: str
) -> None:
    more = {"database": SecretStr(database), "key_ring": tmp_path / "keys"}
    data = tmp_path / "page-alone"
    data.mkdir(mode=0o700)
    signing = SigningKeys.open(tmp_path / "signing")
    known = Settings.model_validate({"data": data, **more})
    page_alone = Service(known, demo=True, signing=signing)
    await page_alone.start()
    try:
        assert page_alone.human
        async with asyncio.timeout(SOON):
            while not page_alone.human.leads():  # noqa: ASYNC110  # it tells nobody
                await asyncio.sleep(0.02)
        async with BotApi() as telegram:
            polling = {**more, "telegram_mode": "polling"}
            async with running(tmp_path, telegram, 1, **polling) as here:
                assert not page_alone.carries()
                chat = telegram.chat()
                chat.start()
                await chat.reply()
                # Wherever it was taken: the reply leaves from where it can.
                bot = telegram.token.partition(":")[0]
                who = Address(CHANNEL, bot, str(chat.id).encode())
                seen = len(chat.from_bot)
                await page_alone.take(Incoming(who, Words("yes"), once="a", push=True))
                await chat.reply(seen + 1)
                assert page_alone.human.leads()
                assert here.service.carries()
    finally:
        await page_alone.stop()


async def test_a_reply_that_nobody_here_can_carry_waits_and_others_do_not_wait_for_it(
    tmp_path: Path,
) -> None:
    service = make_service(tmp_path / "data")
    await service.start()
    sent: list[tuple[bytes, bool]] = []
    came = asyncio.Event()

    async def deliver(to: Address, outgoing: Outgoing) -> None:
        sent.append((to.person, outgoing.forgotten))
        came.set()

    async def until(number: int) -> None:
        async with asyncio.timeout(SOON):
            while len(sent) < number:
                came.clear()
                await came.wait()

    try:
        service.carry("near", deliver)
        for who, heard in (("1", Words("yes")), ("2", Words("yes")), ("2", Pressed("!leave", "1"))):
            far = Address("far", "trial", who.encode())
            await service.take(Incoming(far, heard, once=who + str(heard), push=True))
        near = Address("near", "trial", b"3")
        await service.take(Incoming(near, Words("yes"), once="3", push=True))
        await until(1)
        assert sent == [(b"3", False)]
        assert len(service.store.pending()) == 2
        service.carry("far", deliver)
        await until(3)
        assert sorted(sent[1:]) == [(b"1", False), (b"2", True)]
        assert service.store.pending() == []
    finally:
        await service.stop()

"""The log after attacks on every door: nothing that anybody sent is in it, at whatever level."""

import json
import random
import string
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot import report
from bot.channels.web import make_web
from bot.channels.web_page import Language, WebSettings
from bot.channels.web_server import WebRunner
from tests.botapi import BotApi
from tests.canary import Canary, find
from tests.channels.test_web_mutated import ask, request_of
from tests.console_frame.test_frame import sign_in
from tests.console_frame.visitors import Clock, a_console, an_office
from tests.telegram.running import Running
from tests.telegram.test_mutated import PERSON, mutated
from tests.trial import seed, size

TIMES = size(few=20, whole=4_000)


@pytest.fixture
async def bot(tmp_path: Path, spoken: Path) -> AsyncIterator[Running]:
    async with BotApi() as telegram:
        running = Running(telegram, tmp_path / "bot", "webhook")
        (tmp_path / "bot").mkdir(mode=0o700)
        await running.start()
        yield running
        await running.stop()


class Marks:
    """Words and numbers that are nowhere else."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.all: list[Canary] = []

    def word(self, length: int = 12) -> str:
        self.all.append(made := "".join(self.chance.choices(string.ascii_lowercase, k=length)))
        return made

    def number(self) -> int:
        self.all.append(made := self.chance.randrange(6 << 32, 1 << 46))
        return made


def update(marks: Marks) -> bytes:
    """An update with something wrong in it, from somebody whose every name is marked."""
    said = mutated(marks.chance).replace(b'"A"', json.dumps(marks.word()).encode())
    person = str(marks.number()).encode()
    said = said.replace(str(PERSON)[:7].encode(), person[:7])
    return said.replace(str(PERSON).encode(), person).replace(
        b'"help"', f'"{marks.word()}"'.encode()
    )


@pytest.mark.timeout(1800)
async def test_whatever_was_sent_to_any_door_is_in_no_log(
    bot: Running, spoken: Path, tmp_path: Path, record_property: Any
) -> None:
    marks = Marks(random.Random(seed()))
    service = bot.service
    assert service is not None
    languages = tuple(Language(one.code, one.endonym, one.dir) for one in service.speech.languages)
    runner = WebRunner(make_web(service, service.speech.words, languages, WebSettings()))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    target = bot.telegram.webhook.target
    assert target is not None
    for _ in range(TIMES):
        assert await bot.telegram.webhook.post(update(marks)) in {200, 413}
        assert await bot.telegram.webhook.post(b"{}", secret=marks.word(40)) == 403
        raw = request_of(marks.chance).replace(b"A" * 43, marks.word(43).encode())
        raw = raw.replace(b"Host: x", f"Host: x\r\nX-Real-IP: {marks.word()}".encode())
        await ask(port, raw.replace(b"yes", marks.word(3 + 9).encode()))
    await runner.cleanup()
    office = an_office(tmp_path / "office", clock=Clock())
    async with a_console(office) as console:
        for _ in range(size(few=3, whole=50)):
            browser = console.browser()
            await sign_in(browser, marks.word(), marks.word(), str(marks.number())[:6])
            await browser.get(f"/listings/{marks.word()}?text={marks.word()}", status=303)
    report.alarm("trial_over")
    assert find([spoken], ["trial_over"]), "the search finds what is there"
    record_property("marks", len(marks.all))
    record_property("bytes of log", spoken.stat().st_size)  # noqa: ASYNC240 - all is over
    secrets: list[Canary] = [bot.telegram.token, target.secret, target.url.rsplit("/", 1)[1]]
    assert find([spoken], [*marks.all, *secrets]) == []

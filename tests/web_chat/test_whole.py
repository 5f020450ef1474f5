"""The page of the whole service: asked for, sealed, answered, ended, with a real desk behind it."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiohttp import web
from playwright.async_api import Browser, Page, expect

from bot.app import Service
from bot.channels.web import LIVE, WebRunner
from bot.cli.serve import page_of
from bot.handoff.message_model import Written
from bot.handoff.model import Chat
from bot.human import Human
from bot.sealing import (
    Context,
    Suite,
    make_identity,
    make_prekey,
    open_at_desk,
    seal_for_person,
    sign_reply,
)
from bot.settings import Settings
from bot.vault.signing import SigningKeys
from tests.web.test_reading import press
from tests.web_chat.conftest import SMALL, until
from tests.web_chat.test_sealed import sealed, write

pytestmark = pytest.mark.asyncio(loop_scope="session")


@dataclass
class Operator:
    """Somebody on shift at the real desk, with the keys that their browser would hold."""

    human: Human
    who: str
    heard: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        now = time.time()
        self.identity = make_identity()
        self.prekey = make_prekey(self.identity, int(now) + 3600)
        with self.human.store.group() as group:
            self.human.keys.enrol(group, self.who, self.identity.public, now)
            key = self.human.keys.add_prekey(group, self.who, self.prekey.public, now)
        self.human.shifts.begin_shift(self.who, self.who, ["en"], keys=[key])
        self.human.shifts.connected(self.who, True)

    def claim(self) -> Chat:
        (waiting,) = self.human.board.queue(None, 10)
        return self.human.desk.claim(self.who, waiting.id)

    def chat(self, chat: Chat) -> Chat:
        with self.human.store.group() as group:
            found = self.human.chats.of_person(group, chat.id)
        assert found is not None
        return found

    def read(self, chat: Chat) -> list[str]:
        now = time.time()
        with self.human.store.group() as group:
            chat = self.human.chats.of_person(group, chat.id) or chat
            new = self.human.messages.for_operator(
                group, chat, self.who, now=now, after=len(self.heard)
            )
        for one in new:
            assert one.wrap is not None
            suite: Suite = 1 if one.wrap.wrap[0] == 1 else 2
            place = Context(chat.id, "in", one.number)
            private = self.prekey.private[suite]
            self.heard.append(open_at_desk(place, one.body, one.wrap.wrap, suite, private))
        return self.heard

    def write(self, chat: Chat, text: str) -> None:
        with self.human.store.group() as group:
            chat = self.human.chats.of_person(group, chat.id) or chat
            place = Context(chat.id, "out", chat.number_out + 1)
            seal = seal_for_person(place, text, chat.suite, chat.public)
            signature = sign_reply(place, seal, self.identity)
            written = Written(place.number, seal, signature, self.identity.public.id, chat.public)
            self.human.messages.reply(group, chat, self.who, written, time.time())
        self.human.settle()


@asynccontextmanager
async def whole(folder: Path) -> AsyncIterator[tuple[Service, str]]:
    settings = Settings(data=folder / "data", key_ring=folder / "keys")
    (folder / "data").mkdir(mode=0o700)
    service = Service(settings, demo=True, signing=SigningKeys.open(folder / "signing"))
    await service.start()
    app = page_of(service)
    service.wake_on("web", app[LIVE].wake)
    runner = WebRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield service, f"http://127.0.0.1:{runner.addresses[0][1]}/"
    await runner.cleanup()
    await service.stop()


async def ask_for_a_person(page: Page) -> None:
    for key in ("yes", "!human", "yes"):
        await press(page, key)


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without"])
async def test_somebody_asks_for_a_human_and_they_talk(
    tmp_path: Path, chromium: Browser, *, script: bool
) -> None:
    async with whole(tmp_path) as (service, url):
        human = service.human
        assert human is not None
        maple = Operator(human, "Maple")
        context = await chromium.new_context(viewport=SMALL, java_script_enabled=script)  # type: ignore[arg-type]
        page = await context.new_page()
        page.set_default_timeout(8_000)
        await page.goto(url)
        await ask_for_a_person(page)
        await expect(page.locator("section.talk")).to_be_visible()
        chat = maple.claim()
        if script:
            await sealed(page)
        else:
            await page.goto(url)
        await write(page, "I am here")
        await until(lambda: maple.read(chat))
        assert maple.heard == ["I am here"]
        assert maple.chat(chat).mode == ("device" if script else "door")
        maple.write(chat, "I am here, too")
        if not script:
            await page.goto(url)
        await expect(page.locator(".them .said")).to_have_text("I am here, too")
        await write(page, "one more")
        await until(lambda: len(maple.read(chat)) == 2)
        human.desk.close("Maple", chat.id)
        if not script:
            await page.goto(url)
        await expect(page.locator("#write[type=text]")).to_be_visible()
        await context.close()

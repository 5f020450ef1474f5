"""What each channel says first, in each language: the promise for that channel, exactly as it was
reviewed, before anything can be answered freely; and nothing that shows on a locked screen.
"""

import html
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web
from babel.messages.pofile import read_po

from bot.app import LOCALES
from bot.channels.web import make_web
from bot.channels.web_page import Language, WebSettings
from bot.channels.web_server import WebRunner
from bot.speech import read_speech
from tests.botapi import BotApi
from tests.telegram.running import PAGE, Running

LANGUAGES: Final = tuple(one.code for one in read_speech(LOCALES).languages)
KEEP_HOURS, CLEAR_HOURS = 72, 24
SHOWING: Final = re.compile(
    r"(?i)sexual|violen|rape|assault|abuse|surviv|victim|trauma|war\b|shelter|сексуал|насил|зґвалт"
    r"|изнасил|пережил|постраждал|пострадав|жертв|травм|війн|войн|притул"
)
"""What must not stand where somebody else may read it: the first lines, the title, the name."""

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    """The service in Telegram."""
    async with BotApi() as telegram:
        bot = Running(telegram, tmp_path_factory.mktemp("bot"), "webhook")
        await bot.start()
        yield bot
        await bot.stop()


def reviewed(language: str, domain: str, context: str, source: str) -> str:
    """The text of the catalogue, as a person wrote it; English stands in what is translated."""
    if language == "en":
        return source
    path = LOCALES / language / "LC_MESSAGES" / f"{domain}.po"
    with path.open("rb") as file:
        message = read_po(file, locale=None).get(source, context)
    assert message is not None, f"{path} has no {context}"
    assert message.string
    return str(message.string)


def english(domain: str, context: str) -> str:
    """What is translated there, as the Ukrainian catalogue names it."""
    with (LOCALES / "uk" / "LC_MESSAGES" / f"{domain}.po").open("rb") as file:
        return next(str(one.id) for one in read_po(file) if one.context == context)


def plain(text: str) -> str:
    """Words alone, in one line."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def promise(language: str) -> str:
    """What every channel says of what is kept."""
    said = reviewed(language, "flows", "welcome.safe.say", english("flows", "welcome.safe.say"))
    return plain(said.replace("{keep_hours}", str(KEEP_HOURS)))


@pytest.mark.parametrize("language", LANGUAGES)
async def test_telegram_tells_what_telegram_sees_before_anything_can_be_said(
    running: Running, language: str
) -> None:
    chat = running.telegram.chat(language=language)
    chat.start()
    await chat.reply(2)
    first, second = chat.from_bot[:2]
    seen = reviewed(language, "ui", "telegram.first", english("ui", "telegram.first"))
    safer = reviewed(language, "ui", "telegram.safer", english("ui", "telegram.safer"))
    assert plain(seen.replace("{hours}", str(CLEAR_HOURS))) in plain(first.text)
    assert plain(safer.replace("{url}", PAGE)) in plain(first.text)
    assert first.keyboard == []
    assert promise(language) in plain(second.text)
    # A locked screen shows the first lines; nobody learns from them what this is about.
    assert not SHOWING.search(first.text)
    assert not SHOWING.search(second.text)
    assert second.silent


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_page_tells_what_is_kept_above_the_field_for_words(
    running: Running, language: str
) -> None:
    service = running.service
    assert service is not None
    languages = tuple(Language(one.code, one.endonym, one.dir) for one in service.speech.languages)
    runner = WebRunner(make_web(service, service.speech.words, languages, WebSettings()))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    try:
        async with (
            aiohttp.ClientSession(headers={"Accept-Language": language}) as browser,
            browser.get(url) as answer,
        ):
            page = await answer.text()
    finally:
        await runner.cleanup()
    field = re.search(r'<(?:textarea|input)\b[^>]*\bname="?t\b', page)
    assert field is not None, "there is a field for words"
    assert promise(language) in plain(page[: field.start()])
    hint = reviewed(language, "ui", "page.write_hint", english("ui", "page.write_hint"))
    assert plain(hint) in plain(page)
    (title,) = re.findall(r"<title>(.*?)</title>", page)
    assert not SHOWING.search(title)
    main = re.search(r"<main.*?</main>", page, re.DOTALL)
    assert main is not None
    assert not SHOWING.search(plain(main[0]))


async def test_the_words_that_must_not_show_are_found_where_they_are() -> None:
    for path in sorted((Path(LOCALES) / "uk" / "LC_MESSAGES").glob("flows.po")):
        assert SHOWING.search(path.read_text("utf-8"))

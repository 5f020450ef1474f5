"""Everybody can reach the notice: by a word on every channel, by the menu, by a link."""

import re
from collections.abc import AsyncIterator
from html import unescape
from importlib.resources import files

import pytest
import pytest_asyncio
from aiohttp import ClientSession, web
from playwright.async_api import Browser

from bot.channels.web import Language, WebRunner, WebSettings, make_web
from bot.channels.web_page import PAGE_BYTES
from bot.privacy import Promised, notice, notices
from bot.settings import Settings
from tests.contract.at_terminal import AtTerminal
from tests.contract.hands import Hands
from tests.contract.house import House, open_house
from tests.contract.in_telegram import InTelegram
from tests.contract.on_page import OnPage
from tests.web.conftest import picture

pytestmark = pytest.mark.asyncio(loop_scope="session")
NOW = 1_795_000_000.0
AXE = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
LANGUAGES = ("en", "uk", "ru", "lt", "az", "fr", "es")
RUN_BY = {"organisation": "Example House", "contact": "privacy@guide.example"}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    async with open_house(tmp_path_factory.mktemp("house"), lambda: NOW) as house:
        yield house


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def site(house: House) -> AsyncIterator[str]:
    """The page of an organisation that has put its name there."""
    service = house.service
    spoken = tuple(Language(one.code, one.endonym, one.dir) for one in service.speech.languages)
    said = notices(service.speech, Settings.model_validate(RUN_BY))
    app = make_web(service, service.speech.words, spoken, WebSettings(), notices=said)
    runner = WebRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


def said_in(house: House, language: str) -> tuple[str, ...]:
    """Every line of the notice."""
    blocks = notice(house.service.speech.phrases[language], Promised())
    return tuple(line.text for block in blocks for line in block.lines)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_word_brings_it_on_every_channel(house: House, language: str) -> None:
    for kind in (AtTerminal, OnPage, InTelegram):
        hands: Hands = kind(house, language)
        await hands.come()
        await hands.say("/privacy")
        given = house.given(hands.address.channel)
        assert given.language == language
        lines = [line.text for block in given.blocks for line in block.lines]
        assert [one for one in said_in(house, language) if one not in lines] == []
        await hands.go()


async def test_who_asked_is_led_back_to_where_they_were(house: House) -> None:
    for kind in (AtTerminal, OnPage, InTelegram):
        hands: Hands = kind(house, "en")
        await hands.come()
        await hands.say("yes")
        before = house.given(hands.address.channel).blocks
        await hands.say("privacy")
        await hands.say("back")
        assert house.given(hands.address.channel).blocks == before
        await hands.go()


async def test_the_menu_leads_there_too(house: House) -> None:
    hands = OnPage(house, "en")
    await hands.come()
    for word in ("menu", "What is kept", "All of it"):
        await hands.say(word)
    lines = [line.text for block in house.given("web").blocks for line in block.lines]
    assert said_in(house, "en")[0] in lines
    await hands.go()


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_page_is_whole_needs_no_cookie_and_is_as_large_as_every_page(
    house: House, site: str, language: str
) -> None:
    async with ClientSession() as http, http.get(f"{site}/privacy/{language}") as answer:
        body = await answer.read()
        assert not answer.cookies
        assert answer.headers["Cache-Control"] == "no-store"
    page = unescape(body.decode())
    assert len(body) == PAGE_BYTES
    assert f'<html lang="{language}"' in page
    unnamed = {
        house.service.speech.words(language, f"privacy.{key}")
        for key in ("who_unknown", "contact_unknown")
    }
    assert [one for one in said_in(house, language) if one not in page and one not in unnamed] == []
    assert "Example House" in page
    assert "privacy@guide.example" in page


async def test_the_first_page_leads_there_and_a_language_that_we_do_not_speak_does_not(
    site: str,
) -> None:
    async with ClientSession(headers={"Accept-Language": "lt"}) as http:
        async with http.get(site + "/") as answer:
            body = await answer.read()
        assert len(body) == PAGE_BYTES
        assert re.search(r'<footer>.*href="/privacy/lt"', body.decode(), re.DOTALL)
        async with http.get(site + "/privacy") as answer:
            assert '<html lang="lt"' in await answer.text()
        async with http.get(site + "/privacy/xx") as answer:
            assert answer.status == 404


async def test_everybody_can_read_it_on_a_narrow_screen_with_and_without_a_script(
    site: str, chromium: Browser
) -> None:
    narrow = {"width": 320, "height": 640}
    context = await chromium.new_context(viewport=narrow, bypass_csp=True, locale="es")  # type: ignore[arg-type]
    page = await context.new_page()
    await page.goto(site)
    await page.click("footer a[href='/privacy/es']")
    await page.wait_for_selector("h1:has-text('Qué se guarda')")
    for language in ("es", "uk"):
        await page.goto(f"{site}/privacy/{language}")
        assert await page.evaluate("document.documentElement.scrollWidth") <= 320
        await page.evaluate(AXE)
        found = await page.evaluate("axe.run(document)")
        assert [(one["id"], one["help"]) for one in found["violations"]] == []
        await picture(page, f"privacy_{language}")
    plain = await chromium.new_context(java_script_enabled=False, locale="fr")
    page = await plain.new_page()
    await page.goto(site)
    await page.click("footer a[href='/privacy/fr']")
    assert page.url.endswith("/privacy/fr")
    await context.close()
    await plain.close()

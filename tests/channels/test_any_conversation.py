"""What holds on the page for every conversation: only what a browser sees is used here."""

import random
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from bot.app import Service
from bot.channels.contract import Conversation
from bot.settings import Settings
from tests.channels.conftest import Site
from tests.channels.counting import CountingConversation
from tests.channels.html import FormOnPage, Page

STEPS = 40


@pytest.fixture(params=["counting", "the whole service"])
async def conversation(
    request: pytest.FixtureRequest, tmp_path: Path
) -> AsyncIterator[Conversation]:
    if request.param == "counting":
        yield CountingConversation()
        return
    service = Service(Settings(data=tmp_path, key_ring=tmp_path / "keys"), demo=True)
    await service.start()
    yield service
    await service.stop()


async def read(browser: aiohttp.ClientSession, path: str = "/") -> Page:
    async with browser.get(path) as answer:
        assert answer.status == 200
        return Page(await answer.text())


async def press(browser: aiohttp.ClientSession, fields: dict[str, str]) -> Page:
    async with browser.post("/", data=fields) as answer:
        assert answer.status == 200
        return Page(await answer.text())


def ways(page: Page) -> list[dict[str, str]]:
    """All that can be sent from this page without typing."""
    return [fields for form in page.forms for fields in sent_by(form)]


def sent_by(form: FormOnPage) -> list[dict[str, str]]:
    if form.options:
        return [{**form.fields, "c": key} for key in form.options.values() if key]
    return [form.fields] if form.fields.get("c") else []


async def test_someone_new_sees_words_and_something_to_pick(
    browser: aiohttp.ClientSession,
) -> None:
    page = await read(browser)
    assert page.choices
    assert "Set-Cookie" not in str(page.text)
    assert not list(browser.cookie_jar)


async def test_the_first_choice_leads_on(browser: aiohttp.ClientSession) -> None:
    before = await read(browser)
    after = await press(browser, before.choices[0].fields)
    assert after.all("main")[0].text != before.all("main")[0].text
    assert (await read(browser)).all("main")[0].text == after.all("main")[0].text


@pytest.mark.parametrize("seed", range(3))
async def test_wandering_never_meets_an_error_or_a_dead_end(
    browser: aiohttp.ClientSession, seed: int
) -> None:
    dice = random.Random(seed)
    page = await read(browser)
    for _ in range(STEPS):
        page = await press(browser, dice.choice(ways(page)))
        if not page.forms:
            page = await read(browser)
        assert ways(page)
        assert page.all("a")[0].attrs["href"] == "/exit"


async def test_leaving_from_anywhere_begins_anew(site: Site) -> None:
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(site.url, cookie_jar=jar) as browser:
        first = await read(browser)
        page = await press(browser, first.choices[0].fields)
        assert list(jar)
        last = await press(browser, {"m": "", "c": "!leave"})
        assert last.forms == []
        assert not list(jar)
        assert (await read(browser)).all("main")[0].text == first.all("main")[0].text
        assert page.forms

"""A person on the page, as any browser sends it: answering, leaving, and when things break."""

import asyncio
import logging
from http import HTTPStatus

import aiohttp
import pytest

from bot.channels.contract import Outgoing, Words
from bot.channels.web import WebSettings, make_web
from tests.channels.conftest import LANGUAGES, Site
from tests.channels.counting import DOWN, CountingConversation
from tests.channels.html import Page
from tests.channels.visiting import read, send
from tests.channels.wording import words

CANARY = "qzxcanaryword"


async def test_looking_at_the_page_stores_nothing_and_sets_no_cookie(
    browser: aiohttp.ClientSession, conversation: CountingConversation
) -> None:
    async with browser.get("/") as answer:
        assert "Set-Cookie" not in answer.headers
        assert "Turn 0." in await answer.text()
    assert (conversation.sessions, conversation.taken) == ({}, [])


async def test_a_first_answer_begins_a_session_that_only_the_browser_can_name(
    browser: aiohttp.ClientSession, conversation: CountingConversation
) -> None:
    answer = await send(browser, (await read(browser)).button("Yes <now>"))
    assert answer.status == HTTPStatus.SEE_OTHER
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("s=")
    assert sorted(cookie.split("; ")[1:]) == ["HttpOnly", "Path=/", "SameSite=Strict"]
    (taken,) = conversation.taken
    assert len(taken.address.secret) == 32
    assert taken.address.secret not in taken.address.person
    assert "Turn 1." in (await read(browser)).text


async def test_reading_the_page_again_never_answers_again(
    browser: aiohttp.ClientSession, conversation: CountingConversation
) -> None:
    await send(browser, (await read(browser)).button("Yes <now>"))
    for _ in range(3):
        assert "Turn 1." in (await read(browser)).text
    assert len(conversation.taken) == 1


async def test_a_form_sent_twice_has_one_effect(
    browser: aiohttp.ClientSession, conversation: CountingConversation
) -> None:
    await send(browser, (await read(browser)).button("Yes <now>"))
    again = (await read(browser)).button("Abroad")
    answers = await asyncio.gather(*(send(browser, again) for _ in range(5)))
    assert {answer.status for answer in answers} == {HTTPStatus.SEE_OTHER}
    assert len(conversation.taken) == 2
    assert "Turn 2." in (await read(browser)).text


async def test_a_place_is_picked_from_the_list(
    browser: aiohttp.ClientSession, conversation: CountingConversation
) -> None:
    await send(browser, (await read(browser)).button("Yes <now>"))
    (lists,) = [form for form in (await read(browser)).forms if form.options]
    await send(browser, {**lists.fields, "c": lists.options["Region 7"]})
    assert "Turn 2." in (await read(browser)).text


async def test_a_list_sent_without_a_pick_changes_nothing(
    browser: aiohttp.ClientSession, conversation: CountingConversation
) -> None:
    answer = await send(browser, {"m": "0", "c": ""})
    assert (answer.status, answer.headers["Location"]) == (HTTPStatus.SEE_OTHER, "/")
    assert conversation.taken == []


async def test_typed_words_arrive_as_they_were_written(
    browser: aiohttp.ClientSession, conversation: CountingConversation
) -> None:
    await send(browser, {"m": "0", "t": "Київ & <b> \u202e \x00 'ok'"})
    assert conversation.taken[0].heard == Words("Київ & <b> \u202e \x00 'ok'")
    assert CANARY not in repr(conversation.taken[0])


async def test_what_was_typed_is_in_no_page_no_address_and_no_delivery_name(
    browser: aiohttp.ClientSession, conversation: CountingConversation
) -> None:
    answer = await send(browser, {"m": "0", "t": CANARY})
    assert CANARY not in str(answer.headers)
    assert CANARY not in (await read(browser)).text
    assert CANARY not in conversation.taken[0].once


@pytest.mark.parametrize("settings", [WebSettings(secure=True)])
async def test_over_https_the_cookie_is_bound_to_this_host(browser: aiohttp.ClientSession) -> None:
    answer = await send(browser, {"m": "0", "c": "yes"})
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-s=")
    assert "Secure" in cookie.split("; ")


@pytest.mark.parametrize(
    ("settings", "name"),
    [(WebSettings(behind_proxy=True), "__Host-s"), (WebSettings(), "s")],
)
async def test_a_proxy_is_believed_about_https_only_when_the_settings_say_so(
    browser: aiohttp.ClientSession, name: str
) -> None:
    answer = await send(browser, {"m": "0", "c": "yes"}, X_Forwarded_Proto="https")
    assert answer.headers["Set-Cookie"].partition("=")[0] == name


@pytest.mark.parametrize(
    "cookie",
    ["", "x", "A" * 42, "A" * 44, "A" * 42 + "B", "A" * 42 + "!", "A" * 5000, "\u0410" * 43, '"'],
)
async def test_a_cookie_that_is_not_ours_is_no_cookie(site: Site, cookie: str) -> None:
    headers = {"Cookie": f"s={cookie}"}
    async with aiohttp.ClientSession(site.url) as browser:
        async with browser.get("/", headers=headers) as answer:
            assert "Turn 0." in await answer.text()
        async with browser.post(
            "/", data={"m": "0", "c": "yes"}, headers=headers, allow_redirects=False
        ) as answer:
            assert cookie != answer.headers["Set-Cookie"].partition(";")[0].partition("=")[2]


async def test_when_nothing_can_be_saved_the_person_reads_where_to_get_help(
    browser: aiohttp.ClientSession, conversation: CountingConversation
) -> None:
    conversation.failing = DOWN
    for send_it in (browser.get("/"), browser.post("/", data={"m": "0", "c": "yes"})):
        async with send_it as answer:
            assert answer.status == HTTPStatus.SERVICE_UNAVAILABLE
            assert "Set-Cookie" not in answer.headers
            page = Page(await answer.text())
        assert "Your last answer was not saved." in page.text
        assert "tel:112" in {link.attrs["href"] for link in page.all("a")}


async def test_a_fault_of_ours_shows_help_and_logs_only_its_kind_and_place(
    browser: aiohttp.ClientSession,
    conversation: CountingConversation,
    caplog: pytest.LogCaptureFixture,
) -> None:
    conversation.failing = ValueError(CANARY)
    caplog.set_level(logging.DEBUG)
    answer = await send(browser, {"m": "0", "t": CANARY})
    assert answer.status == HTTPStatus.SERVICE_UNAVAILABLE
    (record,) = [record for record in caplog.records if record.name.startswith("quietline")]
    assert record.getMessage().startswith("ValueError at counting:")
    assert CANARY not in caplog.text
    assert "127.0.0.1" not in "".join(
        r.getMessage() for r in caplog.records if r.name.startswith(("aiohttp", "quietline"))
    )


async def test_even_the_emergency_page_failing_leaves_an_emergency_page(
    browser: aiohttp.ClientSession,
    conversation: CountingConversation,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(self: CountingConversation, language: str) -> Outgoing:
        raise RuntimeError(language)

    async with browser.get("/now") as before:
        assert "tel:112" in await before.text()
    monkeypatch.setattr(CountingConversation, "emergency", broken)
    async with browser.get("/now") as answer:
        assert answer.status == HTTPStatus.SERVICE_UNAVAILABLE
        assert "tel:112" in await answer.text()


async def test_the_emergency_page_needs_no_cookie_and_no_store(
    browser: aiohttp.ClientSession, conversation: CountingConversation
) -> None:
    conversation.failing = DOWN
    assert (await read(browser, "/now")).all("html")[0].attrs["lang"] == "en"
    assert (await read(browser, "/now/uk")).all("html")[0].attrs["lang"] == "uk"
    assert not list(browser.cookie_jar)


async def test_a_browser_without_cookies_is_told_why_nothing_goes_on(site: Site) -> None:
    jar = aiohttp.DummyCookieJar()
    async with aiohttp.ClientSession(site.url, cookie_jar=jar) as browser:
        answer = await send(browser, {"m": "0", "c": "yes"})
        page = await read(browser, answer.headers["Location"])
    assert words("en", "page.no_cookie") in page.text


@pytest.mark.parametrize(
    ("wish", "language"),
    [
        ("uk-UA,uk;q=0.9,en;q=0.5", "uk"),
        ("en;q=0.2, UK;q=0.7", "uk"),
        ("fr", "en"),
        ("", "en"),
        ("uk;q=banana, en;q=0.1", "en"),
        ("uk;q=nan", "en"),
        ("," * 4000 + "uk", "en"),
    ],
)
async def test_a_new_person_is_greeted_in_the_language_of_the_device(
    browser: aiohttp.ClientSession, wish: str, language: str
) -> None:
    async with browser.get("/", headers={"Accept-Language": wish}) as answer:
        page = Page(await answer.text())
    assert page.all("html")[0].attrs["lang"] == language


async def test_the_language_can_be_switched_on_every_page(browser: aiohttp.ClientSession) -> None:
    await send(browser, (await read(browser)).button("Українська"))
    page = await read(browser)
    assert page.all("html")[0].attrs["lang"] == "uk"
    assert "Вітаю." in page.text
    await send(browser, page.button("English"))
    assert "Hello." in (await read(browser)).text


def test_a_missing_word_stops_the_start(conversation: CountingConversation) -> None:
    def forgetful(language: str, key: str) -> str:
        if key == "page.refused" and language == "uk":
            raise KeyError(key)
        return words(language, key)

    with pytest.raises(KeyError):
        make_web(conversation, forgetful, LANGUAGES, WebSettings())

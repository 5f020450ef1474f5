"""What goes over the wire for the page's script, and for Tor Browser."""

from collections.abc import AsyncIterator
from http import HTTPStatus

import aiohttp
import pytest
import pytest_asyncio
from yarl import URL

from bot.channels.web import WebSettings
from bot.channels.web_page import PAGE_BYTES
from tests.channels.counting import DOWN, CountingConversation
from tests.channels.html import Page
from tests.web.conftest import Serve

pytestmark = pytest.mark.asyncio(loop_scope="session")
PART = {"X-Part": "1"}
ONION = f"http://{'q' * 56}.onion"


@pytest_asyncio.fixture(loop_scope="session")
async def conversation() -> CountingConversation:
    return CountingConversation()


@pytest_asyncio.fixture(loop_scope="session")
async def web(
    serve: Serve, conversation: CountingConversation
) -> AsyncIterator[aiohttp.ClientSession]:
    settings = WebSettings(onion_url=f"{ONION}/")
    jar = aiohttp.CookieJar(unsafe=True)
    async with (
        serve(conversation, settings=settings) as site,
        aiohttp.ClientSession(site.url, cookie_jar=jar) as web,
    ):
        yield web


async def test_a_part_is_the_page_without_its_head_and_of_one_size(
    web: aiohttp.ClientSession, conversation: CountingConversation
) -> None:
    sizes = set()
    for path, status in (("/", 200), ("/now/ar", 200), ("/none", 404)):
        async with web.get(path) as whole, web.get(path, headers=PART) as part:
            assert whole.status == part.status == status
            assert "X-Part" not in whole.headers
            assert part.headers["X-Part"] == "1"
            html = await part.text()
            sizes.add(len(html.encode()))
            read = Page(html)
            assert read.all("style", "script") == []
            assert read.text in Page(await whole.text()).text
            assert read.all("html")[0].attrs == Page(await whole.text()).all("html")[0].attrs
    assert sizes == {PAGE_BYTES}
    conversation.failing = DOWN
    async with web.get("/", headers=PART) as part:
        assert (part.status, part.headers["X-Part"]) == (503, "1")


async def test_a_script_is_answered_at_once_and_the_same_answer_counts_once(
    web: aiohttp.ClientSession, conversation: CountingConversation
) -> None:
    for _ in range(2):
        async with web.post("/", data={"m": "0", "c": "yes"}, headers=PART) as got:
            assert got.status == HTTPStatus.OK
            assert not got.history
            assert "Turn 1." in Page(await got.text()).text
    assert len(conversation.taken) == 1
    async with web.post("/", data={"m": "1", "c": "!leave"}, headers=PART) as got:
        assert "is gone" in Page(await got.text()).text
        assert "Clear-Site-Data" in got.headers
    assert not list(web.cookie_jar)


async def test_the_exit_of_the_script_erases_and_leads_nowhere(
    web: aiohttp.ClientSession, conversation: CountingConversation
) -> None:
    async with web.post("/", data={"m": "0", "c": "yes"}):
        assert conversation.sessions
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://other.example"}):
        async with web.post("/exit", headers=headers) as got:
            assert got.status == HTTPStatus.FORBIDDEN
    assert conversation.sessions
    async with web.post("/exit", headers={"Sec-Fetch-Site": "same-origin"}) as got:
        assert got.status == HTTPStatus.NO_CONTENT
        assert got.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
        assert "Max-Age=0" in got.headers["Set-Cookie"]
    assert conversation.sessions == {}


@pytest.mark.parametrize("path", ["/", "/now/uk", "/live", "/none", "/%0d%0aX-Broken:%201"])
async def test_tor_browser_is_shown_the_way_to_the_onion_page(
    web: aiohttp.ClientSession, path: str
) -> None:
    async with web.get(URL(path, encoded=True)) as got:
        assert got.headers["Onion-Location"] == ONION + path
        assert "X-Broken" not in got.headers
    async with web.get("/", headers={"Host": f"{'q' * 56}.onion"}) as got:
        assert "Onion-Location" not in got.headers
        assert "Strict-Transport-Security" not in got.headers

"""A flood on the page: the others go on, help now and leaving always work, and nobody is believed
about where they come from unless a proxy of ours says it.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from http import HTTPStatus
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from bot.app import Service
from bot.channels.contract import HELP_NOW, LEAVE, Address
from bot.channels.limits import SIZES, Limits
from bot.channels.web import Language, WebRunner, WebSettings, make_web
from bot.dialogue.hear import is_urgent
from bot.settings import Settings
from tests.channels.html import Page

FLOODER, SAME_NETWORK, ELSEWHERE = "203.0.113.7", "203.0.113.99", "198.51.100.4"
CIRCUIT, OTHER_CIRCUIT = "fc00:dead:beef:4dad::1", "fc00:dead:beef:4dad::2"
BURST = SIZES["network"].burst
WAYS_TO_HELP = ({"m": "", "c": HELP_NOW}, {"m": "", "t": "help me"}, {"m": "0", "t": "Рятуйте!"})


class Visitor:
    """A browser behind our proxy, without cookies."""

    def __init__(self, http: aiohttp.ClientSession, address: str) -> None:
        self._http, self._headers = http, {"X-Forwarded-For": address}

    async def get(self, path: str = "/", **more: str) -> aiohttp.ClientResponse:
        return await self._ask("GET", path, None, more)

    async def post(
        self, data: dict[str, str], path: str = "/", **more: str
    ) -> aiohttp.ClientResponse:
        return await self._ask("POST", path, data, more)

    async def _ask(
        self, how: str, path: str, data: dict[str, str] | None, more: dict[str, str]
    ) -> aiohttp.ClientResponse:
        headers = self._headers | {name.replace("_", "-"): value for name, value in more.items()}
        asked = self._http.request(how, path, data=data, headers=headers, allow_redirects=False)
        async with asked as answer:
            await answer.read()
            return answer


Visit = Callable[[str], Visitor]


@pytest.fixture
def clock() -> list[float]:
    """The seconds of the limits, which stand still."""
    return [0.0]


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    service = Service(Settings(data=tmp_path, key_ring=tmp_path / "keys"), demo=True)
    await service.start()
    yield service
    await service.stop()


@asynccontextmanager
async def running(
    service: Service, limits: Limits, *, behind_proxy: bool = True
) -> AsyncIterator[Visit]:
    languages = tuple(Language(one.code, one.endonym, one.dir) for one in service.speech.languages)
    settings = WebSettings(behind_proxy=behind_proxy)
    app = make_web(
        service,
        service.speech.words,
        languages,
        settings,
        urgent=lambda text: is_urgent(service.lexicon, text),
        limits=limits,
    )
    runner = WebRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    async with aiohttp.ClientSession(url, cookie_jar=aiohttp.DummyCookieJar()) as http:
        yield lambda address: Visitor(http, address)
    await runner.cleanup()


@pytest.fixture
def limits(clock: list[float]) -> Limits:
    return Limits(clock=lambda: clock[0])


@pytest.fixture
async def visit(service: Service, limits: Limits) -> AsyncIterator[Visit]:
    async with running(service, limits) as visit:
        yield visit


async def flood(visitor: Visitor, times: int = BURST) -> None:
    for _ in range(times):
        assert (await visitor.get()).status == HTTPStatus.OK
        assert (await visitor.post({"m": "", "c": "nothing"})).status == HTTPStatus.SEE_OTHER


async def test_a_flood_reads_when_to_come_again_and_the_way_to_help(
    visit: Visit, clock: list[float]
) -> None:
    flooder = visit(FLOODER)
    await flood(flooder)
    for answer in (await flooder.get(), await flooder.post({"m": "", "c": "nothing"})):
        assert answer.status == HTTPStatus.TOO_MANY_REQUESTS
        assert answer.headers["Retry-After"] == "1"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in answer.headers
        page = Page(await answer.text())
        links = [link.attrs["href"] for link in page.all("a")]
        assert "/now/en" in links
        assert "/exit" in links
        assert "Help now" in page.text
    assert (await visit(SAME_NETWORK).get()).status == HTTPStatus.TOO_MANY_REQUESTS
    assert (await visit(ELSEWHERE).get()).status == HTTPStatus.OK
    clock[0] += 1
    assert (await flooder.get()).status == HTTPStatus.OK


async def test_the_refusal_is_in_the_language_of_the_device_and_a_part_where_one_was_asked_for(
    visit: Visit,
) -> None:
    await flood(visit(CIRCUIT), SIZES["circuit"].burst)
    answer = await visit(CIRCUIT).get(Accept_Language="uk", X_Part="1")
    assert answer.status == HTTPStatus.TOO_MANY_REQUESTS
    assert answer.headers["X-Part"] == "1"
    text = await answer.text()
    assert "мережі" in text
    assert "<style>" not in text


@pytest.mark.parametrize("address", [FLOODER, CIRCUIT])
async def test_help_now_and_leaving_are_open_in_the_middle_of_a_flood(
    visit: Visit, service: Service, address: str
) -> None:
    visitor = visit(address)
    kind = "network" if address == FLOODER else "circuit"
    await flood(visitor, SIZES[kind].burst)
    assert (await visitor.get()).status == HTTPStatus.TOO_MANY_REQUESTS
    for path in ("/now", "/now/uk"):
        assert (await visitor.get(path)).status == HTTPStatus.OK
    for wish in WAYS_TO_HELP:
        answer = await visitor.post(wish)
        assert answer.status == HTTPStatus.SEE_OTHER, wish
        # Its own page would be refused now, so this leads to one that is not.
        assert answer.headers["Location"] == "/now"
        part = await visitor.post(wish, X_Part="1")
        assert part.status == HTTPStatus.OK
        assert "102" in await part.text()
    for farewell in ({"m": "", "c": LEAVE}, {"m": "", "t": "stop"}):
        assert "Clear-Site-Data" in (await visitor.post(farewell)).headers
    assert (await visitor.get("/exit")).status == HTTPStatus.SEE_OTHER
    assert (await visitor.post({}, "/exit")).status == HTTPStatus.NO_CONTENT
    shown = await service.look(Address("web", "web", b"somebody"), "en")
    assert {option.key for option in shown.bar} >= {HELP_NOW, LEAVE}


async def test_where_only_answers_ran_out_help_leads_to_the_page_itself(visit: Visit) -> None:
    visitor = visit(CIRCUIT)
    for _ in range(SIZES["circuit"].burst):
        await visitor.post({"m": "", "c": "nothing"})
    assert (await visitor.post({"m": "", "c": "nothing"})).status == HTTPStatus.TOO_MANY_REQUESTS
    answer = await visitor.post({"m": "", "c": HELP_NOW})
    assert answer.headers["Location"] == "/?k"
    assert (await visitor.get("/?k")).status == HTTPStatus.OK


async def test_each_circuit_has_a_bucket_of_its_own(visit: Visit) -> None:
    await flood(visit(CIRCUIT), SIZES["circuit"].burst)
    assert (await visit(CIRCUIT).get()).status == HTTPStatus.TOO_MANY_REQUESTS
    assert (await visit(OTHER_CIRCUIT).get()).status == HTTPStatus.OK


async def test_only_the_last_address_which_the_proxy_wrote_is_believed(visit: Visit) -> None:
    for number in range(SIZES["circuit"].burst):
        made_up = f"198.51.{number}.1, {CIRCUIT}"
        assert (await visit(made_up).get()).status == HTTPStatus.OK
    assert (await visit(f"192.0.2.1,{CIRCUIT}").get()).status == HTTPStatus.TOO_MANY_REQUESTS
    assert (await visit(f"{CIRCUIT}, 192.0.2.1").get()).status == HTTPStatus.OK


async def test_without_a_proxy_of_ours_the_header_says_nothing(
    service: Service, limits: Limits
) -> None:
    async with running(service, limits, behind_proxy=False) as visit:
        await flood(visit(CIRCUIT), SIZES["circuit"].burst + 5)
        assert len(limits) == 0


async def test_a_broken_form_in_a_flood_is_told_what_it_is(visit: Visit) -> None:
    visitor = visit(CIRCUIT)
    await flood(visitor, SIZES["circuit"].burst)
    foreign = await visitor.post({"m": "", "c": HELP_NOW}, Sec_Fetch_Site="cross-site")
    assert foreign.status == HTTPStatus.FORBIDDEN


async def test_what_is_no_page_is_not_counted(visit: Visit, limits: Limits) -> None:
    for path in ("/nothing", "/now", "/exit", "/favicon.ico"):
        await visit(FLOODER).get(path)
    assert len(limits) == 0

"""What stands before the replicas: TLS, sizes, no trace of anybody, and help when all is down."""

import asyncio
import contextlib
import re
import socket
import tomllib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.deploy.proxy import CADDYFILE, ROOT, SITE, STAFF_SITE, Proxy, free_ports, needs_caddy
from tests.deploy.proxy import running as proxy_running

here = pytest.mark.asyncio(loop_scope="module")
CANARY = "wjxkqzvhpnty"
NAMING = {"Server", "Via", "ETag", "Etag", "Alt-Svc", "Last-Modified", "Accept-Ranges"}


@dataclass(slots=True)
class Replica:
    """Says who it is, and remembers what it was asked."""

    name: str
    asked: list[web.BaseRequest] = field(default_factory=list)
    more: asyncio.Event = field(default_factory=asyncio.Event)
    questions: int = 0
    """How often the proxy asked whether it is ready since it is there."""
    seen: asyncio.Event = field(default_factory=asyncio.Event)
    """The proxy has asked, has had the answer, and asks again."""
    server: TestServer | None = None

    async def start(self, port: int) -> None:
        app = web.Application()
        app.add_routes(
            [
                web.get("/readyz", self.ready),
                web.get("/live", self.live),
                web.route("*", "/{path:.*}", self.answer),
            ]
        )
        self.server = TestServer(app, port=port)
        await self.server.start_server()

    async def stop(self) -> None:
        if self.server is not None:
            await self.server.close()
            self.server = None

    async def ready(self, _request: web.Request) -> web.Response:
        self.questions += 1
        if self.questions > 1:
            self.seen.set()
        return web.Response(text="ready")

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append(request)
        await request.read()
        return web.Response(text=self.name, headers={"Server": "ours", "ETag": '"1"'})

    async def live(self, request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        await answer.write(b"first\n")
        await self.more.wait()
        await answer.write(b"second\n")
        return answer


@dataclass(slots=True)
class House:
    """A proxy before two replicas and two consoles."""

    proxy: Proxy
    replicas: dict[int, Replica]
    consoles: dict[int, Replica]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    folder = tmp_path_factory.mktemp("proxy")
    pages = folder / "emergency"
    pages.mkdir()
    for code in ("en", "uk"):
        (pages / f"{code}.html").write_text(f"<p>help now {code}", "utf-8")
    one, two, three, four = free_ports(4)
    house_replicas = {port: Replica(f"page {port}") for port in (one, two)}
    house_consoles = {port: Replica(f"console {port}") for port in (three, four)}
    for port, replica in (house_replicas | house_consoles).items():
        await replica.start(port)
    async with proxy_running(folder, (one, two), (three, four), pages, PATIENCE="1s") as proxy:
        yield House(proxy, house_replicas, house_consoles)
    for replica in (house_replicas | house_consoles).values():
        await replica.stop()


@contextlib.asynccontextmanager
async def down(*replicas: dict[int, Replica]) -> AsyncIterator[None]:
    """While they are dead."""
    every = [pair for group in replicas for pair in group.items()]
    for _, replica in every:
        await replica.stop()
    yield
    for port, replica in every:
        await replica.start(port)
        replica.questions = 0
        replica.seen.clear()
    # The proxy asks on its own whether they are back.
    await asyncio.gather(*(replica.seen.wait() for _, replica in every))


@needs_caddy
@here
async def test_a_person_is_answered_over_tls_and_nothing_says_by_which_software(
    house: House,
) -> None:
    async with house.proxy.browser() as browser:
        answer = await house.proxy.ask(browser, "/")
        assert answer.status == 200
        assert answer.text.startswith("page ")
        assert answer.headers["Strict-Transport-Security"].startswith("max-age=")
        assert not NAMING & set(answer.headers)


@needs_caddy
@here
async def test_the_service_is_told_who_asks_by_the_proxy_alone(house: House) -> None:
    forged = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "http"}
    async with house.proxy.browser() as browser:
        said = await house.proxy.ask(browser, "/who", headers=forged)
    (replica,) = [one for one in house.replicas.values() if one.name == said.text]
    headers = replica.asked[-1].headers
    assert headers.getall("X-Forwarded-For") == ["127.0.0.1"]
    assert headers.getall("X-Forwarded-Proto") == ["https"]
    assert headers["Host"] == f"{SITE}:{house.proxy.port}"


@needs_caddy
@here
async def test_more_than_a_form_holds_is_refused_at_the_door_and_an_upload_of_staff_is_not(
    house: House,
) -> None:
    async with house.proxy.browser() as browser:
        ask = house.proxy.ask
        small = await ask(browser, "/", method="POST", data=b"x" * 60_000)
        large = await ask(browser, "/", method="POST", data=b"x" * 200_000)
        upload = await ask(browser, "/imports", STAFF_SITE, "POST", data=b"x" * 900_000)
        assert (small.status, large.status, upload.status) == (200, 413, 200)


@needs_caddy
@here
async def test_who_works_at_the_console_stays_with_the_replica_that_has_the_upload(
    house: House,
) -> None:
    async with house.proxy.browser() as browser:
        names = {(await house.proxy.ask(browser, "/imports", STAFF_SITE)).text for _ in range(6)}
    assert len(names) == 1


@needs_caddy
@here
async def test_one_replica_dies_and_nobody_notices(house: House) -> None:
    (port, first), (_, second) = house.replicas.items()
    async with house.proxy.browser() as browser, down({port: first}):
        for number in range(6):
            method = "POST" if number % 2 else "GET"
            answer = await house.proxy.ask(browser, "/", method=method)
            assert (answer.status, answer.text) == (200, second.name)


@needs_caddy
@here
async def test_news_reaches_an_open_page_at_once(house: House) -> None:
    async with house.proxy.browser() as browser, browser.get(house.proxy.url("/live")) as answer:
        assert await answer.content.readline() == b"first\n"
        for replica in house.replicas.values():
            replica.more.set()
        assert await answer.content.readline() == b"second\n"


@needs_caddy
@here
async def test_what_machines_ask_of_each_other_is_not_answered_outside(house: House) -> None:
    async with house.proxy.browser() as browser:
        for path in ("/healthz", "/readyz", "/metrics"):
            for site in (SITE, STAFF_SITE):
                assert (await house.proxy.ask(browser, path, site)).status == 404


@needs_caddy
@here
async def test_when_all_is_down_everyone_gets_help_in_their_language_and_a_way_out(
    house: House,
) -> None:
    async with house.proxy.browser() as browser, down(house.replicas, house.consoles):

        async def ask(path: str, language: str, method: str = "GET", site: str = SITE) -> str:
            said = await house.proxy.ask(
                browser, path, site, method, headers={"Accept-Language": language}
            )
            assert said.status in {303, 502, 503}
            assert not NAMING & set(said.headers)
            return said.headers.get("Location") or said.text

        # All at once: each waits a little for a replica to come back.
        *pages, console = await asyncio.gather(
            ask(f"/?{CANARY}", "uk-UA,uk;q=0.9"),
            ask("/", "zz", "POST"),
            ask("/now/uk", "en"),
            ask("/now/zz", "en"),
            ask("/chat/talk.js", "en"),
            ask("/exit", "en"),
            ask("/desk", "en", site=STAFF_SITE),
        )
        in_uk, in_en = "<p>help now uk", "<p>help now en"
        assert pages == [in_uk, in_en, in_uk, in_en, in_en, "https://www.wikipedia.org/"]
        assert "go back and try again" in console


@needs_caddy
@here
async def test_it_writes_nobody_down(house: House) -> None:
    """Not even of broken requests, broken TLS and a service that is not there."""
    for words in (b"GET /" + CANARY.encode(), b"\x16\x03\x01\x00\x05" + CANARY.encode()):
        with socket.create_connection(("127.0.0.1", house.proxy.port)) as line:
            line.sendall(words + b"\r\n\r\n")
            line.shutdown(socket.SHUT_WR)
            with contextlib.suppress(OSError):
                while line.recv(4096):
                    pass
    async with house.proxy.browser() as browser:
        await house.proxy.ask(browser, f"/{CANARY}", headers={"Cookie": f"s={CANARY}"})
    said = house.proxy.said
    assert "tls.obtain" in said
    for trace in (CANARY, "127.0.0.1", "User-Agent", "remote", "/now"):
        assert trace not in said.partition("tls.obtain")[2]


def test_every_language_that_is_spoken_has_its_line_in_the_proxy() -> None:
    languages = tomllib.loads((ROOT / "locales" / "languages.toml").read_text("utf-8"))["language"]
    spoken = {one["code"] for one in languages if one["started"]}
    lines = re.findall(r"~\(\?i\)\^(\w+) (\w+)", CADDYFILE.read_text("utf-8"))
    assert {code for code, _ in lines} == {code for _, code in lines} == spoken

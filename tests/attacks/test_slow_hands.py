"""Clients that dribble hold connections open before the real proxy; others are answered as ever."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Callable
from time import perf_counter

import pytest
import pytest_asyncio
from aiohttp import web

from bot.channels.web import make_web
from bot.channels.web_page import Language, WebSettings
from bot.channels.web_server import WebRunner
from tests.deploy.proxy import SITE, Proxy, free_ports, needs_caddy
from tests.deploy.proxy import running as proxy_running
from tests.trial import WHOLE, size
from tests.trials.programs import make_service

here = pytest.mark.asyncio(loop_scope="session")
SECONDS = size(few=1, whole=40)
"""How long an honest person asks on. Whole: until after the proxy has cut the slow ones."""
HEADER_SECONDS = 10
KINDS = (
    b"GET / HTTP/1.1\r\nX-Slow: ",
    b"POST / HTTP/1.1\r\nHost: %s\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: 60000\r\n\r\nt=" % SITE.encode(),
    b"GET / HTTP/1.1\r\nHost: %s\r\n\r\n" % SITE.encode() * 20,
)
"""Slow headers, a slow body, and twenty pages that nobody reads."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def proxy(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Proxy]:
    """The real proxy before a real page with the whole service behind it."""
    tmp_path = tmp_path_factory.mktemp("proxy")
    service = make_service(tmp_path / "data")
    await service.start()
    languages = tuple(Language(one.code, one.endonym, one.dir) for one in service.speech.languages)
    app = make_web(service, service.speech.words, languages, WebSettings(behind_proxy=True))
    app.router.add_get("/readyz", _ready)
    runner = WebRunner(app)
    await runner.setup()
    (port, console) = free_ports(2)
    await web.TCPSite(runner, "127.0.0.1", port).start()
    pages = tmp_path / "emergency"
    pages.mkdir()
    async with proxy_running(tmp_path / "proxy", (port,), (console,), pages) as running:
        yield running
    await runner.cleanup()
    await service.stop()


async def _ready(_: web.Request) -> web.Response:
    return web.Response(text="ready")


class SlowHand:
    """A client that sends a byte now and then, and reads nothing."""

    def __init__(self, proxy: Proxy, trust: ssl.SSLContext, begins: bytes) -> None:
        self._proxy, self._trust, self._begins = proxy, trust, begins
        self.cut = False

    async def run(self) -> None:
        """Goes on until it is cut off or cancelled."""
        with contextlib.suppress(OSError):
            reader, writer = await asyncio.open_connection(
                "127.0.0.1", self._proxy.port, ssl=self._trust, server_hostname=SITE, limit=1
            )
            try:
                writer.write(self._begins)
                while not reader.at_eof() and not writer.is_closing():
                    await asyncio.sleep(0.5)
                    writer.write(b"a")
                    await writer.drain()
            finally:
                writer.transport.abort()
        self.cut = True


async def honest(proxy: Proxy, record: Callable[[str, object], None]) -> None:
    """Somebody who looks at the page all the while, in a new connection each time."""
    took, until = list[float](), perf_counter() + SECONDS
    while perf_counter() < until:
        began = perf_counter()
        async with proxy.browser() as browser:
            answer = await proxy.ask(browser, "/")
        assert answer.status == 200
        took.append(perf_counter() - began)
        await asyncio.sleep(0.1)
    took.sort()
    p95 = took[int(len(took) * 0.95)]
    record("p95 of an honest person, seconds", round(p95, 2))
    record("pages of an honest person", len(took))
    assert p95 < 3


@needs_caddy
@here
@pytest.mark.timeout(300)
async def test_an_honest_person_is_answered_while_others_dribble(
    proxy: Proxy, record_property: Callable[[str, object], None]
) -> None:
    (root,) = proxy.folder.rglob("caddy/pki/authorities/local/root.crt")
    trust = ssl.create_default_context(cafile=str(root))
    count = size(few=15, whole=4_500)
    slow = [SlowHand(proxy, trust, KINDS[number % len(KINDS)]) for number in range(count)]
    tasks = []
    for begin in range(0, count, 50):
        tasks += [asyncio.create_task(one.run()) for one in slow[begin : begin + 50]]
        await asyncio.sleep(0.2)
    record_property("slow clients", count)
    await honest(proxy, record_property)
    headers = [one for number, one in enumerate(slow) if number % len(KINDS) == 0]
    if WHOLE:  # they had longer than headers may take
        assert SECONDS > 2 * HEADER_SECONDS
        assert all(one.cut for one in headers)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


@needs_caddy
@here
async def test_nothing_is_offered_whose_streams_could_be_reset_in_haste(proxy: Proxy) -> None:
    (root,) = proxy.folder.rglob("caddy/pki/authorities/local/root.crt")
    trust = ssl.create_default_context(cafile=str(root))
    trust.set_alpn_protocols(["h2", "http/1.1"])
    _, writer = await asyncio.open_connection(
        "127.0.0.1", proxy.port, ssl=trust, server_hostname=SITE
    )
    chosen = writer.get_extra_info("ssl_object").selected_alpn_protocol()
    writer.close()
    assert chosen == "http/1.1"
    reader, writer = await asyncio.open_connection(
        "127.0.0.1", proxy.port, ssl=trust, server_hostname=SITE
    )
    writer.write(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
    assert (await reader.readline()).startswith(b"HTTP/1.1 ")
    writer.close()

"""Those who watch ask the running service: it answers the same to everybody and tells nobody's."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession, UnixConnector, web

from bot.app import Service
from bot.channels.contract import Address, Incoming, Words
from bot.channels.web_server import WebRunner
from bot.cli.serve import page_of
from bot.cli.watching import Watching
from bot.settings import Settings
from bot.storage import Store, Unreachable

CANARY = "qzvarelkiwop"
PERSON = b"7340512998"


class Broken:
    """A database that can be lost and found."""

    def __init__(self, store: Store) -> None:
        self._group, self.lost = store.group, False

    def group(self, *args: object, **kwargs: object) -> object:
        if self.lost:
            raise Unreachable("it", "is gone", "Look.")
        return self._group(*args, **kwargs)  # type: ignore[arg-type]  # passed on as it came


class Site:
    """A service with its page and its figures."""

    def __init__(self, service: Service, watching: Watching, url: str, socket: Path) -> None:
        self.service, self.watching, self.url, self.socket = service, watching, url, socket

    async def figures(self) -> str:
        async with (
            ClientSession(connector=UnixConnector(str(self.socket))) as asking,
            asking.get("http://here/metrics") as answer,
        ):
            assert answer.status == 200
            return await answer.text()


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    socket = tmp_path / "run" / "metrics.sock"
    settings = Settings.model_validate(
        {
            "data": tmp_path / "data",
            "key_ring": tmp_path / "keys",
            "signing_keys": tmp_path / "signing",
            "metrics_bind": f"unix:{socket}",
        }
    )
    settings.data.mkdir(0o700)
    service = Service(settings, demo=True)
    await service.start()
    watching = Watching(service)
    page = page_of(service)
    watching.attach(page)
    runner = WebRunner(page)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    await watching.start()
    host, port = runner.addresses[0][:2]
    yield Site(service, watching, f"http://{host}:{port}", socket)
    await runner.cleanup()
    await watching.stop()
    await service.stop()


async def test_a_service_is_ready_and_says_no_more_when_it_is_not(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with ClientSession() as asking:
        async with asking.get(f"{site.url}/readyz") as ready, asking.get(f"{site.url}/now") as now:
            assert (ready.status, await ready.text()) == (200, "ready\n")
            assert ready.headers.keys() - {"Content-Length"} <= now.headers.keys()
        store = Broken(site.service.store)
        monkeypatch.setattr(site.service.store, "group", store.group, raising=True)
        store.lost = True
        site.watching.health.forget()
        async with asking.get(f"{site.url}/readyz") as lost:
            assert (lost.status, await lost.text()) == (503, "not ready\n")
        async with asking.get(f"{site.url}/healthz") as lives:
            assert (lives.status, await lives.text()) == (200, "lives\n")
        assert 'quietline_up{part="database"} 0.0' in await site.figures()
        store.lost = False
        site.watching.health.forget()
        for _ in range(300):  # watching is never too much
            async with asking.get(f"{site.url}/readyz") as back:
                assert back.status == 200


async def test_no_figure_holds_a_word_an_address_or_a_place_of_anybody(site: Site) -> None:
    address = Address("terminal", "1", PERSON)
    said = [CANARY, "UA-63", "rape", "uk", "medical", CANARY]
    for number, text in enumerate(said * 3):
        await site.service.take(Incoming(address, Words(text), once=f"o{number}", language="uk"))
    site.service.figures.alarm("letter_not_sent")
    text = await site.figures()
    assert "quietline_turns_total 10.0" in text
    for canary in (CANARY, PERSON.decode(), "UA-63", "UA", "medical", "terminal", '"uk"'):
        assert canary not in text
    assert await asyncio.to_thread(lambda: site.socket.stat().st_mode & 0o777) == 0o600

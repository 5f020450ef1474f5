"""After everything was destroyed nothing opens, and the service begins anew by itself."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.app import Service
from bot.channels.contract import Unavailable, Words
from bot.cli.keys import destroy
from bot.keys import remote_ring
from bot.keys.clock import since_boot
from bot.settings import read_settings
from bot.slips import SlipKeys
from bot.vault import SigningKeys
from bot.wiring import open_signing
from tests.handing.operators import Operator
from tests.handing.people import Person, said
from tests.keys.conftest import SetClock, Site, Sites

CANARY = "qzvarelkiwop"


@pytest.fixture
def keys(sites: Sites, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    """The key service of one replica, which the settings name."""
    site = sites("keys", SigningKeys.open(tmp_path / "signing"))
    site.clock = SetClock(time.time())
    site.start()
    monkeypatch.setenv("QUIETLINE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("QUIETLINE_KEY_SERVICE", site.where)
    return site


@pytest_asyncio.fixture
async def service(keys: Site) -> AsyncIterator[Service]:
    settings = read_settings(None)
    service = Service(settings, demo=True, signing=open_signing(settings))
    await service.start()
    yield service
    await service.stop()
    assert keys.where


async def test_it_says_what_is_closed_and_whoever_writes_next_begins_anew(
    service: Service, keys: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Operator(service, "s1")
    person, other = Person(service), Person(service)
    at_first = said(await person.do(Words("hello")))
    await person.choose("yes")
    assert said(await person.look()) != at_first
    await other.ask()
    slips = SlipKeys(SigningKeys.open(tmp_path / "signing"), service.ring.today)
    slips.make()
    rows = {path: path.read_bytes() for path in (tmp_path / "data").glob("quietline.db*")}
    assert rows
    await asyncio.to_thread(destroy, everything=True, yes=True)
    told = capsys.readouterr().out
    assert "destroyed the keys of 1 days" in told
    assert "2 sessions, 1 chats," in told
    assert "keys of slips of" in told
    assert slips.live() == ()
    # What the replica does by itself within seconds, at once.
    service.ring.refresh()
    assert service.store.stats().sessions == 0
    assert said(await person.do(Words("hello"))) == at_first
    assert said(await other.do(Words("hello"))) == at_first
    assert service.store.stats().sessions == 2
    assert keys.held.days.ready


async def test_without_any_keys_people_are_told_where_help_is_and_it_begins_anew_by_itself(
    service: Service, keys: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = Person(service)
    at_first = said(await person.do(Words("hello")))
    await person.choose("yes")
    keys.stop()
    monkeypatch.setattr(remote_ring, "since_boot", lambda: since_boot() + 601)
    with pytest.raises(Unavailable):
        await person.do(Words("hello"))
    assert "112" in said(service.emergency("en"))
    monkeypatch.setattr(remote_ring, "since_boot", since_boot)
    keys.start()
    service.ring.refresh()
    assert said(await person.do(Words("hello"))) == at_first


async def test_a_database_that_does_not_answer_delays_nothing(
    keys: Site, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = keys.held.days.lineage
    monkeypatch.setenv("QUIETLINE_DATABASE", "postgresql://nobody@127.0.0.1:1/none")
    await asyncio.to_thread(destroy, everything=True, yes=True)
    told = capsys.readouterr().out
    assert told.index("destroyed the keys of 1 days") < told.index("database did not answer")
    assert keys.held.days.lineage != before

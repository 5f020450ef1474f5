"""A person is given nothing that was stopped: not in a card, not again, not when all else fails."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.app import Service
from bot.atlas import read_atlas
from bot.channels.contract import Address, Incoming, Opened, Outgoing, Pressed
from bot.ledger.known import Known
from bot.ledger.ledger import Ledger
from bot.ledger.model import Actor
from bot.settings import Settings
from bot.told import Told
from bot.vault import SigningKeys
from referral_directory import Live

KEEPER = Actor("keeper")
PERSON = Address("web", "", b"p" * 32, b"s" * 32)
WAY = ("yes", "medical", "=UA", "=UA-63")


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    directory = read_atlas().served
    keys = SigningKeys.open(tmp_path / "signing")
    (tmp_path / "data").mkdir(mode=0o700)
    ledger = Ledger.open(tmp_path / "data" / "directory.db", keys, known=Known.of(directory))
    ledger.seed(directory.entries, "pack:all", publish_for_demo=True)
    return ledger


@pytest.fixture
async def service(tmp_path: Path, ledger: Ledger) -> AsyncIterator[Service]:
    settings = Settings(data=tmp_path / "data", key_ring=tmp_path / "keys")
    service = Service(settings, demo=True, shelf=ledger, told=Told(ledger))
    await service.start()
    yield service
    await service.stop()
    ledger.close()


def names(out: Outgoing, live: Live) -> set[str]:
    """The listings of which there is a card."""
    titles = {line.text for block in out.blocks for line in block.lines if line.kind == "title"}
    listings = [one for name in live.ids() if (one := live.listing(name))]
    return {one.id for one in listings if one.names["en"] in titles}


async def asked(service: Service) -> Outgoing:
    out = await service.take(Incoming(PERSON, Opened(), language="en"))
    for key in WAY:
        assert out is not None
        out = await service.take(Incoming(PERSON, Pressed(key, out.mark), language="en"))
    assert out is not None
    return out


async def test_what_a_ledger_holds_is_what_a_person_is_given(service: Service) -> None:
    packs = service.directory.serving(None)
    assert service.live.ids() == packs.ids()
    assert names(await asked(service), packs)


async def test_a_card_that_was_shown_is_gone_at_the_next_turn_after_it_was_stopped(
    service: Service, ledger: Ledger
) -> None:
    before = service.live
    shown = names(await asked(service), before)
    ledger.suspend(KEEPER, sorted(shown), why="strangers answered")
    again = await service.look(PERSON, "en")
    assert names(again, before) == set()
    assert names(await asked(service), before).isdisjoint(shown)


async def test_a_line_that_was_stopped_is_not_among_the_numbers_for_when_nothing_works(
    service: Service, ledger: Ledger
) -> None:
    before = service.live
    lines = names(service.emergency("en"), before)
    assert lines
    ledger.suspend(KEEPER, sorted(lines), why="strangers answered")
    service.serving.look()
    assert names(service.emergency("en"), before).isdisjoint(lines)


async def test_one_press_says_that_a_service_was_not_safe_and_nobody_is_sent_there_any_more(
    service: Service, ledger: Ledger
) -> None:
    out = await asked(service)
    # A line that everybody knows is not taken down by a stranger's word.
    shown = [service.live.listing(name) for name in sorted(names(out, service.live))]
    chosen = next(one.id for one in shown if one and not any(c.short for c in one.contacts))
    for key in (f"={chosen}", "wrong", "unsafe"):
        pressed = await service.take(Incoming(PERSON, Pressed(key, out.mark), language="en"))
        assert pressed is not None
        out = pressed
    for _ in range(500):
        if service.live.listing(chosen) is None:
            break
        await asyncio.sleep(0.01)
    assert service.live.listing(chosen) is None
    (task,) = ledger.tasks(KEEPER)
    assert (task.record, task.problem, task.told) == (chosen, "unsafe", "survivor")


def test_what_nobody_found_is_counted_and_written_down_at_the_end(ledger: Ledger) -> None:
    told = Told(ledger)
    told.start()
    for _ in range(5):
        told.unmet("legal", "UA-63", "uk")
    told.noted("there-is-no-such-listing", "wrong")
    told.stop()
    (row,) = ledger.unmet()
    assert (row.need, row.area, row.language, row.count) == ("legal", "UA-63", "uk", 5)


async def test_what_a_service_says_of_itself_is_kept_as_its_own_word(
    service: Service, ledger: Ledger
) -> None:
    record = service.live.ids()[0]
    told = Told(ledger)
    told.start()
    told.by_service(record, "no_answer")
    told.stop()
    (task,) = ledger.tasks(KEEPER)
    assert (task.record, task.problem, task.told) == (record, "no_answer", "service")

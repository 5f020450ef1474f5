"""The whole service: conversations are counted with their turns, and nothing lies about that tells
of one of them.
"""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest

from bot.app import Service
from bot.channels.contract import Opened, Words
from bot.reports.vouching import Vouch
from bot.reports.weeks import Reports, Week
from bot.settings import Settings
from bot.vault import SigningKeys
from tests.canary import find
from tests.console_frame.visitors import Clock
from tests.handing.operators import Operator
from tests.handing.people import Person
from tests.reports.rooms import DAY, MONDAY, quiet

MANY, FEW = ("Kharkiv", "UA-63"), ("Lviv", "UA-46")


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    clock = Clock(MONDAY + 6 * DAY)
    settings = Settings(data=tmp_path / "data", key_ring=tmp_path / "keys")
    service = Service(settings, demo=True, clock=clock)
    service.tally.draw = quiet  # what was added up is to be seen as it is
    await service.start()
    yield service
    await service.stop()


def weeks(service: Service) -> tuple[Week, ...]:
    """What is told, newest first."""
    signing = SigningKeys.open(service.settings.data.parent / "signing")
    return Reports(service.store, Vouch(signing)).weeks()


async def looks_for_shelter(service: Service, place: str, channel: str = "web") -> Person:
    person = Person(service, channel)
    await person.do(Opened())
    await person.choose("yes", "shelter")
    await person.do(Words(place))
    return person


def exact(service: Service) -> Mapping[str, Mapping[str, int]]:
    """What is counted now, which nobody but a test ever sees."""
    with service.store.group() as group:
        rows = service.tally._all(group)  # noqa: SLF001  # as above
    (sums,) = [held.page.n for held in rows if held.page.n]
    return {name: {key: n for key, n in keys.items() if n} for name, keys in sums.items()}


async def test_nothing_that_is_kept_tells_where_somebody_was(
    service: Service, tmp_path: Path
) -> None:
    for _ in range(60):
        await looks_for_shelter(service, MANY[0])
    someone = await looks_for_shelter(service, FEW[0])
    backup = tmp_path / "backup.db"
    service.store.backup(backup)
    assert find([tmp_path / "data", backup], [*MANY, *FEW]) == []
    clock = service.turns.clock
    assert isinstance(clock, Clock)
    clock.now += DAY
    service.sweep()
    (week,) = weeks(service)
    assert week.cells == {
        "need": {"shelter": 60},
        "region": {MANY[1]: 60},
        "channel": {"web": 60},
        "language": {"en": 60},
        "outcome": {"services": 60},
    }
    # Of the week that goes on there is a row; it is the same size as when nobody came.
    await someone.choose("elsewhere")
    service.store.backup(tmp_path / "later.db")
    assert find([tmp_path / "data", tmp_path / "later.db"], [*FEW, MANY[0]]) == []


async def test_who_erases_everything_or_repeats_a_message_is_counted_once(
    service: Service,
) -> None:
    person = await looks_for_shelter(service, FEW[0])
    for _ in range(3):
        await person.look()
        await person.do(Opened())
    sums = {name: sum(keys.values()) for name, keys in exact(service).items()}
    assert sums == dict.fromkeys(("need", "region", "channel", "language", "outcome"), 1)


async def test_who_was_answered_by_a_human_is_counted_with_how_long_they_waited(
    tmp_path: Path,
) -> None:
    settings = Settings(data=tmp_path / "data", key_ring=tmp_path / "keys")
    service = Service(settings, demo=True, signing=SigningKeys.open(tmp_path / "signing"))
    await service.start()
    operator = Operator(service, "s1")
    person = Person(service)
    await person.ask()
    assert exact(service)["outcome"] == {"asked": 1}
    operator.claim()
    await person.do(Words("hello"))
    assert exact(service)["outcome"] == {"answered": 1}
    assert exact(service)["wait"] == {"5": 1}
    await service.stop()


async def test_a_fault_of_the_counts_keeps_nobody_from_being_served(service: Service) -> None:
    def broken(cells: int) -> list[int]:
        raise ImportError(cells)

    service.tally.draw = broken
    person = await looks_for_shelter(service, FEW[0])
    clock = service.turns.clock
    assert isinstance(clock, Clock)
    clock.now += DAY
    service.sweep()
    assert (await person.look()).options
    assert weeks(service) == ()
    service.tally.draw = quiet
    service.sweep()
    assert len(weeks(service)) == 1

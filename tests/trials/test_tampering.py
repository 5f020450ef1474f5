"""Somebody changes rows in the database. Nobody is served what is not theirs, and nothing breaks:
whoever it hits begins anew, and those who run the service are told, without a name.
"""

import random
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot.app import Service
from bot.channels.contract import Address, Incoming, Outgoing, Pressed
from bot.pump import Pump
from tests.canary import find
from tests.trials.conftest import Clock
from tests.trials.programs import make_service, session_of

ANN, BEN = (Address("push", "trial", b"700000000%d" % n, b"device %d" % n) for n in (1, 2))
DAY = 86_400
Change = Callable[[sqlite3.Connection, bytes, bytes], object]
"""(database, Ann's alias, Ben's alias). Both have a session and a reply that waits."""


def sql(statement: str) -> Change:
    """A statement with `:ann` and `:ben`."""
    return lambda database, ann, ben: database.execute(statement, {"ann": ann, "ben": ben})


def swap_whole_rows(database: sqlite3.Connection, ann: bytes, ben: bytes) -> None:
    for old, new in ((ann, b"between 16 bytes"), (ben, ann), (b"between 16 bytes", ben)):
        database.execute("UPDATE session SET alias = ? WHERE alias = ?", (new, old))


SET = "UPDATE session SET"
OF_ANN = "WHERE alias = :ann"
CHANGES: dict[str, Change] = {
    "rows swapped between people": swap_whole_rows,
    "Ann has what is Ben's": sql(
        f"{SET} sealed = (SELECT sealed FROM session WHERE alias = :ben) {OF_ANN}"
    ),
    "Ann has what is Ben's, with its counter": sql(
        f"{SET} (sequence, sealed) = (SELECT sequence, sealed FROM session WHERE alias = :ben) "
        + OF_ANN
    ),
    "a waiting reply is put among the sessions": sql(
        f"{SET} (sequence, sealed) = (SELECT sequence, sealed FROM outbox WHERE alias = :ann) "
        + OF_ANN
    ),
    "another day": sql(f"{SET} epoch = epoch - 1 {OF_ANN}"),
    "a day that never was": sql(f"{SET} epoch = -7 {OF_ANN}"),
    "a day that is a word": sql(f"{SET} epoch = 'today' {OF_ANN}"),
    "another counter": sql(f"{SET} sequence = sequence + 1 {OF_ANN}"),
    "the largest counter": sql(f"{SET} sequence = {2**63 - 1} {OF_ANN}"),
    "the smallest counter": sql(f"{SET} sequence = {-(2**63)} {OF_ANN}"),
    "a counter that is a word": sql(f"{SET} sequence = 'one' {OF_ANN}"),
    "a counter that is a part": sql(f"{SET} sequence = 1.5 {OF_ANN}"),
    "a counter that is bytes": sql(f"{SET} sequence = x'00ff' {OF_ANN}"),
    "nothing sealed": sql(f"{SET} sealed = x'' {OF_ANN}"),
    "text instead": sql(f"{SET} sealed = 'Ann Example' {OF_ANN}"),
    "a number instead": sql(f"{SET} sealed = 700 {OF_ANN}"),
    "cut off": sql(f"{SET} sealed = substr(sealed, 1, 100) {OF_ANN}"),
    "longer": sql(f"{SET} sealed = CAST(sealed || sealed AS BLOB) {OF_ANN}"),
    "text that is none": sql(f"{SET} sealed = CAST(sealed AS TEXT) {OF_ANN}"),
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Service, Clock]:
    clock = Clock()
    return make_service(tmp_path_factory.mktemp("service") / "data", clock), clock


@pytest.fixture
def clock(built: tuple[Service, Clock]) -> Clock:
    return built[1]


@pytest.fixture
async def service(
    built: tuple[Service, Clock], log: Path, temporary: Path
) -> AsyncIterator[Service]:
    """One service for all, and nobody known to it."""
    service, clock = built
    clock.later = 0
    service.store.sweep(())
    await service.start()
    yield service
    await service.stop()


async def press(service: Service, who: Address, *keys: str, first: int = 0) -> Outgoing:
    out: Outgoing | None = None
    for mark, key in enumerate(keys, first):
        incoming = Incoming(who, Pressed(key, str(mark)), once=f"{mark}:{key}", push=True)
        out = await service.take(incoming)
    assert out is not None
    return out


def alias_of(service: Service, who: Address) -> bytes:
    return service.turns.vault.alias(service.ring.today(), who.channel, who.bot, who.person)


def opened(service: Service) -> closing[sqlite3.Connection]:
    return closing(sqlite3.connect(service.settings.data / "quietline.db"))


def tamper(service: Service, change: Change) -> None:
    with opened(service) as database, database:
        change(database, alias_of(service, ANN), alias_of(service, BEN))


def is_told(log: Path, event: str) -> bool:
    """Whether an alarm was said, with nobody's name in it."""
    assert find([log], [7_000_000_001, 7_000_000_002, b"device ", "UA-63", "medical"]) == []
    return f'"{event}"' in log.read_text("utf-8")


@pytest.mark.parametrize("change", CHANGES.values(), ids=list(CHANGES))
async def test_who_is_hit_begins_anew_and_others_go_on(
    service: Service, log: Path, change: Change
) -> None:
    await press(service, ANN, "yes", "medical", "=UA-63")
    await press(service, BEN, "yes", "legal")
    tamper(service, change)
    assert (await service.look(ANN, "en")).mark == "0"
    assert is_told(log, "session_unopenable")
    again = await press(service, ANN, "yes")
    assert again.mark == "1"
    found = session_of(service, ANN)
    assert found
    assert found.slots == {}
    assert (await press(service, ANN, "shelter", first=1)).mark == "2"
    if change is not swap_whole_rows:
        assert (await press(service, BEN, "skip", first=2)).mark == "3"
    service.sweep()
    assert service.store.stats().sessions == 2


async def test_what_was_kept_yesterday_does_not_come_back_under_todays_name(
    service: Service, log: Path, clock: Clock
) -> None:
    clock.later = -DAY
    service.ring.destroy_all()
    await press(service, ANN, "yes", "medical")
    with opened(service) as database:
        old = database.execute("SELECT epoch, sequence, sealed FROM session").fetchone()
    clock.later = 0
    # Ann's session goes over to today; nobody is asked anything again.
    assert (await press(service, ANN, "=UA-63", first=2)).mark == "3"
    assert len(service.ring.live()) == 2

    def restore(database: sqlite3.Connection, ann: bytes, _ben: bytes) -> None:
        values = (*old, ann)
        database.execute(f"{SET} (epoch, sequence, sealed) = (?, ?, ?) WHERE alias = ?", values)

    tamper(service, restore)
    assert (await press(service, ANN, "yes")).mark == "1"
    assert is_told(log, "session_unopenable")


async def test_a_byte_flipped_anywhere_is_noticed_every_time(service: Service, log: Path) -> None:
    chance = random.Random()
    await press(service, ANN, "yes", "medical", "=UA-63")
    alias = alias_of(service, ANN)
    with service.store.group() as group:
        (sealed,) = (row.sealed for row in group.load([alias]).values())
    places = {*range(80), *chance.sample(range(len(sealed)), 60), len(sealed) - 1}
    for place in places:
        flipped = bytearray(sealed)
        flipped[place] ^= chance.randrange(1, 256)
        with opened(service) as database, database:
            database.execute(f"{SET} sealed = ?", (bytes(flipped),))
        assert (await service.look(ANN, "en")).mark == "0", place
    assert is_told(log, "session_unopenable")
    with opened(service) as database, database:
        database.execute(f"{SET} sealed = ?", (sealed,))
    assert (await service.look(ANN, "en")).mark == "3"


async def test_a_reply_that_was_put_under_another_name_is_sent_to_nobody(
    service: Service, log: Path
) -> None:
    sent: list[tuple[bytes, str]] = []

    async def deliver(address: Address, outgoing: Outgoing) -> None:
        sent.append((address.person, outgoing.mark))

    await press(service, ANN, "yes", "medical")
    await press(service, BEN, "yes")
    tamper(service, sql("UPDATE outbox SET alias = :ann WHERE alias = :ben"))
    tamper(
        service,
        sql(
            "UPDATE outbox SET sealed = (SELECT sealed FROM session WHERE alias = :ann) "
            "WHERE id = (SELECT min(id) FROM outbox WHERE alias = :ann)"
        ),
    )
    pump = Pump(service.store, service.turns.vault, service.wording, time.time, deliver)
    assert await pump.send_waiting() == 3
    assert sent == [(ANN.person, "2")]
    assert is_told(log, "letter_unopenable")
    assert await pump.send_waiting() == 0


async def test_a_database_of_noise_in_place_of_every_row_serves_everyone_anew(
    service: Service,
) -> None:
    people = [Address("push", "trial", b"%d" % (7_000_000_000 + n)) for n in range(50)]
    for who in people:
        await press(service, who, "yes", "medical")
    noise = sql("UPDATE session SET sealed = randomblob(length(sealed))")
    tamper(service, noise)
    assert {(await press(service, who, "yes")).mark for who in people} == {"1"}

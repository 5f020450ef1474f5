"""Replicas hear of each other, and one of them leads."""

import queue
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.storage.bell import LOST, Bell
from bot.storage.database import Database, database_at
from bot.storage.leader import Leader
from bot.storage.postgres import Postgres
from tests.postgres import fresh
from tests.storage.both import emptied

BEAT = 0.05
PATIENCE = 10.0


@pytest.fixture
def schema() -> Iterator[Database]:
    with emptied() as database:
        yield database


@pytest.fixture
def own() -> Iterator[Database]:
    """A schema in a database that nobody else is connected to."""
    for address in fresh():
        database = database_at(address)
        database.prepare()
        yield database


class Ear:
    """Whoever listens."""

    def __init__(self, bell: Bell) -> None:
        self.rung: queue.SimpleQueue[tuple[str, bytes]] = queue.SimpleQueue()
        self.stop = bell.listen(lambda kind, id_: self.rung.put((kind, id_)))

    def hears(self) -> tuple[str, bytes]:
        return self.rung.get(timeout=PATIENCE)


def cut_off(schema: Database) -> None:
    """All connections of a database but this one end, as with a server that is started anew."""
    with closing(schema.engine().raw_connection()) as connection:
        connection.cursor().execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE pid <> pg_backend_pid() AND datname = current_database()"
        )


def test_what_one_replica_rings_all_others_hear_and_it_hears_itself(schema: Database) -> None:
    with closing(Bell(schema)) as here, closing(Bell(schema)) as there:
        near, far = Ear(here), Ear(there)
        assert far.hears() == (LOST, b"")
        assert near.hears() == (LOST, b"")
        here.ring("outbox", b"\x00" * 16)
        assert near.hears() == far.hears() == ("outbox", b"\x00" * 16)
        there.ring("desk")
        assert near.hears() == far.hears() == ("desk", b"")
        far.stop()
        here.ring("desk")
        assert near.hears() == ("desk", b"")
        assert far.rung.empty()
        assert near.rung.empty()


def test_after_a_broken_line_everybody_is_told_to_look_and_hears_again(own: Database) -> None:
    alarms: list[str] = []

    def alarm(event: str, _: BaseException) -> None:
        alarms.append(event)

    with closing(Bell(own, alarm)) as here, closing(Bell(own)) as there:
        ear = Ear(there)
        assert ear.hears() == (LOST, b"")
        cut_off(own)
        here.ring("desk", b"meanwhile")
        assert ear.hears() == (LOST, b"")
        here.ring("desk", b"afterwards")
        heard = ear.hears()
        while heard[0] == LOST:
            heard = ear.hears()
        assert heard[0] == "desk"
        assert set(alarms) == {"bell_line_broken"}


def test_on_one_machine_the_bell_rings_in_the_same_process(tmp_path: Path) -> None:
    with closing(Bell(tmp_path / "x.db")) as bell:
        ear = Ear(bell)
        bell.ring("outbox", b"id")
        assert ear.hears() == ("outbox", b"id")


@pytest.mark.parametrize(("kind", "id_"), [("two words", b""), ("", b""), ("desk", bytes(65))])
def test_nothing_but_a_kind_and_an_id_is_rung(kind: str, id_: bytes, tmp_path: Path) -> None:
    with closing(Bell(tmp_path / "x.db")) as bell, pytest.raises(ValueError, match="plain word"):
        bell.ring(kind, id_)


def one_of(leaders: list[Leader], wanted: Callable[[list[bool]], bool]) -> int:
    """Which one leads, once it is as wanted."""
    while True:
        mine = [leader.wait(BEAT) for leader in leaders]
        assert sum(mine) <= 1
        if wanted(mine) and any(mine):
            return mine.index(True)


def test_one_replica_leads_and_another_when_it_is_gone(schema: Database) -> None:
    leaders = [Leader(schema, "service", BEAT) for _ in range(3)]
    first = one_of(leaders, any)
    leaders.pop(first).close()
    second = one_of(leaders, any)
    leaders.pop(second).close()
    assert one_of(leaders, any) == 0
    with closing(Leader(schema, "another name", BEAT)) as other:
        assert other.wait(PATIENCE)
        assert leaders[0].mine()
    leaders[0].close()
    assert not leaders[0].mine()


def test_who_lost_the_server_leads_no_more_until_it_is_there_again(own: Database) -> None:
    with closing(Leader(own, "service", BEAT)) as leader:
        assert leader.wait(PATIENCE)
        cut_off(own)
        while leader.mine():
            pass
        assert leader.wait(PATIENCE)


LEADS = """
import sys, time
from bot.storage.database import database_at
from bot.storage.leader import Leader
from bot.storage.postgres import Postgres
address, schema, beat = sys.argv[1:]
leader = Leader(database_at(address, schema), "service", float(beat))
while not leader.wait(1.0):
    pass
print("leads", flush=True)
while leader.mine():
    time.sleep(0.01)
print("leads no more", flush=True)
"""


def test_who_leads_and_stands_still_gives_way_and_knows_it_afterwards(own: Database) -> None:
    assert isinstance(own, Postgres)
    with own.raw() as line:
        info = line.info
        address = f"postgresql://postgres@/{info.dbname}?host={info.host}"
    still = subprocess.Popen(
        (sys.executable, "-c", LEADS, address, own.schema, str(BEAT)), stdout=subprocess.PIPE
    )
    try:
        assert still.stdout
        assert still.stdout.readline() == b"leads\n"
        still.send_signal(signal.SIGSTOP)
        with closing(Leader(own, "service", BEAT)) as other:
            assert other.wait(PATIENCE)
            still.send_signal(signal.SIGCONT)
            assert still.stdout.readline() == b"leads no more\n"
            assert other.mine()
    finally:
        still.kill()
        still.communicate()


def test_on_one_machine_the_only_process_leads(tmp_path: Path) -> None:
    with closing(Leader(tmp_path / "x.db", "service")) as leader:
        assert leader.mine()
        assert repr(leader) == "Leader(service)"

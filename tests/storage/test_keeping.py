"""What is kept survives the worst moment, and what is erased is not in the file or its copies."""

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from bot.handoff import tables as of_the_desk
from bot.reports import tables as of_reports
from bot.slips import tables as of_slips
from bot.storage import Mark, Row, Store, StoreError, Unreachable, migrate, opening, tables

SECRET = b"the sealed bytes of one person, all of them"

WRITES = """
import sys
from bot.storage import Mark, Row, Store
store, number = Store.open(sys.argv[1]), 0
while True:
    alias = number.to_bytes(16, "big")
    with store.group() as group:
        group.load([alias])
        rows = [Row(bytes([n]) + alias[1:], 1, number, b"x" * 605) for n in range(8)]
        group.save(rows, marks=[Mark(row.alias, 1) for row in rows], outbox=rows)
    print(number, flush=True)
    number += 1
"""


@pytest.mark.parametrize("groups", [1, 7, 40])
def test_a_killed_process_keeps_every_group_it_told_of_and_no_half_of_another(
    place: Path, groups: int
) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", WRITES, place], stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        told = [int(writer.stdout.readline()) for _ in range(groups)]
        writer.send_signal(signal.SIGKILL)
        told += [int(line) for line in writer.stdout if line.endswith("\n")]
    store = Store.open(place)
    stats = store.stats()
    assert told == list(range(len(told)))
    assert stats.sessions % 8 == 0
    assert stats.sessions == stats.marks == stats.waiting
    assert stats.sessions // 8 in (len(told), len(told) + 1)
    assert len(store.pending(10_000)) == stats.waiting
    store.close()


def everything(place: Path) -> bytes:
    return b"".join(file.read_bytes() for file in place.parent.iterdir())


def test_an_erased_person_is_not_in_the_file_nor_its_journal(
    store: Store, place: Path, alias: bytes
) -> None:
    row = Row(alias, 1, 1, SECRET)
    with store.group() as group:
        group.save([row, Row(b"another person..", 1, 1, b"stays")], outbox=[row])
        group.leave_footprints([row])
    assert SECRET in everything(place)
    store.erase([alias])
    assert SECRET not in everything(place)
    assert alias not in everything(place)
    assert store.stats().sessions == 1
    store.erase([alias])


def test_a_sweep_leaves_the_live_days_only(store: Store, place: Path) -> None:
    for epoch in (1, 2, 3):
        rows = [Row(bytes([epoch]) + os.urandom(15), epoch, 1, SECRET) for _ in range(700)]
        with store.group() as group:
            group.save(rows, marks=[Mark(row.alias, epoch) for row in rows], outbox=rows[:9])
            group.leave_footprints(rows)
    assert store.sweep([2, 3, 4]) == 700 + 700 + 9 + 700
    stats = store.stats()
    assert (stats.sessions, stats.marks, stats.waiting, stats.footprints) == (1400, 1400, 18, 1400)
    assert {letter.epoch for letter in store.pending()} == {2, 3}
    assert store.sweep([]) == 1400 + 1400 + 18 + 1400
    assert SECRET not in everything(place)
    assert store.sweep([]) == 0


def test_a_backup_is_whole_closed_to_others_and_holds_nothing_that_was_erased(
    store: Store, tmp_path: Path, alias: bytes
) -> None:
    with store.group() as group:
        group.save([Row(alias, 1, 1, SECRET), Row(b"stays", 1, 1, b"stays")])
        group.save(forget=[alias], outbox=[Row(b"stays", 1, 2, b"a reply on its way")])
    backup = tmp_path / "backup.db"
    store.backup(backup)
    assert backup.stat().st_mode & 0o777 == 0o600
    assert SECRET not in backup.read_bytes()
    assert b"on its way" not in backup.read_bytes()
    assert [file.name for file in tmp_path.iterdir() if "part" in file.name] == []
    with pytest.raises(Unreachable, match="new file"):
        store.backup(backup)
    with pytest.raises(Unreachable, match="new file"):
        store.backup(tmp_path / "nowhere" / "backup.db")
    tmp_path.chmod(0o700)
    restored = Store.open(backup)
    with restored.group() as group:
        assert group.load([alias, b"stays"]) == {b"stays": Row(b"stays", 1, 1, b"stays")}
    restored.close()


def test_a_backup_is_made_while_a_group_is_under_way(
    store: Store, tmp_path: Path, alias: bytes
) -> None:
    with store.group() as group:
        group.save([Row(alias, 1, 1, b"not yet kept")])
        store.backup(tmp_path / "backup.db")
        assert store.stats().sessions == 0
    with closing(sqlite3.connect(tmp_path / "backup.db")) as looked:
        assert looked.execute("SELECT count(*) FROM session").fetchone() == (0,)


def test_a_store_is_set_to_reach_the_disk_and_to_overwrite_what_it_deletes(place: Path) -> None:
    with closing(Store.open(place)) as store, store.group() as group:
        settings = {
            name: group.ask(f"PRAGMA {name}", ())[0][0]
            for name in ("journal_mode", "synchronous", "secure_delete", "temp_store")
        }
    assert settings == {
        "journal_mode": "wal",
        "synchronous": 2,  # FULL
        "secure_delete": 1,
        "temp_store": 2,  # MEMORY
    }


def test_the_migrations_make_the_tables_that_the_program_knows_and_lead_back(place: Path) -> None:
    heads = ScriptDirectory(str(Path(migrate.__file__).parent / "migrations")).get_heads()
    assert heads == [tables.HEAD]
    Store.open(place).close()
    engine = create_engine(f"sqlite:///{place}")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), tables.metadata) == []
    engine.dispose()
    of_people = {*of_the_desk.OF_PEOPLE, *of_reports.OF_PEOPLE, of_slips.slip}
    assert {table.name for table in of_people} <= set(tables.ON_THEIR_WAY)
    ours = opening.make_engine(place, 1)
    migrate.migrate(place, ours, "base")
    with closing(sqlite3.connect(place)) as looked:
        names = looked.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    assert names == [("alembic_version",)]
    with pytest.raises(StoreError):
        opening.connect(place, ours)
    store = Store.open(place)
    assert store.stats().sessions == 0
    store.close()


def test_whoever_was_there_before_footprints_were_kept_is_there_after(place: Path) -> None:
    row = Row(b"a" * 16, 1, 1, b"sealed")
    store = Store.open(place)
    with store.group() as group:
        group.save([row], marks=[Mark(b"m", 1)], outbox=[row])
        group.leave_footprints([row])
    store.close()
    migrate.migrate(place, opening.make_engine(place, 1), "0001")
    store = Store.open(place)
    with store.group() as group:
        assert group.load([row.alias]) == {row.alias: row}
    stats = store.stats()
    assert (stats.sessions, stats.marks, stats.waiting, stats.footprints) == (1, 1, 1, 0)
    store.close()


def test_programs_that_start_together_migrate_once(place: Path) -> None:
    start = "import sys; from bot.storage import Store; Store.open(sys.argv[1]).close()"
    started = [subprocess.Popen([sys.executable, "-c", start, place]) for _ in range(3)]
    assert [program.wait() for program in started] == [0, 0, 0]

"""A book that was put back from a backup goes on, says so, and hides no other cut."""

import contextlib
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from authored import Mistakes
from bot.audit import NOTICES, Audit, Fault, verify
from bot.audit.restoring import reason_of
from bot.cli import audit as command
from bot.storage.postgres import Postgres
from bot.vault import SigningKeys
from tests.postgres import schema_of_its_own

BACKUP = "2026-11-22T031500Z"


@dataclass
class Book:
    """An audit whose end can be lost."""

    audit: Audit
    keys: SigningKeys
    where: Path | Postgres

    def write(self, *names: str) -> None:
        for name in names:
            assert self.audit.write("s1", "publish", name)

    def sql(self, statement: str, *values: object) -> None:
        if isinstance(self.where, Postgres):
            with self.where.raw() as there:
                there.execute(statement.replace("?", "%s"), values)
        else:
            with contextlib.closing(sqlite3.connect(self.where)) as here, here:
                here.execute(statement, values)

    def loses(self, after: int) -> None:
        """As a backup that ended with that entry would leave it."""
        self.sql("DELETE FROM entry WHERE number > ?", after)

    def said(self, first: bytes | None = None) -> list[tuple[str, int]]:
        return [(fault.kind, fault.number) for fault in verify(self.audit, first)]

    def fault(self) -> Fault:
        (found,) = verify(self.audit)
        return found


@pytest.fixture(params=["sqlite", "postgresql"])
def book(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Book]:
    keys = SigningKeys.open(tmp_path / "signing")
    with contextlib.ExitStack() as held:
        where: Path | Postgres = tmp_path / "audit.db"
        if request.param == "postgresql":
            found = held.enter_context(contextlib.contextmanager(schema_of_its_own)())
            assert isinstance(found, Postgres)
            where = found
        audit = held.enter_context(contextlib.closing(Audit.open(where, keys)))
        made = Book(audit, keys, where)
        made.write(*"12345678")
        yield made


def test_a_restore_is_told_with_what_it_lost_and_the_book_goes_on(book: Book) -> None:
    book.loses(after=5)
    assert book.said() == [("cut", 6)]
    assert book.audit.restored(BACKUP, "the disk was lost") == 3
    fault = book.fault()
    assert (fault.kind, fault.number) == ("restored", 7)
    assert f"from {BACKUP}, which ended with entry 5: 3 entries" in fault.said
    book.write("nine", "ten")
    assert book.said() == [("restored", 7)]
    newest = book.audit.newest(4)
    assert [one.about for one in newest] == ["ten", "nine", f"6-8 {BACKUP}", "6-8"]
    assert reason_of(newest[2]) == "the disk was lost"
    assert "restored" in NOTICES
    # Said twice, it is written once.
    assert book.audit.restored(BACKUP) == 0
    assert book.audit.count() == 9


def test_what_staff_did_before_somebody_recorded_the_restore_is_verified_too(book: Book) -> None:
    book.loses(after=5)
    book.write("nine")
    assert book.said() == [("cut", 6)]
    assert "nobody recorded why" in book.fault().said
    assert book.audit.restored(BACKUP) == 3
    book.write("ten")
    assert book.said() == [("restored", 8)]


def test_a_cut_that_nobody_recorded_is_told_before_and_after_a_restore(book: Book) -> None:
    book.loses(after=5)
    book.write("somebody cut three off, and the service went on")
    book.write("a", "b", "c")
    book.loses(after=8)
    assert book.audit.restored(BACKUP) == 2
    assert book.said() == [("restored", 10), ("cut", 6)]
    book.loses(after=9)
    assert ("cut", 10) in book.said()


def test_a_restore_of_a_book_that_was_restored_before_says_both(book: Book) -> None:
    for after in (5, 10, 4):
        book.loses(after)
        assert book.audit.restored(BACKUP) > 0
        book.write("a", "b", "c", "d")
    # The older two went with the entries that told of them.
    assert book.said() == [("restored", 6)]
    book.loses(9)
    assert book.audit.restored("another") == 1
    assert book.said() == [("restored", 6), ("restored", 11)]


def test_nobody_without_the_keys_makes_a_cut_look_like_a_restore(
    book: Book, tmp_path: Path
) -> None:
    book.loses(after=5)
    book.audit.restored(BACKUP)
    first = book.audit.take_first_key()
    stolen = book.audit.rows()[-2:]
    book.write("a", "b", "c")
    # The true entries of the old restore, put in front of another place.
    book.loses(after=4)
    for entry, hashed, sealed in stolen:
        values = (entry.number - 1, entry.at, entry.staff, entry.act, entry.about, entry.why)
        book.sql("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?)", *values, hashed, sealed)
    for key in (None, first):
        assert {kind for kind, _ in book.said(key)} - NOTICES
    # A chain of somebody's own, with their own keys, right up to the count that is kept.
    book.loses(after=4)
    other = Audit.open(tmp_path / "other.db", SigningKeys.open(tmp_path / "others"))
    for number in range(1, 11):
        other.write("s1", "publish", str(number))
    with contextlib.closing(sqlite3.connect(tmp_path / "other.db")) as file, file:
        file.execute("DELETE FROM entry WHERE number > 4")
    other.restored(BACKUP)
    for entry, hashed, sealed in other.rows()[-2:]:
        values = tuple(getattr(entry, name) for name in type(entry).__slots__)
        book.sql("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?)", *values, hashed, sealed)
    other.close()
    for key in (None, first):
        assert ("forged" in {kind for kind, _ in book.said(key)}) is True


@pytest.mark.parametrize("about", ["6-8", "6-9", "5-8", "9-6", "x", "6-99999999", "-1-8"])
def test_a_mark_that_was_changed_is_found(book: Book, about: str) -> None:
    book.loses(after=5)
    book.audit.restored(BACKUP)
    book.write("nine")
    book.sql("UPDATE entry SET about = ? WHERE number = 6", f"{about} ")
    assert {kind for kind, _ in book.said()} & {"changed", "forged"}


def test_a_crash_between_a_mark_and_the_key_loses_nothing(book: Book) -> None:
    book.loses(after=5)
    kept = book.keys.kept("audit.key")
    assert kept is not None
    book.audit.restored(BACKUP)
    book.keys.keep("audit.key", kept)  # as if the machine stopped before the key moved on
    assert book.said() == [("restored", 7)]
    book.write("nine")
    assert book.said() == [("restored", 7)]
    book.keys.keep("audit.key", kept)
    assert book.said() == [("restored", 7), ("forged", 6)]


def test_without_the_key_that_was_left_a_restore_is_refused(book: Book, tmp_path: Path) -> None:
    book.loses(after=5)
    shutil.copytree(tmp_path / "signing", tmp_path / "kept")
    book.keys.drop("audit.key")
    with pytest.raises(ValueError, match="missing or broken"):
        book.audit.restored(BACKUP)
    assert book.audit.count() == 5


def test_a_restore_by_hand_is_written_down_at_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("QUIETLINE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("QUIETLINE_SIGNING_KEYS", str(tmp_path / "signing"))
    audit = Audit.open(tmp_path / "data" / "audit.db", SigningKeys.open(tmp_path / "signing"))
    for name in "123":
        audit.write("s1", "publish", name)
    audit.close()
    command.restored(BACKUP)
    assert capsys.readouterr().out == "Nothing is missing, or it was written down before.\n"
    with contextlib.closing(sqlite3.connect(tmp_path / "data" / "audit.db")) as file, file:
        file.execute("DELETE FROM entry WHERE number > 1")
    command.restored(BACKUP, "the disk was lost")
    assert "2 entries after that backup are lost" in capsys.readouterr().out
    command.verify()
    said = capsys.readouterr()
    assert f"from {BACKUP}, which ended with entry 1: 2 entries" in said.err
    assert "3 entries, all well." in said.out
    command.list_(most=1)
    assert "(the disk was lost)" in capsys.readouterr().out
    SigningKeys.open(tmp_path / "signing").drop("audit.key")
    with pytest.raises(Mistakes, match="missing or broken"):
        command.restored(BACKUP)

"""What staff did cannot be changed, left out, moved or cut off unseen."""

import contextlib
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.audit import Audit, verify
from bot.audit.chain import next_key
from bot.storage.database import Database, database_at
from bot.storage.postgres import Postgres
from bot.vault import SigningKeys
from tests.often import often
from tests.postgres import fresh

NOW = 1_795_000_000.0


@pytest.fixture
def keys(tmp_path: Path) -> SigningKeys:
    return SigningKeys.open(tmp_path / "signing")


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An empty audit on a server, made once: a test takes a copy."""
    for address in fresh():
        keys = SigningKeys.open(tmp_path_factory.mktemp("audit") / "signing")
        Audit.open(database_at(address, "audit"), keys).close()
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path | Database]:
    if request.param == "sqlite":
        yield tmp_path / "data" / "audit.db"
    else:
        for address in fresh(request.getfixturevalue("empty")):
            yield database_at(address, "audit")


@pytest.fixture
def audit(where: Path | Database, keys: SigningKeys) -> Iterator[Audit]:
    audit = Audit.open(where, keys, lambda: NOW)
    yield audit
    audit.close()


def by_hand(where: Path | Database, statement: str, *values: object) -> None:
    if isinstance(where, Postgres):
        with where.raw() as there:
            there.execute(statement.replace("?", "%s"), values)
    elif isinstance(where, Path):
        with contextlib.closing(sqlite3.connect(where)) as here, here:
            here.execute(statement, values)


def eight(audit: Audit) -> None:
    for number in range(1, 9):
        audit.write("s1", "publish", f"listing-{number}")


def kinds(audit: Audit, first: bytes | None = None) -> list[tuple[str, int]]:
    return [(fault.kind, fault.number) for fault in verify(audit, first)]


def test_what_was_done_can_be_read_and_nothing_is_wrong_with_it(audit: Audit) -> None:
    eight(audit)
    newest = audit.newest(2)
    assert [(one.number, one.about) for one in newest] == [(8, "listing-8"), (7, "listing-7")]
    assert newest[0].at == "2026-11-18T11:06"
    assert verify(audit) == ()


def test_of_acts_at_the_desk_only_the_day_is_known(audit: Audit) -> None:
    audit.write("s1", "desk.claim", "Maple")
    assert audit.newest()[0].at == "2026-11-18"


@pytest.mark.parametrize("column", ["at", "staff", "act", "about", "why"])
def test_a_changed_entry_is_found(audit: Audit, where: Path | Database, column: str) -> None:
    eight(audit)
    by_hand(where, f"UPDATE entry SET {column} = 'other' WHERE number = 4")
    assert kinds(audit) == [("changed", 4)]


def test_an_entry_that_was_changed_with_all_hashes_after_it_is_found(
    audit: Audit, tmp_path: Path, where: Path | Database, keys: SigningKeys
) -> None:
    # Somebody with the whole folder of today makes a chain of their own over the old entries.
    eight(audit)
    other = Audit.open(tmp_path / "other" / "audit.db", SigningKeys.open(tmp_path / "k2"))
    for number in range(1, 9):
        other.write("s1", "publish", "swapped" if number == 4 else f"listing-{number}")
    for entry, hashed, sealed in other.rows():
        by_hand(
            where,
            "UPDATE entry SET at=?, about=?, hash=?, seal=? WHERE number=?",
            *(entry.at, entry.about, hashed, sealed, entry.number),
        )
    assert kinds(audit) == [("forged", 1)]


def test_an_entry_left_out_is_found(audit: Audit, where: Path | Database) -> None:
    eight(audit)
    by_hand(where, "DELETE FROM entry WHERE number = 3")
    assert kinds(audit)[0] == ("missing", 3)


def test_two_entries_that_changed_places_are_found(audit: Audit, where: Path | Database) -> None:
    eight(audit)
    for old, new in ((3, 99), (4, 3), (99, 4)):
        by_hand(where, "UPDATE entry SET number = ? WHERE number = ?", new, old)
    assert kinds(audit)[0] == ("changed", 3)


def test_entries_that_were_cut_off_are_found(audit: Audit, where: Path | Database) -> None:
    eight(audit)
    by_hand(where, "DELETE FROM entry WHERE number > 5")
    assert kinds(audit) == [("cut", 6)]


def test_all_entries_cut_off_are_found_even_when_somebody_goes_on_writing(
    audit: Audit, where: Path | Database
) -> None:
    eight(audit)
    by_hand(where, "DELETE FROM entry WHERE number > 5")
    audit.write("s2", "sign-in")
    assert kinds(audit)[0][0] in {"forged", "cut"}


def test_entries_made_up_at_the_end_are_found(audit: Audit, where: Path | Database) -> None:
    eight(audit)
    for number in (9, 10):
        by_hand(
            where,
            "INSERT INTO entry VALUES (?, '2026-11-18', 's9', 'publish', 'x', '', ?, ?)",
            *(number, bytes(32), bytes(32)),
        )
    assert kinds(audit)


def test_an_entry_of_a_huge_number_is_found_and_keeps_nobody_waiting(
    audit: Audit, where: Path | Database
) -> None:
    eight(audit)
    by_hand(
        where,
        "INSERT INTO entry VALUES (?, '2026-11-18', 's9', 'publish', 'x', '', ?, ?)",
        *(2**61, bytes(32), bytes(32)),
    )
    assert kinds(audit) == [("missing", 9)]
    audit.write("s1", "publish", "what staff do is still written down")
    assert audit.newest(1)[0].number == 2**61 + 1
    assert kinds(audit) == [("missing", 9)]


def test_the_keys_of_what_is_written_are_gone(audit: Audit, tmp_path: Path) -> None:
    first = audit.first_key
    assert first is not None
    eight(audit)
    taken = audit.take_first_key()
    assert taken == first
    past, key = [], first
    for _ in range(8):
        past.append(key)
        key = next_key(key)
    left = b"".join(path.read_bytes() for path in (tmp_path / "signing").iterdir())
    assert key in left
    assert not any(old in left for old in past)


def test_without_the_first_key_the_chain_is_checked_and_it_is_said(
    audit: Audit, where: Path | Database
) -> None:
    eight(audit)
    taken = audit.take_first_key()
    assert kinds(audit) == [("no_key", 0)]
    assert verify(audit, taken) == ()
    assert ("forged", 1) in kinds(audit, bytes(range(32)))
    by_hand(where, "DELETE FROM entry WHERE number = 8")
    assert ("cut", 8) in kinds(audit)


def test_a_key_that_a_crash_left_behind_moves_on(audit: Audit, keys: SigningKeys) -> None:
    eight(audit)
    before = keys.kept("audit.key")
    audit.write("s1", "publish", "nine")
    assert before is not None
    keys.keep("audit.key", before)  # as if the machine stopped between entry and key
    assert verify(audit) == ()
    audit.write("s1", "publish", "ten")
    assert audit.count() == 10
    assert verify(audit) == ()


def test_many_writers_make_one_chain(
    tmp_path: Path, where: Path | Database, keys: SigningKeys, audit: Audit
) -> None:
    second = Audit.open(where, SigningKeys.open(tmp_path / "signing"))

    def write(one: Audit) -> None:
        for _ in range(10):
            one.write("s1", "desk.claim")

    writers = [threading.Thread(target=write, args=(one,)) for one in (audit, second) * 2]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert audit.count() == 40
    assert verify(audit) == ()
    second.close()


def test_an_audit_that_cannot_be_written_stops_nobody(
    audit: Audit, where: Path | Database, capfd: pytest.CaptureFixture[str]
) -> None:
    by_hand(where, "ALTER TABLE entry RENAME TO away")
    assert not audit.write("s1", "publish", "secret-canary")
    by_hand(where, "ALTER TABLE away RENAME TO entry")
    assert audit.write("s1", "publish")
    assert "secret-canary" not in "".join(capfd.readouterr())


@settings(
    max_examples=often(25),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.text(max_size=400), st.text(max_size=120))
def test_whatever_is_written_is_one_line_and_verifies(
    make: Callable[[], Audit], why: str, about: str
) -> None:
    audit = make()
    audit.write("s1", "desk.take-over", about, why)
    (entry,) = audit.newest(1)
    assert "\n" not in entry.why
    assert len(entry.why) <= 300
    assert verify(audit) == ()


@pytest.fixture
def make(audit: Audit) -> Callable[[], Audit]:
    return lambda: audit

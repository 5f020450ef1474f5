"""Backups: made whole, tried, put back, and of no use for reading what should be gone."""

import json
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from authored import Mistakes
from bot.audit import Audit, verify
from bot.cli.backup import make_backup, put_back, run_backup, run_restore, run_restore_test
from bot.cli.backup import try_backup as tried_backup
from bot.cli.backup_shelf import all_in
from bot.ledger.known import Known
from bot.ledger.ledger import Ledger
from bot.ledger.model import Tampered
from bot.settings import Settings
from bot.staff import StaffBook
from bot.storage import Mark, Row, Store
from bot.upkeep import Upkeep
from bot.vault import Epoch, KeyRing, Unopenable, Vault
from bot.wiring import database_of, open_signing
from tests import postgres
from tests.canary import find
from tests.operations.listed import publish

DAY = 86_400
CANARY = "qzvarelkiwop"


@pytest.fixture
def server() -> Iterator[str]:
    yield from postgres.fresh()


class Line:
    """A line that ran eight days ago, with somebody in it and a reply on its way to them."""

    def __init__(self, settings: Settings) -> None:
        self.settings, self.at = settings, time.time() - 8 * DAY
        signing = open_signing(settings)
        assert settings.key_ring is not None
        ring = KeyRing.open(settings.key_ring, lambda: self.at, settings.keep_hours)
        vault, today = Vault(ring), ring.today()
        self.alias = vault.alias(today, "telegram", "1", b"7340512998")
        self.place = ("session", self.alias, today, 5)
        sealed = vault.seal(*self.place, b"", CANARY.encode())
        waiting = vault.seal("outbox", self.alias, today, 6, b"", CANARY.encode())
        store = Store.open(database_of(settings, "quietline"))
        with store.group() as group:
            group.save(
                [Row(self.alias, today, 5, sealed)],
                marks=[Mark(bytes(16), today)],
                outbox=[Row(self.alias, today, 6, waiting)],
            )
        store.close()
        known = known_here(settings)
        ledger = Ledger.open(database_of(settings, "directory"), signing, known=known)
        ledger.close()
        book = StaffBook.open(database_of(settings, "staff"), signing.secret("staff"))
        book.accounts.add("Olena", ("editor",))
        book.close()


def known_here(settings: Settings) -> Known:
    from bot.atlas import read_atlas  # noqa: PLC0415 - read only where it is asked for

    return Known.of(read_atlas(settings.countries).served)


def empty(settings: Settings) -> None:
    for file in settings.data.glob("*.db*"):
        file.unlink()


def test_a_backup_of_eight_days_ago_opens_no_row_is_purged_and_sends_nothing(
    settings: Settings, tmp_path: Path
) -> None:
    line = Line(settings)
    folder = make_backup(settings, tmp_path / "backups")
    assert settings.key_ring is not None
    # Today: the key of that day is destroyed, as every day's is.
    ring = KeyRing.open(settings.key_ring, keep_hours=settings.keep_hours)
    assert Epoch(int(line.at // DAY)) in ring.destroy_expired()
    found = tried_backup(settings, folder)
    assert (found.live, found.expired, found.faults) == (0, 1, ())
    empty(settings)
    assert run_restore(None, folder) == 0
    store = Store.open(database_of(settings, "quietline"))
    stats = store.stats()
    store.close()
    assert (stats.sessions, stats.marks, stats.waiting) == (0, 0, 0)
    with sqlite3.connect(folder / "quietline.db") as copy:
        (row,) = copy.execute("SELECT sealed FROM session").fetchall()
    with pytest.raises(Unopenable):
        Vault(ring).open(*line.place, b"", row[0])


def test_a_backup_holds_no_key_no_word_and_only_its_owner_reads_it(
    settings: Settings, tmp_path: Path
) -> None:
    Line(settings)
    folder = make_backup(settings, tmp_path / "backups")
    keys = [file.read_bytes() for file in (tmp_path / "keys").glob("*.key")]
    keys += [file.read_bytes() for file in (tmp_path / "signing").glob("*.si*")]
    secrets = [half for key in keys for half in (key[:32], key[32:]) if half]
    assert len(secrets) >= 3
    assert find([folder], [CANARY, 7_340_512_998, *secrets]) == []
    assert {file.stat().st_mode & 0o777 for file in folder.iterdir()} == {0o600}
    assert folder.stat().st_mode & 0o777 == 0o700
    assert sorted(file.name for file in folder.iterdir()) == [
        *("directory.db", "manifest.json", "quietline.db", "staff.db")
    ]


def test_a_backup_that_was_changed_or_signed_by_others_is_refused_and_nothing_is_put_back(
    settings: Settings, tmp_path: Path
) -> None:
    Line(settings)
    folder = make_backup(settings, tmp_path / "backups")
    empty(settings)
    manifest = folder / "manifest.json"
    good = manifest.read_text()
    said = json.loads(good)
    said["signature"] = "00" * 64
    manifest.write_text(json.dumps(said))
    with pytest.raises(Mistakes, match="not signed"):
        put_back(settings, folder)
    manifest.write_text(good)
    with (folder / "staff.db").open("r+b") as file:
        file.seek(5000)
        file.write(b"x")
    with pytest.raises(Mistakes, match="was changed"):
        put_back(settings, folder)
    assert list(settings.data.glob("*.db")) == []


def test_what_is_there_is_never_overwritten(settings: Settings, tmp_path: Path) -> None:
    Line(settings)
    folder = make_backup(settings, tmp_path / "backups")
    before = (settings.data / "staff.db").read_bytes()
    with pytest.raises(Mistakes, match="already"):
        put_back(settings, folder)
    assert (settings.data / "staff.db").read_bytes() == before


def test_a_ledger_that_was_put_back_is_served_when_somebody_says_so(
    settings: Settings, tmp_path: Path
) -> None:
    Line(settings)
    folder = make_backup(settings, tmp_path / "backups")
    signing, known = open_signing(settings), known_here(settings)
    ledger = Ledger.open(database_of(settings, "directory"), signing, known=known)
    from bot.atlas import read_atlas  # noqa: PLC0415 - as above

    entries = read_atlas(settings.countries).served.entries
    assert ledger.seed(entries, "pack:lt") > 0
    ledger.close()
    # What a trial of the older one sees changes nothing that is remembered.
    assert tried_backup(settings, folder).faults == ()
    empty(settings)
    put_back(settings, folder)
    ledger = Ledger.open(database_of(settings, "directory"), signing, known=known)
    with pytest.raises(Tampered):
        ledger.published()
    ledger.restored()
    assert ledger.published().rows == ()
    ledger.close()


def test_the_audit_says_that_it_was_put_back_and_what_was_lost(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Line(settings)
    signing = open_signing(settings)

    def write(*acts: str) -> None:
        audit = Audit.open(database_of(settings, "audit"), signing)
        for act in acts:
            assert audit.write("s1", "publish", act)
        audit.close()

    write("one", "two")
    folder = make_backup(settings, tmp_path / "backups")
    write("three", "four", "five")
    empty(settings)
    assert run_restore(None, folder) == 0
    assert "3 entries of the audit came after this backup" in capsys.readouterr().out
    write("six")
    audit = Audit.open(database_of(settings, "audit"), signing)
    (found,) = verify(audit)
    audit.close()
    assert found.kind == "restored"
    assert f"from {folder.name}, which ended with entry 2: 3 entries" in found.said
    # And a copy that is made of it can be relied on.
    assert tried_backup(settings, make_backup(settings, tmp_path / "again")).faults == ()


def test_old_backups_go_and_the_last_of_each_kind_is_written_down(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Line(settings)
    shelf = tmp_path / "backups"
    for day in range(1, 5):
        (shelf / f"2026-01-0{day}T000000Z").mkdir(parents=True)
    (shelf / "mine").mkdir()
    monkeypatch.setenv("QUIETLINE_BACKUP_KEEP", "2")
    assert run_backup(None, None) == 0
    assert all_in(shelf)[0].name == "2026-01-04T000000Z"
    assert len(all_in(shelf)) == 2
    assert (shelf / "mine").is_dir()
    assert run_restore_test(None, None) == 0
    upkeep = Upkeep(settings.data)
    tested = upkeep.last("restore-test")
    assert upkeep.last("backup") is not None
    assert tested is not None
    assert tested.well
    assert not [one for one in shelf.iterdir() if one.name.startswith(".")]


def test_a_backup_of_a_server_can_be_put_back_into_files_and_the_other_way_round(
    settings: Settings, tmp_path: Path, server: str
) -> None:
    file = tmp_path / "address"
    file.touch(0o600)
    file.write_text(server)
    on_server = Settings.model_validate(
        {**settings.model_dump(exclude={"database"}), "database_file": file}
    )
    Line(settings)
    publish(settings)
    into_server = make_backup(settings, tmp_path / "backups")
    put_back(on_server, into_server)
    # Numbers that the server draws go on after those that came with the backup.
    publish(on_server, "Second Advice Centre")
    there = make_backup(on_server, tmp_path / "others")
    assert tried_backup(on_server, there).faults == ()
    book = StaffBook.open(database_of(on_server, "staff"), open_signing(settings).secret("staff"))
    assert [one.name for one in book.accounts.everyone()] == ["Olena"]
    book.close()
    empty(settings)
    put_back(settings, there)
    again = StaffBook.open(database_of(settings, "staff"), open_signing(settings).secret("staff"))
    assert [one.name for one in again.accounts.everyone()] == ["Olena"]
    again.close()

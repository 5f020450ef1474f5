"""From files to a server and back: every row, sealed and vouched for as before, or nothing."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from authored import Mistakes
from bot.audit import Audit, verify
from bot.cli.database import database_app
from bot.settings import Settings, read_settings
from bot.storage import Row, Store
from bot.vault import SigningKeys, Vault
from bot.wiring import FILES, database_of, open_ring
from tests import postgres
from tests.operations.listed import hire, ledger_of, names_of_staff, publish


@pytest.fixture(autouse=True)
def there(settings: Settings, tmp_path: Path) -> None:
    """A listing, an account, an act of staff, somebody, and a letter on its way to them."""
    publish(settings)
    hire(settings)
    signing = SigningKeys.open(tmp_path / "signing")
    audit = Audit.open(database_of(settings, "audit"), signing)
    assert audit.write("s1", "signed_in")
    audit.close()
    speak(settings, 1)


def speak(settings: Settings, number: int) -> None:
    """Somebody writes, and an answer waits to be sent."""
    ring = open_ring(settings)
    vault, today = Vault(ring), ring.today()
    alias = vault.alias(today, "telegram", "1", b"%d" % number)
    sealed = vault.seal("session", alias, today, 5, b"", b"remembered")
    store = Store.open(database_of(settings, "quietline"))
    with store.group(today) as group:
        group.save([Row(alias, today, 5, sealed)], outbox=[Row(alias, today, 6, b"%d" % number)])
    store.close()
    ring.close()


def remembered(settings: Settings, number: int) -> bytes:
    ring = open_ring(settings)
    vault, today = Vault(ring), ring.today()
    alias = vault.alias(today, "telegram", "1", b"%d" % number)
    store = Store.open(database_of(settings, "quietline"))
    with store.group() as group:
        row = group.load([alias])[alias]
    store.close()
    return vault.open("session", alias, today, row.sequence, b"", row.sealed)


def letters(settings: Settings) -> list[bytes]:
    store = Store.open(database_of(settings, "quietline"))
    try:
        return [letter.sealed for letter in store.pending()]
    finally:
        store.close()


def move(*words: str) -> Result:
    return CliRunner().invoke(database_app, ["move", *words])


TO_SERVER = ("--from", "sqlite", "--to", "postgresql")
BACK = ("--from", "postgresql", "--to", "sqlite")


@pytest.fixture
def address(tmp_path: Path) -> Iterator[Path]:
    file = tmp_path / "address"
    file.touch(0o600)
    for url in postgres.fresh():
        file.write_text(url)
        yield file


def test_everything_goes_to_a_server_lives_there_and_comes_back(
    settings: Settings, address: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {name: (settings.data / name).read_bytes() for name in FILES.values()}
    gone = move(*TO_SERVER, "--database-file", str(address))
    assert gone.exit_code == 0, gone.exception
    assert f"database_file: {address}" in gone.output
    assert "still vouched for" in gone.output
    assert {
        name for name in FILES if re.search(rf"^{name}: [1-9]\d* rows", gone.output, re.MULTILINE)
    } == {*FILES}
    monkeypatch.setenv("QUIETLINE_DATABASE_FILE", str(address))
    on_server = read_settings(None)
    assert remembered(on_server, 1) == b"remembered"
    assert letters(on_server) == [b"1"]
    # Life goes on there: numbers of letters and of entries follow those that came along.
    speak(on_server, 2)
    assert letters(on_server) == [b"1", b"2"]
    publish(on_server, "Second Advice Centre")
    signing = SigningKeys.open(settings.signing_keys or "")
    audit = Audit.open(database_of(on_server, "audit"), signing)
    assert audit.write("s1", "signed_out")
    assert (audit.count(), verify(audit)) == (2, ())
    audit.close()

    refused = move(*BACK)
    assert "already" in str(refused.exception)
    for name in FILES.values():
        (settings.data / name).unlink()
    back = move(*BACK)
    assert back.exit_code == 0, back.exception
    assert "remove database" in back.output
    monkeypatch.delenv("QUIETLINE_DATABASE_FILE")
    here = read_settings(None)
    assert remembered(here, 1) == remembered(here, 2) == b"remembered"
    assert letters(here) == [b"1", b"2"]
    ledger = ledger_of(here)
    assert len(ledger.published().rows) == 2
    assert tuple(ledger.verify_history()) == ()
    ledger.close()
    assert names_of_staff(here) == ["Olena"]
    assert {(settings.data / name).stat().st_mode & 0o777 for name in files} == {0o600}


def test_what_was_changed_behind_the_programs_back_is_not_carried_on(
    settings: Settings, address: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(sqlite3.connect(settings.data / "audit.db")) as file:
        file.execute("UPDATE entry SET act = 'nothing'")
        file.commit()
    refused = move(*TO_SERVER, "--database-file", str(address))
    assert isinstance(refused.exception, Mistakes)
    assert "entry 1 was changed" in str(refused.exception)
    # Nothing was left behind, so it may be done again.
    monkeypatch.setenv("QUIETLINE_DATABASE_FILE", str(address))
    on_server = read_settings(None)
    assert not any(database_of(on_server, name).there() for name in FILES)


def test_a_service_that_runs_and_a_database_in_use_are_never_moved(
    settings: Settings, address: Path
) -> None:
    store = Store.open(database_of(settings, "quietline"))
    refused = move(*TO_SERVER, "--database-file", str(address))
    assert "End it first" in str(refused.exception)
    store.close()
    assert "no server is named" in str(move(*TO_SERVER).exception)
    both = move("--from", "sqlite", "--to", "sqlite", "--database-file", str(address))
    assert "two kinds" in str(both.exception)
    Store.open(address.read_text()).close()
    refused = move(*TO_SERVER, "--database-file", str(address))
    assert "'quietline' already" in str(refused.exception)

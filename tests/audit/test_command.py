"""An auditor at the command line: verify, read, and take the first key away."""

import sqlite3
from pathlib import Path

import pytest

from tests.typed import Done, typed


@pytest.fixture
def run(tmp_path: Path) -> "Run":
    return Run(tmp_path / "data")


class Run:
    """The command, with a folder of its own."""

    def __init__(self, data: Path) -> None:
        self.data = data

    def __call__(self, *words: str) -> Done:
        return typed(*words, QUIETLINE_DATA=str(self.data), HOME=str(self.data.parent))


def test_an_auditor_takes_the_key_and_finds_what_was_changed(run: Run, tmp_path: Path) -> None:
    assert run("staff", "add", "Fictional Editor", "--role", "editor").returncode == 0
    assert run("staff", "revoke", "Fictional Editor").returncode == 0
    listed = run("audit", "list").stdout
    assert "account.add" in listed
    assert "account.revoke" in listed
    assert run("audit", "verify").stdout.startswith("2 entries, all well.")

    key = tmp_path / "first.key"
    assert run("audit", "take-key", str(key)).returncode == 0
    assert key.stat().st_mode & 0o777 == 0o600
    again = run("audit", "take-key", str(tmp_path / "second.key"))
    assert again.returncode == 2
    assert "not here any more" in again.stderr
    assert "seals were not looked at" in run("audit", "verify").stdout
    assert "all well" in run("audit", "verify", "--key", str(key)).stdout

    with sqlite3.connect(run.data / "audit.db") as connection:
        connection.execute("DELETE FROM entry WHERE number = 2")
    connection.close()
    found = run("audit", "verify", "--key", str(key))
    assert found.returncode == 1
    assert "cut: the last 1 entries are missing, from 2 on" in found.stderr


def test_where_there_is_no_audit_it_is_said(run: Run) -> None:
    found = run("audit", "verify")
    assert found.returncode == 2
    assert "there is no audit in" in found.stderr

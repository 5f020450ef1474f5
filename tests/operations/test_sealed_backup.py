"""A backup that is sealed for one reader: nobody else reads it, and it is put back whole."""

import secrets
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from authored import Mistakes
from bot.cli.backup_sealed import PART, make_key, open_file, private_in, public_in, seal_file
from bot.cli.backup_shelf import all_in
from bot.cli.doctor import examined
from bot.cli.keys import keys_app
from bot.cli.main import app
from bot.settings import Settings
from tests.canary import find
from tests.operations.listed import hire, ledger_of, names_of_staff, publish

NAME = "Qzvarelkiwop Advice Centre"


@pytest.fixture(autouse=True)
def reader(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who may read the backups of an installation with a listing and an account."""
    (tmp_path / "away").mkdir()
    made = CliRunner().invoke(keys_app, ["backup-key", str(tmp_path / "away" / "key")])
    assert made.exit_code == 0
    monkeypatch.setenv("QUIETLINE_BACKUP_SEAL_FOR", str(tmp_path / "away" / "key.pub"))
    publish(settings, NAME)
    hire(settings)


def run(*words: str) -> Result:
    return CliRunner().invoke(app, words)


def test_whoever_takes_the_folder_reads_nothing_and_who_has_the_key_puts_it_back(
    settings: Settings, tmp_path: Path
) -> None:
    key = str(tmp_path / "away" / "key")
    assert find([settings.data], [NAME]) != []
    assert run("backup").exit_code == 0
    (folder,) = all_in(tmp_path / "backups")
    assert find([folder], [NAME, "Olena", "QZVARELKIWOP"]) == []
    assert {file.suffix for file in folder.iterdir()} == {".sealed", ".json"}
    assert [one for one in settings.data.iterdir() if one.name.startswith(".")] == []
    # It was tried before it was sealed, and the doctor knows.
    ((_, finding),) = examined(None, ["backup"])
    assert finding.verdict == "ok"
    whole = run("restore-test")
    assert (whole.exit_code, "sealed" in whole.output) == (0, True)
    tried = run("restore-test", "--key", key)
    assert (tried.exit_code, "It can be put back" in tried.output) == (0, True)

    for file in settings.data.glob("*.db*"):
        file.unlink()
    assert "--key FILE" in str(run("restore", str(folder)).exception)
    assert run("restore", str(folder), "--key", key).exit_code == 0
    ledger = ledger_of(settings)
    ledger.restored()
    assert len(ledger.published().rows) == 1
    ledger.close()
    assert names_of_staff(settings) == ["Olena"]


def test_another_key_and_a_mixed_up_one_are_refused_with_what_helps(
    tmp_path: Path,
) -> None:
    away = tmp_path / "away"
    assert (away / "key").stat().st_mode & 0o777 == 0o600
    assert run("backup").exit_code == 0
    CliRunner().invoke(keys_app, ["backup-key", str(away / "other")])
    other = run("restore-test", "--key", str(away / "other"))
    assert "does not open with that key" in str(other.exception)
    wrong = run("restore-test", "--key", str(away / "key.pub"))
    assert "without .pub" in str(wrong.exception)
    # The half that opens them must never be taken for the one that closes them.
    private = run("backup", "--seal-for", str(away / "key"))
    assert "ends with .pub" in str(private.exception)
    again = CliRunner().invoke(keys_app, ["backup-key", str(away / "key")])
    assert "not there yet" in str(again.exception)
    assert len(all_in(tmp_path / "backups")) == 1


@pytest.mark.parametrize("size", [0, 1, PART - 1, PART, PART + 1, 2 * PART])
def test_a_file_of_any_size_comes_back_as_it_was(tmp_path: Path, size: int) -> None:
    public = public_in(make_key(tmp_path / "key"))
    (tmp_path / "plain").write_bytes(content := secrets.token_bytes(size))
    seal_file(tmp_path / "plain", tmp_path / "x.sealed", public)
    open_file(tmp_path / "x.sealed", tmp_path / "back", private_in(tmp_path / "key"))
    assert (tmp_path / "back").read_bytes() == content


def test_a_file_that_was_cut_changed_or_renamed_does_not_open(tmp_path: Path) -> None:
    public = public_in(make_key(tmp_path / "key"))
    private = private_in(tmp_path / "key")
    (tmp_path / "plain").write_bytes(secrets.token_bytes(2 * PART + 7))
    file = tmp_path / "x.sealed"
    seal_file(tmp_path / "plain", file, public)
    good = file.read_bytes()
    whole_parts = len(good) - (7 + 16)
    bad = [good[:whole_parts], good[:-1], good[:10], b"", good + b"x"]
    bad += [good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :] for at in (3, 28, 40, 200, -1)]
    for content in bad:
        file.write_bytes(content)
        with pytest.raises(Mistakes, match="does not open"):
            open_file(file, tmp_path / "back", private)
        assert not (tmp_path / "back").exists()
    (tmp_path / "y.sealed").write_bytes(good)
    with pytest.raises(Mistakes, match="does not open"):
        open_file(tmp_path / "y.sealed", tmp_path / "back", private)

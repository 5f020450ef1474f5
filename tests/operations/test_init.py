"""A first settings file: written once, for its owner alone, and only when it can be read."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from authored import Mistakes
from bot.cli.init import run_init
from bot.cli.main import app
from bot.settings import read_settings


def test_a_file_is_written_for_its_owner_alone_with_what_was_said(tmp_path: Path) -> None:
    file, data = tmp_path / "settings.yaml", tmp_path / "kept"
    said = ["--data", str(data), "--language", "uk", "--public-url", "https://guide.example"]
    done = CliRunner().invoke(app, ["init", str(file), "--yes", *said])
    assert done.exit_code == 0, done.output
    assert file.stat().st_mode & 0o777 == 0o600
    assert data.stat().st_mode & 0o777 == 0o700
    settings = read_settings(file, {})
    assert (settings.language, settings.data, settings.web_behind_proxy) == ("uk", data, True)
    assert done.output.count("./quietline ") == 3
    assert [one.name for one in tmp_path.iterdir() if one.name.startswith(".")] == []


def test_a_file_that_is_there_is_never_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "settings.yaml"
    file.write_text("language: uk\n")
    with pytest.raises(Mistakes, match="already"):
        run_init(file, {}, yes=True)
    assert file.read_text() == "language: uk\n"


def test_what_cannot_be_a_setting_is_refused_and_no_file_is_left(tmp_path: Path) -> None:
    file = tmp_path / "settings.yaml"
    with pytest.raises(Mistakes, match="https://"):
        run_init(file, {"data": str(tmp_path / "data"), "staff_url": "desk"}, yes=True)
    assert list(tmp_path.iterdir()) == []

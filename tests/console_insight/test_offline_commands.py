"""A file for the field is made and checked on the command line, as somebody would."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.atlas import read_atlas
from bot.cli.directory_offline import directory_app
from bot.cli.office import open_kept
from bot.settings import Settings

RUN = CliRunner()


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    """The settings of an installation whose packs are published as in a demonstration."""
    folder = tmp_path / "installation"
    folder.mkdir()
    directory = read_atlas().every
    open_kept(Settings(data=folder / "data"), directory, demo=True).close()
    file = folder / "settings.yaml"
    file.write_text(f"data: {folder / 'data'}\n", encoding="utf-8")
    return file


def run(*words: object) -> Result:
    return RUN.invoke(directory_app, [str(word) for word in words])


def test_a_file_is_made_for_a_region_and_checked_where_there_is_no_service(
    settings: Path, tmp_path: Path
) -> None:
    out = tmp_path / "kharkiv.html"
    made = run("offline", out, "--area", "UA-63", "--lang", "uk", "--settings", settings)
    assert made.exit_code == 0, made.output
    found = re.search(r"--key ([0-9a-f]{64})", made.output)
    assert found is not None
    key = found[1]

    good = run("offline-check", out, "--key", key)
    assert good.exit_code == 0, good.output
    assert "ours and whole" in good.output
    assert "for UA-63 in uk" in good.output

    other = run("offline-check", out, "--key", "00" * 32)
    assert other.exit_code == 1
    assert "signed with another key" in other.output
    out.write_bytes(out.read_bytes().replace(b"0 800", b"0 900", 1))
    assert run("offline-check", out, "--key", key).exit_code == 1
    assert run("offline-check", out, "--key", "abc").exit_code == 1
    assert run("offline-check", tmp_path / "none.html", "--key", key).exit_code == 1
    assert "UA-63" in run(
        *("offline", out, "--area", "UA63", "--lang", "uk", "--settings", settings)
    ).output  # fmt: skip
    strange = run("offline", out, "--area", "UA-63", "--lang", "ukr", "--settings", settings)
    assert strange.exit_code == 1


def test_where_nothing_is_published_there_is_no_file(tmp_path: Path) -> None:
    file = tmp_path / "settings.yaml"
    file.write_text(f"data: {tmp_path / 'data'}\n", encoding="utf-8")
    out = tmp_path / "kharkiv.html"
    none = run("offline", out, "--area", "UA-63", "--lang", "uk", "--settings", file)
    assert none.exit_code == 1
    assert "nothing is shown for UA-63" in none.output
    assert not out.exists()

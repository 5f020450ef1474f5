"""Help now as files: the same words as `/now`, with no store, no key and no service behind them."""

from pathlib import Path

import pytest

from authored import Mistakes
from bot.app import Service
from bot.cli.emergency import run_emergency
from bot.settings import Settings
from tests.channels.html import Page


def test_the_files_say_what_the_service_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, folder = tmp_path / "data", tmp_path / "files"
    monkeypatch.setenv("QUIETLINE_DATA", str(data))
    assert run_emergency(folder, None) == 0
    assert not data.exists()
    service = Service(Settings(data=data, key_ring=tmp_path / "keys"), demo=False)
    codes = [one.code for one in service.speech.languages]
    assert sorted(path.name for path in folder.iterdir()) == sorted(f"{c}.html" for c in codes)
    for code in codes:
        page = Page((folder / f"{code}.html").read_text("utf-8"))
        assert page.all("html")[0].attrs["lang"] == code
        for block in service.emergency(code).blocks:
            assert all(" ".join(line.text.split()) in page.text for line in block.lines)
    service.store.close()


def test_they_are_written_over_those_from_before(tmp_path: Path) -> None:
    (tmp_path / "en.html").write_text("old")
    run_emergency(tmp_path, None)
    assert "102" in (tmp_path / "en.html").read_text("utf-8")
    assert not list(tmp_path.glob("*.new"))


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Mistakes, match="Name a folder"):
        run_emergency(tmp_path / "file", None)


def test_where_nothing_is_published_there_are_numbers_to_press_in_every_language(
    tmp_path: Path,
) -> None:
    run_emergency(tmp_path, None)
    for path in tmp_path.glob("*.html"):
        page = Page(path.read_text("utf-8"))
        called = [link.attrs["href"] for link in page.all("a") if "tel:" in link.attrs["href"]]
        assert called == ["tel:102", "tel:103", "tel:112", "tel:112", "tel:123"], path.name


def test_a_published_line_stands_in_the_place_of_its_countrys_numbers(tmp_path: Path) -> None:
    service = Service(Settings(data=tmp_path, key_ring=tmp_path / "keys"), demo=True)
    every = [line for block in service.emergency("en").blocks for line in block.lines]
    titles = [line.text for line in every if line.kind == "title"]
    assert "Ukraine" not in titles
    assert any(line.href.startswith("tel:") for line in every)
    service.store.close()

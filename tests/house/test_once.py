"""What many parts of a program read is read once, and again when somebody changed it."""

import gc
from pathlib import Path

import pytest

from authored import Mistake, Mistakes
from bot import once as keeping
from bot.once import made_once, once


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "words").write_text("one", "utf-8")
    return tmp_path


def said_in(folder: Path) -> list[str]:
    """A new list at every reading, so that one reading is told from another."""
    return [path.read_text("utf-8") for path in sorted(folder.rglob("*")) if path.is_file()]


def test_what_did_not_change_is_not_read_again(folder: Path) -> None:
    first = once("words", folder, lambda: said_in(folder))
    assert once("words", folder, lambda: said_in(folder)) is first == ["one"]


def test_a_change_an_addition_and_a_removal_are_seen(folder: Path) -> None:
    file, new = folder / "deep" / "words", folder / "new"
    found = []
    for change in (
        lambda: None,
        lambda: file.write_text("another", "utf-8"),
        lambda: new.write_text("more", "utf-8"),
        file.unlink,
    ):
        change()
        found.append(once("words", folder, lambda: said_in(folder)))
    assert found == [["one"], ["another"], ["another", "more"], ["more"]]


def test_what_is_called_otherwise_or_stands_elsewhere_is_read_by_itself(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    assert once("words", folder, lambda: 1) == 1
    assert once("names", folder, lambda: 2) == 2
    assert once("words", elsewhere, lambda: 3) == 3


def test_a_fault_is_told_every_time_until_it_is_mended(folder: Path) -> None:
    def faulty() -> str:
        raise Mistakes([Mistake("words", 1, 1, "is wrong", "Mend it.")])

    for _ in range(2):
        with pytest.raises(Mistakes):
            once("faults", folder, faulty)
    assert gc.isenabled()
    assert once("faults", folder, lambda: "mended") == "mended"


def test_only_so_much_is_kept(folder: Path) -> None:
    first = once(0, folder, lambda: said_in(folder))
    for number in range(1, keeping.MOST_KEPT + 1):
        once(number, folder, lambda: said_in(folder))
    assert once(0, folder, lambda: said_in(folder)) is not first


def test_what_comes_of_the_same_things_is_made_once_and_of_others_anew(folder: Path) -> None:
    words = once("words", folder, lambda: said_in(folder))
    made = made_once("table", (words, folder), lambda: [*words, "made"])
    assert made_once("table", (words, folder), lambda: ["never"]) is made == ["one", "made"]
    assert made_once("names", (words, folder), lambda: ["of another name"]) == ["of another name"]
    # Alike is not the same: it may have been read from other files.
    assert made_once("table", ([*words], folder), lambda: ["anew"]) == ["anew"]


def test_nothing_is_taken_for_what_is_no_longer_there() -> None:
    for number in range(2 * keeping.MOST_MADE):
        # Each has the place in memory that one before it left.
        assert made_once("table", ([number],), lambda: number) == number  # noqa: B023

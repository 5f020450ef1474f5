"""The examples of the handbook for authors are read, checked and played, in the real library."""

import re
import shutil
from pathlib import Path

import pytest

from authored import Mistakes
from bot.app import read_vocabulary
from bot.cli.flows import _make_player
from flows.conversations import play, read_conversations
from flows.lint import RULES, lint
from flows.reader import Library, read_library
from flows.wording import Around, rules
from tests.documents.reading import FENCE, ROOT
from tests.flows.wise import Book

HANDBOOK = (ROOT / "docs" / "handbook-author.md").read_text("utf-8")
BLOCKS = {
    found["info"].split()[1]: found["body"]
    for found in FENCE.finditer(HANDBOOK)
    if found["info"].startswith("yaml ")
}
PLACE = "      aid_worker:"
"""The choice in front of which the handbook's way is put in."""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """Ours, with the flow of the handbook and the way that leads to it."""
    folder = tmp_path_factory.mktemp("handbook") / "library"
    shutil.copytree(ROOT / "flows" / "library", folder)
    (folder / "first_visit.yaml").write_text(BLOCKS["flow"], "utf-8")
    topics = (folder / "topics.yaml").read_text("utf-8")
    assert topics.count(PLACE) == 1
    with_way = topics.replace(PLACE, f"      {BLOCKS['way'].strip()}\n{PLACE}")
    (folder / "topics.yaml").write_text(with_way, "utf-8")
    return read_library(folder, read_vocabulary())


def test_the_flow_of_the_handbook_has_no_fault_and_nothing_unwise(library: Library) -> None:
    found = lint(library, {"en": Book({})}, (*RULES, *rules(Around())))
    ours = [one for one in found if Path(one.file).name == "first_visit.yaml"]
    assert [str(one) for one in ours] == []


def test_the_conversations_of_the_handbook_hold(library: Library, tmp_path: Path) -> None:
    (tmp_path / "first_visit.yaml").write_text(BLOCKS["conversation"], "utf-8")
    report = play(read_conversations(tmp_path), library, _make_player())
    assert (report.played, [str(one) for one in report.failures]) == (2, [])


def test_a_fault_in_the_example_is_noticed(tmp_path: Path) -> None:
    folder = tmp_path / "library"
    shutil.copytree(ROOT / "flows" / "library", folder)
    broken = BLOCKS["flow"].replace("go: together}", "go: togehter}")
    (folder / "first_visit.yaml").write_text(broken, "utf-8")
    with pytest.raises(Mistakes, match="togehter"):
        read_library(folder, read_vocabulary())


def test_the_flows_that_differ_by_country_are_all_named() -> None:
    library = ROOT / "flows" / "library"
    differ = sorted(
        path.name for path in library.glob("*.yaml") if "within: [LT]" in path.read_text("utf-8")
    )
    (said,) = re.findall(r"write yours: (.+?)\.\n", HANDBOOK)
    assert said == ", ".join(f"`{name}`" for name in differ)


def test_every_file_that_a_language_needs_is_there_for_one_that_we_speak() -> None:
    (table,) = re.findall(r"## A new language\n\n(.+?)\n\n", HANDBOOK, re.DOTALL)
    named = re.findall(r"^\| `([^`]+)` \|", table, re.MULTILINE)
    assert len(named) == 6
    assert [one for one in named if not list(ROOT.glob(one.replace("CODE", "lt")))] == []

"""What SECURITY.md promises is held to the design, and what it calls its proof is there."""

import re

import pytest

from bot.reports.noise import FEWEST, MARGIN, SHOWN_FROM
from tests.documents.reading import ROOT

SECURITY = (ROOT / "SECURITY.md").read_text("utf-8")
PROOFS = sorted(set(re.findall(r"`(tests/[\w/.]+)`", SECURITY)))


@pytest.mark.parametrize("proof", PROOFS)
def test_every_test_that_is_named_as_a_proof_is_there(proof: str) -> None:
    path = ROOT / proof
    assert path.suffix == ".py" or any(path.glob("test_*.py"))


def test_end_to_end_is_said_of_one_thing_alone() -> None:
    said = [line for line in SECURITY.splitlines() if "end-to-end" in line.casefold()]
    human = "after a person was handed to a human, and of nothing else."
    assert said == [f'"End-to-end" is said of the web chat with JavaScript {human}']


def test_what_is_promised_is_the_same_on_every_page_that_promises() -> None:
    first = "| who gets | web page with JavaScript | web page without | Telegram |"
    rows = {}
    for name in ("SECURITY.md", "docs/sealing.md"):
        text = (ROOT / name).read_text("utf-8")
        (table,) = re.findall(rf"{re.escape(first)}\n\|[-|]+\n((?:\|.*\n)+)", text)
        rows[name] = {
            line.split("|")[1].strip(): line.split("|")[2:5] for line in table.splitlines()
        }
    assert len(rows["SECURITY.md"]) == 5
    backup = "database, journal and backups of a host that is off"
    for name, table in rows.items():
        assert "the day" in table[backup][0], name
    ours, theirs = rows["SECURITY.md"], rows["docs/sealing.md"]
    assert ours["Telegram, or who compels it"][:2] == theirs["Telegram, or who compels it"][:2]
    assert ours["the unlocked phone"][0] == theirs["the person's unlocked phone"][0]


@pytest.mark.parametrize("name", ["SECURITY.md", "docs/handbook-administrator.md"])
def test_what_is_said_of_figures_is_what_they_are(name: str) -> None:
    text = " ".join((ROOT / name).read_text("utf-8").split())
    assert f"under {SHOWN_FROM}" in text.replace("Under", "under")
    assert "fewer than ten" in text
    assert FEWEST == 10


def test_the_margin_of_a_figure_is_told_to_who_reads_it() -> None:
    text = (ROOT / "docs" / "handbook-administrator.md").read_text("utf-8")
    assert f"off by {MARGIN} at most" in text

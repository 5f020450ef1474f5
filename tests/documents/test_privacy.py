"""Every sentence of the privacy notice has a row that says what it rests on, and its proof is
there.
"""

import re

from bot.privacy import PARTS
from flows.ui import read_ui
from tests.documents.proofs import missing
from tests.documents.reading import ROOT

DOCUMENT = (ROOT / "docs" / "privacy.md").read_text("utf-8")
ROWS = re.findall(
    r"^\| (`[a-z_`, ]+`) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", DOCUMENT, re.MULTILINE
)
SAID = {key for key in read_ui(ROOT / "locales") if key.startswith("privacy.")}


def names(cell: str) -> list[str]:
    """What stands between back-ticks."""
    return re.findall(r"`([^`]+)`", cell)


def test_every_sentence_has_a_row_and_no_row_is_about_nothing() -> None:
    rows = [f"privacy.{name}" for words, *_ in ROWS for name in names(words)]
    assert len(rows) == len(set(rows))
    assert {one for one in SAID if not one.endswith("_title")} == set(rows)


def test_every_sentence_is_said_by_the_program() -> None:
    said = {f"privacy.{key}" for title, keys in PARTS for key in (title, *keys) if key}
    last = {"who_title", "who", "who_unknown", "contact", "contact_unknown", "rights"}
    assert said | {f"privacy.{key}" for key in last} == SAID


def test_every_proof_is_there() -> None:
    proofs = [proof for *_, proved, _ in ROWS for proof in names(proved)]
    assert len(proofs) >= len(ROWS)
    assert [proof for proof in proofs if missing(proof)] == []


def test_a_proof_that_is_not_there_is_noticed() -> None:
    assert missing("tests/documents/test_privacy.py::test_nothing_at_all")
    assert missing("tests/nowhere.py::test_every_proof_is_there")
    assert missing("bot/nowhere.py")

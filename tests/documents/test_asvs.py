"""The self-assessment judges every requirement of levels 1 and 2, and what it names is there."""

import re
from collections import Counter
from collections.abc import Callable
from importlib import import_module

import pytest

from tests.documents.asvs import FOLDER, STATUSES, Judged, judged, official, table
from tests.documents.proofs import missing
from tests.documents.reading import ROOT

DOCUMENT = (ROOT / "docs" / "asvs.md").read_text("utf-8")
DECISIONS = (ROOT / "docs" / "security-decisions.md").read_text("utf-8")
USES = re.compile(
    r"^\s*(from|import) (cryptography|argon2|hashlib|hmac|pyotp|ssl|webauthn)\b", re.MULTILINE
)
NUMBERS = re.findall(r"^\| [^|]+ \| ([^|]+) \| `([\w.]+)\.([A-Z_]+)` \|$", DECISIONS, re.MULTILINE)


@pytest.fixture(scope="module")
def found() -> tuple[Judged, ...]:
    return judged()


def test_there_are_as_many_requirements_as_the_standard_has() -> None:
    assert Counter(official().values()) == {1: 70, 2: 183, 3: 92}


def test_every_requirement_of_levels_1_and_2_is_judged_once_and_none_is_made_up(
    found: tuple[Judged, ...], record_property: Callable[[str, object], None]
) -> None:
    known = official()
    numbers = [one.number for one in found]
    assert len(set(numbers)) == len(numbers)
    assert [one for one in found if known.get(one.number) != one.level] == []
    assert {number for number, level in known.items() if level < 3} <= set(numbers)
    for level in (1, 2, 3):
        counted = Counter(one.status for one in found if one.level == level)
        said = ", ".join(f"{counted[status]} {status}" for status in STATUSES)
        record_property(f"asvs_level_{level}", said)
        print(f"ASVS 5.0.0 level {level}: {said}")  # noqa: T201 - for whoever runs it with -s


def test_what_is_met_has_evidence_and_what_is_not_has_a_reason(found: tuple[Judged, ...]) -> None:
    assert [one.number for one in found if one.status == "met" and not one.evidence] == []
    assert [one.number for one in found if one.status != "met" and not one.why] == []
    assert [one.number for one in found if one.status == "partly" and not one.evidence] == []


def test_all_evidence_is_there(found: tuple[Judged, ...]) -> None:
    named = {(one.number, proof) for one in found for proof in one.evidence}
    assert sorted((number, proof) for number, proof in named if missing(proof)) == []


def test_the_page_says_what_the_files_say(found: tuple[Judged, ...]) -> None:
    assert table(found) in DOCUMENT
    below = {one.number for one in found if one.level < 3 and one.status == "not met"}
    below |= {one.number for one in found if one.level == 1 and one.status == "partly"}
    told = set(re.findall(r"^- \*?(\d+\.\d+\.\d+)", DOCUMENT, re.MULTILINE))
    assert told == below


def test_a_file_is_one_chapter_and_short(found: tuple[Judged, ...]) -> None:
    for path in FOLDER.glob("*.yaml"):
        assert len(path.read_text("utf-8").splitlines()) < 300
    assert {one.number.partition(".")[0] == str(one.chapter) for one in found} == {True}


@pytest.mark.parametrize(("said", "module", "name"), NUMBERS, ids=[one[2] for one in NUMBERS])
def test_a_number_that_was_decided_is_the_number_of_the_program(
    said: str, module: str, name: str
) -> None:
    is_so = getattr(import_module(module), name)
    assert float(said.replace(",", "").split()[0]) == float(is_so)


def test_every_room_that_uses_cryptography_is_in_the_list() -> None:
    named = set(
        re.findall(r"`((?:bot/|flows|referral_directory|understanding|authored)\w*)`", DECISIONS)
    )
    using = set()
    for room in ("bot", "flows", "referral_directory", "understanding", "authored"):
        for path in (ROOT / room).rglob("*.py"):
            if USES.search(path.read_text("utf-8")):
                first, second, *_ = path.relative_to(ROOT).parts
                inner = f"{first}/" if second.endswith(".py") else f"{first}/{second}"
                using.add(inner if first == "bot" else first)
    assert using - named == set()

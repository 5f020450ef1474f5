"""`directory search`: whatever is asked, it answers in words."""

import os
import re
from datetime import datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from referral_directory import Query, load_packs
from referral_directory.codes import WHO
from referral_directory.columns import MARKS
from referral_directory.commands import app
from referral_directory.reasons import REASONS
from referral_directory.showing import shown
from tests.directory.helpers import listing, write_packs

UNDATED = "{url: https://example.org}"
HOURS = ("2026-11-23T12:00+02:00", "2026-11-25T17:45+02:00", "2026-11-22T03:10+02:00")
LANGUAGES = ("en", "uk")
EVERY = os.environ.get("QUIETLINE_SUITE") == "1"
CATALOGUE = Path(__file__).resolve().parents[2] / "locales" / "ui.yaml"


def asked(*words: str) -> str:
    result = CliRunner().invoke(app, ["search", *words], catch_exceptions=False)
    return result.output


def test_everything_worth_saying_of_a_listing_has_words() -> None:
    assert set(MARKS) <= set(REASONS)


def test_every_reason_has_words_in_the_languages_of_the_reader() -> None:
    translated = set(re.findall(r"(?m)^  reason\.(\w+):", CATALOGUE.read_text(encoding="utf-8")))
    assert translated == set(REASONS)


def test_a_service_whose_source_has_no_date_is_shown_and_says_so(tmp_path: Path) -> None:
    packs = write_packs(tmp_path, listing("ua-undated", source=UNDATED))
    told = asked("--need", "medical", "--packs", str(packs))
    assert "the source has no date" in told
    assert "source: https://example.org (no date)" in told


def test_a_time_without_an_offset_is_the_time_of_the_place(tmp_path: Path) -> None:
    day_line = '[{kind: phone, number: "+380441234567", hours: "Mo-Fr 09:00-18:00"}]'
    packs = write_packs(tmp_path, listing("ua-day", contacts=day_line))
    for at, said in (("2026-11-23 08:59", "closed"), ("2026-11-23 09:00", "open, closes")):
        told = asked("--place", "UA-63", "--at", at, "--packs", str(packs))
        assert f"\n   {said}" in told
        assert f"At {at} EET (Europe/Kyiv)." in told
    summer = asked("--at", "2026-07-20 09:00", "--packs", str(packs))
    assert "At 2026-07-20 09:00 EEST (Europe/Kyiv)." in summer
    offset = asked("--at", "2026-11-23T08:30+01:00", "--packs", str(packs))
    assert "\n   open, closes" in offset
    assert "Europe/Kyiv" not in offset
    assert "is not an instant" in asked("--at", "tonight", "--packs", str(packs))


def test_a_need_may_be_named_by_its_last_word_as_long_as_that_means_one(tmp_path: Path) -> None:
    packs = write_packs(tmp_path, listing("ua-records", needs="[legal.documentation]"))
    told = asked("--need", "documentation", "--packs", str(packs))
    assert "[ua-records]" in told
    assert "legal.documentation" in told
    taxonomy = packs / "taxonomy.yaml"
    twice = "  medical.documentation: {en: Records, uk: Записи}\n"
    taxonomy.write_text(taxonomy.read_text(encoding="utf-8") + twice, encoding="utf-8")
    told = asked("--need", "documentation", "--packs", str(packs))
    assert "there is no need 'documentation'" in told
    assert "documentation" in told.partition("Did you mean")[2]


@pytest.mark.parametrize("hour", HOURS)
def test_every_need_in_every_place_is_answered_in_words(hour: str) -> None:
    """In both languages with `QUIETLINE_SUITE=1`, otherwise in one and the other by turns."""
    directory = load_packs()
    live = directory.serving(None)
    at = datetime.fromisoformat(hour)
    people = (frozenset[str](), frozenset(WHO))
    for turn, place in enumerate((None, "UA", *(place.code for place in directory.places))):
        for i, need in enumerate(directory.needs):
            for language in LANGUAGES if EVERY else (LANGUAGES[(turn + i // 2) % 2],):
                query = Query((need,), place, (language,), who=people[i % 2], hours_since=(0, 48))
                assert list(shown(directory, live, query, at)), (need, place)

"""What is said of a chat with a human: what goes along, the line, the duties to report."""

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from bot.dialogue.step import begin
from bot.handing_words import passed
from tests.walks.guide import NIGHT, table, wording


def test_what_is_left_out_does_not_go_along() -> None:
    slots = {"need": "legal", "place": "UA-63", "urgency": "now", "prefer": "woman"}
    assert passed(slots, "uk", "telegram") == (
        "need:legal",
        "place:UA-63",
        "urgency:now",
        "prefer:woman",
        "language:uk",
        "channel:telegram",
    )
    out = {**slots, "pass_need": "no", "pass_place": "no", "pass_urgency": "no"}
    assert passed(out, "uk", "web") == ("prefer:woman", "language:uk", "channel:web")


def said(values: dict[str, tuple[str, ...]], state: str, language: str = "en") -> str:
    session = replace(begin(table(), language), position=(state,), values=values, said=(state,))
    at = datetime(2026, 11, 22, 21, 10, tzinfo=UTC)
    shown = wording().word(session, session.said, at)
    return "\n".join(line.text for block in shown.blocks for line in block.lines)


def test_a_wait_is_a_number_only_where_it_was_measured() -> None:
    measured = said({"in_line": ("3", "12", "30")}, "handoff_line/line")
    assert "Your place in line: 3" in measured
    assert "12 min" in measured
    assert "30 min" in measured
    unknown = said({"in_line": ("3", "", "")}, "handoff_line/line")
    assert " min" not in unknown
    assert "not known" in unknown


def test_when_the_desk_opens_is_said_by_its_own_clock() -> None:
    text = said({"opens": ("2026-11-23T09:00+02:00",)}, "handoff/shut")
    assert "09:00" in text.replace("\u202f", " ")
    assert "UTC+2" in text
    assert "here again" not in said({"opens": ("soon",)}, "handoff/shut")


def test_the_six_words_are_said_in_their_order_and_in_every_language() -> None:
    six = ("maple", "river", "stone", "cloud", "paper", "lamp")
    for language in ("en", "uk", "az"):
        assert " ".join(six) in said({"code": six}, "handoff_line/code", language)


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("LT", "page of 2 Dec 2025"),
        ("AZ-BA", "decision of 2012"),
        ("occupied", "Ukraine: care needs no police report"),
        ("CO", "where you live is not known here"),
        ("", "where you live is not known here"),
    ],
)
def test_duties_to_report_are_said_by_place_and_unknown_as_unknown(place: str, words: str) -> None:
    slots = {"place": place} if place else {}
    session = replace(begin(table(), "en"), position=("handoff/consent",), slots=slots)
    shown = wording().word(session, ("handoff/consent",), NIGHT)
    text = "\n".join(line.text for block in shown.blocks for line in block.lines)
    assert words in text
    assert "locked for 72 hours" in text
    assert "may have to report" in text


def test_nothing_that_the_desk_does_not_know_is_said() -> None:
    empty = said({}, "handoff_line/line")
    assert "{" not in empty
    assert "place in line:" not in empty
    odd = said({"secrecy": ("carrier pigeon",), "passed": ("shoe:9",)}, "handoff/consent")
    assert "pigeon" not in odd
    assert "shoe" not in odd

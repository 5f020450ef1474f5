"""What lint says of scripts that can be read and are not wise."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from authored import Mistake
from flows.grammar import Vocabulary
from flows.lint import lint
from flows.reader import read_library

Write = Callable[..., Path]

END = "      end: {label: That is all, go: bye}\n"
LEGAL = "      legal: {label: Legal help, set: {need: legal}, go: place}"
BYE = "  bye:\n    say: Done. What I remembered is gone.\n    forgets: true\n"
FLOW = "format: 1\nid: more\ntitle: t\nentry: a\nsteps:\n"


class Book:
    """A language whose translations are written in the test."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.texts = texts

    def own(self, domain: str, context: str, english: str) -> str | None:
        return self.texts.get(context)


@pytest.fixture
def findings(write: Write, vocabulary: Vocabulary) -> Callable[..., tuple[Mistake, ...]]:
    def findings(
        books: Mapping[str, Mapping[str, str]] | None = None, **changes: object
    ) -> tuple[Mistake, ...]:
        said = {name: Book(texts) for name, texts in (books or {}).items()}
        found = lint(read_library(write(**changes), vocabulary), said)
        return tuple(f for f in found if f.rule != "return-nowhere" or "always" not in f.file)

    return findings


Findings = Callable[..., tuple[Mistake, ...]]


def test_a_wise_script_has_no_findings(findings: Findings) -> None:
    assert findings() == ()
    assert findings({"en": {}}) == ()


def test_the_return_of_a_command_is_found_to_lead_nowhere(
    write: Write, vocabulary: Vocabulary
) -> None:
    """Nobody does the steps of always.yaml; the language question is the engine's own."""
    found = lint(read_library(write(), vocabulary), {})

    assert [(f.rule, f.line) for f in found] == [("return-nowhere", 5), ("return-nowhere", 11)]


STRUCTURE = [
    (
        "unreachable",
        {"find_help": (BYE, BYE + "  lost: {say: x, forgets: true}\n")},
        "  lost:",
        "nothing leads here",
    ),
    (
        "no-end",
        {
            "find_help": (
                (BYE, ""),
                (END, ""),
                ("    go: bye\n", "    go: need\n"),
                ("do: medical_time, then: place", "go: place"),
            ),
            "medical_time": None,
        },
        "  need:",
        "no end can be come to",
    ),
    (
        "loop",
        {"find_help": ("none: decide}", "none: searching}")},
        "  searching:",
        "leads back to itself",
    ),
    (
        "loop",
        {
            "find_help": ("none: decide}", "none: {do: more, then: searching}}"),
            "more": FLOW + "  a: {go: b}\n  b: {go: return}\n",
        },
        "  searching:",
        "leads back to itself",
    ),
    (
        "no-return",
        {"medical_time": ("go: return", "go: find_help/bye")},
        "  need:",
        "'medical_time' is done here and never returns",
    ),
    (
        "return-nowhere",
        {"find_help": (LEGAL, LEGAL.replace("go: place", "go: medical_time/when"))},
        "  when:",
        "return leads nowhere",
    ),
    (
        "long-flow",
        {"find_help": (BYE, BYE + "".join(f"  s{i}: {{go: bye}}\n" for i in range(20)))},
        "steps:",
        "has 27 steps",
    ),
    (
        "many-choices",
        {
            "find_help": (
                END,
                END + "".join(f"      c{i}: {{label: L{i}, go: bye}}\n" for i in range(11)),
            )
        },
        "    choices:",
        "has 13 choices",
    ),
    (
        "slot-elsewhere",
        {"find_help": ("set: {need: legal}", "set: {need: legal, time: d1}")},
        "  need:",
        "fills 'time'",
    ),
]


@pytest.mark.parametrize(("rule", "changes", "where", "message"), STRUCTURE)
def test_a_script_that_would_lose_a_person_is_found(
    findings: Findings, rule: str, changes: dict[str, object], where: str, message: str
) -> None:
    found = [f for f in findings(**changes) if f.rule == rule and message in f.message]
    lines = [Path(f.file).read_text(encoding="utf-8").splitlines()[f.line - 1] for f in found]

    assert any(line.startswith(where) for line in lines), found
    assert all(f.mend for f in found)


def test_a_loop_that_asks_the_person_is_no_loop(findings: Findings) -> None:
    asked = findings(
        find_help=("none: decide}", "none: {do: medical_time, then: searching}}"),
    )

    assert "loop" not in {f.rule for f in asked}


TEXTS = [
    (
        "key-long",
        {"find_help": ("legal: {label", f"{'k' * 49}: {{label")},
        {},
        "the key has 49 bytes",
    ),
    ("label-long", {"find_help": ("Legal help", "L" * 41)}, {}, "the label has 41 characters (en)"),
    (
        "label-long",
        {},
        {"uk": {"find_help.need.choices.legal.label": "Ї" * 41}},
        "41 characters (uk)",
    ),
    (
        "say-long",
        {"find_help": ("max_chars: 320", "max_chars: 20")},
        {},
        "the prompt has 63 characters (en)",
    ),
    (
        "say-long",
        {},
        {"uk": {"find_help.need.say": "Ї" * 321}},
        "the prompt has 321 characters (uk)",
    ),
    (
        "say-long",
        {"find_help": ("Where are you?", "a" * 4097)},
        {},
        "the prompt has 4097 characters",
    ),
    (
        "labels-equal",
        {"find_help": ("label: Legal help", "label: medical Care")},
        {},
        "reads like the choice 'medical' (en)",
    ),
    (
        "labels-equal",
        {},
        {
            "uk": {
                "find_help.need.choices.legal.label": "Так",
                "find_help.need.choices.medical.label": "так",
            }
        },
        "reads like the choice 'medical' (uk)",
    ),
    (
        "command-word",
        {"find_help": ("label: Legal help", "label: Sos")},
        {},
        "'Sos' also means help_now (en)",
    ),
    (
        "command-word",
        {},
        {
            "uk": {
                "always.commands.human.words": "людина; лінія",
                "find_help.need.choices.legal.label": "Лінія",
            }
        },
        "'Лінія' also means human (uk)",
    ),
    (
        "sensitive",
        {
            "find_help": (
                "legal], retention: session",
                "legal], retention: session, sensitive: true",
            )
        },
        {},
        "says back 'need_name'",
    ),
    (
        "sensitive",
        {"find_help": ("Where are you?", "Are you in {place}?")},
        {},
        "says back 'place'",
    ),
    (
        "link",
        {"find_help": ("Where are you?", "See http://example.org/a.")},
        {},
        "'http://example.org/a.' is not",
    ),
    (
        "link",
        {},
        {"uk": {"find_help.place.say": "Див. www.example.org"}},
        "'www.example.org' is not an https link (uk)",
    ),
]


@pytest.mark.parametrize(("rule", "changes", "books", "message"), TEXTS)
def test_a_text_that_does_not_fit_or_gives_away_is_found(
    findings: Findings,
    rule: str,
    changes: dict[str, object],
    books: dict[str, dict[str, str]],
    message: str,
) -> None:
    found = [f for f in findings(books, **changes) if f.rule == rule]

    assert any(message in f.message for f in found), found


def test_what_is_fine_is_not_found(findings: Findings) -> None:
    """An https link; a label that leads to its command; choices that exclude each other."""
    found = findings(
        find_help=(
            ("Where are you?", "See https://www.example.org now."),
            (LEGAL, LEGAL.replace("Legal help", "Leave").replace("go: place", "go: always/left")),
            ("label: That is all,", "label: Same, if: {slot: need, eq: legal},"),
            ("label: Back to the list,", "label: Same, if: {slot: need, eq: medical},"),
        )
    )

    assert found == ()


def test_missing_translations_are_grouped_by_step(findings: Findings) -> None:
    have = {"find_help.need.say": "x", "find_help.need.choices.legal.label": "y"}
    found = [f for f in findings({"uk": have, "fr": {}}) if f.rule == "untranslated"]
    said = {f.message for f in found}

    assert (
        "not translated: fr: say, choices.legal.label; "
        "uk, fr: choices.medical.label, choices.same.label"
    ) in said
    assert "not translated: uk, fr: label, words" in said
    assert len(found) == len({(f.file, f.line) for f in found})
    assert {f.severity for f in found} == {"warning"}

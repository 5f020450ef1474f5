"""The table of rules, and how findings are written down for people and programs."""

import json
from collections.abc import Callable
from pathlib import Path

from authored import Mistake
from flows.findings import Format, written
from flows.grammar import Vocabulary
from flows.ground import Rule
from flows.lint import RULES, has_errors, lint
from flows.reader import read_library

Write = Callable[..., Path]

FOUND = (
    Mistake("a.yaml", 3, 5, "50% is: wrong,\nreally", "Mend it.", "one"),
    Mistake("b.yaml", 0, 0, "is odd", "", "two", "warning"),
)


def test_findings_are_written_for_people() -> None:
    text = written(FOUND, Format.TEXT, {})

    assert text.startswith("a.yaml:3:5: 50% is: wrong,")
    assert text.endswith("b.yaml: warning: is odd [two]\n1 errors, 1 warnings")
    assert written((), Format.TEXT, {}) == "Nothing found."


def test_findings_are_written_for_programs() -> None:
    first = json.loads(written(FOUND, Format.JSON, {}))[0]

    assert first["file"] == "a.yaml"
    assert (first["line"], first["column"], first["severity"]) == (3, 5, "error")


def test_findings_are_written_for_a_review() -> None:
    assert written(FOUND, Format.GITHUB, {}).splitlines() == [
        "::error file=a.yaml,line=3,col=5,title=one::50%25 is: wrong,%0Areally Mend it.",
        "::warning file=b.yaml,line=1,col=1,title=two::is odd",
    ]


def test_findings_are_written_for_scanners() -> None:
    run = json.loads(written(FOUND, Format.SARIF, {"one": "Why."}))["runs"][0]

    assert run["tool"]["driver"]["rules"][0] == {"id": "one", "shortDescription": {"text": "Why."}}
    assert [result["level"] for result in run["results"]] == ["error", "warning"]
    region = run["results"][1]["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 1, "startColumn": 1}


def test_every_rule_says_what_it_is_for() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)
    assert all(rule.why.endswith(".") and rule.check.__doc__ for rule in RULES)


def test_more_rules_can_stand_beside_ours(write: Write, vocabulary: Vocabulary) -> None:
    rule = Rule(
        "L01", "warning", "A rule of others.", lambda g: [Mistake("a", 1, 1, g.script.start)]
    )
    found = lint(read_library(write(), vocabulary), {}, [rule])

    assert [str(f) for f in found] == ["a:1:1: warning: find_help/need [L01]"]
    assert not has_errors(found)
    assert has_errors([Mistake("a", 1, 1, "b")])

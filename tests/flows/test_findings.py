"""How findings are written down for people, programs, reviews and scanners."""

import json

from authored import Mistake
from flows.findings import Format, written

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

"""How findings are written down: for people, for programs, for a forge's review, for scanners."""

import json
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from authored import Mistake


class Format(StrEnum):
    """The ways to write findings."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"
    SARIF = "sarif"


def written(findings: Iterable[Mistake], form: Format, why: Mapping[str, str]) -> str:
    """The findings as text. `why` is the sentence of every rule, for SARIF."""
    found = tuple(findings)
    match form:
        case Format.TEXT:
            return _text(found)
        case Format.JSON:
            return json.dumps([_plain(one) for one in found], ensure_ascii=False, indent=2)
        case Format.GITHUB:
            return "\n".join(map(_github, found))
    return json.dumps(_sarif(found, why), ensure_ascii=False, indent=2)


def _text(found: tuple[Mistake, ...]) -> str:
    errors = sum(one.severity == "error" for one in found)
    said = f"{errors} errors, {len(found) - errors} warnings" if found else "Nothing found."
    return "\n".join([*map(str, found), said])


def _plain(one: Mistake) -> dict[str, Any]:
    return {
        "file": one.file,
        "line": one.line,
        "column": one.column,
        "severity": one.severity,
        "rule": one.rule,
        "message": one.message,
        "mend": one.mend,
    }


def _github(one: Mistake) -> str:
    """A workflow command: https://docs.github.com/actions/reference/workflow-commands."""

    def safe(text: str, *, value: bool = False) -> str:
        text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
        return text.replace(":", "%3A").replace(",", "%2C") if value else text

    place = f"file={safe(one.file, value=True)},line={one.line or 1},col={one.column or 1}"
    title = safe(one.rule, value=True)
    said = f"{one.message} {one.mend}".strip()
    return f"::{one.severity} {place},title={title}::{safe(said)}"


def _sarif(found: tuple[Mistake, ...], why: Mapping[str, str]) -> dict[str, Any]:
    """SARIF 2.1.0, one run."""
    rules = sorted({one.rule for one in found})
    results = [
        {
            "ruleId": one.rule,
            "level": one.severity,
            "message": {"text": f"{one.message} {one.mend}".strip()},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": one.file},
                        "region": {"startLine": one.line or 1, "startColumn": one.column or 1},
                    }
                }
            ],
        }
        for one in found
    ]
    described = [{"id": rule, "shortDescription": {"text": why.get(rule, rule)}} for rule in rules]
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "quietline flows lint", "rules": described}},
                "results": results,
            }
        ],
    }

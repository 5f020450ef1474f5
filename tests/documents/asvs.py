"""Reads the self-assessment by OWASP ASVS 5.0.0: one file a chapter in docs/asvs.

Which requirements there are, and of which level, stands here as numbers alone; what each asks is
said in our own words in the files.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

from authored import read_file, shape
from tests.documents.reading import ROOT

FOLDER = ROOT / "docs" / "asvs"
Status = Literal["met", "partly", "not met", "not applicable"]
STATUSES: tuple[Status, ...] = get_args(Status)
_LEVELS = """
1.1:22 1.2:1111122223 1.3:112222222223 1.4:222 1.5:123
2.1:122 2.2:112 2.3:12223 2.4:23
3.1:3 3.2:113 3.3:12223 3.4:11222233 3.5:11122333 3.6:3 3.7:22333
4.1:12233 4.2:23333 4.3:22 4.4:1222
5.1:2 5.2:112333 5.3:113 5.4:222
6.1:122 6.2:111111112222 6.3:11223333 6.4:112233 6.5:22222333 6.6:2223 6.7:33 6.8:2222
7.1:222 7.2:1111 7.3:22 7.4:11222 7.5:223 7.6:22
8.1:1233 8.2:1123 8.3:133 8.4:23
9.1:111 9.2:1222
10.1:22 10.2:223 10.3:22223 10.4:1111122222233333 10.5:22222 10.6:22 10.7:222
11.1:2233 11.2:22233 11.3:11233 11.4:1222 11.5:23 11.6:23 11.7:33
12.1:12233 12.2:11 12.3:22223
13.1:2333 13.2:222223 13.3:2233 13.4:1222233
14.1:22 14.2:12223333 14.3:122
15.1:12233 15.2:12233 15.3:1222222 15.4:3333
16.1:2 16.2:22222 16.3:2222 16.4:222 16.5:2223
17.1:23 17.2:22223333 17.3:22
"""
LEVELS: Mapping[str, str] = {
    section: levels for section, _, levels in (one.partition(":") for one in _LEVELS.split())
}
"""Section → the level of each of its requirements, in their order."""


class _Requirement(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    level: Literal[1, 2, 3] = Field(description="From which level on it is asked.")
    status: Status = Field(description="How it stands.")
    asks: str = Field(min_length=8, max_length=120, description="What it asks, in our own words.")
    evidence: list[str] = Field(default=[], description="Files, and tests as FILE::name.")
    why: str = Field("", description="Why it is not met, or does not apply; or a remark.")


class _Chapter(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    chapter: int = Field(description="Its number.")
    title: str = Field(description="What it is about.")
    requirements: dict[str, _Requirement] = Field(description="By number.")


@dataclass(frozen=True, slots=True)
class Judged:
    """One requirement as it was judged."""

    chapter: int
    title: str
    number: str
    level: int
    status: Status
    asks: str
    evidence: tuple[str, ...]
    why: str


def official() -> dict[str, int]:
    """Every requirement of the standard → its level."""
    return {
        f"{section}.{place}": int(level)
        for section, levels in LEVELS.items()
        for place, level in enumerate(levels, 1)
    }


def judged() -> tuple[Judged, ...]:
    """Every requirement that was judged, in order. Raises `Mistakes` with place and mend."""
    found = []
    for path in sorted(FOLDER.glob("*.yaml")):
        read = shape(_Chapter, read_file(path))
        found += [
            Judged(
                *(read.chapter, read.title, number, one.level, one.status, one.asks),
                *(tuple(one.evidence), one.why),
            )
            for number, one in read.requirements.items()
        ]
    return tuple(found)


def table(found: tuple[Judged, ...]) -> str:
    """The result by chapter and level, as it stands in docs/asvs.md."""
    rows = [
        "| chapter | level | met | partly | not met | not applicable |",
        "|---|---|---|---|---|---|",
    ]
    titles = {one.chapter: one.title for one in found}
    for chapter, title in titles.items():
        for level in (1, 2, 3):
            of = [one for one in found if (one.chapter, one.level) == (chapter, level)]
            if of:
                rows.append(f"| {chapter} {title} | {level} | {_counts(of)} |")
    for level in (1, 2, 3):
        of = [one for one in found if one.level == level]
        rows.append(f"| all | {level} | {_counts(of)} |")
    return "\n".join(rows)


def _counts(of: list[Judged]) -> str:
    counted = Counter(one.status for one in of)
    return " | ".join(str(counted[status]) for status in STATUSES)

"""What is wrong in a file that a person wrote, where it stands and how to mend it.

Mistakes (ValueError)   one file or several could not be taken; holds every Mistake found, in order
"""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """One fault in one place. `line` and `column` count from 1; 0 means the file as a whole."""

    file: str
    line: int
    column: int
    message: str
    mend: str = ""
    rule: str = ""
    """The short name of the rule that was broken, when there is one (`L12`, `unknown-step`)."""
    severity: Severity = "error"
    """A warning is worth a look and stops nothing."""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        rule = f" [{self.rule}]" if self.rule else ""
        kind = "warning: " if self.severity == "warning" else ""
        mend = f"\n    {self.mend}" if self.mend else ""
        return f"{place}: {kind}{self.message}{rule}{mend}"


class Mistakes(ValueError):
    """Files that cannot be used as they are. `str()` lists every fault, its place and its mend."""

    def __init__(self, found: Iterable[Mistake]) -> None:
        self.found = tuple(sorted(set(found)))
        super().__init__("\n".join(map(str, self.found)))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint for a word that is not known: the nearest one, or all there is when that is little."""
    names = sorted(set(known))
    near = difflib.get_close_matches(word, names, n=1, cutoff=0.6)
    if near:
        return f"Did you mean '{near[0]}'?"
    if 0 < len(names) <= 12:
        return f"Known here: {', '.join(names)}."
    return ""

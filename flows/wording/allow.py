"""What is allowed although a rule speaks against it: `allow.yaml`, each entry with its reason.

An entry that lets nothing through any more is an error, so that the list never outgrows its use.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator

from authored import Authored, Mistake, read_file, shape
from flows.shapes import Shape

ANY = "any"
LEAST_WORDS = 3


class _EntryShape(Shape):
    rule: str = Field(pattern=r"^L[0-9]{2}$")
    step: str = Field(min_length=1)
    language: str = Field(min_length=2)
    reason: str

    @field_validator("reason")
    @classmethod
    def _says_something(cls, reason: str) -> str:
        if len(reason.split()) < LEAST_WORDS:
            raise ValueError("should be a reason, in a few words")
        return reason


class _AllowShape(Shape):
    format: Literal[1]
    allowed: list[_EntryShape]


@dataclass(slots=True)
class Allowed:
    """The entries, and which of them were needed in this run."""

    file: Authored | None = None
    entries: tuple[_EntryShape, ...] = ()
    used: set[int] = field(default_factory=set)

    def lets(self, rule: str, context: str, language: str) -> bool:
        """Whether a finding at a context is allowed. The entry counts as used then."""
        found = [
            i
            for i, entry in enumerate(self.entries)
            if entry.rule == rule
            and entry.language in {language, ANY}
            and f"{context}.".startswith(f"{entry.step.replace('/', '.')}.")
        ]
        self.used.update(found)
        return bool(found)

    def unused(self, languages: frozenset[str]) -> list[Mistake]:
        """Entries that let nothing through, among those for languages that were looked at."""
        return [
            self.file.mistake(
                ("allowed", i),
                f"{entry.rule} at {entry.step} ({entry.language}) is not needed any more",
                "Take the entry away.",
            )
            for i, entry in enumerate(self.entries)
            if self.file is not None and i not in self.used and entry.language in {*languages, ANY}
        ]


def read_allowed(path: Path) -> Allowed:
    """The list in a file; an empty one when there is no such file. Raises `Mistakes`."""
    if not path.exists():
        return Allowed()
    file = read_file(path)
    return Allowed(file, tuple(shape(_AllowShape, file).allowed))

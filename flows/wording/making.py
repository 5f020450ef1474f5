"""How a rule about wording is made: what it looks at, what it says, why, and from which source.

`TextRule` looks at one text in one language, `ScriptRule` at the script. Both become a
`flows.ground.Rule`; what the list of allowed exceptions lets through is not a finding.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from authored import Mistake
from authored.mistakes import Severity
from flows.wording.lists import Lists
from flows.wording.said import Kind, Said
from flows.wording.view import View

Fault = tuple[str, str]
"""What is wrong, and how to mend it."""

PROSE: frozenset[Kind] = frozenset({"say", "note", "ui"})
SHOWN: frozenset[Kind] = frozenset({"say", "note", "ui", "label"})


@dataclass(frozen=True, slots=True)
class TextRule:
    """A rule about single texts."""

    id: str
    severity: Severity
    why: str
    """The reason, with the source in brackets."""
    check: Callable[[Said, Lists], Iterator[Fault]]
    kinds: frozenset[Kind] = PROSE
    staff: bool = True
    """Whether texts for people at work are held to it."""

    def looks_at(self, said: Said) -> bool:
        """Whether a text is one that this rule is about."""
        return said.kind in self.kinds and (self.staff or not said.staff)


@dataclass(frozen=True, slots=True)
class Found:
    """A fault of a script: where, and in which language when in one."""

    mistake: Mistake
    context: str
    language: str = "en"


@dataclass(frozen=True, slots=True)
class ScriptRule:
    """A rule about what leads where, or about texts that must stand together."""

    id: str
    severity: Severity
    why: str
    check: Callable[[View], Iterator[Found]]

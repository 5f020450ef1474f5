"""The closed lists of what can be heard, and what a hearing gives. Nothing here decides."""

from dataclasses import dataclass
from typing import Literal, get_args

Crisis = Literal[
    "suicide", "child_at_risk", "trafficking_detention", "immediate_danger", "recent_assault"
]
Need = Literal[
    "tracing",
    "reparations",
    "documentation",
    "children",
    "medical",
    "shelter",
    "legal",
    "livelihood",
    "psychosocial",
    "information",
]
CommandWord = Literal["help_now", "erase", "human", "language", "exit", "back", "menu"]

CRISES: tuple[Crisis, ...] = get_args(Crisis)
"""In the order in which one of several that fit is told."""
NEEDS: tuple[Need, ...] = get_args(Need)
"""The particular before the general."""
COMMANDS: tuple[CommandWord, ...] = get_args(CommandWord)


@dataclass(frozen=True, slots=True)
class Heard:
    """What a text means. `why` names rules and features of files, never the person's words."""

    crisis: Crisis | None = None
    need: Need | None = None
    place: str | None = None
    """ISO 3166-2 code of a region, or the code of a country."""
    command: CommandWord | None = None
    why: tuple[str, ...] = ()
    occupied: bool = False
    """Whether it speaks of occupied territory, which is on no map: beside a place or alone."""

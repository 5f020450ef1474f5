"""What is counted of a session, and how it counts at most once a week in each dimension.

It decides which cells there are and which of them a turn changes. It is pure: no clock, no disk.
Cells hold codes only. What a session was counted as is remembered in the session itself, sealed
with it; when it turns out to be something else in the same week, its one count moves along.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal, NamedTuple, get_args

Dimension = Literal["need", "region", "channel", "language", "outcome", "wait", "slip"]
"""One thing at a time: no cell ever says two things about one session."""

DIMENSIONS: Final[tuple[Dimension, ...]] = get_args(Dimension)
SLIP: Final[Dimension] = "slip"
OF_A_SESSION: Final = tuple(one for one in DIMENSIONS if one != SLIP)
SENSITIVITY: Final = len(DIMENSIONS)
"""With one session more or less, all counts of a week together differ by at most this much (L1):
one in each dimension. In `slip` that holds as only one slip of a session is ever counted.
"""

CHANNELS: Final = ("web", "telegram", "terminal")
NEEDS: Final = (
    *("medical", "psychosocial", "shelter", "legal", "reparations", "documentation"),
    *("information", "livelihood", "basic", "children", "tracing"),
)
OUTCOMES: Final = (
    *("read", "none", "lines", "services", "slip", "asked", "answered"),
    *("could_not_go", "not_helped", "helped"),
)
"""How far a session came: of two, the later one counts."""
WAITS: Final = ("5", "15", "30", "60", "180", "more")
"""Minutes that somebody waited for a human at most."""
SLIPS: Final = ("arrived", "full", "refused", "closed")
"""What a service said of a slip."""
CAME_TO: Final[Mapping[str, str]] = MappingProxyType(
    {
        "find_services:none": "none",
        "find_services:some": "services",
        "crisis_lines:some": "lines",
        "crisis_lines:later": "lines",
        "open_lines:some": "lines",
        "open_lines:later": "lines",
        "make_slip:made": "slip",
        "ask_person:waiting": "asked",
    }
)
"""What came of an errand, as `errand:outcome` → an outcome."""


SAID: Final = "slip_said"
"""The slot of what somebody said after they had taken a slip."""
SAYINGS: Final = OUTCOMES[-3:]


class Cell(NamedTuple):
    """One count: what of, and by how much it changes."""

    dimension: Dimension
    key: str
    by: Literal[1, -1] = 1

    def __repr__(self) -> str:
        return "Cell()"


Counted = tuple[str, ...]
"""What a session was counted as: the week's Monday, then a key for each of `OF_A_SESSION`."""


@dataclass(frozen=True, slots=True)
class Domain:
    """Every cell there can be. It follows from the settings, never from who came."""

    keys: Mapping[Dimension, tuple[str, ...]]

    @classmethod
    def of(cls, languages: Iterable[str], regions: Iterable[str]) -> "Domain":
        """`regions`: the countries, their first-level regions, and places that are neither."""
        return cls(
            {
                "need": NEEDS,
                "region": tuple(dict.fromkeys(regions)),
                "channel": CHANNELS,
                "language": tuple(dict.fromkeys(languages)),
                "outcome": OUTCOMES,
                "wait": WAITS,
                "slip": SLIPS,
            }
        )

    @property
    def cells(self) -> tuple[tuple[Dimension, str], ...]:
        """All of them, in an order that does not change."""
        return tuple((name, key) for name in DIMENSIONS for key in self.keys[name])

    def has(self, dimension: Dimension, key: str) -> bool:
        """Whether that is counted."""
        return key in self.keys[dimension]


@dataclass(frozen=True, slots=True)
class Now:
    """What is known of a session after a turn."""

    channel: str
    language: str
    slots: Mapping[str, str] = field(repr=False)
    did: Iterable[str] = ()
    """What came of the errands of this turn, as `errand:outcome`."""
    waited: float | None = None
    """Seconds that they waited for a human; None when none came."""


def contributions(
    domain: Domain, week: int, now: Now, counted: Counted
) -> tuple[tuple[Cell, ...], Counted]:
    """Which cells a turn changes, and what the session is counted as from now on.

    `week`: its Monday, in days since 1970. `counted`: what was remembered, of whatever week.
    """
    this_week = len(counted) == 1 + len(OF_A_SESSION) and counted[0] == str(week)
    was = counted[1:] if this_week else _NOTHING
    keys = _keys(now, was)
    if this_week and keys == was:
        return (), counted  # as nearly every turn
    cells, kept = [], []
    for dimension, key, before in zip(OF_A_SESSION, keys, was, strict=True):
        if key == before or not domain.has(dimension, key):
            # Nothing new, or nothing that is counted: whatever was counted stays.
            kept.append(before)
            continue
        if before:
            cells.append(Cell(dimension, before, -1))
        cells.append(Cell(dimension, key))
        kept.append(key)
    return tuple(cells), (str(week), *kept)


def waited_key(seconds: float) -> str:
    """The cell of a wait."""
    return next((one for one in WAITS[:-1] if seconds <= int(one) * 60), WAITS[-1])


_NOTHING: Final[Counted] = ("",) * len(OF_A_SESSION)


def _keys(now: Now, was: Counted) -> Counted:
    """What a session is now, in the order of `OF_A_SESSION`."""
    need, region, _, _, outcome, wait = was
    return (
        now.slots.get("need") or need,
        now.slots.get("place") or region,
        now.channel,
        now.language,
        _furthest(now, outcome),
        wait if wait or now.waited is None else waited_key(now.waited),
    )


def _furthest(now: Now, before: str) -> str:
    if before and not now.did and now.waited is None and SAID not in now.slots:
        return before  # as in nearly every turn
    came = [before or OUTCOMES[0], *(CAME_TO[one] for one in now.did if one in CAME_TO)]
    if now.waited is not None:
        came.append("answered")
    if now.slots.get(SAID) in SAYINGS:
        came.append(now.slots[SAID])
    return max(came, key=OUTCOMES.index)

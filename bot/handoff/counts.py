"""How long people waited, and what became of chats: counts of weeks, and nothing of who they were.

It decides what is counted, and that a figure of fewer than ten people is known to nobody. Rows lie
sealed under the day's key: a single one in the clear would tell that somebody was here at three in
the morning. A desk that was off for as long as keys live begins to count anew.

Waits are those of people who were answered. Whoever left before is not in them.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import Final

import msgspec

from bot import report
from bot.handoff import office_tables as tables
from bot.handoff.duty_rows import Epochs
from bot.storage import Store
from bot.storage.group import Group
from bot.vault import Epoch, Unopenable, Vault, first_sequence, is_over
from referral_directory.hours import zone_of

TABLE: Final = "figure"
FEWEST: Final = 10
"""Of fewer people nothing is said, to nobody."""
ROUND: Final = 5
WAIT_WEEKS: Final = 4
"""Weeks before this one of which waits are told."""
KEEP_WEEKS: Final = 13
WAIT: Final = "wait"
KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    "feedback": ("helped", "partly", "not_helped"),
    "need": (
        *("medical", "talk", "legal", "compensation", "shelter", "money", "documents", "child"),
        "other",
    ),
    "outcome": ("informed", "referred", "calmer", "handed_on", "left", "other"),
    "referral": ("yes", "no", "not_wanted"),
}
"""What is counted, once a chat each: what the person pressed after it, and the wrap-up codes."""
MINUTES: Final = (1, 2, 3, 5, 8, 12, 15, 20, 30, 45, 60, 90, 120, 180, 360)
"""A wait is counted as at most so many minutes; the last stands for whatever is longer."""


class _Page(msgspec.Struct, frozen=True, array_like=True):
    """A row: the counts of one kind and week, waits by language."""

    week: int
    """Its Monday, in days since 1970."""
    kind: str
    language: str
    n: dict[str, int]
    """Key → how often; of waits the keys are `hour:minutes`."""

    def __repr__(self) -> str:
        return "_Page()"


@dataclass(frozen=True, slots=True)
class _Held:
    id: bytes
    epoch: int
    sequence: int
    page: _Page


@dataclass(frozen=True, slots=True)
class Waits:
    """Minutes: half of the people waited at most `p50`, nine of ten at most `p90`."""

    p50: int
    p90: int


@dataclass(frozen=True, slots=True)
class Week:
    """What was counted in a week that is over."""

    monday: date
    counts: Mapping[str, int | None]
    """Rounded down to fives; None for fewer than ten."""


_decoder = msgspec.msgpack.Decoder(_Page)


class Counts:
    """The counts of one desk. Whatever takes a group is part of that transaction; the rest reads
    from memory. A group that fails leaves memory one ahead until the next `look`.
    """

    def __init__(
        self,
        store: Store,
        vault: Vault,
        epochs: Epochs,
        clock: Callable[[], float],
        zone_of: Callable[[str], str] = lambda _: "UTC",
    ) -> None:
        """`zone_of`: by whose clock a language lives. Reads what there is; raises `StoreError`."""
        self._store, self._vault, self._epochs, self._clock = store, vault, epochs, clock
        self._zone_of = zone_of
        self._rows: Mapping[bytes, _Held] = MappingProxyType({})
        self.look()

    def waited(self, group: Group, language: str, seconds: float) -> None:
        """Somebody who had waited for so long is answered now. It counts for the hour in which they
        asked.
        """
        minutes = next((one for one in MINUTES if seconds <= one * 60), MINUTES[-1])
        hour = self._hour(language, self._clock() - seconds)
        self._add(group, WAIT, language, f"{hour}:{minutes}")

    def count(self, group: Group, kind: str, key: str) -> None:
        """One more. Raises `ValueError` for what is not in `KINDS`: nothing else is ever kept."""
        if key not in KINDS.get(kind, ()):
            raise ValueError("only the codes of KINDS are counted")
        self._add(group, kind, "", key)

    def waits(self, language: str) -> Waits | None:
        """What those waited who asked at this hour, in this language; None when too few did."""
        return self.hours_of(language)[self._hour(language, self._clock())]

    def hours_of(self, language: str) -> tuple[Waits | None, ...]:
        """The same for each of the 24 hours, on the clock of that language."""
        asked: list[Counter[int]] = [Counter() for _ in range(24)]
        for page in self._pages(WAIT, WAIT_WEEKS, language):
            for key, n in page.n.items():
                hour, _, minutes = key.partition(":")
                asked[int(hour)][int(minutes)] += n
        return tuple(map(_waits, asked))

    def languages(self) -> tuple[str, ...]:
        """Those in which somebody waited lately, in order."""
        return tuple(sorted({page.language for page in self._pages(WAIT, WAIT_WEEKS)}))

    def weeks(self, kind: str) -> tuple[Week, ...]:
        """The weeks that are over, newest first. The one that goes on would tell of each person."""
        monday = _monday(self._clock())
        counted: dict[int, Counter[str]] = {}
        for page in self._pages(kind, KEEP_WEEKS):
            if page.week < monday:
                counted.setdefault(page.week, Counter()).update(page.n)
        return tuple(
            Week(_date(week), {key: _shown(counted[week][key]) for key in KINDS[kind]})
            for week in sorted(counted, reverse=True)
        )

    def tick(self) -> None:
        """Seal anew what a new day asks for, and drop what is too old. Once an hour is enough."""
        today, oldest = self._epochs.today(), _monday(self._clock()) - 7 * KEEP_WEEKS
        with self._store.group() as group:
            rows = self._load(group)
            for held in tuple(rows.values()):
                if held.page.week < oldest:
                    group.run(tables.DROP_FIGURE, [(held.id,)])
                    del rows[held.id]
                elif held.epoch != today:
                    rows[held.id] = self._put(group, held, held.page) or held
            self._rows = MappingProxyType(rows)

    def look(self) -> None:
        """See what other processes counted. Raises `StoreError`."""
        with self._store.group(reads=True) as group:
            self._rows = MappingProxyType(self._load(group))

    def _hour(self, language: str, at: float) -> int:
        return datetime.fromtimestamp(at, zone_of(self._zone_of(language))).hour

    def _pages(self, kind: str, weeks: int, language: str | None = None) -> Iterable[_Page]:
        oldest = _monday(self._clock()) - 7 * weeks
        for held in self._rows.values():
            page = held.page
            if page.kind == kind and page.week >= oldest and language in {None, page.language}:
                yield page

    def _add(self, group: Group, kind: str, language: str, key: str) -> None:
        # Changed within a group alone, and the store lets one group in at a time.
        wanted = _monday(self._clock()), kind, language
        for _ in range(2):
            mine = (h for h in self._rows.values() if _of(h.page) == wanted)
            held = next(mine, None)
            page = held.page if held is not None else _Page(*wanted, {})
            new = msgspec.structs.replace(page, n={**page.n, key: page.n.get(key, 0) + 1})
            kept = self._put(group, held, new)
            if kept is not None:
                self._rows = MappingProxyType({**self._rows, kept.id: kept})
                return
            # Another process was here, or an earlier group failed: look, and count once more.
            self._rows = MappingProxyType(self._load(group))

    def _put(self, group: Group, held: _Held | None, page: _Page) -> _Held | None:
        """Write a row. None: it is not as it was when it was read."""
        id_ = held.id if held is not None else os.urandom(16)
        # A random number each time: one that grew would tell how often something was counted.
        epoch, sequence = self._epochs.today(), first_sequence()
        packed = msgspec.msgpack.encode(page)
        sealed = self._vault.seal(TABLE, id_, epoch, sequence, b"", packed)
        if held is None:
            done = group.run(tables.MAKE_FIGURE, [(id_, epoch, sequence, sealed)])
        else:
            values = (epoch, sequence, sealed, id_, held.sequence)
            done = group.run(tables.CHANGE_FIGURE, [values])
        return _Held(id_, epoch, sequence, page) if done == 1 else None

    def _load(self, group: Group) -> dict[bytes, _Held]:
        found = {}
        for id_, epoch, sequence, sealed in group.ask(tables.FIGURES, ()):
            try:
                packed = self._vault.open(TABLE, id_, Epoch(epoch), sequence, b"", sealed)
            except Unopenable as error:
                today = self._epochs.today()
                if not is_over(epoch, today, today):
                    report.alarm("figure_unopenable", error)
                continue  # mostly of a day whose key is gone
            found[id_] = _Held(id_, epoch, sequence, _decoder.decode(packed))
        return found


def _of(page: _Page) -> tuple[int, str, str]:
    return page.week, page.kind, page.language


def _monday(at: float) -> int:
    """The Monday of a week, in days since 1970, by UTC. 1970 began on a Thursday."""
    day = int(at // 86_400)
    return day - (day + 3) % 7


def _date(day: int) -> date:
    return datetime.fromtimestamp(0, UTC).date() + timedelta(days=day)


def _shown(n: int) -> int | None:
    return n - n % ROUND if n >= FEWEST else None


def _waits(asked: Counter[int]) -> Waits | None:
    total = asked.total()
    if total < FEWEST:
        return None
    return Waits(_most_of(asked, 0.5 * total), _most_of(asked, 0.9 * total))


def _most_of(asked: Counter[int], people: float) -> int:
    """So many minutes at most did so many people wait."""
    seen = 0
    for minutes in MINUTES:
        seen += asked[minutes]
        if seen >= people:
            return minutes
    return MINUTES[-1]

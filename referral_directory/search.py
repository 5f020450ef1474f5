"""Which listings a person is given, and why: at most three, and one line that is always open.

The order of steps: who may not be served is never in the index; what refuses the person or cannot
be reached from where they are is left out; the rest is put in order (`ranking.py`). When nothing
is left, things are relaxed in a fixed order, and what was relaxed is said; a refusal, and help
that cannot be used there, never are.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final, TypeVar

import numpy as np
import numpy.typing as npt

from referral_directory.codes import HOTLINE
from referral_directory.columns import BESIDE, CLOSE_TO
from referral_directory.coverage import BEYOND, OUTSIDE, Coverage, Ground, Span
from referral_directory.explain import Explanation, Moment
from referral_directory.index import Hidden, Index
from referral_directory.model import Found, Need, Query, Referral
from referral_directory.opening import HOME, NO_WAY, OPEN, States
from referral_directory.ranked import Choice, Ranked, other_line
from referral_directory.ranking import (
    ABOVE_ALL,
    AGE,
    ASIDE,
    AWAY,
    LANGUAGE,
    MOST_SCORE,
    NEED,
    REACH,
    TURN_BITS,
    WINDOW,
    Person,
    Tiers,
    age_tiers,
    capacity_scores,
    language_tiers,
    person,
    turns,
    window_hours,
)
from referral_directory.reasons import RELAXED

MOST: Final = 3
SAME_ORGANIZATION: Final = 2
LOOKED_AT: Final = 48
"""The first so many are put in order; more only when these do not give enough."""
MOST_REMEMBERED: Final = 512


Key = TypeVar("Key", bound=Hashable)
Kept = TypeVar("Kept")


class Memory:
    """Small tables of one index that depend on no person: needs, languages, kinds of people."""

    def __init__(self) -> None:
        self.people: dict[tuple[frozenset[str], frozenset[str]], Person] = {}
        self.spoken: dict[tuple[str, ...], Tiers] = {}
        self.windows: dict[tuple[tuple[str, ...], int | None], tuple[list[int], Tiers]] = {}


def _remembered(table: dict[Key, Kept], key: Key, make: Callable[[], Kept]) -> Kept:
    found = table.get(key)
    if found is None:
        if len(table) >= MOST_REMEMBERED:
            table.clear()
        found = table[key] = make()
    return found


class Search:
    """Searches one index, but for what is hidden in it."""

    def __init__(
        self,
        index: Index,
        needs: Mapping[str, Need],
        coverage: Coverage,
        memory: Memory,
        hidden: Hidden = None,
    ) -> None:
        """`coverage` and `memory`: of the same index."""
        self._index, self._hidden = index, hidden
        self._needs = needs
        self._coverage = coverage
        self._memory = memory
        self._explain = Explanation(index)
        self._minute: datetime | None = None
        self._capacities: Tiers = np.zeros(0, dtype=np.int64)
        self._lines: dict[Query, list[Choice]] = {}
        """The open lines of this minute, by what they depend on: not on the need."""

    def find(self, query: Query, at: datetime) -> Referral:
        """The referral for a query at a whole minute (aware)."""
        needs = tuple(code for code in dict.fromkeys(query.needs) if code in self._needs)
        needs = needs or tuple(code for code in self._needs if "." not in code)
        ground, relaxed = self._coverage.ground(query.place, query.languages)
        moment = self._moment(query, needs, at)
        always, line = self._always_open(ground, query, at)
        for step, spans in self._coverage.steps(needs, ground):
            ranked = self._ranked(spans, moment)
            if step:
                relaxed = [*relaxed, step]
            if not len(ranked.keys):
                continue
            chosen = self._filled(self._choose(ranked), needs, ground, moment)
            spoken = {(key >> LANGUAGE) & 3 for key, _, _ in chosen}
            given = {
                "language": spoken == {2},
                "interpreter": spoken == {1},
                "open_now": all((key >> REACH) & 3 != OPEN for key, _, _ in chosen),
                "need": all((key >> NEED) & 3 >= CLOSE_TO for key, _, _ in chosen),
            }
            said = {*relaxed, *(name for name, true in given.items() if true)}
            found = tuple(self._explain.found(*one, moment, query) for one in chosen)
            told = tuple(code for code in RELAXED if code in said)
            rest = other_line(always, {row for _, row, _ in chosen})
            return Referral(found, rest and line(rest), told)
        return Referral((), line(always[0]) if always else None, (*relaxed, "operator"))

    def lines(self, query: Query, at: datetime, most: int) -> tuple[Found, ...]:
        """The hotlines that answer at a whole minute, best first."""
        ground, _ = self._coverage.ground(query.place, query.languages)
        moment = self._moment(query, (HOTLINE,), at)
        ranked = self._ranked(self._coverage.hotlines(ground), moment)
        found: list[Found] = []
        for key, row, span in ranked.first(None):
            if (key >> REACH) & 3 == OPEN and len(found) < most:
                found.append(self._explain.found(key, row, span, moment, query))
        return tuple(found)

    def _moment(self, query: Query, needs: tuple[str, ...], at: datetime) -> Moment:
        tables, memory = self._index.tables, self._memory
        if at != self._minute:
            self._minute = at
            self._lines.clear()
            self._capacities = capacity_scores(tables, at.timestamp())
        since = query.hours_since[0] if query.hours_since else None
        who = (query.who, query.constraints)

        def windows() -> tuple[list[int], Tiers]:
            hours = window_hours(tables.windows, needs)
            tiers = [0 if since is not None and since < limit else 1 for limit in hours]
            return hours, np.array(tiers, dtype=np.int64)

        spoken = query.languages
        hours, limits = _remembered(memory.windows, (needs, since), windows)
        return Moment(
            person=_remembered(memory.people, who, lambda: person(tables, *who)),
            languages=_remembered(
                memory.spoken, spoken, lambda: language_tiers(tables.languages, spoken)
            ),
            at=at,
            windows=limits,
            hours=hours,
            capacities=self._capacities,
            today=at.toordinal(),
        )

    def _ranked(self, spans: list[Span], moment: Moment) -> Ranked:
        """The rows of some runs that may be given to this person."""
        index, column = self._index, self._index.columns
        parts = [index.rows[span.begin : span.end] for span in spans]
        rows = np.concatenate(parts) if parts else np.zeros(0, dtype=np.uint32)
        lengths = [len(part) for part in parts]
        origin = np.repeat(np.arange(len(spans), dtype=np.uint16), lengths)
        profile = column["profile"][rows]
        reach = self._reach(rows, origin, spans, moment.at)
        kept = ~moment.person.refused[profile] & (reach < NO_WAY)
        if self._hidden is not None:
            kept &= ~self._hidden[rows]
        language = moment.languages[column["languages"][rows]]
        if not kept.all():
            rows, origin, profile = rows[kept], origin[kept], profile[kept]
            reach, language = reach[kept], language[kept]
        base = np.array(
            [
                ((span.far == BEYOND) << ABOVE_ALL)
                + ((span.far == OUTSIDE) << AWAY)
                + (span.need_tier << NEED)
                + ((span.need_tier == BESIDE) << ASIDE)
                - (span.close << TURN_BITS)
                for span in spans
            ]
            or [0],
            dtype=np.int64,
        )
        score = column["score"][rows].astype(np.int64) + moment.capacities[column["capacity"][rows]]
        keys = base[origin] + moment.person.order[profile]
        keys += (MOST_SCORE - score) << TURN_BITS
        keys += reach.astype(np.int64) << REACH
        keys += language << LANGUAGE
        keys += moment.windows[column["windows"][rows]] << WINDOW
        keys += age_tiers(column["day"][rows], moment.today) << AGE
        keys += turns(column["turn"][rows], moment.today)
        return Ranked(keys, rows, origin, spans, index.order)

    def _reach(
        self,
        rows: npt.NDArray[np.uint32],
        origin: npt.NDArray[np.uint16],
        spans: list[Span],
        at: datetime,
    ) -> States:
        """Who answers, of each row by the hours that count where it came from."""
        openings, hours = self._index.openings, self._index.columns["hours"][rows]
        modes = {span.mode for span in spans}
        if len(modes) < 2:
            return openings.reach(hours, at, modes.pop() if modes else HOME)
        reach = np.full(len(rows), NO_WAY, dtype=np.uint8)
        for mode in modes:
            mine = np.array([span.mode == mode for span in spans])[origin]
            reach[mine] = openings.reach(hours[mine], at, mode)
        return reach

    def _filled(
        self, chosen: list[Choice], needs: tuple[str, ...], ground: Ground, moment: Moment
    ) -> list[Choice]:
        """What was chosen, and after it what is international, where there is room for it."""
        if len(chosen) == MOST or any(span.far == BEYOND for _, _, span in chosen):
            return chosen
        beyond = self._ranked(self._coverage.beyond(needs, ground), moment)
        aside = all((key >> ASIDE) & 1 for key, _, _ in chosen)
        direct = [one for one in beyond.first(LOOKED_AT) if aside or not (one[0] >> ASIDE) & 1]
        return self._pick(direct, beyond, chosen)

    def _choose(self, ranked: Ranked) -> list[Choice]:
        """The first three, not all of one organization, pairs together or not at all."""
        chosen = self._pick(list(ranked.first(LOOKED_AT)), ranked)
        if len(chosen) < MOST and len(ranked.keys) > LOOKED_AT:
            chosen = self._pick(list(ranked.first(None)), ranked)
        return chosen

    def _pick(
        self, ordered: list[Choice], ranked: Ranked, given: Sequence[Choice] = ()
    ) -> list[Choice]:
        organizations = self._index.columns["organization"]
        chosen = list(given)
        rows = {row for _, row, _ in chosen}
        of = Counter(int(organizations[row]) for row in rows)
        for one in ordered:
            if len(chosen) == MOST:
                break
            if one[1] in rows:
                continue
            group = [one, *self._partners(one[1], ordered, ranked)]
            names = [int(organizations[row]) for _, row, _ in group]
            if len(chosen) + len(group) > MOST or any(
                of[name] >= SAME_ORGANIZATION for name in names
            ):
                continue
            chosen += group
            rows.update(row for _, row, _ in group)
            of.update(names)
        return chosen

    def _partners(self, row: int, ordered: list[Choice], ranked: Ranked) -> list[Choice]:
        """The listings that complete this one and may be given too."""
        others = self._index.partners(row)
        if not others or not np.isin(ranked.rows, list(others)).any():
            return []
        everyone = ordered if len(ranked.keys) <= LOOKED_AT else ranked.first(None)
        return [one for one in everyone if one[1] in others]

    def _always_open(
        self, ground: Ground, query: Query, at: datetime
    ) -> tuple[list[Choice], Callable[[Choice], Found]]:
        """The hotlines that answer now, those that always do first; and what words one of them.

        They depend on nothing that was asked but the person, the place and the language.
        """
        asked = replace(query, needs=(), hours_since=None)
        moment = self._moment(asked, (HOTLINE,), at)
        if asked not in self._lines:
            if len(self._lines) >= MOST_REMEMBERED:
                self._lines.clear()
            spans = self._coverage.hotlines(ground)
            ranked = self._ranked(spans, moment)
            first = [one for one in ranked.first(LOOKED_AT) if (one[0] >> REACH) & 3 == OPEN]
            hours, always = self._index.columns["hours"], self._index.openings.always
            first.sort(
                key=lambda one: (
                    one[2].far == BEYOND,
                    not always(int(hours[one[1]]), one[2].mode),
                )
            )
            self._lines[asked] = first[: MOST + 1]
        return self._lines[asked], lambda one: self._explain.found(*one, moment, asked)

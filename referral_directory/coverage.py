"""Where help for a place is looked for, and what is looked for further away when there is none.

It knows which runs of the index cover a place. It never gives up what can be used there: from
occupied territory only help that comes online, from abroad only help that can be reached.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from referral_directory.codes import ABROAD, HOTLINE, INTERNATIONAL, OCCUPIED
from referral_directory.columns import FROM_ABROAD
from referral_directory.index import CLOSE_TO, Index, Run
from referral_directory.model import Place
from referral_directory.opening import ABROAD as MODE_ABROAD
from referral_directory.opening import HOME, ONLINE

NEAR, WIDE, FAR = 30, 15, 0
"""What closeness adds: the same region, the whole country, further."""


@dataclass(frozen=True, slots=True)
class Span:
    """A run of rows of the index: how they stand to the place and the need."""

    begin: int
    end: int
    need_tier: int
    where: str
    close: int


class Coverage:
    """The runs of one index that cover a place."""

    def __init__(self, index: Index, places: Mapping[str, Place]) -> None:
        self._index = index
        self._places = places
        areas = sorted({area for _, area in index.spans})
        self._countries = [area for area in areas if len(area) == 2]
        self._regions: dict[str, list[str]] = {}
        for area in areas:
            if area[2:3] == "-":
                self._regions.setdefault(area[:2], []).append(area)

    def where(self, code: str | None) -> tuple[Place | None, int, list[str]]:
        """The place, what can be used there, and whether it had to be given up."""
        place = self._places.get(code) if code is not None else None
        if place is None:
            known = code is None or code in self._countries
            return None, HOME, [] if known else ["place"]
        if place.kind == "abroad":
            return place, MODE_ABROAD, []
        return place, ONLINE if place.online_only else HOME, []

    def steps(
        self, needs: tuple[str, ...], place: Place | None, mode: int
    ) -> Iterator[tuple[str, list[Span]]]:
        """What is searched, first as asked, then with one thing more relaxed each time."""
        above = dict.fromkeys(need.rpartition(".")[0] for need in needs if "." in need)
        wider = tuple(need for need in above if need not in needs)
        yield "", (spans := self._spans(needs, place, mode))
        if wider:
            yield "need", (spans := self._spans(needs, place, mode, wider))
        if mode == HOME:
            others = [
                Span(*run, f"elsewhere:{area}", FAR)
                for area in self._elsewhere(place)
                for run in self._runs(needs, area, wider)
            ]
            if others:
                yield "region", (spans := [*spans, *others])
        if mode == MODE_ABROAD:
            inside = [
                Span(*run, "from_abroad", FAR) for run in self._runs(needs, FROM_ABROAD, wider)
            ]
            if inside:
                yield "national", (spans := [*spans, *inside])
        # International help that works online is among what covers `occupied` when it says so.
        beyond = [
            Span(*run, "international", FAR)
            for run in self._runs(needs, INTERNATIONAL, wider)
            if mode != ONLINE
        ]
        if beyond:
            yield "international", [*spans, *beyond]

    def _spans(
        self, needs: tuple[str, ...], place: Place | None, mode: int, wider: tuple[str, ...] = ()
    ) -> list[Span]:
        return [
            Span(*run, where, close)
            for area, where, close in self._areas(place, mode)
            for run in self._runs(needs, area, wider)
        ]

    def hotlines(self, place: Place | None, mode: int) -> list[Span]:
        """The runs of hotlines that a person in a place can use, wherever they are."""
        spans = self._spans((HOTLINE,), place, mode)
        further = {
            HOME: [(INTERNATIONAL, "international")],
            MODE_ABROAD: [(FROM_ABROAD, "from_abroad"), (INTERNATIONAL, "international")],
            ONLINE: [],
        }
        for area, where in further[mode]:
            spans += [Span(*run, where, FAR) for run in self._runs((HOTLINE,), area)]
        return spans

    def _areas(self, place: Place | None, mode: int) -> list[tuple[str, str, int]]:
        """Where a place is covered: area, reason, closeness."""
        if mode == MODE_ABROAD:
            return [(ABROAD, "from_abroad", WIDE)]
        if mode == ONLINE:
            return [(OCCUPIED, "online", WIDE)]
        if place is None:
            return [(country, f"national:{country}", WIDE) for country in self._countries]
        country = place.country
        return [(place.code, f"in:{place.code}", NEAR), (country, f"national:{country}", WIDE)]

    def _elsewhere(self, place: Place | None) -> list[str]:
        countries = [place.country] if place else self._countries
        own = place.code if place else None
        return [area for one in countries for area in self._regions.get(one, ()) if area != own]

    def _runs(
        self, needs: tuple[str, ...], area: str, wider: tuple[str, ...] = ()
    ) -> Iterator[Run]:
        """The runs of some needs in an area; all that meets a wider one is only close."""
        for need in needs:
            yield from self._index.spans.get((need, area), ())
        for need in wider:
            for begin, end, tier in self._index.spans.get((need, area), ()):
                yield begin, end, max(tier, CLOSE_TO)

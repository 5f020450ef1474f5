"""Where help for a place is looked for, and what is looked for further away when there is none.

It knows which runs of the index cover a place. It never gives up what can be used there: from
occupied territory only help that comes online, from abroad only help that can be reached. And it
never crosses a border: what serves another country is not looked at, only what is meant for people
outside their own (`abroad`) and what is international.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from referral_directory.codes import ABROAD, HOTLINE, INTERNATIONAL, OCCUPIED
from referral_directory.columns import FROM_ABROAD
from referral_directory.index import CLOSE_TO, Index, Run
from referral_directory.model import Country, Place
from referral_directory.opening import ABROAD as MODE_ABROAD
from referral_directory.opening import HOME, ONLINE

NEAR, WIDE, FAR = 30, 15, 0
"""What closeness adds: the same region, the whole country, further."""
HERE, OUTSIDE, BEYOND = range(3)
"""Whose help it is: that of the place; of the country the person left; international."""

Area = tuple[str, str, int]
"""An area of the index, the reason for looking there, closeness."""


@dataclass(frozen=True, slots=True)
class Span:
    """A run of rows of the index: how they stand to the place and the need."""

    begin: int
    end: int
    need_tier: int
    where: str
    close: int
    mode: int
    """Which of their hours count there: `opening.HOME`, `ABROAD` or `ONLINE`."""
    far: int
    """HERE, OUTSIDE or BEYOND: each comes after all of the one before."""


@dataclass(frozen=True, slots=True)
class Ground:
    """Where a person stands, as the index knows it."""

    here: tuple[Area, ...]
    elsewhere: tuple[str, ...]
    """The other regions of the same country."""
    homes: tuple[str, ...]
    """Countries whose people the help outside is for, the likeliest first."""
    mode: int
    """What can be used there."""


class Coverage:
    """The runs of one index that cover a place."""

    def __init__(
        self, index: Index, places: Sequence[Place], countries: Sequence[Country] = ()
    ) -> None:
        self._index = index
        self._places = {place.code: place for place in places}
        self._countries = {country.code: country for country in countries}
        areas = sorted({area for _, area in index.spans})
        self._regions: dict[str, list[str]] = {}
        for area in areas:
            if area[2:3] == "-":
                self._regions.setdefault(area[:2], []).append(area)
        named = [area for area in areas if len(area) == 2 and area not in self._countries]
        own = [country.code for country in countries if country.home is None]
        self._own = (*own, *named)

    def ground(self, code: str | None, languages: tuple[str, ...]) -> tuple[Ground, list[str]]:
        """Where a person stands who said this of place and languages, and what was given up."""
        place = self._places.get(code) if code is not None else None
        if place is not None and place.kind == "abroad":
            homes = tuple(dict.fromkeys((*self._spoken(languages), place.country)))
            return Ground((), (), homes, MODE_ABROAD), []
        if place is not None and place.online_only:
            return Ground(((OCCUPIED, "online", WIDE),), (), (), ONLINE), []
        if code is not None and (host := self._countries.get(code)) and host.home is not None:
            own: Area = (code, f"national:{code}", NEAR)
            return Ground((own,), tuple(self._regions.get(code, ())), (host.home,), HOME), []
        if place is None:
            return self._countrywide(code, languages)
        country = place.country
        others = (area for area in self._regions.get(country, ()) if area != place.code)
        near: Area = (place.code, f"in:{place.code}", NEAR)
        wide: Area = (country, f"national:{country}", WIDE)
        return Ground((near, wide), tuple(others), (), HOME), []

    def _countrywide(
        self, code: str | None, languages: tuple[str, ...]
    ) -> tuple[Ground, list[str]]:
        """In a whole country; where none was said, in those of the language, else in all."""
        known = code is None or code in self._own
        if code is not None and code[:2] in self._own:
            countries: tuple[str, ...] = (code[:2],)
        else:
            countries = self._spoken(languages) or self._own
        here = tuple((country, f"national:{country}", WIDE) for country in countries)
        regions = (area for country in countries for area in self._regions.get(country, ()))
        return Ground(here, tuple(regions), (), HOME), [] if known else ["place"]

    def _spoken(self, languages: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(
            country.code
            for country in self._countries.values()
            if country.home is None and set(country.spoken) & set(languages)
        )

    def steps(self, needs: tuple[str, ...], ground: Ground) -> Iterator[tuple[str, list[Span]]]:
        """What is searched, first as asked, then with one thing more relaxed each time."""
        above = dict.fromkeys(need.rpartition(".")[0] for need in needs if "." in need)
        wider = tuple(need for need in above if need not in needs)
        yield "", (spans := self._spans(needs, ground))
        if wider:
            yield "need", (spans := self._spans(needs, ground, wider))
        others = [
            Span(*run, f"elsewhere:{area}", FAR, HOME, HERE)
            for area in ground.elsewhere
            for run in self._runs(needs, area, wider)
        ]
        if others:
            yield "region", (spans := [*spans, *others])
        inside = list(self._outside(needs, ground, FROM_ABROAD, wider))
        if inside:
            yield "national", (spans := [*spans, *inside])
        if beyond := self.beyond(needs, ground, wider):
            yield "international", [*spans, *beyond]

    def beyond(
        self, needs: tuple[str, ...], ground: Ground, wider: tuple[str, ...] = ()
    ) -> list[Span]:
        """What is international, whoever is asked."""
        # International help that works online is among what covers `occupied` when it says so.
        if ground.mode == ONLINE:
            return []
        return [
            Span(*run, "international", FAR, MODE_ABROAD, BEYOND)
            for run in self._runs(needs, INTERNATIONAL, wider)
        ]

    def hotlines(self, ground: Ground) -> list[Span]:
        """The runs of hotlines that a person in a place can use, wherever they are."""
        return [
            *self._spans((HOTLINE,), ground),
            *self._outside((HOTLINE,), ground, FROM_ABROAD),
            *self.beyond((HOTLINE,), ground),
        ]

    def _spans(
        self, needs: tuple[str, ...], ground: Ground, wider: tuple[str, ...] = ()
    ) -> list[Span]:
        return [
            Span(*run, where, close, ground.mode, HERE)
            for area, where, close in ground.here
            for run in self._runs(needs, area, wider)
        ] + list(self._outside(needs, ground, ABROAD, wider))

    def _outside(
        self, needs: tuple[str, ...], ground: Ground, area: str, wider: tuple[str, ...] = ()
    ) -> Iterator[Span]:
        """The help of the country that a person left, as far as it can be reached from outside."""
        close = WIDE if area == ABROAD else FAR
        for i, home in enumerate(ground.homes):
            far = HERE if ground.mode == MODE_ABROAD and i == 0 else OUTSIDE
            for run in self._runs(needs, f"{area}:{home}", wider):
                yield Span(*run, "from_abroad", close, MODE_ABROAD, far)

    def _runs(
        self, needs: tuple[str, ...], area: str, wider: tuple[str, ...] = ()
    ) -> Iterator[Run]:
        """The runs of some needs in an area; all that meets a wider one is only close."""
        for need in needs:
            yield from self._index.spans.get((need, area), ())
        for need in wider:
            for begin, end, tier in self._index.spans.get((need, area), ()):
                yield begin, end, max(tier, CLOSE_TO)

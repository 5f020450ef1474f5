"""Where help for a place is looked for, and what is looked for further away when there is none.

It knows which runs of the index cover a place. It never gives up what can be used there: from
occupied territory only help that comes online, from abroad only help that can be reached. And it
never crosses a border: what serves another country is not looked at, only what is meant for people
outside their own (`abroad`) and what is international.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from referral_directory.codes import ABROAD, HOTLINE, INTERNATIONAL, OCCUPIED
from referral_directory.columns import CLOSE_TO, FROM_ABROAD
from referral_directory.index import Hidden, Index, Run
from referral_directory.model import Country, Place
from referral_directory.opening import ABROAD as MODE_ABROAD
from referral_directory.opening import HOME, ONLINE

NEAR, WIDE, FAR = 30, 15, 0
"""What closeness adds: the same region, the whole country, further."""
HERE, OUTSIDE, BEYOND = range(3)
"""Whose help it is: that of the place; of the country the person left; international."""


@dataclass(frozen=True, slots=True)
class Area:
    """An area of the index, and how it stands to a place."""

    code: str
    where: str
    """The reason for looking there."""
    close: int
    mode: int
    """Which of their hours count there: `opening.HOME`, `ABROAD` or `ONLINE`."""
    far: int = HERE
    """HERE, OUTSIDE or BEYOND: what is beyond comes after all else, what is outside after what is
    here and fits the person as well."""


@dataclass(frozen=True, slots=True)
class Span:
    """A run of rows of the index: how they stand to the place and the need."""

    begin: int
    end: int
    need_tier: int
    where: str
    close: int
    mode: int
    far: int


_INTERNATIONAL: Final = Area(INTERNATIONAL, "international", FAR, MODE_ABROAD, BEYOND)


@dataclass(frozen=True, slots=True)
class Ground:
    """Where a person stands, as the index knows it."""

    here: tuple[Area, ...]
    regions: tuple[Area, ...] = ()
    """The regions of the same country: looked at when the place has nothing, so without harm its
    own too."""
    inside: tuple[Area, ...] = ()
    """What serves people in the country that was left, and can be reached from outside."""
    beyond: tuple[Area, ...] = (_INTERNATIONAL,)


class Coverage:
    """The runs of one index that cover a place."""

    def __init__(
        self,
        index: Index,
        places: Sequence[Place],
        countries: Sequence[Country] = (),
        hidden: Hidden = None,
    ) -> None:
        self._index, self._hidden = index, hidden
        self._known: dict[tuple[str, str], tuple[Run, ...]] = {}
        """Runs that were looked at before; what is in none of them is as if it were not there."""
        self._places = {place.code: place for place in places}
        self._countries = {country.code: country for country in countries}
        areas = index.areas
        regional = [area for area in areas if area[2:3] == "-"]
        self._regions = {
            country: tuple(Area(code, f"elsewhere:{code}", FAR, HOME) for code in codes)
            for country, codes in groupby(regional, key=lambda code: code[:2])
        }
        own = tuple(country.code for country in countries if country.home is None)
        self._own = own or tuple(area for area in areas if len(area) == 2)

    def ground(self, code: str | None, languages: tuple[str, ...]) -> tuple[Ground, list[str]]:
        """Where a person stands who said this of place and languages, and what was given up."""
        place = self._places.get(code) if code is not None else None
        if place is not None and place.kind == "abroad":
            spoken = self._spoken(languages)
            here, inside = self._left(tuple(dict.fromkeys((*spoken, place.country))))
            if languages and place.country not in spoken:
                # Nothing says that this person left the country whose people the lists are for:
                # what is for everybody comes first, then what is for them.
                here = (replace(_INTERNATIONAL, far=HERE), *(replace(a, far=OUTSIDE) for a in here))
                return Ground(here, inside=inside, beyond=()), []
            return Ground(here, inside=inside), []
        if place is not None and place.online_only:
            # International help that works online is among what covers `occupied` when it says so.
            return Ground((Area(OCCUPIED, "online", WIDE, ONLINE),), beyond=()), []
        if code is not None and (host := self._countries.get(code)) and host.home is not None:
            own = Area(code, f"national:{code}", NEAR, HOME)
            outside, inside = self._left((host.home,), OUTSIDE)
            return Ground((own, *outside), self._regions.get(code, ()), inside), []
        if place is None:
            return self._countrywide(code, languages)
        near = Area(place.code, f"in:{place.code}", NEAR, HOME)
        wide = Area(place.country, f"national:{place.country}", WIDE, HOME)
        return Ground((near, wide), self._regions.get(place.country, ())), []

    def _countrywide(
        self, code: str | None, languages: tuple[str, ...]
    ) -> tuple[Ground, list[str]]:
        """In a whole country; where none was said, in those of the language, else in all."""
        known = code is None or code in self._own
        if code is not None and code[:2] in self._own:
            countries: tuple[str, ...] = (code[:2],)
        else:
            countries = self._spoken(languages) or self._own
        # Which country it is, is not known: what can be used in any comes before what cannot.
        several = len(self._countries) > 1 and len(countries) > 1
        first = (replace(_INTERNATIONAL, far=HERE),) if several else ()
        far = OUTSIDE if several else HERE
        here = (Area(country, f"national:{country}", WIDE, HOME, far) for country in countries)
        regions = (area for country in countries for area in self._regions.get(country, ()))
        return Ground((*first, *here), tuple(regions)), [] if known else ["place"]

    def _left(
        self, homes: tuple[str, ...], far: int = HERE
    ) -> tuple[tuple[Area, ...], tuple[Area, ...]]:
        """What is meant for people outside their country, and what can be reached from there.

        The homes are in order, the likeliest first.
        """

        def areas(code: str, close: int) -> tuple[Area, ...]:
            return tuple(
                Area(f"{code}:{home}", "from_abroad", close, MODE_ABROAD, OUTSIDE if i else far)
                for i, home in enumerate(homes)
            )

        return areas(ABROAD, WIDE), areas(FROM_ABROAD, FAR)

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
        yield "", (spans := self._spans(needs, ground.here))
        if wider:
            yield "need", (spans := self._spans(needs, ground.here, wider))
        further = (
            ("region", ground.regions),
            ("national", ground.inside),
            ("international", ground.beyond),
        )
        for step, areas in further:
            if more := self._spans(needs, areas, wider):
                yield step, (spans := [*spans, *more])

    def beyond(self, needs: tuple[str, ...], ground: Ground) -> list[Span]:
        """What is international."""
        return self._spans(needs, ground.beyond)

    def hotlines(self, ground: Ground) -> list[Span]:
        """The runs of hotlines that a person in a place can use, wherever they are."""
        return self._spans((HOTLINE,), (*ground.here, *ground.inside, *ground.beyond))

    def _spans(
        self, needs: tuple[str, ...], areas: tuple[Area, ...], wider: tuple[str, ...] = ()
    ) -> list[Span]:
        """The runs of some needs in some areas; all that meets a wider one is only close."""
        found: list[Span] = []
        for area in areas:
            for need in needs:
                for begin, end, tier in self._runs(need, area.code):
                    told = (area.where, area.close, area.mode, area.far)
                    found.append(Span(begin, end, tier, *told))
            for need in wider:
                for begin, end, tier in self._runs(need, area.code):
                    told = (area.where, area.close, area.mode, area.far)
                    found.append(Span(begin, end, max(tier, CLOSE_TO), *told))
        return found

    def _runs(self, need: str, area: str) -> tuple[Run, ...]:
        """The runs of a need in an area, without those of which every row is hidden."""
        key = (need, area)
        runs = self._known.get(key)
        if runs is None:
            runs = self._index.runs(*key)
            if (hidden := self._hidden) is not None:
                rows = self._index.rows
                runs = tuple(run for run in runs if not hidden[rows[run[0] : run[1]]].all())
            self._known[key] = runs
        return runs

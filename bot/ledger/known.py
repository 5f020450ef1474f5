"""What the directory knows beyond one listing: needs, areas, countries; and what is well formed.

It decides whether a content is a listing, what is wrong with it otherwise, and whose country it
is. It judges no fact.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

from pydantic import ValidationError

from authored import did_you_mean
from bot.ledger.model import Content, Invalid
from bot.ledger.plain import written
from referral_directory.codes import ABROAD, INTERNATIONAL, OCCUPIED
from referral_directory.directory import Directory
from referral_directory.pack import ListingShape

_OTHER_COUNTRY: Final = re.compile(r"[A-Z]{2}\Z")
_OTHER_REGION: Final = re.compile(r"[A-Z]{2}-")
LONGEST: Final = 64_000
"""Characters of a content as JSON: many times the longest listing of the packs."""


@dataclass(frozen=True, slots=True)
class Known:
    """Which codes exist."""

    needs: frozenset[str] = field(repr=False)
    areas: Mapping[str, str] = field(repr=False)
    """Every area with the country it lies in: `UA-63` in `UA`, `INT` in itself."""

    @classmethod
    def of(cls, directory: Directory) -> Self:
        """What the packs say."""
        countries = {code: code for code in directory.country_codes}
        places = {place.code: place.country for place in directory.places}
        others = {e.country.country: e.country.country for e in directory.entries.values()}
        everywhere = {INTERNATIONAL: INTERNATIONAL}
        return cls(frozenset(directory.needs), everywhere | others | places | countries)

    def within(self, area: str) -> tuple[str, ...]:
        """The area and what lies around it: `UA-63`, `UA`."""
        country = self.areas.get(area) or (area[:2] if area[:2].isupper() else area)
        return tuple(dict.fromkeys((area, area[:2] if "-" in area else country, country)))

    def around(self, areas: Collection[str]) -> frozenset[str]:
        """All of those areas and what lies around them."""
        return frozenset(one for area in areas for one in self.within(area))

    def country_of(self, content: Content) -> str:
        """The country of a listing: that of its first area."""
        return self.within(next(iter(content["area"])))[-1]

    def listing(self, content: Mapping[str, Any]) -> dict[str, Any]:
        """The content in its one written form. Raises `Invalid`, with every problem by field."""
        try:
            shape = ListingShape.model_validate(dict(content))
        except ValidationError as error:
            raise Invalid(tuple(_problems(error))) from None
        except (ValueError, RecursionError):
            raise Invalid((("content", "cannot be read as a listing"),)) from None
        if problems := tuple(self._unknown(shape)):
            raise Invalid(problems)
        said: dict[str, Any] = {}
        try:
            said = shape.model_dump(mode="json", exclude_defaults=True, by_alias=True)
        except (ValueError, RecursionError):
            raise Invalid((("carried", "cannot be kept as JSON"),)) from None
        if problems := tuple(_unkeepable(said)):
            raise Invalid(problems)
        return said

    def _unknown(self, shape: ListingShape) -> Iterator[tuple[str, str]]:
        for name, codes in (("needs", shape.needs), ("windows", tuple(shape.windows))):
            for place, code in enumerate(codes):
                if code not in self.needs:
                    yield f"{name}.{place}", _there_is_no("need", code, self.needs)
        regional = {country for code, country in self.areas.items() if "-" in code}
        for place, code in enumerate(shape.area):
            elsewhere = _OTHER_COUNTRY.match(code) or (
                _OTHER_REGION.match(code) and code[:2] not in regional
            )
            if code == OCCUPIED:
                yield f"area.{place}", "is not an area: say 'occupied: yes' instead"
            elif not elsewhere and code not in self.areas and code != ABROAD:
                yield f"area.{place}", _there_is_no("area", code, self.areas)


def _unkeepable(said: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What no file could hold, or not as it is: half characters, huge numbers, far too much."""
    length = 0
    for name, value in said.items():
        try:
            length += len(written(value))
        except (OverflowError, RecursionError, TypeError, ValueError):
            yield name, "has characters or numbers that cannot be kept"
    if length > LONGEST:
        longest = max(said, key=lambda name: len(repr(said[name])))
        yield longest, "is longer than in any listing"


def slug(name: str) -> str:
    """A name as part of an id: `Centre for Women` is `centre-for-women`."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub("[^a-z0-9]+", "-", plain).strip("-")[:48].strip("-") or "listing"


def prefix(country: str) -> str:
    """What the ids of a country's listings begin with."""
    return "intl" if country == INTERNATIONAL else country.lower()[:2]


def _there_is_no(what: str, code: str, among: Collection[str]) -> str:
    hint = did_you_mean(code, among)
    return f"there is no {what} '{code[:40]}'. {hint}".strip()


def _problems(error: ValidationError) -> Iterator[tuple[str, str]]:
    for one in error.errors(include_url=False, include_context=False, include_input=False):
        place = ".".join(str(part) for part in one["loc"]) or "content"
        yield place, one["msg"].removeprefix("Value error, ")

"""What a search must know of a listing, read from its JSON text and from nothing else.

The text is what `ListingShape` writes of a listing that may have been published. Everything that
many listings say alike (needs, areas, people, hours) is understood once and remembered by its
text. It applies the rules of `listing.py` to the facts of the index; a test holds the two to one
another. What cannot be read raises `ValueError`; it is never guessed.
"""

import zlib
from collections.abc import Mapping
from datetime import datetime
from typing import Final

import msgspec

from referral_directory.codes import ANSWERED, DIALLED
from referral_directory.columns import (
    Facts,
    Languages,
    Profile,
    Windows,
    covered,
    marks,
    received,
    score,
    source_day,
    tiers_of,
)
from referral_directory.country import CountryFile
from referral_directory.hours import Hours
from referral_directory.listing import CAPACITY_KEPT, hours_of, police_free, usual_windows
from referral_directory.model import Need
from referral_directory.numbers import from_abroad
from referral_directory.opening import HourSets
from referral_directory.pack import HoursShape
from referral_directory.served import CountryOf, Served

SHOWN, ONLINE, OUTSIDE, CALLED = 1, 2, 4, 8
"""Of a listing: some contact may be shown; is no call; works from abroad; and is a call there."""
_NONE: Final = msgspec.Raw()


class _Contact(msgspec.Struct, gc=False):
    kind: str
    number: str | None = None
    hours: msgspec.Raw = _NONE
    abroad: str | None = None
    visibility: str | None = None
    confidence: str | None = None


class _English(msgspec.Struct, gc=False):
    en: str


class _Source(msgspec.Struct, gc=False):
    date: str | None = None


class _Capacity(msgspec.Struct, gc=False):
    state: str
    as_of: datetime


class _Written(msgspec.Struct, gc=False):
    """The fields that count, with what each means when it is left out."""

    organization: _English
    needs: msgspec.Raw
    area: msgspec.Raw
    languages: msgspec.Raw
    contacts: list[_Contact] = []
    status: str = "active"
    vetting: str = "not_yet"
    visibility: str = "public"
    confidence: str = "page"
    occupied: str = "no"
    who: msgspec.Raw = _NONE
    only: msgspec.Raw = _NONE
    welcomes: msgspec.Raw = _NONE
    hours: msgspec.Raw = _NONE
    cost: str = "unknown"
    anonymous: str = "unknown"
    no_id: str = "unknown"
    walk_in: str = "unknown"
    accessible: str = "unknown"
    interpreted: msgspec.Raw = _NONE
    windows: msgspec.Raw = _NONE
    run_by: str = "unknown"
    reports_to_police: str = "unknown"
    priority: int = 0
    pair: str | None = None
    source: _Source | None = None
    recheck: bool = False
    capacity: _Capacity | None = None


_decode = msgspec.json.Decoder(_Written).decode
_words = msgspec.json.Decoder(tuple[str, ...]).decode
_answers = msgspec.json.Decoder(dict[str, str]).decode
_numbers = msgspec.json.Decoder(dict[str, int]).decode


class Reader:
    """Reads listings for an index. It remembers what it understood, by text and country."""

    def __init__(self, needs: Mapping[str, Need], country_of: CountryOf) -> None:
        """`country_of(code, area)`: what holds for a listing, or None when it is not served."""
        self._needs, self._country_of = needs, country_of
        self._countries: dict[tuple[str, bytes], CountryFile | None] = {}
        self._areas: dict[tuple[str, bytes, bool, int], tuple[str, ...]] = {}
        self._tiers: dict[bytes, tuple[tuple[str, int], ...]] = {}
        self._languages: dict[tuple[bytes, bytes], Languages] = {}
        self._windows: dict[tuple[bytes, bytes], Windows] = {}
        self._profiles: dict[tuple[bytes | str, ...], Profile] = {}
        self._hours: dict[tuple[bytes, str, str], int] = {}
        self._known: dict[Hours, int] = {}
        self._sets: dict[tuple[int, ...], tuple[HourSets, int]] = {}
        self._alike: dict[HourSets, HourSets] = {}
        self._same_windows: dict[Windows, Windows] = {}
        self.hours: list[Hours] = []
        """All hours that were read; the sets of `Facts` are numbers of these."""

    def read(self, served: Served) -> Facts | None:
        """The facts of a listing, or None when it is not for survivors. Raises `ValueError`."""
        try:
            written = _decode(served.content)
            return self._facts(served, written)
        except msgspec.MsgspecError as error:
            raise ValueError("is not the text of a listing") from error
        except KeyError as error:
            raise ValueError("has a word that is not known") from error

    def _facts(self, served: Served, written: _Written) -> Facts | None:
        if (
            written.status != "active"
            or written.visibility != "public"
            or written.vetting in ("suspended", "refused")
            or written.confidence == "unverified"
            or written.source is None
        ):
            return None
        area, needs = bytes(written.area), bytes(written.needs)
        country = self._country(served.country, area)
        if country is None:
            return None
        sets, ways = self._contacts(written, country)
        if not ways:
            return None
        date, confirmed = written.source.date, served.confirmed
        capacity = written.capacity
        return Facts(
            country=country.country,
            hours=sets,
            areas=self._covered(country.country, area, written.occupied == "yes", ways),
            tiers=self._tiers.get(needs) or self._tiers_of(needs),
            languages=self._spoken(written),
            profile=self._profile(written),
            windows=self._windows_of(needs, written),
            capacity=(capacity.state, (capacity.as_of + CAPACITY_KEPT).timestamp())
            if capacity is not None
            else None,
            score=score(
                written.cost, written.no_id, written.anonymous, written.accessible, written.priority
            ),
            day=confirmed.on.toordinal()
            if confirmed is not None
            else source_day(date, recheck=written.recheck),
            organization=zlib.crc32(written.organization.en.casefold().encode()),
            pair=written.pair,
            marks=marks(
                written.cost == "free",
                written.anonymous == "yes",
                written.no_id == "yes",
                written.recheck,
                date is None,
                confirmed is not None,
            ),
        )

    def _country(self, code: str, area: bytes) -> CountryFile | None:
        key = (code, area)
        if key not in self._countries:
            self._countries[key] = self._country_of(code, _words(area))
        return self._countries[key]

    def _contacts(self, written: _Written, country: CountryFile) -> tuple[HourSets, int]:
        """The hours of all contacts that may be shown, and how they can be reached; 0: by none."""
        usual: int | None = None
        told: list[int] = []
        for one in written.contacts:
            if one.visibility not in (None, "public") or one.confidence == "unverified":
                continue
            kind = one.kind
            if one.hours:
                hours = self._hours_number(one.hours, country)
            elif usual is None:
                hours = usual = self._hours_number(written.hours, country)
            else:
                hours = usual
            abroad = one.abroad or from_abroad(kind, one.number)
            how = 0 if abroad == "yes" else 1 if abroad == "unknown" else 2
            told.append(hours << 4 | (kind in ANSWERED) << 3 | (kind in DIALLED) << 2 | how)
        key = tuple(told)
        found = self._sets.get(key)
        if found is None:
            sets, ways = _sets(key)
            # One thing for contacts that are told apart and answer at the same hours.
            found = self._sets[key] = (self._alike.setdefault(sets, sets), ways)
        return found

    def _hours_number(self, raw: msgspec.Raw, country: CountryFile) -> int:
        key = (bytes(raw), country.country, country.zone)
        number = self._hours.get(key)
        if number is None:
            written = key[0] if key[0] != b"null" else b""
            shape = HoursShape.model_validate_json(written) if written else None
            hours = hours_of(shape, country)
            number = self._known.setdefault(hours, len(self.hours))
            if number == len(self.hours):
                self.hours.append(hours)
            self._hours[key] = number
        return number

    def _covered(self, country: str, area: bytes, occupied: bool, ways: int) -> tuple[str, ...]:  # noqa: FBT001
        key = (country, area, occupied, ways)
        found = self._areas.get(key)
        if found is None:
            found = self._areas[key] = covered(
                _words(area),
                country,
                online=occupied and bool(ways & ONLINE),
                outside=bool(ways & OUTSIDE),
                called=bool(ways & CALLED),
            )
        return found

    def _tiers_of(self, needs: bytes) -> tuple[tuple[str, int], ...]:
        found = self._tiers[needs] = tiers_of(_words(needs), self._needs)
        return found

    def _spoken(self, written: _Written) -> Languages:
        key = (bytes(written.languages), bytes(written.interpreted))
        found = self._languages.get(key)
        if found is None:
            interpreted = _words(key[1]) if key[1] else ()
            found = self._languages[key] = Languages(_words(key[0]), interpreted)
        return found

    def _windows_of(self, needs: bytes, written: _Written) -> Windows:
        key = (needs, bytes(written.windows))
        found = self._windows.get(key)
        if found is None:
            own = _numbers(key[1]) if key[1] else {}
            told = usual_windows(_words(needs), self._needs) | own
            mine = tuple(sorted(told.items()))
            found = self._windows[key] = self._same_windows.setdefault(mine, mine)
        return found

    def _profile(self, written: _Written) -> Profile:
        key = (
            *(bytes(written.who), bytes(written.only), bytes(written.welcomes), written.run_by),
            *(written.reports_to_police, written.anonymous, written.no_id, written.walk_in),
            written.accessible,
        )
        found = self._profiles.get(key)
        if found is None:
            who, only, welcomes = key[:3]
            found = self._profiles[key] = received(
                _answers(who) if who else {},
                {
                    "no_police": police_free(written.run_by, written.reports_to_police),
                    "anonymous": written.anonymous,
                    "no_id": written.no_id,
                    "walk_in": written.walk_in,
                    "accessible": written.accessible,
                },
                _words(only) if only else (),
                _words(welcomes) if welcomes else (),
            )
        return found


def _sets(told: tuple[int, ...]) -> tuple[HourSets, int]:
    """The hours that count at home, from abroad and online: of those who answer, else of all."""
    ways, sets = 0, []
    for usable in (
        told,
        tuple(one for one in told if one & 3 != 2),
        tuple(one for one in told if not one & 4),
    ):
        counting = [one for one in usable if one & 8] or usable
        sets.append(tuple(sorted({one >> 4 for one in counting})))
    for one in told:
        ways |= SHOWN | (0 if one & 4 else ONLINE)
        if one & 3 == 0:
            ways |= OUTSIDE | (CALLED if one & 4 else 0)
    return (sets[0], sets[1], sets[2]), ways

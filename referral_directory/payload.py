"""Listings as bytes: many in little memory, opened one at a time when one is shown.

Blocks of listings are compressed together, so that what they share is kept once. Memory only:
never a file.
"""

import json
import zlib
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Final

from referral_directory.hours import Hours
from referral_directory.model import Confirmation, Contact, Listing

BLOCK: Final = 32
"""Listings in one block: more are smaller and slower to open."""


class Shelf:
    """Listings by their row, in the order in which they were put."""

    def __init__(self) -> None:
        self._blocks: list[bytes] = []
        self._open: list[str] = []
        self._hours: dict[Hours, int] = {}
        self._hours_of: list[Hours] = []

    def put(self, listing: Listing) -> None:
        """Add a listing; its row is the count of those before it."""
        self._open.append(json.dumps(_written(listing, self._hours_id), ensure_ascii=False))
        if len(self._open) == BLOCK:
            self._blocks.append(zlib.compress("\n".join(self._open).encode(), 6))
            self._open.clear()

    def get(self, row: int) -> Listing:
        """The listing of a row."""
        block, place = divmod(row, BLOCK)
        if block < len(self._blocks):
            lines = zlib.decompress(self._blocks[block]).decode().split("\n")
        else:
            lines = self._open
        return _read(json.loads(lines[place]), self._hours_of)

    def _hours_id(self, hours: Hours) -> int:
        known = self._hours.get(hours)
        if known is None:
            known = self._hours[hours] = len(self._hours_of)
            self._hours_of.append(hours)
        return known


def _written(listing: Listing, hours_id: Callable[[Hours], int]) -> list[Any]:
    contacts = [
        [
            *(c.kind, c.number, c.uri, c.label, c.languages, c.free, c.abroad),
            *(hours_id(c.hours), c.printed, c.source_url, c.source_date, c.recheck),
            *(c.country, c.short, c.only_there),
        ]
        for c in listing.contacts
    ]
    capacity = listing.capacity
    confirmed = listing.confirmed
    return [
        *(listing.id, listing.country, listing.names, listing.organization, listing.summary),
        *(listing.needs, listing.area, listing.occupied, listing.who, listing.only),
        *(listing.welcomes, listing.traits, len(listing.phones), contacts, listing.printed),
        *(listing.cost, listing.languages, listing.interpreted, listing.windows),
        *(listing.run_by, listing.priority, listing.pair),
        [capacity[0], capacity[1].isoformat()] if capacity else None,
        *(listing.source_url, listing.source_date, listing.source_printed, listing.recheck),
        [confirmed.by, confirmed.how, confirmed.on.isoformat(), confirmed.content]
        if confirmed
        else None,
    ]


def _read(told: list[Any], hours: list[Hours]) -> Listing:
    # fmt: off
    (
        name, country, names, organization, summary, needs, area, occupied, who, only,
        welcomes, traits, phones, lines, printed, cost, languages, interpreted, windows,
        run_by, priority, pair, capacity, url, day, day_printed, recheck, confirmed,
    ) = told
    # fmt: on
    contacts = tuple(_contact(line, hours) for line in lines)
    return Listing(
        id=name,
        country=country,
        names=names,
        organization=organization,
        summary=summary,
        needs=tuple(needs),
        area=tuple(area),
        occupied=occupied,
        who=who,
        only=tuple(only),
        welcomes=tuple(welcomes),
        traits=traits,
        phones=contacts[:phones],
        channels=contacts[phones:],
        printed=printed,
        cost=cost,
        languages=tuple(languages),
        interpreted=tuple(interpreted),
        windows=windows,
        run_by=run_by,
        priority=priority,
        pair=pair,
        capacity=(capacity[0], datetime.fromisoformat(capacity[1])) if capacity else None,
        source_url=url,
        source_date=day,
        source_printed=day_printed,
        recheck=recheck,
        confirmed=_confirmation(name, confirmed) if confirmed else None,
    )


def _contact(line: list[Any], hours: list[Hours]) -> Contact:
    # fmt: off
    (
        kind, number, uri, label, languages, free, abroad, hour, printed, url, day, recheck,
        country, short, only_there,
    ) = line
    # fmt: on
    return Contact(
        kind=kind,
        number=number,
        uri=uri,
        label=label,
        languages=tuple(languages),
        free=free,
        abroad=abroad,
        hours=hours[hour],
        printed=printed,
        source_url=url,
        source_date=day,
        recheck=recheck,
        country=country,
        short=short,
        only_there=only_there,
    )


def _confirmation(listing: str, told: list[Any]) -> Confirmation:
    by, how, on, content = told
    return Confirmation(listing, by, how, date.fromisoformat(on), content)

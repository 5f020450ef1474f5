"""The five lists of HSDS: which records answer a question, and what each looks like.

It decides what is found and in which order. Filters add up: every one must hold.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from bot.hsds.asked import Asked
from bot.hsds.catalogue import Catalogue, Entry, Organization, folded
from referral_directory.exchange.hsds_hours import instant
from referral_directory.exchange.hsds_lists import place_base
from referral_directory.exchange.hsds_out import organization_record

Record = dict[str, Any]
_EVERYWHERE: Final = frozenset({"search", "page", "per_page", "format"})
_OF_SERVICES: Final = frozenset(
    {"taxonomy_term_id", "taxonomy_id", "organization_id", "modified_after", "full"}
)


@dataclass(frozen=True, slots=True)
class Shop:
    """What may be seen at this moment: a catalogue, and what was stopped since it was made."""

    catalogue: Catalogue
    stopped: frozenset[str]

    def shows(self, entry: Entry) -> bool:
        """Whether a listing is still served."""
        return entry.id not in self.stopped

    def of(self, organization: Organization) -> list[Entry]:
        """The listings of an organisation that are served."""
        entries = (self.catalogue.entries[at] for at in organization.entries)
        return [entry for entry in entries if self.shows(entry)]


@dataclass(frozen=True, slots=True)
class List:
    """One of the lists: what it is asked by, and how its records are made."""

    name: str
    params: frozenset[str]
    find: Callable[[Shop, Asked], Sequence[Any]]
    """What answers a question, in order."""
    one: Callable[[Shop, str], Any]
    """What has an id, or None."""
    made: Callable[[Shop, Any, Asked], Record]
    """What was found, as it stands in a list."""
    whole: Callable[[Shop, Any, Asked], Record]
    """What was found, with all that stands in it."""


def _entries(shop: Shop, asked: Asked) -> Sequence[Entry]:
    catalogue, places = shop.catalogue, _places(shop.catalogue, asked)
    if places is not None or asked.search or asked.modified_after or shop.stopped:
        chosen = places if places is not None else range(len(catalogue.entries))
        return list(_kept(shop, asked, chosen))
    return catalogue.entries


def _kept(shop: Shop, asked: Asked, places: Sequence[int]) -> Iterator[Entry]:
    entries = shop.catalogue.entries
    since = asked.modified_after.date() if asked.modified_after else date.min
    words = [word.encode() for word in asked.search[1:]]
    if asked.search:
        chosen = places if isinstance(places, range) else frozenset(places)
        places = [at for at in shop.catalogue.told_with(asked.search[0]) if at in chosen]
    for at in places:
        entry = entries[at]
        if entry.changed < since or (shop.stopped and not shop.shows(entry)):
            continue
        if all(word in entry.words for word in words):
            yield entry


def _places(catalogue: Catalogue, asked: Asked) -> Sequence[int] | None:
    """The places of listings by what is looked up; None without such a filter."""
    sets: list[Sequence[int]] = []
    if asked.organization_id is not None:
        owner = catalogue.by_organization.get(asked.organization_id)
        sets.append(owner.entries if owner else ())
    sets += [
        sorted({at for term in terms for at in catalogue.by_term.get(term, ())})
        for terms in _terms_asked(catalogue, asked)
    ]
    if not sets:
        return None
    first, *others = sorted(sets, key=len)
    for other in others:
        there = set(other)
        first = [at for at in first if at in there]
    return first


def _terms_asked(catalogue: Catalogue, asked: Asked) -> Iterator[Sequence[str]]:
    terms = catalogue.book.terms
    if asked.taxonomy_term_id is not None:
        # Who asks for legal help means a lawyer as well: a term stands for those below it.
        yield terms.below.get(asked.taxonomy_term_id, ())
    if asked.taxonomy_id is not None:
        yield [
            name
            for name, term in terms.all.items()
            if term["taxonomy_detail"]["id"] == asked.taxonomy_id
        ]


def _organizations(shop: Shop, asked: Asked) -> list[Organization]:
    catalogue = shop.catalogue
    places = _places(catalogue, asked)
    if places is not None or shop.stopped:
        chosen = set(places) if places is not None else range(len(catalogue.entries))
        found = [
            one
            for one in catalogue.organizations
            if any(at in chosen and shop.shows(catalogue.entries[at]) for at in one.entries)
        ]
    else:
        found = list(catalogue.organizations)
    return [one for one in found if all(word in one.name for word in asked.search)]


def _taxonomies(shop: Shop, asked: Asked) -> list[Record]:
    return _named(shop.catalogue.book.terms.taxonomies, asked)


def _terms(shop: Shop, asked: Asked) -> list[Record]:
    found = [
        term
        for term in shop.catalogue.book.terms.all.values()
        if asked.taxonomy_id in {None, term["taxonomy_detail"]["id"]}
        and asked.parent_id in {None, term.get("parent_id")}
        and not (asked.top_only and "parent_id" in term)
    ]
    return _named(found, asked)


def _named(records: Sequence[Mapping[str, Any]], asked: Asked) -> list[Record]:
    return [
        dict(one)
        for one in records
        if all(word in folded(f"{one['name']} {one['description']}") for word in asked.search)
    ]


def _service(shop: Shop, entry: Entry, asked: Asked) -> Record:
    if asked.minimal:
        # `name` and `status` as well: without them it would be no service, says the schema.
        content = entry.content
        day = {"modified_date": instant(entry.row.changed)} if entry.row.changed else {}
        return {"id": entry.service, "name": content["names"]["en"], "status": "active", **day}
    return shop.catalogue.record(entry) if asked.full else shop.catalogue.listed(entry)


def _organization(shop: Shop, found: Organization, asked: Asked) -> Record:
    entries = shop.of(found)
    record = organization_record(entries[0].content)
    if asked.full_service:
        record["services"] = [_without(shop.catalogue.record(e), "organization") for e in entries]
    elif asked.full:
        record["services"] = [
            _without(shop.catalogue.listed(entry), "organization") for entry in entries
        ]
    return record


def _place(shop: Shop, entry: Entry, asked: Asked) -> Record:
    record = shop.catalogue.record(entry)
    (place,) = record["service_at_locations"]
    if asked.full:
        return {**place, "service": _without(record, "service_at_locations")}
    return place_base(place, record)


def _without(record: Mapping[str, Any], key: str) -> Record:
    return {name: value for name, value in record.items() if name != key}


def _plain(_shop: Shop, record: Record, _asked: Asked) -> Record:
    return record


def _full(made: Callable[[Shop, Any, Asked], Record]) -> Callable[[Shop, Any, Asked], Record]:
    """The same, with all that stands in it."""

    def whole(shop: Shop, found: Any, asked: Asked) -> Record:
        return made(shop, found, Asked(full=True, full_service=asked.full_service))

    return whole


def _entry_by(index: Callable[[Catalogue], Mapping[str, int]]) -> Callable[[Shop, str], Any]:
    def one(shop: Shop, name: str) -> Entry | None:
        at = index(shop.catalogue).get(name)
        entry = None if at is None else shop.catalogue.entries[at]
        return entry if entry is not None and shop.shows(entry) else None

    return one


def _organization_by_id(shop: Shop, name: str) -> Organization | None:
    found = shop.catalogue.by_organization.get(name)
    return found if found is not None and shop.of(found) else None


def _taxonomy_by_id(shop: Shop, name: str) -> Record | None:
    found = (one for one in shop.catalogue.book.terms.taxonomies if one["id"] == name)
    return next(map(dict, found), None)


def _term_by_id(shop: Shop, name: str) -> Record | None:
    found = shop.catalogue.book.terms.all.get(name)
    return None if found is None else dict(found)


LISTS: Final[Mapping[str, List]] = {
    one.name: one
    for one in (
        List(
            "services",
            _EVERYWHERE | _OF_SERVICES | {"minimal"},
            _entries,
            _entry_by(lambda catalogue: catalogue.by_service),
            _service,
            _full(_service),
        ),
        List(
            "organizations",
            _EVERYWHERE | {"taxonomy_term_id", "taxonomy_id", "full", "full_service"},
            _organizations,
            _organization_by_id,
            _organization,
            _full(_organization),
        ),
        List("taxonomies", _EVERYWHERE, _taxonomies, _taxonomy_by_id, _plain, _plain),
        List(
            "taxonomy_terms",
            _EVERYWHERE | {"taxonomy_id", "top_only", "parent_id"},
            _terms,
            _term_by_id,
            _plain,
            _plain,
        ),
        List(
            "service_at_locations",
            _EVERYWHERE | _OF_SERVICES,
            _entries,
            _entry_by(lambda catalogue: catalogue.by_place),
            _place,
            _full(_place),
        ),
    )
}


def page(shop: Shop, of: List, asked: Asked) -> Record:
    """One page of a list, with all that a page has: also when nothing was found."""
    found = of.find(shop, asked)
    whole = asked.minimal and asked.per_page is None
    size = max(1, len(found)) if whole else asked.size
    pages = max(1, -(-len(found) // size))
    some = found[(asked.page - 1) * size : asked.page * size]
    return {
        "total_items": len(found),
        "total_pages": pages,
        "page_number": asked.page,
        "size": len(some),
        "first_page": asked.page == 1,
        "last_page": asked.page >= pages,
        "empty": not some,
        "contents": [of.made(shop, one, asked) for one in some],
    }

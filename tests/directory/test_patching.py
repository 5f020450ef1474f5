"""A directory that is changed a little at a time answers as one that is built anew would."""

import zlib
from datetime import UTC, date, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from referral_directory import Confirmation, Country, Directory, Query, Served
from referral_directory.codes import ABROAD, CONSTRAINTS, DIALLED, INTERNATIONAL, OCCUPIED, WHO
from referral_directory.columns import MARKS, WHO_BITS
from referral_directory.listing import listing_from, withheld
from referral_directory.model import Listing
from referral_directory.pack import ListingShape
from referral_directory.reading import Reader
from tests.directory.test_search_always import (
    COUNTRY,
    NEEDS,
    PLACES,
    SOURCE,
    contacts,
    instants,
    listings,
    queries,
)
from tests.often import often

DAY = date(2026, 11, 20)
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
HERE = Directory(
    PLACES,
    NEEDS,
    {},
    (Country("UA", COUNTRY.names, {}, COUNTRY.zone, ("uk",)),),
    {"UA": COUNTRY},
)
more = st.fixed_dictionaries(
    {},
    optional={
        "pair": st.sampled_from(("one", "two")),
        "priority": st.integers(0, 9),
        "cost": st.sampled_from(("free", "paid")),
        "anonymous": st.sampled_from(("yes", "no")),
        "interpreted": st.sampled_from((["fr"], ["fr", "en"])),
        "welcomes": st.sampled_from((["man"], ["woman", "captivity"])),
        "windows": st.sampled_from(({"medical": 24}, {"medical.sti": 48})),
        "recheck": st.booleans(),
        "capacity": st.sampled_from(
            (
                {"state": "full", "as_of": "2026-11-20T10:00+02:00"},
                {"state": "open", "as_of": "2026-11-18T10:00:00Z"},
            )
        ),
        "hours": st.sampled_from(
            (
                {"printed": "Day and night", "rules": "24/7"},
                {"printed": "Ask", "zone": "Europe/Warsaw"},
                {
                    "printed": "9-18",
                    "rules": "Mo-Fr 09:00-18:00",
                    "closed": [{"from": "2026-11-18", "to": "2026-11-19"}],
                },
            )
        ),
    },
)
GOOD = {"status": "active", "visibility": "public", "vetting": "vetted", "confidence": "page"}
PHONE = {"kind": "phone", "number": "+380441234567", "hours": "24/7"}
texts = st.builds(
    lambda shape, said, own, good: ListingShape.model_validate(
        shape.model_dump(exclude_defaults=True, by_alias=True)
        | said
        | (GOOD | {"source": SOURCE, "contacts": [PHONE, *own]} if good else {})
    ),
    listings,
    more,
    st.lists(contacts, max_size=2),
    st.sampled_from((True, True, True, False)),
)
"""Most of them can be shown, so that there is something to put in order."""
confirmed = st.sampled_from((None, Confirmation("", "Olha", "call", DAY)))
due = st.sampled_from((None, None, date(2026, 11, 30), date(2026, 10, 1), date(2026, 8, 1)))
ids = st.integers(0, 11).map("ua-{:02}".format)


def served(
    name: str, shape: ListingShape, by: Confirmation | None = None, due_on: date | None = None
) -> Served:
    text = shape.model_dump_json(exclude_defaults=True, by_alias=True).encode()
    return Served(name, text, "UA", by, due_on)


fresh = st.builds(served, ids, texts, confirmed, due)
Step = tuple[str, list[str], list[Served]]
steps: st.SearchStrategy[Step] = st.one_of(
    st.tuples(
        st.just("change"),
        st.lists(ids, max_size=2),
        st.lists(fresh, max_size=3, unique_by=lambda one: one.id),
    ),
    st.tuples(st.just("stop"), st.lists(ids, max_size=3), st.just([])),
    st.tuples(st.just("compact"), st.just([]), st.just([])),
)


@settings(max_examples=often(150), deadline=None)
@given(
    st.lists(fresh, max_size=10, unique_by=lambda one: one.id),
    st.lists(steps, min_size=1, max_size=4),
    st.lists(queries, min_size=1, max_size=6),
    instants,
)
def test_after_any_changes_every_question_is_answered_as_if_all_were_built_anew(
    first: list[Served],
    changes: list[Step],
    asked: list[Query],
    at: datetime,
) -> None:
    known = {one.id: one for one in first}
    live = HERE.live(first).on(at.date())
    for kind, gone, new in changes:
        known = {name: one for name, one in known.items() if name not in gone}
        known |= {one.id: one for one in new}
        if kind == "change":
            live = live.with_changes(gone, new)
        elif kind == "stop":
            live = live.without(gone)
        else:
            live = live.compacted()
    anew = HERE.live(known.values()).on(at.date())
    assert (live.ids(), len(live)) == (anew.ids(), len(anew))
    for query in asked:
        assert live.search(query, at) == anew.search(query, at)
        place, languages = query.place, query.languages
        assert live.open_lines(place, languages, at) == anew.open_lines(place, languages, at)
    for name in [*known, *(name for _, gone, _ in changes for name in gone)]:
        assert live.listing(name) == anew.listing(name)


@settings(max_examples=often(200), deadline=None)
@given(fresh)
def test_what_the_index_knows_of_a_listing_is_what_its_card_says(one: Served) -> None:
    written = ListingShape.model_validate_json(one.content)
    reader = Reader(NEEDS, HERE.country_of)
    facts = reader.read(one)
    if withheld(written) is not None:
        assert facts is None
        return
    assert facts is not None
    listing = listing_from(one.id, written, COUNTRY, NEEDS, one.confirmed, one.due_on)
    for mode, place in enumerate((None, ABROAD, OCCUPIED)):
        told = {reader.hours[number] for number in facts.hours[mode]}
        assert told == set(listing.answering(place))
    assert set(facts.areas) == areas_of(listing)
    assert (facts.languages.spoken, facts.languages.interpreted) == (
        listing.languages,
        listing.interpreted,
    )
    assert dict(facts.windows) == dict(listing.windows)
    told_of = {**listing.who, **listing.traits}
    said = {word: told_of[word] for word in (*WHO, *CONSTRAINTS)}
    refused = {word for word in said if facts.profile.refuses & WHO_BITS[word]}
    assert refused == {word for word, answer in said.items() if answer == "no"}
    assert facts.organization == zlib.crc32(listing.organization["en"].casefold().encode())
    capacity = listing.capacity
    assert facts.capacity == (capacity and (capacity[0], capacity[1].timestamp()))
    marks = {mark for i, mark in enumerate(MARKS) if facts.marks >> i & 1}
    assert ("free" in marks, "confirmed" in marks) == (
        listing.cost == "free",
        listing.confirmed is not None,
    )
    assert (facts.pair, "recheck" in marks) == (listing.pair, listing.recheck)


def areas_of(listing: Listing) -> set[str]:
    """A plain reading of where it can be looked for."""
    found = {area for area in listing.area if area not in {ABROAD, OCCUPIED}}
    if listing.occupied and any(one.kind not in DIALLED for one in listing.contacts):
        found.add(OCCUPIED)
    outside = [one for one in listing.contacts if one.abroad == "yes"]
    if outside and (ABROAD in listing.area or any(one.kind in DIALLED for one in outside)):
        found.add(f"abroad:{listing.country}")
    elif outside and listing.country != INTERNATIONAL:
        found.add(f"~abroad:{listing.country}")
    return found

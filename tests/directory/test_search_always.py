"""What holds for every directory and every question, judged by a plain reading of the rules."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from referral_directory import Confirmation, Country, Directory, Need, Place, Query
from referral_directory.codes import GENDERS, HOTLINE, WHO
from referral_directory.country import CountryFile
from referral_directory.directory import Entry
from referral_directory.pack import ContactShape, ListingShape, WhoShape
from referral_directory.reasons import REASONS, RELAXED, split
from tests.often import often

CODES = ("emergency", HOTLINE, "medical", "medical.pep", "medical.sti", "legal", "legal.advice")
NEEDS = {code: Need(code, {"en": code}, 72 if code == "medical.pep" else None) for code in CODES}
REGIONS = ("UA-63", "UA-65", "UA-43")
PLACES = (
    *(Place(code, {"en": code}, {}, "region", "UA", code == "UA-43") for code in REGIONS),
    Place("abroad", {"en": "abroad"}, {}, "abroad", "UA"),
    Place("occupied", {"en": "occupied"}, {}, "occupied", "UA", online_only=True),
)
COUNTRY = CountryFile(
    country="UA", names={"en": "Ukraine"}, zone="Europe/Kyiv", languages=("uk", "en")
)
SOURCE = {"url": "https://example.org", "date": "2025-05"}

contacts = st.builds(
    lambda kind, hours, confidence, abroad: ContactShape.model_validate(
        {"kind": kind, "hours": hours, "confidence": confidence, "abroad": abroad}
        | ({"number": "+380441234567"} if kind == "phone" else {"url": "https://example.org/x"})
    ),
    st.sampled_from(("phone", "phone", "telegram", "web")),
    st.sampled_from((None, "24/7", "daily 20:00-04:00", "Mo-Fr 09:00-18:00")),
    st.sampled_from((None, None, None, "unverified")),
    st.sampled_from((None, "yes", "no")),
)
answers = st.sampled_from(("yes", "unknown", "no"))
listings = st.builds(
    lambda needs, area, who, only, said, own: ListingShape.model_validate(
        {
            "names": {"en": "A service"},
            "summary": {"en": "Someone answers."},
            "needs": needs,
            "area": area,
            "who": who,
            "only": only,
            "contacts": own,
        }
        | said
    ),
    st.lists(st.sampled_from(CODES), min_size=1, max_size=3, unique=True),
    st.lists(
        st.sampled_from(("UA", *REGIONS, "abroad", "INT")), min_size=1, max_size=2, unique=True
    ),
    st.dictionaries(st.sampled_from(WHO), answers, max_size=4).map(WhoShape.model_validate),
    st.sampled_from(((), (), ("captivity",))),
    st.fixed_dictionaries(
        {
            "status": st.sampled_from(("active", "active", "active", "closed", "suspended")),
            "visibility": st.sampled_from(("public", "public", "public", "operator_only")),
            "vetting": st.sampled_from(("not_yet", "vetted", "refused")),
            "confidence": st.sampled_from(("page", "page", "page", "unverified")),
            "source": st.sampled_from((SOURCE, SOURCE, SOURCE, None)),
            "occupied": st.sampled_from(("yes", "no")),
            "languages": st.sampled_from((("uk",), ("uk", "en"), ("ru",))),
            "organization": st.sampled_from(({"en": "One"}, {"en": "Two"}, {"en": "Three"})),
            "run_by": st.sampled_from(("ngo", "police")),
        }
    ),
    st.lists(contacts, max_size=3),
)
directories = st.lists(listings, max_size=9).map(
    lambda written: Directory(
        PLACES,
        NEEDS,
        {f"ua-{i}": Entry(one, COUNTRY, "services.yaml", i) for i, one in enumerate(written)},
        (Country("UA", COUNTRY.names, {}, COUNTRY.zone, ("uk",)),),
        {"UA": COUNTRY},
    )
)
queries = st.builds(
    Query,
    st.lists(st.sampled_from(CODES), max_size=2).map(tuple),
    st.sampled_from((None, "UA", "abroad", "occupied", *REGIONS)),
    st.sampled_from(((), ("uk",), ("en",), ("fr",))),
    st.frozensets(st.sampled_from(WHO), max_size=3),
    st.sampled_from((None, (0, 48), (72, None))),
    st.sampled_from((frozenset(), frozenset({"no_police"}))),
)
instants = st.integers(0, 14 * 1440).map(
    lambda minute: datetime(2026, 11, 16, tzinfo=UTC) + timedelta(minutes=minute)
)


def may_be_served(written: ListingShape) -> bool:
    usable = [c for c in written.contacts if c.confidence != "unverified"]
    return (
        written.status == "active"
        and written.visibility == "public"
        and written.vetting != "refused"
        and written.confidence != "unverified"
        and written.source is not None
        and bool(usable)
    )


def refuses(written: ListingShape, query: Query) -> bool:
    if "no_police" in query.constraints and written.run_by == "police":
        return True
    return any(getattr(written.who, word) == "no" for word in query.who)


@settings(max_examples=often(250), deadline=None)
@given(directories, queries, instants)
def test_no_question_gives_what_must_not_be_given(
    directory: Directory, query: Query, at: datetime
) -> None:
    live = directory.serving(None)
    referral = live.search(query, at)
    given = [*referral.found, *([referral.always] if referral.always else [])]
    written = {found.listing: directory.entries[found.listing].written for found in given}
    assert len(referral.found) <= 3
    assert len(written) == len(given)
    assert all(may_be_served(one) and not refuses(one, query) for one in written.values())
    organizations = [written[found.listing].organization["en"] for found in referral.found]
    assert all(organizations.count(one) < 3 for one in organizations)
    online_only = query.place in {"occupied", "UA-43"}
    for found in given:
        listing = live.listing(found.listing)
        assert listing is not None
        # International help is judged by what can be used from anywhere.
        afar = "abroad" if "international" in found.reasons else query.place
        place = "occupied" if online_only else afar
        state = listing.state(at, place)
        assert (found.reasons[0].startswith(("urgent", "window_passed"))) or found.reasons[0] == {
            "yes": "always_open" if state.always else "open_now",
            "no": "closed_now",
            "unknown": "hours_unknown",
        }[state.open]
        assert any(contact.reaches(place) for contact in listing.contacts)
        assert not online_only or listing.occupied
        assert {split(code)[0] for code in found.reasons} <= REASONS.keys()
    assert list(referral.relaxed) == [code for code in RELAXED if code in referral.relaxed]


@settings(max_examples=often(250), deadline=None)
@given(directories, queries, instants)
def test_it_is_never_empty_while_a_line_that_takes_the_person_is_open(
    directory: Directory, query: Query, at: datetime
) -> None:
    live = directory.serving(None)
    referral = live.search(query, at)
    lines = [
        name
        for name in live.ids()
        if (listing := live.listing(name))
        and HOTLINE in listing.needs
        and "UA" in listing.area
        and not refuses(directory.entries[name].written, query)
        and listing.state(at).open == "yes"
    ]
    if query.place in {None, "UA", "UA-63", "UA-65"} and lines:
        assert referral.found or referral.always


@settings(max_examples=often(150), deadline=None)
@given(directories, queries, instants)
def test_the_same_question_has_the_same_answer(
    directory: Directory, query: Query, at: datetime
) -> None:
    live = directory.serving(None)
    first = live.search(query, at)
    live.search(Query(), at + timedelta(hours=5))
    assert live.search(query, at) == first == directory.serving(None).search(query, at)


@settings(max_examples=often(250), deadline=None)
@given(directories, queries, instants)
def test_who_answers_now_and_fits_is_never_behind_who_does_not(
    directory: Directory, query: Query, at: datetime
) -> None:
    known = replace(
        query, who=query.who - {*GENDERS, "under18"} | {"man", "adult"}, hours_since=None
    )
    found = directory.serving(None).search(known, at).found
    # What is international comes after what is of a country, open or not.
    fits = [
        f.reasons
        for f in found
        if "international" not in f.reasons
        and not any(reason.startswith("meant_for") for reason in f.reasons)
    ]
    ranks = [
        0 if {"open_now", "always_open"} & set(reasons) else 2 if "closed_now" in reasons else 1
        for reasons in fits
    ]
    assert ranks == sorted(ranks)


@settings(max_examples=often(100), deadline=None)
@given(directories, queries, instants)
def test_where_confirming_is_asked_for_only_the_confirmed_are_given(
    directory: Directory, query: Query, at: datetime
) -> None:
    names = set(list(directory.entries)[::2])
    confirmed = {name: Confirmation(name, "N", "call", at.date()) for name in names}
    live = directory.serving(confirmed)
    possible = {n for n, e in directory.entries.items() if may_be_served(e.written)}
    assert set(live.ids()) == names & possible
    assert {f.listing for f in live.search(query, at).found} <= names

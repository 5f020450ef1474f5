"""A listing as a form and back: nothing is lost, nothing is made up, every fault has its field."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.console.doubt_words import DOUBTS
from bot.console.form_read import content_of, number_typed
from bot.console.listing_form import Codes, Form, begun, form_field, pressed, sent
from bot.console.listing_words import field_words
from referral_directory import load_packs, packs_in
from referral_directory.keeping import changes
from referral_directory.keeping.doubt import SAID
from tests.console_listings.rooms import content
from tests.often import often

EVERY = load_packs(countries=packs_in())
CODES = Codes(dict.fromkeys(EVERY.needs, ""), dict.fromkeys(EVERY.place_names, ""))
WRITTEN = {
    name: entry.written.model_dump(mode="json", exclude_defaults=True, by_alias=True)
    for name, entry in EVERY.entries.items()
}
FULL = content(
    organization={"en": "Harbour Foundation", "ar": "مؤسسة"},
    only=["woman", "adult"],
    welcomes=["displaced"],
    windows={"medical.pep": 72},
    address={"line": "Example Street 1", "city": "Kharkiv", "visibility": "operator_only"},
    hours={
        "printed": "Mon-Fri 9-18",
        "rules": "Mo-Fr 09:00-18:00",
        "zone": "Europe/Kyiv",
        "holidays": "closed",
        "closed": [{"from": "2026-12-25", "to": "2027-01-02", "reason": {"en": "Holidays"}}],
    },
    capacity={"state": "waitlist", "as_of": "2026-11-20T10:00:00+02:00"},
    accepted={"date": "the page says so: twice"},
    also=["https://example.org/a", "a leaflet"],
    notes="First line\n\nSecond line",
    carried={"service": {"id": "x", "extra": [1, 2, {"deep": None}]}},
    priority=3,
    recheck=True,
    pair="harbour",
)


def form_of(said: dict[str, Any]) -> Form:
    """The form, sent at once as a browser does: line ends are its own."""
    typed = {name: v.replace("\n", "\r\n") for name, v in begun(said).fields.items()}
    return sent(typed, said, CODES)


def test_every_listing_of_the_packs_goes_through_the_form_unchanged() -> None:
    assert [name for name, said in WRITTEN.items() if form_of(said).content != said] == []


def test_everything_that_a_listing_can_say_goes_through_the_form_unchanged() -> None:
    form = form_of(FULL)
    assert form.faults == ()
    assert form.content == FULL


FIELDS = sorted(begun(FULL).fields)


@settings(max_examples=often(60), deadline=None)
@given(st.data())
def test_whatever_is_typed_into_one_field_leaves_all_others_alone(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(FIELDS))
    typed = data.draw(st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
    form = sent({**begun(FULL).fields, name: typed}, FULL, CODES)
    if form.content is None:
        assert form.faults
        assert form(name) == typed
        return
    part = name.replace(":", ".").split(".")[0]
    others = {top for top in {**FULL, **form.content} if FULL.get(top) != form.content.get(top)}
    # Who is first moves needs, and a need that is not known has no window.
    assert others <= {part}


@pytest.mark.parametrize(
    ("name", "typed", "blamed"),
    [
        ("names.en", "", "names.en"),
        ("contacts.0.to", "12", None),
        ("contacts.0.to", "call us", "contacts.0.to"),
        ("contacts.0.kind", "email", "contacts.0.to"),
        ("contacts.1.to", "harbour", "contacts.1.to"),
        ("hours.rules", "sometimes", "hours.rules"),
        ("contacts.0.hours.rules", "Mo-Fr 25:00-26:00", "contacts.0.hours.rules"),
        ("hours.closed.0.to", "2026-12-01", "hours.closed.0.from"),
        ("hours.closed.0.from", "soon", "hours.closed.0.from"),
        ("source.date", "last week", "source.date"),
        ("source.url", "", "source.url"),
        ("priority", "ten", "priority"),
        ("capacity.as_of", "2026-11-20", "capacity.as_of"),
        ("languages", "Elfish", "languages"),
        ("languages", "", "languages"),
        ("area.other", "UA-99", "area"),
        ("windows", "medical.pep soon", "windows"),
        ("windows", "medicine 3", "windows"),
        ("summary.en", "x" * 281, "summary.en"),
        ("address.city", "", "address.city"),
        ("status", "open", "status"),
    ],
)
def test_a_fault_stands_beside_the_field_that_has_it(
    name: str, typed: str, blamed: str | None
) -> None:
    form = sent({**begun(FULL).fields, name: typed}, FULL, CODES)
    assert {fault.field for fault in form.faults} == ({blamed} if blamed else set())
    assert form(name) == typed


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("044 000-00-01", "+380440000001"),
        ("+380 (44) 000 00 01", "+380440000001"),
        ("00380440000001", "+380440000001"),
        ("+٣٨٠٤٤٠٠٠٠٠٠١", "+380440000001"),
        ("15 47", "1547"),
        ("ask inside", "ask inside"),
    ],
)
def test_a_number_is_taken_as_people_write_it(typed: str, kept: str) -> None:
    assert number_typed(typed, "UA") == kept


def test_hours_and_languages_are_taken_as_people_write_them() -> None:
    fields = {**begun(content()).fields, "hours.rules": "Пн–Пт 9–18", "hours.printed": ""}
    raw = content_of({**fields, "languages": "Ukrainian, російська, en"}, content())
    assert raw["hours"] == {"printed": "Пн–Пт 9–18", "rules": "Mo-Fr 09:00-18:00"}
    assert raw["languages"] == ["uk", "ru", "en"]


def test_contacts_are_added_moved_and_taken_out_with_all_they_say() -> None:
    form = pressed(begun(content()), "up:contacts.1")
    moved = sent(form.fields, content(), CODES).content
    assert moved is not None
    assert moved["contacts"] == content()["contacts"][::-1]
    less = sent(pressed(form, "remove:contacts.0").fields, content(), CODES).content
    assert less is not None
    assert less["contacts"] == content()["contacts"][:1]
    more = pressed(form, "add:contacts")
    assert more.numbers() == (0, 1, 2)
    assert sent(more.fields, content(), CODES).fault("contacts.2.to")
    closed = pressed(form, "add:contacts.0.hours.closed")
    assert closed.numbers("contacts.0.hours") == (0,)
    assert pressed(form, "remove:names").fields.keys() < form.fields.keys()
    assert pressed(form, "explode:contacts").fields == form.fields


def test_the_first_need_is_the_one_that_is_said_to_be() -> None:
    said = content(needs=["medical", "legal"])
    made = sent({**begun(said).fields, "needs.first": "legal"}, said, CODES).content
    assert made is not None
    assert made["needs"] == ["legal", "medical"]


def test_every_doubt_is_among_the_words_to_translate() -> None:
    assert set(DOUBTS) == set(SAID.values())


def test_fields_have_names_that_people_say() -> None:
    other = content(contacts=[{"kind": "phone", "number": "+380440000002"}])
    said = {field_words(change.field, str) for change in changes(content(), other)}
    assert "phone 1: number" in said
    assert form_field("contacts[web 1].url", content()) == "contacts.1.to"
    assert form_field("names.uk", content()) == "names.uk"
    assert field_words("contacts.1.to", str) == "contact 2: number or address"

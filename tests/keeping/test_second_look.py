"""No one person can lead survivors to another number, page or door, however it is written."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from referral_directory.keeping import changes, needs_second
from tests.keeping.helpers import PHONE, SECOND_PHONE, content
from tests.often import often

MINE = PHONE | {"label": {"en": "For women"}}
YOURS = SECOND_PHONE | {"label": {"en": "For men"}}


def edited(contact: dict[str, Any], **given: Any) -> tuple[str, ...]:
    return needs_second(content(contacts=[contact]), content(contacts=[contact | given]))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("number", "+380440000003"),
        ("shown", "044 000 00 03"),
        ("country", "PL"),
        ("visibility", "operator_only"),
        ("confidence", "unverified"),
        ("label", {"en": "For men"}),
    ],
)
def test_a_change_of_what_is_dialled_needs_a_second_person(field: str, value: object) -> None:
    (named,) = {name.removesuffix(".en") for name in edited(MINE, **{field: value})}

    assert named == f"contacts[phone 1].{field}"


@pytest.mark.parametrize(
    "given",
    [
        {"status": "temporarily_closed"},
        {"vetting": "vetted"},
        {"visibility": "operator_only"},
        {"confidence": "unverified"},
        {"occupied": "yes"},
        {"reports_to_police": "no"},
        {"run_by": "police"},
        {"address": {"line": "Example street 1", "city": "Kharkiv"}},
        {"source": {"url": "https://example.org/other", "date": "2026-05"}},
    ],
)
def test_a_change_of_what_may_be_shown_needs_a_second_person(given: dict[str, Any]) -> None:
    (field,) = given

    named = needs_second(content(), content(**given))

    assert named
    assert all(name.split(".")[0] == field for name in named)


def test_opening_an_address_that_was_kept_back_needs_a_second_person() -> None:
    kept = {"line": "Example street 1", "city": "Kharkiv", "visibility": "coordinator_only"}
    shown = kept | {"visibility": "public"}

    assert needs_second(content(address=kept), content(address=shown)) == ("address.visibility",)


@pytest.mark.parametrize(
    "given",
    [
        {"hours": {"printed": "Mon-Fri 9-18, Sat 10:00–15:30", "rules": "Mo-Fr 09:00-18:00"}},
        {"hours": {"printed": "24/7", "rules": "24/7"}},
        {"hours": {"printed": "by day", "closed": [{"from": "2026-12-24", "to": "2027-01-02"}]}},
        {"summary": {"en": "Someone answers you, 24/7.", "uk": "Вам відповідять."}},
        {"summary": {"en": "For people of 18 and older.", "uk": "Від 18 років."}},
        {"names": {"en": "A quieter place", "uk": "Тихе місце"}},
        {"needs": ["legal.advice", "psychosocial"], "languages": ["uk", "en"], "area": ["UA"]},
        {"who": {"woman": "yes", "under18": "no"}, "cost": "free", "no_id": "yes"},
        {"windows": {"medical.pep": 72}, "priority": 3},
        {"capacity": {"state": "full", "as_of": "2026-11-23T10:00+02:00"}},
    ],
)
def test_hours_words_and_whom_it_receives_can_be_mended_alone(given: dict[str, Any]) -> None:
    assert needs_second(content(), content(**given)) == ()


def test_the_first_publication_needs_a_second_person_for_every_field() -> None:
    listing = content()

    assert set(needs_second(None, listing)) == {change.field for change in changes(None, listing)}


def test_two_numbers_that_change_places_are_named_like_a_changed_number() -> None:
    before = content(contacts=[PHONE, SECOND_PHONE])
    after = content(contacts=[SECOND_PHONE, PHONE])

    assert needs_second(before, after) == ("contacts.order",)


def test_words_that_change_places_between_numbers_are_named_like_changed_numbers() -> None:
    swapped = [MINE | {"label": YOURS["label"]}, YOURS | {"label": MINE["label"]}]

    named = needs_second(content(contacts=[MINE, YOURS]), content(contacts=swapped))

    assert named == ("contacts[phone 1].label.en", "contacts[phone 2].label.en")


def test_a_call_that_becomes_a_message_is_a_contact_gone_and_one_come() -> None:
    after = content(contacts=[PHONE | {"kind": "sms"}])

    named = needs_second(content(contacts=[PHONE]), after)

    assert named == ("contacts[sms 1]", "contacts[phone 1]")


REACHING = ("kind", "number", "shown", "url", "email", "country", "visibility", "label")
CONTACTS = st.lists(
    st.one_of(
        st.fixed_dictionaries(
            {
                "kind": st.sampled_from(["phone", "sms", "whatsapp"]),
                "number": st.sampled_from([f"+38044000000{n}" for n in range(4)]),
            },
            optional={
                "shown": st.sampled_from(["044 000 00 00", "044 000 00 01"]),
                "country": st.sampled_from(["UA", "PL"]),
                "visibility": st.sampled_from(["public", "operator_only"]),
                "label": st.sampled_from([{"en": "For women"}, {"en": "For men"}]),
                "free": st.sampled_from(["yes", "no"]),
            },
        ),
        st.fixed_dictionaries(
            {
                "kind": st.sampled_from(["web", "chat"]),
                "url": st.sampled_from(["https://example.org/a", "https://example.org/b"]),
            }
        ),
    ),
    max_size=4,
)


@given(before=CONTACTS, after=CONTACTS)
@settings(max_examples=often(200), deadline=None)
def test_no_list_of_contacts_leads_elsewhere_without_being_named(
    before: list[dict[str, Any]], after: list[dict[str, Any]]
) -> None:
    def leads(contacts: list[dict[str, Any]]) -> list[list[Any]]:
        return [[contact.get(name) for name in REACHING] for contact in contacts]

    named = needs_second({"contacts": before}, {"contacts": after})

    # The order between kinds that nobody can confuse is told as well, so it is one list.
    assert bool(named) == (leads(before) != leads(after))


FIRST_DIGITS = "0٠۰०๐０𝟎𝟘𝟶"
GAPS = (
    "",
    "\u200b\u2060\u202e\u200d\u200b",
    " ",
    "-",
    "·",
    ") (",
    " / ",
    "x",
    "\u200b",
    "\u2060",
    "\u202e",
    "\ufe0f\u20e3",
    " a ",
)


@given(
    digits=st.text("0123456789", min_size=3, max_size=12),
    zero=st.sampled_from(FIRST_DIGITS),
    gap=st.sampled_from(GAPS),
    field=st.sampled_from(["summary", "names", "organization", "notes"]),
    before=st.sampled_from(["Someone answers. ", "За номером ", "اتصل "]),
)
@settings(max_examples=often(200), deadline=None)
def test_a_number_hidden_in_words_is_named_in_any_digits_and_with_anything_between(
    digits: str, zero: str, gap: str, field: str, before: str
) -> None:
    hidden = before + gap.join(chr(ord(zero) + int(digit)) for digit in digits)
    old: dict[str, Any] = {field: {"en": before}} if field != "notes" else {"notes": before}
    new: dict[str, Any] = {field: {"en": hidden}} if field != "notes" else {"notes": hidden}

    assert len(needs_second(old, new)) == 1


@pytest.mark.parametrize(
    "words",
    [
        "Call zero eight hundred one two three.",
        "Телефон: нуль, вісім, нуль, нуль, п'ять.",
        "Позвоните восемь девять ноль ноль.",
        "Press ①②③.",
        "Its sign is 0 and then, somewhere else, 8, and far away 0 and at last 4, with 4 and 2.",
        "See example.org/help.",
        "See example。org",
        "See example (dot) org",
        "See example . org",
        "See example dot org now",
        "Write to help @ example",
        "Write to help＠example",
        "Write to help (at) example",
        "Open tg://resolve?domain=someone",
        "Пишіть на t.me/someone",
        "Адреса: приклад.укр",
    ],
)
def test_an_address_hidden_in_words_is_named(words: str) -> None:
    before = content(summary={"en": "Someone answers."})

    assert needs_second(before, content(summary={"en": words})) == ("summary.en",)


def test_a_number_hidden_in_the_reason_of_a_closure_or_in_printed_hours_is_named() -> None:
    closed = {"from": "2026-12-24", "to": "2027-01-02", "reason": {"en": "Call 0440000003"}}
    before = content(hours={"printed": "by day"})

    assert needs_second(before, content(hours={"printed": "by day", "closed": [closed]}))
    assert needs_second(before, content(hours={"printed": "by day, 044 000 00 03"}))
    assert needs_second(before, content(hours={"printed": "by day, 044-10-20"}))


@pytest.mark.parametrize(
    "given",
    [
        {"carried": {"date": "call 044 000 00 03"}},
        {"carried": {"hours": {"rules": "call 044 000 00 03"}}},
        {"accepted": {"state": "call 044 000 00 03"}},
        {"notes": "call 044 000 00 03"},
        {"pair": "044-000-00-03"},
        {"also": ["https://example.net"]},
    ],
)
def test_a_number_does_not_hide_in_what_is_kept_beside_the_listing(given: dict[str, Any]) -> None:
    assert len(needs_second(content(), content(**given))) == 1


def test_a_number_that_stood_in_the_text_before_is_not_new() -> None:
    before = content(summary={"en": "Call 044 000 00 01, someone answers."})
    after = content(summary={"en": "Someone answers: call 044 000-00-01!"})

    assert needs_second(before, after) == ()

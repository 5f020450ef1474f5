"""An address that is not what it looks like is flagged to who approves it."""

from datetime import date
from typing import Any

import pytest

from referral_directory import load_packs
from referral_directory.keeping import doubts
from referral_directory.loading import packs_in
from tests.keeping.helpers import PHONE, SITE, content

TODAY = date(2026, 11, 23)


def found(country: str = "UA", **given: Any) -> set[tuple[str, str]]:
    return {(one.field, one.code) for one in doubts(content(**given), country, TODAY)}


def of_url(url: str) -> set[str]:
    # As it comes from outside: such an address need not pass the shape of a listing.
    contact = SITE | {"url": url}
    return {one.code for one in doubts(content() | {"contacts": [contact]}, "UA")}


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("https://ехample.org", "mixed_scripts"),  # the first two are Cyrillic
        ("https://ехамрӏе.org", "mixed_scripts"),  # a Cyrillic name under a Latin end
        ("https://сосо.org", "look_alike"),  # all of it Cyrillic
        ("https://οινο.org", "look_alike"),  # all of it Greek
        ("https://exɑmple.org", "look_alike"),  # a letter of phonetics
        ("https://exаmple.xn--p1ai", "mixed_scripts"),
        ("https://xn--80ak6aa92e.com", "look_alike"),
        ("https://xn--exmple-4nf.org", "punycode"),
        ("https://example.org/\u202egro.elpmaxe", "unseen"),
        ("https://exam\u200bple.org", "unseen"),
        ("https://example.org/%E2%80%AEgro", "unseen"),
        ("https://example.org/%25E2%2580%25AEgro", "unseen"),
        ("https://ｅxample.org", "full_width"),
        ("https://example.org/٠٨٠٠", "other_digits"),
        ("https://example.org@evil.example", "user_in_url"),
        ("https://example.org%40evil.example", "user_in_url"),
        ("https://example.org\\@evil.example", "user_in_url"),
        ("https://192.0.2.7/help", "bare_address"),
        ("https://3221225991/help", "bare_address"),
        ("https://0xc0.0x0.0x2.0x7/", "bare_address"),
        ("https://[2001:db8::1]/", "bare_address"),
        ("https://localhost/", "not_public"),
        ("https://files.internal/", "not_public"),
        ("https://bit.ly/help", "shortener"),
        ("https://www.tinyurl.com/help", "shortener"),
        ("https://example.org:8443/", "odd_port"),
        ("http://example.org/", "not_https"),
        ("example", "unreadable_url"),
    ],
)
def test_a_page_that_is_not_where_it_seems_to_be_is_flagged(url: str, code: str) -> None:
    assert code in of_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/help?what=legal#top",
        "https://приклад.укр/допомога",
        "https://t.me/example_help",
        "https://example.org:443/@example",
        "https://ärzte.example/über-uns",
        "https://مثال.إختبار/مساعدة",
    ],
)
def test_an_honest_page_in_any_one_script_is_not(url: str) -> None:
    assert of_url(url) == set()


@pytest.mark.parametrize(
    ("email", "code"),
    [
        ("hеlp@example.org", "mixed_scripts"),
        ("help@ехample.org", "mixed_scripts"),
        ("help@сосо.org", "look_alike"),
        ("help\u200d@example.org", "unseen"),
        ("help@１example.org", "full_width"),
    ],
)
def test_a_box_that_belongs_to_somebody_else_is_flagged(email: str, code: str) -> None:
    contact = {"kind": "email", "email": email}

    assert ("contacts[email 1].email", code) in found(contacts=[contact])


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"number": "+380440000001", "shown": "044 000 00 0\u200b1"}, "unseen"),
        ({"number": "+380440000001", "shown": "\u202e10 00 000 440"}, "unseen"),
        ({"number": "+380440000001", "shown": "О44 OOO 00 01"}, "mixed_scripts"),
        ({"number": "+380440000001", "shown": "044 000 00 ０1"}, "full_width"),
        ({"number": "+380440000001", "shown": "٠٤٤ ٠٠٠ ٠٠ ٠١"}, "other_digits"),
        ({"number": "+380440000001", "shown": "044 000 00 02"}, "shown_differs"),
        ({"number": "+380900300001"}, "premium_rate"),
        ({"number": "+12025550123"}, "other_country"),
        ({"number": "+38044000"}, "number"),
        ({"number": "116123", "abroad": "yes"}, "short_abroad"),
    ],
)
def test_a_number_that_is_not_what_it_seems_is_flagged(given: dict[str, str], code: str) -> None:
    codes = {one for _, one in found(contacts=[{"kind": "phone"} | given])}

    assert code in codes


def test_an_honest_number_is_not_flagged() -> None:
    right = {"kind": "phone", "number": "+380441234567", "shown": "044 123 45 67"}
    polish = {"kind": "phone", "number": "+48221234567", "country": "PL"}

    assert found(contacts=[right, polish, {"kind": "phone", "number": "116123"}]) == set()
    assert found("INT", contacts=[{"kind": "phone", "number": "+41227301111"}]) == set()


@pytest.mark.parametrize("field", ["names", "organization", "summary"])
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Тихе мiсце", "mixed_scripts"),
        ("Тихе\u202e місце", "unseen"),
        ("Тихе місце ٣", "other_digits"),
    ],
)
def test_words_with_letters_of_another_script_within_are_flagged(
    field: str, text: str, code: str
) -> None:
    given: dict[str, Any] = {field: {"en": "A quiet place", "uk": text}}

    assert (f"{field}.uk", code) in found(**given)


def test_a_latin_name_in_a_ukrainian_sentence_is_no_doubt() -> None:
    assert found(names={"en": "A place", "uk": "Центр «La Strada»"}, contacts=[SITE]) == set()


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("uk", "Someone answers."),
        ("uk", "Somebody listens, nobody asks questions"),
        ("fr", "You are welcome and nobody asks"),
        ("ar", "Somebody listens, nobody asks questions"),
    ],
)
def test_a_text_in_another_language_than_it_says_is_flagged(language: str, text: str) -> None:
    summary = {"en": "Someone answers.", language: text}

    assert (f"summary.{language}", "other_language") in found(summary=summary)


def test_days_that_ran_out_are_flagged_when_a_day_is_given() -> None:
    hours = {
        "printed": "by day",
        "closed": [
            {"from": "2026-08-01", "to": "2026-08-31"},
            {"from": "2026-12-01", "to": "2026-12-02"},
            {"from": "2027-08-01", "to": "2027-08-31"},
        ],
    }
    source = {"url": "https://example.org", "date": "2027-01"}
    listing = content(hours=hours, source=source, contacts=[SITE])

    codes = {one.code for one in doubts(listing, "UA", TODAY)}

    assert codes == {"closure_past", "closure_soon", "date_to_come"}
    assert doubts(listing, "UA") == ()


def test_every_doubt_says_where_and_what_and_keeps_the_rest_to_itself() -> None:
    (one,) = doubts(content(contacts=[PHONE | {"number": "+380900300001"}]), "UA")

    assert one.field == "contacts[phone 1].number"
    assert "bill" in one.said
    assert "900300001" not in repr(one)


def test_the_country_packs_hold_no_address_that_is_not_what_it_seems() -> None:
    quiet = {"not_https", "number"}  # each known: the pack says why
    directory = load_packs(countries=packs_in())

    flagged = [
        (name, one.field, one.code)
        for name, entry in directory.entries.items()
        for one in doubts(
            entry.written.model_dump(mode="json", exclude_defaults=True, by_alias=True),
            entry.country.country,
        )
        if one.code not in quiet
    ]

    assert flagged == []

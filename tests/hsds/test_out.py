"""A listing as HSDS: valid, and never more than the public may know."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from referral_directory.exchange.hsds import Facts, NotPublic, service_from
from referral_directory.exchange.hsds_book import may_be_served
from referral_directory.exchange.hsds_lists import service_base
from referral_directory.exchange.hsds_out import list_record
from referral_directory.listing import withheld
from referral_directory.pack import ListingShape
from tests.hsds.helpers import (
    TODAY,
    book,
    contents,
    directory,
    facts,
    faults_of,
    listing,
)


def out(content: dict[str, Any], today: date = TODAY, **said: Any) -> dict[str, Any]:
    return service_from("ua-harbour", content, Facts(**{"country": "UA"} | said), book(), today)


def test_every_public_listing_of_the_packs_is_a_valid_service() -> None:
    seen = 0
    for name, content in contents().items():
        try:
            record = service_from(name, content, facts(name), book(), TODAY)
        except NotPublic:
            continue
        assert faults_of("service", record) == [], name
        listed = list_record(name, content, facts(name), TODAY)
        assert listed == service_base(record)
        assert faults_of("service_list", listed) == [], name
        seen += 1
    assert seen > 150


@pytest.mark.parametrize(
    "said",
    [
        {"visibility": "operator_only"},
        {"visibility": "never_export"},
        {"vetting": "refused"},
        {"vetting": "suspended"},
        {"confidence": "unverified"},
    ],
)
def test_a_listing_that_is_not_public_never_leaves_the_house(said: dict[str, Any]) -> None:
    with pytest.raises(NotPublic):
        out(listing(**said))


def test_nothing_that_only_staff_may_know_is_in_a_record() -> None:
    record = out(
        listing(
            contacts=[
                {"kind": "phone", "number": "+380440000001"},
                {"kind": "phone", "number": "+380440000002", "visibility": "operator_only"},
                {"kind": "email", "email": "inside@example.org", "visibility": "never_export"},
                {"kind": "phone", "number": "+380440000003", "confidence": "unverified"},
                {"kind": "phone", "number": "+380440000001", "notes": "SECRET"},
            ],
            address={
                "line": "1 Hidden Lane",
                "city": "Kyiv",
                "region": "Kyiv",
                "postal_code": "01001",
                "visibility": "operator_only",
            },
            needs=["shelter.safehouse", "lgbt", "legal.advice"],
            who={"lgbtqi": "yes", "woman": "yes"},
            welcomes=["lgbtqi"],
            vetting="vetted",
            run_by="police",
            reports_to_police="yes",
            notes="SECRET",
            accepted={"hours": "SECRET"},
            also=["https://secret.example.org"],
            priority=7,
            pair="SECRET",
        )
    )
    said = json.dumps(record, ensure_ascii=False).lower()
    hidden = ("0000002", "0000003", "inside@", "hidden lane", "secret", "vett", "police", "lgbt")
    assert [word for word in (*hidden, "safehouse", "metadata", "01001") if word in said] == []
    needs = [a["taxonomy_term"]["code"] for a in record["attributes"] if a["link_type"] == "need"]
    assert needs == ["shelter", "legal.advice"]


def test_an_address_is_given_only_when_it_is_known_whole() -> None:
    whole = {"line": "1 Example St", "city": "Kyiv", "region": "Kyiv", "postal_code": "01001"}
    at = out(listing(address=whole))["service_at_locations"][0]["location"]
    assert at["location_type"] == "physical"
    assert at["addresses"][0]["country"] == "UA"
    assert faults_of("service", out(listing(address=whole))) == []
    for missing in ("region", "postal_code"):
        part = {key: value for key, value in whole.items() if key != missing}
        at = out(listing(address=part))["service_at_locations"][0]["location"]
        assert at["location_type"] == "virtual"
        assert "addresses" not in at


def test_a_night_shift_and_the_clock_of_the_day_are_told() -> None:
    content = listing(
        hours={"printed": "Weekdays, nights", "rules": "Mo-Fr 20:00-06:00", "holidays": "closed"}
    )
    winter = out(content)["schedules"]
    assert [(one["byday"], one["opens_at"], one["closes_at"]) for one in winter] == [
        ("MO,TU,WE,TH,FR", "20:00", "06:00")
    ]
    assert winter[0]["timezone"] == 2
    assert "Closed on public holidays." in winter[0]["notes"]
    assert out(content, date(2026, 7, 1))["schedules"][0]["timezone"] == 3
    always = out(listing(hours={"printed": "24/7", "rules": "24/7"}))["schedules"]
    assert [(one["opens_at"], one["closes_at"]) for one in always] == [("00:00", "23:59")]


def test_hours_that_are_not_clear_are_given_in_words_alone() -> None:
    schedule = out(listing(hours={"printed": "Mornings, call first"}))["schedules"][0]
    assert schedule["description"] == "Mornings, call first"
    assert "freq" not in schedule


def test_a_check_a_closure_and_an_old_listing_are_said() -> None:
    closed = [{"from": "2026-12-24", "to": "2027-01-02", "reason": {"en": "Holidays"}}]
    content = listing(hours={"printed": "9-18", "rules": "Mo-Fr 09:00-18:00", "closed": closed})
    record = out(
        content,
        confirmed_on=date(2026, 5, 1),
        stale=True,
        changed=datetime(2026, 11, 1, 12, tzinfo=UTC),
    )
    assert record["assured_date"] == "2026-05-01"
    assert record["last_modified"] == "2026-11-01T12:00:00Z"
    assert "Closed from 2026-12-24 to 2027-01-02: Holidays." in record["alert"]
    assert "Not confirmed since 2026-05-01" in record["alert"]
    assert faults_of("service", record) == []
    assert "alert" not in out(content, date(2027, 2, 1))
    assert "assured_date" not in out(content)


def test_messengers_and_letters_beyond_the_latin_ones_are_given_as_addresses() -> None:
    record = out(
        listing(
            contacts=[
                {"kind": "web", "url": "https://приклад.example.org/допомога?а=б"},
                {"kind": "telegram", "url": "https://t.me/example_bot", "label": {"en": "Bot"}},
                {"kind": "whatsapp", "number": "+380500000001"},
                {"kind": "email", "email": "one@example.org"},
                {"kind": "email", "email": "two@example.org", "label": {"en": "Reception"}},
            ]
        )
    )
    assert faults_of("service", record) == []
    assert record["url"].startswith("https://xn--")
    assert record["additional_urls"][0]["label"] == "Telegram: Bot"
    assert (record["phones"][0]["type"], record["phones"][0]["description"]) == (
        "text",
        "WhatsApp.",
    )
    assert record["email"] == "one@example.org"
    assert record["contacts"][0]["email"] == "two@example.org"
    assert "name" not in record["contacts"][0]


def test_ids_are_the_same_tomorrow_and_one_organisation_has_one() -> None:
    first, second = out(listing()), out(listing(), date(2027, 7, 1))
    assert first == second
    other = out(listing(organization={"en": "harbour  foundation"}))
    assert other["organization"]["id"] == first["organization"]["id"]


def test_partners_are_given_what_people_are_shown() -> None:
    entries = directory().entries
    served = {name for name, entry in entries.items() if withheld(entry.written) is None}
    assert {name for name, content in contents().items() if may_be_served(content)} == served
    cases: tuple[dict[str, Any], ...] = (
        {"status": "planned"},
        {"visibility": "after_consent"},
        {"vetting": "refused"},
        {"source": None},
        {"contacts": []},
        {"contacts": [{"kind": "email", "email": "a@example.org", "confidence": "unverified"}]},
        {"contacts": [{"kind": "email", "email": "a@example.org", "visibility": "never_export"}]},
    )
    for said in cases:
        content = listing(**said)
        assert withheld(ListingShape.model_validate(content)) is not None
        assert not may_be_served(content)

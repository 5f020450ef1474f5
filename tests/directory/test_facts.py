"""Every pack against the facts it was written from: it adds no number, address, hour or source."""

import json
import os
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from referral_directory import PACKS, Directory, load_packs, packs_in
from referral_directory.listing import servable, withheld
from referral_directory.pack import ContactShape, ListingShape, SourceShape

FACTS = Path(__file__).resolve().parents[3] / "shared" / "facts"
CODES = packs_in(PACKS)
ALWAYS = re.compile(r"24/7|24-hour|day and night|round the clock|around the clock|цілодобово")
TIMES = re.compile(r"(?<![\d+.])(\d{1,2})(?::(\d{2}))?(?![\d.])")


@pytest.fixture(params=CODES)
def code(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@cache
def directory(code: str) -> Directory:
    return load_packs(countries=(code,))


def served(code: str) -> dict[str, ListingShape]:
    """The listings that could be served, by id."""
    entries = directory(code).entries
    return {name: one.written for name, one in entries.items() if withheld(one.written) is None}


def contacts(code: str) -> list[tuple[str, ListingShape, ContactShape]]:
    return [
        (name, written, contact)
        for name, written in served(code).items()
        for contact in written.contacts
        if servable(contact, written)
    ]


@cache
def facts(code: str) -> dict[str, Any]:
    """The records of a pack, by the id that the pack gives them."""
    path = FACTS / f"{code}.json"
    if not path.exists() and not os.environ.get("CI"):
        pytest.skip("../shared/facts is not here to compare with")
    records = json.loads(path.read_text(encoding="utf-8"))
    return {record["id"].replace("_", "-"): record for record in records}


def said(code: str) -> str:
    """All that the facts say of a pack, with the corrections to them, as one text."""
    corrections = (FACTS / "CORRECTIONS.md").read_text(encoding="utf-8")
    return json.dumps(facts(code), ensure_ascii=False) + corrections


def record_text(code: str, name: str, contact: ContactShape | None = None) -> str:
    """What the record of a listing says, and the records that have the number of a contact."""
    own = facts(code).get(name)
    records = [own] if own else []
    if contact is not None and contact.number is not None:
        number = forms(contact.number)
        records += [one for one in facts(code).values() if number & digits_of(one)]
    return json.dumps(records, ensure_ascii=False)


def digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def digits_of(record: dict[str, Any]) -> set[str]:
    found = {digits(phone["number"]) for phone in record["phones"]}
    for one in record["messengers"]:
        words = one if isinstance(one, str) else one["handle"]
        found |= {digits(number) for number in re.findall(r"\+?[\d -]{9,18}", words)}
    return found


def bare(address: str) -> str:
    """An address without its scheme, as a text names it."""
    return address.partition("://")[2].rstrip("/")


def forms(number: str) -> set[str]:
    """The digits of a number, as a page of another country or of its own prints them."""
    whole = digits(number)
    national = whole.removeprefix("57")
    return {whole, national, f"0{national}"}


def minutes(text: str) -> set[int]:
    """Every time of day in a text, as minutes: `9`, `09:00`."""
    return {int(hour) * 60 + int(minute or 0) for hour, minute in TIMES.findall(text)}


def test_every_record_is_in_its_pack(code: str) -> None:
    assert set(facts(code)) <= set(directory(code).entries)


def test_every_number_that_is_shown_is_a_number_of_the_facts_that_is_not_unverified(
    code: str,
) -> None:
    good: set[str] = set(re.findall(r"\d{9,14}", said("co"))) if code == "co" else set()
    for record in facts(code).values():
        unsure = {digits(one["number"]) for one in record["phones"] if one.get("unverified")}
        good |= set() if record["unverified"] else digits_of(record) - unsure
    wrong = [
        (name, contact.number)
        for name, _, contact in contacts(code)
        if contact.number is not None and not forms(contact.number) & good
    ]
    assert wrong == []


def test_every_number_without_a_source_of_its_own_is_of_its_own_record(code: str) -> None:
    borrowed = [
        (name, contact.number)
        for name, _, contact in contacts(code)
        if contact.number is not None and contact.source is None and name in facts(code)
        if not any(one in digits(record_text(code, name)) for one in forms(contact.number))
    ]
    assert borrowed == []


def test_every_address_that_is_shown_is_in_the_facts(code: str) -> None:
    text = said(code)
    wrong = []
    for name, _, contact in contacts(code):
        address = contact.url or contact.email
        if address is None:
            continue
        handle = address.rstrip("/").rpartition("/")[2]
        if address.rstrip("/") not in text and f"@{handle}" not in text:
            wrong.append((name, address))
    assert wrong == []


def test_every_source_is_one_that_the_facts_name(code: str) -> None:
    text = said(code)
    wrong = []
    for name, written in served(code).items():
        sources: list[SourceShape | None] = [written.source]
        sources += [one.source for one in written.contacts if servable(one, written)]
        wrong += [(name, one.url) for one in sources if one and bare(one.url) not in text]
    assert wrong == []


def test_no_hour_is_told_that_the_facts_do_not_tell(code: str) -> None:
    wrong = []
    for name, written, contact in contacts(code):
        hours = contact.hours or written.hours
        if hours is None:
            continue
        text = record_text(code, name, contact)
        rules = hours.rules or ""
        if rules.strip() == "24/7":
            fits = bool(ALWAYS.search(text))
        else:
            fits = minutes(rules) <= minutes(text) and minutes(hours.printed) <= minutes(text)
        if not fits:
            wrong.append((name, contact.number, hours.printed, rules))
    assert wrong == []


def test_what_the_facts_call_unverified_is_never_served(code: str) -> None:
    live = directory(code).serving(None)
    for name, record in facts(code).items():
        listing = live.listing(name)
        if record["unverified"] or record["confidence"] == "unverified" or not record["source_url"]:
            assert listing is None, name
        for phone in record["phones"]:
            if phone.get("unverified") and listing is not None:
                shown = {digits(contact.number) for contact in listing.phones}
                assert not any(one.endswith(digits(phone["number"])[-7:]) for one in shown), name


def test_what_is_marked_unverified_in_a_pack_is_never_served(code: str) -> None:
    live = directory(code).serving(None)
    for name, entry in directory(code).entries.items():
        listing = live.listing(name)
        if entry.written.confidence == "unverified" or entry.written.source is None:
            assert listing is None, name
        if listing is not None:
            kept = [one for one in entry.written.contacts if servable(one, entry.written)]
            assert len(listing.contacts) == len(kept)
            assert all(one.source_url for one in listing.contacts)


def test_what_has_to_be_checked_again_says_so(code: str) -> None:
    entries = directory(code).entries
    silent = [
        name
        for name, record in facts(code).items()
        if record.get("needs_recheck") and not entries[name].written.recheck
    ]
    assert silent == []


def test_what_is_general_knowledge_is_not_told_as_read_on_a_page(code: str) -> None:
    entries = directory(code).entries
    told = [
        name
        for name, record in facts(code).items()
        if record["confidence"] != "page" and entries[name].written.confidence == "page"
    ]
    assert told == []

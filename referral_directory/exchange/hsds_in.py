"""A full HSDS service record as a listing, as far as it can be read for certain.

What cannot be read is said and carried, never guessed: hours that are no plain week, a number that
is none. Nothing that comes in is confirmed by coming in.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from referral_directory.exchange.hsds_book import Book
from referral_directory.exchange.hsds_contacts import contacts_from
from referral_directory.exchange.hsds_hours import hours_from
from referral_directory.exchange.hsds_reading import ReadAs, Reading, Said, parts, plain
from referral_directory.exchange.hsds_terms import CONDITIONS, PEOPLE
from referral_directory.exchange.hsds_words import STATUS_IN
from referral_directory.pack import SUMMARY_LENGTH

FALLBACK: Final = "information"
"""The need of a service whose terms mean none of ours."""
_CODE: Final = re.compile(r"[a-z]{2,3}\Z")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_URN: Final = re.compile(r"urn:iso:std:iso:3166:-[12]:([A-Z]{2}(?:-[A-Z0-9]{1,3})?)\Z")
_WEB: Final = re.compile(r"https?://[^\s/]+\.[^\s/]+")


def listing_from(
    record: Mapping[str, Any], book: Book, as_: ReadAs
) -> tuple[dict[str, Any], list[Said]]:
    """The parts of a listing that a record says, and what is to be said of it.

    It is not yet a valid listing: who calls this gives it to `ListingShape`.
    """
    reading = Reading(record, book, as_)
    organization = record.get("organization")
    organization = organization if isinstance(organization, Mapping) else {}
    found: dict[str, Any] = {
        "names": _text(reading, "name", reading.text("name")),
        "organization": _organization(reading, organization),
        "status": STATUS_IN.get(reading.text("status").lower(), "active"),
        "needs": _needs(reading),
        "area": _areas(reading),
        "languages": _languages(reading),
        "summary": _summary(reading),
    }
    contacts, whole = contacts_from(reading, organization)
    found["contacts"] = contacts
    if whole and (hours := hours_from(whole)):
        found["hours"] = hours
        if "rules" not in hours:
            reading.warn(
                "schedules", "The hours are kept in words only.", "Write the hours as rules."
            )
    found |= _people(reading) | _conditions(reading)
    if cost := _cost(reading):
        found["cost"] = cost
    if address := _address(reading, found["needs"]):
        found["address"] = address
    if source := _source(reading, organization):
        found["source"] = source
    else:
        reading.warn(
            "url", "It names no page it was read from.", "Give the source; else nobody sees it."
        )
    return found, reading.said


def _text(reading: Reading, where: str, text: str) -> dict[str, str]:
    """A text with the English that every listing needs."""
    if reading.as_.language == "en" or not text:
        return {"en": text}
    reading.warn(where, "It stands in place of the English text.", "Translate it.")
    return {"en": text, reading.as_.language: text}


def _organization(reading: Reading, organization: Mapping[str, Any]) -> dict[str, str]:
    name = plain(organization.get("name"))
    if not name:
        reading.warn(
            "organization", "It is not named; the service's name stands for it.", "Name it."
        )
        name = reading.text("name")
    return _text(reading, "organization", name)


def _summary(reading: Reading) -> dict[str, str]:
    text = reading.text("description")
    if not text:
        reading.warn("description", "It is empty; the name stands for it.", "Write a summary.")
        text = reading.text("name")
    if len(text) > SUMMARY_LENGTH:
        cut = text[: SUMMARY_LENGTH - 1]
        end = max(cut.rfind(mark) for mark in (". ", "! ", "? "))
        text = cut[: end + 1] if end > SUMMARY_LENGTH // 2 else cut.rpartition(" ")[0] + "…"
        reading.warn("description", "It is shortened to what is read on a phone.", "Read it again.")
    return _text(reading, "description", text)


def _needs(reading: Reading) -> list[str]:
    terms = reading.book.terms
    strange: dict[str, None] = {}
    found: dict[str, None] = {}
    for one in reading.parts("attributes"):
        term = one.get("taxonomy_term")
        if not isinstance(term, Mapping) or one.get("link_type") in _OTHER_LINKS:
            continue
        if need := terms.need_of(term):
            found[need] = None
        elif name := plain(term.get("name")):
            strange[name] = None
    if strange:
        mend = "Choose the needs it meets."
        reading.warn("attributes", f"Terms that mean none of our needs: {len(strange)}.", mend)
    if not found:
        reading.warn("attributes", f"No need is known; '{FALLBACK}' stands for it.", "Choose one.")
        return [FALLBACK]
    return list(found)


_OTHER_LINKS: Final = frozenset({"eligibility", "only", "welcomes", "condition"})


def _areas(reading: Reading) -> list[str]:
    book, country = reading.book, reading.as_.country
    found: dict[str, None] = {}
    for one in reading.parts("service_areas"):
        code = _URN.match(plain(one.get("uri")))
        name = plain(one.get("name")).casefold()
        if code:
            found[code[1]] = None
        elif name in {"outside the country", "international, from any country"}:
            found["abroad" if name.startswith("outside") else "INT"] = None
        elif name in book.place_codes:
            found[book.place_codes[name]] = None
        elif plain(one.get("uri")) in book.places:
            found[plain(one.get("uri"))] = None
        else:
            reading.warn(
                "service_areas",
                f"An area is not known; {country} stands for it.",
                "Choose the area.",
            )
    return list(found) or [country]


def _languages(reading: Reading) -> list[str]:
    codes = [plain(one.get("code")).lower() for one in reading.parts("languages")]
    found = dict.fromkeys(code for code in codes if _CODE.match(code))
    if len(found) < len(set(codes)):
        reading.warn(
            "languages",
            "A language has no code of two or three letters.",
            "Use ISO 639, like 'uk'.",
        )
    return list(found) or list(reading.as_.languages) or [reading.as_.language]


def _people(reading: Reading) -> dict[str, Any]:
    who: dict[str, str] = {}
    low, high = (reading.record.get(key) for key in ("minimum_age", "maximum_age"))
    if isinstance(low, int | float):
        who["under18"] = "no" if low >= 18 else "yes"
    if isinstance(high, int | float):
        who["adult"] = "no" if high < 18 else "yes"
    lists: dict[str, list[str]] = {"only": [], "welcomes": []}
    for code, link, value in _told(reading):
        if code not in PEOPLE:
            continue
        if link == "eligibility" and value in {"yes", "no"}:
            who[code] = value
        elif link in lists and code not in lists[link]:
            lists[link].append(code)
    return {key: value for key, value in {"who": who, **lists}.items() if value}


def _conditions(reading: Reading) -> dict[str, Any]:
    told = {c: v for c, link, v in _told(reading) if link == "condition" and c in CONDITIONS}
    return {code: value for code, value in told.items() if value in {"yes", "no"}}


def _told(reading: Reading) -> Iterator[tuple[str, str, str]]:
    """Code, link and value of every attribute whose term is one of ours."""
    for one in reading.parts("attributes"):
        term = one.get("taxonomy_term")
        if isinstance(term, Mapping) and str(term.get("id", "")) in reading.book.terms.all:
            yield str(term.get("code", "")), str(one.get("link_type", "")), str(one.get("value"))


def _cost(reading: Reading) -> str | None:
    amounts = [one.get("amount") for one in reading.parts("cost_options")]
    known = [one for one in amounts if isinstance(one, int | float)]
    if known:
        return "paid" if any(known) else "free"
    return {"free of charge.": "free", "there is a charge.": "paid"}.get(
        reading.text("fees_description").lower()
    )


def _address(reading: Reading, needs: Sequence[str]) -> dict[str, str] | None:
    found: list[dict[str, str]] = []
    for at in reading.parts("service_at_locations"):
        location = at.get("location")
        if not isinstance(location, Mapping) or location.get("location_type") != "physical":
            continue
        for one in parts(location, "addresses"):
            line, city = plain(one.get("address_1")), plain(one.get("city"))
            if not line or not city:
                continue
            more = plain(one.get("address_2"))
            region = plain(one.get("state_province")) or plain(one.get("region"))
            code = plain(one.get("postal_code"))
            found.append(
                {
                    "line": f"{line}, {more}" if more else line,
                    "city": city,
                    **({"region": region} if region else {}),
                    **({"postal_code": code} if code else {}),
                }
            )
    if not found:
        return None
    if len(found) > 1:
        reading.warn(
            "service_at_locations",
            "There are several addresses; the first is taken.",
            "Choose one.",
        )
    if any(need.partition(".")[0] == "shelter" for need in needs):
        reading.warn("service_at_locations", "The address of a shelter is kept for operators.", "")
        return {**found[0], "visibility": "operator_only"}
    return found[0]


def _source(reading: Reading, organization: Mapping[str, Any]) -> dict[str, str] | None:
    pages = (
        *(reading.as_.source, reading.text("url")),
        *(plain(organization.get(key)) for key in ("website", "uri")),
    )
    page = next((one for one in pages if _WEB.match(one)), None)
    if page is None:
        return None
    days = (_DAY.match(reading.text(key)) for key in ("last_modified", "assured_date"))
    for day in filter(None, days):
        try:
            return {"url": page, "date": date.fromisoformat(day[0]).isoformat()}
        except ValueError:
            continue
    return {"url": page}

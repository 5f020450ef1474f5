"""A listing as a full HSDS 3.1 service record: the public projection and nothing besides.

It never writes `metadata`, a person's name, a note, how an organisation was vetted, or anything
that is not public. An address is written only when all six fields that HSDS asks for are known.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from referral_directory.codes import DIALLED
from referral_directory.exchange.hsds_book import (
    Book,
    Facts,
    address_of,
    as_uri,
    language_name,
    projected,
)
from referral_directory.exchange.hsds_hours import closed_words, instant, schedules_of
from referral_directory.exchange.hsds_ids import organization_id, service_id, uuid_of
from referral_directory.exchange.hsds_terms import told
from referral_directory.exchange.hsds_words import (
    application,
    eligibility,
    phone_words,
    status_of,
    wait_words,
)
from referral_directory.exchange.rows import Content
from referral_directory.listing import CAPACITY_KEPT
from referral_directory.pack import HoursShape, ListingShape

_KIND_NAMES: Final = {
    "telegram": "Telegram",
    "whatsapp": "WhatsApp",
    "viber": "Viber",
    "signal": "Signal",
    "web": "Website",
    "chat": "Web chat",
    "sms": "SMS",
}


def service_record(
    name: str, content: Content, facts: Facts, book: Book, today: date
) -> dict[str, Any]:
    """The full service record of a listing, from what it says itself.

    Raises `NotPublic`, and pydantic's error for content that is no listing.
    """
    written = projected(ListingShape.model_validate(content))
    own = service_id(name, content)
    record = {
        **_one_to_one(own, written, content, facts, today),
        "phones": list(_phones(name, written)),
        "schedules": list(_schedules(name, written, facts.zone or book.zone(facts.country), today)),
        "service_areas": [_area(name, code, book) for code in written.area],
        "service_at_locations": list(_places(name, written, facts)),
        "languages": [_language(name, code) for code in written.languages],
        "cost_options": list(_costs(name, written)),
        "required_documents": list(_papers(name, written)),
        "contacts": list(_further_mail(name, written)),
        "additional_urls": list(_further_urls(name, written)),
        "attributes": list(_attributes(name, own, content, book)),
    }
    return {key: value for key, value in record.items() if value not in (None, [], "")}


def list_record(name: str, content: Content, facts: Facts, today: date) -> dict[str, Any]:
    """A listing as a list of services shows it: what `service_base` leaves of its full record.

    Raises as `service_record`.
    """
    written = projected(ListingShape.model_validate(content))
    record = _one_to_one(service_id(name, content), written, content, facts, today)
    return {key: value for key, value in record.items() if value not in (None, "")}


def organization_record(content: Content) -> dict[str, Any]:
    """The organisation as its listings name it: no list of what it offers."""
    names = content["organization"]
    other = _other_name(names)
    return {
        "id": organization_id(content),
        "name": names["en"],
        **({"alternate_name": other} if other else {}),
        "description": f"{names['en']}: what is known of it stands with its services.",
    }


def _one_to_one(
    own: str, written: ListingShape, content: Content, facts: Facts, today: date
) -> dict[str, Any]:
    head = _head(written, facts, today)
    return {"id": own, **head, "organization": organization_record(content)}


def _head(written: ListingShape, facts: Facts, today: date) -> dict[str, Any]:
    web = next((one.url for one in written.contacts if one.kind == "web" and one.url), None)
    mail = next((one.email for one in written.contacts if one.email), None)
    under18, adult = written.who.under18, written.who.adult
    alert = closed_words(_all_hours(written), today)
    if facts.stale:
        since = f" since {facts.confirmed_on}" if facts.confirmed_on else ""
        alert = f"{alert} Not confirmed{since}: please call before you send anybody.".strip()
    room = written.capacity
    kept = room is not None and (room.as_of + CAPACITY_KEPT).date() > today
    return {
        "name": written.names["en"],
        "alternate_name": _other_name(written.names),
        "description": written.summary["en"],
        "url": as_uri(web) if web else None,
        "email": mail,
        "status": status_of(written.status),
        "interpretation_services": (
            "Through an interpreter: " + ", ".join(map(language_name, written.interpreted)) + "."
            if written.interpreted
            else None
        ),
        "application_process": application(written),
        "fees_description": {"free": "Free of charge.", "paid": "There is a charge."}.get(
            written.cost
        ),
        "wait_time": wait_words(room.state) if room is not None and kept else None,
        "eligibility_description": eligibility(written),
        "minimum_age": 18 if under18 == "no" else None,
        "maximum_age": 17 if adult == "no" else None,
        "assured_date": facts.confirmed_on.isoformat() if facts.confirmed_on else None,
        "alert": alert or None,
        "last_modified": instant(facts.changed) if facts.changed else None,
    }


def _other_name(names: Mapping[str, str]) -> str | None:
    """The name in the language of the place: HSDS has room for one more."""
    return next((text for code, text in names.items() if code != "en" and text), None)


def _phones(name: str, written: ListingShape) -> Iterator[dict[str, Any]]:
    for one in written.contacts:
        if one.number is None:
            continue
        text = one.kind != "phone"
        said = phone_words(one, _KIND_NAMES.get(one.kind, "") if text else "")
        yield {
            "id": uuid_of("phone", name, one.kind, one.number),
            "number": one.number,
            "type": "text" if text else "voice",
            **({"description": said} if said else {}),
            **(
                {"languages": [_language(name, code, one.number) for code in one.languages]}
                if one.languages
                else {}
            ),
        }


def _further_urls(name: str, written: ListingShape) -> Iterator[dict[str, Any]]:
    urls = [one for one in written.contacts if one.url]
    first = next((one for one in urls if one.kind == "web"), None)
    for one in urls:
        uri = as_uri(one.url or "")
        if one is first or uri is None:
            continue
        kind = _KIND_NAMES.get(one.kind, one.kind)
        label = one.label.get("en", "")
        yield {
            "id": uuid_of("url", name, one.kind, one.url or ""),
            "label": f"{kind}: {label}" if label else kind,
            "url": uri,
        }


def _further_mail(name: str, written: ListingShape) -> Iterator[dict[str, Any]]:
    """Further e-mail addresses, as contacts without a person."""
    mails = [one for one in written.contacts if one.email]
    for one in mails[1:]:
        title = one.label.get("en", "")
        yield {
            "id": uuid_of("contact", name, one.email or ""),
            **({"department": title} if title else {}),
            "email": one.email,
        }


def _all_hours(written: ListingShape) -> Iterator[HoursShape]:
    if written.hours:
        yield written.hours
    yield from (one.hours for one in written.contacts if one.hours)


def _schedules(
    name: str, written: ListingShape, zone: str, today: date
) -> Iterator[dict[str, Any]]:
    if written.hours:
        yield from schedules_of(name, written.hours, zone, today)
    for one in written.contacts:
        if one.hours and one.hours != written.hours:
            yield from schedules_of(name, one.hours, zone, today, of=address_of(one))


def _area(name: str, code: str, book: Book) -> dict[str, Any]:
    said = {"abroad": "Outside the country", "INT": "International, from any country"}
    names = book.places.get(code, {})
    title = said.get(code) or names.get("en") or next(iter(names.values()), code)
    area = {"id": uuid_of("area", name, code), "name": title}
    if code in said:
        return area
    part = 2 if "-" in code else 1
    return area | {"uri": f"urn:iso:std:iso:3166:-{part}:{code}"}


def _places(name: str, written: ListingShape, facts: Facts) -> Iterator[dict[str, Any]]:
    address = written.address
    if address is not None and address.region and address.postal_code and len(facts.country) == 2:
        key = ("location", name, address.line, address.postal_code)
        yield _at(
            name,
            {
                "id": uuid_of(*key),
                "location_type": "physical",
                "name": written.names["en"],
                "addresses": [
                    {
                        "id": uuid_of("address", *key),
                        "address_1": address.line,
                        "city": address.city,
                        "state_province": address.region,
                        "postal_code": address.postal_code,
                        "country": facts.country,
                        "address_type": "physical",
                    }
                ],
                **_access(name, written),
            },
        )
    elif written.contacts:
        called = any(one.kind in DIALLED for one in written.contacts)
        yield _at(
            name,
            {
                "id": uuid_of("location", name),
                "location_type": "virtual",
                "name": "By telephone" if called else "Online",
            },
        )


def _at(name: str, location: dict[str, Any]) -> dict[str, Any]:
    return {"id": place_id(name), "location": location}


def place_id(name: str) -> str:
    """The id of the one place of a listing."""
    return uuid_of("service_at_location", name)


def _access(name: str, written: ListingShape) -> dict[str, Any]:
    if written.accessible == "unknown":
        return {}
    words = ("" if written.accessible == "yes" else "Not ") + "accessible with a disability."
    words = words[0].upper() + words[1:].lower()
    return {"accessibility": [{"id": uuid_of("accessibility", name), "description": words}]}


def _language(name: str, code: str, of: str = "") -> dict[str, Any]:
    return {"id": uuid_of("language", name, of, code), "name": language_name(code), "code": code}


def _costs(name: str, written: ListingShape) -> Iterator[dict[str, Any]]:
    if written.cost == "free":
        yield {"id": uuid_of("cost", name), "option": "Free of charge", "amount": 0}


def _papers(name: str, written: ListingShape) -> Iterator[dict[str, Any]]:
    if written.no_id == "no":
        yield {"id": uuid_of("document", name), "document": "Identity papers are asked for."}


def _attributes(name: str, service: str, content: Content, book: Book) -> Iterator[dict[str, Any]]:
    for taxonomy, code, link, value in told(content, book.terms):
        yield {
            "id": uuid_of("attribute", name, taxonomy, code, link),
            "link_id": service,
            "link_type": link,
            "link_entity": "service",
            "value": value,
            "taxonomy_term": book.terms.term(taxonomy, code),
        }

"""Makes a listing that may be shown of one that was written, or says why it may not.

It leaves out every contact that is marked unverified or has no source. Nothing puts such a contact
back.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from referral_directory.codes import DIALLED, Answer
from referral_directory.country import CountryFile
from referral_directory.hours import Closure, Hours, read_rules
from referral_directory.model import Confirmation, Contact, Listing, Need, is_old
from referral_directory.numbers import dial, from_abroad, is_short, shown
from referral_directory.pack import AddressShape, ContactShape, HoursShape, ListingShape

CAPACITY_KEPT: Final = timedelta(hours=72)
"""After this, what was said about room is forgotten."""


def withheld(listing: ListingShape) -> str | None:
    """Why a listing is never served, in English words, or None when it may be."""
    if listing.status != "active":
        return f"its status is '{listing.status}'"
    if listing.vetting in {"suspended", "refused"}:
        return f"its vetting is '{listing.vetting}'"
    if listing.visibility != "public":
        return f"its visibility is '{listing.visibility}'"
    if listing.confidence == "unverified":
        return "it is marked unverified"
    if listing.source is None:
        return "it has no source"
    if not any(servable(contact, listing) for contact in listing.contacts):
        return "it has no contact that may be shown"
    return None


def servable(contact: ContactShape, listing: ListingShape) -> bool:
    """Whether a contact may be shown: public, with a source, and not marked unverified."""
    confidence = contact.confidence or listing.confidence
    public = (contact.visibility or listing.visibility) == "public"
    return public and confidence != "unverified" and (contact.source or listing.source) is not None


def listing_from(
    name: str,
    written: ListingShape,
    country: CountryFile,
    needs: Mapping[str, Need],
    confirmed: Confirmation | None,
    due_on: date | None = None,
) -> Listing:
    """The listing as it is shown. `withheld(written)` is None."""
    if written.source is None:
        raise ValueError("a listing without a source is not shown")
    contacts = [
        _contact(contact, written, country)
        for contact in written.contacts
        if servable(contact, written)
    ]
    capacity = written.capacity
    return Listing(
        id=name,
        country=country.country,
        names=written.names,
        organization=written.organization,
        summary=written.summary,
        needs=written.needs,
        area=written.area,
        occupied=written.occupied == "yes",
        who=written.who.model_dump(),
        only=written.only,
        welcomes=written.welcomes,
        traits={
            "no_police": police_free(written.run_by, written.reports_to_police),
            "anonymous": written.anonymous,
            "no_id": written.no_id,
            "walk_in": written.walk_in,
            "accessible": written.accessible,
        },
        phones=tuple(contact for contact in contacts if contact.kind in DIALLED),
        channels=tuple(contact for contact in contacts if contact.kind not in DIALLED),
        printed=written.hours.printed if written.hours else None,
        cost=written.cost,
        languages=written.languages,
        interpreted=written.interpreted,
        windows={**usual_windows(written.needs, needs), **written.windows},
        run_by=written.run_by,
        priority=written.priority,
        pair=written.pair,
        capacity=(capacity.state, capacity.as_of + CAPACITY_KEPT) if capacity else None,
        source_url=written.source.url,
        source_date=written.source.date,
        source_printed=written.source.printed,
        recheck=written.recheck,
        confirmed=confirmed,
        due_on=due_on,
        address=_address(written.address),
    )


def usual_windows(named: tuple[str, ...], needs: Mapping[str, Need]) -> dict[str, int]:
    """The hours within which these needs are urgent wherever they are met."""
    usual = {code: needs[code].urgent_hours for code in named if code in needs}
    return {code: hours for code, hours in usual.items() if hours}


def police_free(run_by: str, reports_to_police: str) -> Answer:
    """Whether a person who wants no police can go there.

    Not to the police, nor who must tell them.
    """
    if run_by == "police" or reports_to_police == "yes":
        return "no"
    return "yes" if reports_to_police == "no" else "unknown"


def _address(written: AddressShape | None) -> str | None:
    if written is None or written.visibility != "public":
        return None
    town = f"{written.postal_code or ''} {written.city}".strip()
    return ", ".join(part for part in (written.line, town, written.region) if part)


def _contact(contact: ContactShape, listing: ListingShape, country: CountryFile) -> Contact:
    source = contact.source or listing.source
    if source is None:
        raise ValueError("a contact without a source is not shown")
    hours = contact.hours or listing.hours
    return Contact(
        kind=contact.kind,
        number=contact.shown or _shown(contact),
        uri=_uri(contact),
        label=contact.label,
        languages=contact.languages or listing.languages,
        free=contact.free,
        abroad=contact.abroad or from_abroad(contact.kind, contact.number),
        hours=hours_of(hours, country),
        printed=hours.printed if hours else None,
        source_url=source.url,
        source_date=source.date,
        recheck=(contact.recheck if contact.source else listing.recheck) or is_old(source.date),
        country=contact.country or country.country,
        short=contact.number is not None and is_short(contact.number),
        only_there=contact.country not in {None, country.country},
    )


def _shown(contact: ContactShape) -> str:
    if contact.number is not None:
        return shown(contact.number)
    return contact.url or contact.email or ""


def _uri(contact: ContactShape) -> str | None:
    if contact.kind in DIALLED and contact.number is not None:
        return dial(contact.number) if contact.kind == "phone" else None
    if contact.email is not None:
        return f"mailto:{contact.email}"
    return contact.url


def hours_of(hours: HoursShape | None, country: CountryFile) -> Hours:
    """The hours as rules, on the clocks and with the holidays of a country."""
    if hours is None:
        return Hours(None, country.zone)
    shifts = read_rules(hours.rules) if hours.rules is not None else None
    always = hours.rules is not None and hours.rules.strip() == "24/7"
    return Hours(
        shifts=shifts,
        zone=hours.zone or country.zone,
        closures=tuple(
            Closure(closure.first, closure.last, tuple(sorted(closure.reason.items())))
            for closure in hours.closed
        ),
        holidays=hours.holidays or ("as_usual" if always else "unknown"),
        days_off=tuple(holiday.day for holiday in country.holidays),
    )

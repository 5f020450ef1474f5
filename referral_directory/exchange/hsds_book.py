"""What an HSDS record needs besides the listing: the words of the directory, and the day's facts.

It decides whether a listing may leave the house at all. A record or a field that is not public
never does, whoever asks.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import Final
from urllib.parse import quote, urlsplit, urlunsplit

from referral_directory.codes import INTERNATIONAL
from referral_directory.directory import Directory
from referral_directory.exchange.hsds_terms import Terms
from referral_directory.exchange.rows import Content
from referral_directory.listing import servable
from referral_directory.model import Need
from referral_directory.pack import ContactShape, ListingShape

_SAFE: Final = "%/:?#[]@!$&'()*+,;=~-._"
_NO_ZONE: Final = "Etc/UTC"


@dataclass(frozen=True)
class Book:
    """The needs, the places by code with their names, and the clocks of the countries."""

    needs: Mapping[str, Need] = field(repr=False)
    places: Mapping[str, Mapping[str, str]] = field(repr=False)
    zones: Mapping[str, str] = field(repr=False)

    @classmethod
    def of(cls, directory: Directory) -> "Book":
        """What a directory knows."""
        zones = {country.code: country.zone for country in directory.countries}
        return cls(directory.needs, directory.place_names, zones)

    @cached_property
    def terms(self) -> Terms:
        """The taxonomies that partners see."""
        return Terms(self.needs)

    @cached_property
    def place_codes(self) -> Mapping[str, str]:
        """The codes of places by any of their names, case aside."""
        found = {code.casefold(): code for code in self.places}
        for code, names in self.places.items():
            for name in names.values():
                found.setdefault(" ".join(name.split()).casefold(), code)
        return found

    def zone(self, country: str) -> str:
        """The IANA zone of a country; UTC for what is in none."""
        return self.zones.get(country, _NO_ZONE)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a listing besides what it says."""

    country: str = INTERNATIONAL
    """Whose pack it is of: ISO 3166-1 alpha-2, or `INT`."""
    zone: str | None = None
    """Its clocks, when they are not those of the country."""
    confirmed_on: date | None = None
    """The day somebody here checked it; of several parts, the oldest check."""
    stale: bool = False
    """Long overdue for a check: labelled so."""
    changed: datetime | None = None
    """When what is published last changed; aware."""


class NotPublic(ValueError):
    """The listing may not leave the house."""


def may_be_served(content: Content) -> bool:
    """Whether a listing may be seen by anybody: as `listing.withheld`, of a content as it is kept.

    It builds no listing, so that a hundred thousand can be asked.
    """
    if content.get("status", "active") != "active" or not content.get("source"):
        return False
    if content.get("visibility", "public") != "public":
        return False
    if content.get("vetting") in {"suspended", "refused"}:
        return False
    trusted = content.get("confidence") != "unverified"
    return trusted and any(
        (one.get("visibility") or "public") == "public" and one.get("confidence") != "unverified"
        for one in content.get("contacts") or ()
    )


def projected(written: ListingShape) -> ListingShape:
    """The listing with nothing in it that is not public. Raises `NotPublic`."""
    if written.visibility != "public":
        raise NotPublic(f"its visibility is '{written.visibility}'")
    if written.vetting in {"suspended", "refused"}:
        raise NotPublic(f"its vetting is '{written.vetting}'")
    if written.confidence == "unverified":
        raise NotPublic("it is marked unverified")
    contacts = tuple(one for one in written.contacts if servable(one, written))
    address = written.address
    if address is not None and address.visibility != "public":
        address = None
    return written.model_copy(update={"contacts": contacts, "address": address})


def hidden_values(written: ListingShape) -> frozenset[str]:
    """Every number, web address, e-mail and address line of a listing that is not public."""
    shown = written.visibility == "public"
    found = {
        address_of(one)
        for one in written.contacts
        if not shown or (one.visibility or "public") != "public" or not servable(one, written)
    }
    if written.address is not None and not (shown and written.address.visibility == "public"):
        found.add(written.address.line)
    return frozenset(found - {""})


def address_of(contact: ContactShape) -> str:
    """Where a contact leads: its number, web address or e-mail."""
    return contact.number or contact.url or contact.email or ""


@lru_cache(maxsize=1024)
def as_uri(url: str) -> str | None:
    """A web address in the letters that a URI has; None when it cannot be written so."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = f":{parts.port}" if parts.port else ""
    except (ValueError, UnicodeError):
        return None
    if parts.scheme not in {"http", "https"} or not host or "@" in parts.netloc:
        return None
    rest = (quote(part, safe=_SAFE.replace("#", "")) for part in (parts.path, parts.query))
    path, query = rest
    return urlunsplit((parts.scheme, host + port, path, query, quote(parts.fragment, safe="")))


@lru_cache(maxsize=512)
def language_name(code: str) -> str:
    """The English name of a language; its code when it has none here."""
    from babel import Locale  # noqa: PLC0415  (its tables take time; only HSDS needs them)

    return str(Locale("en").languages.get(code, code))

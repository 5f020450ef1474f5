"""A file for those who work where there is no network: signed, dated, and checked without one.

The file is a page that any browser opens. Its last line, a comment, is the signature over every
byte before it, so the words that people read are what was signed. It decides what of a listing may
be in it (a list of fields, nothing besides) and when it is too old. Who signs is handed in.
"""

import json
import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, Literal

from referral_directory.model import Contact, Listing

FORMAT: Final = "quietline-field/1"
VALID_DAYS: Final = 30
"""Hotlines, shelters and clinics are checked every 30 days; a file is not good for longer."""
_PREFIX: Final = b"quietline field file v1\x00"
"""Signed before the bytes, so that no other thing that our keys sign can pass for a file."""
_LAST_LINE: Final = re.compile(
    rb"<!-- quietline-field/1 key=([0-9A-Za-z_-]{1,64}) signature=([0-9A-Za-z+/=]{1,200}) -->\n\Z"
)
_DATA: Final = re.compile(
    rb'<script type="application/json" id="directory">(.*?)</script>', re.DOTALL
)
MOST_BYTES: Final = 20_000_000

Sign = Callable[[bytes], tuple[str, bytes]]
"""`(bytes) → id of the key, signature`."""
Verify = Callable[[str, bytes, bytes], bool]
"""`(id of the key, bytes, signature) → whether it is so`; False for a key that is not known."""
Fault = Literal["not_a_field_file", "not_ours", "too_old", "from_the_future"]
MEND: Final[dict[Fault, str]] = {
    "not_a_field_file": "It is no field file, or its end is missing. Copy the whole file again.",
    "not_ours": "It was changed, or signed with another key. Do not use it; ask for a new one.",
    "too_old": "It is ours and whole, but too old to trust. Ask for a new one.",
    "from_the_future": "Its day is not here yet. Is the clock of this machine right?",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be said of a file."""

    fault: Fault | None
    place: str = ""
    language: str = ""
    made: date | None = None
    until: date | None = None
    listings: int = 0

    @property
    def good(self) -> bool:
        """Ours, whole and not too old."""
        return self.fault is None


def data(
    listings: Iterable[Listing],
    *,
    place: str,
    language: str,
    today: date,
    days: int = VALID_DAYS,
) -> dict[str, Any]:
    """The machine's part of a file: what survivors are shown of these listings, and until when."""
    return {
        "format": FORMAT,
        "place": place,
        "language": language,
        "made": today.isoformat(),
        "until": (today + timedelta(days=days)).isoformat(),
        "listings": [_public(listing) for listing in listings],
    }


def embedded(said: dict[str, Any]) -> str:
    """The data as text that can stand inside a page: no sign of it can end its element."""
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def signed(page: str, sign: Sign) -> bytes:
    """The file: the page, and our signature over it."""
    body = page.rstrip("\n").encode() + b"\n"
    key, signature = sign(_PREFIX + body)
    return body + b"<!-- %s key=%s signature=%s -->\n" % (
        FORMAT.encode(),
        key.encode(),
        b64encode(signature),
    )


def checked(file: bytes, verify: Verify, today: date) -> Verdict:
    """Whether a file is ours, whole and not too old. Nothing in it is read before that is known."""
    last = _LAST_LINE.search(file, max(0, len(file) - 400)) if len(file) <= MOST_BYTES else None
    if last is None:
        return Verdict("not_a_field_file")
    body = file[: last.start()]
    try:
        signature = b64decode(last[2], validate=True)
    except NotBase64:
        return Verdict("not_a_field_file")
    if b64encode(signature) != last[2]:  # one file has one form, to the last bit
        return Verdict("not_a_field_file")
    if not verify(last[1].decode(), _PREFIX + body, signature):
        return Verdict("not_ours")
    found = _DATA.search(body)
    if found is None:
        return Verdict("not_a_field_file")
    told = json.loads(found[1])
    made, until = date.fromisoformat(told["made"]), date.fromisoformat(told["until"])
    fault: Fault | None = None
    if made > today + timedelta(days=1):  # a day may have begun elsewhere
        fault = "from_the_future"
    elif until < today:
        fault = "too_old"
    return Verdict(fault, told["place"], told["language"], made, until, len(told["listings"]))


def _public(listing: Listing) -> dict[str, Any]:
    confirmed = listing.confirmed
    return {
        "id": listing.id,
        "country": listing.country,
        "names": dict(listing.names),
        "organization": dict(listing.organization),
        "summary": dict(listing.summary),
        "needs": list(listing.needs),
        "area": list(listing.area),
        "who": dict(listing.who),
        "only": list(listing.only),
        "traits": dict(listing.traits),
        "cost": listing.cost,
        "languages": list(listing.languages),
        "interpreted": list(listing.interpreted),
        "address": listing.address,
        "contacts": [_contact(contact) for contact in listing.contacts],
        "source": {"url": listing.source_url, "date": listing.source_date},
        # When and how it was checked; by whom is nobody's business in the field.
        "confirmed": {"on": confirmed.on.isoformat(), "how": confirmed.how} if confirmed else None,
    }


def _contact(contact: Contact) -> dict[str, Any]:
    return {
        "kind": contact.kind,
        "number": contact.number,
        "uri": contact.uri,
        "label": dict(contact.label),
        "languages": list(contact.languages),
        "free": contact.free,
        "abroad": contact.abroad,
        "hours": contact.printed,
        "always": contact.hours.always,
    }

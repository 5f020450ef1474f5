"""The ways to reach a service, out of an HSDS record.

It decides which numbers of a record are those of the service: its own and those of its places;
those of its organisation when it has none. Never those under `contacts`: they are a person's.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from referral_directory.exchange.hsds_hours import hours_from
from referral_directory.exchange.hsds_reading import Reading, parts, plain

Part = Mapping[str, Any]
_KINDS: Final = {"voice": "phone", "cell": "phone", "text": "sms", "": "phone"}
_TEXT: Final = {
    "whatsapp": "whatsapp",
    "viber": "viber",
    "signal": "signal",
    "telegram": "telegram",
}
_HOSTS: Final = {
    "t.me": "telegram",
    "wa.me": "whatsapp",
    "api.whatsapp.com": "whatsapp",
    "signal.me": "signal",
}
_WEB: Final = re.compile(r"https?://[^\s/]+\.[^\s/]+")
_MAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+\Z")
_CODE: Final = re.compile(r"[a-z]{2,3}\Z")
_OURS: Final = re.compile(r"(\+[1-9][0-9]{6,14}|[0-9]{2,6}|0[0-9]{6,12})\Z")
_BETWEEN: Final = re.compile("[\\s()\"'./\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069-]")
"""What people write between digits, and marks that turn a line of Arabic."""
_FOR: Final = re.compile(r"For (\S+)\. ?")
_LABEL: Final = 80
"""Characters of a description that is still a label beside a number."""


def contacts_from(reading: Reading, organization: Part) -> tuple[list[Part], list[Part]]:
    """The contacts of a record, and the schedules that are the whole service's."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for one in _phones(reading, organization):
        contact = _phone(reading, one)
        if contact is not None:
            found.setdefault((contact["kind"], contact["number"]), contact)
    for url, label in _urls(reading):
        kind, name = _kind_of(url, label)
        if not _WEB.match(url):
            reading.warn("url", "A web address is none.", "Write it like https://example.org.")
            continue
        named = {"label": {"en": name}} if name else {}
        found.setdefault((kind, url), {"kind": kind, "url": url, **named})
    for mail, name in _mails(reading):
        if not _MAIL.match(mail):
            reading.warn("email", "An e-mail address is none.", "Write it like name@example.org.")
            continue
        named = {"label": {"en": name}} if name else {}
        found.setdefault(("email", mail), {"kind": "email", "email": mail, **named})
    whole = _give_hours(list(reading.parts("schedules")), list(found.values()))
    return list(found.values()), whole


def read_number(text: str, country: str) -> str | None:
    """A number as we write numbers: `+380…`, or the short one of a country; None when it is none.

    In doubt it is taken as it is dialled in `country`; nothing is added but that country's code.
    """
    digits = _BETWEEN.sub("", text)
    digits = "".join(str(int(one)) if one.isdecimal() else one for one in digits)
    if digits.startswith("00"):
        digits = f"+{digits[2:]}"
    if _OURS.match(digits) and not (digits.startswith("0") and len(digits) > 6):
        return digits
    import phonenumbers  # noqa: PLC0415  (its tables take time; only reading needs them)

    try:
        parsed = phonenumbers.parse(digits, country)
    except phonenumbers.NumberParseException:
        return None
    made = str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))
    return made if _OURS.match(made) else None


def _phones(reading: Reading, organization: Part) -> list[Part]:
    found = list(reading.parts("phones"))
    for at in reading.parts("service_at_locations"):
        found += parts(at, "phones")
        location = at.get("location")
        found += parts(location, "phones") if isinstance(location, Mapping) else []
    return found or list(parts(organization, "phones"))


def _phone(reading: Reading, one: Part) -> dict[str, Any] | None:
    said = plain(one.get("description"))
    kind = _KINDS.get(plain(one.get("type")).lower())
    if kind is None:
        reading.warn(
            "phones",
            "A number is neither to call nor to write to.",
            "It is carried, and not shown.",
        )
        return None
    if kind == "sms":
        kind = next((ours for word, ours in _TEXT.items() if said.lower().startswith(word)), kind)
    number = read_number(plain(one.get("number")), reading.as_.country)
    if number is None:
        reading.warn("phones", "A number cannot be read.", "Write it like +380441234567.")
        return None
    contact: dict[str, Any] = {"kind": kind, "number": number}
    if said and len(said) <= _LABEL:
        contact["label"] = {"en": said}
    codes = [plain(part.get("code")).lower() for part in parts(one, "languages")]
    if known := list(dict.fromkeys(code for code in codes if _CODE.match(code))):
        contact["languages"] = known
    return contact


def _urls(reading: Reading) -> list[tuple[str, str]]:
    first = [(reading.text("url"), "")] if reading.text("url") else []
    more = [
        (plain(one.get("url")), plain(one.get("label"))) for one in reading.parts("additional_urls")
    ]
    return [*first, *more]


def _kind_of(url: str, label: str) -> tuple[str, str]:
    """The kind of a web address, and its label without the name of the kind."""
    kind, colon, name = label.partition(": ")
    said = {"web chat": "chat", "website": "web"} | {word: word for word in _TEXT}
    if kind.lower() in said:
        return said[kind.lower()], name if colon else ""
    try:
        host = (urlsplit(url).hostname or "").lower()
    except ValueError:
        host = ""
    return _HOSTS.get(host, "web"), label


def _mails(reading: Reading) -> list[tuple[str, str]]:
    found = [(reading.text("email"), "")] if reading.text("email") else []
    # A contact without a name is an office, as we write further addresses ourselves.
    found += [
        (plain(one["email"]), plain(one.get("department")))
        for one in reading.parts("contacts")
        if one.get("email") and not one.get("name") and not one.get("title")
    ]
    return found


def _give_hours(schedules: list[Part], contacts: list[dict[str, Any]]) -> list[Part]:
    """Gives each contact the schedules that name it; the others are the whole service's."""
    own: dict[str, list[Part]] = {}
    whole: list[Part] = []
    addresses = set(map(_address, contacts))
    for one in schedules:
        named = _FOR.match(plain(one.get("notes")))
        if named and named[1] in addresses:
            own.setdefault(named[1], []).append(one)
        else:
            whole.append(one)
    for contact in contacts:
        its: Sequence[Part] = own.get(_address(contact), ())
        if its and (hours := hours_from(its)):
            contact["hours"] = hours
    return whole


def _address(contact: Part) -> str:
    return str(contact.get("number") or contact.get("url") or contact.get("email") or "")

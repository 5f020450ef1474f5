"""A listing as a form: what was typed, what is wrong with which field, what it becomes.

It decides which fault stands beside which field, and what a button inside the form (add, remove,
move up) does to what was typed. It saves nothing, and nothing that was typed is lost.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import ValidationError

from authored import did_you_mean
from bot.console.form_read import content_of, numbers
from bot.console.form_written import ADDRESS, TEXTS, Fields, fields_of
from bot.console.said import N_
from bot.ledger.model import Content
from referral_directory.codes import ABROAD, INTERNATIONAL
from referral_directory.keeping.fields import contacts_of, names_of
from referral_directory.pack import ListingShape

MOST_CONTACTS: Final = 40
MOST_CLOSURES: Final = 20
_ADDRESSED: Final = ("number", "url", "email")
_WORDED: Final = {
    "missing": N_("is needed"),
    "too_short": N_("is needed: choose at least one"),
    "string_too_short": N_("is empty"),
    "int_parsing": N_("is not a whole number"),
    "date_from_datetime_parsing": N_("is not a date like 2026-11-20"),
    "date_parsing": N_("is not a date like 2026-11-20"),
    "datetime_from_date_parsing": N_("is not a day and time like 2026-11-20T10:00+02:00"),
    "datetime_parsing": N_("is not a day and time like 2026-11-20T10:00+02:00"),
    "literal_error": N_("is not one of the words that can stand here"),
    "string_pattern_mismatch": N_("is not written as it should be"),
    "less_than_equal": N_("is too large"),
    "greater_than_equal": N_("is too small"),
    "greater_than": N_("is too small"),
    "extra_forbidden": N_("is not known here"),
}
_OURS: Final = (
    (" needs at least English", N_("is needed in English: all translations are made from it")),
    ("a contact of kind", N_("is not what such a contact has: a number, a page or an e-mail")),
    ("is neither +380", N_("is neither +380… nor a short number of 2 to 6 digits")),
    ("is not a web address", N_("is not a web address, like https://example.org")),
    ("is not a date like", N_("is not a date like 2026-11-03, 2026-11 or 2026")),
    ("ends before it begins", N_("ends before it begins")),
    ("needs a time zone", N_("needs a time zone, like 2026-11-20T10:00+02:00")),
    ("is not an IANA time zone", N_("is not a time zone, like Europe/Kyiv")),
    ("is not days and times", N_("is not days and times, like Mon-Fri 9-18")),
    ("is not a day;", N_("is not days and times, like Mon-Fri 9-18")),
    ("is not a time", N_("is not days and times, like Mon-Fri 9-18")),
    ("are read on a phone", N_("has more than the 280 characters that are read on a phone")),
)
"""What a pack's reader says of the same faults, with a part of its sentence to know it by."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one field, and what helps."""

    field: str
    said: str
    mend: str = ""


@dataclass(frozen=True, slots=True)
class Codes:
    """What there is to choose from."""

    needs: Mapping[str, str]
    """Code → its name, in the order of the taxonomy."""
    areas: Mapping[str, str]
    """Code of a country or region → its name."""


@dataclass(frozen=True, slots=True)
class Form:
    """A form as it was sent or is to be shown."""

    fields: Fields = field(repr=False)
    faults: tuple[Fault, ...] = ()
    content: Content | None = field(default=None, repr=False)
    """What it says; None as long as something is wrong with it."""

    def __call__(self, name: str, usual: str = "") -> str:
        """What stands in a field."""
        return self.fields.get(name, usual)

    def ticked(self, name: str) -> bool:
        """Whether a box is ticked."""
        return name in self.fields

    def numbers(self, name: str = "contacts") -> tuple[int, ...]:
        """Contacts, or the closures of `name`."""
        return numbers(self.fields, name)

    def fault(self, *names: str) -> tuple[Fault, ...]:
        """The faults of these fields."""
        return tuple(fault for fault in self.faults if fault.field in names)

    def touched(self, prefix: str) -> bool:
        """Whether any field under a prefix says something or has a fault."""
        said = any(value for name, value in self.fields.items() if name.startswith(prefix))
        return said or any(fault.field.startswith(prefix) for fault in self.faults)

    def languages(self, first: Iterable[str]) -> tuple[str, ...]:
        """The languages that texts are written in here: ours first, then any other."""
        pattern = re.compile(rf"({'|'.join(TEXTS)}|.*\.label|.*\.reason)\.([a-z]{{2,3}})\Z")
        found = [match[2] for name in self.fields if (match := pattern.match(name))]
        return tuple(dict.fromkeys((*first, *found)))


def begun(content: Content) -> Form:
    """The form of a listing as it stands."""
    return Form(fields_of(content))


def sent(fields: Fields, was: Content, codes: Codes) -> Form:
    """The form as it was sent: its content, or every fault beside its field."""
    raw = content_of(fields, was)
    try:
        shaped = ListingShape.model_validate(raw)
    except ValidationError as error:
        faults = {_fault(one, fields): None for one in error.errors(include_url=False)}
        return Form(fields, (*faults, *_unknown(raw, codes)))
    if unknown := tuple(_unknown(raw, codes)):
        return Form(fields, unknown)
    return Form(fields, (), shaped.model_dump(mode="json", exclude_defaults=True, by_alias=True))


def blamed(form: Form, problems: Iterable[tuple[str, str]]) -> Form:
    """The same form with what somebody else found wrong with its content, field by field."""
    found = (
        Fault(_field(tuple(re.split(r"[.\[\]]+", place.strip("]"))), form.fields), said)
        for place, said in problems
    )
    return Form(form.fields, (*form.faults, *found))


def form_field(name: str, content: Content) -> str:
    """The field of the form for a field as differences and doubts name it:
    `contacts[phone 1].number` is `contacts.0.to`.
    """
    contact = re.match(r"contacts\[([^\]]*)\]\.?(.*)", name)
    if contact is None:
        return name
    places = names_of(contacts_of(content))
    whole = f"contacts[{contact[1]}]"
    at = f"contacts.{places.index(whole) if whole in places else 0}"
    return f"{at}.to" if contact[2] in ("", *_ADDRESSED) else f"{at}.{contact[2]}"


def said_at(name: str, content: Content) -> Any:
    """What a content says in a field as differences name it; None when it says nothing."""
    contact = re.match(r"contacts\[([^\]]*)\]\.?(.*)", name)
    found: Any = content
    if contact is not None:
        contacts = contacts_of(content)
        named = dict(zip(names_of(contacts), contacts, strict=True))
        found, name = named.get(f"contacts[{contact[1]}]"), contact[2]
    for part in name.split(".") if name else ():
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def taken(form: Form, name: str, theirs: Content) -> Form:
    """The form with what the other side says in one field, named as differences name it."""
    other = fields_of(theirs)
    wanted = _places(name, theirs, numbers(other))
    mine = _places(name, content_of(form.fields, theirs), form.numbers())
    kept = {one: value for one, value in form.fields.items() if not _under(one, mine)}
    for place, own in zip(wanted, mine, strict=False):
        for one, value in other.items():
            if _under(one, (place,)):
                kept[own + one[len(place) :]] = value
    return Form(kept)


def _places(name: str, content: Content, there: Sequence[int]) -> tuple[str, ...]:
    """The fields of a form that hold what a difference names; empty when it is not there."""
    contact = re.match(r"contacts\[([^\]]*)\]\.?(.*)", name)
    if contact is None:
        return (name,)
    places = names_of(contacts_of(content))
    whole = f"contacts[{contact[1]}]"
    if whole not in places:
        return ()
    at = f"contacts.{there[places.index(whole)]}"
    if not contact[2]:
        return (at,)
    leads = contact[2] in (*_ADDRESSED, "shown", "country")
    return (f"{at}.to", f"{at}.shown", f"{at}.country") if leads else (f"{at}.{contact[2]}",)


def _under(field: str, places: Sequence[str]) -> bool:
    return any(field == one or field.startswith((f"{one}.", f"{one}:")) for one in places)


def pressed(form: Form, act: str) -> Form:
    """The form after a button inside it: `add:contacts`, `remove:contacts.2`, `up:contacts.2`,
    `add:hours.closed`, `remove:contacts.0.hours.closed.1`. Anything else changes nothing.
    """
    verb, _, at = act.partition(":")
    listed, _, number = at.rpartition(".")
    if verb == "add" and (at == "contacts" or at.endswith("hours.closed")):
        there = form.numbers(at.removesuffix(".closed"))
        free = max(there, default=-1) + 1
        if len(there) >= (MOST_CONTACTS if at == "contacts" else MOST_CLOSURES):
            return form
        new = (
            {f"contacts.{free}.kind": "phone", f"contacts.{free}.free": "unknown"}
            if at == "contacts"
            else {f"{at}.{free}.from": "", f"{at}.{free}.to": ""}
        )
        return Form({**form.fields, **new})
    if verb == "remove":
        kept = {n: v for n, v in form.fields.items() if not n.startswith(f"{at}.")}
        return Form(kept)
    if verb == "up" and listed == "contacts" and number.isdigit():
        above = [one for one in form.numbers() if one < int(number)]
        return Form(_swapped(form.fields, int(number), above[-1])) if above else form
    return form


def _swapped(fields: Fields, one: int, other: int) -> dict[str, str]:
    places = {f"contacts.{one}": f"contacts.{other}", f"contacts.{other}": f"contacts.{one}"}
    out = {}
    for name, value in fields.items():
        at = re.match(r"contacts\.[0-9]+", name)
        out[places.get(at[0], at[0]) + name[at.end() :] if at else name] = value
    return out


def _fault(error: Mapping[str, Any], fields: Fields) -> Fault:
    message = str(error["msg"]).removeprefix("Value error, ")
    ours = (said for known, said in _OURS if known in message)
    said = _WORDED.get(error["type"]) or next(ours, message)
    return Fault(_field(error["loc"], fields), said)


def _field(loc: tuple[str | int, ...], fields: Fields) -> str:
    """The field that a place in the content is written in."""
    path = [str(part) for part in loc if part != ""]
    if path[:1] == ["contacts"] and len(path) > 1:
        there = numbers(fields)
        place = int(path[1]) if path[1].isdigit() else 0
        path[1] = str(there[place]) if place < len(there) else path[1]
        if len(path) == 2 or path[2] in _ADDRESSED:
            return f"contacts.{path[1]}.to"
    if path and path[-1].isdigit() and path[-2:-1] != ["closed"] and len(path) != 2:
        path = path[:-1]
    match path:
        case [("names" | "organization" | "summary") as text]:
            return f"{text}.en"
        case [("needs" | "area" | "languages" | "interpreted" | "also" | "only") as name, *_]:
            return name
        case [("windows" | "accepted" | "welcomes" | "carried") as name, *_]:
            return name
        case ["address"]:
            return f"address.{ADDRESS[0]}"
        case ["source"]:
            return "source.url"
        case ["capacity"]:
            return "capacity.as_of"
        case [*_, "hours"]:
            return ".".join((*path, "rules"))
        case [*_, "closed", number] if number.isdigit():
            return ".".join((*path, "from"))
    return ".".join(path)


def _unknown(raw: Mapping[str, Any], codes: Codes) -> Iterator[Fault]:
    """Codes that nothing is known of: they would never be found by anybody."""
    for name in ("needs", "windows"):
        for code in raw[name]:
            if code not in codes.needs:
                yield Fault(name, N_("there is no such need"), did_you_mean(code, codes.needs))
    for code in raw["area"]:
        known = code in codes.areas or code in (ABROAD, INTERNATIONAL)
        if not known and not re.fullmatch(r"[A-Z]{2}", code):
            yield Fault("area", N_("there is no such place"), did_you_mean(code, codes.areas))
    contacts = raw["contacts"]
    if len(contacts) > MOST_CONTACTS:
        yield Fault("contacts", N_("there are too many contacts"), f"≤ {MOST_CONTACTS}")

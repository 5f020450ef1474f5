"""A listing's content as the fields of a form: flat names, plain text.

    names.uk   contacts.0.to   hours.closed.1.from   needs:medical.pep   who.woman

It decides how a value is written in a field. It may not drop a value: what has no field of its own
(`carried`) stays with the content that the form was begun from.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from bot.ledger.model import Content
from referral_directory.codes import WHO
from referral_directory.pack import ContactShape, ListingShape, Shape

TEXTS: Final = ("names", "organization", "summary")
"""Texts by language."""
PLAIN: Final = (
    "status",
    "occupied",
    "cost",
    "anonymous",
    "no_id",
    "walk_in",
    "accessible",
    "visibility",
    "vetting",
    "run_by",
    "reports_to_police",
    "confidence",
    "priority",
    "pair",
    "notes",
)
"""One field each."""
CONTACT_PLAIN: Final = (
    "kind",
    "shown",
    "free",
    "abroad",
    "country",
    "confidence",
    "visibility",
    "notes",
)
ADDRESS: Final = ("line", "city", "region", "postal_code", "visibility")
HOURS: Final = ("printed", "rules", "zone", "holidays")
SOURCE: Final = ("url", "date", "printed")
CAPACITY: Final = ("state", "as_of")
SETS: Final = ("needs", "area", "only", "welcomes")
"""Written as boxes to tick: `only:woman`."""

Fields = Mapping[str, str]
ON: Final = "on"
"""What a ticked box says."""


def fields_of(content: Content) -> dict[str, str]:
    """The fields that say what a listing says."""
    out: dict[str, str] = {}
    for name in TEXTS:
        out |= _text(name, content.get(name, {}))
    for name in PLAIN:
        out[name] = _plain(ListingShape, content, name)
    for name in SETS:
        out |= {f"{name}:{code}": ON for code in content.get(name, ())}
    out["needs.first"] = next(iter(content.get("needs", ())), "")
    who = content.get("who", {})
    out |= {f"who.{word}": str(who.get(word, "unknown")) for word in WHO}
    out |= {name: ", ".join(content.get(name, ())) for name in ("languages", "interpreted")}
    out["windows"] = ", ".join(f"{code} {n}" for code, n in content.get("windows", {}).items())
    out["also"] = "\n".join(content.get("also", ()))
    out["accepted"] = "\n".join(f"{c}: {why}" for c, why in content.get("accepted", {}).items())
    out |= {"recheck": ON} if content.get("recheck") else {}
    out |= _hours("hours", content.get("hours"))
    for name, parts in (("address", ADDRESS), ("source", SOURCE), ("capacity", CAPACITY)):
        out |= _parts(name, parts, content.get(name))
    if content.get("address"):
        out["address.visibility"] = content["address"].get("visibility", "public")
    for i, contact in enumerate(content.get("contacts", ())):
        out |= contact_fields(f"contacts.{i}", contact) | {f"contacts.{i}.was": str(i)}
    return out


def contact_fields(at: str, contact: Mapping[str, Any]) -> dict[str, str]:
    """The fields of one contact, which all begin with `at`."""
    out = {f"{at}.{name}": _plain(ContactShape, contact, name) for name in CONTACT_PLAIN}
    out[f"{at}.to"] = str(contact.get("number") or contact.get("url") or contact.get("email") or "")
    out[f"{at}.languages"] = ", ".join(contact.get("languages", ()))
    out |= {f"{at}.recheck": ON} if contact.get("recheck") else {}
    out |= _text(f"{at}.label", contact.get("label", {}))
    out |= _parts(f"{at}.source", SOURCE, contact.get("source"))
    return out | _hours(f"{at}.hours", contact.get("hours"))


def _plain(shape: type[Shape], content: Mapping[str, Any], name: str) -> str:
    field = shape.model_fields[name]
    usual = None if field.is_required() else field.default
    value = content.get(name, usual)
    return "" if value is None else str(value)


def _text(at: str, text: Mapping[str, str]) -> dict[str, str]:
    return {f"{at}.{language}": said for language, said in text.items()}


def _parts(at: str, names: Iterable[str], value: Mapping[str, Any] | None) -> dict[str, str]:
    return {f"{at}.{name}": str((value or {}).get(name) or "") for name in names}


def _hours(at: str, hours: Mapping[str, Any] | None) -> dict[str, str]:
    out = _parts(at, HOURS, hours)
    for i, closure in enumerate((hours or {}).get("closed", ())):
        spot = f"{at}.closed.{i}"
        out |= {f"{spot}.from": closure["from"], f"{spot}.to": closure["to"]}
        out |= _text(f"{spot}.reason", closure.get("reason", {}))
    return out

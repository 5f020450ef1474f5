"""The fields of a form as a listing's content: the way back of `form_written`.

It takes numbers, languages and line ends as people write them, and leaves alone what they did not
touch. It does not judge: whether it is a listing is for `ListingShape`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, Final

from babel import Locale

from bot.console.form_written import (
    ADDRESS,
    CAPACITY,
    CONTACT_PLAIN,
    HOURS,
    ON,
    PLAIN,
    SETS,
    SOURCE,
    TEXTS,
    Fields,
    fields_of,
)
from bot.ledger.model import Content
from referral_directory.codes import ANSWERED, DIALLED, WHO
from referral_directory.exchange import cells

_CONTACT: Final = re.compile(r"contacts\.([0-9]{1,3})\.kind\Z")


def content_of(fields: Fields, was: Content) -> dict[str, Any]:
    """What the fields say, as it would stand in a pack. `was`: what the form was begun from."""
    told = _untouched(fields, was)
    out: dict[str, Any] = {name: dict(_text(told, name)) for name in TEXTS}
    out |= {name: told[name] for name in PLAIN if told.get(name)}
    for name in SETS:
        out[name] = _ticked(told, name, was.get(name, ()))
    out["area"] += [code for code in _words(told.get("area.other", "")) if code not in out["area"]]
    first = told.get("needs.first", "")
    if first and not out["needs"]:
        out["needs"] = [first]  # whoever only said what comes first has said what it is
    if first in out["needs"]:
        out["needs"] = [first, *(code for code in out["needs"] if code != first)]
    out["who"] = {word: told.get(f"who.{word}") or "unknown" for word in WHO}
    out |= {name: languages(told.get(name, "")) for name in ("languages", "interpreted")}
    out["windows"] = dict(_pairs(re.split(r"[,;\n]", told.get("windows", "")), None))
    out["also"] = [line.strip() for line in told.get("also", "").split("\n") if line.strip()]
    out["accepted"] = dict(_pairs(told.get("accepted", "").split("\n"), ":"))
    out["recheck"] = told.get("recheck") == ON
    country = next((area[:2] for area in out["area"] if re.match(r"[A-Z]{2}(-|\Z)", area)), "")
    out["contacts"] = [_contact(told, i, country) for i in numbers(told)]
    parts = (("address", ADDRESS), ("source", SOURCE), ("capacity", CAPACITY))
    out |= {name: part for name, names in parts if (part := _parts(told, name, names))}
    if out.get("address", {}).keys() == {"visibility"}:
        del out["address"]
    if hours := _hours(told, "hours"):
        out["hours"] = hours
    if "carried" in was:
        out["carried"] = was["carried"]
    return out


def numbers(fields: Fields, name: str = "contacts") -> tuple[int, ...]:
    """The numbers of the contacts of a form, or of the closures of some hours, in order."""
    if name == "contacts":
        found = {int(one[1]) for field in fields if (one := _CONTACT.match(field))}
    else:
        pattern = re.compile(re.escape(name) + r"\.closed\.([0-9]{1,3})\.from\Z")
        found = {int(one[1]) for field in fields if (one := pattern.match(field))}
    return tuple(sorted(found))


def number_typed(text: str, country: str) -> str:
    """A number as it is kept: `+380442721500`, or the digits of a short one.

    What cannot be read stays as it was typed.
    """
    try:
        return cells.number(text, country or None)
    except cells.Unread:
        return text


def languages(text: str) -> list[str]:
    """Codes of languages from codes or names in English or Ukrainian; others stay as typed."""
    known = _language_names()
    return [known.get(word.casefold(), word) for word in _words(text)]


@cache
def _language_names() -> Mapping[str, str]:
    named = {
        str(name).casefold(): code
        for locale in ("en", "uk")
        for code, name in Locale.parse(locale).languages.items()
        if re.fullmatch("[a-z]{2,3}", code)
    }
    return {**named, **{code: code for code in named.values()}}


def _words(text: str) -> list[str]:
    return [word.strip() for word in re.split(r"[,;\n]", text) if word.strip()]


def _untouched(fields: Fields, was: Content) -> dict[str, str]:
    """The fields without stray blanks; where a browser alone changed one, what it was before."""
    before = fields_of(was)
    out = {}
    for name, value in fields.items():
        here = re.sub(r"\Acontacts\.([0-9]+)", lambda at: _place_before(fields, at[1]), name)
        old = before.get(here)
        plain = value.replace("\r\n", "\n")
        one_line = old is not None and plain == re.sub(r"[\r\n]", "", old)
        same = old is not None and plain == old.replace("\r\n", "\n").replace("\r", "\n")
        out[name] = old if old is not None and (one_line or same) else plain.strip()
    return out


def _place_before(fields: Fields, number: str) -> str:
    return f"contacts.{fields.get(f'contacts.{number}.was') or '-'}"


def _text(told: Fields, at: str) -> Iterator[tuple[str, str]]:
    pattern = re.compile(re.escape(at) + r"\.([a-z]{2,3})\Z")
    for name, value in told.items():
        if value and (language := pattern.match(name)):
            yield language[1], value


def _ticked(told: Fields, name: str, was: Iterable[str]) -> list[str]:
    """What is ticked: what was there before in its order, then the rest as the form has it."""
    ticked = [field.partition(":")[2] for field in told if field.startswith(f"{name}:")]
    return [*(code for code in was if code in ticked), *(c for c in ticked if c not in set(was))]


def _pairs(lines: Iterable[str], mark: str | None) -> Iterator[tuple[str, str]]:
    for line in lines:
        first, *rest = line.strip().split(mark, 1) or [""]
        if first:
            yield first.strip().rstrip(":="), rest[0].strip(" =:") if rest else ""


def _parts(told: Fields, at: str, names: Iterable[str]) -> dict[str, Any]:
    return {name: value for name in names if (value := told.get(f"{at}.{name}"))}


def _hours(told: Fields, at: str) -> dict[str, Any]:
    out = _parts(told, at, HOURS)
    if "rules" in out:
        out.setdefault("printed", out["rules"])
        # People write Mon–Fri 9–18; what is kept is Mo-Fr 09:00-18:00.
        out["rules"] = cells.hours_rules(out["rules"]) or out["rules"]
    closed = []
    for i in numbers(told, at):
        closure: dict[str, Any] = _parts(told, f"{at}.closed.{i}", ("from", "to"))
        if reason := dict(_text(told, f"{at}.closed.{i}.reason")):
            closure["reason"] = reason
        closed.append(closure)
    return out | ({"closed": closed} if closed else {})


def _contact(told: Fields, number: int, country: str) -> dict[str, Any]:
    at = f"contacts.{number}"
    out = _parts(told, at, CONTACT_PLAIN)
    to, kind = told.get(f"{at}.to", ""), out.get("kind", "")
    if to and kind == "email":
        out["email"] = to
    elif to and (kind in DIALLED or (kind in ANSWERED - {"chat"} and not _is_page(to))):
        out["number"] = number_typed(to, out.get("country", country))
    elif to:
        out["url"] = to
    out["languages"] = languages(told.get(f"{at}.languages", ""))
    out["recheck"] = told.get(f"{at}.recheck") == ON
    out["label"] = dict(_text(told, f"{at}.label"))
    if source := _parts(told, f"{at}.source", SOURCE):
        out["source"] = source
    if hours := _hours(told, f"{at}.hours"):
        out["hours"] = hours
    return out


def _is_page(to: str) -> bool:
    return any(sign.isalpha() for sign in to)

"""A listing as lines to be checked one by one: what each part says, who checked it and when.

It decides which words a part is said in and which field a doubt stands beside. It changes nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from bot.console.listing_words import WORDS, Say, part_words, value_words
from bot.ledger.model import Check, Content
from referral_directory.codes import WHO
from referral_directory.keeping import critical, parts

_SIGNS: Final = {"yes": "✓", "no": "✗", "unknown": "?"}
FACTS: Final = (
    *("status", "visibility", "vetting", "run_by", "reports_to_police", "confidence"),
    *("anonymous", "no_id", "walk_in", "accessible", "capacity", "source", "also", "notes"),
)
"""What stands below the parts that can be checked."""
_EDITED: Final = {"who": "f-who.woman", "area": "f-area", "address": "f-address.line"}
"""Where in the form a part is edited, where that is not its own field."""


@dataclass(frozen=True, slots=True)
class Names:
    """What codes are called in the language of the page."""

    say: Say
    places: Mapping[str, str]
    languages: Mapping[str, str]
    needs: Mapping[str, str]
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Line:
    """One part of a listing."""

    part: str
    title: str
    """As it is named by itself: "phone +380…"."""
    kind: str
    """As it is named beside what it says: "phone"."""
    said: str = field(repr=False)
    aside: tuple[str, ...] = field(repr=False)
    """What else is known of it: words beside a number, who sees it."""
    check: Check | None
    needed: bool
    """Survivors see it, so it must have been checked."""
    edit: str
    """The field of the form."""


def lines(content: Content, checks: Iterable[Check], names: Names) -> tuple[Line, ...]:
    """Every part that can be checked, in the order in which one would ask."""
    latest: dict[str, Check] = {}
    for check in sorted(checks, key=lambda one: one.on):
        latest[check.part] = check
    needed = critical(content)
    found = []
    for part in parts(content):
        said, aside = _said(part, content, names)
        edit = _EDITED.get(part, f"f-{part}")
        if part.startswith("contact:"):
            edit = f"contact-{_place(part, content)}"
        line = Line(
            part,
            part_words(part, names.say),
            part_words(part, names.say, alone=False),
            said,
            aside,
            latest.get(part),
            part in needed,
            edit,
        )
        found.append(line)
    return tuple(found)


def facts(content: Content, names: Names) -> tuple[tuple[str, str], ...]:
    """What stands in a listing besides: name of the field and what it says."""
    say = names.say
    found = []
    for name in FACTS:
        value = content.get(name)
        if name in ("status", "visibility") and value is None:
            value = {"status": "active", "visibility": "public"}[name]
        if value in (None, "", [], ()):
            continue
        if name == "source":
            found.append((name, " · ".join(str(value[n]) for n in ("url", "date") if n in value)))
            continue
        words = WORDS.get(name) or WORDS["answer"]
        said = say(words.get(value, value)) if isinstance(value, str) else value_words(value, say)
        found.append((name, said))
    return tuple(found)


def text_in(text: Mapping[str, str], language: str) -> str:
    """A text in a language, in English, in any."""
    return text.get(language) or text.get("en") or next(iter(text.values()), "")


def _place(part: str, content: Content) -> int:
    for place, contact in enumerate(content.get("contacts", ())):
        to = contact.get("number") or contact.get("url") or contact.get("email") or ""
        if part == f"contact:{contact['kind']}:{to}":
            return place
    return 0


def _said(part: str, content: Content, names: Names) -> tuple[str, tuple[str, ...]]:
    """What a part says, and what stands beside it."""
    if part.startswith("contact:"):
        return _contact(content["contacts"][_place(part, content)], names)
    if part == "hours":
        return _hours(content.get("hours")), ()
    if part == "who":
        return _who(content, names.say)
    if part == "area":
        return ", ".join(names.places.get(code, code) for code in content["area"]), ()
    if part == "languages":
        spoken, interpreted = (
            ", ".join(names.languages.get(code, code) for code in content.get(name, ()))
            for name in ("languages", "interpreted")
        )
        by = names.say("through an interpreter")
        return spoken, (f"{by}: {interpreted}",) if interpreted else ()
    if part == "cost":
        return names.say(WORDS["cost"][content["cost"]]), ()
    address = content.get("address", {})
    shown = [address[name] for name in ("line", "city", "region", "postal_code") if name in address]
    seen = address.get("visibility", "public")
    hidden = () if seen == "public" else (names.say(WORDS["visibility"][seen]),)
    return ", ".join(shown), hidden


def _contact(contact: Mapping[str, Any], names: Names) -> tuple[str, tuple[str, ...]]:
    say = names.say
    to = contact.get("shown") or contact.get("number") or contact.get("url")
    aside = [
        text_in(contact.get("label", {}), names.language),
        _hours(contact.get("hours")),
        ", ".join(names.languages.get(code, code) for code in contact.get("languages", ())),
        say("free to call") if contact.get("free") == "yes" else "",
    ]
    if (seen := contact.get("visibility", "public")) != "public":
        aside.append(say(WORDS["visibility"][seen]))
    if contact.get("confidence") == "unverified":
        aside.append(say(WORDS["confidence"]["unverified"]))
    return str(to or contact.get("email", "")), tuple(one for one in aside if one)


def _who(content: Content, say: Say) -> tuple[str, tuple[str, ...]]:
    who = content.get("who", {})
    by_answer = {
        answer: ", ".join(say(WORDS["who"][w]) for w in WHO if who.get(w, "unknown") == answer)
        for answer in _SIGNS
    }
    answers = (f"{by_answer[answer]} {sign}" for answer, sign in _SIGNS.items())
    said = " · ".join(one for one, answer in zip(answers, _SIGNS, strict=True) if by_answer[answer])
    aside = [
        f"{say(title)}: {', '.join(say(WORDS['who'][word]) for word in content[name])}"
        for name, title in (("only", "only they"), ("welcomes", "especially welcome"))
        if content.get(name)
    ]
    return said, tuple(aside)


def _hours(hours: Mapping[str, Any] | None) -> str:
    if not hours:
        return ""
    rules, printed = hours.get("rules"), hours.get("printed", "")
    closed = "; ".join(f"✗ {one['from']}–{one['to']}" for one in hours.get("closed", ()))
    said = rules if rules == printed or not printed else f"{rules or '?'} ({printed})"
    return f"{said}; {closed}" if closed else str(said)

"""The words for what stands in a listing: codes, fields, stages, acts.

It decides how a code is said to staff and nothing else. `N_` only marks words to be translated:
they are said in a language where a page is made.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final

from bot.console.said import N_

Say = Callable[[str], str]
"""English → the language of the page."""


ANSWER: Final = {"yes": N_("yes"), "no": N_("no"), "unknown": N_("not known")}
WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "answer": ANSWER,
    "yes_no": {"no": N_("no"), "yes": N_("yes")},
    "stage": {
        "draft": N_("draft"),
        "verified": N_("verified"),
        "due": N_("to be checked"),
        "stale": N_("overdue, labelled"),
        "hidden": N_("overdue, hidden"),
        "suspended": N_("suspended"),
        "retired": N_("retired"),
    },
    "kind": {
        "phone": N_("phone"),
        "sms": N_("SMS"),
        "telegram": "Telegram",
        "whatsapp": "WhatsApp",
        "viber": "Viber",
        "signal": "Signal",
        "web": N_("web page"),
        "chat": N_("web chat"),
        "email": N_("e-mail"),
    },
    "status": {
        "active": N_("active"),
        "planned": N_("planned"),
        "temporarily_closed": N_("closed for now"),
        "suspended": N_("stopped by the organisation"),
        "closed": N_("closed for good (retired)"),
    },
    "visibility": {
        "public": N_("everybody"),
        "after_consent": N_("people who agreed first"),
        "operator_only": N_("operators only"),
        "coordinator_only": N_("coordinators only"),
        "never_export": N_("here only, never exported"),
    },
    "vetting": {
        "not_yet": N_("not yet"),
        "vetted": N_("vetted"),
        "suspended": N_("suspended"),
        "refused": N_("refused"),
    },
    "confidence": {
        "page": N_("read on its page"),
        "known": N_("known to be so"),
        "unverified": N_("unverified: never shown"),
    },
    "run_by": {
        "unknown": N_("not known"),
        "state": N_("the state"),
        "police": N_("the police"),
        "military": N_("the military"),
        "ngo": N_("a non-governmental organisation"),
        "un": N_("the United Nations"),
        "faith": N_("a faith community"),
        "survivors": N_("survivors"),
    },
    "cost": {"unknown": N_("not known"), "free": N_("free"), "paid": N_("paid")},
    "capacity": {
        "open": N_("there is room"),
        "waitlist": N_("waiting list"),
        "referral_only": N_("by referral only"),
        "full": N_("full"),
    },
    "holidays": {
        "as_usual": N_("open as usual"),
        "closed": N_("closed"),
        "unknown": N_("not known"),
    },
    "who": {
        "woman": N_("women"),
        "man": N_("men"),
        "other_gender": N_("people of any other gender"),
        "adult": N_("adults"),
        "under18": N_("under 18"),
        "captivity": N_("after captivity"),
        "lgbtqi": N_("LGBTQI+ people"),
        "disability": N_("people with a disability"),
        "displaced": N_("displaced people"),
        "family": N_("relatives"),
        "military": N_("military and veterans"),
    },
    "how": {"call": N_("call"), "visit": N_("visit"), "letter": N_("letter")},
    "problem": {
        "no_answer": N_("nobody answered"),
        "wrong": N_("the number was wrong"),
        "unsafe": N_("it was unsafe"),
    },
    "told": {
        "survivor": N_("a survivor"),
        "operator": N_("an operator"),
        "service": N_("the service itself"),
    },
    "changed": {"added": N_("added"), "removed": N_("taken out"), "changed": N_("changed")},
    "constraints": {
        "no_police": N_("no police"),
        "anonymous": N_("no name"),
        "no_id": N_("no papers"),
        "walk_in": N_("no appointment"),
        "accessible": N_("wheelchair"),
    },
}

FIELDS: Final[Mapping[str, str]] = {
    "names": N_("name"),
    "organization": N_("organisation"),
    "summary": N_("what happens there"),
    "status": N_("status"),
    "needs": N_("what it helps with"),
    "area": N_("where"),
    "occupied": N_("works in occupied territory"),
    "who": N_("whom it receives"),
    "only": N_("only they"),
    "welcomes": N_("especially welcome"),
    "contacts": N_("contacts"),
    "order": N_("order"),
    "address": N_("address"),
    "line": N_("street and house"),
    "city": N_("city"),
    "region": N_("region"),
    "postal_code": N_("postal code"),
    "hours": N_("hours"),
    "rules": N_("times"),
    "printed": N_("as printed"),
    "zone": N_("time zone"),
    "holidays": N_("public holidays"),
    "closed": N_("closed days"),
    "from": N_("first day"),
    "to": N_("last day"),
    "reason": N_("reason"),
    "cost": N_("cost"),
    "anonymous": N_("no name needed"),
    "no_id": N_("no papers needed"),
    "walk_in": N_("without an appointment"),
    "accessible": N_("accessible"),
    "languages": N_("languages"),
    "interpreted": N_("through an interpreter"),
    "windows": N_("best within"),
    "visibility": N_("who sees it"),
    "vetting": N_("vetting"),
    "run_by": N_("run by"),
    "reports_to_police": N_("must report to the police"),
    "priority": N_("comes earlier"),
    "pair": N_("shown together"),
    "source": N_("source"),
    "url": N_("web address"),
    "date": N_("date"),
    "also": N_("other sources"),
    "recheck": N_("said to be old"),
    "confidence": N_("how sure"),
    "capacity": N_("room"),
    "state": N_("state"),
    "as_of": N_("said when"),
    "accepted": N_("doubts looked into"),
    "notes": N_("notes"),
    "carried": N_("kept for other directories"),
    "kind": N_("kind"),
    "number": N_("number"),
    "email": N_("e-mail address"),
    "shown": N_("shown as"),
    "label": N_("words beside it"),
    "free": N_("free to call"),
    "abroad": N_("works from abroad"),
    "country": N_("country"),
    "contact": N_("contact"),
    "before": N_("before"),
    "first": N_("first of all"),
    "other": N_("other codes"),
    "reach": N_("number or address"),
}
"""Every part of the name of a field, in the plain words of the form."""

_WITHHELD: Final = (
    N_("it is marked unverified"),
    N_("it has no source"),
    N_("it has no contact that may be shown"),
    N_("it is not a whole listing yet"),
)
"""Why a listing is never served, as `referral_directory.listing` says it."""
NONE_CALLED: Final[Mapping[str, str]] = {}
_PIECES: Final = re.compile(r"[\[\].:]+")


def field_words(name: str, say: Say, endonym: Callable[[str], str] = str) -> str:
    """The name of a field in words: `contacts[phone 1].number` is "phone 1: number".

    `endonym`: code of a language → its name.
    """
    # A closure has a last day that is called so too.
    name = re.sub(r"\A(contacts\.[0-9]+)\.to\Z", r"\1.reach", name)
    pieces: list[str] = []
    for piece in _PIECES.split(name):
        if not piece or (piece == "contacts" and name != "contacts"):
            continue
        if piece in FIELDS:
            pieces.append(say(FIELDS[piece]))
        elif piece in WORDS["who"] and pieces:
            pieces.append(say(WORDS["who"][piece]))
        else:
            pieces.append(_counted(piece, say) if " " in piece else endonym(piece))
    if name.startswith("contacts.") and pieces and pieces[0].isdigit():
        pieces[0] = f"{say(FIELDS['contact'])} {int(pieces[0]) + 1}"
    return ": ".join(pieces)


def part_words(part: str, say: Say, *, alone: bool = True) -> str:
    """The name of a part that can be checked: `contact:phone:+380…` is "phone +380…".

    Not `alone`, but beside what it says: "phone".
    """
    if part.startswith("contact:"):
        _, kind, to = part.split(":", 2)
        kind = say(WORDS["kind"].get(kind, kind))
        return f"{kind} {to.removeprefix('https://')}" if alone else kind
    return say(FIELDS.get(part, part))


def withheld_words(why: str, say: Say) -> str:
    """Why a listing is never served, in a language: "who sees it: operators only"."""
    about = re.fullmatch(r"its (status|vetting|visibility) is '([a-z_]+)'", why)
    if about is None:
        return say(why)
    return f"{say(FIELDS[about[1]])}: {say(WORDS[about[1]].get(about[2], about[2]))}"


def value_words(value: object, say: Say, called: Mapping[str, str] = NONE_CALLED) -> str:
    """A value of a field in words, for a difference. `called`: code in a list → its name."""
    if value is None or value in ("", [], {}):
        return "–"
    if value is True:
        return say(ANSWER["yes"])
    if isinstance(value, Mapping):
        inner = ((FIELDS.get(str(name), str(name)), said) for name, said in value.items())
        return "; ".join(f"{say(name)}: {value_words(said, say)}" for name, said in inner)
    if isinstance(value, list | tuple):
        named = (called.get(one, one) if isinstance(one, str) else one for one in value)
        return ", ".join(value_words(one, say, called) for one in named)
    return str(value)


def _counted(piece: str, say: Say) -> str:
    """`phone 1` and `web before`, in words."""
    kind, *rest = piece.split(" ")
    kind = say(WORDS["kind"].get(kind, kind))
    return " ".join((kind, *(say(FIELDS.get(one, one)) for one in rest)))

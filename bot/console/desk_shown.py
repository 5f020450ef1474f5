"""A chat as the desk shows it: to who has it, and to who might take it.

It decides what of a chat leaves for a page. Never its address, its door key, or anything that the
person did not agree to pass on. Of the queue nothing else leaves than what the consent named.
"""

from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.console.said import N_, Words
from bot.handoff.model import Chat, Duty, Kind

KINDS: Final[Mapping[Kind, str]] = {
    "telegram": "Telegram",
    "web": N_("web page"),
    "terminal": N_("terminal"),
}
SKILLS: Final[Mapping[str, str]] = {
    "child": N_("children and young people"),
    "legal": N_("legal questions"),
    "woman": N_("a woman answers"),
    "man": N_("a man answers"),
}
REASONS: Final[Mapping[str, str]] = {
    "asked": N_("The operator asked for help"),
    "danger": N_("Somebody may be in danger"),
    "unanswered": N_("The person waits for an answer"),
    "person_asked": N_("The person asked for somebody else"),
    "learning": N_("A new operator is being accompanied"),
    "concern": N_("A concern about this chat was raised"),
}
"""Why a lead joins a chat or takes it over. Codes alone are written down."""
NEEDS: Final[Mapping[str, str]] = {
    "medical": N_("medical care"),
    "talk": N_("somebody to talk to"),
    "legal": N_("legal help"),
    "compensation": N_("compensation"),
    "shelter": N_("a safe place"),
    "money": N_("money or things"),
    "documents": N_("documents"),
    "child": N_("about a child"),
    "other": N_("something else"),
}
OUTCOMES: Final[Mapping[str, str]] = {
    "informed": N_("knows more now"),
    "referred": N_("knows where to go"),
    "calmer": N_("is calmer"),
    "handed_on": N_("passed on"),
    "left": N_("left"),
    "other": N_("something else"),
}
REFERRALS: Final[Mapping[str, str]] = {
    "yes": N_("yes"),
    "no": N_("no"),
    "not_wanted": N_("not wanted"),
}


@dataclass(frozen=True, slots=True)
class Named:
    """What codes are called, in the language of one page."""

    words: Words
    needs: Mapping[str, str]
    places: Mapping[str, str]
    languages: Callable[[str], str]
    direction: Callable[[str], str]


def queued(chat: Chat, named: Named) -> dict[str, Any]:
    """A chat as whoever might take it sees it: what the person let us pass on, and the wait."""
    return {
        "chat": chat.id.hex(),
        "name": chat.name,
        "language": chat.language,
        "language_name": named.languages(chat.language),
        "severity": chat.severity,
        "need": named.needs.get(chat.need, chat.need),
        "place": named.places.get(chat.place, chat.place),
        "kind": named.words(KINDS[chat.kind]),
        "skills": skills(chat.skills, named.words),
        "asked": chat.asked,
    }


def mine(
    chat: Chat, named: Named, staff: str, who: Callable[[str], str], read: int
) -> dict[str, Any]:
    """A chat as who has it sees it. `who`: the pseudonym of a member of staff."""
    step = chat.transfer
    return queued(chat, named) | {
        "version": chat.version,
        "state": chat.state,
        "dir": named.direction(chat.language),
        "since": chat.since,
        "last_in": chat.last_in,
        "last_out": chat.last_out,
        "number_in": chat.number_in,
        "number_out": chat.number_out,
        "acked": chat.acked,
        "read": read,
        "heard": chat.read,
        "missed": chat.missed,
        "heavy": chat.heavy,
        "parked_until": chat.parked_until,
        "helper": who(chat.helper) if chat.helper else "",
        "as": "owner" if chat.owner == staff else "helper",
        "owner": who(chat.owner) if chat.owner else "",
        "transfer": {"to": whom(step.to, named, who), "warm": step.warm, "step": step.step}
        if step
        else None,
        "person": {"suite": chat.suite, "public": _base64(chat.public)},
        "told": chat.told,
        "back": chat.back,
    }


def overseen(chat: Chat, named: Named, who: Callable[[str], str]) -> dict[str, Any]:
    """A chat as a lead sees it who is not in it: no word of it, and no key."""
    return queued(chat, named) | {
        "state": chat.state,
        "owner": who(chat.owner) if chat.owner else "",
        "helper": who(chat.helper) if chat.helper else "",
        "since": chat.since,
        "last_in": chat.last_in,
        "last_out": chat.last_out,
    }


def colleague(duty: Duty, *, lead: bool) -> dict[str, Any]:
    """Somebody on duty, as colleagues see them."""
    return {
        "staff": duty.staff,
        "who": duty.who,
        "languages": duty.languages,
        "skills": duty.skills,
        "room": max(0, duty.most_open - duty.open),
        "paused": duty.paused,
        "lead": lead,
    }


def whom(to: str, named: Named, who: Callable[[str], str]) -> str:
    """Whoever a chat goes to, in words: a pseudonym, or the language of a queue."""
    kind, _, language = to.rpartition(":")
    return named.languages(language) if kind == "queue" else who(to)


def skills(codes: tuple[str, ...], words: Words) -> list[str]:
    """What was asked for of who answers, in words."""
    return [words(SKILLS.get(code, code)) for code in codes]


def choices(table: Mapping[str, str], words: Words) -> list[dict[str, str]]:
    """A table of codes as a page offers it."""
    return [{"code": code, "name": words(name)} for code, name in table.items()]


def _base64(data: bytes) -> str:
    return b64encode(data).decode()

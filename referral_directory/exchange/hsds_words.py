"""The English sentences of an HSDS record, where HSDS has only free text.

They say what a listing says and nothing more; what is unknown is not mentioned.
"""

from typing import Final

from referral_directory.codes import CapacityState, Status
from referral_directory.exchange.hsds_terms import PEOPLE
from referral_directory.pack import ContactShape, ListingShape

STATUS_OUT: Final[dict[Status, str]] = {
    "active": "active",
    "planned": "inactive",
    "temporarily_closed": "temporarily closed",
    "suspended": "inactive",
    "closed": "defunct",
}
STATUS_IN: Final[dict[str, Status]] = {
    "active": "active",
    "inactive": "suspended",
    "temporarily closed": "temporarily_closed",
    "defunct": "closed",
}


def status_of(status: Status) -> str:
    """Our status in the words of HSDS."""
    return STATUS_OUT[status]


def eligibility(written: ListingShape) -> str | None:
    """Whom a service receives, in sentences; None when nothing is known."""
    who = written.who.model_dump()
    said = [
        _sentence("Receives", [c for c in PEOPLE if who[c] == "yes"]),
        _sentence("Does not receive", [c for c in PEOPLE if who[c] == "no"]),
        _sentence("Meant for", list(written.only)),
        _sentence("Also welcome by name", list(written.welcomes)),
    ]
    return " ".join(filter(None, said)) or None


def _sentence(begins: str, codes: list[str]) -> str:
    names = [PEOPLE[code] for code in codes if code in PEOPLE]
    return f"{begins}: {', '.join(names)}." if names else ""


def application(written: ListingShape) -> str | None:
    """What it takes to be helped there; None when nothing is known."""
    said = [
        {"yes": "No appointment is needed.", "no": "An appointment is needed."}.get(
            written.walk_in
        ),
        {"yes": "No name is asked for.", "no": "A name is asked for."}.get(written.anonymous),
        {"yes": "No identity papers are asked for."}.get(written.no_id),
    ]
    return " ".join(filter(None, said)) or None


def wait_words(state: CapacityState) -> str | None:
    """What was said about room within the last three days."""
    return {
        "open": "There was room when last asked.",
        "waitlist": "There is a waiting list.",
        "referral_only": "Only through a referral.",
        "full": "Full when last asked.",
    }.get(state)


def phone_words(contact: ContactShape, kind: str) -> str:
    """What is to be known about a number before it is dialled."""
    label = contact.label.get("en", "").rstrip(".")
    said = [
        f"{kind}." if kind else "",
        f"{label}." if label else "",
        {"yes": "Free of charge.", "no": "The call is charged."}.get(contact.free, ""),
        {"yes": "Can be reached from abroad.", "no": "Cannot be reached from abroad."}.get(
            contact.abroad or "", ""
        ),
        f"For people in {contact.country}." if contact.country else "",
    ]
    return " ".join(filter(None, said))

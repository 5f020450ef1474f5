"""The fixed words of a listing, in the order in which the bits of the index stand.

It decides nothing else. Needs and places are not fixed: they are in the packs.
"""

from typing import Final, Literal, get_args

Answer = Literal["yes", "no", "unknown"]
"""Three-valued: unknown is never no."""

Who = Literal[
    "woman",
    "man",
    "other_gender",
    "adult",
    "under18",
    "captivity",
    "lgbtqi",
    "disability",
    "displaced",
    "family",
    "military",
]
WHO: Final[tuple[str, ...]] = get_args(Who)
GENDERS: Final = ("woman", "man", "other_gender")
AGES: Final = ("adult", "under18")

Constraint = Literal["no_police", "anonymous", "no_id", "walk_in", "accessible"]
CONSTRAINTS: Final[tuple[str, ...]] = get_args(Constraint)
"""What a person may need of a service besides; a service that says no to it is left out."""

Kind = Literal["phone", "sms", "telegram", "whatsapp", "viber", "signal", "web", "chat", "email"]
KINDS: Final[tuple[str, ...]] = get_args(Kind)
DIALLED: Final = frozenset({"phone", "sms"})
"""Goes through the telephone network of the country."""
ANSWERED: Final = frozenset({"phone", "sms", "telegram", "whatsapp", "viber", "signal", "chat"})
"""Somebody answers while it is open; a page or an e-mail is answered some time later."""

Status = Literal["active", "planned", "temporarily_closed", "suspended", "closed"]
Visibility = Literal["public", "after_consent", "operator_only", "coordinator_only", "never_export"]
Vetting = Literal["not_yet", "vetted", "suspended", "refused"]
Confidence = Literal["page", "known", "unverified"]
RunBy = Literal["state", "police", "military", "ngo", "un", "faith", "survivors", "unknown"]
Cost = Literal["free", "paid", "unknown"]
CapacityState = Literal["open", "waitlist", "referral_only", "full"]
HolidayPolicy = Literal["as_usual", "closed", "unknown"]
How = Literal["call", "visit", "letter"]
"""How somebody in the deploying organisation confirmed a listing."""

OLD_BEFORE: Final = "2024"
"""A source older than this is labelled; a source without a date too."""

ABROAD: Final = "abroad"
OCCUPIED: Final = "occupied"
INTERNATIONAL: Final = "INT"
HOTLINE: Final = "emergency.hotline"

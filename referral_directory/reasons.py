"""The words of a referral: reason codes and relaxations, with their English sentence.

The same sentences are the source of the catalogue, under `reason.<code>` and `relaxed.<code>`. A
code with a value is written `code:value`; `{value}` is put in its place, in the reader's language
where it is a place, a need or a language.
"""

from typing import Final

REASONS: Final = {
    "urgent": "helps best within {value} hours",
    "window_passed": "best within {value} hours; still go: there is other care they can give",
    "open_now": "open now",
    "always_open": "open day and night",
    "hours_unknown": "opening hours not known",
    "closed_now": "closed now",
    "speaks": "speaks {value}",
    "interpreter": "{value} through an interpreter",
    "other_language": "may not speak your language",
    "in": "in {value}",
    "national": "helps in the whole of {value}",
    "from_abroad": "can be reached from abroad",
    "online": "online or by messenger",
    "elsewhere": "in another region: {value}",
    "international": "international",
    "related_need": "close to what you are looking for",
    "welcomes": "welcomes {value}",
    "meant_for": "meant for {value}",
    "free": "free of charge",
    "anonymous": "no name needed",
    "no_id": "no papers needed",
    "recheck": "the source is old or has no date: check before you go",
    "undated": "the source has no date",
    "confirmed": "confirmed by us on {value}",
    "overdue": "not confirmed again since: it is long due",
}
"""In the order in which they are given."""

RELAXED: Final = {
    "place": "This place is not in the directory; these help in the whole country.",
    "language": "None of these is known to speak your language.",
    "interpreter": "These speak your language through an interpreter.",
    "open_now": "None of these is known to be open now.",
    "need": "There is nothing for exactly this; these are close to it.",
    "region": "There is nothing near; these are in other regions.",
    "national": "These are in the country and can be reached from where you are.",
    "international": "These are international.",
    "operator": "There is nothing in the directory for this. A person can help to look further.",
}
"""In the order in which things are relaxed."""

WHO: Final = {
    "woman": "women",
    "man": "men",
    "other_gender": "people of any other gender",
    "adult": "adults",
    "under18": "people under 18",
    "captivity": "people who were held captive",
    "lgbtqi": "LGBTQI+ people",
    "disability": "people with a disability",
    "displaced": "displaced people",
    "family": "families of those affected",
    "military": "military people and veterans",
}


def split(code: str) -> tuple[str, str | None]:
    """The code and its value: `in:UA-63` is `in` and `UA-63`."""
    name, colon, value = code.partition(":")
    return name, value if colon else None


def english(code: str) -> str:
    """An English sentence for a reason code."""
    name, value = split(code)
    if value is not None and name in {"welcomes", "meant_for"}:
        value = WHO.get(value, value)
    return REASONS[name].replace("{value}", value or "")

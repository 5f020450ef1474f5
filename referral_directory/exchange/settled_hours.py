"""Hours in a row stand twice: as printed, and as rules. Here both come to say the same, or a fault.

Rules are taken from printed words only where these are plain; otherwise the hours are not known.
"""

from collections.abc import Callable, Mapping
from typing import Any

from referral_directory.exchange.cells import hours_rules
from referral_directory.exchange.rows import Severity

Say = Callable[[str, str, str, Severity], None]
"""Told a fault: column, what is wrong, how to mend it, how grave."""


def settle_hours(
    at: dict[str, Any], key: str, touched: set[str], written: Mapping[str, str], say: Say
) -> None:
    """Settles the hours of a listing or a contact after the cells of a row were put in."""
    hours = at.get("hours")
    rules_key = f"{key}_rules"
    if not isinstance(hours, dict) or not touched & {key, rules_key}:
        if isinstance(hours, dict) and not hours.get("printed"):
            _without_words(at, hours, key, say)
        return
    if not hours.get("printed"):
        if key in touched and rules_key not in touched:
            del at["hours"]  # `-` in the hours takes them away whole
            return
        _without_words(at, hours, key, say)
        return
    plain = hours_rules(hours["printed"])
    rules = hours.get("rules")
    if key in touched and rules_key not in touched:
        # What stood in the rules was of the words before.
        if rules_key in written and plain is None:
            hours.pop("rules", None)
            said = f"These words are not plain hours, so “{rules}” no longer counts."
            say(rules_key, said, "Write the rules too, or leave the hours unknown.", "warning")
        elif plain is not None:
            hours["rules"] = plain
            if plain != hours["printed"]:
                say(key, f"Read as {plain}.", "", "warning")
        else:
            say(key, "Shown as written; not read as hours.", "Like Mo-Fr 09:00-18:00.", "warning")
    elif plain is not None and rules is not None and plain != hours_rules(rules):
        say(rules_key, f"The hours beside say {plain}.", "Make both say the same.", "error")


def _without_words(at: dict[str, Any], hours: dict[str, Any], key: str, say: Say) -> None:
    if hours.get("rules"):
        hours["printed"] = hours["rules"]
    elif any(hours.values()):
        say(key, "There are no hours that this belongs to.", "Write the hours.", "error")
    else:
        at.pop("hours", None)

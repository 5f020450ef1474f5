"""Doubts about a number: what is dialled, what is shown of it, what it costs, where it works."""

import unicodedata
from collections.abc import Iterator
from typing import Final

from referral_directory.codes import DIALLED
from referral_directory.keeping.doubt import Doubt, doubt
from referral_directory.keeping.fields import Content
from referral_directory.keeping.letters import compatibility, other_digit, scripts, unseen
from referral_directory.numbers import doubts as plan_doubts
from referral_directory.numbers import is_short

_TAIL: Final = 6
"""So many last digits must be the same in what is shown and what is dialled."""


def number_doubts(
    contact: Content, name: str, country: str | None, content: Content
) -> Iterator[Doubt]:
    """Doubts about `number` and `shown` of a contact; `country` None: of no country."""
    number, shown = str(contact.get("number") or ""), str(contact.get("shown") or "")
    for field, text in ((f"{name}.number", number), (f"{name}.shown", shown)):
        yield from _letters(text, field)
    if shown and number and contact.get("kind") in DIALLED and not _same(number, shown):
        yield doubt(f"{name}.shown", "shown_differs")
    if number and number.isascii():
        yield from _plan(number, f"{name}.number", country, content)
        if is_short(number) and contact.get("abroad") == "yes":
            yield doubt(f"{name}.number", "short_abroad")


def _letters(text: str, field: str) -> Iterator[Doubt]:
    if mark := unseen(text, strict=True):
        yield doubt(field, "unseen", mark)
    if letter := compatibility(text):
        yield doubt(field, "full_width", letter)
    elif digit := other_digit(text):
        yield doubt(field, "other_digits", digit)
    if len(scripts(text)) > 1:
        yield doubt(field, "mixed_scripts", text)


def _same(number: str, shown: str) -> bool:
    digits = "".join(str(d) for d in (unicodedata.digit(c, None) for c in shown) if d is not None)
    return bool(digits) and number.endswith(digits.lstrip("0")[-_TAIL:])


def _plan(number: str, field: str, country: str | None, content: Content) -> Iterator[Doubt]:
    import phonenumbers  # noqa: PLC0415  (its tables take time; only this check needs them)
    from phonenumbers import shortnumberinfo  # noqa: PLC0415

    if country is None and is_short(number):
        return
    if why := plan_doubts(number, country or "ZZ"):
        yield doubt(field, "number", why)
    try:
        parsed = phonenumbers.parse(number, country)
    except phonenumbers.NumberParseException:
        return
    if is_short(number) and not number.startswith("0"):
        cost = shortnumberinfo.expected_cost_for_region(parsed, country or "ZZ")
        if cost == shortnumberinfo.ShortNumberCost.PREMIUM_RATE:
            yield doubt(field, "premium_rate")
        return
    kinds = phonenumbers.PhoneNumberType
    kind = phonenumbers.number_type(parsed)
    if kind in {kinds.PREMIUM_RATE, kinds.SHARED_COST}:
        yield doubt(field, "premium_rate")
    at_home = country is None or phonenumbers.country_code_for_region(country)
    if not isinstance(at_home, bool) and parsed.country_code != at_home:
        served = {str(code)[:2] for code in content.get("area", ())}
        region = phonenumbers.region_code_for_number(parsed) or ""
        if region not in served:
            yield doubt(field, "other_country", region)

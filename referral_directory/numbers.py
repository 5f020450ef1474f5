"""How a number is shown and dialled. It never makes a number up: digits in, the same digits out."""

import re
from functools import lru_cache
from typing import Final

from referral_directory.codes import DIALLED, Answer

_UKRAINE: Final = re.compile(r"\+380([0-9]{2})([0-9]{3})([0-9]{2})([0-9]{2})\Z")
_NATIONAL: Final = re.compile(r"\+380[89]00[0-9]{6}\Z")
"""0 800 and 0 900: numbers that exist inside Ukraine only."""


_AT_HOME: Final = re.compile(r"0(?!800|900)[0-9]{2} [0-9]{3} [0-9]{2} [0-9]{2}\Z")
"""A Ukrainian number as it is shown in Ukraine, of a town or a mobile."""

_LONGEST_SHORT: Final = 6


def is_short(number: str) -> bool:
    """A number that is dialled as it stands and means something in one country only."""
    return not number.startswith("+")


def shown(number: str) -> str:
    """A number as people of its country write it: `0 800 500 335`, `050 626 13 79`, `116 123`.

    A number of another country keeps its country code, so that it is not dialled in the wrong one.
    """
    if is_short(number):
        return f"{number[:3]} {number[3:]}" if re.fullmatch("116[0-9]{3}", number) else number
    if _NATIONAL.match(number):
        return f"0 {number[4:7]} {number[7:10]} {number[10:]}"
    if found := _UKRAINE.match(number):
        area, *rest = found.groups()
        return f"0{area} {' '.join(rest)}"
    from phonenumbers import (  # noqa: PLC0415  (only for numbers of other countries)
        NumberParseException,
        PhoneNumberFormat,
        format_number,
        parse,
    )

    try:
        return str(format_number(parse(number), PhoneNumberFormat.INTERNATIONAL))
    except NumberParseException:
        return number


def dial(number: str) -> str:
    """What a tap on the number opens.

    A toll-free number in its national form (from the country only).
    """
    if _NATIONAL.match(number):
        return f"tel:0{number[4:]}"
    return f"tel:{number}"


def from_outside(number: str, country: str) -> str:
    """A number as somebody outside its country must dial it: `+380 44 272 15 00`.

    `number` is as it is shown. What is dialled in its country only stays as it is.
    """
    if country == "UA" and _AT_HOME.match(number):
        return f"+380 {number[1:]}"
    return number


def from_abroad(kind: str, number: str | None) -> Answer:
    """Whether a way to reach a service works from another country, when the pack does not say."""
    if kind not in DIALLED:
        return "yes"
    if number is None or is_short(number) or _NATIONAL.match(number) or _is_freephone(number):
        return "no"
    return "unknown"


@lru_cache(maxsize=512)
def _freephones(prefix: str) -> tuple[re.Pattern[str], ...]:
    """What freephone numbers look like in the countries whose code begins a number, or all do."""
    from phonenumbers import (  # noqa: PLC0415  (only for numbers of other countries)
        COUNTRY_CODE_TO_REGION_CODE,
        PhoneMetadata,
    )

    found = []
    for digits in (1, 2, 3):
        code = int(prefix[1 : 1 + digits] or 0)
        for region in COUNTRY_CODE_TO_REGION_CODE.get(code, ()):
            known = PhoneMetadata.metadata_for_region_or_calling_code(code, region)
            pattern = known and known.toll_free and known.toll_free.national_number_pattern
            if pattern:
                found.append(re.compile(rf"[0-9]{{{digits},{digits + 3}}}(?:{pattern})\Z"))
    return tuple(found)


def _is_freephone(number: str) -> bool:
    if _UKRAINE.match(number):
        return False
    # A number that looks like none of them is none: the library is asked about few, it is slow.
    if not any(pattern.match(number, 1) for pattern in _freephones(number[:4])):
        return False
    import phonenumbers  # noqa: PLC0415  (only for numbers of other countries)

    try:
        kind = phonenumbers.number_type(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return False
    return bool(kind == phonenumbers.PhoneNumberType.TOLL_FREE)


def doubts(number: str, country: str) -> str | None:
    """Why a number looks wrong for its country, or None. A doubt is a warning, never a refusal."""
    import phonenumbers  # noqa: PLC0415  (its tables take time; only the check needs them)
    from phonenumbers import shortnumberinfo  # noqa: PLC0415

    try:
        parsed = phonenumbers.parse(number, country)
    except phonenumbers.NumberParseException:
        return "cannot be read as a telephone number"
    # An area code with a short number, like (012) 860, is in no numbering plan.
    if number.startswith("0") and len(number) <= _LONGEST_SHORT:
        return None
    if is_short(number) and not number.startswith("0"):
        if shortnumberinfo.is_possible_short_number_for_region(parsed, country):
            return None
        return f"is not a possible short number in {country}"
    if phonenumbers.is_valid_number(parsed):
        return None
    return "is not in use, as far as the public numbering plans say"

"""Single cells: how a value is written into one, and what a cell that somebody typed says.

Digits of other scripts, marks of direction and no-break spaces are understood in numbers, hours,
codes and addresses. A cell that can be read in two ways is a fault, never a guess.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from authored import did_you_mean
from referral_directory.exchange.vocabulary import NO, UNKNOWN, YES, folded
from referral_directory.hours import read_rules

REMOVE: Final = "-"
"""A cell that says this empties the field; an empty cell leaves it as it is."""

_DANGEROUS: Final = re.compile(r"'*[=+\-@\t\r＝＋－＠]")
_GUARDED: Final = re.compile(r"'(?='*[=+\-@\t\r＝＋－＠])")
_UNSEEN: Final = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u061c\u00ad]")
_EDGE: Final = re.compile(
    r"^[\s\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u061c]+"
    r"|[\s\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u061c]+$"
)
_UNWRITABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_EXTENSION: Final = re.compile(r"[0-9]\D*(?:дод|ext|вн|доб|#|x)", re.IGNORECASE)
_MANY: Final = re.compile(r"[;,\n]|\s/\s")
_DOTTED_DAY: Final = re.compile(r"([0-3]?[0-9])\.([01]?[0-9])\.([0-9]{4})\Z")


class Unread(ValueError):
    """A cell that could not be read: `said` what is wrong, and `mend` what would help."""

    def __init__(self, said: str, mend: str = "") -> None:
        super().__init__(said)
        self.mend = mend


def guarded(text: str) -> str:
    """A text that no spreadsheet takes for a formula, whatever it begins with."""
    return f"'{text}" if _DANGEROUS.match(text) else text


def tidy(text: str) -> str:
    """A cell without what nobody sees at its edges, without the guard, and with plain line ends."""
    if not text.isprintable():
        text = _UNWRITABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
        text = _EDGE.sub("", text)
    text = text.strip()
    return text[1:] if text[:1] == "'" and _GUARDED.match(text) else text


def plain(text: str) -> str:
    """A code, number or address: no invisible marks, usual widths, European digits."""
    if text.isascii():
        return " ".join(text.split())
    text = unicodedata.normalize("NFKC", _UNSEEN.sub("", text))
    return " ".join(
        "".join(
            str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in text
        ).split()
    )


def items(cell: str) -> list[str]:
    """The parts of a list: `legal; medical`. Lines or semicolons part them; else commas."""
    if cell.startswith("["):
        return [str(one) for one in from_json(cell, list)]
    parts = re.split(r"[;\n؛]", cell)
    if len(parts) == 1:
        parts = re.split(r"[,،]", cell)
    return [part.strip() for part in parts if part.strip()]


def pairs(cell: str) -> dict[str, str]:
    """Named values: `medical.pep: 72; medical.ec: 120`."""
    if cell.startswith("{"):
        return {str(key): str(value) for key, value in from_json(cell, dict).items()}
    found = {}
    for part in re.split(r"[;\n]", cell):
        name, colon, value = part.partition(":")
        if part.strip():
            if not colon or not value.strip():
                raise Unread(f"‘{part.strip()}’ is not a name and a value", "Like `name: value`.")
            found[name.strip()] = value.strip()
    return found


def written_items(values: Sequence[str]) -> str:
    """A list as a cell that reads back as the same list."""
    text = "; ".join(values)
    return text if items(text) == list(values) else json.dumps(list(values), ensure_ascii=False)


def written_pairs(values: Mapping[str, Any]) -> str:
    """Named values as a cell that reads back as the same."""
    told = {key: str(value) for key, value in values.items()}
    text = "; ".join(f"{key}: {value}" for key, value in told.items())
    try:
        if pairs(text) == told:
            return text
    except Unread:
        pass
    return json.dumps(told, ensure_ascii=False)


def from_json(cell: str, kind: type) -> Any:
    """What a cell in JSON holds. Raises `Unread` when it is not of that kind."""
    try:
        value = json.loads(cell)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, kind):
        raise Unread("begins like a list for programs and is none", "Write it like `one; two`.")
    return value


def answer(cell: str) -> str:
    """`yes`, `no` or `unknown`."""
    word = folded(plain(cell)) or plain(cell)
    for code, words in (("yes", YES), ("no", NO), ("unknown", UNKNOWN)):
        if word in words:
            return code
    raise Unread(f"‘{cell}’ is neither yes nor no", "Write yes, no or unknown.")


def choice(cell: str, codes: Iterable[str], words: Mapping[str, str]) -> str:
    """One of the fixed words, in English or Ukrainian."""
    word = plain(cell)
    known = list(codes)
    if word in known:
        return word
    by_name = {folded(code): code for code in known} | dict(words)
    if (code := by_name.get(folded(word))) in known:
        return str(code)
    near = did_you_mean(folded(word), by_name)
    raise Unread(
        f"‘{cell}’ is not one of the words for this.", near or f"Known: {', '.join(known)}."
    )


def number(cell: str, country: str | None) -> str:
    """A telephone number as the directory keeps it: `+380…`, a short number, or as dialled."""
    text = plain(cell)
    if _EXTENSION.search(text):
        raise Unread("has an extension", "Put the extension into the label of the contact.")
    digits = re.sub(r"[\s().\-‐-―/]", "", text)
    if digits.startswith("00"):
        digits = f"+{digits[2:]}"
    if not re.fullmatch(r"\+?[0-9]+", digits):
        if _MANY.search(cell) and sum(map(str.isdecimal, text)) > 8:
            raise Unread("has more than one number", "One number a cell: add a column `phone 2`.")
        raise Unread("is not a telephone number", "Write digits, like +380441234567 or 116123.")
    if digits.startswith("0") and len(digits) > 6 and country and (found := _full(digits, country)):
        return found
    if len(digits) > 13 and not digits.startswith("+"):
        raise Unread("is too long for one number", "Write one number, like +380441234567.")
    if len(digits) > 6 and digits[0] not in "+0":
        raise Unread("has neither + nor 0 in front", "Write it whole, like +380441234567.")
    return digits


def _full(digits: str, country: str) -> str | None:
    """The number with its country code, where the numbering plan leaves no doubt."""
    import phonenumbers  # noqa: PLC0415  (its tables take time)

    try:
        parsed = phonenumbers.parse(digits, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number_for_region(parsed, country):
        return None
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))


def url(cell: str) -> str:
    """A web address, whole."""
    text = plain(cell)
    if re.match(r"https?://", text) or not text:
        return text
    if text.startswith("@") and re.fullmatch(r"@\w{4,40}", text):
        raise Unread("is a name, not an address", f"Write https://t.me/{text[1:]} or the like.")
    raise Unread("is not a whole web address", "Write it with https:// in front.")


def email(cell: str) -> str:
    """An e-mail address."""
    return plain(cell).removeprefix("mailto:")


def day(cell: str) -> str:
    """A day, a month or a year: `2024-07-01`, `2024-07`, `2024`, or 01.07.2024."""
    text = plain(cell).removesuffix("T00:00")
    if found := _DOTTED_DAY.match(text):
        return f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}"
    if "/" in text:
        raise Unread("may be two different days", "Write it like 2024-07-01.")
    return text


_DAY_WORDS: Final = {
    word: code
    for code, words in {
        "Mo": "mo mon monday пн понеділок",
        "Tu": "tu tue tuesday вт вівторок",
        "We": "we wed wednesday ср середа",
        "Th": "th thu thursday чт четвер",
        "Fr": "fr fri friday пт пятниця",
        "Sa": "sa sat saturday сб субота",
        "Su": "su sun sunday нд неділя",
    }.items()
    for word in words.split()
}
_ALWAYS: Final = frozenset(
    {"24/7", "цілодобово", "24 7", "round the clock", "24 години", "24/7/365"}
)
_DAILY: Final = frozenset({"daily", "every day", "щодня", "щоденно"})
_SPAN: Final = re.compile(
    r"([0-2]?[0-9])(?:[:.]([0-5][0-9]))?-([0-2]?[0-9])(?:[:.]([0-5][0-9]))?\Z"
)


def hours_rules(printed: str) -> str | None:
    """The weekly rules that printed hours say plainly, or None where they are not plain.

    Days and times only, in English or Ukrainian; any other word, and nothing is read out of it.
    """
    text = re.sub(r"\s*[‐-―−]\s*|\s+-\s+|\s+(?:to|до)\s+", "-", plain(printed).casefold())
    text = text.replace("'", "").replace("’", "").replace("ʼ", "").strip(" .")
    if text in _ALWAYS:
        return "24/7"
    parts: list[str] = []
    for part in re.split(r"\s*;\s*", text):
        words = part.split()
        at = next((i for i, word in enumerate(words) if word[0].isdigit()), len(words))
        days = _days(" ".join(words[:at]).strip(" :,"))
        times = [_times(word) for word in "".join(words[at:]).split(",")]
        if days is None or not times or None in times:
            return None
        parts.append(f"{days} {','.join(str(one) for one in times)}")
    rules = "; ".join(parts)
    try:
        read_rules(rules)
    except ValueError:
        return None
    return rules


def _days(text: str) -> str | None:
    if text in _DAILY:
        return "daily"
    found = []
    for part in re.split(r"\s*,\s*", text):
        ends = [_DAY_WORDS.get(word.strip(" .")) for word in part.split("-")]
        if not 1 <= len(ends) <= 2 or None in ends:
            return None
        found.append("-".join(str(one) for one in ends))
    return ",".join(found)


def _times(text: str) -> str | None:
    found = _SPAN.match(text)
    if not found:
        return None
    first, minute, last, end = found.groups()
    return f"{int(first):02}:{minute or '00'}-{int(last):02}:{end or '00'}"

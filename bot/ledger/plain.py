"""How words are written down and looked for: one JSON for every content, one spelling for a search.

It decides when two texts are the same to somebody who types. It knows nothing of tables.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec

from bot.ledger.model import Content
from referral_directory.keeping.fields import contacts_of, reached_by

_FOLDED: Final = str.maketrans(
    {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ـ": None, "’": "'", "ʼ": "'"}
)


class _Spelling(dict[int, str | int | None]):
    """What each character is looked for as, found out when it is first met."""

    def __missing__(self, code: int) -> str | int | None:
        letter = chr(code)
        digit = unicodedata.digit(letter, None)
        if unicodedata.category(letter) in {"Mn", "Cf"}:
            # й and ї are letters of their own, but nobody minds finding both.
            self[code] = None
        else:
            self[code] = code if digit is None else str(digit)
        return self[code]


_SPELLING: Final = _Spelling(_FOLDED)
_JSON: Final = msgspec.json.Encoder(order="sorted")
_FREE: Final = ("names", "organization", "address")


def written(value: Any) -> str:
    """The one JSON of a value, whatever the order it came in."""
    return _JSON.encode(value).decode()


def read(text: str) -> Any:
    """What that JSON says. Raises `ValueError`."""
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        raise ValueError("is not JSON") from None


def hash_of(value: Any) -> str:
    """SHA-256 of that JSON, hex."""
    return hashlib.sha256(_JSON.encode(value)).hexdigest()


def salted(salt: bytes, text: str) -> str:
    """A hash that tells nothing about a short text once its salt is gone."""
    return hashlib.sha256(salt + text.encode()).hexdigest()


def plain(text: str) -> str:
    """One spelling: any case, marks, width and script of digits; Arabic letters folded."""
    if text.isascii():
        return text.casefold()
    return unicodedata.normalize("NFKD", text).casefold().translate(_SPELLING)


def found_by(name: str, content: Content) -> str:
    """All that a record is found by, plain: id, names, organisation, address, numbers, URLs."""
    words = [name, *(w for one in _FREE for w in _texts(content.get(one)))]
    for contact in contacts_of(content):
        address = reached_by(contact)
        words.append(address)
        if contact.get("shown"):
            words.append(re.sub("[^0-9+]", "", str(contact["shown"])))
    return plain("\n".join(words))


def asked(text: str) -> list[str]:
    """What a typed search must find, each of it: words, or the digits of one number."""
    typed = plain(text).strip()
    if re.fullmatch(r"[0-9+()\s./-]*[0-9][0-9+()\s./-]*", typed):
        digits = re.sub("[^0-9]", "", typed)
        # 0 800 … is written +380 800 …: without its zero it is found in both.
        return [digits.lstrip("0") or digits]
    # What cannot be seen finds nothing, rather than everything.
    return typed.split()[:8] or [text.strip()]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)

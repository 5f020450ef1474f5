"""What of a listing can give it away as another one: its name, its contacts, its place.

It makes comparable what people write in different ways. It does not judge who is the same.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any, Final
from unicodedata import category, normalize
from urllib.parse import urlsplit

Content = Mapping[str, Any]


def _listed(text: str) -> list[str]:
    return text.split()


_WORD: Final = re.compile(r"[^\W_]+")
_POSSESSIVE: Final = re.compile(r"(?<=\w)['’ʼ]s\b")
_APOSTROPHE: Final = re.compile(r"['’ʼ`]")
_NOTHING_SAID: Final = frozenset(
    _listed(
        "a an and at by for in of on the to ngo ngos inc ltd llc "
        "у в та і й на для при про го бо бф мбф кнп кз кну дп "
        "и во де о le la les du des et pour el los las y para de del"
    )
)
"""Small words and legal forms: `Kyiv Women Shelter (NGO)` is `Women's Shelter Kyiv`."""
_SAME: Final = {"center": "centre", "centers": "centre", "centres": "centre", "womens": "women"}
_HOSTED: Final = frozenset(
    _listed(
        "t.me telegram.me wa.me facebook.com m.facebook.com instagram.com viber.com m.me "
        "youtube.com linktr.ee sites.google.com docs.google.com forms.gle bit.ly"
    )
)
"""Many have a page there: who it is stands in the path."""


@dataclass(frozen=True, slots=True)
class Traits:
    """One listing, made comparable."""

    id: str
    names: Mapping[str, tuple[str, ...]]
    """By language: its words, sorted."""
    numbers: Mapping[str, frozenset[str]]
    """By language: the numbers that stand in the name."""
    organization: frozenset[str]
    phones: frozenset[str]
    shorts: frozenset[str]
    """Numbers that mean something in one country only, with the country: `UA:1547`."""
    emails: frozenset[str]
    pages: frozenset[str]
    domains: frozenset[str]
    address: str
    countries: frozenset[str]
    regions: frozenset[str]
    """Empty for what serves a whole country."""
    needs: frozenset[str]


@lru_cache(maxsize=4096)
def words(text: str) -> tuple[str, ...]:
    """The words of a name in any case, script folding and spelling of the same sign, sorted.

    Kept for a while: a name is asked for several times, and an organisation has many listings.
    """
    plain = normalize("NFKC", text).casefold()
    plain = _APOSTROPHE.sub("", _POSSESSIVE.sub("", plain))
    if not plain.isascii():
        # й and ї are letters of their own, not и and і with a mark: composed after the marks go.
        plain = normalize(
            "NFC",
            "".join(
                sign
                for sign in normalize("NFD", plain)
                if sign < "\u0300" or category(sign) != "Mn" or sign in "\u0306\u0308"
            ),
        )
    found = _WORD.findall(plain)
    said = [_SAME.get(word, word) for word in found if word not in _NOTHING_SAID]
    return tuple(sorted(said or found))


def traits(name: str, content: Content) -> Traits:
    """What is comparable of a listing. Parts that are missing or misshapen count as not said."""
    contacts = list(_contacts(content))
    areas = [str(code) for code in content.get("area") or ()]
    countries = frozenset(code[:2] for code in areas if re.match(r"[A-Z]{2}(-|$)", code))
    country = min(countries, default="")
    texts = {str(k): str(v) for k, v in dict(content.get("names") or {}).items()}
    given = [str(contact["number"]) for contact in contacts if contact.get("number")]
    links = [link for contact in contacts if (link := _page(contact.get("url")))]
    return Traits(
        id=name,
        names={language: words(text) for language, text in texts.items()},
        numbers={
            language: frozenset(word.lstrip("0") for word in words(text) if word.isdecimal())
            for language, text in texts.items()
        },
        organization=frozenset(
            " ".join(words(str(text))) for text in dict(content.get("organization") or {}).values()
        ),
        phones=frozenset(number for number in given if number.startswith("+")),
        shorts=frozenset(
            f"{contact.get('country') or country}:{contact['number']}"
            for contact in contacts
            if contact.get("number") and not str(contact["number"]).startswith("+")
        ),
        emails=frozenset(str(c["email"]).casefold() for c in contacts if c.get("email")),
        pages=frozenset(page for _, page in links if page),
        domains=frozenset(domain for domain, _ in links if domain),
        address=_address(content.get("address")),
        countries=countries,
        regions=frozenset(code for code in areas if "-" in code)
        if not any("-" not in code for code in areas)
        else frozenset(),
        needs=frozenset(str(need).partition(".")[0] for need in content.get("needs") or ()),
    )


def likeness(content: Content) -> str:
    """A hash of names and contacts: while it stands, what was judged of the pair stands too."""
    said = {
        "names": dict(content.get("names") or {}),
        "contacts": sorted(
            [str(contact.get(part) or "") for part in ("kind", "number", "url", "email")]
            for contact in _contacts(content)
        ),
    }
    return sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _contacts(content: Content) -> Iterator[Mapping[str, Any]]:
    return (one for one in content.get("contacts") or () if isinstance(one, Mapping))


def _page(url: object) -> tuple[str, str] | None:
    """Domain and page of a web address; where many have a page, the page alone."""
    if not url:
        return None
    try:
        parts = urlsplit(str(url))
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return None
    path = parts.path.rstrip("/").casefold()
    if host in _HOSTED:
        return "", f"{host}{path}" if path else ""
    return host, f"{host}{path}" if path else ""


def _address(address: object) -> str:
    if not isinstance(address, Mapping):
        return ""
    line, city = address.get("line"), address.get("city")
    return " ".join(words(f"{city} {line}")) if line and city else ""

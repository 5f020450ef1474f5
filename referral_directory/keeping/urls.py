"""Doubts about the address of a page or an e-mail: whether it leads where it seems to lead.

It reads the address as text and asks no network: looking a name up would already tell somebody.
"""

import ipaddress
import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote

from referral_directory.keeping.doubt import Doubt, doubt
from referral_directory.keeping.letters import (
    compatibility,
    looks_latin,
    other_digit,
    script_of,
    scripts,
    unseen,
)

SHORTENERS: Final = frozenset(
    {
        *("bit.ly", "bit.do", "bitly.com", "bl.ink", "buff.ly", "clck.ru", "cutt.ly", "dub.sh"),
        *("goo.gl", "is.gd", "lnkd.in", "ow.ly", "qps.ru", "rb.gy", "rebrand.ly", "s.id"),
        *("shorturl.at", "shorturl.com", "soo.gd", "surl.li", "t.co", "t.ly", "t2m.io", "tiny.cc"),
        *("tinyurl.com", "trib.al", "u.to", "v.gd", "vk.cc", "vo.la", "wp.me"),
    }
)
_HERE: Final = frozenset({"localhost", "local", "internal", "lan", "home", "intranet", "onion"})
_URL = re.compile(
    r"(?P<scheme>[a-zA-Z][a-zA-Z0-9+.-]*)://(?P<authority>[^/?#]*)(?P<rest>.*)\Z", re.DOTALL
)
_USUAL_PORT: Final = {"http": "80", "https": "443"}
_NUMERIC = re.compile(r"(0x[0-9a-f]*|[0-9]+)\Z", re.IGNORECASE)


def url_doubts(url: str, field: str) -> Iterator[Doubt]:
    """Doubts about a web address, the most dangerous first."""
    yield from _letters(url, field)
    found = _URL.match(url.strip())
    if found is None:
        yield doubt(field, "unreadable_url")
        return
    authority = found["authority"]
    if "@" in unquote(authority) or "\\" in url:
        yield doubt(field, "user_in_url", authority.partition("@")[0])
    host, port = _host_and_port(re.split(r"[\\]", authority.rpartition("@")[2])[0])
    yield from host_doubts(host, field)
    if port and port != _USUAL_PORT.get(found["scheme"].lower()):
        yield doubt(field, "odd_port", port)
    if found["scheme"].lower() != "https":
        yield doubt(field, "not_https")


def email_doubts(email: str, field: str) -> Iterator[Doubt]:
    """Doubts about an e-mail address: its letters, and the site that keeps the box."""
    yield from _letters(email, field)
    name, _, host = email.rpartition("@")
    if len(scripts(name)) > 1:
        yield doubt(field, "mixed_scripts", name)
    elif looks_latin(name):
        yield doubt(field, "look_alike", name)
    yield from host_doubts(host, field)


def host_doubts(host: str, field: str) -> Iterator[Doubt]:
    """Doubts about the name of a site."""
    plain = host.strip(".").casefold()
    labels = re.split(r"[.。．｡]", plain)
    if _is_bare(plain, labels):
        yield doubt(field, "bare_address", host)
        return
    if labels[-1] in _HERE or len(labels) < 2:
        yield doubt(field, "not_public", host)
    if plain.removeprefix("www.") in SHORTENERS:
        yield doubt(field, "shortener", host)
    said = [_said(label) for label in labels]
    for label, read in zip(labels, said, strict=True):
        if label.startswith("xn--"):
            yield doubt(field, "punycode", read)
        if looks_latin(read) or _has_unusual_latin(read):
            yield doubt(field, "look_alike", read)
    # One script a name: Latin letters below a Cyrillic end, or the other way, are two.
    if len(scripts("".join(said))) > 1:
        yield doubt(field, "mixed_scripts", ".".join(said))


def _said(label: str) -> str:
    """A part of a name as people read it: without its code, when it has one."""
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except (UnicodeError, ValueError):
        return label


def _has_unusual_latin(label: str) -> bool:
    """Letters of phonetics or of old books, which no language of today writes in names."""
    return any(
        script_of(letter) == "LATIN" and ord(letter) >= 0x0250 and letter != "ə"
        for letter in label
        if letter.isalpha()
    )


def _letters(text: str, field: str) -> Iterator[Doubt]:
    # A mark may be hidden once or twice behind per cent signs, too.
    if mark := unseen(text, strict=True) or unseen(unquote(unquote(text)), strict=True):
        yield doubt(field, "unseen", mark)
    if letter := compatibility(text):
        yield doubt(field, "full_width", letter)
    elif digit := other_digit(text):
        yield doubt(field, "other_digits", digit)


def _host_and_port(authority: str) -> tuple[str, str]:
    if authority.startswith("["):
        host, _, port = authority[1:].partition("]")
        return host, port.removeprefix(":")
    host, _, port = authority.partition(":")
    return host, port


def _is_bare(host: str, labels: list[str]) -> bool:
    """Whether a browser would take this for the number of a machine, in any spelling."""
    if all(_NUMERIC.match(label) for label in labels if label) and any(labels):
        return True
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True

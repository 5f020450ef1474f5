"""What a browser sent: whose it is, what it says, whether it may be taken. It answers nothing.

Everything here is hostile until shown otherwise. A cookie that is not exactly ours is no cookie.
A form is plain `a=b&c=d` in UTF-8 and small; files, other encodings and other sites are refused.
Never raise with what was sent: the errors here carry a status and no words.
"""

import asyncio
import hashlib
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from aiohttp import web

from bot.channels.contract import Address, Pressed, Words

MOST_BYTES: Final = 16 * 1024
"""The largest form in bytes. An answer is a few words."""
MOST_SECONDS: Final = 20
"""How long a form may take to arrive."""
MOST_FIELDS: Final = 8
MOST_KEY: Final = 128
"""The longest key or mark of a button in characters; ours are a few letters."""
SECRET_BYTES: Final = 32
COOKIE_CHARACTERS: Final = 43
"""32 bytes in URL-safe base64 without its padding."""


class Refused(Exception):
    """What came cannot be taken. `reason` names the page's word for it; it repeats nothing."""

    def __init__(self, status: HTTPStatus, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Form:
    """One answer. `once` names this copy of the form, so that sending it twice has one effect."""

    heard: Pressed | Words = field(repr=False)
    once: str = field(repr=False)


def new_secret() -> bytes:
    """What a new browser will hold."""
    return secrets.token_bytes(SECRET_BYTES)


def cookie_text(secret: bytes) -> str:
    """The value of the cookie for a secret."""
    return urlsafe_b64encode(secret).rstrip(b"=").decode("ascii")


def read_cookie(request: web.Request, name: str) -> bytes | None:
    """The secret of this browser, or None when it has none that we could have given."""
    text = request.cookies.get(name, "")
    if len(text) != COOKIE_CHARACTERS or not text.isascii():
        return None
    try:
        secret = urlsafe_b64decode(text + "=")
    except ValueError:
        return None
    # The last letter holds spare bits and the decoder skips foreign letters: only our own spelling
    # counts.
    return secret if cookie_text(secret) == text else None


def address_of(secret: bytes, site: str) -> Address:
    """The address of a browser. The secret itself is only mixed into the seal."""
    person = hashlib.sha256(b"web address" + secret).digest()
    return Address(channel="web", bot=site, person=person, secret=secret)


def same_site(request: web.Request) -> bool:
    """Whether this form came from our own page, as far as the browser says.

    One that says nothing (Lynx) is let in: the cookie is SameSite=Strict, so a form of another site
    comes without it and can at most begin a new session.
    """
    said = request.headers.get("Sec-Fetch-Site")
    if said is not None:
        return said in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    if origin is None:
        return True
    try:
        return urlsplit(origin).netloc == request.host != ""
    except ValueError:
        return False


def is_prefetch(request: web.Request) -> bool:
    """Whether nobody asked for this: a browser or an extension looks ahead."""
    said = request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")
    return "prefetch" in said.lower()


def device_language(request: web.Request, languages: Sequence[str]) -> str:
    """The best of our languages for this browser; the first of ours when it names none of them."""
    best, weight = languages[0], 0.0
    for part in request.headers.get("Accept-Language", "").split(",", 20)[:20]:
        tag, _, rest = part.strip().lower().partition(";")
        wish = _weight(rest)
        for code in languages:
            if wish > weight and code.lower() in {tag, tag.partition("-")[0]}:
                best, weight = code, wish
    return best


def _weight(text: str) -> float:
    text = text.strip().removeprefix("q=")
    if not text:
        return 1.0
    try:
        return min(float(text), 1.0) if text.isascii() and len(text) < 6 else 0.0
    except ValueError:
        return 0.0


async def read_fields(request: web.Request) -> dict[str, str]:
    """The fields of a small form of our own page. Raises `Refused`."""
    if not same_site(request):
        raise Refused(HTTPStatus.FORBIDDEN, "refused")
    if request.content_type != "application/x-www-form-urlencoded":
        raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "unreadable")
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "unreadable")
    return _fields(await _body(request))


async def read_form(request: web.Request) -> Form | None:
    """The answer in this request; None when the form was sent empty. Raises `Refused`."""
    fields = await read_fields(request)
    mark, key = fields.get("m", ""), fields.get("c", "")
    if not (_plain(mark) and _plain(key)):
        raise Refused(HTTPStatus.BAD_REQUEST, "unreadable")
    if key:
        return Form(Pressed(key, mark), _once(mark, key))
    text = fields.get("t", "")
    # What was typed has no part in the name of the delivery: nothing may be kept that words could
    # be tried on.
    return Form(Words(text), _once(mark, "t")) if text.strip() else None


def _once(mark: str, what: str) -> str:
    """A form without a mark is not ours: its second copy cannot be told and is taken too."""
    return f"{mark}:{what}" if mark else ""


def _plain(text: str) -> bool:
    return len(text) <= MOST_KEY and text.isprintable()


async def _body(request: web.Request) -> bytes:
    try:
        async with asyncio.timeout(MOST_SECONDS):
            return await request.read()
    except TimeoutError:
        raise Refused(HTTPStatus.REQUEST_TIMEOUT, "slow") from None
    except web.RequestPayloadError:
        raise Refused(HTTPStatus.BAD_REQUEST, "unreadable") from None


def _fields(body: bytes) -> dict[str, str]:
    """The first value of every field. What is not UTF-8 (lone surrogates too) is refused."""
    try:
        pairs = parse_qsl(
            body.decode("utf-8"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=MOST_FIELDS,
        )
    except ValueError:
        # UnicodeDecodeError is one, and holds what was sent: it must not travel on as a cause.
        raise Refused(HTTPStatus.BAD_REQUEST, "unreadable") from None
    return dict(reversed(pairs))

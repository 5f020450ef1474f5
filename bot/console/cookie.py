"""The cookies of the console, and the tokens of its forms.

One holds the secret of a session; another one says that somebody signed in here before, which opens
nothing. It decides by the request whether they are for https alone. It must not keep what they
hold: that is the only copy of a secret.
"""

import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Final

from aiohttp import web

SECURE: Final = "__Host-desk"
"""The browser itself refuses it from another host, path or without https."""
PLAIN: Final = "desk"
"""On this machine alone, without https, where browsers refuse the other name."""
KNOWN_SECURE: Final = "__Host-known"
KNOWN_PLAIN: Final = "known"
KNOWN_SECONDS: Final = 180 * 24 * 3600
CHARACTERS: Final = 43
"""32 bytes in URL-safe base64 without its padding."""


def new_secret() -> bytes:
    """What a browser holds before anybody signed in."""
    return secrets.token_bytes(32)


def read_cookie(request: web.Request, *, secure: bool) -> bytes | None:
    """The secret of this browser, or None when it has none that we could have given."""
    return _read(request, SECURE if secure else PLAIN)


def read_known(request: web.Request, *, secure: bool) -> bytes:
    """The mark of a browser in which somebody signed in before, or nothing."""
    return _read(request, KNOWN_SECURE if secure else KNOWN_PLAIN) or b""


def give_known(answer: web.StreamResponse, mark: bytes, *, secure: bool) -> None:
    """The browser holds that mark for half a year, also once nobody is signed in."""
    answer.set_cookie(
        KNOWN_SECURE if secure else KNOWN_PLAIN,
        _text(mark),
        max_age=KNOWN_SECONDS,
        path="/",
        secure=secure,
        httponly=True,
        samesite="Strict",
    )


def _read(request: web.Request, name: str) -> bytes | None:
    text = request.cookies.get(name, "")
    if len(text) != CHARACTERS or not text.isascii():
        return None
    try:
        secret = urlsafe_b64decode(text + "=")
    except ValueError:
        return None
    # The decoder skips foreign letters: only our own spelling counts.
    return secret if _text(secret) == text else None


def give_cookie(answer: web.StreamResponse, secret: bytes, *, secure: bool) -> None:
    """The browser holds that secret until its window is closed."""
    answer.set_cookie(
        SECURE if secure else PLAIN,
        _text(secret),
        path="/",
        secure=secure,
        httponly=True,
        samesite="Strict",
    )


def take_cookie(answer: web.StreamResponse, *, secure: bool) -> None:
    """The browser holds nothing of ours any more."""
    answer.del_cookie(
        SECURE if secure else PLAIN, path="/", secure=secure, httponly=True, samesite="Strict"
    )


def token_of(csrf: bytes) -> str:
    """What every form of this session carries."""
    return hmac.digest(csrf, b"form/v1", "sha256").hex()


def fits(token: str, csrf: bytes) -> bool:
    """Whether a form carries the token of this session."""
    return hmac.compare_digest(token.encode("utf-8", "replace"), token_of(csrf).encode("ascii"))


def _text(secret: bytes) -> str:
    return urlsafe_b64encode(secret).rstrip(b"=").decode("ascii")

"""What a browser sent: from where, how much, and which fields. It answers nothing.

Everything here is hostile until shown otherwise: forms of other sites, other encodings and large
bodies are refused before they are read. Never raise with what was sent: `Unread` carries a status
and a code.
"""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from aiohttp import BodyPartReader, web

MOST_SECONDS: Final = 60
"""How long a form may take to arrive; a workbook comes over a slow line too."""
MOST_FIELDS: Final = 4000
MOST_FILES: Final = 4
SPARE: Final = frozenset({"token"})


class Unread(Exception):
    """What came is not taken. `code` names the page's words for it, `field` where it is wrong."""

    def __init__(self, status: HTTPStatus, code: str, field: str = "") -> None:
        super().__init__(code)
        self.status, self.code, self.field = status, code, field


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a form."""

    name: str = field(repr=False)
    """What the browser says it is called; without any folder."""
    data: bytes = field(repr=False)


_OURS: Final = frozenset(
    {*("base", "before", "began", "version", "revision", "digest"), *("back", "next", "query")}
)
"""Fields of our forms that nobody wrote."""


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a form, in the order they came."""

    pairs: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    files: Mapping[str, Upload] = field(default_factory=dict, repr=False)

    def get(self, name: str, default: str = "") -> str:
        """The last value of a field, without blanks around it."""
        found = [value for key, value in self.pairs if key == name]
        return found[-1].strip() if found else default

    def whole(self, name: str) -> str:
        """A field as it was typed: blanks may be a part of a password."""
        found = self.all(name)
        return found[-1] if found else ""

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of a field, as of boxes that are ticked."""
        return tuple(value for key, value in self.pairs if key == name)

    def file(self, name: str) -> Upload | None:
        """A file that was picked; None when none was."""
        found = self.files.get(name)
        return found if found is not None and (found.name or found.data) else None

    def number(self, name: str) -> int | None:
        """A whole number that is not negative; None for anything else."""
        text = self.get(name)
        return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None

    def __contains__(self, name: str) -> bool:
        return any(key == name for key, _ in self.pairs)

    def __iter__(self) -> Iterator[str]:
        return iter(dict(self.pairs))

    def typed(self) -> tuple[tuple[str, str], ...]:
        """What may be shown or sent again: no tokens, no proofs of who somebody is."""
        return tuple(
            (name, value)
            for name, value in self.pairs
            if name not in SPARE and not name.startswith("_") and "password" not in name
        )

    def written(self) -> tuple[tuple[str, str], ...]:
        """What a person wrote or chose, without what our page keeps in the form for itself."""
        return tuple(
            (name, value)
            for name, value in self.typed()
            if value and name not in _OURS and not name.endswith(".was")
        )


def check_origin(request: web.Request, origin: str) -> None:
    """Passes when the form came from our own page, as far as the browser says. `origin`: ours.

    A browser that says nothing is told by the token alone. Raises `Unread`.
    """
    site = request.headers.get("Sec-Fetch-Site")
    said = request.headers.get("Origin")
    if (site is not None and site != "same-origin") or (said is not None and said != origin):
        raise Unread(HTTPStatus.FORBIDDEN, "elsewhere")


async def read_form(request: web.Request, most_bytes: int, *, files: bool) -> Form:
    """The fields of this request. Raises `Unread`."""
    _check_size(request, most_bytes)
    try:
        async with asyncio.timeout(MOST_SECONDS):
            if request.content_type == "application/x-www-form-urlencoded":
                return _plain(await _body(request, most_bytes))
            if request.content_type == "multipart/form-data" and files:
                return await _parts(request, most_bytes)
    except TimeoutError:
        raise Unread(HTTPStatus.REQUEST_TIMEOUT, "slow") from None
    raise Unread(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "unreadable")


async def read_json(request: web.Request, most_bytes: int) -> bytes:
    """The JSON of this request, not looked into. Raises `Unread`."""
    _check_size(request, most_bytes)
    if request.content_type != "application/json":
        raise Unread(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "unreadable")
    try:
        async with asyncio.timeout(MOST_SECONDS):
            return await _body(request, most_bytes)
    except TimeoutError:
        raise Unread(HTTPStatus.REQUEST_TIMEOUT, "slow") from None


def _check_size(request: web.Request, most_bytes: int) -> None:
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Unread(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "unreadable")
    if (request.content_length or 0) > most_bytes:
        raise Unread(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "large")


async def _body(request: web.Request, most: int) -> bytes:
    found = bytearray()
    try:
        async for chunk in request.content.iter_any():
            found += chunk
            if len(found) > most:
                raise Unread(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "large")
    except web.RequestPayloadError:
        raise Unread(HTTPStatus.BAD_REQUEST, "unreadable") from None
    return bytes(found)


def _plain(body: bytes) -> Form:
    try:
        pairs = parse_qsl(
            body.decode("utf-8"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=MOST_FIELDS,
        )
    except ValueError:
        # UnicodeDecodeError is one, and holds what was sent: it must not travel on as a cause.
        raise Unread(HTTPStatus.BAD_REQUEST, "unreadable") from None
    return Form(tuple((name, _lines(value)) for name, value in pairs))


async def _parts(request: web.Request, most: int) -> Form:
    """A form with files. All parts together stay within the limit."""
    pairs: list[tuple[str, str]] = []
    files: dict[str, Upload] = {}
    left = most
    try:
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader) or not part.name:
                raise Unread(HTTPStatus.BAD_REQUEST, "unreadable")
            data = bytearray()
            while chunk := await part.read_chunk():
                data += chunk
                left -= len(chunk)
                if left < 0:
                    raise Unread(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "large")
            if part.filename is None:
                pairs.append((part.name, _lines(data.decode("utf-8"))))
            else:
                files[part.name] = Upload(
                    part.filename.replace("\\", "/").split("/")[-1], bytes(data)
                )
            if len(pairs) > MOST_FIELDS or len(files) > MOST_FILES:
                raise Unread(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "large")
    except (ValueError, AssertionError, web.RequestPayloadError):
        # The library tells a broken body in all three ways.
        raise Unread(HTTPStatus.BAD_REQUEST, "unreadable") from None
    return Form(tuple(pairs), files)


def _lines(text: str) -> str:
    """Browsers end the lines of a text field with two characters; we keep one."""
    return text.replace("\r\n", "\n")


def safe_path(path: str) -> str:
    """A path on this site to go on to; the start page for anything else."""
    try:
        parts = urlsplit(path)
    except ValueError:
        return "/"
    plain = path.isprintable() and path.isascii() and "\\" not in path and len(path) < 2000
    ours = path.startswith("/") and not path.startswith("//") and not parts.netloc
    return path if plain and ours else "/"

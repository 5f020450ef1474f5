"""How calls reach the Bot API: over aiohttp, with the token known to this file alone.

The library is given a made-up token. Only here is the real one put into an address, at the moment
of the call; so no log, repr or error of the library can hold it, whatever it is told to log. What
goes wrong on the way leaves here as the library's own errors, with fixed words and with nothing of
the request, of the answer's body or of the error below it.
"""

import asyncio
import json
from http import HTTPStatus
from typing import Any, Final

import aiohttp
from telegram import Bot
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

NOWHERE: Final = "https://telegram.invalid/bot"
"""What the library believes the address to be; no such host exists."""
MOST_BYTES: Final = 32 * 1024 * 1024
"""An answer longer than this is not Telegram's."""


class TooMany(TelegramError):
    """Telegram asks to wait."""

    def __init__(self, seconds: float) -> None:
        super().__init__("too many calls")
        self.seconds = seconds


class Token:
    """A bot's token, which shows itself to nobody."""

    __slots__ = ("_text", "bot_id")

    def __init__(self, text: str) -> None:
        """Raises `ValueError`, without the text, when it does not look like a token."""
        number, colon, secret = text.strip().partition(":")
        plain = secret.replace("_", "").replace("-", "")
        if not (colon and number.isascii() and number.isdecimal() and len(number) <= 19):
            raise ValueError("does not look like a bot's token: digits, a colon, then letters")
        if not (plain.isascii() and plain.isalnum()):
            raise ValueError("does not look like a bot's token: digits, a colon, then letters")
        self._text = text.strip()
        self.bot_id = number
        """The bot's own number; it stays when the token is changed for a new one."""

    def reveal(self) -> str:
        """The token itself, for an address or a key, never to be kept."""
        return self._text

    def __repr__(self) -> str:
        return "Token()"


class TelegramRequest(BaseRequest):
    """One pool of connections to the Bot API."""

    __slots__ = ("_base", "_connections", "_read_seconds", "_session", "_token")

    def __init__(
        self, token: Token, api_base: str, *, connections: int = 64, read_seconds: float = 20.0
    ) -> None:
        """`api_base`: `https://api.telegram.org` or a server of one's own, without `/bot`."""
        self._token, self._base = token, api_base.rstrip("/")
        self._connections, self._read_seconds = connections, read_seconds
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds."""
        return self._read_seconds

    async def initialize(self) -> None:
        """Open the pool; connections follow when they are needed."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections),
                cookie_jar=aiohttp.DummyCookieJar(),
            )

    async def shutdown(self) -> None:
        """Close the pool."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(  # noqa: PLR0917 - the library's own signature
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """One call. Raises `TimedOut` or `NetworkError`, with fixed words."""
        del write_timeout, pool_timeout
        read = read_timeout if isinstance(read_timeout, int | float) else self._read_seconds
        connect = connect_timeout if isinstance(connect_timeout, int | float) else 10.0
        called = url.rpartition("/")[2]
        fields = dict(request_data.json_parameters) if request_data else {}
        status, body = await self._call(called, method, fields, read, connect)
        return status, _harmless(status, body)

    async def _call(
        self, called: str, method: str, fields: dict[str, str], read: float, connect: float
    ) -> tuple[int, bytes]:
        fault: TelegramError
        session = self._session
        if session is None:
            raise NetworkError("not connected")
        timeout = aiohttp.ClientTimeout(total=read + connect, sock_connect=connect, sock_read=read)
        try:
            async with session.request(
                method, self._url(called), data=fields, timeout=timeout, allow_redirects=False
            ) as answer:
                return answer.status, await _body(answer)
        except TimeoutError:
            fault = TimedOut()
        except (aiohttp.ClientError, OSError, ValueError, asyncio.IncompleteReadError) as broken:
            # Only its kind: its words may hold the address, and the address holds the token.
            fault = NetworkError(type(broken).__name__)
        # Raised out here, so that the error below is not even remembered as its context.
        raise fault

    def _url(self, called: str) -> str:
        return f"{self._base}/bot{self._token.reveal()}/{called}"

    def __repr__(self) -> str:
        return "TelegramRequest()"


class Connection:
    """The library's bot, which does not know the token, and the way to wait for updates."""

    def __init__(self, token: Token, api_base: str, *, read_seconds: float = 20.0) -> None:
        """`read_seconds`: how long an answer may take; one for updates is waited for longer."""
        self.token = token
        self.waiting = TelegramRequest(token, api_base, connections=2, read_seconds=read_seconds)
        """For calls that stay open until something happens."""
        self._calls = TelegramRequest(token, api_base, read_seconds=read_seconds)
        self.bot = Bot(
            f"{token.bot_id}:hidden",
            base_url=NOWHERE,
            base_file_url=NOWHERE,
            request=self._calls,
            get_updates_request=self.waiting,
        )

    async def open(self) -> None:
        """Make ready; nothing is sent."""
        await self.waiting.initialize()
        await self._calls.initialize()

    async def close(self) -> None:
        """Let go of all connections."""
        await self.waiting.shutdown()
        await self._calls.shutdown()

    def __repr__(self) -> str:
        return "Connection()"


async def _body(answer: aiohttp.ClientResponse) -> bytes:
    """All of it. Raises `ValueError` when it does not end."""
    parts, held = [], 0
    async for part in answer.content.iter_any():
        parts.append(part)
        held += len(part)
        if held > MOST_BYTES:
            raise ValueError
    return b"".join(parts)


def _harmless(status: int, body: bytes) -> bytes:
    """The answer, when it has the shape that the library counts on: it logs and raises what has
    not, words and all. Raises `NetworkError` or `TooMany`.
    """
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        told = None
    if HTTPStatus.OK <= status <= 299:
        if isinstance(told, dict) and "result" in told:
            return body
        raise NetworkError("an answer that is not one")
    found = told if isinstance(told, dict) else {}
    given = found.get("parameters")
    wait = given.get("retry_after") if isinstance(given, dict) else None
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        raise TooMany(float(wait) if type(wait) is int and wait > 0 else 1.0)
    return json.dumps({"description": str(found.get("description", ""))[:200]}).encode()

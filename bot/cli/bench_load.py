"""The other side of `bench web`, in a process of its own: sends what was written beforehand, as
fast as it is answered, and holds pages open.

It must cost far less than what it measures: no library, no parsing beyond the length of an answer.
"""

import asyncio
import json
import os
import re
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.connection import Connection
from typing import Any, Final, cast

CONNECTIONS: Final = 64
"""As many as Telegram may be allowed to open; the default there is 40."""
SAID: Final[Sequence[tuple[str, str]]] = (
    ("text", "/start"),
    ("text", "1"),
    ("text", "medical"),
    ("text", "Kharkiv"),
    ("press", "!back"),
    ("press", "@uk"),
    ("text", "правова допомога"),
    ("text", "help now"),
)
"""One conversation: hello, safe, a need, a place (search), back, a language, a need, help now.

Nobody leaves: whoever does is sent nothing that still waits, and replies could not be counted.
"""
LENGTH: Final = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
AT_ONCE: Final = 100
"""Pages that are opened together."""


@dataclass(slots=True)
class Load:
    """What is to be sent, and how it went."""

    requests: list[list[bytes]]
    """For each connection, in order."""
    statuses: Counter[int] = field(default_factory=Counter)
    waits: list[float] = field(default_factory=list)
    """Seconds from request to answer."""


def run_load(pipe: Connection, core: int | None) -> None:
    """The whole life of a process: does what it is told until it is told nothing more."""
    if core is not None:
        os.sched_setaffinity(0, {core})
    asyncio.run(_work(pipe))


async def _work(pipe: Connection) -> None:
    held: list[asyncio.StreamWriter] = []
    with suppress(EOFError):  # whoever measured is gone
        while (told := await asyncio.to_thread(pipe.recv)) is not None:
            if "pages" in told:
                held += await _open(told["port"], told["pages"])
                pipe.send(len(held))
            else:
                pipe.send(await _post(told["port"], Load(told["requests"])))
    for writer in held:
        writer.close()


def requests_of(
    site: Mapping[str, Any], chats: Sequence[int], first: int
) -> tuple[list[list[bytes]], int]:
    """A conversation of each chat, spread over the connections, and how many updates that is.

    `first`: the id of the first update.
    """
    spread: list[list[bytes]] = []
    for connection in range(CONNECTIONS):
        mine = chats[connection::CONNECTIONS]
        spread.append([])
        for turn, (kind, said) in enumerate(SAID):
            for chat in mine:
                number = first + chat * len(SAID) + turn
                what = site["sealed"].get(chat, {}).get(said, said)
                spread[-1].append(_request(site, _update(number, chat, kind, what)))
    return spread, len(chats) * len(SAID)


def _update(number: int, chat: int, kind: str, said: str) -> bytes:
    person = {"id": chat, "is_bot": False, "first_name": "A", "last_name": "B", "username": "c_d"}
    room = {"id": chat, "first_name": "A", "last_name": "B", "username": "c_d", "type": "private"}
    message = {"message_id": number % 2**31, "date": int(time.time()), "chat": room}
    sender = person | {"language_code": "en"}
    what: dict[str, Any]
    if kind == "press":
        under = message | {
            "from": {"id": 1, "is_bot": True, "first_name": "Bot"},
            "text": "x" * 400,
        }
        query = {"id": f"{number}", "from": sender, "chat_instance": "1", "data": said}
        what = {"callback_query": query | {"message": under}}
    else:
        what = {"message": message | {"from": sender, "text": said}}
    return json.dumps({"update_id": number} | what).encode()


def _request(site: Mapping[str, Any], body: bytes) -> bytes:
    head = (
        f"POST {site['path']} HTTP/1.1\r\nHost: 127.0.0.1:{site['port']}\r\n"
        "Content-Type: application/json\r\nAccept-Encoding: gzip, deflate\r\n"
        f"X-Telegram-Bot-Api-Secret-Token: {site['secret']}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def _post(port: int, load: Load) -> dict[str, Any]:
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    ends = []
    for requests in load.requests:
        end: asyncio.Future[None] = loop.create_future()
        ends.append(end)
        await loop.create_connection(partial(_Line, iter(requests), load, end), "127.0.0.1", port)
    await asyncio.gather(*ends)
    seconds = time.perf_counter() - began
    load.waits.sort()
    return {
        "seconds": seconds,
        "statuses": dict(load.statuses),
        "p50": load.waits[len(load.waits) // 2],
        "p99": load.waits[int(len(load.waits) * 0.99)],
    }


class _Line(asyncio.Protocol):
    """One connection: the next request goes out when the one before is answered."""

    def __init__(self, requests: Iterator[bytes], load: Load, end: "asyncio.Future[None]") -> None:
        self._requests, self._load, self._end = requests, load, end
        self._read = b""
        self._asked = 0.0
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.WriteTransport, transport)
        self._next()

    def data_received(self, data: bytes) -> None:
        self._read += data
        head, blank, rest = self._read.partition(b"\r\n\r\n")
        if not blank:
            return
        length = LENGTH.search(head)
        most = int(length[1]) if length else 0
        if len(rest) < most:
            return
        self._load.waits.append(time.perf_counter() - self._asked)
        self._load.statuses[int(head[9:12])] += 1
        self._read = rest[most:]
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        if not self._end.done():
            self._end.set_exception(ConnectionResetError())

    def _next(self) -> None:
        if self._transport is None:
            return
        request = next(self._requests, None)
        if request is None:
            self._end.set_result(None)
            self._transport.close()
            return
        self._asked = time.perf_counter()
        self._transport.write(request)


async def _open(port: int, pages: int) -> list[asyncio.StreamWriter]:
    """Frames of as many people, each with the first bytes read."""
    held: list[asyncio.StreamWriter] = []
    while len(held) < pages:
        some = range(min(AT_ONCE, pages - len(held)))
        held += await asyncio.gather(*(_frame(port) for _ in some))
    return held


async def _frame(port: int) -> asyncio.StreamWriter:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**16)
    cookie = _cookie()
    writer.write(
        f"GET /live HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: s={cookie}\r\n"
        "Sec-Fetch-Site: same-origin\r\nAccept-Language: uk\r\n\r\n".encode()
    )
    await reader.readuntil(b"\r\n\r\n")
    return writer


def _cookie() -> str:
    from bot.channels.web_request import cookie_text, new_secret

    return cookie_text(new_secret())

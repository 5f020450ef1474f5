"""Lines of the console that are abused are cut, and others are answered meanwhile."""

import asyncio
import contextlib
import os
import struct
from base64 import b64encode
from collections.abc import AsyncIterator
from time import perf_counter
from typing import Any, Final

import pytest
import pytest_asyncio
from aiohttp import ClientWebSocketResponse

from tests.console_frame.visitors import Clock, Console, Visitor, a_console, an_office
from tests.trial import size

PING, TEXT, CONTINUED = 0x9, 0x1, 0x0
SECONDS: Final = 8
"""Until whoever is abused has to have cut a line."""


pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def console(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Console]:
    folder = tmp_path_factory.mktemp("office")
    async with a_console(an_office(folder / "data", clock=Clock())) as console:
        yield console


class Line:
    """A line on bare bytes, so that anything can be sent on it."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    @classmethod
    async def open(cls, visitor: Visitor, origin: str = "") -> "Line":
        """As a browser of theirs opens it, once it is accepted."""
        host = visitor.url.removeprefix("http://")
        name, _, port = host.partition(":")
        reader, writer = await asyncio.open_connection(name, int(port))
        (cookie,) = list(visitor.http.cookie_jar)
        head = [
            "GET /live HTTP/1.1",
            f"Host: {host}",
            f"Origin: {origin or visitor.url}",
            f"Cookie: {cookie.key}={cookie.value}",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            f"Sec-WebSocket-Key: {b64encode(os.urandom(16)).decode()}",
        ]
        writer.write("\r\n".join([*head, "", ""]).encode())
        assert b" 101 " in await reader.readline()
        while (await reader.readline()).strip():
            pass
        return cls(reader, writer)

    async def send(self, kind: int, data: bytes, *, last: bool = True, length: int = -1) -> None:
        """One frame, masked as a browser's are. `length`: what its head says, if not the truth."""
        said = len(data) if length < 0 else length
        head = bytes([(0x80 if last else 0) | kind])
        if said < 126:
            head += bytes([0x80 | said])
        elif said < 1 << 16:
            head += bytes([0x80 | 126]) + struct.pack("!H", said)
        else:
            head += bytes([0x80 | 127]) + struct.pack("!Q", said)
        self.writer.write(head + bytes(4) + data)  # a mask of noughts changes nothing
        await self.writer.drain()

    async def is_cut(self) -> bool:
        """Whether the other side ends it, however much it answers before."""
        with contextlib.suppress(OSError):
            async with asyncio.timeout(SECONDS):
                while await self.reader.read(65_536):
                    pass
        self.writer.close()
        return True


async def floods(line: Line, kind: int, times: int) -> bool:
    """Sends until it is cut; whether it was."""
    with contextlib.suppress(OSError):
        for _ in range(times):
            await line.send(kind, b"x")
            await asyncio.sleep(0)  # whoever else runs in this process comes to their turn
    return await line.is_cut()


async def test_a_flood_of_ten_thousand_frames_is_cut(console: Console) -> None:
    anna = await console.someone("Anna Example", "editor")
    assert await floods(await Line.open(anna), TEXT, 10_000)


async def test_a_frame_of_a_hundred_megabytes_is_refused_by_its_head(console: Console) -> None:
    anna = await console.someone("Anna Example", "editor")
    line = await Line.open(anna)
    await line.send(TEXT, b"", length=100 << 20)
    assert await line.is_cut()


async def test_a_message_in_fragments_may_be_no_larger_than_one_in_a_piece(
    console: Console,
) -> None:
    anna = await console.someone("Anna Example", "editor")
    line = await Line.open(anna)
    with contextlib.suppress(OSError):
        await line.send(TEXT, b"x" * 100, last=False)
        for _ in range(400):
            await line.send(CONTINUED, b"x" * 100, last=False)
    assert await line.is_cut()


async def test_a_flood_of_pings_keeps_nobody_else_waiting(
    console: Console, record_property: Any
) -> None:
    anna = await console.someone("Anna Example", "editor")
    boris = await console.someone("Boris Example", "editor")
    quiet = await waits(boris, 20)
    line = await Line.open(anna)
    flood = asyncio.create_task(floods(line, PING, size(few=2_000, whole=100_000)))
    busy = await waits(boris, 20)
    record_property("p99 of others before and during pings, ms", f"{quiet:.0f}, {busy:.0f}")
    # Whoever floods runs in this process too, so it is their work that is waited for.
    assert busy < max(2 * quiet, 1_000)
    flood.cancel()
    await asyncio.gather(flood, return_exceptions=True)
    line.writer.transport.abort()


async def test_lines_that_were_only_half_opened_hold_nobody_up(
    console: Console, record_property: Any
) -> None:
    boris = await console.someone("Boris Example", "editor")
    name, _, port = boris.url.removeprefix("http://").partition(":")
    quiet, silent = await waits(boris, 20), []
    for _ in range(size(few=200, whole=8_000)):
        _, writer = await asyncio.open_connection(name, int(port))
        writer.write(b"GET /live HTTP/1.1\r\nUpgrade: websocket\r\n")  # and nothing more
        silent.append(writer)
    busy = await waits(boris, 20)
    record_property("half-open lines", len(silent))
    record_property("p99 of others before and during them, ms", f"{quiet:.0f}, {busy:.0f}")
    assert busy < max(2 * quiet, 1_000)
    for writer in silent:
        writer.transport.abort()


async def waits(visitor: Visitor, times: int) -> float:
    """How long somebody waits for a page at most, in ms."""
    took = []
    for _ in range(times):
        began = perf_counter()
        await visitor.get("/help")
        took.append(perf_counter() - began)
    return max(took) * 1_000


async def test_a_line_is_still_there_for_who_keeps_to_its_pace(console: Console) -> None:
    anna = await console.someone("Anna Example", "editor")
    head = {"Origin": anna.url}
    stream: ClientWebSocketResponse = await anna.http.ws_connect(f"{anna.url}/live", headers=head)
    await stream.ping()
    assert not stream.closed
    await stream.close()

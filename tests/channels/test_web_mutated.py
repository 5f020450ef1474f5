"""Requests nobody would write: mutated without end, and never answered with a fault of ours.

5,000 in the suite. `QUIETLINE_FUZZ=100000` sends as many as you like; the seed makes them the same.
"""

import asyncio
import os
import random
import resource
from contextlib import suppress

import aiohttp

from bot.channels.contract import Words
from tests.channels.conftest import Site
from tests.channels.counting import CountingConversation

HOW_MANY = int(os.environ.get("QUIETLINE_FUZZ", "5000"))
SEED = 7
FILL = b"x" * 17 * 1024
MOST_GROWTH = 64 * 1024
"""KiB that the process may grow by, however many requests come."""
ODD = (
    b"\x00",
    b"%00",
    b"%ED%A0%80",
    b"%E2%80%AE",
    b"\xff\xfe",
    b"\r\n\r\n",
    b"\n",
    b"%",
    b"&" * 40,
    b"=" * 40,
    b"A" * 9000,
    b"{{7*7}}",
    b"<script>",
    b"' OR 1=1--",
    b"../../../etc/passwd",
    "Слава".encode(),
    b"-1",
    b"99999999999999999999",
    b"NaN",
    b"chunked",
    b"multipart/form-data; boundary=",
    b"!leave",
    b"@uk",
    b"=UA-05",
)
POST = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
SEEDS = (
    b"GET / HTTP/1.1\r\nHost: x\r\nCookie: s=" + b"A" * 43 + b"\r\nAccept-Language: uk\r\n\r\n",
    b"GET /exit HTTP/1.1\r\nHost: x\r\nCookie: s=" + b"A" * 43 + b"\r\n\r\n",
    b"GET /now/uk HTTP/1.1\r\nHost: x\r\n\r\n",
    POST + b"Content-Length: 9\r\n\r\nm=0&c=yes",
    POST + b"Cookie: s=" + b"A" * 43 + b"\r\nContent-Length: 18\r\n\r\nm=1&t=%D0%9A%D0%B8",
    POST + b"Transfer-Encoding: chunked\r\n\r\n9\r\nm=0&c=yes\r\n0\r\n\r\n",
)


def request_of(dice: random.Random) -> bytes:
    """A request with something done to all of it, or only to what stands in a whole one."""
    if dice.random() < 0.4:
        return mutated(dice, dice.choice(SEEDS))
    body = mutated(dice, dice.choice((b"m=0&c=yes", b"m=1&t=%D0%9A%D0%B8", b"c=%3DUA-05&m=1")))
    cookie = b"A" * 43
    if dice.random() < 0.3:
        cookie = mutated(dice, cookie).translate(None, b"\r\n\x00")
    return POST + b"Cookie: s=%b\r\nContent-Length: %d\r\n\r\n%b" % (cookie, len(body), body)


def mutated(dice: random.Random, seed: bytes) -> bytes:
    """The seed, with one to four things done to it."""
    raw = bytearray(seed)
    for _ in range(dice.randint(1, 4)):
        at = dice.randrange(len(raw) + 1)
        match dice.randrange(6):
            case 0:
                raw[at : at + dice.randrange(1, 12)] = b""
            case 1:
                raw[at:at] = dice.choice(ODD)
            case 2 if at < len(raw):
                raw[at] ^= 1 << dice.randrange(8)
            case 3:
                raw[at : at + 8] = dice.choice(ODD)
            case 4:
                raw[at:at] = raw[max(0, at - 30) : at] * dice.randint(1, 4)
            case _:
                raw[at:at] = dice.randbytes(dice.randint(1, 16))
    return bytes(raw)


async def ask(port: int, raw: bytes) -> bytes:
    """The first line of what comes back; empty when the connection is just closed.

    What is cut short is filled up, so that the server need not wait for the rest of it.
    """
    reader, pen = await asyncio.open_connection("127.0.0.1", port)
    try:
        pen.write(raw + b"\r\n\r\n")
        with suppress(TimeoutError):
            return await asyncio.wait_for(reader.readline(), 0.05)
        pen.write(FILL)
        return await asyncio.wait_for(reader.readline(), 30)
    except ConnectionError:
        return b""
    finally:
        pen.transport.abort()


async def test_no_mutated_request_meets_a_fault_of_ours(
    site: Site, conversation: CountingConversation
) -> None:
    dice = random.Random(SEED)
    seen: dict[bytes, int] = {}
    before = 0
    for sent in range(0, HOW_MANY, 20):
        requests = [request_of(dice) for _ in range(20)]
        for raw, first in zip(
            requests, await asyncio.gather(*(ask(site.port, r) for r in requests)), strict=True
        ):
            status = first[9:12]
            seen[status] = seen.get(status, 0) + 1
            assert not status.startswith(b"5"), raw
        if sent == 1000:
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        conversation.seen.clear()
        conversation.sessions.clear()
        conversation.taken.clear()
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MOST_GROWTH
    # The mutations reach both sides of the door.
    assert seen[b"200"]
    assert seen[b"303"]
    assert seen[b"400"]
    print(sorted(seen.items()))  # noqa: T201 - shown with -s, for those who run the long one


async def test_mutated_words_arrive_whole_or_are_refused(
    site: Site, conversation: CountingConversation
) -> None:
    dice = random.Random(SEED)
    async with aiohttp.ClientSession(site.url) as browser:
        for _ in range(HOW_MANY // 20):
            text = "".join(chr(dice.choice((dice.randrange(0xD800), 0x202E, 0, 10))) for _ in "abc")
            async with browser.post(
                "/", data={"m": "0", "t": text}, allow_redirects=False
            ) as answer:
                assert answer.status == 303
            if text.strip():
                assert conversation.taken[-1].heard == Words(text)

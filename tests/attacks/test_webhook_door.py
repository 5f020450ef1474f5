"""The webhook opens for one header with the one secret, and reads no more than an update."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bot.channels.telegram_webhook import MOST_BYTES, SECRET_HEADER
from tests.botapi import BotApi
from tests.botapi.webhook import Target
from tests.telegram.running import Running


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[Running]:
    async with BotApi() as telegram:
        running = Running(telegram, tmp_path, "webhook")
        await running.start()
        yield running
        await running.stop()


def target(bot: Running) -> Target:
    assert bot.telegram.webhook.target is not None
    return bot.telegram.webhook.target


async def asked(bot: Running, *headers: str, body: bytes = b"{}", length: int = -1) -> int:
    """The status of an answer to exactly these headers, 0 when the line is just closed."""
    parts = urlsplit(target(bot).url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    said = [f"POST {parts.path} HTTP/1.1", "Host: x", *headers]
    said.append(f"Content-Length: {len(body) if length < 0 else length}")
    writer.write("\r\n".join([*said, "", ""]).encode("latin-1") + body)
    first = await reader.readline()
    writer.close()
    return int(first.split()[1]) if first else 0


async def test_only_one_header_with_exactly_the_secret_opens_it(bot: Running) -> None:
    right = target(bot).secret
    header = f"{SECRET_HEADER}: {right}"
    assert await asked(bot, header) == 200
    assert await asked(bot, header.lower().replace(right.lower(), right)) == 200
    refused = {
        "none": [],
        "empty": [f"{SECRET_HEADER}: "],
        "cut": [header[:-1]],
        "longer": [header + "A"],
        "in other letters": [f"{SECRET_HEADER}: {right.swapcase()}"],
        "in quotes": [f'{SECRET_HEADER}: "{right}"'],
        "with others": [f"{SECRET_HEADER}: {right}, {right}"],
        "twice": [header, header],
        "beside a wrong one": [header, f"{SECRET_HEADER}: wrong"],
        "behind a wrong one": [f"{SECRET_HEADER}: wrong", header],
        "under another name": [f"X-Telegram-Bot-Api-Secret: {right}"],
        "no letters": [f"{SECRET_HEADER}: \xff\xfe"],
    }
    found = {name: await asked(bot, *headers) for name, headers in refused.items()}
    assert found == dict.fromkeys(refused, 403)
    assert bot.taken == []


async def test_a_body_that_is_too_large_is_refused_before_it_comes(bot: Running) -> None:
    header = f"{SECRET_HEADER}: {target(bot).secret}"
    # Nothing of it is ever sent: whoever waited for it would not answer.
    assert await asked(bot, header, body=b"", length=MOST_BYTES + 1) == 413
    assert await asked(bot, header, body=b"", length=2**40) == 413
    assert await asked(bot, body=b"", length=2**40) == 403
    parts = [f"{MOST_BYTES // 2:x}\r\n".encode() + b"x" * (MOST_BYTES // 2) + b"\r\n"] * 3
    url = urlsplit(target(bot).url)
    reader, writer = await asyncio.open_connection(url.hostname, url.port)
    head = f"POST {url.path} HTTP/1.1\r\nHost: x\r\n{header}\r\nTransfer-Encoding: chunked\r\n\r\n"
    writer.write(head.encode() + b"".join(parts))  # without its end
    assert b" 413 " in await reader.readline()
    writer.close()
    assert bot.taken == []

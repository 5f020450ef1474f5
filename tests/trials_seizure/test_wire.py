"""Somebody who sees the line to the page counts bytes, and cannot tell what was said or answered.

Whole answers are measured as they go over the wire, heads and all. TLS adds as much to each.
"""

import asyncio
import random
from collections import defaultdict
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from urllib.parse import urlencode

import pytest
import pytest_asyncio
from aiohttp import web

from bot.channels.web import make_web
from bot.channels.web_page import PAGE_BYTES, Language, WebSettings
from bot.channels.web_server import WebRunner
from tests.trial import size
from tests.trials_seizure.scene import Scene, word

pytestmark = pytest.mark.asyncio(loop_scope="package")
WALKS = {
    "medical care, in Kharkiv": ("c=yes", "c=medical", "c==UA", "c==UA-63"),
    "words of the person": ("t=hello there", "t=I need legal help", "t=Lviv", "t=a lawyer"),
    "a cry for help, and back": ("c=yes", "c=!help_now", "c=!back", "t=help me"),
    "not a word that is known": ("t=" + "q" * 900, "t=...", "t=" + word(), "t=0"),
    "back and forth": ("c=yes", "c=!back", "c=yes", "c=psychosocial"),
    "a human": ("c=yes", "c=!human", "t=no", "c=!back"),
}


@dataclass
class Browser:
    """Somebody at the page, whose answers are counted."""

    port: int
    script: bool
    cookie: str = ""
    sizes: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    """Bytes of whole answers, by status and kind."""

    async def asks(self, form: str = "") -> bytes:
        """One request; gives the whole answer."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        lines = [f"{'POST' if form else 'GET'} / HTTP/1.1", "Host: localhost", "Connection: close"]
        lines += ["Accept-Language: en", f"Content-Length: {len(form)}"]
        lines += ["Content-Type: application/x-www-form-urlencoded"] if form else []
        lines += [f"Cookie: s={self.cookie}"] if self.cookie else []
        lines += ["X-Part: 1", "Sec-Fetch-Site: same-origin"] if self.script else []
        writer.write(("\r\n".join(lines) + "\r\n\r\n" + form).encode())
        whole = await reader.read()
        writer.close()
        head = whole.split(b"\r\n\r\n")[0].decode("latin-1")
        kind = head.split()[1] + (" first" if "Set-Cookie" in head else "")
        self.sizes[kind].append(len(whole))
        for line in head.splitlines():
            if line.startswith("Set-Cookie: "):
                self.cookie = line.partition("s=")[2].partition(";")[0]
        return whole

    async def walks(self, steps: tuple[str, ...]) -> None:
        await self.asks()
        for mark, step in enumerate(steps):
            name, _, value = step.partition("=")
            whole = await self.asks(urlencode({"m": str(mark), name: value}))
            assert whole.split()[1] in {b"200", b"303"}, step
            await self.asks()


@pytest_asyncio.fixture(loop_scope="package")
async def port(scene: Scene) -> AsyncIterator[int]:
    service = scene.service
    languages = tuple(Language(one.code, one.endonym, one.dir) for one in service.speech.languages)
    app = make_web(service, service.speech.words, languages, WebSettings())
    runner = WebRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield int(runner.addresses[0][1])
    await runner.cleanup()


@pytest.mark.parametrize("script", [False, True], ids=["forms", "script"])
async def test_every_answer_of_a_kind_is_of_one_size_whatever_is_said(
    port: int, script: bool
) -> None:
    seen: dict[str, set[int]] = defaultdict(set)
    walks = random.sample(list(WALKS.values()), size(3, len(WALKS)))
    walked = [Browser(port, script) for _ in walks]
    for browser, steps in zip(walked, walks, strict=True):
        await browser.walks(steps)
        for kind, sizes in browser.sizes.items():
            seen[kind] |= set(sizes)
    # Pages are of one size; what leads from a form to its page of another; the first has a cookie.
    assert {kind: len(sizes) for kind, sizes in seen.items()} == dict.fromkeys(seen, 1)
    assert min(seen["200"]) > PAGE_BYTES
    assert all(browser.sizes.keys() == walked[0].sizes.keys() for browser in walked)

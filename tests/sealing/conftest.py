"""A page that loads the scripts of sealing as the real pages do, in a real browser."""

import os
import shutil
import threading
from collections.abc import AsyncIterator, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

import pytest
import pytest_asyncio
from playwright.async_api import Page, async_playwright

import bot.sealing
from bot.vault.signing import SigningKeys

CHROMIUM: Final = "/usr/bin/chromium"
FLAGS: Final = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync")
ROOM: Final = Path(bot.sealing.__file__).parent
POLICY: Final = "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'"

WORKER: Final = b"import('/sealing.js').then((sealing) => sealing.bestSuite()).then(postMessage)"


class Handler(BaseHTTPRequestHandler):
    """The scripts of the room, under the strictest policy that lets a page have scripts."""

    def do_GET(self) -> None:
        name = self.path.removeprefix("/")
        script = name.endswith(".js")
        content = b"<!doctype html><title>.</title>"
        if script:
            content = WORKER if name == "worker.js" else (ROOM / name).read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", "text/javascript" if script else "text/html")
        self.send_header("Content-Security-Policy", POLICY)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args: Any) -> None:
        """Says nothing."""


@pytest.fixture(scope="package")
def site() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        # Browsers give passkeys to names alone.
        yield f"http://localhost:{server.server_port}"
        server.shutdown()


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def page(site: str) -> AsyncIterator[Page]:
    if shutil.which(CHROMIUM) is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("Chromium is not installed")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = await browser.new_page()
        await page.goto(site)
        yield page


@pytest.fixture
def signing(tmp_path: Path) -> SigningKeys:
    return SigningKeys.open(tmp_path / "signing")

"""The real proxy with its real configuration, on ports and with certificates of its own."""

import asyncio
import contextlib
import os
import shutil
import socket
import ssl
import subprocess
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

ROOT = Path(__file__).resolve().parents[2]
CADDYFILE = ROOT / "deploy" / "proxy" / "Caddyfile"
SITE, STAFF_SITE = "guide.localhost", "desk.localhost"

CADDY = shutil.which("caddy") or "caddy"
needs_caddy = pytest.mark.skipif(
    shutil.which("caddy") is None and not os.environ.get("CI"), reason="caddy is not installed"
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    text: str
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class Proxy:
    """A running proxy."""

    port: int
    folder: Path
    process: subprocess.Popen[bytes]

    def browser(self, **options: Any) -> aiohttp.ClientSession:
        """Somebody outside, who trusts its certificates and finds every name here."""
        (root,) = self.folder.rglob("caddy/pki/authorities/local/root.crt")
        trust = ssl.create_default_context(cafile=str(root))
        connector = aiohttp.TCPConnector(ssl=trust, resolver=_Here())
        return aiohttp.ClientSession(connector=connector, **options)

    def url(self, path: str, site: str = SITE) -> str:
        """An address of a site behind it."""
        return f"https://{site}:{self.port}{path}"

    async def ask(
        self,
        browser: aiohttp.ClientSession,
        path: str,
        site: str = SITE,
        method: str = "GET",
        **options: Any,
    ) -> "Answer":
        """What is answered there, read to its end."""
        url = self.url(path, site)
        async with browser.request(method, url, allow_redirects=False, **options) as said:
            return Answer(said.status, await said.text(), dict(said.headers))

    @property
    def said(self) -> str:
        """All that it wrote."""
        return (self.folder / "said").read_text("utf-8", "replace")


class _Here(AbstractResolver):
    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """This machine, whatever the name."""
        said = ResolveResult(
            hostname=host, host="127.0.0.1", port=port, family=family, proto=0, flags=0
        )
        return [said]

    async def close(self) -> None:
        """Nothing is held."""


def free_ports(count: int) -> list[int]:
    """Ports of this machine that nobody has."""
    with contextlib.ExitStack() as held:
        taken = [held.enter_context(socket.socket()) for _ in range(count)]
        for one in taken:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in taken]


@contextlib.asynccontextmanager
async def running(
    folder: Path, replicas: Sequence[int], consoles: Sequence[int], emergency: Path, **more: str
) -> AsyncIterator[Proxy]:
    """The proxy before replicas and consoles on those ports."""
    http, https = free_ports(2)
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "XDG_DATA_HOME": str(folder / "data"),
        "XDG_CONFIG_HOME": str(folder / "config"),
        "HTTP_PORT": str(http),
        "HTTPS_PORT": str(https),
        "CERTIFICATES": "local_certs",
        "SITE": SITE,
        "STAFF_SITE": STAFF_SITE,
        "REPLICAS": " ".join(f"127.0.0.1:{port}" for port in replicas),
        "CONSOLES": " ".join(f"127.0.0.1:{port}" for port in consoles),
        "EMERGENCY": str(emergency),
        **more,
    }
    proxy = Proxy(https, folder, _started(folder, environment))
    try:
        await ready(proxy)
        yield proxy
    finally:
        proxy.process.terminate()
        await asyncio.to_thread(proxy.process.wait, 20)


def _started(folder: Path, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "said").open("wb") as said:
        return subprocess.Popen(
            [CADDY, "run", "--config", str(CADDYFILE), "--adapter", "caddyfile"],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
        )


async def ready(proxy: Proxy) -> None:
    """Waits until it answers."""
    async with asyncio.timeout(30):
        while True:
            if proxy.process.poll() is not None:
                raise AssertionError(proxy.said)
            with contextlib.suppress(OSError, ValueError, aiohttp.ClientError):
                async with proxy.browser() as browser:
                    await proxy.ask(browser, "/readyz")
                    return
            await asyncio.sleep(0.05)

"""A browser at the console of any replica, as an operator's page uses it: over HTTP and a line.

It signs in by the form, makes keys and begins a shift. When the replica dies at which it is, the
next one has it, as the proxy's cookie would: what had no answer is asked again as it was, once the
line stands, as `wire.js` and `talk.js` do. It decides nothing about chats.
"""

import asyncio
import itertools
import json
import re
import time
from base64 import b64encode
from collections.abc import Iterator, Sequence
from typing import Any, Final

import aiohttp
import pyotp

from bot.sealing import make_identity, make_prekey
from bot.staff import StaffBook
from bot.wiring import database_of, open_signing
from tests.console_frame.visitors import Fields
from tests.trials_kills.site import Site

Told = dict[str, Any]
PATIENCE: Final = aiohttp.ClientTimeout(total=15)
LONGEST_PAUSE: Final = 15.0
HERE: Final = {"X-Forwarded-For": "127.0.0.1", "Accept-Language": "en"}
PASSWORD: Final = "seven calm rivers bend"
AGAIN_SECONDS: Final = 0.5


class LineLost(Exception):
    """No answer came, or one that says that nothing can be done now."""


class Refusal(Exception):
    """A no."""

    def __init__(self, code: str, told: Told) -> None:
        super().__init__(code)
        self.code, self.told = code, told


def invited(site: Site, names: Sequence[str]) -> dict[str, str]:
    """The codes with which operators of those names sign in for the first time."""
    settings = site.reading()
    secret = open_signing(settings).secret("staff")
    book = StaffBook.open(database_of(settings, "staff"), secret, time.time)
    try:
        return {name: book.accounts.add(name, ["operator"])[1] for name in names}
    finally:
        book.close()


class Desk:
    """One browser of one operator."""

    def __init__(self, name: str, urls: Sequence[str]) -> None:
        """`urls`: the consoles of all replicas, in the order in which this one tries them."""
        self.name = name
        self._urls: Iterator[str] = itertools.cycle(urls)
        self._count = len(urls)
        self.url = next(self._urls)
        self.http = aiohttp.ClientSession(
            cookie_jar=aiohttp.CookieJar(unsafe=True), headers=HERE, timeout=PATIENCE
        )
        self.identity = make_identity()
        self.key = make_prekey(self.identity, int(time.time()) + 20 * 3600)
        self.again = 0
        """What was asked once more, because no answer came."""
        self._token = ""
        self._stand = asyncio.Event()
        """The line stands."""

    # --- the beginning of a shift ---------------------------------------------------------------

    async def sits(self, code: str) -> None:
        """Signs in with that code, makes keys, begins a shift."""
        await self._form("/sign-in/first", "/sign-in/first", name=self.name, code=code)
        page = await self._page("/set-up")
        (letters,) = re.findall(r"<code>([A-Z2-7 ]+)</code>", page)
        digits = pyotp.TOTP(letters.replace(" ", "")).now()
        await self._form("/set-up", page, password=PASSWORD, digits=digits)
        self._token = Fields(await self._page("/")).values["token"]
        public, one = self.identity.public, self.key.public
        await self.post("/desk/keys/enrol", ed25519=b64(public.ed25519), p256=b64(public.p256))
        prekey = {"x25519": b64(one.x25519), "p256": b64(one.p256), "until": one.until}
        prekey |= {"identity": one.identity.hex(), "signature": b64(one.signature)}
        await self.post("/desk/shift/begin", who=self.name, languages=["en"], prekey=prekey)

    async def _page(self, path: str) -> str:
        async with self.http.get(self.url + path) as answer:
            assert answer.status == 200, (path, answer.status)
            return await answer.text()

    async def _form(self, path: str, page: str, **fields: str) -> None:
        page = await self._page(page) if page.startswith("/") else page
        hidden = {name: value for name, value in Fields(page).values.items() if name == "token"}
        head = {"Origin": self.url, "Sec-Fetch-Site": "same-origin"}
        async with self.http.post(
            self.url + path, data=hidden | fields, headers=head, allow_redirects=False
        ) as answer:
            assert answer.status in {200, 303}, (path, answer.status, await answer.text())

    # --- what goes over the wire ----------------------------------------------------------------

    async def post(self, path: str, **said: Any) -> Told:
        """What the page asks. Raises `LineLost` or `Refusal`."""
        head = {"X-Token": self._token, "Origin": self.url}
        try:
            async with self.http.post(self.url + path, json=said, headers=head) as answer:
                if answer.status >= 500:
                    raise LineLost
                told: Told = await answer.json()
        except (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError, TimeoutError):
            raise LineLost from None
        if answer.status == 200:
            return told
        raise Refusal(told.get("refused", ""), told)

    async def surely(self, path: str, **said: Any) -> Told:
        """The same, as it was, until there is an answer."""
        while True:
            try:
                return await self.post(path, **said)
            except LineLost:
                self.again += 1
                await asyncio.sleep(AGAIN_SECONDS)
                await self._stand.wait()

    async def listen(self) -> None:
        """Everything that comes over the line, at one replica after another."""
        tries = 0
        while True:
            line = await self._line()
            first = True
            if line is not None:
                async for message in line:
                    tries = 0
                    self._stand.set()
                    self._heard(json.loads(message.data), first=first)
                    first = first and json.loads(message.data)["what"] != "chats"
                await line.close()
            self._stand.clear()
            await asyncio.sleep(min(LONGEST_PAUSE, 2.0**tries))
            tries += 1

    async def _line(self) -> aiohttp.ClientWebSocketResponse | None:
        """A line to the replica of before while it lives, else to the next one that does."""
        for _ in range(self._count):
            try:
                return await self.http.ws_connect(
                    f"{self.url}/desk/live", headers={"Origin": self.url}, max_msg_size=0
                )
            except (aiohttp.ClientError, TimeoutError):
                self.url = next(self._urls)
        return None

    def _heard(self, picture: Told, *, first: bool) -> None:
        """A picture; `first`: no picture of the chats came over this line before."""
        raise NotImplementedError


def b64(data: bytes) -> str:
    """Bytes as they stand in a question."""
    return b64encode(data).decode()

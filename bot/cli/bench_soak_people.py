"""Who writes during `quietline bench soak`, and the Telegram that they write through.

People come, talk, and leave; as many are there all the time. Each waits for the answer before the
next message, and every answer is timed. It decides nothing about how the service did.
"""

import asyncio
import itertools
import json
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import aiohttp
from aiohttp import web

TOKEN: Final = "7000000001:AAmade-up_for-a-measurement"  # noqa: S105 - nobody's
SAID: Final = ("yes", "medical", "Kharkiv", "back", "legal help", "hm", "menu", "a safe place")
LEAVES: Final = "/stop"
MOST_SAID: Final = 24
"""Messages of one person at most; half as many at least."""
PAUSE_SECONDS: Final = 6.0
"""Between the messages of one person, on average: fewer than 20 a minute."""
PATIENCE_SECONDS: Final = 20.0
"""After so long an answer counts as lost."""


@dataclass(slots=True)
class Seen:
    """What people saw, since it was last asked for."""

    waits: list[float] = field(default_factory=list)
    """Seconds until each answer was there."""
    messages: int = 0
    lost: int = 0
    """Messages without an answer."""
    came: int = 0
    """People who were there so far, ever."""
    left: int = 0
    """Those of them who left."""

    def taken(self) -> list[float]:
        """The waits until now, which are forgotten here."""
        waits, self.waits = self.waits, []
        return waits


class Telegram:
    """The Bot API as far as a bot needs it that is never refused; tells when a message came."""

    def __init__(self) -> None:
        """It does not listen yet."""
        self.base = ""
        self._numbers = itertools.count(1)
        self._waiting: dict[str, asyncio.Future[None]] = {}
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Listen on this machine."""
        app = web.Application()
        app.router.add_route("*", "/bot{token}/{method}", self._answer)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.base = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Listen no more."""
        if self._runner is not None:
            await self._runner.cleanup()

    def reply(self, chat: int) -> "asyncio.Future[None]":
        """Is done when the next message to that chat is sent."""
        waiting = self._waiting[str(chat)] = asyncio.get_running_loop().create_future()
        return waiting

    async def _answer(self, request: web.Request) -> web.Response:
        method = request.match_info["method"].lower()
        given = await (request.json() if "json" in request.content_type else request.post())
        result: Any = True
        if method == "getme":
            result = {"id": 7000000001, "is_bot": True, "first_name": "Bot", "username": "a_bot"}
        elif method == "sendmessage":
            chat = str(given["chat_id"])
            sent = {"message_id": next(self._numbers), "date": int(time.time())}
            result = sent | {"chat": {"id": int(chat), "type": "private"}, "text": "."}
            waiting = self._waiting.pop(chat, None)
            if waiting is not None and not waiting.done():
                waiting.set_result(None)
        return web.json_response({"ok": True, "result": result})


@dataclass(slots=True)
class Places:
    """Where the replicas are: each message goes to the next."""

    pages: Sequence[str]
    webhook: str
    """Path of the webhook."""
    secret: str
    _turn: int = 0

    def next(self) -> str:
        """The address of a replica, without a slash at the end."""
        self._turn += 1
        return self.pages[self._turn % len(self.pages)]


class People:
    """As many as a rate needs, half of them in Telegram and half at the page."""

    def __init__(self, places: Places, telegram: Telegram, rate: float) -> None:
        """`rate`: messages a second of all together."""
        self.seen = Seen()
        self._places, self._telegram = places, telegram
        self._each = max(2, round(rate * PAUSE_SECONDS / 2))
        self._pause = 2 * self._each / rate
        self._chance = random.Random(7)  # nosec B311  # noqa: S311 - the same people in every run
        self._chats, self._updates = itertools.count(800_000_001), itertools.count(1)
        self._tasks: list[asyncio.Task[None]] = []
        self._http: aiohttp.ClientSession | None = None

    @property
    def at_once(self) -> int:
        """How many are there at any time."""
        return 2 * self._each

    def start(self) -> None:
        """All of them begin."""
        patience = aiohttp.ClientTimeout(total=PATIENCE_SECONDS)
        jar = aiohttp.DummyCookieJar()
        self._http = aiohttp.ClientSession(timeout=patience, cookie_jar=jar)
        ways = (self._in_telegram, self._at_the_page)
        self._tasks = [asyncio.create_task(way()) for way in ways for _ in range(self._each)]

    def check(self) -> None:
        """Raises what went wrong with one of them."""
        for one in self._tasks:
            if one.done():
                one.result()

    async def stop(self) -> None:
        """All go home."""
        for one in self._tasks:
            one.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._http is not None:
            await self._http.close()

    def _length(self) -> int:
        self.seen.came += 1
        return self._chance.randint(MOST_SAID // 2, MOST_SAID)

    async def _rest(self) -> None:
        await asyncio.sleep(self._chance.uniform(0.5, 1.5) * self._pause)

    async def _in_telegram(self) -> None:
        await asyncio.sleep(self._chance.uniform(0, self._pause))
        while True:
            chat = next(self._chats)
            for _ in range(self._length()):
                await self._timed(self._writes(chat, self._chance.choice(SAID)))
                await self._rest()
            await self._timed(self._writes(chat, LEAVES))
            self.seen.left += 1
            await self._rest()

    async def _writes(self, chat: int, words: str) -> bool:
        """Until the answer is in the chat."""
        number, reply = next(self._updates), self._telegram.reply(chat)
        room = {"id": chat, "first_name": "A", "username": "c_d", "type": "private"}
        sender = {"id": chat, "is_bot": False, "first_name": "A", "language_code": "en"}
        message = {"message_id": number, "date": int(time.time()), "chat": room, "from": sender}
        update = {"update_id": number, "message": message | {"text": words}}
        head = {
            "Content-Type": "application/json",
            "X-Telegram-Bot-Api-Secret-Token": self._places.secret,
        }
        url = f"{self._places.next()}{self._places.webhook}"
        async with self._web.post(url, data=json.dumps(update), headers=head) as answer:
            if answer.status != 200:
                return False
        async with asyncio.timeout(PATIENCE_SECONDS):
            await reply
        return True

    async def _at_the_page(self) -> None:
        await asyncio.sleep(self._chance.uniform(0, self._pause))
        while True:
            person = _AtPage(f"10.9.{self._chance.randrange(256)}.{self._chance.randrange(256)}")
            for _ in range(self._length()):
                form = {"m": str(person.count), "t": self._chance.choice(SAID)}
                await self._timed(self._answers(person, form))
                await self._rest()
            await self._timed(self._answers(person, {"m": str(person.count), "c": "!leave"}))
            self.seen.left += 1
            await self._rest()

    async def _answers(self, person: "_AtPage", form: dict[str, str]) -> bool:
        """Until the next page is read."""
        url = f"{self._places.next()}/"
        headers = person.headers()
        async with self._web.post(url, data=form, headers=headers, allow_redirects=False) as answer:
            await answer.read()
            if answer.status != 303:
                return answer.status == 200 and "c" in form
            given = answer.cookies.get("s")
            person.cookie = given.value if given else person.cookie
        person.count += 1
        async with self._web.get(url, headers=person.headers()) as answer:
            return answer.status == 200 and f'value="{person.count}"' in await answer.text()

    async def _timed(self, answer: Any) -> None:
        began = time.monotonic()
        self.seen.messages += 1
        try:
            if await answer:
                self.seen.waits.append(time.monotonic() - began)
                return
        except (aiohttp.ClientError, TimeoutError):
            pass
        self.seen.lost += 1

    @property
    def _web(self) -> aiohttp.ClientSession:
        if self._http is None:
            raise RuntimeError("they did not begin")
        return self._http


@dataclass(slots=True)
class _AtPage:
    network: str
    cookie: str = ""
    count: int = 0

    def headers(self) -> dict[str, str]:
        cookie = {"Cookie": f"s={self.cookie}"} if self.cookie else {}
        return {"X-Forwarded-For": self.network, "Accept-Language": "en"} | cookie

"""People who write all the while, in Telegram and at the page, and what they see of the service.

Each writes again only when what they wrote was taken. What nobody took is brought again: updates by
Telegram, answers by the person. It decides what is a fault: a reply that comes twice or out of its
order, an answer that was taken and does not count, an error page that names no help.
"""

import asyncio
import itertools
import random
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import aiohttp

from bot.app import Service
from bot.channels.contract import Address, Incoming, Words
from bot.channels.telegram_contract import CHANNEL
from bot.channels.telegram_request import Token
from bot.channels.telegram_webhook import path_of, secret_of
from bot.dialogue.session import Session
from tests.botapi import BotApi
from tests.botapi.people import Chat
from tests.trials.browsers import Answer, Browser, Crowd, Form
from tests.trials.programs import session_of

SAID = (
    *("yes", "medical care", "legal help", "a safe place", "go on", "rather not say", "Kharkiv"),
    *("menu", "back", "help", "languages", "Українська", "English", "hm", "i am not in ukraine"),
)
"""Nothing with which a person leaves, or asks for a human: what they come to is compared."""
BROWSER_SECONDS = 5.0
"""As long a proxy waits for a replica, or a browser for a page."""
LOOK_SECONDS = 0.05
AGAIN_SECONDS = 0.3
"""Until a person tries again; the proxy has tried another replica."""
IN_TELEGRAM = 0.4
"""Of all messages: Telegram lets a bot send 30 a second, and some replies are two messages."""


@dataclass(slots=True)
class Rota:
    """Where Telegram brings updates: to each replica in turn, as a proxy before them does."""

    urls: Sequence[str]
    secret: str = ""
    most_at_once: int = 40
    _turns: Iterator[str] = field(init=False)

    def __post_init__(self) -> None:
        self._turns = itertools.cycle(self.urls)

    @property
    def url(self) -> str:
        return next(self._turns)


def bring(telegram: BotApi, urls: Sequence[str]) -> None:
    """From now on updates go to these replicas."""
    token = Token(telegram.token)
    there = [f"{url}{path_of(token)}" for url in urls]
    telegram.webhook.target = Rota(there, secret_of(token))  # type: ignore[assignment]
    telegram.webhook.seconds = BROWSER_SECONDS
    telegram.bell.ring()


class Hours:
    """When one person writes: at a rate, whatever their answers took."""

    def __init__(self, chance: random.Random, rate: float) -> None:
        """`rate`: messages a second."""
        self._chance, self._rate = chance, rate
        self._due = time.monotonic()

    async def rest(self) -> None:
        """Until the next message."""
        now = time.monotonic()
        self._due = max(self._due, now - 1 / self._rate) + self._chance.expovariate(self._rate)
        await asyncio.sleep(max(0.0, self._due - now))


class Pages(Crowd):
    """People at the page, each at an address of their own, behind a proxy that tries in turn."""

    kind: type[Browser] = Browser

    def __init__(
        self, chance: random.Random, people: int, rate: float, urls: Sequence[str]
    ) -> None:
        """`rate`: answers a second of all together."""
        super().__init__(chance, people)
        self._each = rate / people if people else 0.0
        self._turns = itertools.cycle(urls)
        self._numbers = itertools.count(1)
        self.down = 0
        """Times that the page said that nothing can be saved now, and where help is."""
        self.unhelpful: list[str] = []
        """Error pages without a number or with a status that nobody expects."""
        self.worst = 0.0
        """Seconds that an answer took at most until it was taken."""
        self.waits: list[float] = []

    async def _one(self, web: aiohttp.ClientSession) -> None:
        person, hours = self.kind(self, web), Hours(self.chance, self._each)
        while not self._ended:
            await hours.rest()
            began = time.monotonic()
            await person.answer()
            self.waits.append(time.monotonic() - began)

    async def ask(
        self, web: aiohttp.ClientSession, cookie: str, form: Form | None = None
    ) -> Answer | None:
        number = next(self._numbers)
        headers = {"X-Forwarded-For": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"}
        headers |= {"Cookie": f"s={cookie}"} if cookie else {}
        how = "GET" if form is None else "POST"
        patience = aiohttp.ClientTimeout(total=BROWSER_SECONDS)
        asked = web.request(
            how,
            f"{next(self._turns)}/",
            data=form,
            headers=headers,
            allow_redirects=False,
            timeout=patience,
        )
        try:
            async with asked as answer:
                given, text = answer.cookies.get("s"), await answer.text()
                if answer.status < 400:
                    return answer.status, text, given.value if given else ""
                if answer.status != 503 or "tel:" not in text:
                    self.unhelpful.append(f"{how} {answer.status}")
                self.down += 1
        except (aiohttp.ClientError, TimeoutError):
            pass
        await asyncio.sleep(AGAIN_SECONDS * self.chance.uniform(0.5, 1.5))
        return None


class Messenger:
    """People in Telegram."""

    def __init__(self, telegram: BotApi, chance: random.Random, people: int, rate: float) -> None:
        """`rate`: messages a second of all together."""
        self._telegram, self._chance = telegram, chance
        self._each = rate / people if people else 0.0
        self._chats = [telegram.chat() for _ in range(people)]
        self._ended = False
        self.said: dict[Address, list[Incoming]] = defaultdict(list)
        self.waits: list[float] = []
        """Seconds from each message until it was taken."""
        self._wrote: dict[int, list[float]] = defaultdict(list)
        """When, by Telegram's clock."""

    @property
    def address_of(self) -> dict[int, Address]:
        bot = self._telegram.token.partition(":")[0]
        return {one.id: Address(CHANNEL, bot, str(one.id).encode()) for one in self._chats}

    def end(self) -> None:
        """Everybody stops after what they wrote last was taken."""
        self._ended = True

    async def walk(self) -> None:
        """Everyone at the same time, until the end."""
        async with asyncio.TaskGroup() as all_of_them:
            for chat in self._chats:
                all_of_them.create_task(self._one(chat))

    async def _one(self, chat: Chat) -> None:
        to, hours = self.address_of[chat.id], Hours(self._chance, self._each)
        while not self._ended:
            await hours.rest()
            words, began = self._chance.choice(SAID), time.monotonic()
            self._wrote[chat.id].append(self._telegram.clock())
            update = chat.say(words)
            self.said[to].append(
                Incoming(to, Words(words), str(update.id), chat.language, push=True)
            )
            while update in self._telegram.updates.waiting:  # noqa: ASYNC110 - it tells nobody
                await asyncio.sleep(LOOK_SECONDS)
            self.waits.append(time.monotonic() - began)

    def sent(self) -> dict[int, list[int]]:
        """The marks of the replies that came, by chat, in the order in which they came."""
        found: dict[int, list[int]] = {one.id: [] for one in self._chats}
        for chat, mark, _ in self._replies():
            found[chat].append(mark)
        return found

    def reply_waits(self) -> list[float]:
        """Seconds from each message until its reply, of those that came; sorted."""
        return sorted(at - self._wrote[chat][mark - 1] for chat, mark, at in self._replies())

    def _replies(self) -> Iterator[tuple[int, int, float]]:
        for call in self._telegram.called("sendMessage"):
            mark, chat = mark_of(call.params), int(call.params["chat_id"])
            if call.done and mark is not None and chat in self._wrote:
                yield chat, mark, call.at


def mark_of(params: dict[str, Any]) -> int | None:
    """The number of the answer under which buttons stand; None without any."""
    rows = (params.get("reply_markup") or {}).get("inline_keyboard") or []
    carried = [
        button["callback_data"] for row in rows for button in row if "callback_data" in button
    ]
    return int(carried[0].split(":")[2]) if carried else None


class Both(Protocol):
    """Where things happen to a site while people write."""

    telegram: BotApi

    @property
    def urls(self) -> list[str]: ...


@dataclass(slots=True)
class People:
    """All who write to one site."""

    pages: Pages
    chats: Messenger
    began: float = field(default_factory=time.monotonic)
    _walking: list[asyncio.Task[None]] = field(default_factory=list)

    @classmethod
    def of(cls, site: Both, chance: random.Random, rate: float) -> "People":
        """`rate`: messages a second in all. They begin at once."""
        bring(site.telegram, site.urls)
        people = max(4, round(rate * 1.2))
        pages = Pages(chance, people, rate * (1 - IN_TELEGRAM), site.urls)
        # Nobody writes more than a person may: 20 a minute.
        people = max(4, round(rate * IN_TELEGRAM * 4))
        chats = Messenger(site.telegram, chance, people, rate * IN_TELEGRAM)
        walking = [asyncio.create_task(one.walk()) for one in (pages, chats)]
        return cls(pages, chats, _walking=walking)

    def check(self) -> None:
        """Raises what one of them found wrong."""
        for one in self._walking:
            if one.done():
                one.result()

    async def end(self) -> None:
        """Everybody stops once what they wrote was taken."""
        self.pages.end()
        self.chats.end()
        await asyncio.gather(*self._walking)

    @property
    def taken(self) -> int:
        """Messages that were acknowledged."""
        return len(self.chats.waits) + self.pages.acknowledged

    @property
    def worst(self) -> float:
        """Seconds that anybody waited at most until what they wrote was taken."""
        return max([0.0, *self.chats.waits, *self.pages.waits])

    def figures(self) -> str:
        """What they did, in a line."""
        seconds = time.monotonic() - self.began
        sent = self.chats.sent()
        waits = sorted([*self.chats.waits, *self.pages.waits])
        middle = waits[len(waits) // 2] if waits else 0.0
        replies = self.chats.reply_waits() or [0.0]
        return (
            f"{self.taken} taken in {seconds:.0f} s ({self.taken / seconds:.0f} a second), "
            f"{len(self.chats.waits)} of them in Telegram with {sum(map(len, sent.values()))} "
            f"replies; {self.pages.again} answers sent again, {self.pages.down} times told that "
            f"nothing can be saved; half were taken in {middle * 1000:.0f} ms, all in "
            f"{self.worst:.1f} s; half of the replies came in {replies[len(replies) // 2]:.1f} s, "
            f"all in {replies[-1]:.1f} s"
        )


def remembered(session: Session | None) -> object:
    """What a conversation came to, whenever it was."""
    return session and (session.position, dict(session.slots), session.language, session.turn)


async def replayed(service: Service, said: dict[Address, list[Incoming]]) -> dict[Address, object]:
    """What the same words come to when nothing happens to the service."""
    await service.start()

    async def say(all_of_one: list[Incoming]) -> None:
        for incoming in all_of_one:
            await service.take(incoming)

    await asyncio.gather(*map(say, said.values()))
    found = {address: remembered(session_of(service, address)) for address in said}
    await service.stop()
    return found

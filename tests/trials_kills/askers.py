"""People who ask for a human, one chat after another: in Telegram, and at the page as a form.

Each asks, reads that they wait, writes numbered lines, reads the answers, and ends the chat or says
goodbye and is told that it ended. What had no answer they bring again: updates by Telegram, a form
as it was, a sealed line under its number, as `sending.js` does. It decides only what each of them
sees with own eyes: a line of theirs that is not on their page, an answer that is not the next one.
"""

import asyncio
import html
import itertools
import random
import re
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

import aiohttp

from tests.botapi import BotApi
from tests.botapi.people import Message
from tests.botapi.updates import Update
from tests.channels.html import Page
from tests.trial import WHOLE
from tests.trials_kills.load import LOOK_SECONDS, Pages
from tests.trials_kills.operators import GOODBYE, TO
from tests.trials_kills.talks import Talk, Talks

CONSENT, CODE_SHOWN = {"yes", "change"}, "noted"
WAITS, TALKS = "stop", "end"
"""Keys of buttons that tell where somebody is: in line, or with a person."""
HUMAN = "!human"
HERE, END, LEAVE_OUT = {"Stop waiting", "End this chat"}, "End this chat", "Leave something out"
"""The same in Telegram, where keys are not to be seen."""
PATIENCE_SECONDS = 8.0
"""Until somebody to whom nothing was said asks again."""
LONGEST_TALK_SECONDS = 180.0
"""No talk takes so long: the trial ends with what is known of it."""
READ_SECONDS = 0.5
"""To read what came."""


@dataclass(slots=True)
class World:
    """Where everybody is."""

    telegram: BotApi
    urls: list[str]
    """The pages of all replicas."""
    pages: Pages
    web: aiohttp.ClientSession
    talks: Talks
    chance: random.Random
    lines: tuple[int, int] = (2, 4)
    """How many somebody writes, at least and at most."""
    ended: bool = False
    again: int = field(default=0)
    """Lines and forms that were brought again because no answer came."""


class Asker(ABC):
    """Somebody who asks for a human, again and again."""

    pushed = False
    rest = (0.2, 1.2)
    """Seconds between what they write."""

    def __init__(self, world: World, name: str) -> None:
        """`name`: no other has it."""
        self.world, self.name = world, name

    async def run(self) -> None:
        """One chat after another, until the end; then one more, from its beginning to its end."""
        for count in itertools.count(1):
            last, tag = self.world.ended, f"{self.name} {count}"
            try:
                async with asyncio.timeout(LONGEST_TALK_SECONDS):
                    await self.talk(tag)
            except TimeoutError:
                raise AssertionError(f"no end: {self.world.talks.all[tag]}") from None
            if last:
                return

    async def talk(self, tag: str) -> None:
        """One chat, from the wish to its end."""
        talks, chance = self.world.talks, self.world.chance
        talk = talks.begin(tag, pushed=self.pushed)
        await self.asks(talk)
        talk.told = time.monotonic()
        talks.waited("told that they wait", talk.asked)
        by_desk, last = chance.random() < 0.5, chance.randint(*self.world.lines)
        for number in range(1, last + 1):
            await asyncio.sleep(chance.uniform(*self.rest))
            began = time.monotonic()
            text = f"{tag} {number}{GOODBYE if by_desk and number == last else ''}"
            await self.says(talk, text)
            talk.said.append(text)
            talks.waited("taken", began)
        await talks.until(lambda: talk.is_answered, "answered", talk)
        began = time.monotonic()
        await (self.is_told(talk) if by_desk else self.ends(talk))
        talks.waited("ended", began)
        talk.over = time.monotonic()

    @abstractmethod
    async def asks(self, talk: Talk) -> None:
        """Until they read that they wait, or that somebody is there."""

    @abstractmethod
    async def says(self, talk: Talk, text: str) -> None:
        """Until it is acknowledged."""

    @abstractmethod
    async def ends(self, talk: Talk) -> None:
        """Ends the chat, until it is over."""

    @abstractmethod
    async def is_told(self, talk: Talk) -> None:
        """Until they read that the chat is over."""


class AtForm(Asker):
    """At the page without a script: every answer is a form, and the server seals at its door."""

    def __init__(self, world: World, name: str) -> None:
        super().__init__(world, name)
        self.cookie = ""

    async def asks(self, talk: Talk) -> None:
        await self.waits_in_line()
        self.listens(talk)

    def listens(self, talk: Talk) -> None:
        """From now on the page is looked at; what is wrong with it is everybody's trouble."""
        self.reading = asyncio.create_task(self.reads(talk))
        self.reading.add_done_callback(self._over)

    def _over(self, reading: "asyncio.Task[None]") -> None:
        if not reading.cancelled() and reading.exception() is not None:
            self.world.talks.trouble.append(f"{self.name}: {reading.exception()!r}")

    async def waits_in_line(self) -> None:
        """Until the page says that they wait."""
        while not (keys := await self.keys()) & {WAITS, TALKS, CODE_SHOWN}:
            await self.press("yes" if keys >= CONSENT else HUMAN)

    async def says(self, talk: Talk, text: str) -> None:
        found = re.search(r'data-person.*?name="m" value="([^"]*)"', await self.page(), re.DOTALL)
        assert found, f"{talk.tag}: there is no field to write in"
        await self.post({"m": found[1], "t": text})

    async def ends(self, talk: Talk) -> None:
        await self.stops_reading()
        while TALKS in await self.keys():
            await self.press(TALKS)

    async def is_told(self, talk: Talk) -> None:
        await self.stops_reading()
        while {WAITS, TALKS} & await self.keys():  # noqa: ASYNC110 - a page tells nobody
            await asyncio.sleep(0.2)

    async def reads(self, talk: Talk) -> None:
        """Looks at the page again and again."""
        while True:
            self.look(talk, await self.page())
            await asyncio.sleep(0.3)

    def look(self, talk: Talk, page: str) -> None:
        """What stands on it is what was said, and what was read before and perhaps more."""
        lines = re.findall(r'<li class="(me|them)".*?class="said"[^>]*>(.*?)</p>', page, re.DOTALL)
        mine = [html.unescape(text) for by, text in lines if by == "me"]
        theirs = [html.unescape(text) for by, text in lines if by == "them"]
        if lines:
            assert mine[: len(talk.said)] == talk.said, f"{talk.tag}: own lines {mine}"
            assert theirs[: len(talk.heard)] == talk.heard, f"{talk.tag}: {theirs}"
            talk.heard = theirs

    async def stops_reading(self) -> None:
        """Whatever was wrong with what they read is raised."""
        self.reading.cancel()
        with suppress(asyncio.CancelledError):
            await self.reading

    async def keys(self) -> set[str]:
        """The keys of all buttons on the page."""
        return {form.fields["c"] for form in Page(await self.page()).forms if "c" in form.fields}

    async def page(self) -> str:
        """The page as it is now."""
        pages = self.world.pages
        while (answer := await pages.ask(self.world.web, self.cookie)) is None:
            pass
        status, text, _ = answer
        assert status == 200
        return text

    async def press(self, key: str) -> None:
        """Presses a button of the page, if it is there."""
        forms = (form.fields for form in Page(await self.page()).forms)
        form = next((one for one in forms if one.get("c") == key), None)
        if form is not None:
            await self.post(form)

    async def post(self, form: dict[str, str]) -> None:
        """The form, as it is, until it is taken."""
        pages = self.world.pages
        while (answer := await pages.ask(self.world.web, self.cookie, form)) is None:
            self.world.again += 1
        status, _, cookie = answer
        assert status == 303, status
        self.cookie = cookie or self.cookie


class InTelegram(Asker):
    """In Telegram. What is sent to them is looked at in the end: a reply may go with a process."""

    pushed = True
    rest = (5.0, 9.0) if WHOLE else (1.5, 3.0)
    """A while of it at more than 20 messages a minute would be a flood, which is passed over."""

    def __init__(self, world: World, name: str) -> None:
        super().__init__(world, name)
        self.side = world.telegram.chat()
        self.side.start()

    async def asks(self, talk: Talk) -> None:
        while not HERE & (seen := await self.menu()):
            await self.presses("Yes")
            if LEAVE_OUT in seen and HERE & self.labels:
                return

    async def says(self, talk: Talk, text: str) -> None:
        await self.taken(self.side.say(text))

    async def ends(self, talk: Talk) -> None:
        while HERE & await self.menu():
            await self.presses(END)
            await self.presses(END)

    async def is_told(self, talk: Talk) -> None:
        while HERE & await self.menu():  # noqa: ASYNC110 - a word that is lost tells nobody
            await asyncio.sleep(0.5)

    @property
    def newest(self) -> Message | None:
        """The newest message with buttons."""
        return next((one for one in reversed(self.side.from_bot) if one.labels), None)

    @property
    def labels(self) -> set[str]:
        """What stands on them."""
        return set(self.newest.labels) if self.newest else set()

    async def menu(self) -> set[str]:
        """Asks for a human until there is an answer, and gives its buttons."""
        while not await self.answered(lambda: self.side.say("/human")):
            self.world.again += 1
        return self.labels

    async def presses(self, label: str) -> None:
        """Presses a button, if it is there, and waits for an answer for a while."""
        under = self.newest
        if under is not None and label in under.labels:
            await self.answered(lambda: self.side.press(label, under))

    async def answered(self, act: Callable[[], Update]) -> bool:
        """Does it; whether a message with buttons came after it, in a while, and none after that:
        nobody presses what is about to be another screen.
        """
        before = newest = self.newest
        await self.taken(act())
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            await asyncio.sleep(READ_SECONDS)
            if newest is self.newest is not before:
                return True
            newest = self.newest
        return False

    async def taken(self, update: Update) -> None:
        """Waits until Telegram has brought it."""
        updates = self.world.telegram.updates
        while update in updates.waiting:  # noqa: ASYNC110 - it tells nobody
            await asyncio.sleep(LOOK_SECONDS)

    def came(self) -> list[str]:
        """The answers of humans that were sent to them, in order."""
        calls = self.world.telegram.called("sendMessage")
        mine = [one for one in calls if one.done and int(one.params["chat_id"]) == self.side.id]
        lines = [line for one in mine for line in str(one.params["text"]).split("\n")]
        return [line for line in lines if line.startswith(TO)]

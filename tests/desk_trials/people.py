"""Those who ask for a human: at the page with its script and without, in Telegram, in a terminal.

Each writes, and knows what came, by whom, in which order, as a person would see it.
"""

import asyncio
import html
import io
import os
import pty
import re
from abc import ABC, abstractmethod
from contextlib import suppress

from playwright.async_api import Page, expect

from bot.channels.terminal import run_terminal
from bot.handoff.model import Chat
from tests.desk_trials.world import World, until
from tests.web.test_reading import press
from tests.web_chat.conftest import SMALL

ASKED = "a colleague goes on with you"
AGREED = "Yes, a colleague"
NUMBERS = iter(range(7_100_000_001, 7_200_000_000))


class Person(ABC):
    """Somebody who asks for a human."""

    kind = ""

    def __init__(self, world: World, name: str) -> None:
        self.world, self.name = world, name
        self.chat = b""
        self.known_as = ""
        """What staff call them."""
        world.ends.append(self.end)
        self.said: list[str] = []
        """What they wrote, in order."""
        self.due: list[str] = []
        """What was written to them, in order."""

    async def asks(self) -> None:
        """Asks for a human, and is in line."""
        before = set(self.world.human.board.picture.chats)
        await self._ask()
        await until(lambda: set(self.world.human.board.picture.chats) - before, "in line")
        (self.chat,) = set(self.world.human.board.picture.chats) - before

    async def writes(self, text: str) -> None:
        """Writes, and it is at the desk."""
        number = self.now.number_in
        self.said.append(text)
        await self._write(text)
        await until(lambda: self.now.number_in > number, f"{self.name}: {text} at the desk")

    async def hears(self, text: str) -> None:
        """Waits until that has come."""
        self.due.append(text)
        for _ in range(1500):
            if text in await self.heard():
                return
            await asyncio.sleep(0.02)
        raise AssertionError(f"{self.name} never heard {text!r}: {await self.heard()}")

    @property
    def now(self) -> Chat:
        """Their chat."""
        return self.world.chat(self.chat)

    async def is_taken(self, who: str) -> None:
        """Waits until that operator has them, who calls them by a name."""
        await until(lambda: self.now.who == who, f"{self.name} is with {who}")
        self.known_as = self.now.name

    async def is_asked(self, times: int) -> None:
        """Waits until they are asked about a colleague for the so-manieth time."""
        del times  # a page shows only what is asked now
        await self.sees(ASKED)

    async def end(self) -> None:  # noqa: B027  # most need nothing
        """They go away."""

    @abstractmethod
    async def heard(self) -> list[str]:
        """What humans wrote to them, as they see it, in order."""

    @abstractmethod
    async def sees(self, words: str) -> None:
        """Waits until the guide has told them that."""

    @abstractmethod
    async def yes(self) -> None:
        """Agrees that a colleague goes on."""

    @abstractmethod
    async def _ask(self) -> None: ...

    @abstractmethod
    async def _write(self, text: str) -> None: ...


class Sealed(Person):
    """At the page, whose script seals."""

    kind = "sealed"

    async def _ask(self) -> None:
        self.context = await self.world.browser.new_context(viewport=SMALL, locale="en-GB")  # type: ignore[arg-type]
        self.page = await self._tab()
        for key in ("yes", "!human", "yes"):
            await press(self.page, key)
        await expect(self.page.locator("#seal")).to_contain_text("people on duty")

    async def _tab(self) -> Page:
        page = await self.context.new_page()
        page.set_default_timeout(30_000)
        await page.goto(self.world.page)
        return page

    def forget_before(self) -> None:
        """A page that was closed shows nothing of before: its keys went with it."""
        self.due.clear()

    async def comes_back(self) -> None:
        """Closes the page and opens it again in the same browser."""
        await self.page.close()
        self.page = await self._tab()
        await expect(self.page.locator("#seal")).to_contain_text("Only you")

    async def _write(self, text: str) -> None:
        await self.page.locator("#write").fill(text)
        await self.page.locator("[data-person] [type=submit]").click()

    async def heard(self) -> list[str]:
        return await self.page.locator(".them .said").all_inner_texts()

    async def sees(self, words: str) -> None:
        await expect(self.page.locator("main")).to_contain_text(words)

    async def yes(self) -> None:
        await press(self.page, "yes")

    async def end(self) -> None:
        await self.context.close()


class Plain(Person):
    """At the page without any script: the server seals at its door."""

    kind = "plain"

    async def _ask(self) -> None:
        self.http = self.world.client()
        for key in ("yes", "!human", "yes"):
            await self.press(key)

    async def press(self, key: str) -> None:
        """Presses a button."""
        form = rf'name="m" value="([^"]*)"><input type="hidden" name="c" value="{re.escape(key)}"'
        found = re.search(form, await self.shown())
        assert found, f"no button {key}"
        await self._post({"m": found[1], "c": key})

    async def _write(self, text: str) -> None:
        page = await self.shown()
        found = re.search(
            r'<form[^>]*data-person[^>]*>.*?name="m" value="([^"]*)"', page, re.DOTALL
        )
        assert found, "there is a field to write in"
        await self._post({"m": found[1], "t": text})

    async def _post(self, form: dict[str, str]) -> None:
        async with self.http.post(self.world.page + "/", data=form) as answer:
            assert answer.status == 200, await answer.text()

    async def shown(self) -> str:
        """The page as it is now."""
        async with self.http.get(self.world.page + "/") as answer:
            return await answer.text()

    async def heard(self) -> list[str]:
        found = re.findall(
            r'<li class="them".*?<p class="said"[^>]*>(.*?)</p>', await self.shown(), re.DOTALL
        )
        return [html.unescape(one) for one in found]

    async def sees(self, words: str) -> None:
        for _ in range(1500):
            if words in html.unescape(await self.shown()):
                return
            await asyncio.sleep(0.02)
        raise AssertionError(f"{self.name} never saw {words!r}")

    async def yes(self) -> None:
        await self.press("yes")


class Messenger(Person):
    """In Telegram."""

    kind = "telegram"

    async def _ask(self) -> None:
        self.side = self.world.telegram.chat(next(NUMBERS))
        self.side.start()
        await self._press("Yes")
        await self.side.sees("What would help")
        self.side.say("/human")
        await self.side.sees("A trained person")
        await self._press("Yes")

    async def _press(self, label: str) -> None:
        await self.side.until(
            lambda chat: bool(chat.from_bot) and label in chat.last.labels, f"a button {label}"
        )
        self.side.press(label, self.side.last)

    async def _write(self, text: str) -> None:
        self.side.say(text)

    async def heard(self) -> list[str]:
        found = [one.text.partition("\n") for one in self.side.from_bot]
        return [said.strip() for _, _, said in found if said.strip().startswith("to ")]

    async def is_asked(self, times: int) -> None:
        await self.side.until(
            lambda chat: sum(ASKED in one.text for one in chat.from_bot) >= times, "asked"
        )

    async def sees(self, words: str) -> None:
        await self.side.sees(words)

    async def yes(self) -> None:
        await self._press(AGREED)


class AtTerminal(Person):
    """At a terminal of this machine."""

    kind = "terminal"

    async def _ask(self) -> None:
        keys, screen = pty.openpty()
        self.keys = os.fdopen(keys, "w", buffering=1)
        self.paper = Paper()
        self.source = os.fdopen(screen, "r")
        words = self.world.service.speech.words
        talk = run_terminal(
            self.world.service,
            "en",
            self.source,
            self.paper,
            words,
            carry=self.world.carry,
        )
        self.running = asyncio.create_task(talk)
        for line, then in (("yes", "What"), ("/human", "A trained person"), ("yes", "line")):
            await self._write(line)
            await self.sees(then)

    async def _write(self, text: str) -> None:
        self.keys.write(text + "\n")
        self.keys.flush()

    async def heard(self) -> list[str]:
        return re.findall(r"^\W*(to .*)$", self.paper.text, re.MULTILINE)

    async def is_asked(self, times: int) -> None:
        asked = ASKED.replace(" ", r"\s+")  # lines are broken as the screen is wide
        await until(lambda: len(re.findall(asked, self.paper.text)) >= times, "asked")

    async def sees(self, words: str) -> None:
        await until(lambda: words in self.paper.text, f"{self.name} reads {words!r}")

    async def yes(self) -> None:
        await self._write(AGREED)

    async def end(self) -> None:
        self.running.cancel()
        await asyncio.gather(self.running, return_exceptions=True)
        self.keys.close()
        with suppress(OSError):  # whoever reads it hears that nobody types any more
            self.source.close()


class Paper(io.StringIO):
    """What stands on the screen of a terminal."""

    @property
    def text(self) -> str:
        """All of it."""
        return self.getvalue()

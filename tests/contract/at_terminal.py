"""A person at a real keyboard: a pseudo-terminal on one side, what is drawn on the other."""

import asyncio
import io
import os
import re
import termios
from typing import ClassVar

from bot.channels.contract import Address
from bot.channels.terminal import run_terminal
from tests.contract.hands import Hands, Seen, seen
from tests.contract.house import House

ROW = re.compile(r"  (?P<number>[ \d]\d| -)  (?P<label>\S.*)")
MORE = re.compile(r" {6}(?P<label>\S.*)")
WAITING = "> "


class Screen(io.StringIO):
    """What was drawn; tells when the person has the next word."""

    def __init__(self) -> None:
        super().__init__()
        self.turned = asyncio.Event()

    def flush(self) -> None:
        if self.getvalue().endswith(WAITING):
            self.turned.set()


class AtTerminal(Hands):
    """One person. After leaving, `come` starts the program again."""

    has_buttons: ClassVar[bool] = False

    def __init__(self, house: House, language: str) -> None:
        self._house, self._language = house, language
        self._words = house.service.speech.words
        self._codes = [one.code for one in house.service.speech.languages]
        self._keys = -1
        self._numbers: list[str] = []
        self._running: asyncio.Task[int] | None = None

    async def come(self) -> Seen:
        await self.go()
        self._keys, behind = os.openpty()
        quiet = termios.tcgetattr(behind)
        quiet[3] &= ~(termios.ECHO | termios.ECHONL)
        termios.tcsetattr(behind, termios.TCSANOW, quiet)
        self._screen = Screen()
        self._lines = os.fdopen(behind, encoding="utf-8")
        self._running = asyncio.create_task(self._run())
        return await self._see()

    async def press(self, place: int) -> Seen:
        return await self.say(self._numbers[place])

    async def say(self, text: str) -> Seen:
        self._screen.seek(0)
        self._screen.truncate()
        self._screen.turned.clear()
        await asyncio.to_thread(os.write, self._keys, text.encode() + b"\n")
        return await self._see()

    async def send_voice(self) -> Seen:
        return await self.say("#voice")

    @property
    def address(self) -> Address:
        return self._house.last("terminal")

    async def go(self) -> None:
        if self._running is not None:
            if not self._running.done():
                os.write(self._keys, b"\x04")
            await self._running
            self._running = None
            # The keys first: after leaving, a thread of the terminal still waits for one.
            os.close(self._keys)
            await asyncio.to_thread(self._lines.close)

    async def _run(self) -> int:
        service, language = self._house.service, self._language
        return await run_terminal(service, language, self._lines, self._screen, self._words)

    async def _see(self) -> Seen:
        assert self._running is not None
        turned = asyncio.create_task(self._screen.turned.wait())
        await asyncio.wait({turned, self._running}, return_when=asyncio.FIRST_COMPLETED)
        turned.cancel()
        drawn = self._screen.getvalue().removesuffix(WAITING)
        return self._read(drawn)

    def _read(self, drawn: str) -> Seen:
        blocks, labels, self._numbers = [], [], []
        for paragraph in drawn.strip("\n").split("\n\n"):
            rows = paragraph.split("\n")
            if ROW.fullmatch(rows[0]):
                for row in rows:
                    if found := ROW.fullmatch(row):
                        labels.append(found["label"])
                        self._numbers.append(found["number"].strip())
                    elif more := MORE.fullmatch(row):
                        labels[-1] += " " + more["label"]
                continue
            text = " ".join(row.strip().removeprefix("| ") for row in rows)
            bar = self._bar(text)
            if bar:
                labels += bar
                self._numbers += bar
            elif not self._is_of_the_channel(text):
                blocks.append(text)
        typed = zip(labels, self._numbers, strict=True)
        self._numbers = [label if number == "-" else number for label, number in typed]
        return seen(blocks, labels)

    def _bar(self, text: str) -> list[str]:
        for language in self._codes:
            always = self._words(language, "terminal.always")
            if text.startswith(always):
                return text.removeprefix(always).strip().split(" · ")
        return []

    def _is_of_the_channel(self, text: str) -> bool:
        keys = ("terminal.hint", "terminal.left")
        return text in {self._words(code, key) for code in self._codes for key in keys}

"""The conversation in a terminal: one input a line, answers as plain text.

Lines are carried in as they are: the dialogue itself knows numbers, labels and command words. A
script (a file or a pipe) prints a transcript, `> input` and then the answer, the same on every run.
Nothing is kept here, no history of lines either; leaving in any way erases, Ctrl-C too.
"""

import asyncio
import logging
import secrets
import signal
import sys
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Final, TextIO

from bot.channels.contract import (
    LEAVE,
    Address,
    Conversation,
    Heard,
    Incoming,
    Opened,
    Outgoing,
    Pressed,
    Sent,
    Unavailable,
    Words,
)
from bot.channels.terminal_text import Paper

MEDIA: Final = {
    f"#{kind}": kind for kind in ("voice", "photo", "video", "file", "location", "contact")
}
"""Lines that stand for what a terminal cannot send. Other lines that begin with # are comments."""
Wording = Callable[[str, str], str]
Carry = Callable[[str, Callable[[Address, Outgoing], Awaitable[None]]], None]
CHANNEL: Final = "terminal"
_LOG = logging.getLogger("quietline.terminal")


async def run_terminal(
    conversation: Conversation,
    language: str,
    script: TextIO | None,
    out: TextIO,
    words: Wording,
    *,
    carry: Carry | None = None,
) -> int:
    """Talks until the input ends; without a script the input is the keyboard. `carry` is told who
    shows what comes by itself: what a human answers, and that they came or went.

    Gives the exit code, 0: leaving is never an error. The person has then been told what is left.
    """
    source = sys.stdin if script is None else script
    talk = _Talk(conversation, language, Paper(out), words, by_hand=source.isatty())
    if carry is not None:
        carry(CHANNEL, talk.bring)
    # This is the outermost loop and Ctrl-C means leave: so leave, rather than pass it on.
    with suppress(asyncio.CancelledError, KeyboardInterrupt), _ctrl_c_leaves():
        await talk.open()
        async for line in _lines(source):
            await talk.hear(line)
            if talk.over:
                break
            talk.wait()
    await talk.leave()
    return 0


@contextmanager
def _ctrl_c_leaves() -> Iterator[None]:
    """Ctrl-C ends what runs in this block, in whichever moment it comes.

    `asyncio.run` alone sets no wake-up for a signal: one that came in the moment before the loop
    waits was noted and slept through, and the conversation stayed on the screen. Seen once in 600.
    """
    loop, running = asyncio.get_running_loop(), asyncio.current_task()
    if running is None or threading.current_thread() is not threading.main_thread():
        yield
        return
    loop.add_signal_handler(signal.SIGINT, running.cancel)
    try:
        yield
    finally:
        # A second Ctrl-C, while the erasing takes long, is everybody's plain one again.
        loop.remove_signal_handler(signal.SIGINT)


class _Talk:
    """One conversation. The address is made up and forgotten with it."""

    def __init__(
        self,
        conversation: Conversation,
        language: str,
        paper: Paper,
        words: Wording,
        *,
        by_hand: bool,
    ) -> None:
        self._conversation = conversation
        self._language = language
        self._paper = paper
        self._words = words
        self._by_hand = by_hand
        # No secret: what a human answers, and news of them, come while the person is not writing.
        self._address = Address(CHANNEL, "local", person=secrets.token_bytes(32))
        self._kept = False
        """Whether anything is remembered of this conversation."""
        self.over = False
        """Whether the person has left, at a keyboard. A script may go on and begin anew."""

    async def open(self) -> None:
        """The first prompt."""
        if self._by_hand:
            self._paper.write(self._words(self._language, "terminal.hint"))
        await self._take(Opened())
        self.wait()

    async def hear(self, line: str) -> None:
        """One line of input. Blank lines and comments are not inputs."""
        text = line.strip()
        if not self._by_hand and text:
            self._paper.echo(text)
        heard = _heard(text)
        if heard is not None:
            await self._take(heard)

    async def bring(self, address: Address, out: Outgoing) -> None:
        """What comes by itself."""
        if address.person == self._address.person:
            self._show(out)

    def wait(self) -> None:
        """Shows that the person has the next word, at a keyboard."""
        if self._by_hand:
            self._paper.invite()

    async def leave(self) -> None:
        """Erases what is remembered, and says what is left."""
        said = "terminal.left"
        if self._by_hand and not self.over:
            self._paper.end_line()
        if self._kept:
            try:
                await self._conversation.take(Incoming(self._address, Pressed(LEAVE, "")))
            except Exception:  # noqa: BLE001
                # Whatever it was, what counts here is that nobody is told more than is known.
                said = "terminal.left_unsure"
        self._paper.write(self._words(self._language, said))

    async def _take(self, heard: Heard) -> None:
        # Before, not after: a turn that is broken off half-way may have been saved.
        self._kept = True
        try:
            out = await self._conversation.take(
                Incoming(self._address, heard, language=self._language)
            )
        except Unavailable:
            out = self._down()
        except Exception as bug:  # noqa: BLE001
            # A person is reading: the kind of error is noted, and they read where to get help now.
            _LOG.error("%s", type(bug).__name__)
            out = self._down()
        if out is not None:
            self._show(out)

    def _down(self) -> Outgoing:
        self._paper.write(self._words(self._language, "terminal.down"))
        return self._conversation.emergency(self._language)

    def _show(self, out: Outgoing) -> None:
        self._language = out.language
        self._kept = self._kept and not out.forgotten
        self.over = self._by_hand and out.forgotten
        self._paper.answer(out)
        if out.bar and not out.forgotten:
            labels = " · ".join(option.label for option in out.bar)
            self._paper.write(f"{self._words(out.language, 'terminal.always')} {labels}")


def _heard(text: str) -> Heard | None:
    """What a line means to a channel; None when it is not an input."""
    if text in MEDIA:
        return Sent(MEDIA[text])
    if not text or text.startswith("#"):
        return None
    return Opened() if text == "/start" else Words(text)


async def _lines(source: TextIO) -> AsyncIterator[str]:
    """Lines as they come. A thread reads a keyboard, so that Ctrl-C need not wait for Enter."""
    if not source.isatty():
        for line in source:
            yield line
        return
    loop = asyncio.get_running_loop()
    arrived: asyncio.Queue[str] = asyncio.Queue()

    def read() -> None:
        # The loop may be closed by now: the person left while this was waiting for a key.
        with suppress(RuntimeError, ValueError, OSError):
            for line in iter(source.readline, ""):
                loop.call_soon_threadsafe(arrived.put_nowait, line)
            loop.call_soon_threadsafe(arrived.put_nowait, "")

    threading.Thread(target=read, name="keyboard", daemon=True).start()
    while line := await arrived.get():
        yield line

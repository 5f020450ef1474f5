"""A person at a terminal, and scripts that play one."""

import asyncio
import fcntl
import io
import os
import pty
import signal
import struct
import subprocess
import sys
import termios
import textwrap
import threading
from pathlib import Path

import pytest

from bot.channels.contract import LEAVE, Opened, Outgoing, Pressed, Sent, Words
from bot.channels.terminal import run_terminal
from bot.channels.terminal_text import NARROWEST, harmless
from tests.channels.counting import DOWN, CountingConversation
from tests.channels.wording import words

ROOT = Path(__file__).parents[2]


async def play(conversation: CountingConversation, script: str, language: str = "en") -> str:
    out = io.StringIO()
    code = await run_terminal(conversation, language, io.StringIO(script), out, words)
    assert code == 0
    return out.getvalue()


async def test_a_script_prints_a_transcript(conversation: CountingConversation) -> None:
    assert await play(conversation, "yes\n") == textwrap.dedent("""\
          Hello. I am an automatic guide to services, not a person.
          Turn 0.

           1  Yes <now>
           2  Not sure & alone

          At any time: Help now · Back · Leave

        > yes
          Hello. I am an automatic guide to services, not a person.
          Turn 1.

           1  Abroad
        REGIONS
          At any time: Help now · Back · Leave

          You have left. What was remembered here is erased.

        """).replace("REGIONS", "\n".join([f"  {n:>2}  Region {n}" for n in range(3, 30)]) + "\n")


async def test_the_same_script_prints_the_same_every_time(
    conversation: CountingConversation,
) -> None:
    script = "yes\nagain\n#voice\n/start\n"
    first = await play(conversation, script)
    assert await play(CountingConversation(), script) == first


async def test_lines_are_carried_in_as_they_are(conversation: CountingConversation) -> None:
    await play(
        conversation, "2\n  Abroad \n\n# a remark\nSTOP\n/start\n#voice\n#location\n#photo\n"
    )
    heard = [taken.heard for taken in conversation.taken]
    assert heard == [
        Opened(),
        Words("2"),
        Words("Abroad"),
        Words("STOP"),
        Opened(),
        Sent("voice"),
        Sent("location"),
        Sent("photo"),
        Pressed(LEAVE, ""),
    ]


async def test_the_end_of_input_erases_and_says_so(conversation: CountingConversation) -> None:
    written = await play(conversation, "yes\n")
    assert conversation.sessions == {}
    assert written.endswith("  You have left. What was remembered here is erased.\n\n")


async def test_when_erasing_cannot_be_confirmed_that_is_said(
    conversation: CountingConversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = CountingConversation.take

    async def failing_at_the_end(self: CountingConversation, incoming: object) -> Outgoing | None:
        if getattr(incoming, "heard", None) == Pressed(LEAVE, ""):
            raise DOWN
        return await take(self, incoming)  # type: ignore[arg-type]

    monkeypatch.setattr(CountingConversation, "take", failing_at_the_end)
    assert "Erasing could not be confirmed." in await play(conversation, "")


@pytest.mark.parametrize("failing", [DOWN, ValueError("qzxcanaryword")])
async def test_when_nothing_can_be_saved_help_is_printed(
    conversation: CountingConversation, failing: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    conversation.failing = failing
    written = await play(conversation, "yes\n")
    assert "Your last answer was not saved." in written
    assert "112" in written
    assert "qzxcanaryword" not in written + caplog.text


async def test_a_card_keeps_its_phone_on_a_line_of_its_own(
    conversation: CountingConversation,
) -> None:
    lines = (await play(conversation, "yes\nagain\n")).splitlines()
    assert "  | 0 800 000 000" in lines
    assert lines[lines.index("  | help.example") + 1] == "  | https://help.example/"


async def test_nothing_that_is_said_can_steer_the_terminal() -> None:
    assert harmless("a\x1b[31mb\x07\u202e\ud800\n\x9b1") == "a [31mb   1"
    hostile = "\x1b]0;gone\x07 \u202e\x00"
    out = io.StringIO()
    await run_terminal(CountingConversation(), "en", io.StringIO(hostile), out, words)
    assert "\x1b" not in out.getvalue()


async def test_a_terminal_that_lacks_letters_shows_marks_in_their_place() -> None:
    raw = io.BytesIO()
    out = io.TextIOWrapper(raw, encoding="ascii")
    await run_terminal(CountingConversation(), "uk", io.StringIO("yes\n"), out, words)
    out.flush()
    assert b"?????. ? " in raw.getvalue()


PERSON = """
import asyncio, signal, sys, threading
# As a terminal starts a program. Tests that were put in the background hand on that it is ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.path.insert(0, {root!r})
from bot.channels.terminal import run_terminal
from tests.channels.counting import CountingConversation
from tests.channels.wording import words
talk = CountingConversation()
{more}
code = asyncio.run(run_terminal(talk, "en", None, sys.stdout, words))
print("code", code, "kept", len(talk.sessions))
"""


UNHEARD = """
# A signal that another thread got does not wake the loop by itself: as one that came just before.
threading.Timer(1, lambda: signal.pthread_kill(threading.get_ident(), signal.SIGINT)).start()
"""


def at_a_keyboard(
    typed: list[bytes | signal.Signals], columns: int = 40, more: str = "", patience: float = 60
) -> str:
    """What a person sees who types this on a dumb terminal. The terminal echoes what is typed."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    person = subprocess.Popen(
        [sys.executable, "-c", PERSON.format(root=str(ROOT), more=more)],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, "TERM": "dumb", "COLUMNS": str(columns), "PYTHONUTF8": "1"},
    )
    os.close(theirs)
    # A program that does not end is a failure that says so, not a worker that is stopped.
    stopping = threading.Timer(patience, person.kill)
    stopping.start()
    seen = b""
    for keys in typed:
        while not seen.endswith(b"> "):
            seen += os.read(ours, 4096)
        if isinstance(keys, signal.Signals):
            person.send_signal(keys)
        else:
            os.write(ours, keys)
        seen += os.read(ours, 1)
    try:
        while chunk := os.read(ours, 4096):
            seen += chunk
    except OSError:
        pass  # how a terminal says that the other side is gone
    os.close(ours)
    ended = person.wait(20)
    stopping.cancel()
    assert ended == 0, seen
    return seen.decode("utf-8")


@pytest.mark.parametrize("end", [b"\x04", signal.SIGINT])
def test_leaving_by_the_keyboard_erases(end: bytes | signal.Signals) -> None:
    seen = at_a_keyboard([b"yes\n", end])
    assert "Turn 1." in seen
    assert "What was remembered here is erased." in " ".join(seen.split())
    assert "code 0 kept 0" in seen
    assert "Traceback" not in seen
    assert "\x1b" not in seen


def test_ctrl_c_is_heard_also_while_nothing_wakes_the_loop() -> None:
    seen = at_a_keyboard([], more=UNHEARD, patience=20)
    assert "What was remembered here is erased." in " ".join(seen.split())
    assert "code 0 kept 0" in seen


def test_answers_fit_a_narrow_terminal() -> None:
    seen = at_a_keyboard([b"\x04"], columns=30)
    said = [line.rstrip("\r") for line in seen.split("\n")]
    assert max(len(line) for line in said) <= 30
    assert NARROWEST < 30
    assert "  guide to services, not a" in said


async def test_ctrl_c_in_the_middle_of_a_turn_still_erases() -> None:
    talk = CountingConversation()
    begun = asyncio.Event()
    take = talk.take

    class Slow(CountingConversation):
        async def take(self, incoming: object) -> Outgoing | None:
            out = await take(incoming)  # type: ignore[arg-type]
            if isinstance(getattr(incoming, "heard", None), Words):
                begun.set()
                await asyncio.sleep(60)
            return out

    out = io.StringIO()
    running = asyncio.create_task(run_terminal(Slow(), "en", io.StringIO("yes\n"), out, words))
    await begun.wait()
    running.cancel()
    assert await running == 0
    assert talk.sessions == {}
    assert "erased" in out.getvalue()

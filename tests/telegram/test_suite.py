"""Every conversation of the suite, held in Telegram: asked for and brought, over HTTP.

The service is the real one; only what the directory finds comes from the case, as its author wrote
it. Each case is held in one of its languages by polling, with what is kept in a file, and in the
other by webhook, with what is kept on a PostgreSQL server.
"""

import os
from collections import deque
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import cast

import pytest

from bot.app import LIBRARY
from bot.channels.contract import Address
from bot.dialogue.effects import Errand
from bot.dialogue.events import Returned
from bot.tasks import RunErrand
from bot.vocabulary import ERRANDS
from flows.conversations import Case, StepShape, read_conversations, unmet
from flows.grammar import TAKEN
from tests.botapi import BotApi, Chat, Message
from tests.postgres import fresh
from tests.telegram.running import Running
from tests.trials.programs import session_of

ALL_CASES = read_conversations(LIBRARY.parent / "tests")
EVERY = bool(os.environ.get("QUIETLINE_SUITE"))
"""Whether every case is held in both ways; otherwise one of sixteen in each, turn and turn about:
`flows test` holds all of them.
"""
FORWARD = "›"


@pytest.fixture
async def bot(telegram: BotApi, tmp_path: Path, mode: str) -> AsyncIterator[Running]:
    """The service, running on either database."""
    with contextmanager(fresh)() if mode == "webhook" else nullcontext("") as address:
        running = Running(telegram, tmp_path, mode, database=address)
        await running.start()
        yield running
        await running.stop()


def needs_more(case: Case) -> bool:
    """Whether something comes from a human in it, or words are taken along, which a service without
    signing keys gives nobody: `tests/handing` and `tests/slips` have both.
    """
    handed = {word for words in TAKEN.values() for word in words}
    return any(
        step.happened is not None
        or (step.expect is not None and "slip" in (step.expect.choices or ()))
        or step.choose == "slip"
        or (step.returned is not None and step.returned.outcome in handed)
        for step in case.steps
    )


CASES = [case for case in ALL_CASES if not needs_more(case)]
MOST_STOPPED = 15
"""Cases that may end at an errand which is not back, out of all."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a person sees, and what only the session knows."""

    said: str
    choices: Sequence[str]
    state: str
    slots: Mapping[str, str]
    note: str
    ended: bool


class Talk:
    """One case in one chat."""

    def __init__(self, bot: Running, chat: Chat, due: deque[Returned]) -> None:
        self.bot, self.chat, self.due = bot, chat, due
        self.new: list[Message] = []

    def newest(self) -> int:
        return max((one.id for one in self.chat.messages.values()), default=0)

    async def answered(self, before: int) -> None:
        def whole(chat: Chat) -> bool:
            self.new = [one for one in chat.from_bot if one.id > before]
            return bool(self.new) and bool(self.new[-1].keyboard or self.session() is None)

        await self.chat.until(whole, "a whole answer")

    def session(self) -> object:
        assert self.bot.service
        return session_of(self.bot.service, self.bot.taken[-1].address)

    def buttons(self) -> dict[str, str]:
        """What a button means → what it carries."""
        data = [one["callback_data"] for row in self.new[-1].keyboard for one in row]
        return {one.split(":", 3)[-1]: one for one in data}

    async def press(self, key: str) -> None:
        message = self.new[-1]
        while key not in self.buttons():
            # The list goes on on its next page.
            turns = [one for row in message.keyboard for one in row if FORWARD in one["text"]]
            if not turns:
                raise LookupError(f"no button means '{key}'")
            before = message.edited
            self.chat.press_data(turns[-1]["callback_data"], message)
            await self.chat.until(lambda _: message.edited > before, "the next page")  # noqa: B023
        self.chat.press_data(self.buttons()[key], message)

    async def act(self, step: StepShape) -> None:
        before = self.newest()
        if step.choose is not None:
            await self.press(step.choose)
        elif step.pick is not None:
            await self.press(f"={step.pick}")
        elif step.press is not None:
            self.chat.press_data("v1:AAAAAAAA:old:anything", self.new[-1])
        elif step.send is not None:
            self.chat.send(step.send)
        else:
            self.chat.say(str(step.user))
        await self.answered(before)

    def shown(self) -> Shown:
        assert self.bot.service
        address: Address = self.bot.taken[-1].address
        session = session_of(self.bot.service, address)
        said = "\n".join(one.text for one in self.new)
        keys = [key for key in self.buttons() if key and key[0] not in "=!@~"]
        if session is None:
            return Shown(said, [], "always/left", {}, "", ended=True)
        notes = [name[1:] for name in session.said if name.startswith("#")]
        note = notes[0] if notes else ""
        return Shown(said, keys, session.state, session.slots, note, ended=False)


def coming(rest: Sequence[StepShape]) -> list[Returned]:
    """What errands bring before the person has the word again."""
    found = []
    for step in rest:
        if step.returned is not None:
            values = {name: tuple(ids) for name, ids in step.returned.values.items()}
            found.append(Returned(step.returned.outcome, values))
        elif step.expect is None:
            break
    return found


async def hold(talk: Talk, case: Case, language: str, stopped: list[bool]) -> list[str]:
    """What does not hold of one case."""
    talk.chat.start()
    await talk.answered(0)
    for number, step in enumerate(case.steps):
        rest = case.steps[number + 1 :]
        if step.expect is not None:
            if coming(rest):
                continue  # it is of the moment before an errand came back, where nobody can look
            expect = step.expect
            if talk.shown().ended:
                expect = expect.model_copy(update={"step": None, "choices": None})
            faults = [message for message, _ in unmet(expect, talk.shown())]  # type: ignore[arg-type]
            if faults:
                return [f"{case.name} ({language}), step {number}: {one}" for one in faults]
        elif step.returned is None:
            talk.due.extend(coming(rest))
            before = len(stopped)
            try:
                await talk.act(step)
            except LookupError as fault:
                return [f"{case.name} ({language}), step {number}: {fault}"]
            if len(stopped) > before:
                break  # the case ends at an errand that is not back; the service goes on
    return []


@pytest.mark.timeout(300)
async def test_the_whole_suite_holds_in_telegram(telegram: BotApi, bot: Running, mode: str) -> None:
    assert bot.service
    assert bool(bot.database) is (mode == "webhook")
    due: deque[Returned] = deque()
    stopped: list[bool] = []

    def as_written(errand: Errand, _at: datetime) -> Returned:
        if due:
            return due.popleft()
        stopped.append(True)
        return Returned(ERRANDS[errand.name].outcomes[-1])

    table = cast("dict[str, RunErrand]", bot.service.turns.errands)
    table.update(dict.fromkeys(table, as_written))
    faults: list[str] = []
    for number, case in enumerate(CASES):
        if not EVERY and number % 16 != 8 * (mode == "webhook"):
            continue
        language = case.languages[(number // 16 + (mode == "webhook")) % len(case.languages)]
        due.clear()
        talk = Talk(bot, telegram.chat(language=language), due)
        faults += await hold(talk, case, language, stopped)
    assert faults == []
    assert len(stopped) < MOST_STOPPED
    assert len(CASES) > 50
    assert telegram.refusals() == []

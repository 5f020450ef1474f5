"""Every conversation of the suite, held in a real browser: with the script of the page and without.

What a case does is done on the page: pressed, picked from the list, typed. What it expects is read
from the page where the page shows it, and asked of the dialogue where it does not. Each case is
held in one of its languages with the script, and in the other without.
"""

import asyncio
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import takewhile

import pytest
from playwright.async_api import Browser, Page

from bot.app import LIBRARY, make_wording
from bot.channels.contract import (
    Address,
    Incoming,
    Outgoing,
    Pressed,
    TalkAsked,
    TalkTold,
    Words,
)
from bot.dialogue.hear import hear_button
from bot.player import NOON, Player
from bot.wording import Words as Wording
from flows.conversations import Case, StepShape, read_conversations, take_turn, unmet
from tests.walks.guide import directory, lexicon, live, speech, table
from tests.web.conftest import LANGUAGES, Serve

pytestmark = pytest.mark.asyncio(loop_scope="session")
CASES = [
    case
    for case in read_conversations(LIBRARY.parent / "tests")
    # What comes by itself is tried in tests/web_chat: here a page is shown what an answer brings.
    if all(step.happened is None for step in case.steps)
]
EVERY = bool(os.environ.get("QUIETLINE_SUITE"))
"""Whether every case is held in both ways; otherwise one of twenty with the script and one of sixty
without, where every answer is a page to be loaded: `flows test` holds all of them.
"""
AT_ONCE = 50
"""Cases in one window: Chromium loads no more pages into one that has loaded thousands."""


@cache
def wording(now: object) -> Wording:
    at = now or NOON
    return make_wording(table().script, directory(), speech(), live, at)  # type: ignore[arg-type]


class Held(Player):
    """One case with the real dialogue and the real words."""

    def __init__(self, case: Case, language: str) -> None:
        super().__init__(table(), lexicon(), wording(case.now), language, case.now)

    def press(self, key: str, mark: str) -> None:
        self._hear(hear_button(self._table.script, self._session, key, mark))

    def word(self, *, forgotten: bool) -> Outgoing:
        replies = self._turn.replies
        return self._wording.word(self._session, replies, self._at, forgotten=forgotten)

    @property
    def mark(self) -> str:
        return self._session.mark


class Conversations:
    """One case after another. Errands come back as the case has it."""

    held: Held

    def __init__(self) -> None:
        self.due: list[StepShape] = []
        self.taken = asyncio.Event()

    async def take(self, incoming: Incoming) -> Outgoing:
        match incoming.heard:
            case Pressed(key, mark):
                self.held.press(key, mark)
            case Words(text):
                self.held.words(text)
            case other:
                raise AssertionError(other)
        for returned in self.due:
            assert not list(take_turn(returned, self.held))
        self.taken.set()
        return self.held.word(forgotten=self.held.ended)

    async def look(self, address: Address, language: str) -> Outgoing:
        return self.held.word(forgotten=False)

    async def talk(self, address: Address, asked: TalkAsked) -> TalkTold:
        return TalkTold("none")

    def emergency(self, language: str) -> Outgoing:
        return wording(None).emergency(language)


@dataclass(frozen=True, slots=True)
class Shown:
    """What a person sees, and what only the dialogue knows."""

    said: str
    choices: Sequence[str]
    state: str
    slots: Mapping[str, str]
    note: str
    ended: bool


READ = """() => [
    [...document.querySelectorAll(".say, .note, .card")].map((one) => one.innerText).join("\\n"),
    [...document.querySelectorAll("main input[name=c]")].map((one) => one.value),
]"""
MARK = "() => document.querySelector('main input[name=m]')?.value ?? null"
PRESS = """([key, words]) => {
    // In the page and in one go: a driver that looks for each button takes most of the time.
    const first = document.querySelector("main form");
    if (key === "old") {
        first.querySelector("[name=m]").value = "old";
        const old = document.createElement("input");
        first.prepend(Object.assign(old, { name: "c", value: "anything" }));
        return first.requestSubmit();
    }
    const field = document.getElementById("write");
    if (words) {
        field.value = words;
        return field.form.querySelector("[type=submit]").click();
    }
    const list = document.getElementById("list");
    if (list && [...list.options].some((option) => option.value === key)) {
        list.value = key;
        return list.form.querySelector("[type=submit]").click();
    }
    const forms = [...document.querySelectorAll("main form")];
    const form = forms.find((one) => one.querySelector("input[name=c]")?.value === key);
    form.querySelector("[type=submit]").click();
}"""


async def act(page: Page, url: str, step: StepShape, talk: Conversations, *, script: bool) -> None:
    """Does on the page what a case does, and waits until the page shows the answer."""
    if step.send is not None:
        # A page has no way to send anything but words.
        talk.held.send(step.send)
        await page.goto(url)
        return
    if talk.held.ended:
        await page.goto(url)
    talk.taken.clear()
    key = "old" if step.press else step.choose or f"={step.pick}"
    press = page.evaluate(PRESS, [key, "" if step.user is None else str(step.user)])
    if script:
        await press
        await asyncio.wait_for(talk.taken.wait(), 10)
    else:
        async with page.expect_navigation(wait_until="domcontentloaded"):
            await press
    mark = None if talk.held.ended else talk.held.mark
    for _ in range(1000):
        if await page.evaluate(MARK) == mark:
            return
        await asyncio.sleep(0.02)
    raise AssertionError("the page shows no answer")


def due(steps: Sequence[StepShape]) -> list[StepShape]:
    """What errands bring before the person does anything else."""
    waits = takewhile(lambda one: one.expect is not None or one.returned is not None, steps)
    return [one for one in waits if one.returned is not None]


async def hold(
    page: Page, url: str, case: Case, language: str, talk: Conversations, *, script: bool
) -> list[str]:
    """What does not hold of one case."""
    talk.held = held = Held(case, language)
    await page.goto(url)
    for number, step in enumerate(case.steps):
        where = f"{case.name} ({language}), step {number}"
        coming = due(case.steps[number + 1 :])
        if step.expect is not None:
            if coming:
                continue  # an errand is still under way, and no page is shown before it is back
            said, keys = await page.evaluate(READ)
            choices = [key for key in keys if key[0] not in "=!@"]
            shown = Shown(said, choices, held.state, held.slots, held.note, held.ended)
            faults = [message for message, _ in unmet(step.expect, shown)]  # type: ignore[arg-type]
            if faults:
                return [f"{where}: {fault}" for fault in faults]
        elif step.returned is None:
            talk.due = coming
            await act(page, url, step, talk, script=script)
    return []


@pytest.mark.timeout(3_600 if EVERY else 120)
@pytest.mark.parametrize("script", [True, False], ids=["with script", "without"])
async def test_the_whole_suite_holds_in_a_browser(
    serve: Serve, chromium: Browser, *, script: bool
) -> None:
    talk = Conversations()
    faults: list[str] = []
    async with serve(talk, speech().words, LANGUAGES[:2]) as site:
        apart = 20 if script else 60
        cases = [
            (number, case)
            for number, case in enumerate(CASES)
            if EVERY or number % apart == 5 * script
        ]
        for start in range(0, len(cases), AT_ONCE):
            context = await chromium.new_context(java_script_enabled=script)
            page = await context.new_page()
            page.set_default_timeout(10_000)
            for number, case in cases[start : start + AT_ONCE]:
                turn = number // (10 if EVERY else apart) + script
                language = case.languages[turn % len(case.languages)]
                faults += await hold(page, site.url, case, language, talk, script=script)
            await context.close()
    assert faults == []
    assert len(CASES) > 50

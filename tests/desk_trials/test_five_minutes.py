"""Three operators and twenty people on all channels for five minutes: closed pages, broken lines,
transfers, parking, the end of a shift, a return by six words. Behind `QUIETLINE_SUITE=1`; how long
it goes on is `QUIETLINE_DESK_SECONDS`, and what happens follows from `QUIETLINE_DESK_SEED`.
"""

import asyncio
import os
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from itertools import count
from pathlib import Path

import pytest
from playwright.async_api import Browser

from tests.desk_trials.operators import Operator
from tests.desk_trials.people import AtTerminal, Messenger, Person, Plain, Sealed
from tests.desk_trials.world import World, a_world, until

SECONDS = float(os.environ.get("QUIETLINE_DESK_SECONDS", "300"))
SEED = int(os.environ.get("QUIETLINE_DESK_SEED", "6"))
PEOPLE = (Sealed, Plain, Messenger, AtTerminal) * 5
pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.timeout(1800),
]


class Evening:
    """What happens, and that nothing of it loses a word."""

    def __init__(self, world: World, operators: list[Operator], people: list[Person]) -> None:
        self.world, self.people = world, people
        self.operators = {one.name: one for one in operators}
        self.chance, self.number, self.did = random.Random(SEED), count(1), Counter[str]()
        self.asked = Counter[str]()

    def of(self, person: Person) -> Operator:
        """Whoever has them now."""
        return self.operators[person.now.who]

    async def talk(self, person: Person) -> None:
        """They write, are read and answered, each some times."""
        operator = self.of(person)
        await operator.opens(person)
        for _ in range(self.chance.randint(1, 2)):
            await person.writes(f"number {next(self.number)} of {person.name}")
        assert await operator.reads(person) == person.said, person.name
        for _ in range(self.chance.randint(1, 2)):
            await operator.says(person, f"to {person.name}, number {next(self.number)}")
        assert await person.heard() == person.due, person.name

    async def line(self, person: Person) -> None:
        """The operator's line breaks while both write."""
        operator = self.of(person)
        await operator.opens(person)
        await operator.page.context.set_offline(True)
        await person.writes(f"number {next(self.number)} of {person.name}")
        text = f"to {person.name}, number {next(self.number)}"
        await operator.begins(person, text)
        await asyncio.sleep(1)
        await operator.page.context.set_offline(False)
        await person.hears(text)
        await self.talk(person)

    async def page(self, person: Person) -> None:
        """A page is closed, and opened again after an answer."""
        if not isinstance(person, Sealed):
            return
        operator = self.of(person)
        await operator.opens(person)
        await person.page.close()
        text = f"to {person.name}, number {next(self.number)}"
        await operator.writes(person, text)
        await person.comes_back()
        person.forget_before()
        await person.hears(text)
        await self.talk(person)

    async def pass_on(self, person: Person) -> None:
        """A colleague goes on."""
        operator, warm = self.of(person), self.chance.random() < 0.5
        room = self.world.human.board.load
        ids = {duty.who: duty.staff for duty in self.world.human.shifts.on_duty()}
        free = [who for who, staff in ids.items() if who != operator.name and room(staff)[0] < 7]
        if not free:
            return
        to = self.operators[self.chance.choice(free)]
        await operator.opens(person)
        await operator.passes_on(person, to.name, warm=warm)
        await until(lambda: person.now.transfer is not None, "a transfer was asked for")
        self.asked[person.name] += 1
        await person.is_asked(self.asked[person.name])
        await person.yes()
        await to.accepts(person)
        if warm:
            await operator.opens(person)
            await operator.leaves(person)
        await person.is_taken(to.name)
        await self.talk(person)

    async def park(self, person: Person) -> None:
        """The operator takes a pause with them, and is back."""
        operator = self.of(person)
        await operator.opens(person)
        await operator.parks(person)
        await person.writes(f"number {next(self.number)} of {person.name}")
        await operator.unparks(person)
        await self.talk(person)

    async def shift(self) -> None:
        """One goes home: everybody has somebody else, or is in line again and is taken."""
        name = self.chance.choice(list(self.operators))
        theirs = [one for one in self.people if one.now.who == name]
        gone = self.operators.pop(name)
        await gone.goes_home()
        for person in theirs:
            await until(lambda: self.world.chat(person.chat).who != name, "somebody else")  # noqa: B023
        await gone.begins_again()
        self.operators[name] = gone
        for person in theirs:
            if person.now.state == "waiting":
                await gone.claims(person)
            else:
                await person.is_taken(person.now.who)
            await self.talk(person)

    async def goes_on(self) -> None:
        """Until the time is over."""
        acts: list[tuple[Callable[[Person], Awaitable[None]], int]] = [
            (self.talk, 10),
            (self.line, 2),
            (self.page, 3),
            (self.pass_on, 3),
            (self.park, 2),
        ]
        began, home = time.monotonic(), False
        while (gone := time.monotonic() - began) < SECONDS:
            if not home and gone > SECONDS / 2:
                home = True
                self.did["shift"] += 1
                await self.shift()
            (act,) = self.chance.choices([one for one, _ in acts], [often for _, often in acts])
            self.did[act.__name__] += 1
            await act(self.chance.choice(self.people))


async def test_for_five_minutes_every_message_comes_once_and_in_order(
    tmp_path: Path, chromium: Browser
) -> None:
    async with a_world(tmp_path, chromium, drop=30, open_chats=7) as world:
        operators = [await Operator.sits(world, name) for name in ("Oksana", "Iryna", "Maria")]
        people: list[Person] = []
        for number, kind in enumerate(PEOPLE):
            person: Person = kind(world, f"{kind.kind} {number}")  # type: ignore[abstract]  # none is
            await person.asks()
            await person.writes(f"first of {person.name}")
            operator = operators[number % len(operators)]
            await operator.claims(person)
            people.append(person)
        evening = Evening(world, operators, people)
        for person in people:
            await evening.talk(person)
        await evening.goes_on()
        for person in people:
            await evening.talk(person)
        print(dict(evening.did), sum(len(one.said) for one in people), next(evening.number))  # noqa: T201
        for person in people:
            operator = evening.of(person)
            await operator.opens(person)
            await operator.ends(person)
            await person.sees("ended")
        assert [one.said for one in operators] == [[]] * 3

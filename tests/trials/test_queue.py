"""Many people at the same moment: nobody is lost, nobody holds up others, everyone keeps order."""

import asyncio
import threading
from collections.abc import AsyncIterator, Sequence

import pytest

from bot.app import Service
from bot.channels.contract import Address, Incoming, Outgoing, Pressed, Unavailable, Words
from bot.channels.telegram_lines import MOST_WAITING as MOST_WAITING_IN_CHAT
from bot.channels.telegram_lines import RESERVE
from bot.tasks import Answer, Task
from bot.writer import MOST_WAITING, Writer
from tests.trials.programs import make_service, session_of

CALLERS = 5_000


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Service:
    return make_service(tmp_path_factory.mktemp("service") / "data")


@pytest.fixture
async def service(built: Service) -> AsyncIterator[Service]:
    """The service, and nobody known to it."""
    built.store.sweep(())
    await built.start()
    yield built
    await built.stop()


def chat(number: int) -> Address:
    return Address("push", "trial", str(7_000_000_000 + number).encode())


def press(who: Address, key: str, mark: int) -> Incoming:
    return Incoming(who, Pressed(key, str(mark)), once=f"{mark}:{key}")


async def test_of_5000_people_who_write_at_once_each_is_heard(service: Service) -> None:
    assert CALLERS > MOST_WAITING
    people = [chat(number) for number in range(CALLERS)]
    answers = await asyncio.gather(*(service.take(press(who, "yes", 0)) for who in people))
    assert {answer.mark for answer in answers if answer} == {"1"}
    assert len(answers) == service.store.stats().sessions == CALLERS
    assert all(session_of(service, who) for who in people[:: CALLERS // 20])


async def test_everyone_keeps_their_order_when_all_write_at_once(service: Service) -> None:
    people = [chat(number) for number in range(60)]
    said = [("yes", 0), ("medical", 1), ("skip", 2)]
    wish = [service.take(press(who, key, mark)) for key, mark in said for who in people]
    answers = await asyncio.gather(*wish)
    marks = [answer.mark for answer in answers if answer]
    assert marks == ["1"] * 60 + ["2"] * 60 + ["3"] * 60
    ends = [session_of(service, who) for who in people]
    assert {end.slots["need"] for end in ends if end} == {"medical"}
    assert [end.turn for end in ends if end] == [3] * 60


async def test_the_same_delivery_five_times_at_once_has_one_effect(service: Service) -> None:
    people = [chat(number) for number in range(40)]
    for mark, key in enumerate(("yes", "medical", "skip")):
        wish = [service.take(press(who, key, mark)) for _ in range(5) for who in people]
        answers = await asyncio.gather(*wish)
        assert len([answer for answer in answers if answer]) == len(people)
    assert [end.turn for who in people if (end := session_of(service, who))] == [3] * 40


async def test_all_that_one_chat_may_have_waiting_can_come_again_and_has_no_effect(
    service: Service,
) -> None:
    who = chat(1)
    waiting = [
        Incoming(who, Words(f"word {number}"), once=str(number))
        for number in range(MOST_WAITING_IN_CHAT + RESERVE)
    ]
    assert all([await service.take(one) for one in waiting])
    before = session_of(service, who)
    assert [await service.take(one) for one in waiting] == [None] * len(waiting)
    assert session_of(service, who) == before


async def test_five_farewells_at_once_are_one_and_leave_nothing(service: Service) -> None:
    who = chat(1)
    await service.take(press(who, "yes", 0))
    answers = await asyncio.gather(*(service.take(press(who, "!leave", 1)) for _ in range(5)))
    assert [answer.forgotten for answer in answers if answer] == [True]
    assert service.store.stats().sessions == 0
    assert await service.take(press(who, "!leave", 1)) is None
    assert service.store.stats().sessions == 0


async def test_a_farewell_of_one_person_takes_nothing_from_the_next(service: Service) -> None:
    # On the page everybody's first answers have the same names.
    for who in map(chat, range(3)):
        for mark, key in enumerate(("yes", "medical", "!leave")):
            answer = await service.take(press(who, key, mark))
            assert answer is not None, key
    assert service.store.stats().sessions == 0


async def test_who_goes_away_stops_nobody_and_what_they_said_counts(service: Service) -> None:
    people = [chat(number) for number in range(300)]
    wish = [asyncio.create_task(service.take(press(who, "yes", 0))) for who in people]
    await asyncio.sleep(0)
    for gone in wish[::3]:
        gone.cancel()
    answers = await asyncio.gather(*wish, return_exceptions=True)
    heard = [answer for answer in answers if isinstance(answer, Outgoing)]
    assert len(heard) == 200
    # One more turn: it comes after all of those.
    await service.take(Incoming(chat(999), Words("yes")))
    assert service.store.stats().sessions == 301


class Slow:
    """Takes turns only when it is let to, and counts them."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.taken: list[bytes] = []

    def take(self, tasks: Sequence[Task]) -> list[Answer]:
        self.gate.wait()
        self.taken += [task.address.person for task in tasks]
        return [Answer(None) for _ in tasks]


def look_for(number: int) -> Incoming:
    return Incoming(chat(number), Words("yes"))


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_who_finds_no_place_waits_outside_and_comes_in_order() -> None:
    slow = Slow()
    writer = Writer(slow.take)
    most = MOST_WAITING + 100
    callers = [asyncio.create_task(writer.hand_in(look_for(number))) for number in range(most)]
    await settle()
    # Whoever leaves while their turn waits makes no room: the turn is still there.
    for gone in callers[:50]:
        gone.cancel()
    await settle()
    assert writer.waiting == MOST_WAITING
    for gone in callers[-50:]:
        gone.cancel()
    await settle()
    slow.gate.set()
    writer.start()
    answers = await asyncio.gather(*callers, return_exceptions=True)
    assert len([answer for answer in answers if isinstance(answer, Answer)]) == most - 100
    assert slow.taken == [chat(number).person for number in range(most - 50)]
    await writer.stop()


async def test_at_the_end_those_inside_are_heard_and_those_outside_are_told() -> None:
    slow = Slow()
    writer = Writer(slow.take)
    writer.start()
    most = MOST_WAITING + 100
    callers = [asyncio.create_task(writer.hand_in(look_for(number))) for number in range(most)]
    await settle()
    ending = asyncio.create_task(writer.stop())
    await settle()
    slow.gate.set()
    answers = await asyncio.gather(*callers, return_exceptions=True)
    assert [isinstance(one, Answer) for one in answers] == [True] * MOST_WAITING + [False] * 100
    assert {type(one) for one in answers[MOST_WAITING:]} == {Unavailable}
    await ending
    with pytest.raises(Unavailable):
        await writer.hand_in(look_for(0))


async def test_a_group_that_fails_tells_each_of_its_callers_and_the_next_is_taken() -> None:
    slow = Slow()
    slow.gate.set()
    failing = [True]

    def take(tasks: Sequence[Task]) -> list[Answer]:
        if failing.pop():
            raise RuntimeError("nothing of this may be shown")
        return slow.take(tasks)

    writer = Writer(take)
    callers = [asyncio.create_task(writer.hand_in(look_for(number))) for number in range(40)]
    await settle()
    failing[:] = [False, False, False, True]
    writer.start()
    told = await asyncio.gather(*callers, return_exceptions=True)
    assert {type(one) for one in told} == {Unavailable}
    assert await writer.hand_in(look_for(41)) == Answer(None)
    await writer.stop()

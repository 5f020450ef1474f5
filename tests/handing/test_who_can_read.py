"""What is left for whom: after an end, after a no, with two in a chat, with many keys."""

import time

import pytest

from bot.app import Service
from bot.channels.contract import LEAVE, Enter, Opened, Pressed, Words
from bot.handoff.duty import MOST_KEYS
from bot.handoff.model import Chat
from bot.sealing import Context, generate, make_prekey, rewrap
from tests.handing.operators import Operator
from tests.handing.people import Person, lines, said


def left(service: Service, *tables: str) -> list[int]:
    with service.store.group() as group:
        found = [group.ask(f"SELECT count(*) FROM {table}", ()) for table in tables]
    return [int(rows[0][0]) for rows in found]


def pass_on(mine: Operator, chat: Chat, other: Operator) -> None:
    """What the page of an operator does before it offers a chat."""
    human = mine.human
    with mine.service.store.group() as group:
        now = human.chats.of_person(group, chat.id)
        assert now is not None
        (one,) = human.messages.for_operator(group, now, mine.staff, now=time.time())
        assert one.wrap is not None
        receivers = [other.prekey.public.receiver(1)]
        context = Context(chat.id, "in", one.number)
        wraps = rewrap(context, one.wrap.wrap, 1, mine.prekey.private[1], receivers)
        human.messages.rewrap(
            group,
            now,
            mine.staff,
            {one.number: wraps},
            receivers=human.keys.on_duty_receivers(group, human.shifts.on_duty(), time.time()),
        )


def wraps_for(service: Service, operator: Operator) -> int:
    with service.store.group() as group:
        asked = "SELECT count(*) FROM wrap WHERE key = ?"
        return int(group.ask(asked, (operator.prekey.public.id,))[0][0])


async def test_what_a_person_wrote_is_gone_for_staff_with_the_end_though_nobody_comes_back(
    service: Service,
) -> None:
    operator, person = Operator(service, "s1"), Person(service)
    await person.ask()
    await person.do(Words("for a human"))
    chat = operator.claim()
    operator.say(chat, "Goodbye.")
    operator.human.desk.close("s1", chat.id)
    assert left(service, "wrap", "code") == [0, 0]
    out = await person.look()
    assert lines(out) == [("me", "for a human"), ("them", "Goodbye.")]


@pytest.mark.parametrize("channel", ["web", "telegram"])
async def test_who_erases_after_the_end_leaves_no_row_behind(
    service: Service, channel: str
) -> None:
    operator, person = Operator(service, "s1"), Person(service, channel)
    await person.ask()
    await person.do(Words("for a human"))
    chat = operator.claim()
    operator.human.desk.close("s1", chat.id)
    await person.do(Opened())
    await person.do(Words("hello"))
    await person.do(Pressed(LEAVE, ""))
    assert left(service, "chat", "message", "wrap", "code") == [0, 0, 0, 0]


async def test_who_ends_a_chat_and_erases_later_leaves_no_row_behind(service: Service) -> None:
    operator, person = Operator(service, "s1"), Person(service)
    await person.ask()
    operator.claim()
    await person.look()
    await person.choose("end", "end")
    await person.do(Pressed(LEAVE, ""))
    assert left(service, "chat", "message", "wrap", "code") == [0, 0, 0, 0]
    assert operator.human.board.of("s1") == ()


@pytest.mark.parametrize("no", ["person", "colleague", "clock"])
async def test_a_colleague_who_does_not_come_keeps_no_key_of_what_was_written(
    service: Service, no: str
) -> None:
    operator, colleague = Operator(service, "s1"), Operator(service, "s2", "Linden")
    person = Person(service)
    await person.ask()
    await person.do(Words("for one alone"))
    chat = operator.claim()
    pass_on(operator, chat, colleague)
    desk = operator.human.desk
    desk.transfer("s1", chat.id, "s2", warm=False)
    assert wraps_for(service, colleague) == 1
    if no == "clock":
        desk.tick(time.time() + 16 * 60)
    else:
        await person.look()
        await person.choose("no" if no == "person" else "yes")
        if no == "colleague":
            desk.refuse_transfer("s2", chat.id)
    assert operator.kept(chat).transfer is None
    assert wraps_for(service, colleague) == 0
    assert operator.read(chat) == ["for one alone"]


async def test_whoever_joins_is_named_to_the_person(service: Service) -> None:
    operator, lead = Operator(service, "s1"), Operator(service, "s2", "Birch")
    person, other = Person(service), Person(service, "telegram")
    chats = []
    for one in (person, other):
        await one.ask()
        chats.append(chat := operator.claim())
        operator.human.desk.join("s2", chat.id, "asked")
        lead.say(chat, "I am here too.")
    out = await person.look()
    assert "You are talking with Oksana, Birch." in said(out)
    assert out.chat is not None
    assert out.chat.who == "Oksana, Birch"
    await other.hears("You are talking with Oksana, Birch.")
    await other.hears("Birch\nI am here too.")
    lead.human.desk.leave_warm("s2", chats[-1].id)
    await other.hears("You are talking with Oksana.")


async def test_how_much_goes_on_in_other_chats_is_not_told_to_who_has_one(
    service: Service,
) -> None:
    operator, spy, other = Operator(service, "s1"), Person(service), Person(service)
    await spy.ask()
    told = [await service.talk(spy.address, Enter(1, generate(1).public))]
    await other.ask()
    told.append(await service.talk(spy.address, Enter(1, generate(1).public)))
    out = await spy.look()
    assert out.chat is not None
    with service.store.group() as group:
        newest = operator.human.rows.pulse(group).version
    numbers = [told[0].version, told[1].version, out.chat.number]
    assert numbers[0] != numbers[1] == numbers[2]
    assert not set(numbers) & set(range(newest + 1))


async def test_nobody_floods_the_desk_with_keys_of_their_own(service: Service) -> None:
    operator = Operator(service, "s1")
    shifts = operator.human.shifts
    made = []
    for _ in range(MOST_KEYS + 2):
        more = make_prekey(operator.identity, int(time.time()) + 3600).public
        with service.store.group() as group:
            key = operator.human.keys.add_prekey(group, "s1", more, time.time())
        duty = shifts.of("s1")
        assert duty is not None
        made.append(key)
        shifts.set_keys("s1", (*duty.keys, key))
    duty = shifts.of("s1")
    assert duty is not None
    assert duty.keys == tuple(made[-MOST_KEYS:])

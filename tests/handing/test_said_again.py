"""Somebody who had a chat is gone for good: what nobody read reaches who comes next, once."""

import pytest

from bot.app import Service
from bot.channels.contract import Again, Enter, Hear, Say, TalkTold, Words
from bot.handoff.model import Chat
from bot.handoff.moves import looked
from bot.sealing import Context, generate, seal_for_desk
from tests.handing.operators import Operator
from tests.handing.people import Person


def has_read(operator: Operator, chat: Chat, number: int, *missed: int) -> None:
    """That was on their screen, as their page says it."""
    human = operator.human
    with human.store.group() as group:
        now = human.chats.of_person(group, chat.id)
        assert now is not None
        human.chats.change(group, now, looked(now, operator.who, number, missed))
    human.board.look()


def is_gone(operator: Operator, chat: Chat) -> None:
    """Their line does not come back, and the chat waits again."""
    operator.human.desk.dropped(operator.staff)
    assert operator.kept(chat).state == "waiting"
    operator.human.shifts.end_shift(operator.staff)


def sealed(told: TalkTold, number: int, text: str, *to: Operator) -> tuple[bytes, dict[str, bytes]]:
    receivers = [one.prekey.public.receiver() for one in to]
    made = seal_for_desk(Context(told.chat, "in", number), text, receivers)
    return made.body, {key.hex(): wrap for key, wrap in made.wraps.items()}


@pytest.fixture
def oksana(service: Service) -> Operator:
    return Operator(service, "s1")


async def test_a_page_seals_again_what_nobody_read_and_it_is_given_once(
    service: Service, oksana: Operator
) -> None:
    person = Person(service)
    await person.ask()
    chat = oksana.claim()
    told = await service.talk(person.address, Enter(1, generate(1).public))
    for number, text in ((1, "read"), (2, "never seen")):
        await service.talk(person.address, Say(number, *sealed(told, number, text, oksana)))
    has_read(oksana, chat, 1)
    told = await service.talk(person.address, Hear(0, 0))
    assert (told.read, told.reader, told.again) == (1, "Oksana", ())
    early = Again(2, *sealed(told, 2, "never seen", oksana))
    assert (await service.talk(person.address, early)).refused == "number"
    is_gone(oksana, chat)
    assert (await service.talk(person.address, Hear(0, 0))).again == ()  # nobody is there
    iryna = Operator(service, "s2", "Iryna")
    iryna.claim()
    told = await service.talk(person.address, Hear(0, 0))
    assert told.again == (2,)
    for wrong, refused in (
        (Again(2, *sealed(told, 2, "never seen", oksana)), "receivers"),
        (Again(1, *sealed(told, 1, "read", iryna)), "number"),
        (Again(3, *sealed(told, 3, "of later", iryna)), "number"),
        (Again(2, b"in the clear", {"00" * 8: b"x"}), "size"),
        (Again(2, b"in the clear", {"no id": b"x"}), "size"),
    ):
        assert (await service.talk(person.address, wrong)).refused == refused
    assert iryna.read(chat) == []
    again = Again(2, *sealed(told, 2, "never seen", iryna))
    for _ in range(2):  # a second copy has no effect
        told = await service.talk(person.address, again)
        assert (told.refused, told.again, told.next_in) == ("", (), 3)
    assert iryna.read(chat) == ["never seen"]
    another = Again(2, *sealed(told, 2, "other words", iryna))
    assert (await service.talk(person.address, another)).refused == "number"
    assert iryna.read(chat) == ["never seen"]
    # The first comes back and is handed the chat: each message is there once.
    assert iryna.kept(chat).number_in == 2


async def test_the_door_seals_again_at_the_next_turn_without_javascript(
    service: Service, oksana: Operator
) -> None:
    person = Person(service)
    await person.ask()
    chat = oksana.claim()
    for text in ("read", "never seen", "read, too", "a second line\nof it"):
        await person.do(Words(text))
    has_read(oksana, chat, 3, 2)
    is_gone(oksana, chat)
    iryna = Operator(service, "s2", "Iryna")
    iryna.claim()
    assert iryna.read(chat) == []
    await person.look()
    assert iryna.read(chat) == ["never seen", "a second line\nof it"]
    await person.do(Words("and now"))
    assert iryna.read(chat) == ["never seen", "a second line\nof it", "and now"]
    version = iryna.kept(chat).version
    await person.look()
    assert iryna.kept(chat).version == version, "once is enough"


async def test_who_waits_again_is_read_by_whoever_takes_the_chat_then(
    service: Service, oksana: Operator
) -> None:
    person = Person(service)
    await person.ask()
    await person.do(Words("before anybody came"))
    oksana.human.shifts.end_shift("s1")
    iryna = Operator(service, "s2", "Iryna")
    await person.look()  # and is not there any more when it is taken
    chat = iryna.claim()
    assert iryna.read(chat) == ["before anybody came"]


async def test_in_a_messenger_it_is_gone_and_asked_for_in_words(
    service: Service, oksana: Operator
) -> None:
    person = Person(service, "telegram")
    await person.ask()
    chat = oksana.claim()
    await person.do(Words("never seen"))
    is_gone(oksana, chat)
    iryna = Operator(service, "s2", "Iryna")
    iryna.claim()
    await person.do(Words("hello?"))
    assert iryna.read(chat) == ["hello?"]
    assert iryna.kept(chat).number_in == 2


async def test_what_one_screen_could_not_open_is_missed_until_another_has_it(
    service: Service, oksana: Operator
) -> None:
    person = Person(service)
    await person.ask()
    chat = oksana.claim()
    for text in "1234":
        await person.do(Words(text))
    for number, missed, kept in (
        (3, (1, 2), (3, (1, 2))),
        (2, (2,), (3, (2,))),
        (1, (1,), (3, (2,))),  # what was read stays read
        (9, (2, 7), (4, (2,))),  # there are four
        (4, (), (4, ())),
    ):
        has_read(oksana, chat, number, *missed)
        now = oksana.kept(chat)
        assert (now.read, now.missed) == kept, (number, missed)

"""Each side sees that the other writes, and nothing of it is opened or kept."""

import asyncio

from bot.app import Service
from bot.channels.contract import Address, TalkTold, Typing
from bot.handoff.typed import APART_SECONDS, Side, Typed
from tests.handing.operators import Operator
from tests.handing.people import Person


async def test_whoever_has_the_chat_sees_that_the_person_writes(service: Service) -> None:
    operator = Operator(service, "s1")
    signs: list[tuple[bytes, Side]] = []
    operator.human.typed.listen(lambda chat, by: signs.append((chat, by)))
    person = Person(service)
    await person.ask()
    await service.talk(person.address, Typing())
    assert signs == [], "nobody has it yet"
    chat = operator.claim()
    version = operator.kept(chat).version
    stranger = Address("web", "site", b"somebody else", b"secret")
    await service.talk(stranger, Typing())
    assert signs == []
    # The secret of the session is not needed: nothing is opened.
    unlocked = Address(person.address.channel, person.address.bot, person.address.person)
    assert await service.talk(unlocked, Typing()) == TalkTold("none")
    assert signs == [(chat.id, "person")]
    assert operator.kept(chat).version == version


async def test_the_person_is_told_that_an_operator_writes_and_nobody_else(
    service: Service,
) -> None:
    operator = Operator(service, "s1")
    signs: list[bytes] = []
    service.sign_on("web", signs.append)
    person = Person(service)
    await person.ask()
    chat = operator.claim()
    operator.human.typed.tell(chat.id, "person")
    operator.human.typed.tell(bytes(16), "staff")
    operator.human.typed.tell(chat.id, "staff")
    await asyncio.sleep(0)
    assert signs == [person.address.person]


def test_signs_do_not_come_in_a_storm() -> None:
    now, signs = [5.0], []
    typed = Typed(lambda: now[0])
    typed.listen(lambda chat, by: signs.append((chat, by)))
    for _ in range(100):
        typed.tell(b"a", "person")
    typed.tell(b"a", "staff")
    typed.tell(b"b", "person")
    now[0] += APART_SECONDS
    typed.tell(b"a", "person")
    assert signs == [(b"a", "person"), (b"a", "staff"), (b"b", "person"), (b"a", "person")]

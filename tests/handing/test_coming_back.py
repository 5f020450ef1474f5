"""Six words, leaving, and pages that seal for themselves: through the service itself."""

from bot.app import Service
from bot.channels.contract import LEAVE, Enter, Hear, Plain, Pressed, Say, Words
from bot.sealing import (
    Context,
    OrganisationKeys,
    generate,
    open_for_person,
    read_roster,
    seal_for_desk,
)
from tests.handing.operators import Operator
from tests.handing.people import Person, said, words_of


async def test_six_words_bring_a_person_back_from_another_channel(service: Service) -> None:
    operator = Operator(service, "s1")
    person = Person(service)
    await person.do(Pressed("!human", ""))
    six = words_of(await person.choose("yes"))
    await person.choose("noted")
    chat = operator.claim()
    await person.do(Words("from the page"))
    other = Person(service, "telegram")
    await other.do(Pressed("!human", ""))
    await other.choose("code")
    out = await other.do(Words(f"  {six.upper()} "))
    assert words_of(out) != six
    assert "back in your chat" in said(out)
    await other.do(Words("from the messenger"))
    assert operator.read(chat) == ["from the page", "from the messenger"]
    assert operator.kept(chat).kind == "telegram"
    out = await person.look()
    assert out.chat is None
    assert "goes on where its six words were typed in" in said(out)


async def test_wrong_words_are_told_kindly_and_rest_after_a_while(service: Service) -> None:
    Operator(service, "s1")
    person = Person(service)
    await person.do(Pressed("!human", ""))
    await person.choose("code")
    for _ in range(5):
        out = await person.do(Words("wheat glacier grass bamboo lilac sweater"))
        assert "These words open no chat here" in said(out)
    out = await person.do(Words("wheat glacier grass bamboo lilac sweater"))
    assert "tried often" in said(out)


async def test_leaving_erases_the_chat_too(service: Service) -> None:
    operator = Operator(service, "s1")
    person = Person(service)
    await person.ask()
    await person.do(Words("secret-canary"))
    out = await person.do(Pressed(LEAVE, ""))
    assert out.forgotten
    assert operator.human.board.queue() == ()
    with service.store.group() as group:
        assert operator.human.rows.ids(group) == frozenset()
        for table in ("message", "wrap", "code"):
            assert group.ask(f"SELECT count(*) FROM {table}", ()) == [(0,)]


async def test_a_page_that_seals_gives_the_server_no_word(service: Service) -> None:
    operator = Operator(service, "s1")
    person = Person(service)
    await person.ask()
    pair = generate(1)
    told = await service.talk(person.address, Enter(1, pair.public))
    assert (told.status, told.mode, told.next_in) == ("waiting", "device", 1)
    keys = OrganisationKeys(told.organisation["ed25519"], told.organisation["p256"])
    roster = read_roster(told.roster, told.signature, keys, operator.human.clock())
    receivers = roster.receivers(1, operator.human.clock())
    envelope = seal_for_desk(Context(told.chat, "in", 1), "only for you", receivers)
    say = Say(1, envelope.body, {key.hex(): wrap for key, wrap in envelope.wraps.items()})
    assert (await service.talk(person.address, say)).refused == ""
    assert (await service.talk(person.address, say)).next_in == 2  # a second copy has no effect
    clear = Say(2, b"in the clear", {key.hex(): b"x" for key in envelope.wraps})
    assert (await service.talk(person.address, clear)).refused == "size"
    out = await person.do(Words("typed into the form"))
    assert operator.kept(operator.human.board.queue()[0]).number_in == 1
    assert out.chat is not None
    assert out.chat.lines == ()
    chat = operator.claim()
    assert operator.read(chat) == ["only for you"]
    operator.say(chat, "Only you read this.")
    told = await service.talk(person.address, Hear(0, 0))
    (reply,) = told.replies
    assert (told.status, told.who) == ("talking", "Oksana")
    assert (
        open_for_person(Context(told.chat, "out", 1), reply.sealed, 1, pair.private)
        == "Only you read this."
    )
    told = await service.talk(person.address, Hear(1, 1))
    assert told.replies == ()
    told = await service.talk(person.address, Plain())
    assert told.mode == "door"
    await person.do(Words("now without a seal of my own"))
    assert operator.read(chat)[-1] == "now without a seal of my own"


async def test_a_page_without_a_chat_is_told_so(service: Service) -> None:
    person = Person(service)
    told = await service.talk(person.address, Hear(0, 0))
    assert told.status == "none"

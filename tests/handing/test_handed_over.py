"""A person asks for a human, is answered, and is the guide's again: through the service itself."""

from dataclasses import replace

from bot.app import Service
from bot.channels.contract import Opened, Pressed, Words
from bot.handoff.hours import Weekly
from tests.handing.operators import Operator
from tests.handing.people import Person, lines, said


async def test_without_a_desk_on_duty_people_are_led_to_lines(service: Service) -> None:
    person = Person(service)
    await person.do(Opened())
    out = await person.do(Pressed("!human", ""))
    assert "Nobody from this guide can answer here" in said(out)
    assert out.chat is None


async def test_both_sides_of_a_talk_stand_in_their_order_and_the_guide_is_silent(
    service: Service,
) -> None:
    operator = Operator(service, "s1")
    person = Person(service)
    out = await person.ask()
    assert "Your place in line: 1" in said(out)
    await person.do(Words("first"))
    chat = operator.claim()
    assert operator.read(chat) == ["first"]
    out = await person.look()
    assert "A person is here now." in said(out)
    assert "Oksana" in said(out)
    operator.say(chat, "I am here.")
    await person.do(Words("second"))
    await person.do(Words("third"))
    operator.say(chat, "Take your time.")
    out = await person.look()
    assert lines(out) == [
        ("me", "first"),
        ("them", "I am here."),
        ("me", "second"),
        ("me", "third"),
        ("them", "Take your time."),
    ]
    assert operator.read(chat) == ["first", "second", "third"]


async def test_after_the_end_the_last_words_stay_on_the_page_and_the_guide_goes_on(
    service: Service,
) -> None:
    operator = Operator(service, "s1")
    person = Person(service)
    before = await person.do(Opened())
    await person.ask()
    chat = operator.claim()
    operator.say(chat, "Goodbye, and take care.")
    operator.human.desk.close("s1", chat.id)
    out = await person.look()
    assert "This is the automatic guide again" in said(out)
    assert ("them", "Goodbye, and take care.") in lines(out)
    assert out.chat is not None
    assert not out.chat.can_write
    out = await person.choose("helped")
    assert said(before).splitlines()[-1] in said(out)
    out = await person.do(Words("hello"))
    assert out.chat is None
    with service.store.group() as group:
        for table in ("message", "wrap", "code"):
            assert group.ask(f"SELECT count(*) FROM {table}", ()) == [(0,)]


async def test_words_typed_after_the_end_go_to_nobody(service: Service) -> None:
    operator = Operator(service, "s1")
    person = Person(service)
    await person.ask()
    chat = operator.claim()
    operator.human.desk.close("s1", chat.id)
    out = await person.do(Words("are you still there"))
    assert "The chat has ended" in said(out)
    assert operator.kept(chat).number_in == 0


async def test_a_messenger_is_told_of_every_change_and_brought_every_reply_once(
    service: Service,
) -> None:
    operator = Operator(service, "s1")
    person = Person(service, "telegram")
    await person.ask()
    chat = operator.claim()
    await person.hears("A person is here now")
    operator.say(chat, "One.")
    operator.say(chat, "Two.")
    operator.human.desk.park("s1", chat.id)
    await person.hears("takes a pause")
    operator.human.desk.unpark("s1", chat.id)
    await person.hears("is back")
    operator.human.desk.close("s1", chat.id)
    await person.hears("automatic guide again")
    assert [text for text in person.delivered if text.startswith("Oksana")] == [
        "Oksana\nOne.",
        "Oksana\nTwo.",
    ]
    assert sum("A person is here now" in text for text in person.delivered) == 1
    with service.store.group() as group:
        assert operator.human.messages.all_replies(group, chat) == ()
        assert operator.human.rows.ids(group) == frozenset()


async def test_who_waits_may_read_and_is_led_back_when_a_person_answers(service: Service) -> None:
    operator = Operator(service, "s1")
    person = Person(service)
    await person.ask()
    out = await person.choose("read")
    assert "Your place in line" not in said(out)
    operator.claim()
    out = await person.look()
    assert "A person is here now." in said(out)


async def test_a_button_of_the_screen_before_is_not_wrong_when_the_news_came_first(
    service: Service,
) -> None:
    operator = Operator(service, "s1")
    person = Person(service)
    out = await person.ask()
    chat = operator.claim()
    out = await person.do(Pressed("stop", out.mark))
    assert "A person is here now." in said(out)
    assert operator.kept(chat).state == "claimed"


async def test_words_of_the_moment_when_a_person_came_reach_that_person(service: Service) -> None:
    operator = Operator(service, "s1")
    person = Person(service)
    await person.ask()
    chat = operator.claim()
    out = await person.do(Words("just now"))
    assert "A person is here now." in said(out)
    assert operator.read(chat) == ["just now"]


async def test_while_a_queue_is_paused_only_who_may_be_in_danger_can_wait(
    service: Service,
) -> None:
    operator = Operator(service, "s1")
    operator.human.surge.turn("lead", "en", 0, "pause", "trouble", 1)
    calm = Person(service)
    out = await calm.do(Pressed("!human", ""))
    assert "take no new chats" in said(out)
    assert "wait" not in [option.key for option in out.options]
    grave = Person(service)
    await grave.do(Words("i want to kill myself"))
    await grave.do(Pressed("!human", ""))
    await grave.choose("wait", "yes", "noted")
    assert [chat.severity for chat in operator.human.board.queue()] == [2]


async def test_a_line_that_a_flood_made_long_still_lets_danger_in(service: Service) -> None:
    operator = Operator(service, "s1")
    operator.human.shifts.rules = replace(operator.human.shifts.rules, most_waiting=1)
    await Person(service).ask()
    calm = Person(service)
    await calm.do(Pressed("!human", ""))
    out = await calm.choose("yes")
    assert "Many people are waiting just now" in said(out)
    assert "lines" in [option.key for option in out.options]
    grave = Person(service)
    await grave.do(Words("i want to kill myself"))
    await grave.ask()
    assert [chat.severity for chat in operator.human.board.queue()] == [2, 0]


async def test_when_nobody_is_on_shift_people_can_wait_and_are_told_when_somebody_comes(
    service: Service,
) -> None:
    assert service.human is not None
    service.human.opening.save("lead", {"en": 0}, Weekly(rules="24/7"))
    person = Person(service)
    out = await person.do(Pressed("!human", ""))
    assert "Nobody here can answer now" in said(out)
    await person.choose("wait", "yes", "noted")
    out = await person.do(Words("can anybody read this"))
    assert "not kept" in said(out)
    operator = Operator(service, "s1")
    assert operator.claim().number_in == 0


async def test_what_somebody_wrote_keeps_their_name_when_another_answers(
    service: Service,
) -> None:
    first, second = Operator(service, "s1"), Operator(service, "s2", "Iryna")
    person = Person(service)
    await person.ask()
    chat = first.claim()
    first.say(chat, "I am here.")
    first.human.desk.transfer("s1", chat.id, "s2", warm=True)
    await person.choose("yes")
    second.human.desk.accept_transfer("s2", chat.id)
    second.say(chat, "So am I.")
    first.human.desk.leave_warm("s1", chat.id)
    first.human.shifts.end_shift("s1")
    out = await person.look()
    assert out.chat is not None
    assert out.chat.who == "Iryna"
    assert [(line.who, line.text) for line in out.chat.lines] == [
        ("Oksana", "I am here."),
        ("Iryna", "So am I."),
    ]

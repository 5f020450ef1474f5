"""From a person's words to an answer and back, through the front door."""

import asyncio

import pytest

from tests.console_desk.desk import ADesk

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def test_what_a_person_wrote_is_read_by_who_claimed_it_and_answered(desk: ADesk) -> None:
    anna = await desk.operator("Anna")
    chat = desk.asks("a quiet word", "and another")
    mine = await anna.claims(chat)
    assert (mine["name"], mine["number_in"], mine["as"]) == (chat.name, 2, "owner")
    assert await anna.reads(chat) == ["a quiet word", "and another"]
    told = await anna.replies(desk.now(chat), 1, "I am here.")
    assert told["number"] == 1
    assert desk.hears(chat) == ["I am here."]
    assert await anna.reads(chat, own=True) == ["I am here."]


async def test_the_next_in_line_is_claimed_by_one_key(desk: ADesk) -> None:
    anna = await desk.operator("Anna")
    desk.asks("first", language="lt")
    second = desk.asks("second")
    third = desk.asks("third", severity=2)
    assert (await anna.does("/desk/claim"))["chat"]["chat"] == third.id.hex()
    assert (await anna.does("/desk/claim"))["chat"]["chat"] == second.id.hex()
    nobody = await anna.post("/desk/claim")
    assert (nobody.status, nobody["refused"]) == (409, "nobody_waits")


async def test_of_two_who_claim_at_once_one_has_it_and_the_other_is_told(desk: ADesk) -> None:
    anna, boris = await desk.operator("Anna"), await desk.operator("Boris")
    chat = desk.asks("hello")
    answers = await asyncio.gather(
        *(one.post("/desk/claim", chat=chat.id.hex()) for one in (anna, boris))
    )
    assert sorted(answer.status for answer in answers) == [200, 404]
    assert desk.now(chat).owner in {anna.id, boris.id}


async def test_the_same_reply_twice_is_one_and_another_under_its_number_is_refused(
    desk: ADesk,
) -> None:
    anna = await desk.operator("Anna")
    chat = desk.asks("hello")
    await anna.claims(chat)
    said = anna.sealed(desk.now(chat), 1, "Once.")
    assert (await anna.does("/desk/reply", **said))["number"] == 1
    assert (await anna.does("/desk/reply", **said))["number"] == 1
    other = await anna.post("/desk/reply", **anna.sealed(desk.now(chat), 1, "Other."))
    assert (other.status, other["refused"], other["next"]) == (409, "number", "2")
    assert desk.hears(chat) == ["Once."]


async def test_a_person_who_came_back_is_sealed_to_anew(desk: ADesk) -> None:
    anna, boris = await desk.operator("Anna"), await desk.operator("Boris", shift=False)
    chat = desk.asks("hello")
    await anna.claims(chat)
    said = anna.sealed(desk.now(chat), 1, "Hello.") | {"public": "AAAA"}
    told = await anna.post("/desk/reply", **said)
    assert (told.status, told["refused"]) == (409, "person_changed")
    assert told["person"]["suite"] == 1
    assert (await boris.post("/desk/reply", **said)).status == 404


async def test_a_chat_is_passed_on_warm_and_the_colleague_reads_what_was_written_before(
    desk: ADesk,
) -> None:
    anna, boris = await desk.operator("Anna"), await desk.operator("Boris")
    chat = desk.asks("before")
    await anna.claims(chat)
    await anna.replies(desk.now(chat), 1, "Our side.")
    await anna.does("/desk/transfer", chat=chat.id.hex(), to=boris.id, warm=True)
    desk.turn(
        lambda group: desk.handoff.chats.answer_transfer(group, chat.id, yes=True, now=desk.clock())
    )
    assert (await boris.post("/desk/messages", chat=chat.id.hex())).status == 404
    mine = (await boris.does("/desk/transfer/accept", chat=chat.id.hex()))["chat"]
    assert mine["as"] == "helper"
    assert await boris.reads(chat) == ["?"]
    await anna.passes_on(chat, boris)
    await anna.does("/desk/leave", chat=chat.id.hex())
    assert desk.now(chat).owner == boris.id
    assert await boris.reads(chat) == ["before"]
    assert await boris.reads(chat, own=True) == ["Our side."]
    assert (await anna.post("/desk/messages", chat=chat.id.hex())).status == 404


async def test_a_chat_that_ends_is_counted_by_codes_and_nothing_else(desk: ADesk) -> None:
    anna = await desk.operator("Anna")
    first, second = desk.asks("one"), desk.asks("two")
    for chat in (first, second):
        await anna.claims(chat)
    await anna.does(
        "/desk/close", chat=first.id.hex(), need="legal", outcome="made up", referral="yes"
    )
    await anna.does("/desk/close", chat=second.id.hex())
    assert desk.now(first).state == desk.now(second).state == "closed"
    assert (await anna.post("/desk/messages", chat=first.id.hex())).status == 404


async def test_every_act_at_the_desk_is_written_down_and_no_chat_with_it(desk: ADesk) -> None:
    anna, boris = await desk.operator("Anna"), await desk.operator("Boris")
    lead = await desk.operator("Lena", "lead")
    chat, other = desk.asks("one"), desk.asks("two")
    named = {"chat": chat.id.hex()}
    await anna.claims(chat)
    for act in ("heavy", "park", "unpark"):
        await anna.does(f"/desk/{act}", **named)
    await anna.does("/desk/transfer", **named, to=boris.id, warm=False)
    await anna.does("/desk/transfer/refuse", **named)
    await anna.does("/desk/help", **named)
    await lead.does("/desk/join", **named, reason="asked")
    await lead.does("/desk/leave", **named)
    await lead.does("/desk/take-over", **named, reason="danger")
    await lead.does("/desk/release", **named)
    await boris.claims(other)
    await boris.does("/desk/close", chat=other.id.hex())
    acts = [act for _, act, *_ in desk.told if act not in {"desk.keys.enrol", "desk.duty.begin"}]
    assert acts == [
        *("desk.claim", "desk.heavy", "desk.park", "desk.unpark", "desk.transfer"),
        *("desk.transfer-refuse", "desk.help", "desk.join", "desk.leave", "desk.take_over"),
        *("desk.release", "desk.claim", "desk.close"),
    ]
    assert (lead.id, "desk.take_over", anna.id, "danger") in desk.told
    assert chat.id.hex() not in str(desk.told)

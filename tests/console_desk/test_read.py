"""What was on an operator's screen: kept for the person, and for who has to read the rest."""

import pytest

from tests.console_desk.desk import ADesk

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def test_what_was_read_and_what_was_not_is_kept_with_the_chat(desk: ADesk) -> None:
    anna, boris = await desk.operator("Anna"), await desk.operator("Boris")
    chat = desk.asks("one", "two", "three")
    assert (await anna.claims(chat))["heard"] == 0
    assert (await anna.does("/desk/read", chat=chat.id.hex(), number=2, missed=[1])).body == b"{}"
    now = desk.now(chat)
    duty = desk.handoff.shifts.of(anna.id)
    assert duty is not None
    assert (now.read, now.missed, now.reader) == (2, (1,), duty.who)
    await anna.does("/desk/read", chat=chat.id.hex(), number=2, missed=[1])
    assert desk.now(chat).version == now.version, "what is known already is not written again"
    for said in ({"number": 3}, {"number": 3, "missed": [3]}):
        assert (await boris.post("/desk/read", chat=chat.id.hex(), **said)).status == 404
    assert desk.now(chat).version == now.version
    await anna.does("/desk/read", chat=chat.id.hex(), number=99)
    assert (desk.now(chat).read, desk.now(chat).missed) == (3, ())
    for wrong in ({"missed": [-1]}, {"missed": ["1"]}, {"missed": [1] * 101}):
        answer = await anna.post("/desk/read", chat=chat.id.hex(), number=3, **wrong)
        assert (answer.status, answer["refused"]) == (422, "invalid")


async def test_who_takes_a_chat_sees_what_a_colleague_has_read_of_it(desk: ADesk) -> None:
    anna, boris = await desk.operator("Anna"), await desk.operator("Boris")
    chat = desk.asks("one", "two")
    await anna.claims(chat)
    await anna.does("/desk/read", chat=chat.id.hex(), number=2, missed=[1])
    await anna.does("/desk/release", chat=chat.id.hex())
    mine = await boris.claims(chat)
    assert (mine["read"], mine["heard"], mine["missed"]) == (0, 2, [1])

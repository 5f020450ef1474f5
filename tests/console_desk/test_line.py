"""The line of an open desk: what it shows, when it ends, and whom it cuts off."""

import asyncio

import pytest
from aiohttp import WSServerHandshakeError

from bot.console import desk_hub
from tests.console_desk.desk import ADesk
from tests.console_desk.lines import ended, pictures, until

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def test_the_queue_shows_what_the_person_let_us_pass_on_and_the_longest_wait(
    desk: ADesk,
) -> None:
    anna = await desk.operator("Anna")
    line = await anna.line()
    await pictures(line, "queue", lambda one: one["waiting"] == 0)
    desk.asks("words", need="legal", place="UA-63", severity=1)
    desk.clock.now += 60
    desk.asks("words", language="lt")
    queue = await pictures(line, "queue", lambda one: one["waiting"] == 2)
    first, second = queue["rows"]
    assert (first["language"], first["severity"], first["mine"]) == ("uk", 1, True)
    assert (second["language"], second["need"], second["place"]) == ("lt", "", "")
    assert not second["mine"]
    assert first["kind"] == "Telegram"
    assert first["place"] != "UA-63"
    assert [one["language"] for one in queue["longest"]] == ["uk", "lt"]
    assert queue["longest"][0]["asked"] == desk.clock.now - 60
    await line.close()


async def test_a_new_message_is_seen_as_unread_until_it_was_looked_at(desk: ADesk) -> None:
    anna = await desk.operator("Anna")
    chat = desk.asks("one")
    line = await anna.line()
    await anna.claims(chat)
    desk.writes(chat, "two")
    (mine,) = (await pictures(line, "chats", lambda one: _number(one) == (2, 0)))["chats"]
    assert mine["chat"] == chat.id.hex()
    await anna.does("/desk/read", chat=chat.id.hex(), number=9)
    await pictures(line, "chats", lambda one: _number(one) == (2, 2))
    await line.close()


async def test_a_page_learns_that_what_it_was_answered_did_not_last_until_the_next_picture(
    desk: ADesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_hub, "STAND_SECONDS", 0.1)
    anna, boris = await desk.operator("Anna"), await desk.operator("Boris")
    chat = desk.asks("I changed my mind")
    line = await anna.line()
    before = await pictures(line, "chats")
    # What she has is the same before and after: only the number says that it is looked at anew.
    await boris.claims(chat)
    version = desk.now(chat).version
    assert version > before["stand"]
    later = await pictures(line, "chats", lambda one: one["stand"] >= version)
    assert later["chats"] == before["chats"] == []
    await line.close()


async def test_each_side_sees_that_the_other_is_writing_and_nobody_else_does(desk: ADesk) -> None:
    anna, boris = await desk.operator("Anna"), await desk.operator("Boris")
    chat, heard = desk.asks("hello"), []
    desk.handoff.typed.listen(lambda *sign: heard.append(sign))
    await anna.claims(chat)
    hers, his = await anna.line(), await boris.line()
    await pictures(hers, "chats", lambda one: one["chats"])
    desk.handoff.typed.tell(chat.id, "person")
    assert (await pictures(hers, "typing"))["chat"] == chat.id.hex()
    heard.clear()
    await his.send_json({"do": "typing", "chat": chat.id.hex()})
    await hers.send_json({"do": "typing", "chat": chat.id.hex()})
    await until(lambda: bool(heard))
    assert heard == [(chat.id, "staff")]
    await hers.close()
    await his.close()


async def test_a_page_whose_session_is_over_is_told_and_its_operator_counts_as_gone(
    desk: ADesk,
) -> None:
    anna = await desk.operator("Anna")
    line = await anna.line()
    await pictures(line, "me", lambda one: one["shift"])
    assert desk.handoff.shifts.of(anna.id).connected  # type: ignore[union-attr]  # is on shift
    await asyncio.to_thread(desk.console.office.book.accounts.revoke, anna.id)
    assert await ended(line) == "over"
    await until(lambda: _gone(desk, anna.id))


async def test_an_operator_with_two_windows_is_there_until_both_are_closed(desk: ADesk) -> None:
    anna = await desk.operator("Anna")
    one, two = await anna.line(), await anna.line()
    await pictures(one, "me")
    await pictures(two, "me")
    await one.close()
    desk.clock.now += 120
    assert not _gone(desk, anna.id)
    await two.close()
    await until(lambda: anna.id not in _connected(desk))
    desk.clock.now += 120
    assert _gone(desk, anna.id)


async def test_another_site_and_whoever_may_not_work_at_the_desk_open_no_line(
    desk: ADesk,
) -> None:
    anna, vera = await desk.operator("Anna"), await desk.operator("Vera", "viewer", shift=False)
    for who, headers in ((anna, {"Origin": "https://evil.example"}), (vera, {})):
        with pytest.raises(WSServerHandshakeError) as refused:
            await who.line(**headers)
        assert refused.value.status == 403


@pytest.mark.parametrize("said", ["x", "[]", "{}", '{"do":"claim"}', "y" * 2000, "[" * 900])
async def test_a_line_that_says_what_no_page_says_is_cut(desk: ADesk, said: str) -> None:
    anna = await desk.operator("Anna", shift=False)
    line = await anna.line()
    await line.send_str(said)
    await ended(line)


async def test_a_flood_is_cut_and_the_colleague_goes_on(desk: ADesk) -> None:
    anna, boris = await desk.operator("Anna"), await desk.operator("Boris")
    hers, his = await anna.line(), await boris.line()
    for _ in range(60):
        await his.send_json({"do": "typing", "chat": "00" * 16})
    await ended(his)
    desk.asks("hello")
    await pictures(hers, "queue", lambda one: one["waiting"] == 1)
    await hers.close()


def _number(picture: dict[str, list[dict[str, int]]]) -> tuple[int, int] | None:
    return next(((one["number_in"], one["read"]) for one in picture["chats"]), None)


def _connected(desk: ADesk) -> set[str]:
    return {duty.staff for duty in desk.handoff.shifts.on_duty() if duty.connected}


def _gone(desk: ADesk, staff: str) -> bool:
    return staff in desk.handoff.shifts.gone() or staff not in _connected(desk)

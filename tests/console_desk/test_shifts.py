"""A shift from its first key to the last chat handed on."""

from typing import Any

import pytest

from tests.console_desk.desk import ADesk
from tests.console_desk.lines import HEARD, pictures, until

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def test_without_a_shift_nothing_can_be_claimed(desk: ADesk) -> None:
    anna = await desk.operator("Anna", shift=False)
    chat = desk.asks()
    refused = await anna.post("/desk/claim", chat=chat.id.hex())
    assert (refused.status, refused["refused"]) == (409, "not_on_duty")
    assert "shift" in refused["mend"]


async def test_a_shift_begins_with_a_key_that_this_browser_signed_and_no_other(
    desk: ADesk,
) -> None:
    anna, boris = await desk.operator("Anna", shift=False), await desk.operator("Boris")
    said: dict[str, Any] = {"who": "Oksana", "languages": ["uk"]}
    unknown = await anna.post("/desk/shift/begin", **said, prekey=anna.prekey())
    assert unknown["refused"] == "no_such_device"
    await anna.enrols()
    for prekey in (boris.prekey(), anna.prekey() | {"signature": boris.prekey()["signature"]}):
        assert (await anna.post("/desk/shift/begin", **said, prekey=prekey)).status == 409
    long = await anna.post("/desk/shift/begin", **said, prekey=anna.prekey(hours=90))
    assert long["refused"] == "key"
    begun = await anna.does(
        "/desk/shift/begin", **said, prekey=anna.prekey(), skills=["legal", "x"]
    )
    assert begun["me"]["shift"]["who"] == "Oksana"
    assert begun["me"]["shift"]["skills"] == ["legal"]


async def test_two_on_duty_never_have_the_same_name(desk: ADesk) -> None:
    anna, boris = await desk.operator("Anna", shift=False), await desk.operator("Boris")
    await anna.enrols()
    name = boris.visitor.staff.name if boris.visitor.staff else ""
    said: dict[str, Any] = {"who": name.upper(), "languages": ["uk"], "prekey": anna.prekey()}
    assert (await anna.post("/desk/shift/begin", **said))["refused"] == "who_taken"


async def test_the_end_of_a_shift_leaves_no_chat_behind(desk: ADesk) -> None:
    anna = await desk.operator("Anna")
    boris = await desk.operator("Boris")
    line = await boris.line()
    await pictures(line, "me")
    chats = [desk.asks("hello", language="uk") for _ in range(3)]
    for chat in chats:
        await anna.claims(chat)
        await anna.passes_on(chat, boris)
    told = await anna.does("/desk/shift/end")
    assert (told["passed_on"], told["back_in_line"], told["debrief"]) == (3, 0, False)
    assert {desk.now(chat).owner for chat in chats} == {boris.id}
    await line.close()
    assert (await anna.post("/desk/shift/end"))["refused"] == "no_shift"
    last = await boris.does("/desk/shift/end")
    assert (last["passed_on"], last["back_in_line"]) == (0, 3)
    assert {desk.now(chat).state for chat in chats} == {"waiting"}


async def test_after_a_heavy_chat_there_is_a_pause_that_cannot_be_cut_short(desk: ADesk) -> None:
    anna = await desk.operator("Anna")
    heavy, light = desk.asks(severity=2), desk.asks()
    line = await anna.line()
    await anna.claims(heavy)
    await anna.does("/desk/close", chat=heavy.id.hex())
    me = await pictures(line, "me", lambda one: one.get("enforced_until"))
    assert me["enforced_until"] - desk.clock.now == 15 * 60
    assert (await anna.post("/desk/claim", chat=light.id.hex()))["refused"] == "paused"
    assert (await anna.post("/desk/resume"))["refused"] == "rest"
    for _ in range(2):
        desk.clock.now += 7.5 * 60
        await anna.visitor.get("/here", status=204)
    await anna.does("/desk/resume")
    await anna.claims(light)
    assert (await anna.does("/desk/shift/end"))["debrief"] is True
    await line.close()


async def test_a_break_is_asked_for_by_a_lead_and_taken_by_who_needs_it(desk: ADesk) -> None:
    anna, lead = await desk.operator("Anna"), await desk.operator("Lena", "lead")
    line = await anna.line()
    await lead.does("/desk/rest", staff=anna.id)
    assert (await anna.post("/desk/rest", staff=lead.id)).status == 403
    await pictures(line, "me", lambda one: one["rest_asked"])
    assert (await anna.does("/desk/pause"))["me"]["paused"]
    await pictures(line, "me", lambda one: one["paused"] and not one["rest_asked"])
    assert not (await anna.does("/desk/resume"))["me"]["paused"]
    await line.close()


async def test_a_lead_sees_waits_loads_and_who_needs_a_pause_and_no_chat_to_read(
    desk: ADesk,
) -> None:
    anna = await desk.operator("Anna")
    chat = desk.asks("hello")
    await anna.claims(chat)
    for _ in range(15):
        desk.clock.now += 10 * 60
        await anna.visitor.get("/here", status=204)
    lead = await desk.operator("Lena", "lead")
    desk.asks("hello", language="lt")
    line = await lead.line()
    seen = await pictures(line, "lead")
    loads = {one["staff"]: (one["open"], one["needs_pause"]) for one in seen["staff"]}
    assert loads == {anna.id: (1, True), lead.id: (0, False)}
    assert [one["chat"] for one in seen["chats"]] == [chat.id.hex()]
    assert "person" not in seen["chats"][0]
    assert [one["language"] for one in seen["longest"]] == ["lt"]
    await line.close()
    hers = await anna.line()
    await pictures(hers, "queue")
    desk.asks("hello")
    await pictures(hers, "queue", lambda one: one["waiting"] == 2)
    assert b'"lead","' not in b"".join(HEARD[id(hers)])
    await hers.close()


async def test_a_lead_switches_a_queue_and_everyone_who_leads_sees_it(desk: ADesk) -> None:
    lead = await desk.operator("Lena", "lead")
    line = await lead.line()
    said: dict[str, Any] = {
        "queue": "queue:uk",
        "mode": "pause",
        "message": "back_later",
        "minutes": 90,
    }
    await lead.does("/desk/surge", **said)
    seen = await pictures(line, "lead", lambda one: one["surges"])
    assert seen["surges"][0]["until"] == desk.clock.now + 2 * 3600
    await lead.does("/desk/surge", **said | {"mode": "off"})
    await pictures(line, "lead", lambda one: not one["surges"])
    for wrong in ({"queue": "queue:xx"}, {"mode": "shut"}, {"message": "our own words"}):
        assert (await lead.post("/desk/surge", **said | wrong)).status == 409
    await line.close()


async def test_a_browser_that_was_struck_off_reads_nothing_new(desk: ADesk) -> None:
    anna, boris = await desk.operator("Anna"), await desk.operator("Boris")
    chat = desk.asks("before")
    device = anna.identity.public.id.hex()
    assert (await boris.post("/desk/keys/revoke", device=device))["refused"] == "no_such_device"
    await anna.does("/desk/keys/revoke", device=device)
    refused = await anna.post("/desk/claim", chat=chat.id.hex())
    assert refused["refused"] == "no_key"
    roster = await anna.visitor.get("/desk/roster")
    assert boris.identity.public.id.hex(" ", 2) in roster
    assert anna.identity.public.id.hex(" ", 2) not in roster
    again = await anna.post("/desk/keys/prekey", prekey=anna.prekey())
    assert again["refused"] == "no_such_device"


async def test_who_lost_a_browser_strikes_it_off_from_another_one(desk: ADesk) -> None:
    anna, boris = await desk.operator("Anna"), await desk.operator("Boris")
    ours = anna.identity.public.id
    assert f'value="{ours.hex()}"' in await anna.visitor.get("/desk/roster")
    assert ours.hex() not in await boris.visitor.get("/desk/roster")
    for wrong in (boris.identity.public.id.hex(), "00", ""):
        assert (await anna.visitor.post("/desk/roster", device=wrong)).status == 404
    assert (await anna.visitor.post("/desk/roster", device=ours.hex())).status == 303
    with desk.handoff.store.group() as group:
        assert desk.handoff.keys.devices(group, anna.id, desk.clock()) == ()
        assert desk.handoff.keys.devices(group, boris.id, desk.clock()) != ()
    assert ours.hex(" ", 2) not in await boris.visitor.get("/desk/roster")


@pytest.mark.parametrize("act", ["revoke", "reset", "roles"])
async def test_who_may_not_work_here_any_more_is_off_the_roster_at_once(
    desk: ADesk, act: str
) -> None:
    anna, boris = await desk.operator("Anna"), await desk.operator("Boris")
    admin = await desk.console.someone(f"Admin of {act}", "administrator")
    chat = desk.asks("before")
    await anna.claims(chat)
    answer = await admin.post(f"/people/{anna.id}/{act}", role="editor", areas="UA")
    assert answer.status == 303
    assert [duty.staff for duty in desk.handoff.shifts.on_duty()] == [boris.id]
    assert (desk.now(chat).state, desk.now(chat).owner) == ("waiting", "")
    roster = await boris.visitor.get("/desk/roster")
    assert anna.identity.public.id.hex(" ", 2) not in roster
    with desk.handoff.store.group() as group:
        assert desk.handoff.keys.devices(group, anna.id, desk.clock()) == ()
        assert desk.handoff.keys.ids(group, anna.id, desk.clock()) == ()


async def test_who_was_revoked_by_a_command_is_off_the_roster_too(desk: ADesk) -> None:
    anna, boris = await desk.operator("Anna"), await desk.operator("Boris")
    line = await boris.line()
    await pictures(line, "colleagues", lambda seen: len(seen["colleagues"]) > 0)
    desk.console.office.book.accounts.revoke(anna.id)
    await until(lambda: [duty.staff for duty in desk.handoff.shifts.on_duty()] == [boris.id])
    roster = await boris.visitor.get("/desk/roster")
    assert anna.identity.public.id.hex(" ", 2) not in roster
    await line.close()


async def test_a_second_browser_reads_what_comes_from_now_on(desk: ADesk) -> None:
    anna = await desk.operator("Anna")
    chat = desk.asks("one")
    await anna.claims(chat)
    first = dict(anna.keys)
    await anna.does("/desk/keys/prekey", prekey=anna.prekey())
    desk.writes(chat, "two")
    assert await anna.reads(chat) == ["one", "two"]
    # Also with the new key alone, what came since.
    for key in first:
        del anna.keys[key]
    told = await anna.does("/desk/messages", chat=chat.id.hex(), after=1)
    assert [row["number"] for row in told["messages"]] == [2]

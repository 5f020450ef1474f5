"""A script's questions: who may ask, from where, with which token, and how much."""

import json
from typing import Any

import pytest

from bot.console.routes import ROUTES
from tests.console_desk.desk import ADesk
from tests.console_desk.operators import JSON

pytestmark = pytest.mark.asyncio(loop_scope="package")
ASKED = [route for route in ROUTES if route.json]
ELSEWHERE = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}


async def test_a_question_that_is_not_from_our_page_changes_nothing(desk: ADesk) -> None:
    anna, boris = await desk.operator("Anna"), await desk.operator("Boris")
    lead = await desk.operator("Lena", "lead")
    chat = desk.asks("hello")
    await anna.claims(chat)
    before = desk.now(chat).version, desk.handoff.shifts.on_duty(), list(desk.told)
    said: dict[str, Any] = {"chat": chat.id.hex(), "reason": "asked", "queue": "queue:uk"}
    for route in ASKED:
        who = lead if route.act == "desk.lead" else anna
        for headers in (
            {"X-Token": ""},
            {"X-Token": boris.visitor.token},
            {"X-Token": who.visitor.token[:-1]},
            ELSEWHERE,
            {"Origin": "null"},
            {"Sec-Fetch-Site": "same-site"},
            {"Content-Type": "text/plain"},
            {"Content-Type": "application/x-www-form-urlencoded"},
        ):
            answer = await who.post(route.path, headers, **said)
            assert answer.status in {403, 415}, (route.path, headers, answer.status)
            assert set(json.loads(answer.body)) == {"refused", "said", "mend"}
    assert (desk.now(chat).version, desk.handoff.shifts.on_duty(), list(desk.told)) == before


async def test_a_question_that_is_too_large_or_no_question_says_where_it_is_wrong(
    desk: ADesk,
) -> None:
    anna = await desk.operator("Anna")
    url = f"{anna.visitor.url}/desk/messages"
    head = {**JSON, **anna.visitor.headers(), "X-Token": anna.visitor.token}
    tried = {
        b"": 422,
        b"[]": 422,
        b"{": 422,
        b'{"chat": 5}': 422,
        b"[" * 100_000: 413,
        b"[" * 1000: 422,
        b'{"chat": "secret-words"': 422,
        b'{"chat": "' + b"x" * 3000 + b'"}': 413,
    }
    for body, status in tried.items():
        async with anna.visitor.http.post(url, data=body, headers=head) as answer:
            text = await answer.text()
            assert answer.status == status, body[:20]
            assert "secret" not in text
    wrong = await anna.post("/desk/messages", chat="00" * 16, after=-1)
    assert (wrong.status, wrong["field"]) == (422, "after")


async def test_whoever_was_signed_out_is_told_so_in_a_way_that_a_script_reads(
    desk: ADesk,
) -> None:
    anna = await desk.operator("Anna", shift=False)
    desk.console.office.book.accounts.revoke(anna.id)
    answer = await anna.post("/desk/claim")
    assert (answer.status, answer["refused"]) == (401, "signed_out")


async def test_a_browser_is_made_known_only_after_a_fresh_proof(desk: ADesk) -> None:
    anna = await desk.operator("Anna", shift=False)
    desk.clock.now += 6 * 60
    answer = await anna.post("/desk/keys/enrol", ed25519="", p256="")
    assert (answer.status, answer["refused"]) == (401, "prove")
    page = await anna.visitor.get("/desk/proof", status=401)
    assert 'name="next" value="/desk/proof"' in page


async def test_a_page_that_fetches_by_itself_keeps_nobody_signed_in_who_left(desk: ADesk) -> None:
    anna = await desk.operator("Anna")
    chat = desk.asks("hello")
    await anna.claims(chat)
    for _ in range(2):
        desk.clock.now += 7 * 60
        await anna.does("/desk/messages", chat=chat.id.hex())
    await anna.does("/desk/read", chat=chat.id.hex(), number=1)
    desk.clock.now += 14 * 60
    await anna.does("/desk/messages", chat=chat.id.hex())
    desk.clock.now += 60
    assert (await anna.post("/desk/messages", chat=chat.id.hex())).status == 401

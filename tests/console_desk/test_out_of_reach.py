"""Whatever operators ask for, they get their own chats alone; and no word travels bare."""

from pathlib import Path
from typing import Any, Final

import pytest

from bot.console.routes import ROUTES
from tests.canary import find
from tests.console_desk.desk import PERSON, ADesk
from tests.console_desk.lines import HEARD, pictures
from tests.console_desk.operators import Operator

pytestmark = pytest.mark.asyncio(loop_scope="package")

WORDS: Final = "quiet-canary-words-of-a-person"
BACK: Final = "an-answer-that-nobody-else-may-read"
MORE: Final[dict[str, dict[str, Any]]] = {
    # What besides the chat makes the question whole, so that nothing but the chat decides.
    "/desk/messages": {"after": 0},
    "/desk/read": {"number": 1},
    "/desk/transfer": {"to": "queue:uk", "warm": False},
    "/desk/join": {"reason": "asked"},
    "/desk/take-over": {"reason": "asked"},
    "/desk/rewrap": {"wraps": []},
}
NOT_OF_A_CHAT: Final = frozenset(
    {
        *("/desk/search", "/desk/listing", "/desk/rest", "/desk/surge", "/desk/pause"),
        *("/desk/resume", "/desk/shift/begin", "/desk/shift/end", "/desk/note/read"),
        *("/desk/keys/enrol", "/desk/keys/revoke", "/desk/keys/prekey"),
    }
)
IDS: Final = ("", "00" * 16, "FF" * 16, "zz" * 16, "00" * 15, "../" + "0" * 29)


def _of_a_chat() -> list[str]:
    asked = [route.path for route in ROUTES if route.json and route.method == "POST"]
    return [path for path in asked if path not in NOT_OF_A_CHAT]


async def _whole(desk: ADesk, who: Operator, path: str, chat: Any, id_: str) -> dict[str, Any]:
    if path == "/desk/reply":
        return who.sealed(desk.now(chat), 1, BACK) | {"chat": id_}
    if path in {"/desk/note", "/desk/help"}:
        return {"chat": id_, "to": "colleague", "body": "", "wraps": {}}
    return {"chat": id_, **MORE.get(path, {})}


async def test_a_colleagues_chat_and_one_that_never_was_get_the_same_answer_to_the_byte(
    desk: ADesk,
) -> None:
    anna, boris = await desk.operator("Anna"), await desk.operator("Boris")
    await desk.operator("Lena", "lead")
    chat = desk.asks(WORDS)
    await anna.claims(chat)
    version = desk.now(chat).version
    for path in _of_a_chat():
        if path in {"/desk/join", "/desk/take-over"}:
            continue  # a lead's: tried below
        answers = []
        for id_ in (chat.id.hex(), *IDS):
            if not id_ and path in {"/desk/claim", "/desk/note", "/desk/help"}:
                continue  # without a chat these mean something else
            said = await _whole(desk, boris, path, chat, id_)
            if path == "/desk/note":
                said["to"] = anna.id
            answers.append(await boris.post(path, **said))
        assert {answer.status for answer in answers} == {404}, path
        assert len({answer.body for answer in answers}) == 1, path
        assert len({str(sorted(answer.headers.items())) for answer in answers}) == 1, path
    assert desk.now(chat).version == version


async def test_a_note_of_somebody_else_cannot_be_told_from_none(desk: ADesk) -> None:
    anna, boris = await desk.operator("Anna"), await desk.operator("Boris")
    lead = await desk.operator("Lena", "lead")
    await anna.does("/desk/help")
    line = await lead.line()
    (note,) = (await pictures(line, "notes", lambda one: one["notes"]))["notes"]
    await line.close()
    tried = [
        await boris.post("/desk/note/read", note=id_) for id_ in (note["note"], "00" * 16, "x")
    ]
    assert {answer.status for answer in tried} == {404}
    assert len({answer.body for answer in tried}) == 1
    await lead.does("/desk/note/read", note=note["note"])


async def test_a_lead_reads_no_chat_without_coming_into_it_with_a_reason(desk: ADesk) -> None:
    anna, lead = await desk.operator("Anna"), await desk.operator("Lena", "lead")
    chat = desk.asks(WORDS)
    await anna.claims(chat)
    named: dict[str, Any] = {"chat": chat.id.hex()}
    assert (await lead.post("/desk/messages", **named)).status == 404
    for reason in ("", "because", "x" * 41):
        refused = await lead.post("/desk/join", **named, reason=reason)
        assert refused.status in {409, 422}
    assert (await anna.post("/desk/join", **named, reason="asked")).status == 403
    assert (await lead.post("/desk/messages", **named)).status == 404
    await lead.does("/desk/join", **named, reason="danger")
    assert await lead.reads(chat) == ["?"]
    await anna.passes_on(chat, lead)
    assert await lead.reads(chat) == [WORDS]
    unknown = [await lead.post("/desk/take-over", chat=id_, reason="asked") for id_ in IDS if id_]
    assert {answer.status for answer in unknown} == {404}
    assert len({answer.body for answer in unknown}) == 1


async def test_no_word_name_or_address_of_a_person_is_on_any_wire(
    desk: ADesk, tmp_path: Path
) -> None:
    anna, boris = await desk.operator("Anna"), await desk.operator("Boris")
    lead = await desk.operator("Lena", "lead")
    lines = [await one.line() for one in (anna, boris, lead)]
    waiting = desk.asks(WORDS, severity=2)
    chat = desk.asks(WORDS)
    await anna.claims(chat)
    await anna.replies(desk.now(chat), 1, BACK)
    await anna.does("/desk/messages", chat=chat.id.hex())
    await anna.does("/desk/help", chat=chat.id.hex())
    desk.writes(desk.now(waiting), WORDS)
    for line in lines:
        await pictures(line, "queue", lambda one: one["waiting"] == 1)
    for path in ("/desk", "/desk/begin", "/desk/roster", "/desk/roster.json"):
        desk.wire.append((await lead.visitor.get(path)).encode())
    wire = tmp_path / "wire"
    wire.write_bytes(
        b"\n".join([*desk.wire, *(frame for line in lines for frame in HEARD[id(line)])])
    )
    door = desk.people[chat.id].private
    assert find([wire], [WORDS, BACK, PERSON.bot, PERSON.person, door]) == []
    # What is searched is not empty, and holds the chats themselves.
    assert chat.id.hex().encode() in wire.read_bytes()
    for line in lines:
        await line.close()

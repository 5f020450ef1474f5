"""Calls of a bot: what is done, what is refused, and what goes wrong on demand."""

import json
from typing import Any

import aiohttp
import pytest

from tests.botapi import BotApi, Fault, Pace
from tests.botapi.conftest import Caller, Clock
from tests.botapi.text import part_of

HOUR = 3600.0


async def test_a_person_writes_presses_and_reads(api: BotApi, call: Caller) -> None:
    chat = api.chat(language="uk")
    chat.start()
    [arrived] = await call("getUpdates")
    assert arrived["message"]["from"]["language_code"] == "uk"
    keyboard = {"inline_keyboard": [[{"text": "Так", "callback_data": "yes"}]]}
    await call("sendMessage", chat_id=chat.id, text="Ви в безпеці?", reply_markup=keyboard)
    assert (await chat.reply()).labels == ["Так"]
    chat.press("Так")
    [pressed] = await call("getUpdates", offset=arrived["update_id"] + 1)
    query = pressed["callback_query"]
    assert query["data"] == "yes"
    assert await call("answerCallbackQuery", callback_query_id=query["id"], text="Гаразд") is True
    assert chat.toasts == ["Гаразд"]
    assert chat.visible() == ["/start", "Ви в безпеці?"]
    assert api.refusals() == []


async def test_a_wrong_token_and_an_unknown_method_are_refused(api: BotApi, call: Caller) -> None:
    assert await call("getMee") == (404, "Not Found: method not found")
    async with aiohttp.ClientSession() as session:
        for token, status in (("1:wrong", 401), ("wrong", 404)):
            async with session.get(f"{api.base}/bot{token}/getMe") as answer:
                assert answer.status == status
    old = api.token
    assert api.revoke() != old
    assert (await call("getMe"))["id"] == int(old.split(":", maxsplit=1)[0])


@pytest.mark.parametrize(
    ("params", "refusal"),
    [
        ({"text": ""}, "message text is empty"),
        ({"text": " \u202e\n"}, "message text is empty"),
        ({"text": "x" * 4097}, "message is too long"),
        ({"text": "😀" * 2049}, "message is too long"),
        ({"text": "x", "parse_mode": "HTML"}, "unsupported parse_mode"),
        ({"text": "😀", "entities": [{"type": "bold", "offset": 1, "length": 1}]}, "ENTITY_BOUNDS"),
        ({"text": "ab", "entities": [{"type": "bold", "offset": 0, "length": 3}]}, "ENTITY_BOUNDS"),
        (
            {"text": "ab", "entities": [{"type": "big", "offset": 0, "length": 1}]},
            "unsupported type",
        ),
        ({"text": "x", "data": "é" * 33}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "data": ""}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "rows": [[{"text": "a"}]]}, "Text buttons are unallowed"),
        ({"text": "x", "rows": [[{"text": "a", "callback_data": "b"}]] * 101}, "too long"),
    ],
)
async def test_what_telegram_cannot_show_is_refused(
    api: BotApi, call: Caller, params: dict[str, Any], refusal: str
) -> None:
    chat = api.chat()
    chat.start()
    if "data" in params:
        params = params | {"rows": [[{"text": "a", "callback_data": params["data"]}]]}
    markup = {"inline_keyboard": params["rows"]} if "rows" in params else None
    code, said = await call("sendMessage", chat_id=chat.id, reply_markup=markup, **params)
    assert (code, refusal in said) == (400, True)
    assert chat.from_bot == []


async def test_entities_move_with_a_text_that_is_trimmed(api: BotApi, call: Caller) -> None:
    chat = api.chat()
    chat.start()
    bold = {"type": "bold", "offset": 5, "length": 4}
    await call("sendMessage", chat_id=chat.id, text=" \u202b😀 Help now ", entities=[bold])
    assert chat.last.text == "😀 Help now"
    assert [part_of(chat.last.text, one) for one in chat.last.entities] == ["Help"]


async def test_people_who_cannot_be_written_to_are_told_apart(api: BotApi, call: Caller) -> None:
    blocked, gone, silent = api.chat(), api.chat(), api.chat()
    blocked.start(), gone.start()
    blocked.block()
    gone.deactivated = True
    for chat_id, refusal in (
        (blocked.id, (403, "Forbidden: bot was blocked by the user")),
        (gone.id, (403, "Forbidden: user is deactivated")),
        (silent.id, (403, "Forbidden: bot can't initiate conversation with a user")),
        (42, (400, "Bad Request: chat not found")),
    ):
        assert await call("sendMessage", chat_id=chat_id, text="x") == refusal


async def test_a_button_is_answered_once_and_soon(api: BotApi, call: Caller, clock: Clock) -> None:
    chat = api.chat()
    chat.start()
    await call("sendMessage", chat_id=chat.id, text="x")
    old = (400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
    for late in (0, 3600):
        chat.press_data("forged")
        query = (await call("getUpdates", offset=-1))[0]["callback_query"]["id"]
        clock.now += late
        first = await call("answerCallbackQuery", callback_query_id=query)
        assert first == (old if late else True)
        assert await call("answerCallbackQuery", callback_query_id=query) == old


async def test_an_edit_that_changes_nothing_is_refused(api: BotApi, call: Caller) -> None:
    chat = api.chat()
    chat.start()
    sent = await call("sendMessage", chat_id=chat.id, text="one")
    where = {"chat_id": chat.id, "message_id": sent["message_id"]}
    code, said = await call("editMessageText", **where, text="one")
    assert (code, said.startswith("Bad Request: message is not modified")) == (400, True)
    await call("editMessageText", **where, text="two")
    assert chat.visible() == ["/start", "two"]
    where["message_id"] = 1
    assert await call("editMessageText", **where, text="x") == (
        400,
        "Bad Request: message can't be edited",
    )


async def test_messages_of_both_sides_are_deleted_until_they_are_too_old(
    api: BotApi, call: Caller, clock: Clock
) -> None:
    chat = api.chat()
    for _ in range(3):
        chat.say("hello")
    ids = sorted(chat.messages)
    assert await call("deleteMessages", chat_id=chat.id, message_ids=[ids[0], 999]) is True
    assert await call("deleteMessage", chat_id=chat.id, message_id=ids[0]) == (
        400,
        "Bad Request: message to delete not found",
    )
    assert (await call("deleteMessages", chat_id=chat.id, message_ids=[*range(101)]))[0] == 400
    clock.now += 48 * HOUR
    assert await call("deleteMessage", chat_id=chat.id, message_id=ids[1]) is True
    clock.now += 1
    assert await call("deleteMessages", chat_id=chat.id, message_ids=ids) == (
        400,
        "Bad Request: message can't be deleted for everyone",
    )
    assert sorted(chat.messages) == ids[2:]


async def test_what_goes_wrong_on_demand_goes_wrong_once(api: BotApi, call: Caller) -> None:
    chat = api.chat()
    chat.start()
    api.fail("sendMessage", Fault.too_many(7))
    api.fail("sendMessage", Fault.blocked())
    assert await call("sendMessage", chat_id=chat.id, text="1") == (
        429,
        "Too Many Requests: retry after 7",
    )
    assert (await call("sendMessage", chat_id=chat.id, text="2"))[0] == 403
    for fault in (Fault.cut(), Fault.lose(), Fault.hang(0)):
        api.fail("*", fault, chat=chat)
        with pytest.raises(aiohttp.ClientConnectionError):
            await call("sendMessage", chat_id=chat.id, text=fault.kind)
    api.fail("sendMessage", Fault.page(504))
    with pytest.raises(aiohttp.ContentTypeError):
        await call("sendMessage", chat_id=chat.id, text="page")
    assert (await call("sendMessage", chat_id=chat.id, text="well"))["text"] == "well"
    assert chat.visible() == ["/start", "lose", "well"]
    assert api.refusals() == []
    assert [one.done for one in api.called("sendMessage")] == [False] * 3 + [True] + [
        *(False, False),
        True,
    ]


async def test_calls_are_read_in_every_way_they_are_sent(api: BotApi) -> None:
    chat = api.chat()
    chat.start()
    url = f"{api.base}/bot{api.token}/SENDMESSAGE"
    bold = json.dumps([{"type": "bold", "offset": 0, "length": 4}])
    form = aiohttp.FormData({"chat_id": str(chat.id), "text": "1234", "entities": bold})
    parts = aiohttp.FormData(default_to_multipart=True)
    for name, value in (("chat_id", str(chat.id)), ("text", "1234"), ("entities", bold)):
        parts.add_field(name, value)
    async with aiohttp.ClientSession() as session:
        for given in (form, parts):
            async with session.post(url, data=given) as answer:
                assert (await answer.json())["result"]["text"] == "1234"
        query = {"chat_id": str(chat.id), "text": "1234", "entities": bold}
        async with session.get(url, params=query) as answer:
            assert (await answer.json())["result"]["entities"][0]["type"] == "bold"
    assert [message.entities[0]["length"] for message in chat.from_bot] == [4, 4, 4]


async def test_who_writes_too_fast_is_told_to_wait(api: BotApi, call: Caller, clock: Clock) -> None:
    api.pace = Pace(clock=clock)
    chats = [api.chat() for _ in range(7)]
    for chat in chats:
        chat.start()
    first = [await call("sendMessage", chat_id=chats[0].id, text="x") for _ in range(6)]
    assert first[-1] == (429, "Too Many Requests: retry after 1")
    for chat in chats[1:6]:
        for _ in range(5):
            await call("sendMessage", chat_id=chat.id, text="x")
    assert (await call("sendMessage", chat_id=chats[6].id, text="x"))[0] == 429
    clock.now += 1.5
    assert (await call("sendMessage", chat_id=chats[6].id, text="x"))["text"] == "x"
    again = [await call("sendMessage", chat_id=chats[0].id, text="x") for _ in range(2)]
    assert [isinstance(one, dict) for one in again] == [True, False]
    assert len(api.refusals()) == 3

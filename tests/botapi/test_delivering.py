"""How what people do reaches a bot: by long polling and by webhook."""

import asyncio
from typing import Any

import aiohttp
import pytest

from tests.botapi import BotApi
from tests.botapi.conftest import Caller, hook


async def test_an_offset_confirms_what_is_below_and_one_from_another_time_does_not(
    api: BotApi, call: Caller
) -> None:
    chat = api.chat()
    first, second = chat.say("a"), chat.say("b")
    ids = [one["update_id"] for one in await call("getUpdates", offset=first.id + 5_000)]
    assert ids == [first.id, second.id]
    ids = [one["update_id"] for one in await call("getUpdates", offset=second.id)]
    assert ids == [second.id]
    api.updates.next_id = 77
    again = chat.say("after a quiet week")
    assert [one["update_id"] for one in await call("getUpdates", offset=second.id + 1)] == [
        second.id,
        again.id,
    ]
    assert api.updates.confirmed == [first.id]


async def test_a_poll_waits_for_a_person_and_ends_when_another_begins(
    api: BotApi, call: Caller
) -> None:
    one = asyncio.create_task(call("getUpdates", timeout=30))
    await api.until(lambda: len(api.called("getUpdates")) == 1)
    two = asyncio.create_task(call("getUpdates", timeout=30))
    code, said = await one
    assert (code, "terminated by other getUpdates" in said) == (409, True)
    api.chat().say("hello")
    assert len(await two) == 1


async def test_only_what_was_asked_for_arrives(api: BotApi, call: Caller) -> None:
    await call("getUpdates", allowed_updates=["message"])
    chat = api.chat()
    chat.say("hello")
    chat.block()
    assert [sorted(one) for one in await call("getUpdates")] == [["message", "update_id"]]
    assert api.updates.dropped == ["my_chat_member"]


async def test_a_webhook_gets_each_chat_in_order_and_again_until_it_says_yes(
    api: BotApi, call: Caller
) -> None:
    got: list[tuple[int, str]] = []
    refusing = iter([500, 403])

    def answer(update: dict[str, Any], secret: str) -> int:
        assert secret == "right"
        got.append((update["message"]["chat"]["id"], update["message"]["text"]))
        return next(refusing, 200)

    async with hook(answer) as url:
        assert await call("setWebhook", url=url, secret_token="right") is True
        code, said = await call("getUpdates")
        assert (code, "webhook is active" in said) == (409, True)
        chats = [api.chat() for _ in range(5)]
        for number in range(10):
            for chat in chats:
                chat.say(f"{number}")
        await api.taken()
        info = await call("getWebhookInfo")
    for chat in chats:
        said = [text for who, text in got if who == chat.id]
        assert list(dict.fromkeys(said)) == [f"{number}" for number in range(10)]
    assert len(got) == 52
    assert info["last_error_message"].startswith("Wrong response from the webhook: ")
    assert await call("deleteWebhook") is True
    assert await call("getUpdates") == []


async def test_a_webhook_must_be_https_unless_it_is_on_this_machine(
    api: BotApi, call: Caller
) -> None:
    for params in (
        {"url": "http://example.org/x"},
        {"url": "https://example.org:8080/x"},
        {"url": "https://example.org/x", "secret_token": "no spaces"},
    ):
        assert (await call("setWebhook", **params))[0] == 400
    assert (await call("getWebhookInfo"))["url"] == ""


async def test_updates_are_held_back_turned_around_and_sent_twice(
    api: BotApi, call: Caller
) -> None:
    chat = api.chat()
    api.updates.hold()
    first, second = chat.say("a"), chat.say("b")
    assert await call("getUpdates") == []
    api.updates.release(reversed)
    api.updates.again(first)
    ids = [one["update_id"] for one in await call("getUpdates")]
    assert ids == [second.id, first.id, first.id]


async def test_the_network_goes_and_comes_back(api: BotApi, call: Caller) -> None:
    chat = api.chat()
    chat.say("before")
    port = api.port
    await api.stop()
    with pytest.raises(aiohttp.ClientConnectionError):
        await call("getMe")
    await api.start()
    assert api.port == port
    assert [one["message"]["text"] for one in await call("getUpdates")] == ["before"]

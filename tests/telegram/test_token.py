"""The token is nowhere to be read, whatever goes wrong; and a new one loses no conversation."""

import logging
import traceback
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from telegram import Bot
from telegram.error import TelegramError

from bot.channels.telegram_request import Connection, Token
from bot.settings import read_settings
from tests.botapi import BotApi, Fault
from tests.telegram.running import Running

CALLS: dict[str, Callable[[Bot], Awaitable[object]]] = {
    "getMe": lambda bot: bot.get_me(),
    "sendMessage": lambda bot: bot.send_message(1, "words"),
    "editMessageReplyMarkup": lambda bot: bot.edit_message_reply_markup(1, 1),
    "answerCallbackQuery": lambda bot: bot.answer_callback_query("1"),
    "deleteMessages": lambda bot: bot.delete_messages(1, [1]),
    "setWebhook": lambda bot: bot.set_webhook("https://guide.example/x"),
    "deleteWebhook": lambda bot: bot.delete_webhook(),
    "getWebhookInfo": lambda bot: bot.get_webhook_info(),
    "getUpdates": lambda bot: bot.request.post("getUpdates?timeout=0"),
}
FAULTS = (
    *(Fault.server(500), Fault.page(502), Fault.cut(), Fault.hang(), Fault.too_many(3)),
    *(Fault.refuse(400, "Bad Request: no"), Fault.refuse(401, "Unauthorized")),
    *(Fault.refuse(404, "Not Found"), Fault.refuse(403, "Forbidden: no"), Fault.lose()),
)


@pytest.mark.parametrize("method", CALLS)
async def test_no_failing_call_shows_the_token(
    telegram: BotApi,
    method: str,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    secret = telegram.token.partition(":")[2]
    shown: list[str] = []
    connection = Connection(Token(telegram.token), telegram.base, read_seconds=0.1)
    await connection.open()
    for fault in FAULTS:
        telegram.fail(method, fault)
        with pytest.raises(TelegramError) as raised:
            await CALLS[method](connection.bot)
        shown += everything_of(raised.value)
    port = telegram.port
    await telegram.stop()
    for base in (f"http://127.0.0.1:{port}", "http://no-such-host.invalid", "http://[broken"):
        away = Connection(Token(telegram.token), base, read_seconds=0.1)
        await away.open()
        with pytest.raises(TelegramError) as raised:
            await CALLS[method](away.bot)
        shown += everything_of(raised.value)
        await away.close()
    await connection.close()
    for part in (connection, connection.token, connection.bot, connection.waiting):
        shown += [repr(part), str(part), repr(getattr(part, "__dict__", ""))]
    shown += [caplog.text, *capfd.readouterr()]
    assert [text for text in shown if secret in text] == []


def everything_of(error: BaseException | None) -> list[str]:
    """All that a careless hand could print of an error and of those below it."""
    if error is None:
        return []
    whole = traceback.TracebackException.from_exception(error, capture_locals=False)
    own = [repr(error), str(error), repr(error.__dict__), *whole.format()]
    return own + everything_of(error.__cause__) + everything_of(error.__context__)


@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_a_whole_service_in_trouble_logs_no_token_no_person_and_no_word(
    telegram: BotApi,
    bot: Running,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    chat = telegram.chat()
    for fault in (Fault.server(), Fault.page(), Fault.cut()):
        telegram.fail("*", fault, times=2)
    telegram.fail("sendMessage", Fault.refuse(400, "Bad Request: no"))
    chat.say("my unlikely words")
    await chat.sees("Before you begin")
    telegram.fail("*", Fault.server(), times=3)
    chat.say("stop")
    await chat.until(lambda chat: not chat.messages, "nothing is left")
    said = "".join([caplog.text, *capfd.readouterr()])
    secret = telegram.token.partition(":")[2]
    for marked in (secret, str(chat.id), chat.first_name, chat.username, "unlikely"):
        assert marked not in said


async def test_a_new_token_loses_no_conversation(
    telegram: BotApi, tmp_path: Path, mode: str
) -> None:
    running = Running(telegram, tmp_path, mode)
    await running.start()
    chat = telegram.chat()
    chat.start()
    await chat.reply(2)
    chat.press("Yes")
    step = await chat.reply()
    await running.stop()
    telegram.revoke()
    await running.start()
    chat.press(step.labels[0])
    assert (await chat.reply()).labels != step.labels
    assert not any("Before you begin" in text for text in chat.visible()[3:])
    chat.say("stop")
    await chat.until(lambda chat: not chat.messages, "nothing is left")
    await running.stop()


def test_settings_do_not_show_the_token() -> None:
    settings = read_settings(environment={"QUIETLINE_TELEGRAM_TOKEN": "123:secret-part"})
    assert "secret-part" not in repr(settings) + str(settings) + settings.model_dump_json()


@pytest.mark.parametrize("text", ["", "123", "abc:def", "123:", ":secret", "123:sec ret", "1:é"])
def test_what_is_no_token_is_refused_without_being_shown(text: str) -> None:
    with pytest.raises(ValueError) as refused:
        Token(text)
    assert not text or text not in str(refused.value)

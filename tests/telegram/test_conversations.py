"""A person writes to the bot and finds their way, however updates come."""

from tests.botapi import BotApi
from tests.telegram.running import PAGE, Running


async def test_who_opens_the_chat_reads_what_telegram_sees_before_anything_else(
    telegram: BotApi, bot: Running
) -> None:
    chat = telegram.chat(language="uk")
    chat.start("something-a-link-carried")
    await chat.reply(2)
    first, second = chat.from_bot
    assert "Telegram бачить цей чат" in first.text
    assert PAGE in first.text
    assert "СТОП" in first.text
    assert first.keyboard == []
    assert "Вітаю" in second.text or second.labels
    assert second.silent
    assert all(one.protected and not one.previews for one in chat.from_bot)


async def test_a_conversation_goes_from_the_first_word_to_services(
    telegram: BotApi, bot: Running
) -> None:
    chat = telegram.chat()
    chat.start()
    await chat.reply(2)
    chat.press("Yes")
    step = await chat.reply()
    assert step.labels
    chat.say("help")
    await chat.sees("112")
    chat.press("Back")
    assert (await chat.reply()).labels == step.labels
    assert telegram.refusals() == []

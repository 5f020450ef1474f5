"""That an operator is writing: the app shows it for a moment, and nothing waits for it."""

import pytest

from tests.botapi import BotApi
from tests.telegram.running import Running


@pytest.fixture
def mode() -> str:
    return "polling"


async def test_the_app_shows_that_somebody_writes_and_who_blocked_us_disturbs_nobody(
    telegram: BotApi, bot: Running
) -> None:
    assert bot.link is not None
    gone, chat = telegram.chat(), telegram.chat()
    gone.known = chat.known = gone.blocked = True
    bot.link.channel.typing(str(gone.id).encode())
    await telegram.bell.until(lambda: bool(telegram.refusals()), "that one is closed to us")
    bot.link.channel.typing(str(chat.id).encode())
    await telegram.bell.until(lambda: chat.actions == ["typing"], "that somebody writes")
    assert gone.actions == []
    assert chat.from_bot == []

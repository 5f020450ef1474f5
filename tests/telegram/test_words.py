"""What is said arrives as it is written, whatever signs it holds, cut where it may be cut."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.contract import Address, Block, Line, Option, Outgoing
from bot.channels.telegram_text import MOST_UNITS, PAGE, buttons, messages, units
from tests.botapi import BotApi
from tests.telegram.running import Running

PAYLOADS = (
    '<a href="https://evil.example">x</a><b>',
    "*bold* _it_ [link](tg://user?id=1) `code` ||hidden||",
    "&lt;script&gt; &amp; &#x202e;",
    "@durov #tag /start $USD https://foreign.example/path",
    "zero\u200bwidth\u200djoined \u2066isolated\u2069",
    "🙂" * 2_100,
    "слово " * 1_500,
    "x" * 9_000,
)


@pytest.fixture
def mode() -> str:
    return "polling"


@pytest.mark.parametrize("payload", PAYLOADS)
async def test_signs_that_mean_something_elsewhere_are_shown_as_they_are(
    telegram: BotApi, bot: Running, payload: str
) -> None:
    assert bot.link is not None
    chat = telegram.chat()
    chat.known = True
    lines = (Line("title", payload), Line("text", payload), Line("phone", "116 123", "tel:116123"))
    bar = (Option("!help_now", payload[:70]), Option("=" + "k" * 80, "long"))
    out = Outgoing("en", "ltr", (Block("card", lines),), bar, mark="7")
    await bot.link.channel.deliver(Address("telegram", "1", str(chat.id).encode()), out)
    await chat.sees("116 123")
    whole = "".join("".join(one.text.split()) for one in chat.from_bot)
    assert whole.count("".join(payload.split())) == 2
    assert all(units(one.text) <= MOST_UNITS for one in chat.from_bot)
    assert all(kind["type"] == "bold" for one in chat.from_bot for kind in one.entities)
    assert not any(one.previews for one in chat.from_bot)
    assert [one.silent for one in chat.from_bot] == [i > 0 for i in range(len(chat.from_bot))]
    assert telegram.refusals() == []


LINES = st.builds(
    Line, st.sampled_from(["text", "title", "fine"]), st.text(max_size=6_000), st.just("")
)
BLOCKS = st.lists(st.builds(lambda lines: Block("say", tuple(lines)), st.lists(LINES, max_size=4)))


@settings(max_examples=60, deadline=None)
@given(BLOCKS)
def test_no_message_is_too_long_or_empty_and_every_bold_part_lies_in_it(
    blocks: list[Block],
) -> None:
    for one in messages(blocks):
        assert 0 < units(one.text) <= MOST_UNITS
        assert one.text.strip()
        one.text.encode("utf-8")
        assert all(b.length > 0 and b.offset + b.length <= units(one.text) for b in one.bold)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 90), st.integers(0, 90), st.integers(-2, 9))
def test_every_option_stands_on_some_page_and_no_page_is_too_long(
    short: int, long: int, page: int
) -> None:
    options = tuple(Option(f"s{i}", f"S{i}") for i in range(short))
    listed = tuple(Option(f"={i}", f"L{i}") for i in range(long))
    out = Outgoing("en", "ltr", (), options, listed, (Option("!leave", "Leave"),), mark="1")
    pages = [buttons(out, at) for at in range(9)]
    keys = {key for rows in pages for row in rows for _, key in row}
    assert {one.key for one in (*options, *listed)} <= keys
    flat = [key for row in buttons(out, page) for _, key in row]
    assert "!leave" in flat
    assert len(flat) <= 2 * PAGE + 3
    assert all(len(row) <= 2 for row in buttons(out, page))


async def test_a_long_list_turns_its_pages_without_a_new_message_or_a_turn(
    telegram: BotApi, bot: Running
) -> None:
    assert bot.service is not None
    chat = telegram.chat()
    chat.start()
    await chat.reply(2)
    await find_long_list(chat)
    heard = len(bot.taken)
    message, before = chat.last, chat.last.labels
    chat.press(next(label for label in before if label.endswith("›")))
    await chat.until(lambda chat: chat.last.labels != before, "the other page")
    assert chat.last is message
    assert len(bot.taken) == heard
    chat.press(next(label for label in chat.last.labels if label.startswith("‹")))
    await chat.until(lambda chat: chat.last.labels == before, "the first page again")
    await telegram.until(lambda: not telegram.queries, "every button answered")
    chat.press(before[0])
    await chat.reply()
    assert len(bot.taken) == heard + 1
    assert telegram.refusals() == []


async def find_long_list(chat: Any) -> None:
    """From the first screen to the regions of a country."""
    for label in ("Yes", "Medical care", "Ukraine"):
        chat.press(label)
        await chat.reply()
    assert any(label.endswith("›") for label in chat.last.labels), chat.last.labels

"""All that becomes a script on a page arrives in a messenger as the words that it is."""

from pathlib import Path

from bot.channels.contract import Address, Block, Line, Option, Outgoing
from tests.botapi import BotApi
from tests.console_listings.payloads import PAYLOADS
from tests.telegram.running import Running

TURNS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


async def test_three_hundred_scripts_are_words_in_a_messenger(tmp_path: Path) -> None:
    async with BotApi() as telegram:
        bot = Running(telegram, tmp_path, "webhook")
        await bot.start()
        assert bot.link is not None
        chat = telegram.chat()
        chat.known = True
        lines = [Line("title" if n % 7 == 0 else "text", one) for n, one in enumerate(PAYLOADS)]
        blocks = tuple(Block("card", tuple(lines[n : n + 10])) for n in range(0, len(lines), 10))
        bar = tuple(Option(f"k{n}", one[:60]) for n, one in enumerate(PAYLOADS[:8]))
        last = Block("say", (Line("text", "That is all."),))
        out = Outgoing("en", "ltr", (*blocks, last), bar, mark="7")
        await bot.link.channel.deliver(Address("telegram", "1", str(chat.id).encode()), out)
        await chat.sees("That is all.")
        await bot.stop()
        seen = plain("".join(one.text for one in chat.from_bot))
        assert len(PAYLOADS) >= 300
        assert [one for one in PAYLOADS if plain(one) not in seen] == []
        assert all(kind["type"] == "bold" for one in chat.from_bot for kind in one.entities)
        assert not any(one.previews for one in chat.from_bot)
        assert telegram.refusals() == []


def plain(text: str) -> str:
    """Without gaps, and without the marks that turn a line, which are taken out on the way."""
    return "".join(one for one in text if not one.isspace() and one not in TURNS)

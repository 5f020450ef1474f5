"""A person in a Telegram chat, on the Bot API server of the tests."""

from bot.channels.contract import Address
from tests.botapi.people import Message
from tests.contract.hands import Hands, Seen, seen
from tests.contract.house import House

TURNS = ("‹", "›")
Button = tuple[str, str]
"""Words on it, what it carries."""


class InTelegram(Hands):
    """One person. After leaving, `come` opens a chat that is new to the bot."""

    def __init__(self, house: House, language: str) -> None:
        self._house, self._language = house, language
        self._shown: list[tuple[Message, list[Button]]] = []

    async def come(self) -> Seen:
        self.chat = self._house.telegram.chat(language=self._language)
        before = self._before()
        self.chat.start()
        return await self._see(before)

    async def press(self, place: int) -> Seen:
        return await self.press_old(place, 0)

    async def say(self, text: str) -> Seen:
        before = self._before()
        self.chat.say(text)
        return await self._see(before)

    async def send_voice(self) -> Seen:
        before = self._before()
        self.chat.send_voice()
        return await self._see(before)

    async def press_old(self, place: int, answers_ago: int) -> Seen:
        message, buttons = self._shown[-1 - answers_ago]
        before = self._before()
        self.chat.press_data(buttons[place][1], message)
        return await self._see(before)

    async def press_forged(self, key: str, mark: str) -> Seen:
        before = self._before()
        self.chat.press_data(f"v1:AAAAAAAA:{mark}:{key}"[:64])
        return await self._see(before)

    @property
    def address(self) -> Address:
        return self._house.last("telegram")

    async def go(self) -> None:
        """Nothing: the chat stays."""

    def _before(self) -> int:
        return max((one.id for one in self.chat.messages.values()), default=0)

    async def _see(self, before: int) -> Seen:
        def whole() -> bool:
            new = [one for one in self.chat.from_bot if one.id > before]
            return bool(new) and bool(new[-1].keyboard or self._is_last_word(new[-1]))

        await self.chat.until(lambda _: whole(), "a whole answer")
        new = [one for one in self.chat.from_bot if one.id > before]
        own = (*self._house.telegram_first, *self._house.telegram_last)
        blocks = [
            block
            for message in new
            for block in message.text.split("\n\n")
            if not any(block.startswith(words) for words in own)
        ]
        buttons = await self._all_buttons(new[-1])
        self._shown.append((new[-1], buttons))
        return seen(blocks, [label for label, _ in buttons])

    def _is_last_word(self, message: Message) -> bool:
        return message.text.endswith(self._house.telegram_last)

    async def _all_buttons(self, message: Message) -> list[Button]:
        """Those below a message, the pages of a long list one after another."""
        flat = _flat(message)
        turns = [one for one in flat if _turns(one)]
        if not turns:
            return flat
        place = flat.index(turns[0])
        long, rest = flat[:place], [one for one in flat[place:] if not _turns(one)]
        while forward := next((one for one in turns if one[0].endswith("›")), None):
            before = message.edited
            self.chat.press_data(forward[1], message)
            await self.chat.until(lambda _: message.edited > before, "the next page")  # noqa: B023
            flat = _flat(message)
            turns = [one for one in flat if _turns(one)]
            long += [one for one in flat[: flat.index(turns[0])] if one not in long]
        return long + rest


def _flat(message: Message) -> list[Button]:
    return [(one["text"], one["callback_data"]) for row in message.keyboard for one in row]


def _turns(button: Button) -> bool:
    return button[0].startswith(TURNS) or button[0].endswith(TURNS)

"""The Telegram channel: carries what people do in private chats in, and answers out.

    update → read → in line behind the chat's others → Conversation.take → only then acknowledged
    outbox → deliver → the chat's answers, one after another → messages, remembered as footprints

It decides nothing about the conversation and keeps nothing of a person but, sealed and by another
part, which messages can still be deleted. Buttons carry a mark and a seal: a forged or an old one
shows the present step again. It must not log or keep who wrote, and leaves groups alone.
"""

import asyncio
import re
import time
from typing import Final

from telegram import Bot

from bot.channels.contract import (
    LEAVE,
    Address,
    Conversation,
    Heard,
    Incoming,
    Opened,
    Pressed,
    Sent,
    Unavailable,
    Words,
)
from bot.channels.telegram_buttons import SHORT_KEY, read_data
from bot.channels.telegram_contract import (
    CHANNEL,
    Footprints,
    Say,
    Seal,
    TelegramSettings,
    Urgent,
)
from bot.channels.telegram_lines import Lines
from bot.channels.telegram_posting import Posting
from bot.channels.telegram_reading import Arrival, Blocked, Gave, Tapped, Wrote
from bot.channels.telegram_sending import Patience, Sender
from bot.channels.telegram_text import TURN_PAGE, Message, keyed, messages

TOLD_AGAIN_SECONDS: Final = 600.0
"""Between two times that a person is told that nothing can be saved."""
MOST_TOLD: Final = 1_024
STOP_SECONDS: Final = 5.0
_START: Final = re.compile(r"\s*/start(@\w+)?(\s|$)", re.IGNORECASE)
"""The command that opens a chat; what a link put behind it is not read."""


class Telegram:
    """The channel for one bot. Use from one event loop."""

    def __init__(  # noqa: PLR0913 - each part is built by somebody else
        self,
        bot: Bot,
        bot_id: str,
        conversation: Conversation,
        settings: TelegramSettings,
        *,
        seal: Seal,
        footprints: Footprints,
        say: Say,
        urgent: Urgent,
        patience: Patience | None = None,
    ) -> None:
        """`bot_id`: the bot's number, which stays when its token is changed."""
        self._bot_id, self._conversation = bot_id, conversation
        self._settings, self._seal, self._footprints = settings, seal, footprints
        self._say, self._urgent = say, urgent
        self.lines = Lines(burst=settings.burst)
        """Who waits behind whom."""
        self._sender = Sender(self._forget, patience or Patience())
        self._posting = Posting(bot, self._sender, settings, seal, footprints, say)
        self.deliver, self.remove = self._posting.deliver, self._posting.remove
        self.typing = self._posting.typing
        self._told: dict[tuple[int, str], float] = {}

    # --- in ---

    async def take(self, arrival: Arrival) -> None:
        """One thing that a person did; durable on return. Raises `Unavailable`."""
        ago = max(0.0, time.time() - arrival.sent) if arrival.sent else 0.0
        if not await self.lines.enter(arrival.chat, urgent=self.is_urgent(arrival), ago=ago):
            await self._pass_over(arrival)
            return
        try:
            await self._turn(arrival)
        finally:
            self.lines.leave(arrival.chat)

    def ready(self, address: Address) -> float:
        """Seconds until an answer to them could leave, or to anybody where no person is named:
        until then it is better kept on the disk.
        """
        return self._sender.ready(int(address.person or b"0"))

    async def _turn(self, arrival: Arrival) -> None:
        if isinstance(arrival.what, Blocked):
            self._sender.cut(arrival.chat)
            await self._forget(arrival.chat)
            return
        chat = _person(arrival.chat)
        try:
            heard = await self._heard(arrival)
            if heard is None:
                return
            address = Address(CHANNEL, self._bot_id, chat)
            turn = self._conversation.take(
                Incoming(address, heard, arrival.once, arrival.language, push=True)
            )
            # Handed in before the turn and saved with it: should it be the safety exit, this
            # message is deleted too.
            _, out = await asyncio.gather(self._noted(arrival), turn)
        except Unavailable:
            await self._say_down(arrival)
            raise
        if isinstance(arrival.what, Gave):
            self._posting.aside(self._posting.take_away(arrival.chat, [arrival.message]))
        if isinstance(arrival.what, Tapped) and out is not None:
            self._posting.answer_query(arrival.what.query)

    async def _noted(self, arrival: Arrival) -> None:
        """The person's own message lies in the chat now. A button's is ours and is known."""
        if not isinstance(arrival.what, Tapped):
            person = _person(arrival.chat)
            await self._footprints.note(person, [arrival.message], sent=arrival.sent)

    async def _heard(self, arrival: Arrival) -> Heard | None:
        match arrival.what:
            case Wrote(text):
                begins = _START.match(text) is not None
                return Opened() if begins else Words(text)
            case Gave(kind, caption):
                return Words(caption) if self._urgent(caption) else Sent(kind)
            case Tapped(query, data):
                return await self._pressed(arrival, query, data)
            case _:
                return None

    async def _pressed(self, arrival: Arrival, query: str, carried: str) -> Heard | None:
        """What a button meant. An empty key is no choice of any step: it is shown again."""
        chat = _person(arrival.chat)
        button = read_data(self._seal, chat, carried)
        if button is None:
            return Pressed("", "")
        mark, key = button
        if not key.startswith((TURN_PAGE, SHORT_KEY)):
            return Pressed(key, mark)
        out = await self._conversation.look(Address(CHANNEL, self._bot_id, chat), arrival.language)
        if out.mark != mark:
            return Pressed("", mark)
        if key.startswith(SHORT_KEY):
            short = key.removeprefix(SHORT_KEY)
            return Pressed(keyed(out, lambda one: self._seal.fits(chat, one, short)) or "", mark)
        page = int(turned) if (turned := key.removeprefix(TURN_PAGE)).isdecimal() else 0
        await self._posting.turn_page(arrival.chat, arrival.message, out, page)
        self._posting.answer_query(query)
        return None

    def is_urgent(self, arrival: Arrival) -> bool:
        """Whether help now, or leaving, is wanted: it is passed over by nobody."""
        match arrival.what:
            case Wrote(text) | Gave(_, text):
                return self._urgent(text)
            case Tapped(_, data):
                return data.rpartition(":")[2].startswith("!")
            case _:
                return True

    async def _pass_over(self, arrival: Arrival) -> None:
        """A flood: this message waits for nothing. The person reads so once."""
        if isinstance(arrival.what, Tapped):
            self._posting.answer_query(arrival.what.query)
        await self._noted(arrival)
        if self.lines.tell(arrival.chat):
            said = self._say(self._spoken(arrival.language), "telegram.many", {})
            await self._posting.say(arrival.chat, [Message(said)], quiet=True)

    async def _say_down(self, arrival: Arrival) -> None:
        """Nothing can be saved: the person reads where to get help now, not with every message,
        but with every one that cries for it.
        """
        now = asyncio.get_running_loop().time()
        told = (arrival.chat, arrival.once if self.is_urgent(arrival) else "")
        if now < self._told.get(told, 0.0):
            return
        if len(self._told) >= MOST_TOLD:
            self._told.clear()
        self._told[told] = self._told[arrival.chat, ""] = now + TOLD_AGAIN_SECONDS
        language = self._spoken(arrival.language)
        down = Message(self._say(language, "page.down", {}))
        said = [down, *messages(self._conversation.emergency(language).blocks)]
        await self._posting.say(arrival.chat, said)

    def _spoken(self, language: str) -> str:
        known = self._settings.languages
        return language if language in known else known[0]

    async def _forget(self, chat: int) -> None:
        """The chat is closed to us: forget who it was."""
        person = _person(chat)
        leave = Incoming(Address(CHANNEL, self._bot_id, person), Pressed(LEAVE, ""))
        try:
            await self._conversation.take(leave)
        finally:
            # Nothing can be deleted there any more: it is tried once, then not known any more.
            await self._footprints.erase(person, self._posting)

    async def stop(self) -> None:
        """Let what waits be sent, for a few seconds."""
        await self._sender.stop(STOP_SECONDS)
        await self._posting.stop()


def _person(chat: int) -> bytes:
    return str(chat).encode()

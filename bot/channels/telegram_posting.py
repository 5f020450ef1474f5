"""What leaves for Telegram: answers as messages, the first words, and the erasing of a chat.

Every message carries no preview, cannot be forwarded, and is remembered as a footprint as soon as
it lies there; of an answer only the first message makes a sound. It decides nothing about what is
said, and must not log or keep who it is said to.
"""

import asyncio
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from typing import Any, Final

from telegram import Bot, InlineKeyboardMarkup, LinkPreviewOptions, MessageEntity
from telegram import Message as Posted
from telegram.constants import ChatAction
from telegram.error import TelegramError

from bot.channels.contract import Address, Block, Line, Outgoing
from bot.channels.telegram_buttons import keyboard
from bot.channels.telegram_contract import Footprints, Say, Seal, TelegramSettings
from bot.channels.telegram_sending import Closed, GaveUp, Refused, Sender, note
from bot.channels.telegram_text import Bold, Message, buttons, messages

FIRST_MARK: Final = "1"
"""`Outgoing.mark` of a person's first answer: before it they read what Telegram sees."""
AT_A_TIME: Final = 100
"""Messages that one call deletes."""


class Posting:
    """Sends to all chats of one bot. Use from one event loop."""

    def __init__(
        self,
        bot: Bot,
        sender: Sender,
        settings: TelegramSettings,
        seal: Seal,
        footprints: Footprints,
        say: Say,
    ) -> None:
        self._bot, self._sender, self._settings = bot, sender, settings
        self._seal, self._footprints, self._say = seal, footprints, say
        self._asides: set[asyncio.Task[Any]] = set()

    async def deliver(self, address: Address, out: Outgoing) -> None:
        """Have an answer sent. Waits only for a place: what is sent is tried again by itself."""
        chat = int(address.person)
        if out.forgotten:
            await self._sender.put(chat, lambda: self._erase(chat, out), first=True)
        else:
            await self._sender.put(chat, lambda: self._answer(chat, out))

    async def _answer(self, chat: int, out: Outgoing) -> None:
        said = messages(out.blocks)
        if out.mark == FIRST_MARK:
            said.insert(0, Message(self._first_words(out.language)))
        await self._send(chat, said, keyboard(self._seal, _person(chat), buttons(out), out.mark))

    def _first_words(self, language: str) -> str:
        hours = str(self._settings.clear_hours)
        said = [self._say(language, "telegram.first", {"hours": hours})]
        if self._settings.public_url:
            url = {"url": self._settings.public_url}
            said.append(self._say(language, "telegram.safer", url))
        return "\n".join(said)

    async def _send(
        self,
        chat: int,
        said: Sequence[Message],
        keyboard: InlineKeyboardMarkup | None = None,
        *,
        quiet: bool = False,
        soon: bool = False,
    ) -> list[int]:
        """Messages in their order, the buttons under the last, only the first with a sound."""
        sent = []
        for number, one in enumerate(said, 1):
            below = keyboard if number == len(said) else None
            try:
                posted = await self._post(chat, one, below, quiet=quiet or number > 1)
            except Refused as refused:
                note("not_sent", refused)  # the others may be taken
                continue
            sent.append(posted.message_id)
            await self._footprints.note(_person(chat), [posted.message_id], soon=soon)
        return sent

    async def _post(
        self, chat: int, one: Message, keyboard: InlineKeyboardMarkup | None, *, quiet: bool
    ) -> Posted:
        def plainly(markup: InlineKeyboardMarkup | None, bold: Sequence[Bold]) -> Any:
            return self._bot.send_message(
                chat,
                one.text,
                entities=[MessageEntity(MessageEntity.BOLD, b.offset, b.length) for b in bold],
                link_preview_options=LinkPreviewOptions(is_disabled=True),
                disable_notification=quiet,
                protect_content=True,
                reply_markup=markup,
            )

        try:
            posted: Posted = await self._sender.call(
                chat, lambda: plainly(keyboard, one.bold), message=True
            )
        except Refused:
            # Better the bare words than none: what can be picked may be typed, too.
            posted = await self._sender.call(chat, lambda: plainly(None, ()), message=True)
        return posted

    async def turn_page(self, chat: int, message: int, out: Outgoing, page: int) -> None:
        """Show another page of a long list, below the message that shows one."""
        below = keyboard(self._seal, _person(chat), buttons(out, page), out.mark)

        async def turn() -> None:
            with suppress(Refused):  # it shows that page already
                await self._sender.call(
                    chat,
                    lambda: self._bot.edit_message_reply_markup(chat, message, reply_markup=below),
                    message=True,
                )

        await self._sender.put(chat, turn)

    async def say(self, chat: int, said: Sequence[Message], *, quiet: bool = False) -> None:
        """Words of the channel's own, without buttons."""
        await self._sender.put(chat, lambda: self._send(chat, said, quiet=quiet))

    def typing(self, person: bytes) -> None:
        """Their app shows for some seconds that somebody is writing."""
        chat = int(person)
        action = ChatAction.TYPING
        self.aside(self._sender.in_passing(chat, lambda: self._bot.send_chat_action(chat, action)))

    def answer_query(self, query: str) -> None:
        """Tell the app that the button was heard, once and no more: its spinner stops anyway."""
        self.aside(self._answer_query(query))

    async def _answer_query(self, query: str) -> None:
        with suppress(TelegramError):
            await self._bot.answer_callback_query(query)

    async def _erase(self, chat: int, out: Outgoing) -> None:
        """Everything in the chat that can be deleted, then last words that go away themselves."""
        erased = await self._footprints.erase(_person(chat), self)
        key = "telegram.erased"
        if erased.too_old or erased.later:
            key = "telegram.erased_old" if erased.too_old else "telegram.erased_later"
        words = Line("text", self._say(out.language, key, {}))
        said = messages([*out.blocks, Block("note", (words,))])
        sent = await self._send(chat, said, quiet=True, soon=True)
        self.aside(self._fade(chat, sent))

    async def _fade(self, chat: int, sent: Sequence[int]) -> None:
        await asyncio.sleep(self._settings.fade_seconds)
        await self.take_away(chat, sent)

    async def take_away(self, chat: int, ids: Sequence[int]) -> None:
        """Delete these now; what cannot be reached now goes with the next sweep."""
        person = _person(chat)
        gone = await self.remove(person, ids)
        await self._footprints.cleared(person, gone)
        left = [one for one in ids if one not in gone]
        if left:
            await self._footprints.note(person, left, soon=True)

    async def remove(self, chat: bytes, message_ids: Sequence[int]) -> Sequence[int]:
        """Delete these; gives those that are done with. See `telegram_contract.Remover`."""
        done: list[int] = []
        waiting = [
            list(message_ids[at : at + AT_A_TIME]) for at in range(0, len(message_ids), AT_A_TIME)
        ]
        while waiting:
            some = waiting.pop()
            try:
                await self._delete(int(chat), some)
                done += some
            except Closed:
                return list(message_ids)
            except Refused:
                # One that may not be deleted spoils the call for the others: find it.
                middle = len(some) // 2
                if middle:
                    waiting += [some[:middle], some[middle:]]
                else:
                    done += some
            except GaveUp:
                break
        return done

    async def _delete(self, chat: int, ids: list[int]) -> None:
        await self._sender.call(
            chat, lambda: self._bot.delete_messages(chat, ids), message=False, lasting=True
        )

    def aside(self, work: Coroutine[Any, Any, None]) -> None:
        """Something that nothing waits for."""
        task = asyncio.create_task(work)
        self._asides.add(task)
        task.add_done_callback(self._put_aside)

    def _put_aside(self, task: asyncio.Task[Any]) -> None:
        self._asides.discard(task)
        if not task.cancelled() and (broken := task.exception()) is not None:
            note("left_undone", broken)

    async def stop(self) -> None:
        """Leave what was to be done by and by; what was to fade goes with the next sweep."""
        for task in list(self._asides):
            task.cancel()
        await asyncio.gather(*self._asides, return_exceptions=True)


def _person(chat: int) -> bytes:
    return str(chat).encode()

"""The chat of a person, within their turn: what the errands and the page both ask.

It decides one thing: a chat is theirs only while it is reached where they are now. Who came back
elsewhere has it there.
"""

import hashlib
from collections.abc import Mapping
from typing import Final

from bot.handoff.model import Address, Chat, Kind
from bot.handoff.returning import Reached, move
from bot.hold import Hold
from bot.human import Human
from bot.sealing import Receiver
from bot.tasks import InTurn

KINDS: Final[Mapping[str, Kind]] = {"telegram": "telegram", "web": "web", "terminal": "terminal"}


def chat_of(human: Human, turn: InTurn, hold: Hold) -> Chat | None:
    """The chat while it is still theirs: who came back elsewhere has it there."""
    chat = human.chats.of_person(turn.group, hold.chat)
    return chat if chat is not None and chat.address == here(turn)[0] else None


def who_answers(human: Human, chat: Chat) -> str:
    """The pseudonyms of all who are in the chat: who joins it is never there unnamed."""
    helper = human.shifts.of(chat.helper) if chat.helper else None
    return f"{chat.who}, {helper.who}" if helper else chat.who


def stand_of(chat: Chat) -> int:
    """Another number for every version of the chat. The version itself counts over all chats: to
    whoever has one of them it would tell how much goes on in the others.
    """
    stand = hashlib.sha256(chat.id + chat.version.to_bytes(8, "big"))
    return int.from_bytes(stand.digest()[:6], "big")


def receivers(human: Human, turn: InTurn, chat: Chat) -> tuple[Receiver, ...]:
    """Whom their words are sealed to now; nobody when nobody could read them."""
    return human.keys.receivers(turn.group, chat, human.shifts.on_duty(), turn.now)


def moved(human: Human, turn: InTurn, chat: Chat, to: Reached) -> Chat:
    """The chat as it goes on where they are now. Raises `Refused` when it is over."""
    return move(human.messages, turn.group, chat, to, turn.now)


def acked(human: Human, turn: InTurn, chat: Chat, number: int) -> Chat:
    """The chat once their side has shown every reply up to that number."""
    if number <= chat.acked:
        return chat
    return human.messages.ack(turn.group, chat, number)


def here(turn: InTurn) -> tuple[Address, Kind]:
    """Where they are, and the kind of channel that it is."""
    to = turn.address
    return Address(to.channel, to.bot, to.person), KINDS.get(to.channel, "web")


def place(turn: InTurn) -> bytes:
    """What tries are counted by. It is hashed there and not kept."""
    return turn.address.channel.encode() + b"\0" + turn.address.person

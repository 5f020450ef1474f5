"""What a page shows of a chat with a human, and what it asks when it seals for itself.

It decides nothing about the chat. Under `device` the server is handed sealed bytes and hands out
sealed bytes; it must never be able to take words in the clear there.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from bot.channels.contract import (
    Again,
    Enter,
    Hear,
    Plain,
    Say,
    Sealed,
    Spoken,
    TalkAsked,
    TalkTold,
    Typing,
)
from bot.channels.contract import Chat as Shown
from bot.handing_chat import acked, chat_of, here, moved, receivers, stand_of, who_answers
from bot.handoff.again import sealed_again, unopened
from bot.handoff.model import ENDED, Chat, Refused
from bot.handoff.returning import Reached
from bot.hold import Hold, keep, opened, spoken
from bot.human import PUSHED, Human
from bot.sealing import BadKey, check_public, generate
from bot.tasks import InTurn

Words = Mapping[str, tuple[str, ...]]
Status = Literal["waiting", "talking", "over"]


@dataclass(frozen=True, slots=True)
class Page:
    """The page's side of a chat."""

    human: Human
    exits: Words = field(default_factory=dict)
    """By language, words that leave when they are typed alone: for pages that seal what is typed.
    """
    helps: Words = field(default_factory=dict)

    def chat(self, turn: InTurn) -> Shown | None:
        """What a page shows of the person's chat. Channels that push show nothing of it."""
        hold = opened(turn.carried)
        if hold is None or turn.address.channel in PUSHED:
            return None
        chat = chat_of(self.human, turn, hold)
        if chat is None:
            return None
        lines: tuple[Spoken, ...] = ()
        if chat.mode == "door":
            lines = spoken(self.human.messages, turn.group, chat, hold.door)
            shown = max((line.number for line in lines if line.by == "them"), default=0)
            chat = acked(self.human, turn, chat, shown)
        talking = chat.state in {"claimed", "parked"}
        over = chat.state in ENDED
        can_write = not over and (
            talking or (turn.takes and bool(receivers(self.human, turn, chat)))
        )
        return Shown(
            stand_of(chat),
            who_answers(self.human, chat),
            "talking" if talking or over else "waiting",
            chat.mode,
            lines,
            can_write,
            chat.news,
            self.exits.get(turn.language, ()),
            self.helps.get(turn.language, ()),
        )

    def talk(self, turn: InTurn, asked: TalkAsked) -> TalkTold:
        """What a page that seals for itself asks and says."""
        hold = opened(turn.carried)
        chat = None if hold is None else chat_of(self.human, turn, hold)
        if hold is None or chat is None:
            return TalkTold("none")
        refused = ""
        try:
            match asked:
                case Enter(suite, public):
                    check_public(suite, public)
                    if public != chat.public:
                        chat = moved(
                            self.human, turn, chat, Reached(*here(turn), "device", suite, public)
                        )
                case Plain():
                    if chat.mode == "device":
                        pair = generate(1)
                        turn.carried = keep(Hold(chat.id, hold.news, pair.private))
                        reached = Reached(*here(turn), "door", 1, pair.public)
                        chat = moved(self.human, turn, chat, reached)
                case Say(number, body, wraps):
                    chat = self._sealed(turn, chat, number, body, wraps)
                case Again(number, body, wraps):
                    readers = receivers(self.human, turn, chat)
                    given = (self.human.messages, turn.group, chat, number, body, _keyed(wraps))
                    chat = sealed_again(*given, receivers=readers)
                case Hear(_, shown):
                    if chat.mode == "device":
                        chat = acked(self.human, turn, chat, shown)
                    self.human.chats.seen_by_person(turn.group, chat.id, turn.now)
                    chat = chat_of(self.human, turn, hold) or chat
                case Typing():
                    pass  # it never comes here: nobody need open anything for it
        except (BadKey, ValueError):
            refused = "size"
        except Refused as error:
            refused = error.code
        after = asked.after if isinstance(asked, Hear) else chat.acked
        return self._told(turn, chat, after, refused)

    def _sealed(
        self, turn: InTurn, chat: Chat, number: int, body: bytes, wraps: Mapping[str, bytes]
    ) -> Chat:
        readers = receivers(self.human, turn, chat)
        return self.human.messages.sealed_from_person(
            turn.group, chat, number, body, _keyed(wraps), receivers=readers, now=turn.now
        )

    def _told(self, turn: InTurn, chat: Chat, after: int, refused: str) -> TalkTold:
        over = chat.state in ENDED
        status: Status = "over" if over else "waiting" if chat.state == "waiting" else "talking"
        if chat.mode != "device":
            return TalkTold(status, "door", version=stand_of(chat), news=chat.news, refused=refused)
        human, duties = self.human, self.human.shifts.on_duty()
        roster = human.keys.roster(turn.group, duties, turn.now)
        # Of the same people: a page does not believe in a reader who is not on the roster.
        readers = human.keys.receivers(turn.group, chat, duties, turn.now)
        keys = human.organisation.keys
        return TalkTold(
            status,
            chat=chat.id,
            public=chat.public,
            next_in=chat.number_in + 1,
            last_out=chat.number_out,
            read=chat.read,
            reader=chat.reader,
            again=unopened(human.messages, turn.group, chat, readers),
            version=stand_of(chat),
            news=chat.news,
            who=who_answers(human, chat),
            receivers=tuple(one.key for one in readers),
            roster=roster.data,
            signature=roster.signature,
            organisation={"ed25519": keys.ed25519, "p256": keys.p256},
            replies=tuple(
                Sealed(reply.number, reply.sealed, reply.signature, reply.signer)
                for reply in human.messages.replies(turn.group, chat, after)
            ),
            refused=refused,
        )


def _keyed(wraps: Mapping[str, bytes]) -> dict[bytes, bytes]:
    """Wraps by the id of their key. Raises `ValueError` for what is no id."""
    return {bytes.fromhex(name): wrap for name, wrap in wraps.items()}

"""An operator whose keys are real and whose browser is this process."""

import time
from dataclasses import dataclass, field

from bot.app import Service
from bot.handoff.message_model import Written
from bot.handoff.model import Chat
from bot.human import Human
from bot.sealing import (
    Context,
    IdentityPair,
    PrekeyPair,
    make_identity,
    make_prekey,
    open_at_desk,
    seal_for_person,
    sign_reply,
)


@dataclass
class Operator:
    """On duty from the start, with a line."""

    service: Service
    staff: str
    who: str = "Oksana"
    languages: tuple[str, ...] = ("en", "uk")
    identity: IdentityPair = field(default_factory=make_identity)

    def __post_init__(self) -> None:
        self.prekey: PrekeyPair = make_prekey(self.identity, int(time.time()) + 70 * 3600)
        with self.service.store.group() as group:
            self.human.keys.enrol(group, self.staff, self.identity.public, time.time())
            key = self.human.keys.add_prekey(group, self.staff, self.prekey.public, time.time())
        self.human.shifts.begin_shift(self.staff, self.who, self.languages, (), (key,))
        self.human.shifts.connected(self.staff, True)

    @property
    def human(self) -> Human:
        assert self.service.human is not None
        return self.service.human

    def claim(self) -> Chat:
        """The first in line."""
        chat = self.human.desk.claim_next(self.staff)
        assert chat is not None
        return chat

    def kept(self, chat: Chat) -> Chat:
        """The chat as it is now."""
        with self.service.store.group() as group:
            found = self.human.chats.of_person(group, chat.id)
        assert found is not None
        return found

    def read(self, chat: Chat) -> list[str]:
        """All that the person wrote, as far as these keys open it."""
        with self.service.store.group() as group:
            now = self.human.chats.of_person(group, chat.id)
            assert now is not None
            found = self.human.messages.for_operator(group, now, self.staff, now=time.time())
        return [
            open_at_desk(
                Context(chat.id, "in", one.number),
                one.body,
                one.wrap.wrap,
                1,
                self.prekey.private[1],
            )
            for one in found
            if one.wrap is not None
        ]

    def say(self, chat: Chat, text: str) -> None:
        """One reply."""
        now = self.kept(chat)
        context = Context(chat.id, "out", now.number_out + 1)
        sealed = seal_for_person(context, text, now.suite, now.public)
        signature = sign_reply(context, sealed, self.identity)
        written = Written(context.number, sealed, signature, self.identity.public.id, now.public)
        with self.service.store.group() as group:
            here = self.human.chats.of_person(group, chat.id)
            assert here is not None
            self.human.messages.reply(group, here, self.staff, written, time.time())
        self.human.board.look()

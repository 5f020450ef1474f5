"""Passing a chat on: to a colleague, to a queue, at the end of a shift, when a line is gone.

It decides that nothing is lost on the way: whoever has a chat keeps it until somebody else has it,
or it is back in the queue in the same transaction. A person is asked before a colleague comes, and
told whenever who answers is another.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Final

from msgspec.structs import replace

from bot.handoff import moves
from bot.handoff.acting import Acting
from bot.handoff.board import handed_to
from bot.handoff.model import Chat, NoSuchChat, Refused, Transfer
from bot.handoff.offers import best, room
from bot.storage import Group

LANGUAGE_QUEUE: Final = moves.QUEUE


@dataclass(frozen=True, slots=True)
class Left:
    """What became of the chats of somebody who went."""

    passed_on: int
    """Colleagues have them."""
    back_in_line: int


class Passing(Acting):
    """The acts by which a chat comes to somebody else."""

    def transfer(self, staff: str, chat_id: bytes, to: str, *, warm: bool) -> Chat:
        """Offers a chat to a colleague or to a queue (`queue:` and a language): the person is asked
        first, and it stays with who has it until it is taken. `warm`: both are there at first.

        Raises `Refused`: in_transfer, no_such_colleague, nobody_there.
        """
        if to.startswith(LANGUAGE_QUEUE):
            language = to.removeprefix(LANGUAGE_QUEUE)
            others = [one for one in self.parts.shifts.on_duty() if one.staff != staff]
            if not any(language in one.languages and one.keys for one in others):
                raise Refused("nobody_there")
        else:
            colleague = self.parts.shifts.of(to)
            if colleague is None or to == staff or not colleague.keys:
                raise Refused("no_such_colleague")

        def asking(chat: Chat, now: float) -> Chat:
            if chat.transfer is not None or chat.helper:
                raise Refused("in_transfer")
            step = Transfer(to, warm, "asking_person", now)
            return moves.tell(moves.transfer(chat, step), "transfer_asked", now)

        return self._mine(staff, chat_id, asking)

    def accept_transfer(self, staff: str, chat_id: bytes) -> Chat:
        """Takes a chat that is offered to them or to their queue: at once, or beside the first.

        Raises `NoSuchChat` when it is not on offer to them, and `Refused` as `claim` does.
        """
        duty = self._able(staff)
        with self._changing() as group:
            chat = self._load(group, chat_id)
            step = chat.transfer
            if step is None or not handed_to(chat, duty):
                raise NoSuchChat
            if why := room(duty, self.board.load(staff), chat):
                raise Refused(why)
            now = self.parts.clock()
            if not step.warm:
                return self._save(group, chat, moves.hand(_spoken(chat), staff, duty.who, now))
            beside = moves.transfer(
                _spoken(chat), Transfer(staff, warm=True, step="joined", since=now)
            )
            return self._save(group, chat, moves.help_with(beside, staff, now))

    def refuse_transfer(self, staff: str, chat_id: bytes) -> Chat:
        """Not taken, or taken back by who offered it: it goes on with the first operator. What is
        offered to a whole queue stays on offer to the others.
        """
        duty = self.parts.shifts.of(staff)
        with self._changing() as group:
            chat = self._load(group, chat_id)
            step = chat.transfer
            if step is None or step.step == "joined":
                raise NoSuchChat
            if chat.owner != staff and not (duty and handed_to(chat, duty)):
                raise NoSuchChat
            if staff not in {chat.owner, step.to}:
                return chat
            return self._save(group, chat, moves.transfer(chat, None))

    def leave_warm(self, staff: str, chat_id: bytes) -> Chat:
        """One of two goes: the first, and the colleague has it; or the helper, and the first does.

        Raises `Refused("not_now")` for an owner whose helper has not come to take it.
        """
        with self._changing() as group:
            chat = self._load(group, chat_id)
            now = self.parts.clock()
            if staff and chat.helper == staff:
                return self._save(group, chat, moves.help_with(moves.transfer(chat, None), "", now))
            if chat.owner != staff:
                raise NoSuchChat
            helper = self.parts.shifts.of(chat.helper) if chat.helper else None
            if helper is None or chat.transfer is None:
                raise Refused("not_now")
            return self._save(group, chat, moves.hand(chat, helper.staff, helper.who, now))

    def hand_over_all(self, staff: str) -> Left:
        """The end of a shift: each chat goes to a colleague with room, else back in line where its
        whole wait counts. Nothing of theirs stays; done already is done.
        """
        return self._leave_all(staff, "release", colleagues=True)

    def dropped(self, staff: str) -> Left:
        """Their line is gone for too long: their chats go back in line and the people are told. A
        colleague who is in a chat already keeps it.
        """
        return self._leave_all(staff, "drop", colleagues=False)

    def _leave_all(self, staff: str, act: str, *, colleagues: bool) -> Left:
        there = [one for one in self.parts.shifts.on_duty() if one.staff != staff]
        away = set(self.parts.shifts.gone())
        taken: Counter[str] = Counter()
        heavy: Counter[str] = Counter()

        def load(name: str) -> tuple[int, int]:
            many, hard = self.board.load(name)
            return many + taken[name], hard + heavy[name]

        back = 0
        with self._changing() as group:
            now = self.parts.clock()
            for chat in self.board.of(staff):
                if chat.owner != staff:
                    alone = moves.help_with(moves.transfer(chat, None), "", now)
                    self._save(group, chat, alone)
                    continue
                helper = [one for one in there if one.staff == chat.helper]
                beside = [one for one in helper if one.staff not in away]
                to = beside[0] if beside else (best(there, load, chat) if colleagues else None)
                if to is None:
                    self._save(group, chat, moves.requeue(chat, act, now, passing=staff))
                    back += 1
                    continue
                self._save(group, chat, moves.hand(chat, to.staff, to.who, now))
                taken[to.staff] += 1
                heavy[to.staff] += chat.heavy
            self._withdraw(group, staff)
        return Left(taken.total(), back)

    def _withdraw(self, group: Group, staff: str) -> None:
        """Nothing is on offer any more to who went."""
        for chat in self.board.picture.chats.values():
            if chat.owner == staff:
                continue
            if chat.offered == staff:
                passed = (*chat.passed_by, staff)
                self._save(group, chat, moves.offer(chat, "", 0.0, passed))
            elif chat.transfer and chat.transfer.to == staff and chat.helper != staff:
                self._save(group, chat, moves.transfer(chat, None))


def _spoken(chat: Chat) -> Chat:
    """A chat as it goes to a queue of another language: who takes it speaks that one."""
    to = chat.transfer.to if chat.transfer else ""
    if not to.startswith(LANGUAGE_QUEUE):
        return chat
    return replace(chat, language=to.removeprefix(LANGUAGE_QUEUE))

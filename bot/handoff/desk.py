"""The desk: what staff do with chats, one act a transaction.

It decides who may do what and when a limit is reached; what an act makes of a chat is in `moves`.
A claim is one statement that changes the chat only as it was loaded, so that it has one owner. Who
asks for a chat that is not theirs hears what is said of one that does not exist. It knows no word
of a message, and must not log a chat.

Every act may block for a moment; any thread may call; none may be called within a group. Raises
`Refused` (its codes stand in each docstring), `StoreError` or `KeyRingError`.
"""

import contextlib

from msgspec.structs import replace

from bot.handoff import moves
from bot.handoff.board import suits
from bot.handoff.model import Chat, Duty, NoSuchChat, Refused, TakenAlready
from bot.handoff.names import name
from bot.handoff.offers import room
from bot.handoff.passing import Passing
from bot.handoff.ticking import tick


class Desk(Passing):
    """The acts of operators and leads. Staff are named by their ids; roles are checked before."""

    # --- to the queue and back ------------------------------------------------------------------

    def claim(self, staff: str, chat_id: bytes) -> Chat:
        """Takes a waiting chat. Raises `TakenAlready` when somebody was quicker, `NoSuchChat`, and
        `Refused`: not_on_duty, paused, no_key, language, skill, limit_open, limit_heavy.
        """
        duty = self._able(staff)
        with self._changing(chat_id) as group:
            chat = self._load(group, chat_id)
            if chat.state != "waiting":
                raise TakenAlready
            self._check(duty, chat)
            now = self.parts.clock()
            if not chat.met:
                self.parts.waited(group, chat.language, max(0.0, now - chat.asked))
            mine = {one.name for one in self.board.of(staff)}
            named = replace(chat, name=name(mine)) if chat.name in mine else chat
            return self._save(group, chat, moves.claim(named, staff, duty.who, now))

    def claim_next(self, staff: str) -> Chat | None:
        """Takes what is offered to them, else the first that they may take; None when nobody waits.

        Raises as `claim` does, without `TakenAlready`.
        """
        duty, limited = self._able(staff), None
        self.look()
        for chat in self.board.queue(duty):
            try:
                return self.claim(staff, chat.id)
            except (TakenAlready, NoSuchChat):
                continue
            except Refused as refused:
                if refused.code != "limit_heavy":
                    raise
                limited = refused  # a lighter one may come after it
        if limited:
            raise limited
        return None

    def release(self, staff: str, chat_id: bytes) -> Chat:
        """Gives a chat back to the queue, where its whole wait counts; the person is told."""
        return self._mine(
            staff,
            chat_id,
            lambda chat, now: moves.requeue(chat, "release", now, passing=staff),
        )

    # --- one's own chats ------------------------------------------------------------------------

    def park(self, staff: str, chat_id: bytes) -> Chat:
        """Answers later; the person is told. When the time is over it goes back to the queue."""
        seconds = self.parts.rules.parked_seconds
        return self._mine(staff, chat_id, lambda chat, now: moves.park(chat, now, now + seconds))

    def unpark(self, staff: str, chat_id: bytes) -> Chat:
        """Back in the chat; the person is told."""
        return self._mine(staff, chat_id, moves.unpark)

    def close(self, staff: str, chat_id: bytes) -> Chat:
        """Ends the talk; the person is told, and the guide goes on."""
        return self._mine(
            staff, chat_id, lambda chat, now: moves.end(chat, "close", "by_operator", now)
        )

    def mark_heavy(self, staff: str, chat_id: bytes, *, heavy: bool = True) -> Chat:
        """Says that a chat is heavy, for their own sake."""
        return self._mine(staff, chat_id, lambda chat, _now: moves.weigh(chat, heavy=heavy))

    def tick(self, now: float) -> None:
        """What the clock brings; to be called every second or so. Raises `StoreError`."""
        tick(self, now)

    # --- the lead -------------------------------------------------------------------------------

    def join(self, lead: str, chat_id: bytes, reason: str) -> Chat:
        """Sits beside the operator of a chat; the person is told. Recorded with the reason first.

        Raises `Refused`: reason, not_on_duty, no_key, in_transfer.
        """
        return self._lead(lead, chat_id, reason, "join")

    def take_over(self, lead: str, chat_id: bytes, reason: str) -> Chat:
        """Has a chat from now on, whoever had it and whatever the limits. As `join`."""
        return self._lead(lead, chat_id, reason, "take_over")

    def tell_waiting(self, language: str, news: str = "desk_paused") -> int:
        """Tells everybody who waits in that language; gives how many."""
        told = 0
        for chat in self.board.queue():
            if chat.language == language and chat.told != news:
                with contextlib.suppress(Refused), self._changing() as group:
                    now = self._load(group, chat.id)
                    if now.state == "waiting":
                        self._save(group, now, moves.still(now, news, self.parts.clock()))
                        told += 1
        return told

    def _lead(self, lead: str, chat_id: bytes, reason: str, act: str) -> Chat:
        duty = self.parts.shifts.of(lead)
        if not reason.strip():
            raise Refused("reason")
        if duty is None:
            raise Refused("not_on_duty")
        if not duty.keys:
            raise Refused("no_key")
        with self._changing() as group:
            chat = self._load(group, chat_id)
            now = self.parts.clock()
            if chat.owner == lead or (act == "join" and chat.helper == lead):
                raise Refused("not_now")
            if act == "join" and (chat.helper or chat.transfer):
                raise Refused("in_transfer")
            new = (
                moves.help_with(chat, lead, now)
                if act == "join"
                else moves.take_over(chat, lead, duty.who, now)
            )
            if self.parts.audit(lead, act, chat.owner, reason.strip()) is False:
                raise Refused("not_recorded")  # only with a reason that is kept
            return self._save(group, chat, new)

    def _check(self, duty: Duty, chat: Chat) -> None:
        if why := suits(duty, chat) or room(duty, self.board.load(duty.staff), chat):
            raise Refused(why)

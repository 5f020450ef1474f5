"""Hands a person over to a human and back, within the person's own turn.

It carries out what the flows ask of the desk and tells what changed there. It decides nothing about
who answers (`bot.handoff` does) or what is said (flows do). A person's words pass through here for
one call, on their way to being sealed, and are kept nowhere.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from bot.channels.contract import Chat as Shown
from bot.channels.contract import TalkAsked, TalkTold
from bot.dialogue.effects import Errand
from bot.dialogue.events import Happened, Returned
from bot.handing_chat import chat_of, here, moved, place, receivers, who_answers
from bot.handing_page import Page
from bot.handing_words import LEFT_OUT, passed
from bot.handoff.again import by_door
from bot.handoff.model import ENDED, Asked, Chat, Refused, Severity
from bot.handoff.returning import Reached
from bot.hold import Hold, keep, opened
from bot.human import PUSHED, Human
from bot.no_desk import NOBODY
from bot.sealing import TooLong, generate
from bot.tasks import InTurn
from flows.grammar import HANDOFF_SLOT, TALKING

URGENCY: Final[Mapping[str, Severity]] = {"now": 2, "soon": 1}
MOST_NEED_SKILLS: Final = {"children": "child", "legal": "legal", "reparations": "legal"}
"""Needs that somebody may have learned to answer."""
FEEDBACK: Final = "felt"
"""The slot that holds the one tap after a talk."""
TAKEN: Final = {"sealed": "sealed", "nobody": "nobody"}


@dataclass(frozen=True, slots=True)
class Handing:
    """Does the errands of a chat with a human; see `bot.vocabulary.ERRANDS`."""

    human: Human
    page: Page
    errands: frozenset[str] = field(default=frozenset(NOBODY))

    # --- within a turn --------------------------------------------------------------------------

    def news(self, turn: InTurn) -> Happened | None:
        """The next change of the person's chat that they were not told of."""
        hold = opened(turn.carried)
        if hold is None:
            return None
        if hold.over:
            # They were told, and have seen the last lines on the same page.
            self._gone(turn, hold)
            return None
        chat = chat_of(self.human, turn, hold)
        if chat is None:
            turn.carried = b""
            if self.human.chats.of_person(turn.group, hold.chat) is not None:
                return Happened("elsewhere")
            return Happened("ended" if turn.slots.get(HANDOFF_SLOT) == TALKING else "lapsed")
        turn.waited = chat.met - chat.asked if chat.met else None
        if chat.state in ENDED:
            if chat.kind in PUSHED:
                self._gone(turn, hold)  # what was written is sent, or on its way in the outbox
            else:
                turn.carried = keep(Hold(hold.chat, chat.news, hold.door, over=True))
            return Happened("ended" if chat.met else "lapsed")
        self.human.chats.seen_by_person(turn.group, chat.id, turn.now)
        self._again(turn, hold)
        if chat.news <= hold.news or not chat.told:
            return None
        turn.carried = keep(Hold(hold.chat, chat.news, hold.door))
        return Happened(chat.told, self._values(chat, turn))

    def _again(self, turn: InTurn, hold: Hold) -> None:
        """What nobody could read is sealed anew for who is there, where the door sealed it."""
        chat = chat_of(self.human, turn, hold)
        if chat is not None and chat.mode == "door" and hold.door:
            readers = receivers(self.human, turn, chat)
            by_door(self.human.messages, turn.group, chat, hold.door, readers)

    def run(self, errand: Errand, turn: InTurn) -> Returned:
        """Does an errand."""
        does: Mapping[str, Callable[[InTurn], Returned]] = {
            "desk": self._desk,
            "ask_person": self._ask,
            "in_line": self._in_line,
            "new_code": self._new_code,
            "stop_waiting": lambda turn: self._leave(turn, "stopped"),
            "end_talk": lambda turn: self._leave(turn, "ended"),
            "transfer_yes": lambda turn: self._answer(turn, yes=True),
            "transfer_no": lambda turn: self._answer(turn, yes=False),
            "feedback": self._feedback,
        }
        return does[errand.name](turn)

    def take(self, kind: str, text: str, turn: InTurn) -> Returned:
        """Words for a `person`, or a word `code`."""
        return self._code(text, turn) if kind == "code" else self._say(text, turn)

    def forget(self, turn: InTurn) -> None:
        """The person erased everything: nothing is left of their chat either."""
        hold = opened(turn.carried)
        if hold is not None and chat_of(self.human, turn, hold) is not None:
            self.human.chats.leave(turn.group, hold.chat, "erased", turn.now)
        turn.carried = b""

    def chat(self, turn: InTurn) -> Shown | None:
        """What a page shows of the person's chat. Channels that push show nothing of it."""
        return self.page.chat(turn)

    def talk(self, turn: InTurn, asked: TalkAsked) -> TalkTold:
        """What a page that seals for itself asks and says."""
        return self.page.talk(turn, asked)

    def settle(self) -> None:
        """The group is on the disk."""
        self.human.settle()

    # --- errands --------------------------------------------------------------------------------

    def _desk(self, turn: InTurn) -> Returned:
        human = self.human
        duties = human.shifts.on_duty_for(turn.language, turn.group)
        if not duties and not human.opening.languages():
            return Returned("none")
        surged = human.surge.of(turn.language)
        state = human.opening.state_of(turn.language, turn.now, duties, surged)
        waits = human.counts.waits(turn.language)
        values: dict[str, tuple[str, ...]] = {
            "passed": passed(turn.slots, turn.language, turn.address.channel),
            "secrecy": (self._secrecy(turn),),
            "in_line": ("", str(waits.p50), str(waits.p90)) if waits else (),
            "opens": (state.opens,) if state.opens else (),
            "desk_message": (state.message,) if state.message else (),
        }
        return Returned(state.state, values)

    def _ask(self, turn: InTurn) -> Returned:
        hold = opened(turn.carried)
        chat = None if hold is None else chat_of(self.human, turn, hold)
        if chat is None or chat.state in ENDED:
            asked = self._desk(turn)
            if asked.outcome == "none":
                return asked
            # While a queue is paused, only who may be in danger can wait all the same.
            grave = "urgency" in turn.slots
            anyway = turn.slots.get("anyway") == "yes"
            if not grave and self._is_full():
                return Returned("closed", {**asked.values, "desk_message": ("many_waiting",)})
            if asked.outcome != "open" and not (anyway and (grave or asked.outcome == "closed")):
                return Returned("closed", asked.values)
            chat = self._new(turn)
        return Returned("waiting", self._values(chat, turn))

    def _is_full(self) -> bool:
        """Whether the line is so long that a flood may be the reason. Danger is let in anyway."""
        return len(self.human.board.picture.order) >= self.human.shifts.rules.most_waiting

    def _new(self, turn: InTurn) -> Chat:
        slots, pair = turn.slots, generate(1)
        told = {name: slots.get(name, "") for name in ("need", "place", "urgency")}
        for name in told:
            if slots.get(f"pass_{name}") == LEFT_OUT:
                told[name] = ""
        learned = MOST_NEED_SKILLS.get(told["need"])
        wished = slots.get("prefer")
        address, kind = here(turn)
        pushed = kind in PUSHED
        asked = Asked(
            language=turn.language,
            address=address,
            kind=kind,
            need=told["need"],
            place=told["place"],
            severity=URGENCY.get(told["urgency"], 0),
            skills=tuple(skill for skill in (wished, learned) if skill),
            public=pair.public,
            door=pair.private if pushed else b"",
        )
        chat = self.human.chats.ask(turn.group, asked, turn.now)
        turn.carried = keep(Hold(chat.id, chat.news, b"" if pushed else pair.private))
        return chat

    def _in_line(self, turn: InTurn) -> Returned:
        hold = opened(turn.carried)
        chat = None if hold is None else chat_of(self.human, turn, hold)
        if chat is None or chat.state in ENDED:
            turn.carried = b""
            return Returned("over")
        self.human.chats.told_in_turn(turn.group, chat.id, turn.now)
        state = "waiting" if chat.state == "waiting" else "talking"
        return Returned(state, self._values(chat, turn))

    def _new_code(self, turn: InTurn) -> Returned:
        hold = opened(turn.carried)
        chat = None if hold is None else chat_of(self.human, turn, hold)
        if chat is None or chat.state in ENDED:
            return Returned("none")
        words = self.human.codes.new(turn.group, chat, turn.language)
        return Returned("made", {"code": words, **self._values(chat, turn)})

    def _gone(self, turn: InTurn, hold: Hold) -> None:
        """Nothing of the chat is kept when the last of it was seen: nothing leads to it any more,
        so that who erases later could not reach it.
        """
        self.human.chats.leave(turn.group, hold.chat, "erased", turn.now)
        turn.carried = b""

    def _leave(self, turn: InTurn, outcome: str) -> Returned:
        hold = opened(turn.carried)
        if hold is not None and chat_of(self.human, turn, hold) is not None:
            self.human.chats.leave(turn.group, hold.chat, "erased", turn.now)
        turn.carried = b""
        return Returned(outcome)

    def _answer(self, turn: InTurn, *, yes: bool) -> Returned:
        hold = opened(turn.carried)
        if hold is not None and chat_of(self.human, turn, hold) is not None:
            human, group = self.human, turn.group
            chat = human.chats.answer_transfer(group, hold.chat, yes=yes, now=turn.now)
            if chat is not None and not yes:
                human.desk.parts.owned(group, chat)  # the colleague may have been given keys
        return Returned("done")

    def _feedback(self, turn: InTurn) -> Returned:
        felt = turn.slots.get(FEEDBACK)
        if felt:
            self.human.counts.count(turn.group, "feedback", felt)
        return Returned("counted")

    # --- words ----------------------------------------------------------------------------------

    def _say(self, text: str, turn: InTurn) -> Returned:
        hold = opened(turn.carried)
        chat = None if hold is None or hold.over else chat_of(self.human, turn, hold)
        if chat is None or chat.state in ENDED:
            turn.carried = b""
            return Returned("over")
        try:
            readers = receivers(self.human, turn, chat)
            self.human.messages.from_person(turn.group, chat, text, readers, turn.now)
        except TooLong:
            return Returned("long")
        except Refused as refused:
            return Returned(TAKEN.get(refused.code, "over"))
        return Returned("sent")

    def _code(self, text: str, turn: InTurn) -> Returned:
        found = self.human.codes.find(turn.group, text, place(turn))
        if found.outcome != "found" or found.chat is None:
            return Returned(found.outcome)
        before = opened(turn.carried)
        if before is not None and before.chat != found.chat.id:
            self._leave(turn, "stopped")  # one chat a person: the one of the words counts
        pair = generate(1)
        address, kind = here(turn)
        door = pair.private if kind in PUSHED else b""
        reached = Reached(address, kind, "door", 1, pair.public, door)
        try:
            chat = moved(self.human, turn, found.chat, reached)
        except Refused:
            return Returned("unknown")
        turn.carried = keep(Hold(chat.id, chat.news, b"" if door else pair.private))
        return Returned("found", self._values(chat, turn))

    # --- what they share ------------------------------------------------------------------------

    def _values(self, chat: Chat, turn: InTurn) -> dict[str, tuple[str, ...]]:
        """Whatever a text about this chat may need, so that it can be said again."""
        human = self.human
        who = who_answers(human, chat)
        values: dict[str, tuple[str, ...]] = {"who": (who,) if who else ()}
        if chat.state == "waiting":
            waits = human.counts.waits(chat.language)
            known = (str(waits.p50), str(waits.p90)) if waits else ("", "")
            surged = human.surge.of(chat.language)
            opens = ""
            there = human.shifts.on_duty_for(chat.language, turn.group)
            if not any(chat.language in duty.languages for duty in there):
                instant = human.opening.opens_next(chat.language, turn.now)
                opens = instant.isoformat() if instant else ""
            values["in_line"] = (str(human.board.place_of(chat)), *known)
            values["desk_message"] = (surged.message,) if surged and surged.message else ()
            values["opens"] = (opens,) if opens else ()
        return values

    def _secrecy(self, turn: InTurn) -> str:
        return turn.address.channel if turn.address.channel in PUSHED else "door"

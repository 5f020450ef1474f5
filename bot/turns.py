"""Groups of turns: alias, look up, open, hear, step, errands, word, seal, save; and back out.

This is the only module that holds a session in the clear while doing I/O. It decides nothing:
decisions are made in `bot.dialogue`. It runs in one thread, one group at a time, so a person's
turns keep their order and a group shares one durable commit. Replies are handed out only after
that commit (law 2).
"""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from msgspec.structs import replace as replace_session

from bot import report
from bot.channels.contract import Address, Incoming, Outgoing, Poked, TalkTold
from bot.counting import Counting
from bot.deciding import Decided, Deciding
from bot.dialogue.lexicon import Lexicon
from bot.dialogue.session import Session
from bot.dialogue.step import adopt, begin
from bot.footprints import Footprints
from bot.persons import Person, letter_row, open_session, session_row, short
from bot.reports.tally import Tally
from bot.storage import Group, Mark, Row, Store
from bot.tasks import Answer, Hands, InTurn, Look, Noted, RunErrand, RunWithin, Talk, Task, Wording
from bot.vault import Alias, Epoch, KeyRingError, Vault
from flows.table import Table

MOST_RECENT = 40
"""Deliveries of one person that are remembered, to know a second one of the same. After a crash
Telegram brings again all that was not confirmed: of one chat, as much as `telegram_lines` lets in.
"""


@dataclass(frozen=True, slots=True)
class Turns:
    """The whole turn, for many people at once."""

    table: Table
    lexicon: Lexicon
    wording: Wording
    vault: Vault
    epochs: Callable[[], tuple[Epoch, ...]]
    """The live epochs, today's first."""
    store: Store
    errands: Mapping[str, RunErrand]
    clock: Callable[[], float]
    """Seconds since 1970."""
    language: str = "en"
    """Spoken to those whose device names no language that we speak."""
    sent: deque[int] = field(default_factory=deque)
    """Outbox rows to take out with the next group. Any thread may add to it."""
    footprints: Footprints | None = None
    """Where the messages of channels that can delete them are noted."""
    look: Callable[[], None] = lambda: None  # sees what was stopped, before each group
    hands: Hands | None = None
    """Who hands people over to a human; None where nobody could answer."""
    tally: Tally | None = None
    """Counts each conversation once a week; None where nobody looks at counts."""
    within: Mapping[str, RunWithin] = field(default_factory=dict)
    """Errands that keep something in the transaction of the turn, by name."""

    def take(self, tasks: Sequence[Task]) -> list[Answer]:
        """One group, one transaction. Raises `StoreError` when nothing of it was saved."""
        self.look()  # never raises
        sent = [self.sent.popleft() for _ in range(len(self.sent))]
        try:
            with self.store.group(self.epochs()[0]) as group:
                work = _Work(self, group, datetime.fromtimestamp(self.clock(), UTC))
                work.open([task for task in tasks if not isinstance(task, Noted)])
                answers = [Answer(None) if isinstance(t, Noted) else work.any(t) for t in tasks]
                boxes = work.close(sent)
                if self.footprints is not None:
                    notes = [task for task in tasks if isinstance(task, Noted)]
                    self.footprints.write(group, notes, work.leaving)
        except BaseException:
            self.sent.extendleft(reversed(sent))  # still there: a commit may fail as well
            raise
        if self.hands is not None:
            self.hands.settle()
        return [
            answer if answer.box is None else Answer(answer.outgoing, box=boxes[answer.box])
            for answer in answers
        ]


class _Work:
    """One group while it is under way."""

    def __init__(self, parts: Turns, group: Group, at: datetime) -> None:
        self._parts, self._group, self._at = parts, group, at
        self._deciding = Deciding(
            parts.table, parts.lexicon, parts.errands, parts.hands, parts.within
        )
        self._epochs = parts.epochs()
        self._people: dict[Address, Person] = {}
        self._seen: set[bytes] = set()
        self._letters: list[tuple[Person, Decided]] = []
        self._counting = Counting(parts.tally, group)

    def open(self, tasks: Sequence[Incoming | Look | Talk]) -> None:
        """Find everyone in the group, under today's alias or an older one."""
        for address in {task.address for task in tasks}:
            self._people[address] = Person(address, self._alias(self._epochs[0], address))
        rows = self._group.load([person.alias for person in self._people.values()])
        older: dict[bytes, Person] = {}
        for person in self._people.values():
            person.row = rows.get(person.alias)
            if person.row is None:
                for epoch in self._epochs[1:]:
                    older[self._alias(epoch, person.address)] = person
        if older:
            for known, row in self._group.load(list(older)).items():
                older[known].row = row
        # Opened together and sealed together (see `close`): what the processor has at hand for one
        # it has at hand for all, which saves a tenth of a turn.
        for person in self._people.values():
            open_session(self._parts.vault, person)
        self._look_for_marks(tasks)

    def _look_for_marks(self, tasks: Sequence[Incoming | Look | Talk]) -> None:
        """Deliveries taken from people of whom nothing is kept any more; others keep their own."""
        marks = [
            mark
            for task in tasks
            if isinstance(task, Incoming) and task.once and self._people[task.address].row is None
            for mark in self._marks(task.address, short(task.once))
        ]
        if marks:
            self._seen = self._group.seen(marks)

    def _alias(self, epoch: Epoch, address: Address) -> Alias:
        return self._parts.vault.alias(epoch, address.channel, address.bot, address.person)

    def _marks(self, address: Address, delivery: bytes) -> list[bytes]:
        """Today's mark of a delivery, then yesterday's, for one that came before midnight."""
        return [self._mark(epoch, address, delivery) for epoch in self._epochs[:2]]

    def _mark(self, epoch: Epoch, address: Address, delivery: bytes) -> bytes:
        # The person is part of its name: on a web page everybody's first answer is the same.
        name = f"{address.person.hex()}:{delivery.hex()}"
        return self._parts.vault.mark(epoch, address.channel, address.bot, name)

    def any(self, task: Incoming | Look | Talk) -> Answer:
        """One task, in memory."""
        return self._talk(task) if isinstance(task, Talk) else self._one(task)

    def _one(self, task: Incoming | Look) -> Answer:
        person = self._people[task.address]
        try:
            if isinstance(task, Look):
                session, _ = self._session(person, task.language)
                turn = self._in_turn(person, session)
                # Told here and kept with the next turn: a look changes nothing of the session.
                session, _ = self._deciding.news(session, turn, self._at)
                return Answer(self._word(session, turn))
            if person.session is None and isinstance(task.heard, Poked):
                return Answer(None)  # they left before the news came: nothing of them is kept anew
            delivery = short(task.once) if task.once else b""
            if delivery and self._taken_before(person, delivery):
                return Answer(None)
            turn = self._in_turn(person, person.session)
            done = self._turn(person, task, turn)
            session, forgotten = done.session, done.forgotten
            if forgotten and self._parts.hands is not None:
                self._parts.hands.forget(turn)
            outgoing = self._word(session, turn, forgotten=forgotten)
            session = self._counting.counted(session, turn)
        except KeyRingError:
            raise  # nothing can be opened or sealed: nobody in this group may hear that they were
        except Exception as error:  # noqa: BLE001 - one turn's fault must not undo the others'
            report.alarm("turn_failed", error)
            return Answer(self._parts.wording.emergency(task.language))
        if delivery:
            person.taken = (*person.taken[1 - MOST_RECENT :], delivery)
        person.session, person.changed = (None if forgotten else session), True
        if not task.push:
            return Answer(outgoing)
        if done.silent:
            return Answer(None)
        self._letters.append((person, done._replace(session=session)))
        return Answer(outgoing, box=len(self._letters) - 1)

    @property
    def leaving(self) -> list[Address]:
        """Those whose messages are to be deleted as well, where that is possible."""
        return [person.address for person, done in self._letters if done.forgotten]

    def _taken_before(self, person: Person, delivery: bytes) -> bool:
        if delivery in person.taken:
            return True
        return bool(self._seen) and not self._seen.isdisjoint(self._marks(person.address, delivery))

    def _talk(self, task: Talk) -> Answer:
        """What a page that seals for itself asks. Nothing of it touches the dialogue."""
        person, hands = self._people[task.address], self._parts.hands
        if person.session is None or hands is None:
            return Answer(None, told=TalkTold("none"))
        turn = self._in_turn(person, person.session)
        try:
            told = hands.talk(turn, task.asked)
        except KeyRingError:
            raise
        except Exception as error:  # noqa: BLE001 - as above
            report.alarm("talk_failed", error)
            return Answer(None)
        if turn.carried != person.session.carried:
            person.session = replace_session(person.session, carried=turn.carried)
            person.changed = True
        return Answer(None, told=told)

    def _turn(self, person: Person, task: Incoming, turn: InTurn) -> Decided:
        """What the dialogue makes of it, errands included; and whether all is to be forgotten."""
        session, moved = self._session(person, task.language)
        turn.language = session.language
        return self._deciding.decide(session, task.heard, turn, self._at, moved=moved)

    def _in_turn(self, person: Person, session: Session | None) -> InTurn:
        carried = session.carried if session else b""
        language = session.language if session else self._parts.language
        return InTurn(self._group, person.address, self._at.timestamp(), language, carried)

    def _word(self, session: Session, turn: InTurn, *, forgotten: bool = False) -> Outgoing:
        worded = self._parts.wording.word(session, session.said, self._at, forgotten=forgotten)
        if forgotten or self._parts.hands is None or not turn.carried:
            return worded
        turn.slots, turn.language = session.slots, session.language
        turn.takes = self._parts.table.script.steps[session.state].takes == "person"
        chat = self._parts.hands.chat(turn)
        return worded if chat is None else replace(worded, chat=chat, live=True)

    def _session(self, person: Person, language: str) -> tuple[Session, bool]:
        """The person's session on the present script; a new one for someone unknown."""
        script = self._parts.table.script
        if person.session is None:
            spoken = language if language in script.options["languages"] else self._parts.language
            return begin(self._parts.table, spoken), False
        return adopt(script, person.session)

    def close(self, sent: Sequence[int]) -> tuple[int, ...]:
        """Seal and write what changed. Returns the ids of the outbox rows, in order."""
        vault, today = self._parts.vault, self._epochs[0]
        rows: list[Row] = []
        forget: list[bytes] = []
        moved: list[bytes] = []
        marks: set[bytes] = set()
        for person in self._people.values():
            if not person.changed:
                continue
            older = person.row.alias if person.row and person.row.alias != person.alias else None
            if person.session is None:
                # Under older names a reply may wait still, or lie what a backup brought back.
                forget += [self._alias(epoch, person.address) for epoch in self._epochs]
                marks.update(self._mark(today, person.address, taken) for taken in person.taken)
                continue
            if older:
                moved.append(older)
            rows.append(session_row(vault, person, person.session, today))
        self._counting.close()
        kept = [Mark(mark, today) for mark in marks - self._group.seen(marks)] if marks else []
        numbers = self._group.numbers(len(self._letters))
        boxes = [
            letter_row(vault, *letter, today, number)
            for number, letter in zip(numbers, self._letters, strict=True)
        ]
        return self._group.save(
            rows, forget=forget, moved=moved, marks=kept, outbox=boxes, numbers=numbers, sent=sent
        )

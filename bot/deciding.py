"""One turn of one person, in memory: what is heard, what the dialogue makes of it, and the errands
on the way.

It decides nothing itself. What changed at the desk is told first, so that nobody answers a screen
that is not true any more; then what the person did is heard; then errands are run until the person
has the word.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, assert_never

from msgspec.structs import replace

from bot.channels.contract import Heard, Opened, Poked, Pressed, Sent, Words
from bot.dialogue.effects import Errand, Forget
from bot.dialogue.events import (
    Arrived,
    Asked,
    ChoseLanguage,
    Event,
    Meant,
    Returned,
    Taken,
    Unclear,
)
from bot.dialogue.hear import URGENT, hear_button, hear_media, hear_words
from bot.dialogue.lexicon import Lexicon
from bot.dialogue.session import Session
from bot.dialogue.step import Turn, step
from bot.tasks import Hands, InTurn, RunErrand, RunWithin
from flows.grammar import Script
from flows.table import Table

CALM = ("need", "place", "menu")
"""What free text may mean besides a crisis."""
MOST_ERRANDS = 4
"""Errands in one turn; a script that needs more has lost its way."""


class Decided(NamedTuple):
    """What became of a turn."""

    session: Session
    forgotten: bool
    """Whether all is to be erased."""
    silent: bool = False
    """Nothing new is said: words went to a human, or nothing had happened."""
    urgent: bool = False
    """Whether a cry for help now is answered, or a wish to leave."""


@dataclass(frozen=True, slots=True)
class Deciding:
    """The parts that a turn calls on."""

    table: Table
    lexicon: Lexicon
    errands: Mapping[str, RunErrand]
    hands: Hands | None
    within: Mapping[str, RunWithin] = field(default_factory=dict)
    """Errands that keep something in the transaction of the turn, by name."""

    def decide(
        self, session: Session, heard: Heard, turn: InTurn, at: datetime, *, moved: bool
    ) -> Decided:
        """One input. `moved`: the script was renewed and the person's step with it."""
        session, told = self.news(session, turn, at)
        if isinstance(heard, Poked):
            return Decided(session, forgotten=False, silent=not told)
        event = _hear(self.table.script, self.lexicon, session, heard)
        if told and event == Unclear("stale"):
            # The button was true a moment ago. What is true now is said already.
            return Decided(session, forgotten=False)
        if moved and not isinstance(event, Arrived | Asked | ChoseLanguage | Taken):
            event = Unclear("moved")
        urgent = _is_urgent(event)
        taken = isinstance(event, Taken)
        if isinstance(event, Taken):
            event = self._handed(event, session, heard, turn)
            session = self._carried(session, turn)
        before = session
        done = self._steps(session, event, turn, at)
        # Words that went to a human are answered by a human: the screen stays as it was.
        silent = taken and not told and not done.replies
        session = done.session
        if told and session.position != before.position:
            told = ()  # the person went on to somewhere else in the same breath
        if told:
            said = (*told, *(name for name in done.replies if name not in told))
            session = replace(session, said=said)
        return Decided(session, Forget() in done.effects, silent=silent, urgent=urgent)

    def news(self, session: Session, turn: InTurn, at: datetime) -> tuple[Session, tuple[str, ...]]:
        """The session after all that changed at the desk, and what is said of it."""
        if self.hands is None or not session.carried:
            return session, ()
        turn.slots, turn.language = session.slots, session.language
        happened = self.hands.news(turn)
        session = self._carried(session, turn)
        if happened is None:
            return session, ()
        done = self._steps(session, happened, turn, at)
        return done.session, done.replies

    def _steps(self, session: Session, event: Event, turn: InTurn, at: datetime) -> Turn:
        done = step(self.table, session, event)
        for _ in range(MOST_ERRANDS):
            errand = done.effects[0] if done.effects else None
            if not isinstance(errand, Errand):
                break
            returned = self._run(errand, done.session, turn, at)
            turn.did.append(f"{errand.name}:{returned.outcome}")
            done = step(self.table, self._carried(done.session, turn), returned)
        return done

    def _run(self, errand: Errand, session: Session, turn: InTurn, at: datetime) -> Returned:
        if self.hands is not None and errand.name in self.hands.errands:
            turn.slots, turn.language = session.slots, session.language
            return self.hands.run(errand, turn)
        if errand.name in self.within:
            return self.within[errand.name](errand, turn)
        return self.errands[errand.name](errand, at)

    def _handed(self, event: Taken, session: Session, heard: Heard, turn: InTurn) -> Returned:
        """What became of words that are not for the dialogue. They go no further than this."""
        turn.slots, turn.language = session.slots, session.language
        text = heard.text if isinstance(heard, Words) else ""
        if self.hands is None:
            return Returned("over" if event.kind == "person" else "unknown")
        return self.hands.take(event.kind, text, turn)

    @staticmethod
    def _carried(session: Session, turn: InTurn) -> Session:
        return (
            session if session.carried == turn.carried else replace(session, carried=turn.carried)
        )


def _is_urgent(event: Event) -> bool:
    """Help now, leaving, and every crisis that free text tells of."""
    if isinstance(event, Asked):
        return event.command in URGENT
    return isinstance(event, Meant) and event.sense not in CALM


def _hear(script: Script, lexicon: Lexicon, session: Session, heard: Heard) -> Event:
    match heard:
        case Opened():
            return Arrived(session.language)
        case Words(text):
            return hear_words(script, lexicon, session, text)
        case Pressed(key, mark):
            return hear_button(script, session, key, mark)
        case Sent(kind):
            return hear_media(kind)
        case Poked():
            return Unclear("unclear")
        case _:
            assert_never(heard)

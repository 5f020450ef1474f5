"""One conversation with the real dialogue and the real words, for conversation tests of flows.

No store and no vault: errands are brought back by whoever writes the test. It decides nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from bot.channels.contract import Outgoing
from bot.dialogue.effects import Forget
from bot.dialogue.events import Event, Happened, Returned, Taken
from bot.dialogue.hear import hear_button, hear_media, hear_words
from bot.dialogue.lexicon import Lexicon
from bot.dialogue.offers import VALUE, offers
from bot.dialogue.session import Session
from bot.dialogue.step import Turn, begin, step
from bot.wording import Words
from flows.grammar import TAKEN
from flows.table import Table

NOON = datetime(2026, 1, 15, 10, tzinfo=UTC)
"""The instant of a conversation that names none: a weekday, at noon in Ukraine."""


class Player:
    """Talks as a person would, on a table that somebody may watch. See `flows.conversations`."""

    def __init__(
        self, table: Table, lexicon: Lexicon, wording: Words, language: str, now: datetime | None
    ) -> None:
        self._table, self._lexicon, self._wording = table, lexicon, wording
        self._at = now or NOON
        session = begin(table, language)
        self._turn = Turn(session, session.said)
        self._taken = ""
        """The kind of text that waits for what becomes of it: `returned` says so."""

    @property
    def _session(self) -> Session:
        return self._turn.session

    def _hear(self, event: Event) -> None:
        self._taken = event.kind if isinstance(event, Taken) else ""
        self._turn = step(self._table, self._session, event)

    def words(self, text: str) -> None:
        """The person typed this."""
        self._hear(hear_words(self._table.script, self._lexicon, self._session, text))

    def choose(self, key: str) -> None:
        """The person pressed this choice of the present step."""
        self._hear(hear_button(self._table.script, self._session, key, self._session.mark))

    def pick(self, value: str) -> None:
        """The person picked this from the list, or from what was found."""
        self.choose(VALUE + value)

    def returned(self, outcome: str, values: Mapping[str, tuple[str, ...]]) -> None:
        """The errand that is due came back, or the text that was handed over. Raises `LookupError`
        when none is, or not this way.
        """
        here = self._table.script.steps[self.state]
        if self._taken:
            if outcome not in TAKEN[self._taken]:
                raise LookupError(f"text for a {self._taken} never comes back with '{outcome}'")
        elif here.call is None or outcome not in here.call.outcomes:
            raise LookupError(f"{self.state} waits for no errand that returns '{outcome}'")
        self._hear(Returned(outcome, values))

    def happened(self, news: str, values: Mapping[str, tuple[str, ...]]) -> None:
        """Something changed at the desk. Raises `LookupError` when nobody is told of it."""
        if news not in self._table.script.news:
            raise LookupError(f"no step tells of '{news}'")
        self._hear(Happened(news, values))

    def press_stale(self) -> None:
        """The person pressed a button of an earlier message."""
        self._hear(hear_button(self._table.script, self._session, "anything", "old"))

    def send(self, kind: str) -> None:
        """The person sent something that is not text."""
        self._hear(hear_media(kind))

    @property
    def state(self) -> str:
        """Where the person is now: `flow/step`."""
        return self._session.state

    @property
    def slots(self) -> Mapping[str, str]:
        """What is remembered; nothing once all was erased."""
        return {} if self.ended else self._session.slots

    @property
    def choices(self) -> Sequence[str]:
        """The keys of the choices that are shown, in order."""
        shown = offers(self._table.script, self._session)
        return [offer.key for offer in shown if offer.kind == "choice"]

    @property
    def said(self) -> str:
        """Everything that was said in the last turn, in the person's language."""
        outgoing = self._wording.word(self._session, self._turn.replies, self._at)
        return said_in(outgoing)

    @property
    def note(self) -> str:
        """The name of the note said in the last turn; empty when there was none."""
        notes = [name[1:] for name in self._turn.replies if name.startswith("#")]
        return notes[0] if notes else ""

    @property
    def ended(self) -> bool:
        """Whether the last turn erased everything."""
        return Forget() in self._turn.effects


def said_in(outgoing: Outgoing) -> str:
    """All the words of an answer, without its buttons."""
    return "\n".join(line.text for block in outgoing.blocks for line in block.lines)


MakePlayer = Callable[[Table, str, datetime | None], Player]

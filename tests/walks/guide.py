"""The real script, words and directory without a store: what a person would see, step by step."""

from datetime import UTC, datetime
from functools import cache

from msgspec.structs import replace

from bot.app import LIBRARY, LOCALES, make_wording, vocabulary_of
from bot.atlas import Atlas, read_atlas
from bot.channels.contract import Outgoing
from bot.dialogue.effects import Errand, Forget
from bot.dialogue.events import Event, Returned
from bot.dialogue.hear import hear_button, hear_media, hear_words
from bot.dialogue.lexicon import Lexicon
from bot.dialogue.session import Session, pack, unpack
from bot.dialogue.step import Turn, begin, step
from bot.errands import errands
from bot.speech import Speech, read_lexicon, read_speech
from bot.wording import Words
from flows.grammar import SHOWN_ONCE
from flows.reader import read_script
from flows.table import Table
from referral_directory import Directory, Live

NIGHT = datetime(2026, 11, 22, 21, 10, tzinfo=UTC)
"""23:10 in Ukraine, on a Sunday."""
LARGEST = 4_096 - 4
"""Bytes of a session that must do: two sizes below the largest that the vault takes."""

SLIPS = {
    "slip_for": Returned("yes"),
    "make_slip": Returned("made", {SHOWN_ONCE: ("cotton", "garden", "mirror", "pencil", "violet")}),
}
"""Words to take along to a service, which are made within a turn, in the store."""


@cache
def atlas() -> Atlas:
    return read_atlas()


@cache
def directory() -> Directory:
    return atlas().served


@cache
def live() -> Live:
    return directory().serving(None)


@cache
def speech() -> Speech:
    return read_speech(LOCALES)


@cache
def table() -> Table:
    return Table(read_script(LIBRARY, vocabulary_of(atlas(), speech())))


@cache
def lexicon() -> Lexicon:
    return read_lexicon(table().script, directory(), speech())


@cache
def wording() -> Words:
    return make_wording(table().script, directory(), speech(), live, NIGHT)


class Guide:
    """One conversation. Its session is packed and unpacked at every turn, as in the service."""

    def __init__(self, language: str, at: datetime = NIGHT) -> None:
        self.at = at
        session = begin(table(), language)
        self.turn = Turn(session, session.said)
        self.forgotten = False

    @property
    def session(self) -> Session:
        return self.turn.session

    def words(self, text: str) -> Outgoing:
        return self.hear(hear_words(table().script, lexicon(), self.session, text))

    def press(self, key: str, mark: str | None = None) -> Outgoing:
        mark = self.session.mark if mark is None else mark
        return self.hear(hear_button(table().script, self.session, key, mark))

    def send(self, kind: str) -> Outgoing:
        return self.hear(hear_media(kind))

    def hear(self, event: Event) -> Outgoing:
        turn = step(table(), self.session, event)
        while turn.effects and isinstance(turn.effects[0], Errand):
            errand = turn.effects[0]
            answer = SLIPS.get(errand.name) or errands(live)[errand.name](errand, self.at)
            turn = step(table(), turn.session, answer)
        self.forgotten = Forget() in turn.effects
        packed = pack(turn.session)
        assert len(packed) <= LARGEST
        self.turn = turn._replace(session=unpack(packed))
        shown = self.look()
        if self.forgotten:
            session = begin(table(), self.session.language)
            self.turn = Turn(replace(session, turn=0), session.said)
        return shown

    def look(self) -> Outgoing:
        return wording().word(self.session, self.turn.replies, self.at, forgotten=self.forgotten)


def text_of(outgoing: Outgoing) -> str:
    """All the words of an answer."""
    return "\n".join(line.text for block in outgoing.blocks for line in block.lines)

"""One turn of a conversation, as a function.

    step(table, session, event) -> Turn(session, replies, effects)

Every rule about how a conversation moves lives here and in `places`; the rest of `bot` carries its
decisions out. The ways of a script are in the compiled table. What the table cannot hold is
decided here and confessed: the way back (it depends on where the person was), the return from a
sub-flow or an aside, the language, and news of a chat with a human, which lead to the same state
from everywhere.
"""

from collections.abc import Mapping
from typing import NamedTuple, assert_never

from msgspec.structs import replace

from bot.dialogue.adopting import adopt
from bot.dialogue.effects import Effect, Errand, Forget
from bot.dialogue.events import (
    Arrived,
    Asked,
    Chose,
    ChoseLanguage,
    Event,
    Happened,
    Meant,
    Picked,
    Returned,
    Taken,
    Unclear,
)
from bot.dialogue.places import (
    MOST_TRAIL,
    choice_of,
    filled,
    in_aside,
    laid_on,
    landing,
    leaves_aside,
    onward,
    out_of_aside,
    position_of,
    put_away,
    trail_of,
)
from bot.dialogue.session import Session
from flows.grammar import HANDOFF_SLOT, OUTLASTING, TALKING, Position, Script, Sense, Step, Way
from flows.table import HEARD, Table

__all__ = ["MOST_PASSED", "MOST_TRAIL", "EndlessPass", "NoWayOn", "Turn", "adopt", "begin", "step"]

MOST_PASSED = 32
"""Steps passed through in one turn. Lint refuses loops; this keeps a missed one from hanging."""
LANGUAGE_SLOT = "language"
"""An `ask` that fills this slot switches the language instead."""
SENT, OVER, ENDED = "sent", "over", "ended"
TAKEN_NOTES = {"nobody": "nobody", "long": "long_for_person", "sealed": "sealed"}
"""What became of text for a person → the note that says so."""


Done = Arrived | Chose | Picked | Asked | ChoseLanguage | Meant | Unclear
"""What a person does, besides writing what is not for us."""


class NoWayOn(Exception):
    """A step has no way on, for an errand's word or at all. Our fault, never the person's."""


class EndlessPass(Exception):
    """Steps lead on for ever without the person having a word. A fault of the script that lint
    finds.
    """


class Turn(NamedTuple):
    """What a turn decided. After a `Forget` effect the session is only there to word the reply."""

    session: Session
    replies: tuple[str, ...]
    """States and notes (`#unclear`) to say, in order."""
    effects: tuple[Effect, ...] = ()


def begin(table: Table, language: str) -> Session:
    """The session of a person of whom nothing is known, as far as it goes without them.

    It is kept only once they act. An errand on the way is left for the first turn.
    """
    start = (table.script.start,)
    unknown = Session(table.script.version, language, start)
    return _land(table, unknown, start).session


def step(table: Table, session: Session, event: Event) -> Turn:
    """Decide one event. Pure: the same arguments give the same turn."""
    match event:
        case Returned(outcome, values):
            return _returned(table, session, outcome, values)
        case Happened(news, values):
            return _happened(table, session, news, values)
        case Taken():
            # Nothing is decided by text that is not ours; `Returned` says what became of it.
            return Turn(session, ())
    return _answer(table, replace(session, turn=session.turn + 1), event)


def _answer(table: Table, session: Session, event: Done) -> Turn:
    """What the person did themselves. It is a turn of theirs: older buttons are old now."""
    script = table.script
    here = script.steps[session.state]
    match event:
        case Arrived():
            # Who talks with a human and says hello is still talking with them.
            kept = {name: v for name, v in session.slots.items() if name in OUTLASTING}
            fresh = replace(session, slots=kept, values={}, trail=(), misses=0)
            return _land(table, fresh, (script.start,))
        case Chose(key):
            choice = choice_of(here, key, session.slots)
            way = table.way(here.name, f"choose.{key}", session.slots) if choice else None
            if choice is None or way is None:
                return _say_again(script, session, "#stale")
            return _forward(table, replace(session, slots=filled(session, choice.sets)), way)
        case Picked(value):
            return _pick(table, session, here, value)
        case Asked("back"):
            return _back(table, session)
        case Asked(command):
            way = table.way(here.name, command, session.slots)
            if way is None or way.to == here.name:
                return _say_again(script, session)
            return _forward(table, session, way)
        case ChoseLanguage(language):
            spoken = replace(session, language=language, misses=0)
            if here.ask is not None and here.ask.slot == LANGUAGE_SLOT:
                return _back(table, spoken)
            return _say_again(script, spoken)
        case Meant(sense, told):
            return _meant(table, session, sense, told)
        case Unclear(why):
            return _unclear(script, session, why)
        case _:
            assert_never(event)


def _returned(
    table: Table, session: Session, outcome: str, values: Mapping[str, tuple[str, ...]]
) -> Turn:
    """An errand came back, or text that was handed over."""
    script = table.script
    here = script.steps[session.state]
    if here.call is None:
        return _handed_over(table, session, outcome, values)
    way = _sure_way(table, here, f"outcome.{outcome}", session.slots)
    brought = replace(session, values={**session.values, **values})
    brought, there = onward(script, brought, here, session.position, way)
    return _arrive(table, brought, there, session.said)


def _sure_way(table: Table, here: Step, trigger: str, slots: Mapping[str, str]) -> Way:
    way = table.way(here.name, trigger, slots)
    if way is None:
        raise NoWayOn(f"{here.name} has no way on from '{trigger}'")
    return way


def _pick(table: Table, session: Session, here: Step, value: str) -> Turn:
    script = table.script
    if here.ask is not None and value in script.options[here.ask.options]:
        if here.ask.slot == LANGUAGE_SLOT:
            return _back(table, replace(session, language=value, misses=0))
        slot, trigger = here.ask.slot, "pick"
    elif here.each is not None and value in session.values.get(here.each.value, ()):
        slot, trigger = here.each.slot, "each"
    else:
        return _say_again(script, session, "#stale")
    way = _sure_way(table, here, trigger, session.slots)
    return _forward(table, replace(session, slots={**session.slots, slot: value}), way)


def _meant(table: Table, session: Session, sense: Sense, told: Mapping[str, str]) -> Turn:
    """What free text was understood to mean. The way back leads to where it was written."""
    way = table.way(session.state, HEARD + sense, session.slots)
    if way is None:
        return _unclear(table.script, session, "unclear")
    return _forward(table, replace(session, slots={**session.slots, **told}), way)


def _forward(table: Table, session: Session, way: Way) -> Turn:
    """A step taken by the person: where they were is put on the way back."""
    script = table.script
    here = script.steps[session.state]
    there = position_of(script, here, session.position, way)
    moved = replace(session, misses=0)
    if leaves_aside(script, here, way):
        moved, there = out_of_aside(script, moved, there)
        return _arrive(table, moved, there, ())
    return _step_on(table, moved, there)


def _happened(
    table: Table, session: Session, news: str, values: Mapping[str, tuple[str, ...]]
) -> Turn:
    """The person is told of their chat. A button of the screen that was there is an old one now."""
    script = table.script
    to = script.news.get(news)
    if to is None:
        return Turn(session, ())
    there = laid_on(script, session.position, to)
    told = replace(session, values={**session.values, **values}, turn=session.turn + 1)
    return _step_on(table, told, there)


def _handed_over(
    table: Table, session: Session, outcome: str, values: Mapping[str, tuple[str, ...]]
) -> Turn:
    """What became of text that was not for the dialogue. Sent is sent: nothing is said."""
    script = table.script
    brought = replace(session, values={**session.values, **values}, misses=0)
    way = table.way(session.state, f"outcome.{outcome}", session.slots)
    if way is not None:
        return _forward(table, replace(brought, turn=session.turn + 1), way)
    if outcome == SENT:
        return Turn(brought, ())
    if outcome == OVER and ENDED in script.news:
        return _happened(table, session, ENDED, values)
    note = TAKEN_NOTES.get(outcome)
    if note is None:
        raise NoWayOn(f"{session.state} has no way on from text that was '{outcome}'")
    # The note alone: what it says is news to the person, the rest of the screen is not.
    said = (f"#{note if note in script.notes else 'unclear'}",)
    return Turn(replace(brought, said=said), said)


def _back(table: Table, session: Session) -> Turn:
    if not session.trail:
        return _land(table, replace(session, misses=0), (table.script.start,))
    there = session.trail[-1]
    return _land(table, replace(session, trail=session.trail[:-1], misses=0), there)


def _step_on(table: Table, session: Session, there: Position) -> Turn:
    """Go on to there, with where the person was on the way back. Steps within an aside are none on
    it; who was led into one in passing stays landed where that began.
    """
    script = table.script
    if not (in_aside(script, session.position) and in_aside(script, there)):
        return _land(table, replace(session, trail=trail_of(session)), there)
    if in_aside(script, session.landed):
        return _land(table, session, there)
    return _arrive(table, session, there, ())


def _land(table: Table, session: Session, there: Position) -> Turn:
    return _arrive(table, replace(session, landed=landing(table.script, there)), there, ())


def _arrive(table: Table, session: Session, there: Position, said: tuple[str, ...]) -> Turn:
    """Enter a step, fill what it fills, and pass on from it until the person has the word, an
    errand is due or all is forgotten.
    """
    for _ in range(MOST_PASSED):
        here = table.script.steps[there[0]]
        if here.sets:
            session = replace(session, slots=filled(session, here.sets))
        if here.say or here.shows:
            said = (*said, here.name)
        arrived = put_away(table.script, replace(session, position=there, said=said))
        if here.forgets:
            return Turn(arrived, said, (Forget(),))
        if here.waits:
            return Turn(arrived, said)
        if here.call is not None:
            errand = Errand(here.call.errand, session.slots, session.language)
            return Turn(arrived, said, (errand,))
        way = _sure_way(table, here, "pass", session.slots)
        session, there = onward(table.script, session, here, there, way)
    raise EndlessPass(f"{there[0]} is passed through for ever")


def _unclear(script: Script, session: Session, why: str) -> Turn:
    talking = session.slots.get(HANDOFF_SLOT) == TALKING
    if why == "media" and talking and "media_for_person" in script.notes:
        return _say_again(script, session, "#media_for_person")
    if why != "unclear":
        return _say_again(script, session, f"#{why}")
    note = "#unclear" if session.misses == 0 else "#again"
    return _say_again(script, replace(session, misses=session.misses + 1), note)


def _say_again(script: Script, session: Session, note: str = "") -> Turn:
    """The present step once more, after a kind note; an errand that was under way is done again."""
    prompts = tuple(name for name in session.said if not name.startswith("#"))
    prompts = prompts or session.position[:1]  # a note was all that was said
    said = (note, *prompts) if note else prompts
    here = script.steps[session.state]
    effects: tuple[Effect, ...] = ()
    if here.call is not None:
        effects = (Errand(here.call.errand, session.slots, session.language),)
    return Turn(replace(session, said=said), said, effects)

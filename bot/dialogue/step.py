"""One turn of a conversation, as a function.

    step(table, session, event) -> Turn(session, replies, effects)

Every rule about how a conversation moves lives in this file; the rest of `bot` carries its
decisions out. The ways of a script are in the compiled table. What the table cannot hold is
decided here and confessed: the way back (it depends on where the person was), the return from a
sub-flow, and the language.
"""

from collections.abc import Mapping
from typing import NamedTuple, assert_never

from msgspec.structs import replace

from bot.dialogue.effects import Effect, Errand, Forget
from bot.dialogue.events import (
    Arrived,
    Asked,
    Chose,
    ChoseLanguage,
    Event,
    Meant,
    Picked,
    Returned,
    Unclear,
)
from bot.dialogue.session import Session
from flows.grammar import RETURN, Choice, Position, Script, Sense, Step, Way
from flows.table import HEARD, Table

MOST_TRAIL = 12
"""Steps back that are remembered; more would let a session outgrow its smallest sealed size."""
MOST_PASSED = 32
"""Steps passed through in one turn. Lint refuses loops; this keeps a missed one from hanging."""
LANGUAGE_SLOT = "language"
"""An `ask` that fills this slot switches the language instead."""

NEED_SLOT, HEARD_SLOT = "need", "heard"
"""A need that is chosen takes the place of one that was understood; then there is no guess left
to correct.
"""


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


def adopt(script: Script, session: Session) -> tuple[Session, bool]:
    """The session on the present script, and whether the person had to be moved.

    Same id, then `renamed_from`, then the newest checkpoint on the way here, then the start (law
    7).
    """
    if session.script == script.version:
        return session, False
    trail = tuple(found for old in session.trail if (found := _resolve(script, old)))
    here = _resolve(script, session.position)
    landed = _resolve(script, session.landed)
    slots = {name: value for name, value in session.slots.items() if _declared(script, name)}
    kept = replace(session, script=script.version, trail=trail, slots=slots)
    if here and landed:
        said = tuple(name for old in session.said if (name := _still_said(script, old)))
        return replace(kept, position=here, landed=landed, said=said or here[:1]), False
    while trail and not script.steps[trail[-1][0]].checkpoint:
        trail = trail[:-1]
    there = trail[-1] if trail else (script.start,)
    moved = replace(kept, position=there, landed=there, trail=trail[:-1], said=there[:1])
    return moved, True


def step(table: Table, session: Session, event: Event) -> Turn:
    """Decide one event. Pure: the same arguments give the same turn."""
    script = table.script
    if not isinstance(event, Returned):
        session = replace(session, turn=session.turn + 1)
    here = script.steps[session.state]
    match event:
        case Arrived():
            fresh = replace(session, slots={}, values={}, trail=(), misses=0)
            return _land(table, fresh, (script.start,))
        case Chose(key):
            choice = _choice(here, key, session.slots)
            way = table.way(here.name, f"choose.{key}", session.slots) if choice else None
            if choice is None or way is None:
                return _say_again(script, session, "#stale")
            return _forward(table, replace(session, slots=_set(session, choice.sets)), way)
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
        case Returned(outcome, values):
            way = _sure_way(table, here, f"outcome.{outcome}", session.slots)
            brought = replace(session, values={**session.values, **values})
            return _arrive(table, brought, _position(here, session.position, way), session.said)
        case _:
            assert_never(event)


def _sure_way(table: Table, here: Step, trigger: str, slots: Mapping[str, str]) -> Way:
    way = table.way(here.name, trigger, slots)
    if way is None:
        raise NoWayOn(f"{here.name} has no way on from '{trigger}'")
    return way


def _choice(here: Step, key: str, slots: Mapping[str, str]) -> Choice | None:
    for choice in here.choices:
        if choice.key == key and (choice.shown_if is None or choice.shown_if.holds(slots)):
            return choice
    return None


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


def _set(session: Session, sets: Mapping[str, str | None]) -> dict[str, str]:
    gone = {*sets, HEARD_SLOT} if NEED_SLOT in sets else sets
    slots = {name: value for name, value in session.slots.items() if name not in gone}
    return slots | {name: value for name, value in sets.items() if value is not None}


def _forward(table: Table, session: Session, way: Way) -> Turn:
    """A step taken by the person: where they were is put on the way back."""
    here = table.script.steps[session.state]
    trail = (*session.trail, session.landed)[-MOST_TRAIL:]
    there = _position(here, session.position, way)
    return _land(table, replace(session, trail=trail, misses=0), there)


def _back(table: Table, session: Session) -> Turn:
    if not session.trail:
        return _land(table, replace(session, misses=0), (table.script.start,))
    there = session.trail[-1]
    return _land(table, replace(session, trail=session.trail[:-1], misses=0), there)


def _land(table: Table, session: Session, there: Position) -> Turn:
    return _arrive(table, replace(session, landed=there), there, ())


def _arrive(table: Table, session: Session, there: Position, said: tuple[str, ...]) -> Turn:
    """Enter a step and pass on from it until the person has the word, an errand is due or all is
    forgotten.
    """
    for _ in range(MOST_PASSED):
        here = table.script.steps[there[0]]
        if here.say or here.shows:
            said = (*said, here.name)
        arrived = replace(session, position=there, said=said)
        if here.forgets:
            return Turn(arrived, said, (Forget(),))
        if here.waits:
            return Turn(arrived, said)
        if here.call is not None:
            errand = Errand(here.call.errand, session.slots, session.language)
            return Turn(arrived, said, (errand,))
        there = _position(here, there, _sure_way(table, here, "pass", session.slots))
    raise EndlessPass(f"{there[0]} is passed through for ever")


def _position(here: Step, position: Position, way: Way) -> Position:
    """Where a way leads, with the states to return to. A way into another flow leaves the
    sub-flows.
    """
    returns = position[1:]
    if way.to == RETURN:
        return returns or position[:1]
    if way.then is not None:
        return (way.to, way.then, *returns)
    same_flow = way.to.partition("/")[0] == here.flow
    return (way.to, *returns) if same_flow else (way.to,)


def _unclear(script: Script, session: Session, why: str) -> Turn:
    if why != "unclear":
        return _say_again(script, session, f"#{why}")
    note = "#unclear" if session.misses == 0 else "#again"
    return _say_again(script, replace(session, misses=session.misses + 1), note)


def _say_again(script: Script, session: Session, note: str = "") -> Turn:
    """The present step once more, after a kind note; an errand that was under way is done again."""
    prompts = tuple(name for name in session.said if not name.startswith("#"))
    said = (note, *prompts) if note else prompts
    here = script.steps[session.state]
    effects: tuple[Effect, ...] = ()
    if here.call is not None:
        effects = (Errand(here.call.errand, session.slots, session.language),)
    return Turn(replace(session, said=said), said, effects)


def _resolve(script: Script, position: Position) -> Position:
    """The same place in this script, or nothing when any part of it is gone."""
    states = [name if name in script.steps else script.renamed.get(name, "") for name in position]
    return tuple(states) if all(states) else ()


def _still_said(script: Script, name: str) -> str:
    if name.startswith("#"):
        return name if name[1:] in script.notes else ""
    return name if name in script.steps else script.renamed.get(name, "")


def _declared(script: Script, slot: str) -> bool:
    return any(slot in flow.slots for flow in script.flows.values())

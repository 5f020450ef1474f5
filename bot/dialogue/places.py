"""Where a way leads, and the way back: positions, the trail, slots that are filled.

Small rules that `bot.dialogue.step` is made of. A *position* is a state and the states to return
to. An *aside* is a flow that is laid on top of wherever a person is, such as a chat with a human:
news of it may come at any moment, and its `return` leads back to what it was laid on. Nothing
here says anything or asks for anything.
"""

from collections.abc import Mapping

from msgspec.structs import replace

from bot.dialogue.session import Session
from flows.grammar import RETURN, SHOWN_ONCE, Choice, Position, Script, Step, Way

MOST_TRAIL = 12
"""Steps back that are remembered; more would let a session outgrow its smallest sealed size."""
NEED_SLOT, HEARD_SLOT = "need", "heard"
"""A need that is chosen takes the place of one that was understood; then there is no guess left
to correct.
"""


def choice_of(here: Step, key: str, slots: Mapping[str, str]) -> Choice | None:
    """The choice of this key, when it is open here."""
    for choice in here.choices:
        if choice.key == key and (choice.shown_if is None or choice.shown_if.holds(slots)):
            return choice
    return None


def filled(session: Session, sets: Mapping[str, str | None]) -> dict[str, str]:
    """The slots with these filled or emptied."""
    gone = {*sets, HEARD_SLOT} if NEED_SLOT in sets else sets
    slots = {name: value for name, value in session.slots.items() if name not in gone}
    return slots | {name: value for name, value in sets.items() if value is not None}


def position_of(script: Script, here: Step, position: Position, way: Way) -> Position:
    """Where a way leads, with the states to return to. A way into another flow leaves the
    sub-flows; into an aside, it leaves nothing.
    """
    returns = position[1:]
    if way.to == RETURN:
        return returns or position[:1]
    if way.then is None and way.to in script.asides:
        return laid_on(script, position, way.to)
    if way.then is not None:
        return (way.to, way.then, *returns)
    same_flow = way.to.partition("/")[0] == here.flow
    return (way.to, *returns) if same_flow else (way.to,)


def laid_on(script: Script, position: Position, to: str) -> Position:
    """A state of an aside on top of where the person is, never on top of another aside; from
    nowhere else, on top of the menu.
    """
    asides = [number for number, state in enumerate(position) if state in script.asides]
    below = position[asides[-1] + 1 :] if asides else position
    return (to, *(below or (script.hears.get("menu", script.start),)))


def in_aside(script: Script, position: Position) -> bool:
    """Whether an aside is laid on top of something, also while it does a sub-flow."""
    return not script.asides.isdisjoint(position)


def landing(script: Script, there: Position) -> Position:
    """What the way back leads to, later. Of an aside it is the door: there it is looked what holds
    by then, and nothing that was asked for or ended in it is done again.
    """
    door = script.commands["human"].to
    if door is None or not in_aside(script, there) or door not in script.asides:
        return there
    return laid_on(script, there, door)


def trail_of(session: Session) -> tuple[Position, ...]:
    """The way back with where the person was on it."""
    return (*session.trail, session.landed)[-MOST_TRAIL:]


def onward(
    script: Script, session: Session, here: Step, position: Position, way: Way
) -> tuple[Session, Position]:
    """Where a way leads that was not chosen by the person, and the session there. An aside is laid
    on what this step would return to, never on the step itself: that would lead here again.
    """
    to_aside = way.then is None and way.to in script.asides
    under = position[1:] if to_aside else position
    there = position_of(script, here, under, way)
    if leaves_aside(script, here, way):
        return out_of_aside(script, session, there)
    if in_aside(script, position) and not in_aside(script, there):
        return replace(session, landed=there), there
    return session, there


def leaves_aside(script: Script, here: Step, way: Way) -> bool:
    """Whether a way leads out of an aside, back to what it was laid on."""
    return way.to == RETURN and here.name in script.asides


def out_of_aside(script: Script, session: Session, there: Position) -> tuple[Session, Position]:
    """Back where the person was before an aside was laid on top: the way back is as it was.

    Who came into it by a step that was passed through, which is then where they landed, was not
    at what it lies on: what they saw before stays on the way back.
    """
    before = session.trail[-1:]
    if not before or not (in_aside(script, session.landed) or before[0] == there):
        return replace(session, landed=there), there
    return replace(session, landed=before[0], trail=session.trail[:-1]), there


def resolve(script: Script, position: Position) -> Position:
    """The same place in this script, or nothing when any part of it is gone."""
    states = [name if name in script.steps else script.renamed.get(name, "") for name in position]
    return tuple(states) if all(states) else ()


def still_said(script: Script, name: str) -> str:
    """What a state or note that was said is called now; empty when it is gone."""
    if name.startswith("#"):
        return name if name[1:] in script.notes else ""
    return name if name in script.steps else script.renamed.get(name, "")


def declared(script: Script, slot: str) -> bool:
    """Whether some flow has this slot."""
    return any(slot in flow.slots for flow in script.flows.values())


def put_away(script: Script, session: Session) -> Session:
    """Without what is shown once, unless the person is where it is shown, or comes back to there
    from an aside.
    """
    if SHOWN_ONCE not in session.values:
        return session
    if any(SHOWN_ONCE in script.steps[name].shows for name in session.position):
        return session
    held = {name: value for name, value in session.values.items() if name != SHOWN_ONCE}
    return replace(session, values=held)

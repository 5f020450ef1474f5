"""Lint rules about the shape of a script: what leads where, and whether a person can get out."""

from collections.abc import Iterator

from authored import Mistake
from flows.grammar import RETURN, Step
from flows.ground import Ground, Rule, reach
from flows.naming import LANGUAGE

MOST_STEPS = 25
MOST_CHOICES = 12


def unreachable(ground: Ground) -> Iterator[Mistake]:
    """Steps that nothing leads to: not the start, a command, or what is heard in free text."""
    script = ground.script
    seen = reach(_entered(ground), ground.next)
    for name, step in script.steps.items():
        if name not in seen:
            yield ground.at(step, "nothing leads here", "Lead a way here, or take the step away.")


def _entered(ground: Ground) -> list[str]:
    """Where people come in without a way of a flow."""
    script = ground.script
    commands = (command.to for command in script.commands.values() if command.to)
    return [script.start, *commands, *script.hears.values(), *script.news.values()]


def no_end(ground: Ground) -> Iterator[Mistake]:
    """Steps from which neither an end nor the return of a sub-flow can be come to."""
    for name, step in ground.script.steps.items():
        seen = reach([name], ground.next)
        if not any(_ends(ground, state) for state in seen):
            mend = "Lead some way to a step that forgets, or to return in a sub-flow."
            yield ground.at(step, "no end can be come to from here", mend)


def _ends(ground: Ground, state: str) -> bool:
    if ground.script.steps[state].forgets:
        return True
    return any(way.to == RETURN for way in ground.ways[state])


def loop(ground: Ground) -> Iterator[Mistake]:
    """Steps that lead to themselves with nobody asked: the service would turn for ever."""
    for name, step in ground.script.steps.items():
        ahead = reach(_passes(ground, name), lambda state: _passes(ground, state))
        if name in ahead:
            mend = "Ask the person something on the way round."
            yield ground.at(step, "leads back to itself without asking the person", mend)


def _passes(ground: Ground, state: str) -> list[str]:
    """Where the service comes from a state by itself."""
    step = ground.script.steps.get(state)
    if step is None or step.waits or step.forgets:
        return []
    ways = ground.ways[state]
    after = [way.then for way in ways if way.then and _passes_through(ground, way.to)]
    return [*(way.to for way in ways), *after]


def _passes_through(ground: Ground, entry: str) -> bool:
    """Whether a sub-flow can come to its return without asking anything."""
    asks_nobody = (
        state for state in reach([entry], ground.within) if not ground.script.steps[state].waits
    )
    return any(way.to == RETURN for state in asks_nobody for way in ground.ways[state])


def long_flow(ground: Ground) -> Iterator[Mistake]:
    """Flows of more steps than a person can keep in mind."""
    for flow in ground.script.flows:
        count = sum(step.flow == flow for step in ground.script.steps.values())
        if count > MOST_STEPS:
            mend = f"Up to {MOST_STEPS} is well readable: move a part into a flow of its own."
            yield ground.mistake(flow, ("steps",), f"has {count} steps", mend)


def many_choices(ground: Ground) -> Iterator[Mistake]:
    """Steps with more choices than fit a small screen."""
    for step in ground.script.steps.values():
        if len(step.choices) > MOST_CHOICES:
            mend = f"Up to {MOST_CHOICES} fit; put the rest behind 'More'."
            yield ground.at(step, f"has {len(step.choices)} choices", mend, "choices")


def _sub_flows(ground: Ground) -> dict[str, Step]:
    """Entry → a step that does that sub-flow."""
    steps = ground.script.steps.values()
    return {way.to: s for s in steps for way in ground.ways[s.name] if way.then is not None}


def no_return(ground: Ground) -> Iterator[Mistake]:
    """Sub-flows that are done from somewhere and never come back."""
    for entry, caller in _sub_flows(ground).items():
        states = reach([entry], ground.within)
        if not any(way.to == RETURN for state in states for way in ground.ways[state]):
            mend = "Lead a way in it to return, or go to it instead of doing it."
            message = f"'{entry.partition('/')[0]}' is done here and never returns"
            yield ground.at(caller, message, mend)


def return_without_caller(ground: Ground) -> Iterator[Mistake]:
    """Returns that a person can come to when nobody did the flow they are in."""
    flows = ground.script.flows
    entered = _entered(ground)
    for name in ground.script.steps:
        flow = name.partition("/")[0]
        plain = (way.to for way in ground.ways[name] if way.then is None and way.to != RETURN)
        entered += [to for to in plain if to.partition("/")[0] != flow]
    # An aside is laid on top of where somebody is, whichever way leads into it.
    entered = [state for state in entered if not flows[state.partition("/")[0]].aside]
    for name in sorted(reach(entered, ground.within)):
        step = ground.script.steps[name]
        returns = any(way.to == RETURN for way in ground.ways[name])
        asks_language = step.ask is not None and (step.ask.slot, step.ask.options) == LANGUAGE
        if returns and not asks_language:
            mend = (
                "Do the flow (do: FLOW, then: STEP) instead of going to it, or go to a step here."
            )
            yield ground.at(step, "return leads nowhere for those who were led here", mend)


def slot_elsewhere(ground: Ground) -> Iterator[Mistake]:
    """Slots that a flow fills and only another flow declares."""
    for step in ground.script.steps.values():
        declared = ground.script.flows[step.flow].slots
        filled = {slot for choice in step.choices for slot in choice.sets}
        filled |= {step.ask.slot} if step.ask else set()
        filled |= {step.each.slot} if step.each else set()
        filled |= set(step.sets)
        for slot in sorted(filled - set(declared) - {LANGUAGE[0]}):
            mend = f"Declare it in this flow too, alike; readers of {step.flow} look there."
            yield ground.at(step, f"fills '{slot}', which this flow does not declare", mend)


RULES = (
    Rule("unreachable", "error", "Every step is led to from somewhere.", unreachable),
    Rule("no-end", "error", "From every step an end can be come to.", no_end),
    Rule("loop", "error", "No way leads in a circle without asking.", loop),
    Rule("no-return", "error", "A sub-flow that is done comes back.", no_return),
    Rule("return-nowhere", "error", "A return has a caller.", return_without_caller),
    Rule("long-flow", "warning", "A flow is small enough to read.", long_flow),
    Rule("many-choices", "warning", "The choices fit a small screen.", many_choices),
    Rule("slot-elsewhere", "warning", "A flow declares what it fills.", slot_elsewhere),
)

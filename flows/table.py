"""The table of moves: a whole script compiled once into one `transitions.Machine` without a model.

    choose.KEY   pick   each   outcome.WORD   pass   help_now   human   language   leave
    heard.SENSE

It decides where a trigger leads from a state with these slots, and nothing else: it remembers
nobody and moves nobody. What a table cannot hold, the stack of states to return to, is moved by
the dialogue: a way says `return`, or names in `then` what to come back to.

A machine of one's own costs 180 KB a conversation; this one is shared by all. So triggers are
fired on a small carrier that the machine has never heard of. That is unusual:
`tests/flows/test_table.py` pins it.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast

from transitions import EventData, Machine, Transition
from transitions.core import MachineError

from flows.grammar import RETURN, Condition, Script, Step, Way

CHOOSE = "choose."
OUTCOME = "outcome."
HEARD = "heard."
PICK = "pick"
EACH = "each"
PASS = "pass"  # nosec B105  # noqa: S105  # the name of a trigger
COMMANDS = ("help_now", "human", "language", "leave")


class _Carrier:
    """What the machine moves: a place for one step, thrown away after it."""

    __slots__ = ("state", "way")

    def __init__(self, state: str) -> None:
        self.state = state
        self.way: Way | None = None


class _WayTransition(Transition):
    """A transition that hands over the way it was made from, as `then` has no place in a table.

    Nothing is entered or left here, so the callbacks and log lines of a full transition are not
    run: they are two thirds of its time (8 µs with them, 3 µs without), and their log lines name
    states.
    """

    def __init__(
        self,
        source: str,
        dest: str,
        conditions: Any = None,
        *rest: Any,
        way: Way,
        asks: Condition | None,
    ) -> None:
        super().__init__(source, dest, conditions, *rest)
        self.way = way
        self.asks = asks

    def execute(self, event_data: EventData) -> bool:
        if not all(condition.check(event_data) for condition in self.conditions):
            return False
        cast("_Carrier", event_data.model).way = self.way
        return True


class _WayMachine(Machine):
    transition_cls = _WayTransition


class Table:
    """Where every trigger leads. Made once for a script, shared by all, never changed."""

    def __init__(self, script: Script) -> None:
        self.script = script
        # Its log lines name states, and a state is what a person told us.
        logging.getLogger("transitions").setLevel(logging.CRITICAL)
        self._machine = _WayMachine(
            model=None,
            states=[*script.steps, RETURN],
            initial=script.start,
            auto_transitions=False,
            send_event=True,
            queued=False,
        )
        for step in script.steps.values():
            for trigger, condition, way in ways_of(step):
                self._add(trigger, step.name, condition, way)
            for name in COMMANDS:
                to = script.commands[name].to or script.start
                self._add(name, step.name, None, Way(to))
            for sense, state in script.hears.items():
                self._add(HEARD + sense, step.name, None, Way(state))
        self._ways = self._read_out()

    def _read_out(self) -> dict[tuple[str, str], list[tuple[Condition | None, Way]]]:
        """The machine's transitions as one flat look-up: (state, trigger) → conditions and ways."""
        return {
            (state, trigger): [
                (one.asks, one.way) for one in cast("list[_WayTransition]", transitions)
            ]
            for trigger, event in self._machine.events.items()
            for state, transitions in event.transitions.items()
        }

    def _add(self, trigger: str, state: str, condition: Condition | None, way: Way) -> None:
        conditions = _asks(condition) if condition else None
        self._machine.add_transition(
            trigger, state, way.to, conditions=conditions, way=way, asks=condition
        )

    def advance(self, state: str, trigger: str, slots: Mapping[str, str]) -> str | None:
        """Where it leads: a state or `return`. None when there is no such way from there now."""
        way = self.way(state, trigger, slots)
        return way.to if way else None

    def way(self, state: str, trigger: str, slots: Mapping[str, str]) -> Way | None:
        """The same with what to come back to. None when there is no such way from there now."""
        for condition, way in self._ways.get((state, trigger), ()):
            if condition is None or condition.holds(slots):
                return way
        return None

    def fired(self, state: str, trigger: str, slots: Mapping[str, str]) -> Way | None:
        """What `way` says, by firing the machine: ten times slower, to hold `way` to it."""
        event = self._machine.events.get(trigger)
        if event is None or state not in self._machine.states:
            return None
        carrier = _Carrier(state)
        try:
            event.trigger(carrier, slots=slots)
        except MachineError:
            return None
        return carrier.way

    def triggers(self, state: str) -> tuple[str, ...]:
        """Every trigger that can lead anywhere from a state."""
        return tuple(self._machine.get_triggers(state))


def ways_of(step: Step) -> Iterator[tuple[str, Condition | None, Way]]:
    """What a flow gives a step: trigger, condition, way. Of equal triggers the first wins."""
    for choice in step.choices:
        yield CHOOSE + choice.key, choice.shown_if, choice.way
    if step.ask:
        yield PICK, None, step.ask.way
    if step.each:
        yield EACH, None, step.each.way
    if step.call:
        for word, way in step.call.outcomes.items():
            yield OUTCOME + word, None, way
    for word, way in step.outcomes.items():
        yield OUTCOME + word, None, way
    for when in step.when:
        yield PASS, when.condition, when.way
    if step.go:
        yield PASS, None, step.go


def _asks(condition: Condition) -> Callable[[EventData], bool]:
    def holds(event: EventData) -> bool:
        return condition.holds(event.kwargs["slots"])

    return holds

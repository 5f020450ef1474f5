"""The table of moves, and the unusual use of `transitions` that it stands on."""

import logging
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from transitions import Machine

from bot.app import LIBRARY, read_vocabulary
from flows.grammar import RETURN, Vocabulary, Way
from flows.reader import read_script
from flows.table import COMMANDS, Table, ways_of
from tests.often import often


@pytest.fixture
def table(write: Callable[..., Path], vocabulary: Vocabulary) -> Table:
    return Table(read_script(write(), vocabulary))


@pytest.fixture(scope="module")
def every_table() -> Table:
    """The table of the flows that people walk."""
    return Table(read_script(LIBRARY, read_vocabulary()))


@pytest.mark.parametrize(
    ("state", "trigger", "slots", "to"),
    [
        ("find_help/need", "choose.legal", {}, "find_help/place"),
        ("find_help/need", "choose.medical", {}, "medical_time/when"),
        ("find_help/need", "choose.same", {}, None),
        ("find_help/need", "choose.same", {"need": "legal"}, "find_help/decide"),
        ("find_help/need", "choose.nothing", {}, None),
        ("find_help/need", "pick", {}, None),
        ("find_help/place", "pick", {}, "find_help/searching"),
        ("find_help/results", "each", {}, "find_help/details"),
        ("find_help/searching", "outcome.none", {}, "find_help/decide"),
        ("find_help/decide", "pass", {"need": "medical"}, "find_help/need"),
        ("find_help/decide", "pass", {"need": "legal", "place": "abroad"}, "find_help/place"),
        ("find_help/decide", "pass", {"need": "legal", "place": "UA-63"}, "find_help/bye"),
        ("medical_time/when", "choose.d1", {}, RETURN),
        ("find_help/bye", "choose.legal", {}, None),
        ("gone/away", "leave", {}, None),
    ],
)
def test_a_trigger_leads_where_the_flow_says(
    table: Table, state: str, trigger: str, slots: dict[str, str], to: str | None
) -> None:
    assert table.advance(state, trigger, slots) == to


def test_a_way_into_a_sub_flow_names_what_to_come_back_to(table: Table) -> None:
    way = table.way("find_help/need", "choose.medical", {})
    assert way == Way("medical_time/when", then="find_help/place")


def test_every_state_reaches_the_commands_in_one_step(table: Table) -> None:
    for state in table.script.steps:
        for command in COMMANDS:
            assert table.advance(state, command, {}) == table.script.commands[command].to
        assert set(COMMANDS) <= set(table.triggers(state))


def test_the_ways_of_a_step_are_all_in_the_table(table: Table) -> None:
    for step in table.script.steps.values():
        triggers = {trigger for trigger, _, _ in ways_of(step)}
        assert triggers == set(table.triggers(step.name)) - set(COMMANDS)


def test_nothing_that_is_asked_of_the_table_is_logged(
    table: Table, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        table.advance("find_help/need", "choose.legal", {})
        table.advance("find_help/need", "each", {})

    assert not caplog.records


def test_a_machine_moves_a_carrier_that_it_never_heard_of() -> None:
    """The contract with `transitions`: without it, a machine would be needed for every person."""

    class Carrier:
        __slots__ = ("state",)
        state: str

    machine = Machine(
        model=None, states=["a", "b"], initial="a", auto_transitions=False, send_event=True
    )
    machine.add_transition("go", "a", "b", conditions=lambda event: event.kwargs["slots"]["yes"])
    carrier = Carrier()
    carrier.state = "a"

    assert not machine.events["go"].trigger(carrier, slots={"yes": False})
    assert carrier.state == "a"
    assert machine.events["go"].trigger(carrier, slots={"yes": True})
    assert carrier.state == "b"
    assert machine.models == []
    assert set(machine.events) == {"go"}


def test_asking_the_table_changes_nothing_in_it(table: Table) -> None:
    before = table.advance("find_help/decide", "pass", {})

    @given(
        st.sampled_from(sorted(table.script.steps)),
        st.sampled_from(["pass", "pick", "each", "leave", "outcome.some", "choose.legal"]),
        st.dictionaries(st.sampled_from(["need", "place"]), st.sampled_from(["legal", "abroad"])),
    )
    def ask(state: str, trigger: str, slots: dict[str, str]) -> None:
        to = table.advance(state, trigger, slots)
        assert to is None or to == RETURN or to in table.script.steps
        assert table.advance(state, trigger, slots) == to

    ask()
    assert table.advance("find_help/decide", "pass", {}) == before


@settings(max_examples=often(20), deadline=None)
@given(
    slots=st.dictionaries(
        st.sampled_from(["need", "place", "time"]),
        st.sampled_from(["medical", "legal", "abroad", "UA-63", "d1"]),
    ),
    strange=st.integers(0, 10_000),
)
def test_the_look_up_never_differs_from_the_machine_it_was_read_from(
    every_table: Table, slots: dict[str, str], strange: int
) -> None:
    """Every state with its own triggers; one of them with those of all the others too."""
    states = (*every_table.script.steps, "gone/away")
    own = {state: set(every_table.triggers(state)) for state in states[:-1]}
    everyone = set().union(*own.values())
    met = states[strange % len(states)]
    for state in states:
        for trigger in {*COMMANDS, "nothing", *(everyone if state == met else own.get(state, ()))}:
            fired = every_table.fired(state, trigger, slots)
            assert every_table.way(state, trigger, slots) == fired

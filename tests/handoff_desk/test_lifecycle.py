"""The table of a chat's life: what leads where, and that nothing else does."""

import pytest

from bot.handoff.lifecycle import LIVING, MOVES, after, machine
from bot.handoff.model import ENDED, Refused, State

STATES: tuple[State, ...] = (*LIVING, "closed", "abandoned")
ACTS = sorted({act for act, _, _ in MOVES})


class Chat:
    """What a machine moves."""

    state: str


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("act", ACTS)
def test_an_act_leads_where_the_machine_says(state: State, act: str) -> None:
    chat, table = Chat(), machine()
    table.add_model(chat, initial=state)
    if table.get_triggers(state).count(act) == 0:
        with pytest.raises(Refused) as refused:
            after(state, act)
        assert refused.value.code == "not_now"
    else:
        assert chat.trigger(act)  # type: ignore[attr-defined]
        assert after(state, act) == chat.state


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("state", sorted(ENDED))
def test_nothing_leads_out_of_an_end(state: State, act: str) -> None:
    with pytest.raises(Refused):
        after(state, act)


@pytest.mark.parametrize("state", LIVING)
def test_a_person_can_end_it_from_everywhere(state: State) -> None:
    assert after(state, "end") == "closed"

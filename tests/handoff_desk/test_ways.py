"""What leads where in a chat's life, written down a second time by hand: a way more or less is a
decision, and shows here.
"""

from bot.handoff.lifecycle import MOVES, after, machine
from bot.handoff.model import Refused, State

FROM: tuple[State, ...] = ("waiting", "claimed", "parked", "closed", "abandoned")
# act       waiting   claimed   parked    closed    abandoned
LEADS_TO = """
claim      claimed   -         -         -         -
release    -         waiting   waiting   -         -
drop       -         waiting   waiting   -         -
park       -         parked    -         -         -
unpark     -         -         claimed   -         -
hand       -         claimed   claimed   -         -
take_over  claimed   claimed   claimed   -         -
offer      waiting   -         -         -         -
transfer   -         claimed   parked    -         -
help       -         claimed   parked    -         -
weigh      -         claimed   parked    -         -
say        waiting   claimed   parked    -         -
reply      -         claimed   claimed   -         -
tell       waiting   claimed   parked    -         -
see        waiting   claimed   parked    -         -
renew      waiting   claimed   parked    -         -
close      -         closed    closed    -         -
idle       -         closed    -         -         -
end        closed    closed    closed    -         -
abandon    abandoned -         -         -         -
lose       closed    closed    closed    -         -
"""


def test_every_act_leads_where_it_was_decided_and_nowhere_else() -> None:
    lines = [line.split() for line in LEADS_TO.strip().splitlines()]
    decided = {
        (act, state): to for act, *leads in lines for state, to in zip(FROM, leads, strict=True)
    }
    assert decided == {(act, state): _leads(state, act) for act, _, _ in MOVES for state in FROM}


def test_nobody_goes_to_a_state_without_an_act() -> None:
    # The library would make an act of every state, that leads there from everywhere.
    assert set(machine().events) == {act for act, _, _ in MOVES}
    for state in FROM:
        assert _leads("waiting", f"to_{state}") == "-"


def _leads(state: State, act: str) -> str:
    try:
        return after(state, act)
    except Refused as refused:
        return {"not_now": "-"}[refused.code]

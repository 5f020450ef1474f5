"""The life of a chat: which act leads from which state to which. It decides nothing else.

              ask                claim               close, end, idle
    (person) ----> waiting ------------> claimed ------------------> closed
                     | ^                  ^   |                        ^
      end, abandon   | | release, drop    |   | park                   |
                     v +------------------+   v                        |
                 closed, abandoned        +- parked -------------------+

Every change of a chat goes through `after`, also those that leave the state as it is.
"""

from typing import Final, cast

from transitions import Machine

from bot.handoff.model import ENDED, Refused, State

LIVING: Final[tuple[State, ...]] = ("waiting", "claimed", "parked")
_TALKING: Final = ("claimed", "parked")
_STAY: Final = "="

MOVES: Final[tuple[tuple[str, tuple[str, ...], str], ...]] = (
    # act, from, to. `=` stays where it is.
    ("claim", ("waiting",), "claimed"),
    ("release", _TALKING, "waiting"),
    ("drop", _TALKING, "waiting"),
    ("park", ("claimed",), "parked"),
    ("unpark", ("parked",), "claimed"),
    ("hand", _TALKING, "claimed"),  # to a colleague: a transfer taken, the end of a shift
    ("take_over", LIVING, "claimed"),
    ("offer", ("waiting",), _STAY),
    ("transfer", _TALKING, _STAY),  # asked, answered, offered, refused, expired
    ("help", _TALKING, _STAY),  # a second member of staff comes or goes
    ("weigh", _TALKING, _STAY),  # heavy or not
    ("say", LIVING, _STAY),
    ("reply", _TALKING, "claimed"),
    ("tell", LIVING, _STAY),  # a word from us, by the clock
    ("see", LIVING, _STAY),
    ("renew", LIVING, _STAY),  # sealed under today's key
    ("close", _TALKING, "closed"),
    ("idle", ("claimed",), "closed"),
    ("end", LIVING, "closed"),  # by the person
    ("abandon", ("waiting",), "abandoned"),
    ("lose", LIVING, "closed"),  # its keys are gone
)


def machine() -> Machine:
    """The table as `transitions` knows it."""
    made = Machine(
        model=None, states=[*LIVING, *sorted(ENDED)], initial="waiting", auto_transitions=False
    )
    for act, sources, to in MOVES:
        made.add_transition(act, list(sources), to)
    return made


def _read_out() -> dict[tuple[str, str], State]:
    """The machine's transitions as one flat look-up: firing it for each act is ten times slower."""
    return {
        (state, act): cast(State, state if one.dest in {_STAY, None} else one.dest)
        for act, event in machine().events.items()
        for state, ways in event.transitions.items()
        for one in ways
    }


_AFTER: Final = _read_out()


def after(state: State, act: str) -> State:
    """The state that the act leads to. Raises `Refused("not_now")` when there is no such way."""
    try:
        return _AFTER[state, act]
    except KeyError:
        raise Refused("not_now") from None

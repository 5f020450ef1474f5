"""What happened, as the dialogue hears of it. No event holds a person's words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from flows.grammar import Sense


@dataclass(frozen=True, slots=True)
class Arrived:
    """A person wrote for the first time, or came back after being forgotten, or said hello
    again.
    """

    language: str


@dataclass(frozen=True, slots=True)
class Chose:
    """A person picked one of the choices of the present step."""

    key: str


@dataclass(frozen=True, slots=True)
class Picked:
    """A person picked from the list or the items that the present step offers."""

    value: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A person used one of the commands that are open in every state."""

    command: Literal["help_now", "human", "back", "language", "leave"]


@dataclass(frozen=True, slots=True)
class ChoseLanguage:
    """A person switched the language, from any state."""

    language: str


@dataclass(frozen=True, slots=True)
class Meant:
    """Free text was understood to mean this. A guess: the person is shown it and can correct it."""

    sense: Sense
    slots: Mapping[str, str] = field(default_factory=dict)
    """What it said of the need and the place, and `heard` when it did."""


@dataclass(frozen=True, slots=True)
class Unclear:
    """Something came that fits nothing here. What it was is already gone; `why` picks the kind
    answer.
    """

    why: Literal["unclear", "media", "long", "stale", "moved", "staff"]


@dataclass(frozen=True, slots=True)
class Taken:
    """Text came that is not for the dialogue: it goes to a person, or is a word code. The shell
    hands it over and comes back with `Returned`: see `flows.grammar.TAKEN`.
    """

    kind: Literal["person", "code"]


@dataclass(frozen=True, slots=True)
class Happened:
    """Something changed at the desk that the person is to be told of; see `Script.news`."""

    news: str
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Returned:
    """An errand came back, or what became of text that was `Taken`."""

    outcome: str
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


Event = (
    Arrived | Chose | Picked | Asked | ChoseLanguage | Meant | Unclear | Taken | Happened | Returned
)

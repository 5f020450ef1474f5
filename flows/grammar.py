"""What a flow may say: the shapes that the reader makes and every other room reads.

A *flow* is one file in `library/`: named steps, each with a prompt and the ways out of it. A
*script* is every flow linked together. Both are read once at start and never change while the
service runs. A *state* is the full name of a step, `flow/step`. This file decides nothing and
imports nothing of ours.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

RETURN = "return"
"""The way out of a sub-flow: back to the step that its caller named with `then`."""

Retention = Literal["session", "turn"]
Takes = Literal["", "person", "code"]
TAKEN: Mapping[str, tuple[str, ...]] = {
    "person": ("sent", "nobody", "long", "sealed", "over"),
    "code": ("found", "unknown", "wait"),
}
"""What can become of text that a step takes. `sent`: nothing is said. `nobody`: nobody can read it
yet, so it is not kept. `long`: longer than can be sent. `sealed`: this chat is sealed by the page,
nothing is taken in the clear. `over`: the chat has ended. `wait`: too many tries.
"""
NEWS = (
    "joined",
    "changed",
    "paused",
    "resumed",
    "in_line_again",
    "still_waiting",
    "transfer_asked",
    "quiet",
    "desk_paused",
    "ended",
    "lapsed",
    "elsewhere",
)
"""What a person is told of their chat with a human."""
HANDOFF_SLOT, WAITING, TALKING = "handoff", "waiting", "talking"
"""The slot that says where a chat with a human stands, and what it holds."""
SLIP_SLOT = "took"
"""The slot that says that a person took words along to a service."""
OUTLASTING = frozenset({HANDOFF_SLOT, SLIP_SLOT})
"""Slots that are still there after a new hello."""
SHOWN_ONCE = "slip"
"""A value that a session holds only while a person is at the step that shows it."""
CommandName = Literal["help_now", "human", "back", "language", "leave"]
Sense = Literal[
    "suicide",
    "immediate_danger",
    "child_at_risk",
    "trafficking_detention",
    "recent_assault",
    "need",
    "place",
    "menu",
    "privacy",
]
"""What free text can be understood to mean, besides a command, the gravest first."""
Position = tuple[str, ...]
"""Where a person is: the state, then the states to return to, innermost first."""


@dataclass(frozen=True, slots=True)
class Way:
    """A way out of a step."""

    to: str
    """A state, or `RETURN`."""
    then: str | None = None
    """When `to` is the entry of a sub-flow: the state to go on with after its `return`."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A question about slots that lint, diagrams and tests can read. Never an expression."""

    kind: Literal["is", "within", "set", "all", "any", "not"]
    slot: str = ""
    values: tuple[str, ...] = ()
    """For `is`: the slot holds one of these. For `within`: one of these codes or a part of it, as
    `UA-63` is of `UA`.
    """
    parts: tuple["Condition", ...] = ()
    """For `all`, `any` and `not`."""

    def holds(self, slots: Mapping[str, str]) -> bool:
        """Whether it is true of these slots. A slot that is not set equals nothing."""
        match self.kind:
            case "is":
                return slots.get(self.slot) in self.values
            case "within":
                return slots.get(self.slot, "").partition("-")[0] in self.values
            case "set":
                return self.slot in slots
            case "all":
                return all(part.holds(slots) for part in self.parts)
            case "any":
                return any(part.holds(slots) for part in self.parts)
        return not self.parts[0].holds(slots)


@dataclass(frozen=True, slots=True)
class When:
    """A way that is taken without asking when its condition holds. The first that holds wins."""

    condition: Condition
    way: Way


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer a person can pick. `key` is stable; the label is translated."""

    key: str
    label: str
    way: Way
    sets: Mapping[str, str | None] = field(default_factory=dict)
    """Slots to fill; None empties one."""
    shown_if: Condition | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """A question answered from a long named list that is not in the flow, such as places."""

    slot: str
    options: str
    """The name of an option set in the vocabulary (`places`, `languages`)."""
    way: Way


@dataclass(frozen=True, slots=True)
class Each:
    """One choice for every item of a value that an errand brought, such as the listings found."""

    value: str
    slot: str
    way: Way


@dataclass(frozen=True, slots=True)
class Call:
    """An errand done on arrival, and the way on from each word it can come back with."""

    errand: str
    outcomes: Mapping[str, Way]


@dataclass(frozen=True, slots=True)
class Step:
    """One place a person can be in. Without choices, ask or each it is passed through."""

    name: str
    """The state: `flow/step`."""
    say: str = ""
    """The prompt in English, the language flows are written in; empty when nothing is said."""
    note: str = ""
    """For translators and reviewers."""
    max_chars: int | None = None
    choices: tuple[Choice, ...] = ()
    ask: Ask | None = None
    each: Each | None = None
    when: tuple[When, ...] = ()
    call: Call | None = None
    go: Way | None = None
    shows: tuple[str, ...] = ()
    """Values whose listings are shown under the prompt: short cards (`found`), whole (`chosen`)."""
    forgets: bool = False
    """Everything is erased once this is said."""
    sets: Mapping[str, str | None] = field(default_factory=dict)
    """Slots to fill on arrival; None empties one."""
    takes: Takes = ""
    """Free text here goes to a person, or is a word code, and is not for the dialogue."""
    outcomes: Mapping[str, Way] = field(default_factory=dict)
    """With `takes`: the way on from what became of the text; see `TAKEN`."""
    renamed_from: tuple[str, ...] = ()
    checkpoint: bool = False
    file: str = field(default="", compare=False)
    line: int = field(default=0, compare=False)

    @property
    def waits(self) -> bool:
        """Whether the person has the next word here."""
        return bool(self.choices or self.ask or self.each)

    @property
    def flow(self) -> str:
        """The flow this step is in."""
        return self.name.partition("/")[0]


@dataclass(frozen=True, slots=True)
class Slot:
    """Something a person told us by choosing."""

    name: str
    values: tuple[str, ...] = ()
    """What it may hold; empty when an option set or a value of an errand says so."""
    retention: Retention = "session"
    sensitive: bool = False
    options: str = ""
    """The option set whose keys it may hold, when there is one."""
    origin: str = ""
    """The value of an errand that it holds one item of, when there is one."""


@dataclass(frozen=True, slots=True)
class Command:
    """What the engine adds to every state: a button, the words that mean it, where it leads."""

    name: CommandName
    label: str
    words: tuple[str, ...] = ()
    """What people write for it, in English; each catalogue has its own list."""
    to: str | None = None
    """The state it leads to; None for `back`, which leads to where the person was."""


@dataclass(frozen=True, slots=True)
class Flow:
    """One file of conversation."""

    id: str
    title: str
    entry: str
    slots: Mapping[str, Slot]
    staff: bool = False
    """It is for people at their work: nothing about a person may be written there."""
    aside: bool = False
    """It is laid on top of wherever a person is, and its `return` leads back to there."""
    file: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Errand:
    """What is known of an errand: the words it can come back with, the values it brings."""

    outcomes: tuple[str, ...]
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What a script may use that is not written in it. The composition root fills it."""

    errands: Mapping[str, Errand] = field(default_factory=dict)
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Option set name → the keys in it, in order."""
    fillers: tuple[str, ...] = ()
    """Placeholders that wording can fill besides slots and values, such as `keep_hours`."""


@dataclass(frozen=True, slots=True)
class Script:
    """Every flow, linked."""

    version: str
    """Twelve hex digits of a hash over all that is said and every way; a session remembers it."""
    start: str
    flows: Mapping[str, Flow]
    steps: Mapping[str, Step]
    commands: Mapping[str, Command]
    notes: Mapping[str, str]
    """Short kind answers of the engine: `unclear`, `again`, `stale`, `media`, `long`, `moved`,
    `staff`; and of a chat with a human: `nobody`, `long_for_person`, `sealed`, `media_for_person`.
    """
    hears: Mapping[str, str] = field(default_factory=dict)
    """What free text was understood to mean (`suicide`, `need`, …) → the state it leads to."""
    news: Mapping[str, str] = field(default_factory=dict)
    """What happened at the desk (`joined`, `ended`, …) → the state that tells of it."""
    renamed: Mapping[str, str] = field(default_factory=dict)
    """Old state → the state it is now."""
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    asides: frozenset[str] = field(init=False, repr=False, compare=False)
    """The states of flows that are laid on top of wherever a person is: asked many times a turn."""

    def __post_init__(self) -> None:
        asides = {name for name, step in self.steps.items() if self.flows[step.flow].aside}
        object.__setattr__(self, "asides", frozenset(asides))

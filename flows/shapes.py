"""The shapes of a flow file as it is written: which keys there are and what each may hold.

It decides nothing that needs a second file or a second key; that is `flows.linking`. The JSON
Schema that editors use is made from these shapes, so every field says in a sentence what it is
for.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema


class Shape(BaseModel):
    """A mapping in a file: no key that is not listed, no value turned into another kind."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class WayShape(Shape):
    """Where to go: `go: STEP`, or `do: FLOW` with `then: STEP`."""

    go: str | None = Field(None, description="A step, flow/step, or return.")
    do: str | None = Field(None, description="A flow to do from its entry until its return.")
    then: str | None = Field(None, description="With do: the step to go on with afterwards.")


def _short_form(value: Any) -> Any:
    return {"go": value} if isinstance(value, str) else value


TargetShape = Annotated[
    WayShape,
    BeforeValidator(_short_form),
    WithJsonSchema(
        {
            "description": "A step, flow/step, return, or {do: FLOW, then: STEP}.",
            "anyOf": [
                {"type": "string"},
                {
                    "type": "object",
                    "properties": {"do": {"type": "string"}, "then": {"type": "string"}},
                    "required": ["do", "then"],
                    "additionalProperties": False,
                },
            ],
        }
    ),
]


class ConditionShape(Shape):
    """A question about slots: `slot` with `eq`, `in`, `within` or `set`; or `all`, `any`, `not`."""

    slot: str | None = Field(None, description="The slot that is asked about.")
    eq: str | None = Field(None, description="It holds this value.")
    is_in: list[str] | None = Field(None, alias="in", description="It holds one of these values.")
    within: list[str] | None = Field(
        None, description="It holds one of these codes or a part of it: UA-63 is within UA."
    )
    is_set: Literal[True] | None = Field(None, alias="set", description="It holds something.")
    all_of: "list[ConditionShape] | None" = Field(None, alias="all", description="All hold.")
    any_of: "list[ConditionShape] | None" = Field(None, alias="any", description="One holds.")
    none_of: "ConditionShape | None" = Field(None, alias="not", description="It does not hold.")


class WhenShape(WayShape):
    """A way taken without asking when its condition holds."""

    condition: ConditionShape = Field(alias="if", description="The condition.")


class ChoiceShape(WayShape):
    """An answer a person can pick."""

    label: str = Field(description="What stands on the button, in English.")
    note: str = Field("", description="For translators.")
    sets: dict[str, str | None] = Field(
        default_factory=dict, alias="set", description="Slots to fill; null empties one."
    )
    condition: ConditionShape | None = Field(
        None, alias="if", description="Shown only if it holds."
    )


class AskShape(WayShape):
    """A question answered from a long named list."""

    slot: str = Field(description="The slot that is filled.")
    options: str = Field(alias="from", description="The name of the list, such as places.")


class EachShape(WayShape):
    """One choice for every item of a value that an errand brought."""

    value: str = Field(description="The value of the errand, such as found.")
    slot: str = Field(alias="set", description="The slot that takes the item picked.")


class StepShape(WayShape):
    """One place a person can be in."""

    say: str = Field("", description="The prompt, in English.")
    note: str = Field("", description="For translators and reviewers; never sent.")
    max_chars: int | None = Field(None, ge=1, description="The longest the prompt may get.")
    checkpoint: bool = Field(False, description="A safe place to land when a later step is gone.")
    choices: dict[str, ChoiceShape] = Field(
        default_factory=dict, description="Answers by key. Keys never change; labels may."
    )
    ask: AskShape | None = Field(None, description="Pick one of a long list.")
    each: EachShape | None = Field(None, description="Pick one of what an errand found.")
    when: list[WhenShape] = Field(
        default_factory=list, description="Ways taken without asking; `go` when none holds."
    )
    call: str | None = Field(None, description="An errand to do on arrival.")
    outcomes: dict[str, TargetShape] = Field(
        default_factory=dict, description="With call or takes: the way on from every outcome."
    )
    shows: list[str] = Field(default_factory=list, description="Values shown under the prompt.")
    sets: dict[str, str | None] = Field(
        default_factory=dict, alias="set", description="Slots to fill on arrival; null empties one."
    )
    takes: Literal["person", "code"] | None = Field(
        None, description="Text written here goes to a person, or is a word code."
    )
    forgets: bool = Field(False, description="Everything is erased once this is said.")
    renamed_from: list[str] = Field(default_factory=list, description="Ids this step had before.")


class SlotShape(Shape):
    """Something a person tells us by choosing: exactly one of `values`, `options`, `from`."""

    values: list[str] | None = Field(None, description="What it may hold.")
    options: str | None = Field(None, description="The list whose keys it may hold.")
    origin: str | None = Field(None, alias="from", description="The errand value it picks from.")
    retention: Literal["session", "turn"] = Field(description="How long it is kept.")
    sensitive: bool = Field(False, description="Never repeated to the person in a prompt.")


class FlowShape(Shape):
    """One file of conversation."""

    format: Literal[1] = Field(description="The version of this file format.")
    id: str = Field(description="The name of the file without .yaml.")
    title: str = Field(min_length=1, description="For authors; never sent.")
    entry: str = Field(description="The step that comes first.")
    staff: bool = Field(False, description="For people at work; nothing is written about anyone.")
    aside: bool = Field(False, description="Laid on top of where a person is; return leads back.")
    slots: dict[str, SlotShape] = Field(default_factory=dict, description="Slots this flow sets.")
    steps: dict[str, StepShape] = Field(min_length=1, description="Steps by id.")


class CommandShape(Shape):
    """What is open to a person in every state."""

    label: str = Field(description="What stands on the button, in English.")
    note: str = Field("", description="For translators.")
    words: list[str] = Field(min_length=1, description="What people write for it, in English.")
    go: str | None = Field(None, description="The step of this file it leads to; none for back.")


class CommandsShape(Shape):
    """All five; a script without one of them is not taken."""

    help_now: CommandShape
    human: CommandShape
    back: CommandShape
    language: CommandShape
    leave: CommandShape


class NoteShape(Shape):
    """A short kind answer of the engine itself."""

    say: str = Field(min_length=1, description="The text, in English.")
    note: str = Field("", description="For translators.")


class NotesShape(Shape):
    """The first six are required; `staff` where there are flows for people at work."""

    unclear: NoteShape
    again: NoteShape
    stale: NoteShape
    media: NoteShape
    long: NoteShape
    moved: NoteShape
    staff: NoteShape | None = Field(None, description="Said to typed text in a staff flow.")
    nobody: NoteShape | None = Field(None, description="Nobody can read it yet: it is not kept.")
    long_for_person: NoteShape | None = Field(None, description="Too long to be sent to a person.")
    sealed: NoteShape | None = Field(None, description="The page seals this chat; not taken.")
    media_for_person: NoteShape | None = Field(None, description="A photo or voice, while talking.")


class HearsShape(Shape):
    """Where free text leads, by what it was understood to mean; what is left out is unclear."""

    suicide: str | None = Field(None, description="Thoughts of ending life.")
    immediate_danger: str | None = Field(None, description="Violence now or about to come.")
    child_at_risk: str | None = Field(None, description="A child is being hurt.")
    trafficking_detention: str | None = Field(None, description="Held, sold, cannot leave.")
    recent_assault: str | None = Field(None, description="Assault within hours or days.")
    need: str | None = Field(None, description="A need was named; it is in the slot need.")
    place: str | None = Field(None, description="A place was named; it is in the slot place.")
    menu: str | None = Field(None, description="The menu was asked for.")
    privacy: str | None = Field(None, description="The privacy notice was asked for.")


class NewsShape(Shape):
    """Which step tells of what happened in the chat with a human."""

    joined: str | None = Field(None, description="Somebody answers now.")
    changed: str | None = Field(None, description="Somebody else answers now.")
    paused: str | None = Field(None, description="Whoever answers takes a break.")
    resumed: str | None = Field(None, description="They are back.")
    in_line_again: str | None = Field(None, description="They are gone; the chat waits again.")
    still_waiting: str | None = Field(None, description="A word to somebody who waits for long.")
    transfer_asked: str | None = Field(None, description="May a colleague take over?")
    quiet: str | None = Field(None, description="Nobody wrote for a while.")
    desk_paused: str | None = Field(None, description="The desk takes nobody for now.")
    ended: str | None = Field(None, description="The chat has ended.")
    lapsed: str | None = Field(None, description="The place in line has ended.")
    elsewhere: str | None = Field(None, description="Six words brought it to another place.")


class AlwaysShape(FlowShape):
    """`always.yaml`: what the engine adds to every state, and where a conversation starts."""

    title: str = Field("", description="For authors; never sent.")
    entry: str = Field("", description="The step that comes first; help_now's when left out.")
    commands: CommandsShape
    notes: NotesShape
    hears: HearsShape = Field(HearsShape(), description="What free text leads to.")
    news: NewsShape = Field(NewsShape(), description="Where a person is told of their chat.")
    start: str = Field(description="The first state of the script: flow/step.")

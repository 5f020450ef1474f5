"""The names under which translators, catalogues and wording know the texts of a script.

    flow.step.say   flow.step.choices.KEY.label   always.commands.NAME.label   always.notes.NAME.say

They are made of stable ids and never of positions, so a new choice moves no other text.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from authored.reading import Path_
from flows.grammar import Script, Step

DOMAIN = "flows"
WORDS_APART = "; "
"""Between the words of a command, which are one message."""


def say_context(state: str) -> str:
    """The context of a prompt."""
    return f"{state.replace('/', '.')}.say"


def label_context(state: str, key: str) -> str:
    """The context of a choice's label."""
    return f"{state.replace('/', '.')}.choices.{key}.label"


def command_context(name: str, part: Literal["label", "words"]) -> str:
    """The context of a command's label or of its words."""
    return f"always.commands.{name}.{part}"


def note_context(name: str) -> str:
    """The context of a note of the engine."""
    return f"always.notes.{name}.say"


@dataclass(frozen=True, slots=True)
class Text:
    """One text of a script: its context, its English, and where it stands in which file."""

    context: str
    english: str
    kind: Literal["say", "label", "words", "note"]
    flow: str
    path: Path_
    step: str = ""
    """The state it belongs to; empty for commands and notes."""


def step_texts(step: Step) -> Iterator[Text]:
    """The texts of one step: the prompt, when it has one, and the labels."""
    path: Path_ = ("steps", step.name.partition("/")[2])
    if step.say:
        context = say_context(step.name)
        yield Text(context, step.say, "say", step.flow, (*path, "say"), step.name)
    for choice in step.choices:
        yield Text(
            label_context(step.name, choice.key),
            choice.label,
            "label",
            step.flow,
            (*path, "choices", choice.key, "label"),
            step.name,
        )


def step_english(step: Step) -> Mapping[str, str]:
    """Context → English of one step, for `Phrasebook.speaker`."""
    return {text.context: text.english for text in step_texts(step)}


def script_texts(script: Script) -> Iterator[Text]:
    """Every text of a script."""
    for step in script.steps.values():
        yield from step_texts(step)
    for name, command in script.commands.items():
        path: Path_ = ("commands", name)
        label = command_context(name, "label")
        yield Text(label, command.label, "label", "always", (*path, "label"))
        words = WORDS_APART.join(command.words)
        context = command_context(name, "words")
        yield Text(context, words, "words", "always", (*path, "words"))
    for name, note in script.notes.items():
        yield Text(note_context(name), note, "note", "always", ("notes", name, "say"))

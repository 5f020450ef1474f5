"""What a script may not be without: the commands open in every state, the kind notes, the start.

They stand in `always.yaml`. A flow cannot take any of them away.
"""

from collections.abc import Mapping
from typing import get_args

from authored import Authored, Mistake
from authored.reading import Path_
from flows.grammar import RETURN, Command, CommandName, Step
from flows.naming import LANGUAGE, Checker, Names
from flows.shapes import AlwaysShape, CommandShape

ALWAYS = "always"
COMMANDS: tuple[CommandName, ...] = get_args(CommandName)


def commands_of(shape: AlwaysShape) -> dict[str, Command]:
    """The five commands by name."""
    return {name: _command(name, getattr(shape.commands, name)) for name in COMMANDS}


def notes_of(shape: AlwaysShape) -> dict[str, str]:
    """The texts of the notes by name."""
    return {name: note.say.strip() for name, note in shape.notes if note is not None}


def hears_of(shape: AlwaysShape) -> dict[str, str]:
    """The states that free text leads to, by what it was understood to mean."""
    return {sense: _state(state) for sense, state in shape.hears if state is not None}


def news_of(shape: AlwaysShape) -> dict[str, str]:
    """The states that tell of a chat with a human, by what happened to it."""
    return {name: _state(state) for name, state in shape.news if state is not None}


def start_of(shape: AlwaysShape) -> str:
    """The first state of the script."""
    return _state(shape.start)


def _command(name: CommandName, shape: CommandShape) -> Command:
    words = tuple(word.strip() for word in shape.words)
    return Command(name, shape.label.strip(), words, _state(shape.go) if shape.go else None)


def _state(target: str) -> str:
    return target if "/" in target else f"{ALWAYS}/{target}"


def always_mistakes(
    file: Authored, shape: AlwaysShape, names: Names, steps: Mapping[str, Step]
) -> list[Mistake]:
    """What is wrong in `always.yaml` besides its steps. `steps` are those of all flows."""
    checker = Checker(ALWAYS, file, names)
    taken: dict[str, str] = {}
    for name in COMMANDS:
        command: CommandShape = getattr(shape.commands, name)
        path: Path_ = ("commands", name)
        checker.text((*path, "label"), command.label)
        _check_target(checker, name, command, steps)
        for i, word in enumerate(command.words):
            other = taken.setdefault(word.strip().casefold(), name)
            if not word.strip():
                checker.fault((*path, "words", i), "a word is empty", "Take it away.", "command")
            elif other != name:
                message = f"'{word}' means {other} already"
                checker.fault((*path, "words", i), message, "Keep it in one of them.", "command")
    for kind, note in shape.notes:
        if note is not None:
            checker.text(("notes", kind, "say"), note.say)
    for sense, to in shape.hears:
        if to is not None and checker.state(("hears", sense), to) == RETURN == to:
            mend = "Name a state: nobody called it."
            checker.fault(("hears", sense), "free text cannot lead to return", mend, "command")
    for news, to in shape.news:
        if to is not None and checker.state(("news", news), to) == RETURN == to:
            mend = "Name a state: nobody called it."
            checker.fault(("news", news), "news cannot lead to return", mend, "command")
    _check_ends(checker, shape, steps)
    if checker.state(("start",), shape.start) == RETURN == shape.start:
        checker.fault(("start",), "a script cannot start with return", "Name a state.", "command")
    return checker.found


def _check_ends(checker: Checker, shape: AlwaysShape, steps: Mapping[str, Step]) -> None:
    """Text for a human may come after the chat has ended: something has to be said then."""
    if shape.news.ended is not None:
        return
    for step in steps.values():
        if step.takes == "person" and "over" not in step.outcomes:
            message = f"nobody is told that a chat has ended, and {step.name} takes text for it"
            mend = f"Write ended: STEP here, or over: STEP under the outcomes of {step.name}."
            checker.fault(("news",), message, mend, "command")


def _check_target(
    checker: Checker, name: CommandName, command: CommandShape, steps: Mapping[str, Step]
) -> None:
    path: Path_ = ("commands", name, "go")
    if name == "back":
        if command.go is not None:
            message = "back leads to where the person was"
            checker.fault(path, message, "Take go away.", "command")
        return
    if command.go is None or command.go == RETURN:
        checker.fault(path, f"{name} leads nowhere", "Add go: STEP.", "command")
        return
    step = steps.get(checker.state(path, command.go))
    if step is None:
        return
    if name == "leave" and not step.forgets:
        mend = f"Write forgets: true in step {command.go}."
        checker.fault(path, "leaving must erase everything", mend, "command")
    asks = (step.ask.slot, step.ask.options) if step.ask else None
    if name == "language" and asks != LANGUAGE:
        mend = f"Write ask: {{slot: language, from: languages}} in step {command.go}."
        checker.fault(path, "the language step asks for no language", mend, "command")

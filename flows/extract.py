"""Shows translators every text: the Babel extractors of flow files and of `locales/ui.yaml`.

    [project.entry-points."babel.extractors"]  flow = "flows.extract:extract_flow"

It decides what is a message and under which context. It reads the files as they stand, also those
of a library that has faults elsewhere.
"""
# ruff: noqa: ARG001  # Babel names the arguments of an extractor; a flow file needs none of them

from collections.abc import Iterator, Mapping
from typing import IO, Any

from authored import Authored, read_text
from authored.reading import Path_
from flows.contexts import (
    WORDS_APART,
    command_context,
    label_context,
    note_context,
    say_context,
)

Message = tuple[int, str, tuple[str, str], list[str]]
"""Line, `pgettext`, (context, English), comments: what Babel asks of an extractor."""


def extract_flow(
    fileobj: IO[bytes], keywords: object, comment_tags: object, options: object
) -> Iterator[Message]:
    """The messages of one flow file. Raises `Mistakes` when it is not plain YAML."""
    yield from flow_messages(_read(fileobj))


def extract_ui(
    fileobj: IO[bytes], keywords: object, comment_tags: object, options: object
) -> Iterator[Message]:
    """The messages of `ui.yaml`. Raises `Mistakes` when it is not plain YAML."""
    yield from ui_messages(_read(fileobj))


def _read(fileobj: IO[bytes]) -> Authored:
    return read_text(fileobj.read().decode("utf-8"), str(getattr(fileobj, "name", "a file")))


def flow_messages(file: Authored) -> Iterator[Message]:
    """The messages of a flow file that was read."""
    flow = str(_part(file.value, "id"))
    for name, step in _items(_part(file.value, "steps")):
        state, path = f"{flow}/{name}", ("steps", name)
        longest = _part(step, "max_chars")
        limit = [f"At most {longest} characters."] if isinstance(longest, int) else []
        yield from _message(file, (*path, "say"), say_context(state), step, "say", limit)
        for key, choice in _items(_part(step, "choices")):
            where: Path_ = (*path, "choices", key, "label")
            yield from _message(file, where, label_context(state, key), choice, "label", [])
    for name, command in _items(_part(file.value, "commands")):
        context = command_context(name, "label")
        yield from _message(file, ("commands", name, "label"), context, command, "label", [])
        words = _part(command, "words")
        if isinstance(words, list) and words:
            joined = WORDS_APART.join(str(word).strip() for word in words)
            spot = file.spot(("commands", name, "words"))
            advice = (
                f"Words people write for this, apart by '{WORDS_APART}'. Not one by one: yours."
            )
            context = command_context(name, "words")
            yield spot.line, "pgettext", (context, joined), [advice, *_note(command)]
    for name, note in _items(_part(file.value, "notes")):
        yield from _message(file, ("notes", name, "say"), note_context(name), note, "say", [])


def ui_messages(file: Authored) -> Iterator[Message]:
    """The messages of `ui.yaml` that was read: `key: text`, or `key: {text, note}`."""
    for key, value in _items(_part(file.value, "messages")):
        message = value if isinstance(value, Mapping) else {"text": value}
        yield from _message(file, ("messages", key), key, message, "text", [])


def _message(
    file: Authored, path: Path_, context: str, holder: object, part: str, comments: list[str]
) -> Iterator[Message]:
    text = _part(holder, part)
    if isinstance(text, str) and text.strip():
        said = [*_note(holder), *comments]
        yield file.spot(path).line, "pgettext", (context, text.strip()), said


def _note(holder: object) -> list[str]:
    note = _part(holder, "note")
    return [" ".join(note.split())] if isinstance(note, str) and note.strip() else []


def _part(value: object, key: str) -> Any:
    return value.get(key) if isinstance(value, Mapping) else None


def _items(value: object) -> list[tuple[str, Any]]:
    return list(value.items()) if isinstance(value, Mapping) else []

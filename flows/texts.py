"""Lint rules about single texts: whether they fit the channels, and what they give away."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from authored import Mistake
from flows.contexts import WORDS_APART, command_context, label_context, say_context
from flows.ground import Ground, Rule
from flows.placeholders import placeholders


@dataclass(frozen=True, slots=True)
class Limit:
    """What one channel can carry."""

    key_bytes: int
    label_chars: int
    text_chars: int


# Telegram: callback_data is at most 64 bytes, of which the mark of the turn before the key takes
# up to 16; a message is at most 4096 characters; a longer label is cut off on a narrow phone.
LIMITS = {"telegram": Limit(key_bytes=48, label_chars=40, text_chars=4096)}

GUESSED = frozenset({"need", "place"})
"""What free text can fill by a guess; the flows it leads to say the guess back."""
_LINK = re.compile(r"\b(?!https://)[a-z][a-z0-9+.-]*://\S*|(?<![/\w])www\.\S+", re.IGNORECASE)


def key_long(ground: Ground) -> Iterator[Mistake]:
    """Keys that no button can carry."""
    limit = min(limit.key_bytes for limit in LIMITS.values())
    for step in ground.script.steps.values():
        for choice in step.choices:
            if len(choice.key.encode()) > limit:
                mend = f"Up to {limit} bytes can be carried."
                message = f"the key has {len(choice.key.encode())} bytes"
                yield ground.at(step, message, mend, "choices", choice.key)


def label_long(ground: Ground) -> Iterator[Mistake]:
    """Labels that are cut off on a narrow screen."""
    limit = min(limit.label_chars for limit in LIMITS.values())
    for text in ground.texts:
        for language, spoken in ground.spoken.items():
            label = spoken.get(text.context, "")
            if text.kind == "label" and len(label) > limit:
                message = f"the label has {len(label)} characters ({language})"
                mend = f"Up to {limit} are shown whole."
                yield ground.mistake(text.flow, text.path, message, mend)


def say_long(ground: Ground) -> Iterator[Mistake]:
    """Prompts that are longer than their author, or a channel, allows."""
    most = min(limit.text_chars for limit in LIMITS.values())
    for step in ground.script.steps.values():
        limit = min(step.max_chars or most, most)
        for language, spoken in ground.spoken.items():
            said = spoken.get(say_context(step.name), "")
            if len(said) > limit:
                message = f"the prompt has {len(said)} characters ({language})"
                yield ground.at(step, message, f"Up to {limit} are meant here.", "say")


def labels_equal(ground: Ground) -> Iterator[Mistake]:
    """Two choices of one step that read the same in some language and may be seen together."""
    for step in ground.script.steps.values():
        for language, spoken in ground.spoken.items():
            first: dict[str, str] = {}
            for choice in step.choices:
                said = spoken.get(label_context(step.name, choice.key), "").casefold()
                other = first.setdefault(said, choice.key) if said else choice.key
                both_if = choice.shown_if and any(
                    c.shown_if for c in step.choices if c.key == other
                )
                if other != choice.key and not both_if:
                    message = f"reads like the choice '{other}' ({language})"
                    mend = "Word one of them otherwise."
                    yield ground.at(step, message, mend, "choices", choice.key, "label")


def command_word(ground: Ground) -> Iterator[Mistake]:
    """Labels that, when written, mean a command in every state."""
    for language, spoken in ground.spoken.items():
        means: dict[str, str] = {}
        for name in ground.script.commands:
            words = spoken.get(command_context(name, "words"), "").split(WORDS_APART.strip())
            label = spoken.get(command_context(name, "label"), "")
            means |= {word.strip().casefold(): name for word in [*words, label] if word.strip()}
        for step in ground.script.steps.values():
            for choice in step.choices:
                said = spoken.get(label_context(step.name, choice.key), "")
                command = means.get(said.strip().casefold())
                if command and ground.script.commands[command].to != choice.way.to:
                    message = f"'{said}' also means {command} ({language})"
                    mend = "Whoever writes it may mean the other: word it otherwise."
                    yield ground.at(step, message, mend, "choices", choice.key, "label")


def sensitive(ground: Ground) -> Iterator[Mistake]:
    """Texts that say back what somebody next to the person should not read.

    What free text was understood to mean is said back: nobody can correct a guess unseen.
    """
    flows = ground.script.flows.values()
    guessed = {
        ground.script.hears[name].partition("/")[0] for name in GUESSED & set(ground.script.hears)
    }
    slots = {s.name for flow in flows for s in flow.slots.values() if s.sensitive}
    for text in ground.texts:
        for name in sorted(placeholders(text.english)):
            # A filler that words a slot is called after it: `place_name` says what `place` holds.
            if name.removesuffix("_name") not in slots or text.flow in guessed:
                continue
            message = f"says back '{name}', which is sensitive"
            mend = "Say it without, or do not mark the slot as sensitive."
            yield ground.mistake(text.flow, text.path, message, mend)


def links(ground: Ground) -> Iterator[Mistake]:
    """Links that others on the way can read or change."""
    for text in ground.texts:
        for language, spoken in ground.spoken.items():
            link = _LINK.search(spoken.get(text.context, ""))
            if link:
                message = f"'{link[0]}' is not an https link ({language})"
                yield ground.mistake(text.flow, text.path, message, "Write https://….")


def untranslated(ground: Ground) -> Iterator[Mistake]:
    """What is not translated into the languages that are started, one line for a step."""
    missing: dict[tuple[str, str], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for text in ground.texts:
        place = text.step or "/".join(map(str, text.path[:2]))
        lacking = [name for name, spoken in ground.spoken.items() if text.context not in spoken]
        if lacking:
            inner = ".".join(map(str, text.path[2:]))
            missing[text.flow, place][", ".join(lacking)].append(inner)
    for (flow, place), parts in missing.items():
        said = "; ".join(f"{languages}: {', '.join(inner)}" for languages, inner in parts.items())
        section = place if flow == "always" and place.startswith(("commands/", "notes/")) else ""
        path = section.split("/") if section else ["steps", place.partition("/")[2]]
        mend = "Untranslated steps are said whole in the language fallen back to."
        yield ground.mistake(flow, tuple(path), f"not translated: {said}", mend)


RULES = (
    Rule("key-long", "error", "A key fits a button.", key_long),
    Rule("label-long", "warning", "A label is shown whole.", label_long),
    Rule("say-long", "error", "A prompt is as short as it is meant to be.", say_long),
    Rule("labels-equal", "error", "Choices can be told apart.", labels_equal),
    Rule("command-word", "warning", "An answer is not a command.", command_word),
    Rule("sensitive", "error", "What is sensitive is not said back.", sensitive),
    Rule("link", "error", "Links are https.", links),
    Rule("untranslated", "warning", "Languages that are started are complete.", untranslated),
)

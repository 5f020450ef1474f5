"""The words that mean something, by language: labels of choices, commands, names of places and
languages.

Built once from the script and its translations; holds nothing of any person. It decides how words
are made alike before they are compared, and nothing about what follows from a match.
"""

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from flows.grammar import Script

Text = Callable[[str, str], str]
"""`(context, English) → the text in one language`."""

FILLERS = frozenset(
    {"please", "now", "just", "so", "pls", "прошу", "зараз", "дуже", "будь", "ласка", "пожалуйста"}
)
"""Words that do not change what a command means."""
START_WORDS = frozenset(
    {"start", "hello", "hi", "старт", "почати", "привіт", "вітаю", "добрий день"}
)
"""What begins anew, in any language: people greet before they ask."""
PRIVACY_WORDS = frozenset(
    {
        *("privacy", "privacy notice", "приватність", "конфіденційність", "приватность"),
        *("конфиденциальность", "privatumas", "məxfilik", "gizlilik", "confidentialité"),
        *("vie privée", "privacidad", "confidencialidad"),
    }
)
"""What asks for the privacy notice, in any language; `/privacy` is what messengers have for it."""


class Sensed(Protocol):
    """What was understood of free text; None where nothing was."""

    @property
    def crisis(self) -> str | None:
        """`suicide`, `immediate_danger`, …: a `Sense`."""
        ...

    @property
    def need(self) -> str | None:
        """A value of the slot `need`."""
        ...

    @property
    def place(self) -> str | None:
        """A code of a country or a part of it."""
        ...

    @property
    def command(self) -> str | None:
        """`help_now`, `human`, `back`, `language`, `erase`, `exit`, `menu`."""
        ...


class Understanding(Protocol):
    """Makes something of free text, and keeps none of it."""

    def hear(self, text: str, language: str, *, needs: bool = True) -> Sensed:
        """What a person who reads this language may have meant. Without `needs` only a crisis and a
        command are sure to be heard.
        """
        ...


@dataclass(frozen=True, slots=True)
class _Nothing:
    """Understands nothing: a service without phrases hears only words it knows."""

    crisis: str | None = None
    need: str | None = None
    place: str | None = None
    command: str | None = None

    def hear(self, text: str, language: str, *, needs: bool = True) -> Sensed:
        del text, language, needs
        return self


NOTHING = _Nothing()


def _visible(character: str) -> str:
    """The character; a space for a break; nothing for what cannot be seen or is no character at
    all.
    """
    category = unicodedata.category(character)
    if category == "Cc" or category[0] == "Z":
        return " "
    return "" if category[0] == "C" else character


class _Alike(dict[int, str]):
    """What becomes of a character: what people write most is looked up, the rest is worked out."""

    def __missing__(self, code: int) -> str:
        return _visible(chr(code))


ALIKE = _Alike(
    {code: _visible(chr(code)) for code in range(0x2100)}
    # Capital İ folds to i with a dot apart, and capital I to i where small ı is meant.
    | str.maketrans({"ı": "i", "\u0307": "", "’": "'", "ʼ": "'"})
)
"""Code point → what stands for it."""


def alike(words: str) -> str:
    """Words without case, width, dots of an i, marks that cannot be seen, punctuation around them
    and doubled spaces.
    """
    seen = unicodedata.normalize("NFKC", words).casefold().translate(ALIKE)
    return " ".join(seen.split()).strip(" .,!?;:/«»\"'()")


def apart(words: str) -> list[str]:
    """The words of an `alike` text, one by one, without the punctuation around them."""
    return [part for word in words.split() if (part := word.strip(".,!?;:/«»\"'()-…"))]


@dataclass(frozen=True, slots=True)
class Words:
    """What is understood in one language. Every key is `alike`."""

    choices: Mapping[str, Mapping[str, str]]
    """State → label → the choice's key."""
    commands: Mapping[str, str]
    """Word → the name of the command."""
    entries: Mapping[str, Mapping[str, str]]
    """Option set → name → its key."""
    names: Mapping[str, tuple[str, ...]]
    """Key of an entry → all its names."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words of every language of the service."""

    by_language: Mapping[str, Words]
    languages: Mapping[str, str]
    """Name of a language in any of our languages, `alike` → its code."""
    order: tuple[str, ...] = field(default=())
    understanding: Understanding = field(default=NOTHING)
    """What is made of text that is none of these words."""

    def spoken_first(self, language: str) -> Iterable[Words]:
        """The words of the person's language, then of all the others: people mix."""
        if language in self.by_language:
            yield self.by_language[language]
        for code in self.order:
            if code != language:
                yield self.by_language[code]

    def words_for(self, command: str) -> Mapping[str, tuple[str, ...]]:
        """By language, all that means that command when it is written alone, `alike`."""
        return {
            language: tuple(word for word, name in words.commands.items() if name == command)
            for language, words in self.by_language.items()
        }


def build(
    script: Script,
    texts: Mapping[str, Text],
    entries: Mapping[str, Mapping[str, Mapping[str, Iterable[str]]]],
    languages: Mapping[str, Iterable[str]],
    understanding: Understanding = NOTHING,
) -> Lexicon:
    """The lexicon of a script.

    `texts` by language; `entries`: option set → key → language → names and aliases; `languages`:
    code → names; `understanding`: what free text is given to.
    """
    by_language = {code: _words(script, text, code, entries) for code, text in texts.items()}
    names = {alike(name): code for code, known in languages.items() for name in known}
    return Lexicon(by_language, names, tuple(texts), understanding)


def _words(
    script: Script,
    text: Text,
    language: str,
    entries: Mapping[str, Mapping[str, Mapping[str, Iterable[str]]]],
) -> Words:
    choices = {
        step.name: {
            alike(text(f"{step.name.replace('/', '.')}.choices.{c.key}.label", c.label)): c.key
            for c in step.choices
        }
        for step in script.steps.values()
        if step.choices
    }
    commands = {}
    for command in script.commands.values():
        context = f"always.commands.{command.name}"
        listed = text(f"{context}.words", "; ".join(command.words)).split(";")
        for word in (*command.words, *listed, text(f"{context}.label", command.label)):
            if said := alike(word):
                commands[said] = command.name
    named = {
        options: {
            alike(name): key
            for key, names in keys.items()
            for name in (key, *names.get(language, ()))
        }
        for options, keys in entries.items()
    }
    names: dict[str, tuple[str, ...]] = {}
    for known in named.values():
        for name, key in known.items():
            names[key] = (*names.get(key, ()), name)
    return Words(choices, commands, named, names)

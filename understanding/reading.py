"""Reads the lexicons, `flows/phrases/*.yaml`: every fault at its line and column.

It decides what an author may write there, and takes lists and patterns apart. It does not know
what people type.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, StrictInt

from authored import Authored, Mistake, Mistakes, did_you_mean, read_file, shape
from understanding.classes import COMMANDS, CRISES, NEEDS
from understanding.grammar import (
    Choice,
    Named,
    Pattern,
    PatternError,
    Sequence,
    as_typed,
    parse,
    plain,
    side_by_side,
)

Entry = str | StrictInt
"""A number (112) is a word too."""

BUILT_IN = ("ADULT", "AGE", "NUMBER", "YEAR")
"""Lists that every language has: 18–99, 1–17, any number, 1900–2099."""
PATTERN_CLASSES = (
    *CRISES,
    *(f"need.{need}" for need in NEEDS),
    *(f"command.{command}" for command in COMMANDS),
)
NOT_CLASSES = ("any", "crisis", "need", "command", *PATTERN_CLASSES)
OTHERS = "others"
"""What a rule says that finds talk about others."""
OCCUPIED = "occupied"
"""The place of the packs that says how a place is, not where."""
_PLACE = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")
REACH = 3
"""Words over which a negation reaches, unless the lexicon says otherwise."""


class LexiconFile(BaseModel):
    """One file of `flows/phrases`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal[1]
    language: str
    words: dict[str, list[Entry]] = Field(default_factory=dict)
    patterns: dict[str, list[Entry] | Literal["none"] | None] = Field(default_factory=dict)
    not_: dict[str, list[Entry]] = Field(default_factory=dict, alias="not")
    negation: list[Entry] = Field(default_factory=list)
    negation_reach: int | None = None
    clause: list[Entry] = Field(default_factory=list)
    others: list[Entry] = Field(default_factory=list)
    politeness: list[Entry] = Field(default_factory=list)
    safe_words: list[Entry] = Field(default_factory=list)
    places: dict[str, list[Entry]] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern and what it says."""

    language: str
    says: str
    """A class of `PATTERN_CLASSES`, one of `NOT_CLASSES` when `off`, or `place.` and a code."""
    written: str
    pattern: Pattern
    off: bool = False
    """Where it matches, the words count for nothing."""

    @property
    def name(self) -> str:
        """How `why` names it."""
        return f"{self.language} {self.says}: {self.written}"


@dataclass(slots=True)
class Lexicon:
    """What the files of one language say."""

    language: str
    lists: dict[str, tuple[Sequence, ...]] = field(default_factory=dict)
    rules: list[Rule] = field(default_factory=list)
    reach: int = REACH


def read_lexicons(folder: Path, only: Collection[str] = ()) -> dict[str, Lexicon]:
    """Every lexicon of a folder by language, or `only` those of some languages. Raises `Mistakes`
    with all faults of all files.
    """
    found: list[Mistake] = []
    files: list[tuple[Authored, LexiconFile]] = []
    for path in sorted(folder.glob("*.yaml")):
        if only and path.stem.split("_")[0] not in only:
            continue
        try:
            authored = read_file(path, shown_as=f"{folder.name}/{path.name}")
            written = shape(LexiconFile, authored)
        except Mistakes as mistakes:
            found += mistakes.found
            continue
        files.append((authored, written))
        if path.stem.split("_")[0] != written.language:
            mend = f"Name it {written.language}.yaml or {written.language}_….yaml."
            found.append(authored.mistake(("language",), "is not the language of its name", mend))
    lexicons: dict[str, Lexicon] = {}
    for authored, written in files:
        lexicon = lexicons.setdefault(written.language, Lexicon(written.language))
        _Reader(authored, lexicon, found).lists(written)
    for authored, written in files:
        _Reader(authored, lexicons[written.language], found).rules(written)
    if found:
        raise Mistakes(found)
    return lexicons


class _Reader:
    def __init__(self, authored: Authored, lexicon: Lexicon, found: list[Mistake]) -> None:
        self.authored = authored
        self.lexicon = lexicon
        self.found = found

    def lists(self, written: LexiconFile) -> None:
        """The named lists, and those that every lexicon has under names of its own."""
        for name, entries in written.words.items():
            if name in BUILT_IN:
                self.fault(("words", name), f"'{name}' is a list of every language", "Rename it.")
            self.add(name, entries, ("words", name))
        for name in ("negation", "clause", "politeness"):
            self.add(f"={name}", getattr(written, name), (name,))
        for name in ("negation", "clause"):
            for i, entry in enumerate(getattr(written, name)):
                if len(str(entry).split()) > 1:
                    self.fault((name, i), f"'{entry}' is several words", "Write single words.")
        if written.negation_reach is not None:
            self.lexicon.reach = written.negation_reach

    def add(self, name: str, entries: Iterable[Entry], path: tuple[str | int, ...]) -> None:
        read = [self.entry(str(entry), (*path, i)) for i, entry in enumerate(entries)]
        known = self.lexicon.lists.get(name, ())
        self.lexicon.lists[name] = (*known, *(one for one in read if one is not None))

    def entry(self, text: str, path: tuple[str | int, ...]) -> Sequence | None:
        """An entry of a list: words that stand side by side."""
        if (words := plain(text)) is not None:
            return words
        pattern = self.pattern(text, path)
        if pattern is None:
            return None
        (parts, *more) = (sequence.parts for sequence in pattern.sequences)
        if more or pattern.strong or pattern.whole:
            self.fault(path, f"'{text}' is a pattern, not words", "Write it under patterns.")
            return None
        return side_by_side(parts)

    def pattern(self, text: str, path: tuple[str | int, ...]) -> Pattern | None:
        try:
            return parse(text)
        except PatternError as error:
            self.fault(path, f"'{text}': {error} (letter {error.at + 1})")
            return None

    def rules(self, written: LexiconFile) -> None:
        """The patterns and the places."""
        for says, entries in written.patterns.items():
            if isinstance(entries, list):
                self.add_rules(says, entries, ("patterns", says), PATTERN_CLASSES)
        for says, entries in written.not_.items():
            self.add_rules(says, entries, ("not", says), NOT_CLASSES, off=True)
        for code, entries in written.places.items():
            if not _PLACE.fullmatch(code):
                mend = "Write a country (PL) or a region (UA-63), as ISO 3166 has it."
                self.fault(("places", code), f"'{code}' is the code of no place", mend)
            names = [self.entry(str(name), ("places", code, i)) for i, name in enumerate(entries)]
            if some := [name for name in names if name is not None]:
                self.lexicon.rules.append(place_rule(written.language, code, some))
        language = written.language
        for i, text in enumerate(written.others):
            if (pattern := self.pattern(str(text), ("others", i))) is not None:
                self.lexicon.rules.append(Rule(language, OTHERS, str(text), pattern, off=True))
        for i, text in enumerate(written.safe_words):
            if (sequence := self.entry(str(text), ("safe_words", i))) is not None:
                pattern = Pattern((sequence,), whole=True, strong=True)
                self.lexicon.rules.append(Rule(language, "command.exit", "a safe word", pattern))

    def add_rules(
        self,
        says: str,
        entries: list[Entry],
        path: tuple[str | int, ...],
        classes: tuple[str, ...],
        *,
        off: bool = False,
    ) -> None:
        if says not in classes:
            self.fault(path, f"'{says}' is no class", did_you_mean(says, classes))
            return
        for i, text in enumerate(entries):
            pattern = self.pattern(str(text), (*path, i))
            if pattern is None:
                continue
            for name in names_in(pattern):
                if name not in self.lexicon.lists and name not in BUILT_IN:
                    known = (k for k in (*self.lexicon.lists, *BUILT_IN) if k[0] != "=")
                    self.fault((*path, i), f"there is no list <{name}>", did_you_mean(name, known))
                    break
            else:
                rule = Rule(self.lexicon.language, says, str(text).strip(), pattern, off)
                self.lexicon.rules.append(rule)

    def fault(self, path: tuple[str | int, ...], message: str, mend: str = "") -> None:
        self.found.append(self.authored.mistake(path, message, mend, "phrases"))


def names_in(pattern: Pattern) -> list[str]:
    """The lists that a pattern uses."""
    names: list[str] = []

    def look(sequence: Sequence) -> None:
        for part in sequence.parts:
            if isinstance(part, Named):
                names.append(part.name)
            elif isinstance(part, Choice):
                for way in part.ways:
                    look(way)

    for sequence in pattern.sequences:
        look(sequence)
    return names


def place_rule(language: str, code: str, names: Iterable[Sequence]) -> Rule:
    """The rule that any of these names says a place."""
    any_name = Sequence((Choice(tuple(names)),))
    says = code if code == OCCUPIED else f"place.{code}"
    return Rule(language, says, code, Pattern((any_name,)))


def place_rules(places: Mapping[str, Mapping[str, Iterable[str]]]) -> Iterator[Rule]:
    """The rules of names that come with the packs: code → language → names."""
    for code, by_language in places.items():
        if code != OCCUPIED and not _PLACE.fullmatch(code):
            continue  # `abroad` is no place on a map
        for language, names in by_language.items():
            words = (side_by_side(map(as_typed, name.split())) for name in dict.fromkeys(names))
            if some := [one for one in words if one.parts]:
                yield place_rule(language, code, some)

"""What a lint rule stands on: a script, its files and translations, with the graph drawn once."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from authored import Mistake
from authored.mistakes import Severity
from authored.reading import Path_
from flows.contexts import DOMAIN, Text, script_texts
from flows.grammar import RETURN, Script, Step, Way
from flows.reader import Library
from flows.table import ways_of


class Book(Protocol):
    """The translations of one language, without those it falls back to."""

    def own(self, domain: str, context: str, english: str) -> str | None:
        """The translation in this language itself, when there is a good one."""


class Ground:
    """One script under inspection."""

    def __init__(self, library: Library, books: Mapping[str, Book]) -> None:
        self.library = library
        self.books = books

    @property
    def script(self) -> Script:
        """The script."""
        return self.library.script

    @cached_property
    def texts(self) -> tuple[Text, ...]:
        """Every text of the script."""
        return tuple(script_texts(self.script))

    @cached_property
    def spoken(self) -> Mapping[str, Mapping[str, str]]:
        """Language → context → text, with English first and no text that is not translated."""
        spoken = {"en": {text.context: text.english for text in self.texts}}
        for language, book in self.books.items():
            if language != "en":
                own = ((t, book.own(DOMAIN, t.context, t.english)) for t in self.texts)
                spoken[language] = {t.context: said for t, said in own if said is not None}
        return spoken

    def mistake(self, flow: str, path: Path_, message: str, mend: str = "") -> Mistake:
        """A finding at a value of a flow's file."""
        return self.library.files[flow].mistake(path, message, mend)

    def at(self, step: Step, message: str, mend: str = "", *rest: str | int) -> Mistake:
        """A finding at a step, or at a part of it."""
        path = ("steps", step.name.partition("/")[2], *rest)
        return self.mistake(step.flow, path, message, mend)

    @cached_property
    def ways(self) -> Mapping[str, tuple[Way, ...]]:
        """State → every way out of it."""
        return {
            name: tuple(way for _, _, way in ways_of(step))
            for name, step in self.script.steps.items()
        }

    def next(self, state: str) -> Iterator[str]:
        """The states that a state leads to, those after a sub-flow among them."""
        for way in self.ways[state]:
            if way.to != RETURN:
                yield way.to
            if way.then is not None:
                yield way.then

    def within(self, state: str) -> Iterator[str]:
        """The same, as long as the sub-flow that the state is in is not left."""
        for way in self.ways[state]:
            to = way.to if way.then is None else way.then
            if to != RETURN and to.partition("/")[0] == state.partition("/")[0]:
                yield to


def reach(start: Iterable[str], follow: Callable[[str], Iterable[str]]) -> set[str]:
    """Everything that can be come to, the start included."""
    seen: set[str] = set()
    ahead = list(start)
    while ahead:
        state = ahead.pop()
        if state not in seen:
            seen.add(state)
            ahead += follow(state)
    return seen


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing to look for. The findings take its name and how grave it is."""

    id: str
    severity: Severity
    why: str
    check: Callable[[Ground], Iterable[Mistake]]

"""Written-down conversations that a script must keep: `tests/*.yaml` read and played.

    - case: somebody asks for a doctor
      lang: [en, uk]                      # played once in each; `all` for every language
      now: 2026-11-22T23:10+02:00         # optional
      steps:
        - choose: medical                 # a choice of the step, by key
        - pick: UA-63                     # one of a list, or of what was found
        - returned: {outcome: some, values: {found: [a, b]}}
        - user: stop                      # typed words
        - happened: {news: joined, values: {who: [Linden]}}   # something changed at the desk
        - press: stale                    # an old button
        - send: voice                     # something that is not text
        - expect: {step: results, choices: [again], say_contains: help, slot: {need: medical},
                   note: unclear, silent: false, ended: false, stored: session}

It decides what holds and what does not. Who really talks is a `Player`, made by the composition
root from the parts that serve people, so that nothing is tested on a stand-in.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import Field, RootModel

from authored import Authored, Mistake, Mistakes, did_you_mean, read_file, shape
from authored.reading import Path_
from flows.coverage import Coverage, WatchedTable
from flows.players import MakePlayer, Player
from flows.reader import Library
from flows.shapes import Shape

ALL = "all"
"""In `lang`: a case that says nothing in any language, and must hold in every one."""


class _ReturnedShape(Shape):
    outcome: str
    values: dict[str, list[str]] = Field(default_factory=dict)


class _HappenedShape(Shape):
    news: str
    values: dict[str, list[str]] = Field(default_factory=dict)


class _ExpectShape(Shape):
    step: str | None = None
    choices: list[str] | None = None
    say_contains: str | list[str] | None = None
    silent: bool | None = None
    slot: dict[str, str | None] = Field(default_factory=dict)
    note: str | None = None
    ended: bool | None = None
    stored: Literal["nothing", "session"] | None = None


class StepShape(Shape):
    """One line of a case: what a person does, what an errand brings, or what is expected."""

    user: str | int | None = None
    choose: str | None = None
    pick: str | None = None
    returned: _ReturnedShape | None = None
    happened: _HappenedShape | None = None
    press: Literal["stale"] | None = None
    send: str | None = None
    expect: _ExpectShape | None = None


class _CaseShape(Shape):
    case: str = Field(min_length=1)
    lang: str | list[str] = "en"
    now: str | None = None
    steps: list[StepShape] = Field(min_length=1)


class _CasesShape(RootModel[list[_CaseShape]]):
    pass


@dataclass(frozen=True, slots=True)
class Case:
    """One conversation in one file."""

    name: str
    languages: tuple[str, ...]
    now: datetime | None
    file: Authored = field(repr=False)
    number: int
    """Its place in the file, from 0."""
    steps: tuple[StepShape, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Report:
    """What came of playing: failures where they are written, and what was never walked."""

    played: int
    """Conversations, each language counted."""
    failures: tuple[Mistake, ...]
    coverage: Mapping[str, Coverage]
    """By language."""


def read_conversations(folder: Path, every: Sequence[str] = ("en",)) -> tuple[Case, ...]:
    """Every case of every `*.yaml` in a folder. Raises `Mistakes` with every fault of all.

    `every`: the languages that `lang: all` means.
    """
    cases: list[Case] = []
    found: list[Mistake] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            file = read_file(path)
            for number, case in enumerate(shape(_CasesShape, file).root):
                found += _case_mistakes(file, number, case)
                lang = (case.lang,) if isinstance(case.lang, str) else tuple(case.lang)
                spoken = tuple(every) if lang == (ALL,) else lang
                now = _moment(case.now)
                cases.append(Case(case.case, spoken, now, file, number, tuple(case.steps)))
        except Mistakes as mistakes:
            found += mistakes.found
    if found:
        raise Mistakes(found)
    return tuple(cases)


def _moment(now: str | None) -> datetime | None:
    """The moment that is written, when it has a zone."""
    try:
        moment = datetime.fromisoformat(now) if now else None
    except ValueError:
        return None
    return moment if moment and moment.tzinfo else None


def _case_mistakes(file: Authored, number: int, case: _CaseShape) -> Iterator[Mistake]:
    if case.now and _moment(case.now) is None:
        mend = "Write it as 2026-11-22T23:10+02:00."
        yield file.mistake((number, "now"), "is no moment with a zone", mend)
    for i, step in enumerate(case.steps):
        if len(step.model_fields_set) != 1:
            mend = "One of user, choose, pick, returned, happened, press, send, expect."
            yield file.mistake((number, "steps", i), "a step does one thing", mend)


def play(cases: Sequence[Case], library: Library, make_player: MakePlayer) -> Report:
    """Play every case in each of its languages."""
    tables: dict[str, WatchedTable] = {}
    failures: list[Mistake] = []
    played = 0
    for case in cases:
        for language in case.languages:
            if language not in tables:
                tables[language] = WatchedTable(library.script)
            table = tables[language]
            player = make_player(table, language, case.now)
            table.visited.add(player.state)
            failures += _play(case, player, table, language)
            played += 1
    coverage = {language: Coverage.of(library, table) for language, table in tables.items()}
    return Report(played, tuple(sorted(set(failures))), coverage)


def _play(case: Case, player: Player, table: WatchedTable, language: str) -> Iterator[Mistake]:
    """Play one case up to the first thing that does not hold: the rest would follow from it."""
    for i, step in enumerate(case.steps):
        path: Path_ = (case.number, "steps", i)
        if step.expect is not None:
            faults = list(unmet(step.expect, player))
        else:
            faults = list(take_turn(step, player))
            table.visited.add(player.state)
        for message, mend in faults:
            said = f"{case.name} ({language}): {message}"
            yield case.file.mistake(path, said, mend, "conversation")
        if faults:
            return


def take_turn(step: StepShape, player: Player) -> Iterator[tuple[str, str]]:
    """Take one turn. What is not offered is said instead of pressed."""
    if step.choose is not None:
        if step.choose not in player.choices:
            hint = did_you_mean(step.choose, player.choices)
            yield f"{player.state} offers no choice '{step.choose}'", hint
            return
        player.choose(step.choose)
    elif step.pick is not None:
        player.pick(step.pick)
    elif step.returned is not None:
        yield from _brought(player, player.returned, step.returned.outcome, step.returned.values)
    elif step.happened is not None:
        yield from _brought(player, player.happened, step.happened.news, step.happened.values)
    elif step.press is not None:
        player.press_stale()
    elif step.send is not None:
        player.send(step.send)
    else:
        player.words(str(step.user))


def _brought(
    player: Player,
    bring: Callable[[str, Mapping[str, tuple[str, ...]]], None],
    word: str,
    written: Mapping[str, Sequence[str]],
) -> Iterator[tuple[str, str]]:
    """What comes from elsewhere: an errand's return, news of a chat with a human."""
    try:
        bring(word, {name: tuple(items) for name, items in written.items()})
    except LookupError as fault:
        yield str(fault), f"It says: {_short(player.said)}"


def unmet(expect: _ExpectShape, player: Player) -> Iterator[tuple[str, str]]:
    """What does not hold of an expectation: a sentence and a mend for each."""
    if expect.step is not None and expect.step not in (
        player.state,
        player.state.partition("/")[2],
    ):
        yield f"is at {player.state}, not at {expect.step}", f"It says: {_short(player.said)}"
    if expect.choices is not None and list(player.choices) != expect.choices:
        shown = ", ".join(player.choices) or "nothing"
        yield f"offers {shown}, not {', '.join(expect.choices) or 'nothing'}", ""
    wanted = expect.say_contains or []
    for words in [wanted] if isinstance(wanted, str) else wanted:
        if words not in player.said:
            yield f"does not say '{words}'", f"It says: {_short(player.said)}"
    if expect.silent is not None and expect.silent != (not player.said):
        yield "says nothing" if expect.silent is False else "is not silent", _short(player.said)
    for name, value in expect.slot.items():
        if (held := player.slots.get(name)) != value:
            yield f"slot '{name}' holds {held or 'nothing'}, not {value or 'nothing'}", ""
    if expect.note is not None and player.note != expect.note:
        yield f"the note is {player.note or 'none'}, not {expect.note}", ""
    ended = player.ended
    if expect.ended is not None and ended != expect.ended:
        yield "has ended" if ended else "has not ended", ""
    if expect.stored is not None and (expect.stored == "nothing") != ended:
        yield "nothing is stored" if ended else "a session is stored", ""


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= 160 else f"{words[:159]}…"

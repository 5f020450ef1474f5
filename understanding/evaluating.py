"""How well sentences with known labels are understood: recall, false alarms, what was missed.

It judges and prints nothing. The sentences are made up; no person wrote them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from authored import Mistake, Mistakes, did_you_mean
from understanding.classes import COMMANDS, CRISES, NEEDS, Heard
from understanding.hearing import Understanding

HEADER = ("text", "crisis", "need", "place", "command")
PARTS = ("development", "apart", "stranger")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence and what it means."""

    text: str
    crisis: str | None
    need: str | None
    place: str | None
    command: str | None
    line: int = 0
    file: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    """Right ones out of all. `rate` is 1 where there were none."""

    right: int
    of: int

    @property
    def rate(self) -> float:
        """Between 0 and 1."""
        return self.right / self.of if self.of else 1.0

    def __str__(self) -> str:
        return f"{self.rate:.3f} ({self.right}/{self.of})"


@dataclass(frozen=True, slots=True)
class Measured:
    """What one file of sentences showed."""

    any_crisis: Score
    same_crisis: Score
    false_alarms: Score
    """Of sentences without a crisis, those in which one was heard."""
    need: Score
    place: Score
    command: Score
    wrong: tuple[tuple[Sentence, Heard], ...]


def read_sentences(path: Path) -> list[Sentence]:
    """The sentences of a `.tsv`. Raises `Mistakes`, each with its line."""
    found: list[Mistake] = []
    sentences: list[Sentence] = []
    known = (CRISES, NEEDS, (), COMMANDS)
    name = f"{path.parent.name}/{path.name}"
    for line, row in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        if not row.strip() or row.startswith("#") or (line == 1 and row.startswith("text\t")):
            continue
        cells = [cell.strip() for cell in row.split("\t")]
        if len(cells) != len(HEADER):
            mend = "Write text, crisis, need, place, command with tabs between; - for none."
            found.append(Mistake(name, line, 1, f"has {len(cells)} columns of 5", mend))
            continue
        labels = [None if cell in ("-", "") else cell for cell in cells[1:]]
        for label, ones, title in zip(labels, known, HEADER[1:], strict=True):
            if ones and label is not None and label not in ones:
                hint = did_you_mean(label, ones)
                column = row.index(label) + 1
                found.append(Mistake(name, line, column, f"'{label}' is no {title}", hint))
        crisis, need, place, command = labels
        sentences.append(Sentence(cells[0], crisis, need, place, command, line, name))
    if found:
        raise Mistakes(found)
    return sentences


def sentences_of(folder: Path, language: str) -> list[Sentence]:
    """The sentences of a language in a folder: `uk.tsv` and `uk_….tsv`. Raises `Mistakes`."""
    paths = [*sorted(folder.glob(f"{language}.tsv")), *sorted(folder.glob(f"{language}_*.tsv"))]
    return [one for path in paths for one in read_sentences(path)]


def unseen(sentences: Iterable[Sentence], seen: Iterable[Sentence]) -> list[Sentence]:
    """The sentences that do not stand, word for word, among those that are known."""
    known = {one.text.casefold() for one in seen}
    return [one for one in sentences if one.text.casefold() not in known]


def measure(understanding: Understanding, sentences: Iterable[Sentence], language: str) -> Measured:
    """Hear every sentence and compare."""
    heard = [(one, understanding.hear(one.text, language)) for one in sentences]
    crises = [(one, got) for one, got in heard if one.crisis]
    calm = [(one, got) for one, got in heard if not one.crisis]
    needs = [(one, got) for one, got in heard if one.need and not one.crisis]
    places = [(one, got) for one, got in heard if one.place]
    commands = [(one, got) for one, got in heard if one.command]
    wrong = tuple(
        (one, got)
        for one, got in heard
        if (one.crisis != got.crisis)
        or (one.need and not one.crisis and one.need != got.need)
        or (one.place and one.place != got.place)
        or (one.command and one.command != got.command)
    )
    return Measured(
        any_crisis=Score(sum(got.crisis is not None for _, got in crises), len(crises)),
        same_crisis=Score(sum(got.crisis == one.crisis for one, got in crises), len(crises)),
        false_alarms=Score(sum(got.crisis is not None for _, got in calm), len(calm)),
        need=Score(sum(got.need == one.need for one, got in needs), len(needs)),
        place=Score(sum(got.place == one.place for one, got in places), len(places)),
        command=Score(sum(got.command == one.command for one, got in commands), len(commands)),
        wrong=wrong,
    )

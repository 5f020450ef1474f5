"""A small linear model over pieces of words: a second ear where no rule matched.

It decides how sure it must be, by thresholds that training chose; what it may decide at all is
decided in `hearing`. It knows the pieces of words that stand in the made-up sentences, and keeps
none that a person typed.
"""

import io
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from understanding.classes import CRISES, NEEDS
from understanding.scripts import skeleton

SHORTEST, LONGEST = 3, 4
"""Letters of a piece, with the marks of where a word begins and ends."""
BEGINNING = 4
"""Letters of each of two neighbours that make a pair."""
MOST_REASONS = 3
COLUMNS = (*CRISES, *NEEDS, "")
"""What the fine weights tell apart: which crisis, and which need or none."""
_NOT_WORDS = frozenset({",", '"', "."})
_PLACE = {says: place for place, says in enumerate(COLUMNS)}
Word = tuple[float, int, str]
"""What a word adds to the alarm, of how many pieces, and its beginning."""


@dataclass(frozen=True, slots=True)
class Guess:
    """A class and the pieces that spoke for it most."""

    says: str
    why: str
    ahead: float
    """Its lead over the next class."""


def pieces(word: str) -> list[str]:
    """The pieces of a word: runs of letters, and the whole."""
    marked = f"<{word}>"
    found = [
        marked[i : i + length]
        for length in range(SHORTEST, LONGEST + 1)
        for i in range(len(marked) - length + 1)
    ]
    if len(marked) > LONGEST or len(marked) < SHORTEST:
        found.append(marked)
    return found


def pair(before: str, word: str) -> str:
    """The piece of two neighbours, from their beginnings."""
    return f"{before} {word[:BEGINNING]}"


def words_in(said: Iterable[str]) -> list[str]:
    """The words among the tokens of a text."""
    return [word for word in said if word not in _NOT_WORDS]


def features(words: Iterable[str], *, drawn: bool) -> list[str]:
    """All pieces of a message. `drawn`: by skeletons, so that Latin and Cyrillic are one."""
    found: list[str] = []
    before = ""
    for typed in words:
        word = skeleton(typed) if drawn else typed
        found += pieces(word)
        found.append(pair(before, word))
        before = word[:BEGINNING]
    return found


@dataclass(frozen=True, slots=True)
class Model:
    """The weights of one language, ready."""

    names: tuple[str, ...] = field(repr=False)
    """All pieces, by row."""
    rows: Mapping[str, int] = field(repr=False)
    """Piece → row of the fine weights."""
    alarm: list[float] = field(repr=False)
    """By row, how much a piece speaks for any crisis."""
    fine: NDArray[np.float32] = field(repr=False)
    known: Mapping[str, Word] = field(repr=False)
    biases: tuple[float, ...] = field(repr=False)
    """Of the alarm, then of each column."""
    drawn: bool
    surest: float
    """The least alarm that counts; infinite where the model does not help."""
    surest_need: float

    def crisis(self, words: Sequence[str]) -> Guess | None:
        """The crisis that a message is about, when it is sure of one."""
        if self.alarm_of(words) < self.surest:
            return None
        return self._best(words, CRISES, 0)

    def need(self, words: Sequence[str], among: Iterable[str] = ()) -> Guess | None:
        """The need that a message is about, when it is sure, or the likeliest of some."""
        chosen = tuple(among)
        best = self._best(words, chosen or (*NEEDS, ""), self.surest_need if not chosen else 0)
        return best if best and best.says else None

    def alarm_of(self, words: Sequence[str]) -> float:
        """How much a message sounds like any crisis."""
        total, count, before = 0.0, 0, ""
        for typed in words:
            score, number, start = self.known.get(typed) or self._work_out(typed)
            row = self.rows.get(f"{before} {start}")
            if row is not None:
                total += self.alarm[row]
                count += 1
            total += score
            count += number
            before = start
        return total / math.sqrt(count or 1) + self.biases[0]

    def _work_out(self, typed: str) -> Word:
        word = skeleton(typed) if self.drawn else typed
        rows = [row for piece in pieces(word) if (row := self.rows.get(piece)) is not None]
        return sum(self.alarm[row] for row in rows), len(rows), word[:BEGINNING]

    def _best(self, words: Sequence[str], among: tuple[str, ...], ahead: float) -> Guess | None:
        found = map(self.rows.get, features(words, drawn=self.drawn))
        rows = list(dict.fromkeys(row for row in found if row is not None))
        if not rows:
            return None
        weights = self.fine[rows]
        scores = (weights.sum(axis=0) / math.sqrt(len(rows))).tolist()
        scores = [score + bias for score, bias in zip(scores, self.biases[1:], strict=True)]
        columns = sorted(map(_PLACE.__getitem__, among), key=lambda one: -scores[one])
        best = columns[0]
        lead = float(scores[best] - scores[columns[1]]) if len(columns) > 1 else math.inf
        if lead < ahead:
            return None
        order = np.argsort(-weights[:, best], kind="stable")[:MOST_REASONS]
        said = ", ".join(f"'{self.names[rows[int(one)]]}'" for one in order)
        return Guess(COLUMNS[best], f"model {COLUMNS[best]}: {said}", lead)


def read_model(path: Path) -> tuple[Model, tuple[str, ...]]:
    """A model and the words that are spelt right in its language."""
    return open_model(path.read_bytes())


def open_model(data: bytes) -> tuple[Model, tuple[str, ...]]:
    """As `read_model`, of the bytes that `pack` gave."""
    with np.load(io.BytesIO(data), allow_pickle=False) as kept:
        names = bytes(kept["pieces"]).decode().split("\n")
        words = bytes(kept["words"]).decode().split("\n")
        scales = kept["scales"]
        weights = kept["weights"].astype(np.float32) * scales[np.newaxis, :]
        scores, counts = kept["word_scores"].tolist(), kept["word_counts"].tolist()
        settings = kept["settings"].tolist()
        biases = tuple(kept["biases"].tolist())
    drawn = bool(settings[0])
    known = {
        word: (score, count, (skeleton(word) if drawn else word)[:BEGINNING])
        for word, score, count in zip(words, scores, counts, strict=True)
    }
    rows = {piece: row for row, piece in enumerate(names)}
    model = Model(
        tuple(names),
        rows,
        weights[:, 0].tolist(),
        np.ascontiguousarray(weights[:, 1:]),
        known,
        biases,
        drawn,
        settings[1],
        settings[2],
    )
    return model, tuple(words)


def pack(**arrays: Any) -> bytes:
    """Arrays as the bytes of an .npz; the same arrays give the same bytes."""
    out = io.BytesIO()
    np.savez_compressed(out, **arrays)
    return out.getvalue()

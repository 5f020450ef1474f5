"""Trains the small linear model from the development sentences, the same every time.

    any crisis      logistic, all sentences
    which crisis    one of five, sentences of a crisis
    which need      one of ten or none, the others

Limits are chosen on sentences that a part of the model has not seen. It decides nothing when a
person writes.
"""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from understanding.classes import CRISES, NEEDS
from understanding.evaluating import Sentence
from understanding.model import COLUMNS, features, open_model, pack, pieces, words_in
from understanding.noise import with_slips
from understanding.normal import tokens
from understanding.scripts import is_cyrillic, skeleton

FOLDS, BLOCK = 3, 12
"""Neighbours in a file are often forms of one sentence, so they are held out together."""
ROUNDS = 50
STEP = 0.3
DECAY = 1e-5
"""How strongly weights are drawn to nothing."""
LEAST_SENTENCES = 3
"""Sentences in which a piece must stand."""
LEAST_WORD = 2
MOST_FALSE = 0.06
"""Share of calm sentences held out in which it may cry wolf: development is full of idioms and of
talk about others, and held out with their like; among what people write they are few.
"""
LEAST_ALARM = 1.2
"""However few these were."""
LEAST_SAID, LEAST_RIGHT = 20, 0.8
NEVER = 1e9
Floats = NDArray[np.float64]


def words_of(text: str) -> list[str]:
    """The words of a text as the model takes them."""
    return words_in(tokens(text))


@dataclass(frozen=True, slots=True)
class _Set:
    """Sentences as rows of pieces: `of[starts[i]:starts[i + 1]]` are the pieces of one."""

    of: NDArray[np.int64]
    starts: NDArray[np.int64]
    scale: Floats
    order: NDArray[np.int64]
    bounds: NDArray[np.int64]
    """`order` sorts entries by piece; `bounds` are where each piece that is there begins."""
    there: NDArray[np.int64]

    def scores(self, weights: Floats, biases: Floats) -> Floats:
        """Sentences × columns."""
        sums = np.add.reduceat(weights[self.of], self.starts[:-1], axis=0)
        return sums * self.scale[:, np.newaxis] + biases

    def back(self, errors: Floats, size: int) -> Floats:
        """Pieces × columns: the slope of the weights."""
        scaled = errors * self.scale[:, np.newaxis]
        spread = np.repeat(scaled, np.diff(self.starts), axis=0)[self.order]
        slope = np.zeros((size, errors.shape[1]))
        slope[self.there] = np.add.reduceat(spread, self.bounds, axis=0)
        return slope


def _set(sentences: Sequence[Sequence[int]]) -> _Set:
    of = np.array([one for some in sentences for one in some], dtype=np.int64)
    lengths = np.array([len(some) for some in sentences], dtype=np.int64)
    order = np.argsort(of, kind="stable")
    there, bounds = np.unique(of[order], return_index=True)
    starts = np.concatenate([[0], np.cumsum(lengths)])
    return _Set(of, starts, 1 / np.sqrt(lengths), order, bounds, there)


def _fit(rows: _Set, wanted: Floats, size: int, *, several: bool) -> tuple[Floats, Floats]:
    """Weights and biases by plain steps downhill (Adam, all sentences at once)."""
    columns = wanted.shape[1]
    state = np.zeros((size + 1, columns))
    mean, square = np.zeros_like(state), np.zeros_like(state)
    for step in range(1, ROUNDS + 1):
        scores = rows.scores(state[:-1], state[-1])
        if several:
            scores = np.exp(scores - scores.max(axis=1, keepdims=True))
            told = scores / scores.sum(axis=1, keepdims=True)
        else:
            told = 1 / (1 + np.exp(-scores))
        errors = (told - wanted) / len(wanted)
        slope = np.vstack([rows.back(errors, size), errors.sum(axis=0, keepdims=True)])
        slope[:-1] += DECAY * state[:-1]
        mean = 0.9 * mean + 0.1 * slope
        square = 0.99 * square + 0.01 * slope**2
        pace = STEP * (1 - step / (ROUNDS + 1))
        way = mean / (1 - 0.9**step) / (np.sqrt(square / (1 - 0.99**step)) + 1e-9)
        state -= pace * way
    return state[:-1], state[-1]


@dataclass(frozen=True, slots=True)
class _Weights:
    rows: dict[str, int]
    matrix: Floats
    """Pieces × (alarm, then `COLUMNS`)."""
    biases: Floats


def _train(sentences: Sequence[Sentence], seed: int, *, drawn: bool) -> _Weights:
    chance = random.Random(seed)  # nosec B311  # noqa: S311 - slips of fingers, nothing secret
    said: list[tuple[Sentence, list[str]]] = []
    for one in sentences:
        words = words_of(one.text)
        if words:
            said += [(one, words), (one, with_slips(words, chance))]
    found = [list(dict.fromkeys(features(words, drawn=drawn))) for _, words in said]
    counts = Counter(piece for some in found for piece in some)
    names = sorted(piece for piece, count in counts.items() if count >= 2 * LEAST_SENTENCES)
    rows = {piece: row for row, piece in enumerate(names)}
    taken = [[rows[piece] for piece in some if piece in rows] or [0] for some in found]
    labels = [one for one, _ in said]
    size = len(names)
    matrix, biases = np.zeros((size, 1 + len(COLUMNS))), np.zeros(1 + len(COLUMNS))
    alarm = np.array([[1.0 if one.crisis else 0.0] for one in labels])
    matrix[:, :1], biases[:1] = _fit(_set(taken), alarm, size, several=False)
    crises = [i for i, one in enumerate(labels) if one.crisis]
    calm = [i for i, one in enumerate(labels) if not one.crisis]
    for chosen, classes, first in (
        (crises, CRISES, 1),
        (calm, (*NEEDS, ""), 1 + len(CRISES)),
    ):
        wanted = np.zeros((len(chosen), len(classes)))
        for row, i in enumerate(chosen):
            label = labels[i].crisis if classes is CRISES else labels[i].need
            wanted[row, list(classes).index(label or "")] = 1
        part = slice(first, first + len(classes))
        fitted = _fit(_set([taken[i] for i in chosen]), wanted, size, several=True)
        matrix[:, part], biases[part] = fitted
    return _Weights(rows, matrix, biases)


def train(
    sentences: Sequence[Sentence],
    plain: Sequence[str],
    *,
    drawn: bool = False,
    seed: int = 4,
) -> bytes:
    """The model of a language as the bytes of its file, with the `plain` words of the language. The
    same sentences give the same bytes.
    """
    limits = _limits(sentences, seed, drawn=drawn)
    weights = _train(sentences, seed, drawn=drawn)
    return _packed(weights, plain, limits, drawn=drawn)


def _packed(
    weights: _Weights, words: Sequence[str], limits: tuple[float, float], *, drawn: bool
) -> bytes:
    scales = np.maximum(np.abs(weights.matrix).max(axis=0), 1e-9) / 127
    small = np.rint(weights.matrix / scales).astype(np.int8)
    alarm = small[:, 0] * np.float32(scales[0])
    own = [
        [weights.rows[p] for p in pieces(skeleton(word) if drawn else word) if p in weights.rows]
        for word in words
    ]
    return pack(
        pieces=np.frombuffer("\n".join(weights.rows).encode(), dtype=np.uint8),
        words=np.frombuffer("\n".join(words).encode(), dtype=np.uint8),
        weights=small,
        scales=scales.astype(np.float32),
        biases=weights.biases.round(3).astype(np.float32),
        word_scores=np.array([float(alarm[rows].sum()) for rows in own]).round(4),
        word_counts=np.array([len(rows) for rows in own], dtype=np.int16),
        settings=np.array([float(drawn), *limits]),
    )


def plain_words(sentences: Sequence[Sentence], *, drawn: bool) -> list[str]:
    """Words that stand in several sentences, in the writing of the language: spelt right."""
    counts = Counter(word for one in sentences for word in set(words_of(one.text)))
    return sorted(
        word
        for word, count in counts.items()
        if count >= LEAST_WORD and word.isalpha() and is_cyrillic(word) == drawn
    )


def _limits(sentences: Sequence[Sentence], seed: int, *, drawn: bool) -> tuple[float, float]:
    """How sure the model must be of a crisis and of a need, by sentences that it has not seen."""
    calm: list[float] = []
    needs: list[tuple[float, bool]] = []
    for fold in range(FOLDS):
        kept = [one for i, one in enumerate(sentences) if i // BLOCK % FOLDS != fold]
        weights = _train(kept, seed, drawn=drawn)
        model, _ = open_model(_packed(weights, ["-"], (-NEVER, 0), drawn=drawn))
        for i, one in enumerate(sentences):
            words = words_of(one.text)
            if i // BLOCK % FOLDS == fold and words and not (one.crisis or one.command):
                calm.append(model.alarm_of(words))
                guess = model.need(words)
                if guess is not None:
                    needs.append((guess.ahead, guess.says == one.need))
    calm.sort(reverse=True)
    surest = calm[int(MOST_FALSE * len(calm))] if calm else NEVER
    return round(max(surest, LEAST_ALARM), 2), _surest_need(needs)


def _surest_need(needs: Sequence[tuple[float, bool]]) -> float:
    """The least lead of a need over the next that is right in eight of ten."""
    best, right = NEVER, 0
    for said, (ahead, is_right) in enumerate(sorted(needs, reverse=True), start=1):
        right += is_right
        if said >= LEAST_SAID and right / said >= LEAST_RIGHT:
            best = round(ahead - 0.005, 2)
    return best

"""From a text to what it means.

It decides which of several readings is told. It does no I/O, reads no clock and keeps no words.
"""

import gc
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from understanding.building import View, build
from understanding.classes import COMMANDS, CRISES, NEEDS, CommandWord, Crisis, Heard, Need
from understanding.matching import Matcher
from understanding.model import Guess, Model, read_model, words_in
from understanding.normal import tokens
from understanding.reading import OCCUPIED, OTHERS, place_rules, read_lexicons
from understanding.signatures import ASKED, STOP, UNKNOWN
from understanding.spelling import Said

_CRISES = frozenset(CRISES)
_KINDS = ("crisis", "need", "place", "command")
_RANKS: Mapping[str, tuple[str, int]] = {
    **{says: ("crisis", rank) for rank, says in enumerate(CRISES)},
    **{f"need.{says}": ("need", rank) for rank, says in enumerate(NEEDS)},
    **{f"command.{says}": ("command", rank) for rank, says in enumerate(COMMANDS)},
    "place": ("place", 0),
}
"""What a rule says → what it decides, and which of several is told: the lowest."""
_CRISIS_OFF = frozenset({"any", "crisis", *CRISES})
_NEVER = 1e6
"""A limit above this is none: the model does not speak."""
LEAST_OWN = 0.6
"""Share of its words by which a text is known to be of a language."""
WEIGHTS = Path(__file__).parent / "weights"
Spans = dict[str, list[tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class Understanding:
    """All lexicons, ready. Made by `read_understanding`."""

    views: Mapping[str, View] = field(repr=False)

    def hear(self, text: str, language: str, *, needs: bool = True) -> Heard:
        """What a text means for a person of this language. Never raises, whatever the text.

        `needs`: whether to listen a second time for a need that no rule found, which takes longest.
        """
        said_words = tokens(text)
        words = words_in(said_words)
        session = self.views.get(language) or self.views["en"]
        view, foreign = self._spoken(session, words)
        said = view.speller.read(said_words)
        present = set(said.signs)
        found, quiet = _heard(view, view.rules, view.languages, said, present)
        if foreign and _says_little(found) and not quiet:
            others, quiet = _heard(view, view.everywhere, (), said, present)
            found = others | found
        if view.model is None or not words:
            return _told(found)
        return _told(found, _second_ear(view.model, found, words, quiet=quiet, needs=needs))

    def _spoken(self, session: View, words: Sequence[str]) -> tuple[View, bool]:
        """The view of the language that a text is written in, and whether that is not, or not
        surely, the session's: somebody whose telephone speaks one language may write in another.
        """
        needed = len(words) * LEAST_OWN
        known = session.speller.knows(words)
        if known >= needed:
            return session, False
        best = max(self.views.values(), key=lambda one: one.speller.knows(words))
        much = best.speller.knows(words)
        return (best if much >= needed and much > known + 1 else session), True


def _heard(
    view: View,
    rules: Mapping[str, tuple[Matcher, ...]],
    languages: Collection[str],
    said: Said,
    present: set[str],
) -> tuple[dict[str, Matcher], bool]:
    """What the rules find whose words are there; see `_found`."""
    on: dict[Matcher, None] = {}
    off: dict[Matcher, None] = {}
    for sign in present if len(present) < 2 else dict.fromkeys(said.signs):
        for matcher in rules.get(sign, ()):
            for wanted in matcher.also:
                if wanted.isdisjoint(present):
                    break
            else:
                (off if matcher.rule.off else on)[matcher] = None
    if not on:
        return {}, bool(off)
    return _found(languages, said, on, off, negation=not view.negation.isdisjoint(present))


def _says_little(found: Mapping[str, Matcher]) -> bool:
    return found.keys() <= {"place", OCCUPIED}


def _found(
    languages: Collection[str],
    said: Said,
    on: Iterable[Matcher],
    off: Iterable[Matcher],
    *,
    negation: bool,
) -> tuple[dict[str, Matcher], bool]:
    """Class → the first rule that says it (under `place`, the rule of the place that is told); and
    whether the rules took a crisis back: a negation, an idiom, talk about others.
    """
    masked, others = _turned_off(languages, said.signs, off)
    quiet = others or not _CRISIS_OFF.isdisjoint(masked)
    readings: dict[str, str] = {}
    matches: list[tuple[Matcher, int, int, bool]] = []
    spent: set[int] = set()
    found: dict[str, Matcher] = {}
    largest = (0, 0, 0)
    for matcher in on:
        rule = matcher.rule
        says = rule.says
        if says in found or (others and matcher.kind in _CRISES and not rule.pattern.strong):
            continue
        signs = said.signs
        if masked:
            if says not in readings:
                readings[says] = _without(signs, matcher, masked)
            signs = readings[says]
        for match in matcher.find(signs):
            start, end = match.span()
            if matcher.kind == "place":
                size = (len(says) > len("place.XX"), end - start, start)
                if size > largest:
                    largest = size
                    found["place"] = matcher
            elif not negation or rule.pattern.strong or matcher.kind == "need":
                # "No money", "I have nowhere to go": a need is often said by what is not there.
                found[says] = matcher
                break
            else:
                own = matcher.negated or not set(matcher.spoken.negation).isdisjoint(match[0])
                matches.append((matcher, start, end, own))
                if own:
                    spent.update(range(start, end))
    for matcher, start, _, own in matches:
        if own or not _is_negated(matcher, said, start, spent):
            found.setdefault(matcher.rule.says, matcher)
        else:
            quiet |= matcher.kind in _CRISES
    return found, quiet


def _turned_off(
    languages: Collection[str], signs: str, off: Iterable[Matcher]
) -> tuple[Spans, bool]:
    """Class → words that count for nothing; and whether the text talks about others."""
    masked: Spans = {}
    others = False
    for matcher in off:
        if matcher.rule.says == OTHERS:
            if not others and (not languages or matcher.rule.language in languages):
                others = any(True for _ in matcher.find(signs))
            continue
        for match in matcher.find(signs):
            masked.setdefault(matcher.rule.says, []).append(match.span())
    return masked, others


def _without(signs: str, matcher: Matcher, masked: Spans) -> str:
    """The text without the words that count for nothing in this class."""
    kind = "crisis" if matcher.kind in _CRISES else matcher.kind
    for off in ("any", kind, matcher.rule.says):
        for start, end in masked.get(off, ()):
            signs = signs[:start] + UNKNOWN * (end - start) + signs[end:]
    return signs


def _is_negated(matcher: Matcher, said: Said, start: int, spent: set[int]) -> bool:
    """Whether a word of negation stands shortly before, in the same breath."""
    spoken, signs = matcher.spoken, said.signs
    if signs[start] in spoken.clause:
        return False
    for place in range(start - 1, max(start - spoken.reach, 0) - 1, -1):
        sign = signs[place]
        if place + 1 in said.pauses or sign in (STOP, ASKED) or sign in spoken.clause:
            return False
        if sign in spoken.negation and place not in spent:
            return True
    return False


def _second_ear(
    model: Model, found: Mapping[str, Matcher], words: Sequence[str], *, quiet: bool, needs: bool
) -> tuple[Guess | None, Guess | None]:
    """What the model makes of a text in which the rules found no crisis, or no need or several."""
    if any(says in _CRISES or says[:8] == "command." for says in found):
        return None, None
    crisis = None if quiet else model.crisis(words)
    if crisis is not None:
        return crisis, None
    if not needs or model.surest_need >= _NEVER:
        return None, None
    return None, None if any(says[:5] == "need." for says in found) else model.need(words)


def _told(
    found: Mapping[str, Matcher], guessed: tuple[Guess | None, Guess | None] = (None, None)
) -> Heard:
    """One crisis, one need, one place and one command: the first in the order of the classes."""
    first: dict[str, str] = {}
    for says in found:
        if says == OCCUPIED:
            continue
        kind, rank = _RANKS[says]
        if kind not in first or rank < _RANKS[first[kind]][1]:
            first[kind] = says
    why = tuple(found[first[kind]].rule.name for kind in _KINDS if kind in first)
    crisis = cast(Crisis | None, first.get("crisis"))
    need = cast(Need | None, first["need"][5:] if "need" in first else None)
    command = cast(CommandWord | None, first["command"][8:] if "command" in first else None)
    place = found["place"].rule.says[6:] if "place" in found else None
    alarm, wish = guessed
    if alarm is not None:
        crisis, why = cast(Crisis, alarm.says), (alarm.why, *why)
    if wish is not None:
        need, why = cast(Need, wish.says), (*why, wish.why)
    return Heard(crisis, need, place, command, why, occupied=OCCUPIED in found)


def read_understanding(
    folder: Path,
    places: Mapping[str, Mapping[str, Iterable[str]]],
    only: Collection[str] = (),
    weights: Path | None = WEIGHTS,
) -> Understanding:
    """Every lexicon of a folder, or `only` those of some languages, with the places of the packs
    (code → language → names) and the models of a folder. Raises `authored.Mistakes`.
    """
    with _without_collector():
        return _read(folder, places, only, weights)


@contextmanager
def _without_collector() -> Iterator[None]:
    """A million small objects are made that all stay: the collector would walk them many times."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _read(
    folder: Path,
    places: Mapping[str, Mapping[str, Iterable[str]]],
    only: Collection[str],
    weights: Path | None,
) -> Understanding:
    models: dict[str, Model] = {}
    plain: dict[str, tuple[str, ...]] = {}
    lexicons = read_lexicons(folder, only)
    for code in lexicons:
        if weights is not None and (path := weights / f"{code}.npz").is_file():
            models[code], plain[code] = read_model(path)
    return Understanding(build(lexicons, place_rules(places), plain, models))

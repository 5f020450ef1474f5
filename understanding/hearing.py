"""From a text to what it means.

It decides which of several readings is told. It does no I/O, reads no clock and keeps no words.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from understanding.building import View, build
from understanding.classes import COMMANDS, CRISES, NEEDS, Heard
from understanding.matching import Matcher
from understanding.reading import OTHERS, place_rules, read_lexicons
from understanding.signatures import ASKED, STOP, UNKNOWN
from understanding.spelling import Said

_CRISES = frozenset(CRISES)
Spans = dict[str, list[tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class Understanding:
    """All lexicons, ready. Made by `read_understanding`."""

    views: Mapping[str, View] = field(repr=False)

    def hear(self, text: str, language: str) -> Heard:
        """What a text means for a person of this language. Never raises, whatever the text."""
        view = self.views.get(language) or self.views["en"]
        said = view.speller.read(text)
        present = set(said.signs)
        rules = view.rules
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
            return Heard()
        found = _found(view, said, on, off, negation=not view.negation.isdisjoint(present))
        return _told(found)


def _found(
    view: View, said: Said, on: Iterable[Matcher], off: Iterable[Matcher], *, negation: bool
) -> dict[str, Matcher]:
    """Class → the first rule that says it; under `place`, the rule of the place that is told."""
    masked, others = _turned_off(view, said.signs, off)
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
            elif not negation or rule.pattern.strong:
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
    return found


def _turned_off(view: View, signs: str, off: Iterable[Matcher]) -> tuple[Spans, bool]:
    """Class → words that count for nothing; and whether the text talks about others."""
    masked: Spans = {}
    others = False
    for matcher in off:
        if matcher.rule.says == OTHERS:
            if not others and matcher.rule.language in view.languages:
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


def _told(found: Mapping[str, Matcher]) -> Heard:
    """One crisis, one need, one place and one command: the first in the order of the classes."""
    crisis = next((one for one in CRISES if one in found), None)
    need = next((one for one in NEEDS if f"need.{one}" in found), None)
    command = next((one for one in COMMANDS if f"command.{one}" in found), None)
    place = found["place"].rule.says.partition(".")[2] if "place" in found else None
    kept = (crisis or "", f"need.{need}", "place", f"command.{command}")
    why = tuple(found[one].rule.name for one in kept if one in found)
    return Heard(crisis, need, place, command, why)


def read_understanding(
    folder: Path,
    places: Mapping[str, Mapping[str, Iterable[str]]],
    only: Collection[str] = (),
) -> Understanding:
    """Every lexicon of a folder, or `only` those of some languages, with the places of the packs
    (code → language → names). Raises `authored.Mistakes`.
    """
    return Understanding(build(read_lexicons(folder, only), place_rules(places)))

"""Makes lexicons ready to hear with: signatures for all words, and for each language the rules that
a word may begin.

It decides what is tried for whom; what the rules say is decided by their authors.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain

from understanding.grammar import Unit
from understanding.matching import Matcher, Spoken
from understanding.model import Model
from understanding.reading import OCCUPIED, REACH, Lexicon, Rule
from understanding.signatures import Alphabet
from understanding.spelling import Speller, spellers
from understanding.units import ListUnits

EVERYWHERE = ("place", OCCUPIED)
"""Kinds of rules that are heard in every language."""
TOGETHER = {"uk": ("uk", "ru"), "ru": ("ru", "uk")}
"""Languages that people mix in one sentence: both are tried in full."""
MOST_SETS = 3
"""Sets of words that are asked for before a rule is looked for."""
_SMALL = ("negation", "clause", "politeness")


@dataclass(frozen=True, slots=True)
class View:
    """What is tried for a person of one language."""

    languages: tuple[str, ...]
    speller: Speller = field(repr=False)
    rules: Mapping[str, tuple[Matcher, ...]] = field(repr=False)
    """Signature → the rules of the person's language that it may be part of."""
    everywhere: Mapping[str, tuple[Matcher, ...]] = field(repr=False)
    """The same of every language: for who writes in another than the service speaks."""
    negation: frozenset[str] = field(repr=False)
    """Signatures of words of negation, of all languages."""
    model: Model | None = field(default=None, repr=False)
    """The second ear, where there is one."""


def build(
    lexicons: Mapping[str, Lexicon],
    places: Iterable[Rule] = (),
    plain: Mapping[str, Iterable[str]] | None = None,
    models: Mapping[str, Model] | None = None,
) -> dict[str, View]:
    """A view for each language. `plain`: language → words that are spelt right and say nothing."""
    known = {"en": Lexicon("en"), **lexicons}
    rules = (*chain.from_iterable(lexicon.rules for lexicon in known.values()), *places)
    units = {code: ListUnits(lexicon.lists) for code, lexicon in known.items()}
    for code in {rule.language for rule in rules} - known.keys():
        units[code] = ListUnits({})
    used = [set().union(*map(units[rule.language].all, rule.pattern.sequences)) for rule in rules]
    uses = Counter(chain.from_iterable(used))
    words: dict[str, set[Unit]] = {code: set() for code in known}
    for rule, some in zip(rules, used, strict=True):
        words.setdefault(rule.language, set()).update(some)
    for code in known:
        words[code].update(*(units[code].of_list(f"={name}") for name in _SMALL))
    named = Counter(
        chain.from_iterable(
            some for rule, some in zip(rules, used, strict=True) if rule.says[:6] == "place."
        )
    )
    letters = Alphabet()
    spelt = spellers(
        known,
        letters,
        {code: sorted(some) for code, some in words.items()},
        TOGETHER,
        plain or {},
        {unit for unit, times in named.items() if times == uses[unit]},
    )
    spoken = {
        code: Spoken(
            **{name: letters.signs(sorted(units[code].of_list(f"={name}"))) for name in _SMALL},
            reach=known[code].reach if code in known else REACH,
        )
        for code in units
    }
    begun = [
        (_matcher(rule, units[rule.language], letters, spoken[rule.language]), signs)
        for rule in rules
        for signs in [_signs(rule, units[rule.language], letters, uses)]
        if signs
    ]
    negation = frozenset(chain.from_iterable(one.negation for one in spoken.values()))
    # The names of places are heard in every language; an empty code stands for no language.
    by_language: dict[str, dict[str, list[Matcher]]] = {code: {} for code in ("", *units)}
    for matcher, (first, *also) in begun:
        matcher.also = tuple(also)
        posted = by_language["" if matcher.kind in EVERYWHERE else matcher.rule.language]
        for sign in first:
            posted.setdefault(sign, []).append(matcher)
    everywhere = _joined(by_language.values())
    views = {}
    for code in known:
        full = TOGETHER.get(code, (code,))
        own = _joined(by_language[one] for one in ("", *full) if one in by_language)
        model = (models or {}).get(code)
        views[code] = View(full, spelt[code], own, everywhere, negation, model)
    return views


def _joined(posted: Iterable[Mapping[str, list[Matcher]]]) -> dict[str, tuple[Matcher, ...]]:
    joined: dict[str, list[Matcher]] = {}
    for some in posted:
        for sign, matchers in some.items():
            joined.setdefault(sign, []).extend(matchers)
    return {sign: tuple(matchers) for sign, matchers in joined.items()}


def _matcher(rule: Rule, units: ListUnits, letters: Alphabet, spoken: Spoken) -> Matcher:
    negation = units.of_list("=negation")
    return Matcher(
        rule,
        units.lists,
        letters,
        spoken,
        negated=any(units.holds(one, negation) for one in rule.pattern.sequences),
        kind=rule.says.partition(".")[0],
    )


def _signs(
    rule: Rule, units: ListUnits, letters: Alphabet, uses: Mapping[Unit, int]
) -> list[frozenset[str]]:
    """Sets of signatures of which every match has one each, the rarest first."""
    sets = chain.from_iterable(units.triggers(one, uses) for one in rule.pattern.sequences)
    ordered = sorted(sets, key=lambda one: one[0])[:MOST_SETS]
    return [frozenset(letters.signs(sorted(some))) for _, some in ordered]

"""From a text to what it means. The rules of the person's language first, then the others'.

It decides which of several readings is told. It does no I/O, reads no clock and keeps no words.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from understanding.classes import COMMANDS, CRISES, NEEDS, Heard
from understanding.grammar import Named, Sequence
from understanding.matching import Matcher, all_units, holds, triggers
from understanding.reading import OTHERS, Lexicon, Rule, place_rules, read_lexicons
from understanding.signatures import ASKED, STOP, UNKNOWN, Alphabet, Unit
from understanding.spelling import Speller, spellers

TOGETHER = {"uk": ("uk", "ru"), "ru": ("ru", "uk")}
"""Languages that people mix in one sentence: both are tried in full."""


@dataclass(frozen=True, slots=True)
class View:
    """What is tried for a person of one language: signature → the rules it may begin."""

    rules: Mapping[str, tuple[int, ...]]
    languages: tuple[str, ...]
    speller: Speller = field(repr=False)


@dataclass(slots=True)
class Understanding:
    """All lexicons, ready. Made by `read_understanding`."""

    rules: tuple[Rule, ...] = field(repr=False)
    matchers: tuple[Matcher, ...] = field(repr=False)
    views: Mapping[str, View] = field(repr=False)
    reach: Mapping[str, int] = field(repr=False)

    def hear(self, text: str, language: str) -> Heard:
        """What a text means for a person of this language. Never raises, whatever the text."""
        view = self.views.get(language) or self.views["en"]
        said = view.speller.read(text)
        candidates: dict[int, None] = {}
        for sign in said.signs:
            if (some := view.rules.get(sign)) is not None:
                candidates.update(dict.fromkeys(some))
        if not candidates:
            return Heard()
        return self.judge(view, said.signs, said.pauses, candidates)

    def judge(
        self, view: View, said: str, pauses: Collection[int], candidates: Iterable[int]
    ) -> Heard:
        """What the rules that may match say together."""
        masked: dict[str, list[tuple[int, int]]] = {}
        why: dict[str, str] = {}
        on: list[int] = []
        about_others = False
        for number in candidates:
            rule = self.rules[number]
            if not rule.off:
                on.append(number)
                continue
            if rule.says == OTHERS:
                if rule.language in view.languages and not about_others:
                    about_others = any(True for _ in self.matchers[number].find(said))
                continue
            for match in self.matchers[number].find(said):
                masked.setdefault(rule.says, []).append(match.span())
        matches: list[tuple[int, int, int, bool]] = []
        spent: set[int] = set()
        for number in on:
            rule, matcher = self.rules[number], self.matchers[number]
            if about_others and not rule.pattern.strong and rule.says in CRISES:
                continue
            for match in matcher.find(_without(said, rule.says, masked) if masked else said):
                start, end = match.span()
                own = matcher.negated or any(sign in matcher.negation for sign in match[0])
                matches.append((number, start, end, own))
                if own:
                    spent.update(range(match.start(), match.end()))
        best_place = (0, 0, 0)
        for number, start, end, own in matches:
            rule, matcher = self.rules[number], self.matchers[number]
            if not (own or rule.pattern.strong or rule.says[:6] == "place."):
                reach = self.reach[rule.language]
                if self.is_negated(
                    said, pauses, spent, matcher.negation, matcher.clause, start, reach
                ):
                    continue
            if rule.says[:6] == "place.":
                size = (len(rule.says) > 8, end - start, start)
                if size > best_place:
                    best_place = size
                    why["place"] = rule.name
                continue
            why.setdefault(rule.says, rule.name)
        crisis = next((one for one in CRISES if one in why), None)
        need = next((one for one in NEEDS if f"need.{one}" in why), None)
        command = next((one for one in COMMANDS if f"command.{one}" in why), None)
        place = why["place"].rpartition(" ")[2] if "place" in why else None
        kept = (crisis, f"need.{need}", "place", f"command.{command}")
        reasons = tuple(why[one] for one in kept if one in why)
        return Heard(crisis, need, place, command, reasons)

    @staticmethod
    def is_negated(
        said: str,
        pauses: Collection[int],
        spent: set[int],
        negation: str,
        clause: str,
        start: int,
        reach: int,
    ) -> bool:
        """Whether a word of negation stands shortly before, in the same breath."""
        if said[start] in clause:
            return False
        for place in range(start - 1, max(start - reach, 0) - 1, -1):
            if place + 1 in pauses or said[place] in (STOP, ASKED) or said[place] in clause:
                return False
            if said[place] in negation and place not in spent:
                return True
        return False


def _without(said: str, says: str, masked: Mapping[str, list[tuple[int, int]]]) -> str:
    """The text without the words that count for nothing in this class."""
    kind = "crisis" if says in CRISES else says.partition(".")[0]
    for off in ("any", kind, says):
        for start, end in masked.get(off, ()):
            said = said[:start] + UNKNOWN * (end - start) + said[end:]
    return said


def read_understanding(
    folder: Path, places: Mapping[str, Mapping[str, Iterable[str]]]
) -> Understanding:
    """Every lexicon of a folder with the places of the packs (code → language → names).

    Raises `authored.Mistakes`.
    """
    return build(read_lexicons(folder), place_rules(places))


def build(
    lexicons: Mapping[str, Lexicon],
    place_rules: Iterable[Rule],
    plain: Mapping[str, Iterable[str]] | None = None,
) -> Understanding:
    """Make lexicons ready."""
    known = {"en": Lexicon("en"), **lexicons}
    rules = (*(rule for lexicon in known.values() for rule in lexicon.rules), *place_rules)
    nothing: dict[str, tuple[Sequence, ...]] = {}
    lists = {code: lexicon.lists for code, lexicon in known.items()}
    used = [
        set().union(
            *(all_units(one, lists.get(rule.language, nothing)) for one in rule.pattern.sequences)
        )
        for rule in rules
    ]
    own = {
        (code, name): all_units(Sequence((Named(f"={name}"),)), {f"={name}": (), **lexicon.lists})
        for code, lexicon in known.items()
        for name in ("negation", "clause", "politeness")
    }
    uses = Counter(unit for units in used for unit in units)
    units: dict[str, dict[Unit, None]] = {code: {} for code in known}
    for rule, some in zip(rules, used, strict=True):
        units.setdefault(rule.language, {}).update(dict.fromkeys(sorted(some)))
    for (code, _), some in own.items():
        units[code].update(dict.fromkeys(sorted(some)))
    letters = Alphabet()
    spelt = spellers(letters, units, TOGETHER, plain or {})
    signs = letters.signs

    def cost(units: Iterable[Unit]) -> int:
        return sum(uses[unit] for unit in units)

    spoken = {key: signs(units) for key, units in own.items()}
    matchers = []
    begins: list[str] = []
    for rule in rules:
        here = lists.get(rule.language, nothing)
        negation = spoken.get((rule.language, "negation"), "")
        matchers.append(
            Matcher(
                rule.pattern,
                here,
                letters,
                negation,
                spoken.get((rule.language, "politeness"), ""),
                spoken.get((rule.language, "clause"), ""),
                negated=any(
                    holds(one, here, own.get((rule.language, "negation"), ()))
                    for one in rule.pattern.sequences
                ),
            )
        )
        found = [triggers(one, here, cost) for one in rule.pattern.sequences]
        begins.append(signs(min((one for one in found if one), key=cost, default=())))
    views = {}
    for code in known:
        full = TOGETHER.get(code, (code,))
        posted: dict[str, list[int]] = {}
        for number, rule in enumerate(rules):
            heard_anywhere = rule.says.startswith(("command", "place")) or rule.says in (
                *CRISES,
                "any",
                "crisis",
            )
            if rule.language in full or heard_anywhere:
                for sign in begins[number]:
                    posted.setdefault(sign, []).append(number)
        views[code] = View({sign: tuple(some) for sign, some in posted.items()}, full, spelt[code])
    reach = {rule.language: 3 for rule in rules} | {c: x.reach for c, x in known.items()}
    return Understanding(rules, tuple(matchers), views, reach)

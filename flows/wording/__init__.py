"""The rules about wording, L01 to L45: what is not said, what stands together, what reads well.

`rules(around)` gives them as rules of `flows.lint`. Word lists stand in `<language>.yaml`,
exceptions in `allow.yaml`. It decides nothing about whether a script can be read at all.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from authored import Authored, Mistake
from flows.ground import Ground, Rule
from flows.wording import crisis, numbers, phrases, reading, ways
from flows.wording.allow import Allowed, read_allowed
from flows.wording.lists import HERE, read_lists
from flows.wording.making import ScriptRule, TextRule
from flows.wording.said import Places, Said, said_in, said_in_file, said_outside
from flows.wording.view import Numbers, View

__all__ = ["ALLOWED", "SCRIPT_RULES", "TEXT_RULES", "Around", "file_findings", "rules"]

ALLOWED = HERE / "allow.yaml"
TEXT_RULES: tuple[TextRule, ...] = (*phrases.RULES, *reading.RULES, *numbers.TEXT_RULES)
SCRIPT_RULES: tuple[ScriptRule, ...] = (*ways.RULES, *crisis.RULES, *numbers.RULES)


@dataclass(frozen=True, slots=True)
class Around:
    """What the rules know besides the script."""

    ui: Authored | None = None
    """`ui.yaml`, when it is to be looked at."""
    places: Places = field(default_factory=dict)
    """Where each translation stands; without them a finding is shown at the English."""
    numbers: Numbers | None = None
    allowed: Allowed = field(default_factory=Allowed)


def rules(around: Around) -> tuple[Rule, ...]:
    """The rules, for one run: exceptions are counted as used while they run."""
    texts: list[Said] = []

    def said(ground: Ground) -> list[Said]:
        if not texts:
            texts.extend(said_in(ground, around.places))
            if around.ui is not None:
                texts.extend(said_outside(ground, around.ui, around.places))
        return texts

    def of_texts(rule: TextRule) -> Callable[[Ground], Iterator[Mistake]]:
        return lambda ground: _judged(rule, said(ground), around.allowed)

    def of_script(rule: ScriptRule) -> Callable[[Ground], Iterator[Mistake]]:
        def check(ground: Ground) -> Iterator[Mistake]:
            for found in rule.check(View(ground, around.numbers)):
                if not around.allowed.lets(rule.id, found.context, found.language):
                    yield _reasoned(found.mistake, rule)

        return check

    def unused(ground: Ground) -> list[Mistake]:
        return around.allowed.unused(frozenset(ground.spoken))

    why = "The list of exceptions is as short as it can be."
    return (
        *(Rule(rule.id, rule.severity, rule.why, of_texts(rule)) for rule in TEXT_RULES),
        *(Rule(rule.id, rule.severity, rule.why, of_script(rule)) for rule in SCRIPT_RULES),
        # Last: only now it is known which exceptions were needed.
        Rule("allow", "error", why, unused),
    )


def _judged(rule: TextRule, texts: Iterable[Said], allowed: Allowed) -> Iterator[Mistake]:
    for said in texts:
        lists = read_lists(said.language) if rule.looks_at(said) else None
        for message, mend in rule.check(said, lists) if lists else ():
            if not allowed.lets(rule.id, said.context, said.language):
                yield _reasoned(said.mistake(message, mend), rule)


def _reasoned(mistake: Mistake, rule: TextRule | ScriptRule) -> Mistake:
    return replace(mistake, mend=f"{mistake.mend} {rule.why}".strip())


def file_findings(
    path: Path, allowed: Path = ALLOWED, staff: Collection[str] = ()
) -> list[Mistake]:
    """What the rules about single texts say of one flow file, `ui.yaml` or catalogue.

    For authors while other files are in the making; `staff` are the flows for people at work,
    which a catalogue does not tell. Raises `Mistakes` when it cannot be read.
    """
    exceptions, texts = read_allowed(allowed), list(said_in_file(path, staff))
    return sorted(
        replace(one, rule=rule.id, severity=rule.severity)
        for rule in TEXT_RULES
        for one in _judged(rule, texts, exceptions)
    )

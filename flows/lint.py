"""What is unwise in a script that can be read. It decides which rules there are, and runs them.

A rule is a name, how grave it is, a sentence and a function over a `Ground`. Rules about structure
are in `flows.structure`, rules about single texts in `flows.texts`; a further set of rules is one
more tuple here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from authored import Mistake
from flows import structure, texts
from flows.ground import Book, Ground, Rule
from flows.reader import Library

RULES: tuple[Rule, ...] = (*structure.RULES, *texts.RULES)


def lint(
    library: Library, books: Mapping[str, Book], rules: Sequence[Rule] = RULES
) -> tuple[Mistake, ...]:
    """Every finding of every rule, by place. `books` are those of the started languages."""
    ground = Ground(library, books)
    found = (
        replace(finding, rule=rule.id, severity=rule.severity)
        for rule in rules
        for finding in rule.check(ground)
    )
    return tuple(sorted(set(found)))


def has_errors(findings: Iterable[Mistake]) -> bool:
    """Whether one of them is more than a warning."""
    return any(finding.severity == "error" for finding in findings)

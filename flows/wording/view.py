"""The script as the rules about wording read it: what a person sees before they are asked again.

It decides nothing; it walks. A *path* is the states that are passed without asking, up to the one
that waits, ends or returns.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from flows.contexts import label_context, say_context
from flows.grammar import RETURN, Choice, Script, Step
from flows.ground import Ground
from flows.wording.lists import Lists, read_lists
from flows.wording.patterns import has

CRISES = ("suicide", "immediate_danger", "recent_assault", "child_at_risk", "trafficking_detention")
MOST_PATHS = 200

Numbers = Mapping[str, frozenset[str]]
"""Digits as dialled → countries (`UA`) of the listings that can be shown with it."""


@dataclass(frozen=True)
class View:
    """One script, with the numbers of the directory when the composition knows them."""

    ground: Ground
    numbers: Numbers | None = None

    @property
    def script(self) -> Script:
        """The script."""
        return self.ground.script

    @cached_property
    def languages(self) -> dict[str, Lists]:
        """The lists of every language that is spoken and has lists."""
        found = {code: read_lists(code) for code in self.ground.spoken}
        return {code: lists for code, lists in found.items() if lists is not None}

    @cached_property
    def crises(self) -> dict[str, str]:
        """Where a crisis leads: what was heard, or the command → state."""
        heard = {kind: to for kind, to in self.script.hears.items() if kind in CRISES}
        command = self.script.commands["help_now"].to
        return {**heard, **({"help_now": command} if command else {})}

    @cached_property
    def crisis_flows(self) -> frozenset[str]:
        """The flows a crisis leads into."""
        return frozenset(state.partition("/")[0] for state in self.crises.values())

    def staff(self, step: Step) -> bool:
        """Whether a step is for people at work."""
        return self.script.flows[step.flow].staff

    def survivor_steps(self) -> Iterator[Step]:
        """The steps that are not for people at work."""
        return (step for step in self.script.steps.values() if not self.staff(step))

    def paths(self, state: str) -> list[tuple[Step, ...]]:
        """Every way from a state to where the person is asked, the script ends or returns."""
        done: list[tuple[Step, ...]] = []
        ahead: list[tuple[str, tuple[Step, ...]]] = [(state, ())]
        while ahead and len(done) < MOST_PATHS:
            name, before = ahead.pop()
            step = self.script.steps[name]
            path = (*before, step)
            ways = [] if step.waits or step.forgets else self.ground.ways[name]
            goes_on = [w.to for w in ways if w.to != RETURN]
            if len(goes_on) < len(ways) or not goes_on:
                done.append(path)
            # A step that was passed already would be passed for ever: `loop` says so.
            ahead += [(to, path) for to in goes_on if all(to != s.name for s in path)]
        return done

    def text(self, path: tuple[Step, ...], language: str = "en") -> str:
        """What is said along a path, in a language that has it."""
        spoken = self.ground.spoken[language]
        return "\n".join(filter(None, (spoken.get(say_context(step.name), "") for step in path)))

    def labels(self, step: Step, language: str = "en") -> list[str]:
        """The labels of a step in a language."""
        spoken = self.ground.spoken[language]
        return [spoken.get(label_context(step.name, choice.key), "") for choice in step.choices]

    def says(self, part: str, text: str, language: str = "en") -> bool:
        """Whether one of the phrases of a list stands in a text."""
        return has(getattr(self.languages[language], part), text, language)

    def skips(self, choice: Choice) -> bool:
        """Whether a choice is a way round a question."""
        return choice.key in SKIPS or self.says("skip", choice.label)


SKIPS = frozenset({"skip", "unsaid", "rather_not", "not_sure", "unsure", "no_answer", "leave"})

"""Turns the steps of one flow file into grammar, and checks every name in it against all other files.

It reports what cannot mean anything: a step, flow, slot, value, errand or list that is not there, a step
that cannot be left. Whether what is written is wise is decided by `flows.lint`.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from authored import Authored, Mistake, did_you_mean
from authored.reading import Path_
from flows.grammar import (
    RETURN,
    Ask,
    Call,
    Choice,
    Condition,
    Each,
    Step,
    Vocabulary,
    Way,
    When,
)
from flows.placeholders import BadBraces, placeholders
from flows.shapes import (
    AskShape,
    ChoiceShape,
    ConditionShape,
    EachShape,
    FlowShape,
    SlotShape,
    StepShape,
    WayShape,
)

NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
NAME_RULE = "Use small letters a-z, digits and _, starting with a letter."
LANGUAGE = ("language", "languages")
"""The slot and option set of the language question, which the engine itself answers."""


@dataclass(frozen=True, slots=True)
class Names:
    """Every name that a flow may use, gathered from all files before any of them is linked."""

    steps: Mapping[str, frozenset[str] | None]
    """Flow → its steps; None when its file cannot be read, so that nothing is said of them."""
    entries: Mapping[str, str]
    slots: Mapping[str, SlotShape | None]
    """None for a slot whose declaration has faults of its own."""
    every_slot_known: bool
    vocabulary: Vocabulary

    @property
    def values(self) -> frozenset[str]:
        """Every value that some errand brings."""
        return frozenset(v for errand in self.vocabulary.errands.values() for v in errand.values)

    def allowed(self, slot: str) -> tuple[str, ...] | None:
        """What a slot may hold; None when that is not written in any file."""
        declared = self.slots.get(slot)
        if slot == LANGUAGE[0] and declared is None:
            return self.vocabulary.options.get(LANGUAGE[1])
        if declared is None or declared.origin is not None:
            return None
        if declared.options is not None:
            return self.vocabulary.options.get(declared.options)
        return tuple(declared.values or ())


class Linker:
    """One flow file being linked; `found` fills with its mistakes."""

    def __init__(self, flow: str, file: Authored, names: Names) -> None:
        self.flow = flow
        self.file = file
        self.names = names
        self.found: list[Mistake] = []

    def fault(self, path: Path_, message: str, mend: str = "", rule: str = "") -> None:
        """Note a mistake at a value of this file."""
        self.found.append(self.file.mistake(path, message, mend, rule))

    def unknown(self, path: Path_, kind: str, word: str, known: Iterable[str], rule: str) -> None:
        """Note a name that is not there, with the nearest that is."""
        self.fault(path, f"there is no {kind} '{word}'", did_you_mean(word, known), rule)

    def steps(self, shape: FlowShape) -> dict[str, Step]:
        """Every step of the file, by state."""
        for name in shape.steps:
            if not NAME.match(name):
                self.fault(("steps", name), f"'{name}' cannot name a step", NAME_RULE, "name")
            if name == RETURN:
                self.fault(
                    ("steps", name), "a step cannot be called 'return'", "Rename it.", "name"
                )
        steps = [self.step(name, step) for name, step in shape.steps.items()]
        return {step.name: step for step in steps}

    def step(self, name: str, shape: StepShape) -> Step:
        """One step. What cannot be made of it is left out and noted."""
        path: Path_ = ("steps", name)
        self.check_kind(path, shape)
        for i, shown in enumerate(shape.shows):
            slot = self.names.slots.get(shown)
            if shown not in self.names.values and (slot is None or slot.origin is None):
                known = [*self.names.values, *self.names.slots]
                self.unknown((*path, "shows", i), "value", shown, known, "unknown-value")
        choices = tuple(
            self.choice((*path, "choices", key), key, choice)
            for key, choice in shape.choices.items()
        )
        when = tuple(
            When(
                self.condition((*path, "when", i, "if"), one.condition),
                self.way((*path, "when", i), one),
            )
            for i, one in enumerate(shape.when)
        )
        has_way = shape.go is not None or shape.do is not None or shape.then is not None
        return Step(
            name=f"{self.flow}/{name}",
            say=self.text((*path, "say"), shape.say),
            note=shape.note.strip(),
            max_chars=shape.max_chars,
            choices=choices,
            ask=self.ask((*path, "ask"), shape.ask) if shape.ask else None,
            each=self.each((*path, "each"), shape.each) if shape.each else None,
            when=when,
            call=self.call(path, shape) if shape.call is not None else None,
            go=self.way(path, shape) if has_way else None,
            shows=tuple(shape.shows),
            forgets=shape.forgets,
            renamed_from=tuple(shape.renamed_from),
            checkpoint=shape.checkpoint,
            file=self.file.file,
            line=self.file.spot(path).line,
        )

    def check_kind(self, path: Path_, shape: StepShape) -> None:
        """A step is left by a person, by an errand, by itself or never: one of them."""
        by_person = bool(shape.choices or shape.ask or shape.each)
        by_itself = bool(shape.when or shape.go or shape.do or shape.then)
        by_errand = shape.call is not None or bool(shape.outcomes)
        kinds = by_person + by_itself + by_errand
        if shape.forgets and kinds:
            mend = "Take the ways out away: nothing is left to go on with."
            self.fault(path, "a step that forgets has no way out", mend, "ways-out")
        elif not shape.forgets and not kinds:
            mend = "Give it choices, ask, each, call or go; or forgets: true when all ends here."
            self.fault(path, "a person would be stuck here: there is no way out", mend, "ways-out")
        elif kinds > 1:
            mend = "Keep one: choices/ask/each, or call with outcomes, or when/go. Split the step."
            self.fault(path, "this step is left in more than one manner", mend, "ways-out")
        if (by_person or shape.forgets) and not shape.say.strip():
            mend = "Add say: what the person reads here."
            self.fault(path, "nothing is said here", mend, "say-missing")
        if shape.when and not (shape.go or shape.do):
            mend = "Add go: where to when none of the conditions holds."
            self.fault((*path, "when"), "when needs a way for all other cases", mend, "ways-out")
        if shape.outcomes and shape.call is None:
            mend = "Add call: the errand that comes back with them."
            self.fault((*path, "outcomes"), "outcomes without a call", mend, "ways-out")

    def way(self, path: Path_, shape: WayShape) -> Way:
        """Where a way leads. A way with faults leads to `return`; the script is not made then."""
        if shape.go is not None:
            for extra in ("do", "then"):
                if getattr(shape, extra) is not None:
                    mend = "Use go alone, or do with then."
                    self.fault((*path, extra), f"'{extra}' cannot stand beside 'go'", mend, "way")
            return Way(self.state((*path, "go"), shape.go))
        if shape.do is None:
            mend = "Add go: STEP, or do: FLOW with then: STEP."
            self.fault(path, "it does not say where to go", mend, "way")
            return Way(RETURN)
        if shape.then is None or shape.then == RETURN:
            mend = f"Add then: the step after it; or use go: {shape.do}/STEP to go over for good."
            self.fault((*path, "do"), "do needs a step to come back to", mend, "way")
            return Way(RETURN)
        then = self.state((*path, "then"), shape.then)
        if shape.do not in self.names.steps:
            self.unknown((*path, "do"), "flow", shape.do, self.names.steps, "unknown-flow")
            return Way(RETURN)
        return Way(f"{shape.do}/{self.names.entries.get(shape.do, '')}", then)

    def state(self, path: Path_, target: str) -> str:
        """The full name of a target."""
        if target == RETURN:
            return RETURN
        flow, slash, step = target.rpartition("/")
        flow = flow if slash else self.flow
        if flow not in self.names.steps:
            self.unknown(path, "flow", flow, self.names.steps, "unknown-flow")
            return RETURN
        steps = self.names.steps[flow]
        if steps is not None and step not in steps:
            place = f"step of {flow}" if slash else "step"
            known = steps if slash else [*steps, *self.names.steps]
            mend = did_you_mean(step, steps)
            if not slash and step in self.names.steps:
                entry = self.names.entries.get(step, "STEP")
                mend = f"'{step}' is a flow: write {step}/{entry}, or do: {step} with then."
            elif not mend:
                mend = did_you_mean(step, known)
            self.fault(path, f"there is no {place} '{step}'", mend, "unknown-step")
        return f"{flow}/{step}"

    def condition(self, path: Path_, shape: ConditionShape) -> Condition:
        """The condition. One with faults asks nothing."""
        kinds = [k for k in ConditionShape.model_fields if getattr(shape, k) is not None]
        names = sorted(set(kinds) - {"slot"})
        about_slot = names in (["eq"], ["is_in"], ["is_set"])
        if len(names) != 1 or about_slot != (shape.slot is not None):
            mend = "Write {slot, eq}, {slot, in}, {slot, set: true}, {all}, {any} or {not}."
            self.fault(path, "a condition asks one thing", mend, "condition")
            return Condition("all")
        if shape.slot is not None:
            return self.slot_condition(path, shape, shape.slot)
        if shape.none_of is not None:
            return Condition("not", parts=(self.condition((*path, "not"), shape.none_of),))
        kind, listed = ("all", shape.all_of) if shape.all_of is not None else ("any", shape.any_of)
        if not listed:
            self.fault(path, f"'{kind}' needs conditions", "List at least one.", "condition")
        parts = [self.condition((*path, kind, i), one) for i, one in enumerate(listed or ())]
        return Condition("all" if kind == "all" else "any", parts=tuple(parts))

    def slot_condition(self, path: Path_, shape: ConditionShape, slot: str) -> Condition:
        """A condition on one slot."""
        self.known_slot((*path, "slot"), slot)
        if shape.is_set:
            return Condition("set", slot)
        if shape.eq is not None:
            self.slot_value((*path, "eq"), slot, shape.eq)
            return Condition("is", slot, (shape.eq,))
        for i, value in enumerate(shape.is_in or ()):
            self.slot_value((*path, "in", i), slot, value)
        if not shape.is_in:
            self.fault((*path, "in"), "'in' needs values", "List at least one.", "condition")
        return Condition("is", slot, tuple(shape.is_in or ()))

    def known_slot(self, path: Path_, slot: str) -> bool:
        """Whether some flow declares a slot; noted when none does."""
        if slot in self.names.slots or slot == LANGUAGE[0] or not self.names.every_slot_known:
            return True
        self.unknown(path, "slot", slot, self.names.slots, "unknown-slot")
        return False

    def slot_value(self, path: Path_, slot: str, value: str) -> None:
        """Note a value that a slot may not hold."""
        allowed = self.names.allowed(slot)
        declared = self.names.slots.get(slot)
        if declared is not None and declared.origin is not None:
            mend = "Only null can be written here; each fills it."
            self.fault(path, f"'{slot}' holds what an errand found", mend, "unknown-value")
        elif allowed is not None and value not in allowed:
            mend = did_you_mean(value, allowed)
            message = f"slot '{slot}' cannot hold '{value}'"
            self.fault(path, message, mend, "unknown-value")

    def choice(self, path: Path_, key: str, shape: ChoiceShape) -> Choice:
        """One answer."""
        if not NAME.match(key):
            self.fault(path, f"'{key}' cannot be the key of a choice", NAME_RULE, "name")
        if not shape.label.strip():
            self.fault((*path, "label"), "the label is empty", "Write a label.", "say-missing")
        for slot, value in shape.sets.items():
            if self.known_slot((*path, "set", slot), slot) and value is not None:
                self.slot_value((*path, "set", slot), slot, value)
        return Choice(
            key=key,
            label=self.text((*path, "label"), shape.label),
            way=self.way(path, shape),
            sets=dict(shape.sets),
            shown_if=self.condition((*path, "if"), shape.condition) if shape.condition else None,
        )

    def ask(self, path: Path_, shape: AskShape) -> Ask:
        """A question from a list. The language question is the engine's own and needs no `go`."""
        if shape.options not in self.names.vocabulary.options:
            known = self.names.vocabulary.options
            self.unknown((*path, "from"), "list", shape.options, known, "unknown-options")
        is_language = (shape.slot, shape.options) == LANGUAGE
        if not is_language and self.known_slot((*path, "slot"), shape.slot):
            declared = self.names.slots.get(shape.slot)
            if declared is not None and declared.options != shape.options:
                mend = f"Declare it with options: {shape.options}."
                message = f"slot '{shape.slot}' is not filled from '{shape.options}'"
                self.fault((*path, "slot"), message, mend, "slot-kind")
        bare = is_language and shape.go is None and shape.do is None
        return Ask(shape.slot, shape.options, Way(RETURN) if bare else self.way(path, shape))

    def each(self, path: Path_, shape: EachShape) -> Each:
        """One choice for every item found."""
        if shape.value not in self.names.values:
            known = self.names.values
            self.unknown((*path, "value"), "value", shape.value, known, "unknown-value")
        if self.known_slot((*path, "set"), shape.slot):
            declared = self.names.slots.get(shape.slot)
            if declared is not None and declared.origin != shape.value:
                mend = f"Declare it with from: {shape.value}."
                message = f"slot '{shape.slot}' does not hold items of '{shape.value}'"
                self.fault((*path, "set"), message, mend, "slot-kind")
        return Each(shape.value, shape.slot, self.way(path, shape))

    def call(self, path: Path_, shape: StepShape) -> Call:
        """An errand and a way on from every word it comes back with."""
        name = shape.call or ""
        outcomes = {
            word: self.way((*path, "outcomes", word), target)
            for word, target in shape.outcomes.items()
        }
        errand = self.names.vocabulary.errands.get(name)
        if errand is None:
            known = self.names.vocabulary.errands
            self.unknown((*path, "call"), "errand", name, known, "unknown-errand")
            return Call(name, outcomes)
        for word in outcomes:
            if word not in errand.outcomes:
                where: Path_ = (*path, "outcomes", word)
                self.unknown(where, f"outcome of {name}", word, errand.outcomes, "unknown-outcome")
        for word in errand.outcomes:
            if word not in outcomes:
                mend = f"Add {word}: STEP under outcomes."
                message = f"no way on when {name} comes back with '{word}'"
                self.fault((*path, "call"), message, mend, "missing-outcome")
        return Call(name, outcomes)

    def text(self, path: Path_, text: str) -> str:
        """A text without its outer blank lines; its placeholders are checked."""
        known = {*self.names.slots, *self.names.values, *self.names.vocabulary.fillers}
        try:
            used = placeholders(text)
        except BadBraces as fault:
            self.fault(path, str(fault), "", "placeholder")
            return text.strip()
        for name in sorted(used - known) if self.names.every_slot_known else ():
            self.unknown(path, "placeholder", name, known, "placeholder")
        return text.strip()

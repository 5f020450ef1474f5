"""Checks one name, way, condition or text of a flow file against the names of all the files.

It knows which names there are and how a wrong one is reported, and nothing of steps.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from authored import Authored, Mistake, did_you_mean
from authored.reading import Path_
from flows.grammar import RETURN, Condition, Vocabulary, Way
from flows.placeholders import BadBraces, placeholders
from flows.shapes import ConditionShape, SlotShape, WayShape

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


class Checker:
    """The names of one flow file being checked; `found` fills with its mistakes."""

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
            mend = did_you_mean(step, steps)
            if not slash and step in self.names.steps:
                entry = self.names.entries.get(step, "STEP")
                mend = f"'{step}' is a flow: write {step}/{entry}, or do: {step} with then."
            self.fault(path, f"there is no {place} '{step}'", mend, "unknown-step")
        return f"{flow}/{step}"

    def condition(self, path: Path_, shape: ConditionShape) -> Condition:
        """The condition. One with faults asks nothing."""
        kinds = [k for k in ConditionShape.model_fields if getattr(shape, k) is not None]
        names = sorted(set(kinds) - {"slot"})
        about_slot = names in (["eq"], ["is_in"], ["within"], ["is_set"])
        if len(names) != 1 or about_slot != (shape.slot is not None):
            mend = "Write {slot, eq}, in, within or set: true; or {all}, {any} or {not}."
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
        if shape.within is not None:
            return self.within_condition(path, slot, shape.within)
        for i, value in enumerate(shape.is_in or ()):
            self.slot_value((*path, "in", i), slot, value)
        if not shape.is_in:
            self.fault((*path, "in"), "'in' needs values", "List at least one.", "condition")
        return Condition("is", slot, tuple(shape.is_in or ()))

    def within_condition(self, path: Path_, slot: str, codes: list[str]) -> Condition:
        """A condition on a slot of places: in one of these countries."""
        allowed = self.names.allowed(slot)
        wholes = {value.partition("-")[0] for value in allowed or ()}
        for i, code in enumerate(codes):
            if allowed is not None and code not in wholes:
                message = f"no value of slot '{slot}' is within '{code}'"
                mend = did_you_mean(code, wholes)
                self.fault((*path, "within", i), message, mend, "unknown-value")
        if not codes:
            self.fault((*path, "within"), "'within' needs codes", "List one.", "condition")
        return Condition("within", slot, tuple(codes))

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

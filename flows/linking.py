"""Turns the steps of one flow file into grammar.

It reports what cannot mean anything: a name that is not there, a step that cannot be left, an
outcome without a way on. Whether what is written is wise is decided by `flows.lint`.
"""

from collections.abc import Mapping

from authored.reading import Path_
from flows.grammar import RETURN, TAKEN, Ask, Call, Choice, Each, Step, Way, When
from flows.naming import LANGUAGE, NAME, NAME_RULE, Checker
from flows.shapes import AskShape, ChoiceShape, EachShape, StepShape


class Linker(Checker):
    """One flow file being linked; `found` fills with its mistakes."""

    def step(self, name: str, shape: StepShape) -> Step:
        """One step. What cannot be made of it is left out and noted."""
        path: Path_ = ("steps", name)
        if not NAME.match(name):
            self.fault(path, f"'{name}' cannot name a step", NAME_RULE, "name")
        if name == RETURN:
            self.fault(path, "a step cannot be called 'return'", "Rename it.", "name")
        self.check_kind(path, shape)
        for i, shown in enumerate(shape.shows):
            slot = self.names.slots.get(shown)
            picked = shown in self.names.slots and (slot is None or slot.origin is not None)
            if shown not in self.names.values and not picked and self.names.every_slot_known:
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
            takes=shape.takes or "",
            outcomes=self.taken(path, shape) if shape.takes else {},
            sets=self.sets(path, shape.sets),
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
        by_errand = shape.call is not None or (bool(shape.outcomes) and shape.takes is None)
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
        if shape.takes and not by_person:
            mend = "Give it choices: somebody may not want to write."
            self.fault((*path, "takes"), "only text leads on from here", mend, "ways-out")
        if shape.outcomes and shape.call is None and shape.takes is None:
            mend = "Add call: the errand that comes back with them."
            self.fault((*path, "outcomes"), "outcomes without a call", mend, "ways-out")

    def choice(self, path: Path_, key: str, shape: ChoiceShape) -> Choice:
        """One answer."""
        if not NAME.match(key):
            self.fault(path, f"'{key}' cannot be the key of a choice", NAME_RULE, "name")
        if not shape.label.strip():
            self.fault((*path, "label"), "the label is empty", "Write a label.", "say-missing")
        sets = self.sets(path, shape.sets)
        return Choice(
            key=key,
            label=self.text((*path, "label"), shape.label),
            way=self.way(path, shape),
            sets=sets,
            shown_if=self.condition((*path, "if"), shape.condition) if shape.condition else None,
        )

    def sets(self, path: Path_, sets: Mapping[str, str | None]) -> Mapping[str, str | None]:
        """Slots that are filled or emptied."""
        for slot, value in sets.items():
            if self.known_slot((*path, "set", slot), slot) and value is not None:
                self.slot_value((*path, "set", slot), slot, value)
        return dict(sets)

    def taken(self, path: Path_, shape: StepShape) -> Mapping[str, Way]:
        """The ways on from what became of text. Of a code each is written; of words to a person
        the engine knows what to say.
        """
        known = TAKEN[shape.takes or "person"]
        ways = {
            word: self.way((*path, "outcomes", word), target)
            for word, target in shape.outcomes.items()
        }
        for word in ways:
            if word not in known:
                where: Path_ = (*path, "outcomes", word)
                self.unknown(where, "outcome of text", word, known, "unknown-outcome")
        for word in known if shape.takes == "code" else ():
            if word not in ways:
                mend = f"Add {word}: STEP under outcomes."
                message = f"no way on when a code comes back with '{word}'"
                self.fault((*path, "takes"), message, mend, "missing-outcome")
        return ways

    def ask(self, path: Path_, shape: AskShape) -> Ask:
        """A question from a list. The language question is the engine's own and needs no `go`."""
        if shape.options not in self.names.vocabulary.options:
            known = self.names.vocabulary.options
            self.unknown((*path, "from"), "list", shape.options, known, "unknown-options")
        is_language = (shape.slot, shape.options) == LANGUAGE
        if not is_language and self.known_slot((*path, "slot"), shape.slot):
            declared = self.names.slots.get(shape.slot)
            lists = self.names.vocabulary.options
            allowed = lists.get(declared.options or "", ()) if declared is not None else ()
            if declared is not None and not set(lists.get(shape.options, ())) <= set(allowed):
                mend = f"Declare it with options: {shape.options}, or with a list that holds it."
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

"""Whether what a flow declares of a slot can be meant."""

from collections.abc import Iterable, Iterator, Mapping

from authored import Authored, Mistake, did_you_mean
from authored.reading import Path_
from flows.grammar import Slot
from flows.naming import NAME, NAME_RULE, Names
from flows.shapes import SlotShape


def slot_mistakes(file: Authored, name: str, slot: SlotShape, names: Names) -> Iterator[Mistake]:
    """What is wrong with one declaration."""
    path: Path_ = ("slots", name)
    vocabulary = names.vocabulary
    if not NAME.match(name):
        yield file.mistake(path, f"'{name}' cannot name a slot", NAME_RULE, "name")
    if name in names.values or name in vocabulary.fillers:
        message = f"'{name}' is a placeholder of the engine already"
        yield file.mistake(path, message, "Name the slot otherwise.", "name")
    if [slot.values, slot.options, slot.origin].count(None) != 2:
        mend = "Write values: [..], options: LIST or from: VALUE."
        yield file.mistake(path, "a slot takes its values from one place", mend, "slot-kind")
    if slot.options is not None and slot.options not in vocabulary.options:
        hint = did_you_mean(slot.options, vocabulary.options)
        message = f"there is no list '{slot.options}'"
        yield file.mistake((*path, "options"), message, hint, "unknown-options")
    if slot.origin is not None and slot.origin not in names.values:
        hint = did_you_mean(slot.origin, names.values)
        message = f"no errand brings '{slot.origin}'"
        yield file.mistake((*path, "from"), message, hint, "unknown-value")
    if slot.values is not None and (not slot.values or len(set(slot.values)) < len(slot.values)):
        mend = "List every value once."
        yield file.mistake((*path, "values"), "is empty or repeats a value", mend, "slot-kind")
    for i, value in enumerate(slot.values or ()):
        if not NAME.match(value):
            message = f"'{value}' cannot be a value of a slot"
            yield file.mistake((*path, "values", i), message, NAME_RULE, "name")


def slots_declared_alike(
    declared: Iterable[tuple[Authored, Mapping[str, SlotShape]]],
) -> Iterator[Mistake]:
    """The slots of all files: one that two flows declare must be declared alike in both."""
    first: dict[str, tuple[Authored, SlotShape]] = {}
    for file, slots in declared:
        for name, slot in slots.items():
            there, before = first.setdefault(name, (file, slot))
            if before != slot:
                line = there.spot(("slots", name)).line
                message = f"slot '{name}' is declared differently in {there.file}:{line}"
                mend = "Declare it alike in both."
                yield file.mistake(("slots", name), message, mend, "slot-twice")


def slot_of(name: str, slot: SlotShape) -> Slot:
    """The declaration as the script keeps it."""
    values = tuple(slot.values or ())
    options, origin = slot.options or "", slot.origin or ""
    return Slot(name, values, slot.retention, slot.sensitive, options, origin)

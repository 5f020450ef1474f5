"""Reads a library of flow files into one script, or says everything that is wrong in any of them.

    read_file → shape (flows.shapes) → names of all files → steps (flows.linking) → Script

A script is made only when no file has a fault. A fault in one file does not hide those of the others,
and a file that cannot be read does not make every way into it a fault as well.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from authored import Authored, Mistake, Mistakes, did_you_mean, read_file, shape
from authored.reading import Path_
from flows.grammar import Command, Flow, Script, Slot, Step, Vocabulary
from flows.linking import LANGUAGE, NAME, NAME_RULE, Linker, Names
from flows.shapes import AlwaysShape, FlowShape, SlotShape
from flows.version import version_of

ALWAYS = "always"
COMMANDS = ("help_now", "human", "back", "language", "leave")


@dataclass(frozen=True, slots=True)
class Library:
    """A script, and the files it was read from for those who point at a place in them."""

    script: Script
    vocabulary: Vocabulary
    files: Mapping[str, Authored]
    """By flow."""
    shapes: Mapping[str, FlowShape]
    """By flow: what the files say, for those who need more than the script keeps."""


@dataclass(frozen=True, slots=True)
class _Draft:
    """One file on its way: what was read of it, and its shape when it has one."""

    flow: str
    file: Authored
    shape: FlowShape | None


def read_script(library: Path, vocabulary: Vocabulary) -> Script:
    """The script in a folder of `<flow>.yaml` files. Raises `Mistakes` with every fault of every file."""
    return read_library(library, vocabulary).script


def read_library(library: Path, vocabulary: Vocabulary) -> Library:
    """The same, with the files. Raises `Mistakes`."""
    drafts, unreadable, found = _read_all(library)
    names = _names(drafts, unreadable, vocabulary)
    steps: dict[str, Step] = {}
    for draft in drafts:
        if draft.shape is None:
            continue
        linker = Linker(draft.flow, draft.file, names)
        steps |= linker.steps(draft.shape)
        found += linker.found
        found += _flow_mistakes(draft, draft.shape, names)
    found += _slots_declared_alike(drafts)
    renamed, faults = _renamed(drafts)
    found += faults
    always = next((d for d in drafts if d.flow == ALWAYS), None)
    if always is None and ALWAYS not in unreadable:
        mend = "Add it: commands, notes and start stand there."
        found.append(Mistake(_shown(library / "always.yaml"), 0, 0, "is missing", mend))
    if found or always is None or not isinstance(always.shape, AlwaysShape):
        raise Mistakes(found)
    script = _script(drafts, always.shape, steps, renamed, vocabulary)
    shapes = {d.flow: d.shape for d in drafts if d.shape is not None}
    return Library(script, vocabulary, {d.flow: d.file for d in drafts}, shapes)


def _shown(path: Path) -> str:
    """A path as an author knows it: from where they stand, when it is below."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return str(path)


def _read_all(library: Path) -> tuple[list[_Draft], set[str], list[Mistake]]:
    drafts: list[_Draft] = []
    unreadable: set[str] = set()
    found: list[Mistake] = []
    paths = sorted(library.glob("*.yaml"))
    for stray in sorted(library.glob("*.yml")):
        found.append(Mistake(_shown(stray), 0, 0, "is not read", "Name it .yaml."))
    if not paths:
        found.append(Mistake(_shown(library), 0, 0, "holds no flow", "Add FLOW.yaml files."))
    for path in paths:
        try:
            file = read_file(path, shown_as=_shown(path))
        except Mistakes as mistakes:
            unreadable.add(path.stem)
            found += mistakes.found
            continue
        try:
            model = AlwaysShape if path.stem == ALWAYS else FlowShape
            drafts.append(_Draft(path.stem, file, shape(model, file)))
        except Mistakes as mistakes:
            found += mistakes.found
            drafts.append(_Draft(path.stem, file, None))
    return drafts, unreadable, found


def _names(drafts: list[_Draft], unreadable: set[str], vocabulary: Vocabulary) -> Names:
    steps: dict[str, frozenset[str] | None] = dict.fromkeys(unreadable)
    entries: dict[str, str] = {}
    slots: dict[str, SlotShape | None] = {}
    for draft in drafts:
        if draft.shape is not None:
            steps[draft.flow] = frozenset(draft.shape.steps)
            entries[draft.flow] = _entry(draft.shape)
            for name, slot in draft.shape.slots.items():
                slots.setdefault(name, slot)
        else:
            steps[draft.flow] = frozenset(_keys(draft.file, "steps")) or None
            for name in _keys(draft.file, "slots"):
                slots.setdefault(name, None)
    return Names(steps, entries, slots, not unreadable, vocabulary)


def _keys(file: Authored, part: str) -> list[str]:
    """The keys of a part of a file whose shape is wrong somewhere."""
    value = file.value.get(part) if isinstance(file.value, dict) else None
    return list(value) if isinstance(value, dict) else []


def _entry(shape: FlowShape) -> str:
    if isinstance(shape, AlwaysShape) and not shape.entry:
        return shape.commands.help_now.go or ""
    return shape.entry


def _flow_mistakes(draft: _Draft, shape: FlowShape, names: Names) -> list[Mistake]:
    at = draft.file.mistake
    found = []
    if shape.id != draft.flow:
        mend = f"Write id: {draft.flow}, or rename the file."
        message = f"the id '{shape.id}' is not the name of the file"
        found.append(at(("id",), message, mend, "flow-id"))
    if not NAME.match(draft.flow):
        found.append(at(("id",), f"'{draft.flow}' cannot name a flow", NAME_RULE, "name"))
    if _entry(shape) not in shape.steps:
        hint = did_you_mean(shape.entry, shape.steps)
        found.append(at(("entry",), f"there is no step '{shape.entry}'", hint, "unknown-step"))
    for name, slot in shape.slots.items():
        found += _slot_mistakes(draft.file, name, slot, names)
    if isinstance(shape, AlwaysShape):
        found += _always_mistakes(draft.file, shape, names)
    return found


def _slot_mistakes(file: Authored, name: str, slot: SlotShape, names: Names) -> Iterator[Mistake]:
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


def _slots_declared_alike(drafts: list[_Draft]) -> Iterator[Mistake]:
    first: dict[str, tuple[_Draft, SlotShape]] = {}
    for draft in drafts:
        for name, slot in draft.shape.slots.items() if draft.shape else ():
            there, declared = first.setdefault(name, (draft, slot))
            if declared != slot:
                line = there.file.spot(("slots", name)).line
                message = f"slot '{name}' is declared differently in {there.file.file}:{line}"
                mend = "Declare it alike in both."
                yield draft.file.mistake(("slots", name), message, mend, "slot-twice")


def _always_mistakes(file: Authored, shape: AlwaysShape, names: Names) -> list[Mistake]:
    linker = Linker(ALWAYS, file, names)
    taken: dict[str, str] = {}
    for name in COMMANDS:
        command = getattr(shape.commands, name)
        path: Path_ = ("commands", name)
        linker.text((*path, "label"), command.label)
        if name == "back" and command.go is not None:
            message = "back leads to where the person was"
            linker.fault((*path, "go"), message, "Take go away.", "command")
        elif name != "back" and command.go is None:
            linker.fault(path, f"{name} leads nowhere", "Add go: STEP.", "command")
        elif command.go is not None:
            if linker.state((*path, "go"), command.go) and command.go in shape.steps:
                _command_step(linker, name, shape, (*path, "go"), command.go)
        for i, word in enumerate(command.words):
            other = taken.setdefault(word.strip().casefold(), name)
            if other != name or not word.strip():
                message = f"'{word}' means {other} already" if word.strip() else "a word is empty"
                linker.fault((*path, "words", i), message, "Take it away from one.", "command")
    for name in type(shape.notes).model_fields:
        linker.text(("notes", name, "say"), getattr(shape.notes, name).say)
    linker.state(("start",), shape.start)
    return linker.found


def _command_step(linker: Linker, name: str, shape: AlwaysShape, path: Path_, target: str) -> None:
    step = shape.steps[target]
    if name == "leave" and not step.forgets:
        mend = f"Write forgets: true in step {target}."
        linker.fault(path, "leaving must erase everything", mend, "command")
    asks = step.ask and (step.ask.slot, step.ask.options)
    if name == "language" and asks != LANGUAGE:
        mend = f"Write ask: {{slot: language, from: languages}} in step {target}."
        linker.fault(path, "the language step asks for no language", mend, "command")


def _renamed(drafts: list[_Draft]) -> tuple[dict[str, str], list[Mistake]]:
    renamed: dict[str, str] = {}
    found: list[Mistake] = []
    there = {f"{d.flow}/{name}" for d in drafts for name in _keys(d.file, "steps")}
    for draft in drafts:
        for name, step in draft.shape.steps.items() if draft.shape else ():
            for i, old in enumerate(step.renamed_from):
                path: Path_ = ("steps", name, "renamed_from", i)
                state = old if "/" in old else f"{draft.flow}/{old}"
                now = f"{draft.flow}/{name}"
                if not all(NAME.match(part) for part in state.split("/", 1)):
                    message = f"'{old}' cannot have been a step"
                    found.append(draft.file.mistake(path, message, NAME_RULE, "renamed"))
                elif state in there:
                    message = f"'{state}' is still a step"
                    mend = "Take it away: an old id must be gone."
                    found.append(draft.file.mistake(path, message, mend, "renamed"))
                elif renamed.setdefault(state, now) != now:
                    message = f"'{state}' already became {renamed[state]}"
                    mend = "Name the old id in one step."
                    found.append(draft.file.mistake(path, message, mend, "renamed"))
    return renamed, found


def _script(
    drafts: list[_Draft],
    always: AlwaysShape,
    steps: dict[str, Step],
    renamed: dict[str, str],
    vocabulary: Vocabulary,
) -> Script:
    flows = {
        d.flow: Flow(
            d.flow,
            d.shape.title,
            f"{d.flow}/{_entry(d.shape)}",
            {name: _slot(name, slot) for name, slot in d.shape.slots.items()},
            d.file.file,
        )
        for d in drafts
        if d.shape is not None
    }
    commands = {name: _command(name, always) for name in COMMANDS}
    notes = {
        name: getattr(always.notes, name).say.strip() for name in type(always.notes).model_fields
    }
    start = always.start if "/" in always.start else f"{ALWAYS}/{always.start}"
    options = dict(vocabulary.options)
    script = Script("", start, flows, steps, commands, notes, renamed, options)
    return version_of(script)


def _slot(name: str, slot: SlotShape) -> Slot:
    values = tuple(slot.values or ())
    return Slot(name, values, slot.retention, slot.sensitive, slot.options or "", slot.origin or "")


def _command(name: str, always: AlwaysShape) -> Command:
    command = getattr(always.commands, name)
    to = command.go if command.go is None or "/" in command.go else f"{ALWAYS}/{command.go}"
    words = tuple(word.strip() for word in command.words)
    return Command(name, command.label.strip(), words, to)  # type: ignore[arg-type]

"""Reads a library of flow files into one script, or says everything that is wrong in any of them.

    read_file → shape (flows.shapes) → names of all files → steps (flows.linking) → Script

A script is made only when no file has a fault. A fault in one file does not hide those of the
others, and a file that cannot be read does not make every way into it a fault as well.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from authored import Authored, Mistake, Mistakes, did_you_mean, read_file, shape
from authored.reading import Path_
from flows.always import (
    ALWAYS,
    always_mistakes,
    commands_of,
    hears_of,
    news_of,
    notes_of,
    start_of,
)
from flows.declared import slot_mistakes, slot_of, slots_declared_alike
from flows.grammar import Flow, Script, Step, Vocabulary
from flows.linking import Linker
from flows.naming import NAME, NAME_RULE, Names
from flows.shapes import AlwaysShape, FlowShape, SlotShape, StepShape
from flows.version import version_of


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
    """The script in a folder of `<flow>.yaml` files. Raises `Mistakes` with every fault of all."""
    return read_library(library, vocabulary).script


def read_library(library: Path, vocabulary: Vocabulary) -> Library:
    """The same, with the files. Raises `Mistakes`."""
    drafts, unreadable, found = _read_all(library)
    names = _names(drafts, unreadable, vocabulary)
    steps: dict[str, Step] = {}
    for draft in drafts:
        linker = Linker(draft.flow, draft.file, names)
        for name, step in _steps(draft).items():
            steps[f"{draft.flow}/{name}"] = linker.step(name, step)
        found += linker.found
        if draft.shape is not None:
            found += _flow_mistakes(draft, draft.shape, names)
    found += slots_declared_alike([(d.file, d.shape.slots) for d in drafts if d.shape])
    renamed, faults = _renamed(drafts)
    found += faults
    always = next((d for d in drafts if d.flow == ALWAYS), None)
    if always is None and ALWAYS not in unreadable:
        mend = "Add it: commands, notes and start stand there."
        found.append(Mistake(_shown(library / "always.yaml"), 0, 0, "is missing", mend))
    elif always is not None and isinstance(always.shape, AlwaysShape):
        found += always_mistakes(always.file, always.shape, names, steps)
        if not found:
            script = _script(drafts, always.shape, steps, renamed, vocabulary)
            shapes = {d.flow: d.shape for d in drafts if d.shape}
            return Library(script, vocabulary, {d.flow: d.file for d in drafts}, shapes)
    raise Mistakes(found)


def _shown(path: Path) -> str:
    """A path as an author knows it: from where they stand, when it is below."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return str(path)


def _read_all(library: Path) -> tuple[list[_Draft], set[str], list[Mistake]]:
    drafts: list[_Draft] = []
    unreadable: set[str] = set()
    paths = sorted(library.glob("*.yaml"))
    found = [
        Mistake(_shown(stray), 0, 0, "is not read", "Name it .yaml.")
        for stray in sorted(library.glob("*.yml"))
    ]
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


def _steps(draft: _Draft) -> dict[str, StepShape]:
    """The steps of a file; of one whose shape is wrong, those that are right in themselves."""
    if draft.shape is not None:
        return draft.shape.steps
    steps = {}
    for name, value in _part(draft.file, "steps").items():
        try:
            steps[name] = StepShape.model_validate(value)
        except ValidationError:
            continue  # said already, when the whole file was given its shape
    return steps


def _part(file: Authored, name: str) -> dict[str, object]:
    """A mapping in a file whose shape may be wrong anywhere."""
    part = file.value.get(name) if isinstance(file.value, dict) else None
    return part if isinstance(part, dict) else {}


def _names(drafts: list[_Draft], unreadable: set[str], vocabulary: Vocabulary) -> Names:
    steps: dict[str, frozenset[str] | None] = dict.fromkeys(unreadable)
    entries: dict[str, str] = {}
    slots: dict[str, SlotShape | None] = {}
    for draft in drafts:
        steps[draft.flow] = frozenset(_part(draft.file, "steps")) or None
        if draft.shape is not None:
            entries[draft.flow] = _entry(draft.shape)
        for name in _part(draft.file, "slots"):
            slots.setdefault(name, draft.shape.slots[name] if draft.shape else None)
    return Names(steps, entries, slots, not unreadable, vocabulary)


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
    if shape.entry not in shape.steps and (shape.entry or not isinstance(shape, AlwaysShape)):
        hint = did_you_mean(shape.entry, shape.steps)
        found.append(at(("entry",), f"there is no step '{shape.entry}'", hint, "unknown-step"))
    for name, slot in shape.slots.items():
        found += slot_mistakes(draft.file, name, slot, names)
    return found


def _renamed(drafts: list[_Draft]) -> tuple[dict[str, str], list[Mistake]]:
    """Old state → the state it is now, and what is wrong with the old ids."""
    renamed: dict[str, str] = {}
    found: list[Mistake] = []
    there = {f"{d.flow}/{name}" for d in drafts for name in _part(d.file, "steps")}
    for draft in drafts:
        for name, step in _steps(draft).items():
            now = f"{draft.flow}/{name}"
            for i, old in enumerate(step.renamed_from):
                state = old if "/" in old else f"{draft.flow}/{old}"
                fault = _old_id_fault(state, now, there, renamed)
                if fault:
                    path: Path_ = ("steps", name, "renamed_from", i)
                    found.append(draft.file.mistake(path, *fault, "renamed"))
    return renamed, found


def _old_id_fault(
    state: str, now: str, there: set[str], renamed: dict[str, str]
) -> tuple[str, str] | None:
    if not all(NAME.match(part) for part in state.split("/", 1)):
        return f"'{state}' cannot have been a state", NAME_RULE
    if state in there:
        return f"'{state}' is still a step", "Take it away: an old id must be gone."
    if renamed.setdefault(state, now) != now:
        return f"'{state}' already became {renamed[state]}", "Name the old id in one step."
    return None


def _script(
    drafts: list[_Draft],
    always: AlwaysShape,
    steps: dict[str, Step],
    renamed: dict[str, str],
    vocabulary: Vocabulary,
) -> Script:
    flows = {
        draft.flow: Flow(
            id=draft.flow,
            title=draft.shape.title,
            entry=f"{draft.flow}/{_entry(draft.shape)}",
            slots={name: slot_of(name, slot) for name, slot in draft.shape.slots.items()},
            staff=draft.shape.staff,
            aside=draft.shape.aside,
            file=draft.file.file,
        )
        for draft in drafts
        if draft.shape is not None
    }
    return version_of(
        Script(
            version="",
            start=start_of(always),
            flows=flows,
            steps=steps,
            commands=commands_of(always),
            notes=notes_of(always),
            hears=hears_of(always),
            news=news_of(always),
            renamed=renamed,
            options=dict(vocabulary.options),
        )
    )

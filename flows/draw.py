"""A picture of a script: Mermaid text, Graphviz dot, SVG where `dot` is there, or an outline.

It draws what the reader made, not what `transitions` knows, so labels are the words of the flow.
"""

import shutil
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from flows.grammar import RETURN, Condition, Script, Step, Way


class NoDot(Exception):
    """Graphviz is not on this machine, or would not draw."""


@dataclass(frozen=True, slots=True)
class Arrow:
    """One way, with what stands beside it."""

    source: str
    target: str
    label: str
    then: str | None = None


def arrows(step: Step) -> Iterator[Arrow]:
    """The ways out of a step as they are drawn."""
    for choice in step.choices:
        asked = f" (if {asked_in_words(choice.shown_if)})" if choice.shown_if else ""
        yield _arrow(step, choice.way, choice.label + asked)
    if step.ask:
        yield _arrow(step, step.ask.way, f"one of {step.ask.options}")
    if step.each:
        yield _arrow(step, step.each.way, f"each of {step.each.value}")
    if step.call:
        for word, way in step.call.outcomes.items():
            yield _arrow(step, way, f"{step.call.errand}: {word}")
    for when in step.when:
        yield _arrow(step, when.way, f"if {asked_in_words(when.condition)}")
    if step.go:
        yield _arrow(step, step.go, "otherwise" if step.when else "")


def _arrow(step: Step, way: Way, label: str) -> Arrow:
    return Arrow(step.name, way.to, label, way.then)


def asked_in_words(condition: Condition) -> str:
    """A condition as people say it."""
    parts = [asked_in_words(part) for part in condition.parts]
    match condition.kind:
        case "is":
            return f"{condition.slot} is {' or '.join(condition.values)}"
        case "within":
            return f"{condition.slot} is in {' or '.join(condition.values)}"
        case "set":
            return f"{condition.slot} is set"
        case "not":
            return f"not ({parts[0]})"
    joined = f" {'and' if condition.kind == 'all' else 'or'} ".join(parts)
    return f"({joined})" if len(parts) > 1 else joined


def _steps(script: Script, flow: str | None) -> list[Step]:
    return [step for step in script.steps.values() if flow in (None, step.flow)]


def _first_words(step: Step) -> str:
    words = " ".join(step.say.split())
    return words if len(words) <= 60 else words[:59].rstrip() + "…"


def mermaid(script: Script, flow: str | None = None) -> str:
    """A Mermaid flowchart of one flow, or of all."""
    steps = _steps(script, flow)
    number = _numbers(steps)
    lines = ["flowchart TD"]
    for step in steps:
        before, after = ("([", "])") if step.forgets else ("[", "]") if step.waits else ("{{", "}}")
        said = f"<br>{_for_mermaid(_first_words(step))}" if step.say else ""
        lines.append(f'  {number[step.name]}{before}"{_for_mermaid(step.name)}{said}"{after}')
    outside = set(number) - {step.name for step in steps}
    lines += [f'  {number[name]}>"{_for_mermaid(name)}"]' for name in number if name in outside]
    for step in steps:
        for arrow in arrows(step):
            label = f'|"{_for_mermaid(arrow.label)}"|' if arrow.label else ""
            lines.append(f"  {number[arrow.source]} -->{label} {number[arrow.target]}")
            if arrow.then:
                after = f'-.->|"after {_for_mermaid(arrow.target)}"|'
                lines.append(f"  {number[arrow.source]} {after} {number[arrow.then]}")
    return "\n".join(lines) + "\n"


def _numbers(steps: list[Step]) -> dict[str, str]:
    """A plain id for everything drawn: Mermaid takes words such as `end` in an id for its own."""
    names = [step.name for step in steps]
    for arrow in (arrow for step in steps for arrow in arrows(step)):
        names += [arrow.target, *([arrow.then] if arrow.then else [])]
    return {name: f"s{i}" for i, name in enumerate(dict.fromkeys(names))}


def _for_mermaid(text: str) -> str:
    """Text inside a quoted Mermaid label, where entities are written `#name;`."""
    text = " ".join(text.split()).replace("#", "#35;").replace("&", "#amp;")
    text = text.replace('"', "#quot;").replace("`", "#96;")
    return text.replace("<", "#lt;").replace(">", "#gt;")


def dot(script: Script, flow: str | None = None) -> str:
    """The same for Graphviz."""
    steps = _steps(script, flow)
    lines = ["digraph script {", '  node [shape=box, fontname="sans-serif"];']
    lines.append('  edge [fontname="sans-serif", fontsize=10];')
    for step in steps:
        shape = "oval" if step.forgets else "box" if step.waits else "hexagon"
        label = "\n".join(filter(None, [step.name, _first_words(step)]))
        lines.append(f"  {_for_dot(step.name)} [shape={shape}, label={_for_dot(label)}];")
    for step in steps:
        for arrow in arrows(step):
            ends = f"{_for_dot(arrow.source)} -> {_for_dot(arrow.target)}"
            lines.append(f"  {ends} [label={_for_dot(arrow.label)}];")
            if arrow.then:
                label = _for_dot(f"after {arrow.target}")
                ends = f"{_for_dot(arrow.source)} -> {_for_dot(arrow.then)}"
                lines.append(f"  {ends} [style=dashed, label={label}];")
    return "\n".join([*lines, "}"]) + "\n"


def _for_dot(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def svg(script: Script, flow: str | None = None, program: str = "dot") -> str:
    """An SVG picture, by Graphviz. Raises `NoDot`; draw an `outline` then."""
    found = shutil.which(program)
    if found is None:
        raise NoDot(f"'{program}' is not on this machine: install graphviz, or use --text")
    drawn = subprocess.run(  # noqa: S603
        [found, "-Tsvg"],
        input=dot(script, flow),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    if drawn.returncode:
        raise NoDot(f"'{program}' would not draw: {drawn.stderr.strip()[:200]}")
    return drawn.stdout


def outline(script: Script, flow: str | None = None) -> str:
    """The same as indented text, which a screen reader can read."""
    return "\n".join(_outline(_steps(script, flow))) + "\n"


def _outline(steps: Iterable[Step]) -> Iterator[str]:
    for step in steps:
        end = "  (everything is erased)" if step.forgets else ""
        yield f"{step.name}{end}"
        for line in step.say.splitlines():
            yield f"    {line}"
        for arrow in arrows(step):
            to = "back to where it was done" if arrow.target == RETURN else arrow.target
            then = f", then {arrow.then}" if arrow.then else ""
            yield f"  {'- ' + arrow.label + ' ' if arrow.label else '- '}→ {to}{then}"

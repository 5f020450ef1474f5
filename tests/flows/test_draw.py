"""Pictures of a script: the words of the flow, escaped so that they are shown as they are."""

from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

from authored import read_file
from flows.draw import NoDot, asked_in_words, dot, mermaid, outline, svg
from flows.grammar import Condition, Script, Vocabulary
from flows.reader import read_script
from flows.schema import flow_schema

Write = Callable[..., Path]


@pytest.fixture
def script(write: Write, vocabulary: Vocabulary) -> Script:
    return read_script(
        write(find_help=("label: Legal help", "label: 'A \"b\" <c> #d & `e` \\f'")), vocabulary
    )


def test_mermaid_shows_every_step_and_way(script: Script) -> None:
    drawn = mermaid(script)

    assert drawn.startswith("flowchart TD\n")
    for name in script.steps:
        assert f'"{name}' in drawn
    assert '|"A #quot;b#quot; #lt;c#gt; #35;d #amp; #96;e#96; \\f"|' in drawn
    assert '-.->|"after medical_time/when"|' in drawn
    assert '|"As before (if need is set)"|' in drawn
    assert '|"if (need is medical or not (place is set))"|' in drawn
    assert '|"if (need is legal and place is abroad)"|' in drawn
    assert '|"find_services: none"|' in drawn
    assert '>"return"]' in drawn


def test_mermaid_of_one_flow_shows_its_neighbours_as_flags(script: Script) -> None:
    drawn = mermaid(script, "find_help")

    assert '>"medical_time/when"]' in drawn
    assert "always/left" not in drawn
    assert '(["find_help/bye<br>Done.' in drawn
    assert '{{"find_help/decide"}}' in drawn


def test_graphviz_text_is_escaped(script: Script) -> None:
    drawn = dot(script, "find_help")

    assert '[label="A \\"b\\" <c> #d & `e` \\\\f"];' in drawn
    assert '[style=dashed, label="after medical_time/when"];' in drawn
    assert "[shape=hexagon," in drawn


def test_the_outline_reads_aloud(script: Script) -> None:
    lines = outline(script, "find_help").splitlines()

    assert lines[0] == "find_help/need"
    assert "    You do not have to say what happened." in lines
    assert "  - Medical care → medical_time/when, then find_help/place" in lines
    assert "find_help/bye  (everything is erased)" in lines
    assert "  - Yes → back to where it was done" in outline(script, "medical_time")


def test_a_step_with_one_condition_in_a_list_is_drawn_plainly(
    write: Write, vocabulary: Vocabulary
) -> None:
    changed = write(
        find_help=(
            ("{slot: need, set: true}", "{all: [{slot: need, set: true}]}"),
            ("    go: bye\n  results", "    go: bye\n  between: {go: bye}\n  results"),
        )
    )

    drawn = mermaid(read_script(changed, vocabulary))
    assert '|"As before (if need is set)"|' in drawn


def _program(folder: Path, body: str) -> str:
    path = folder / "dot"
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return str(path)


def test_svg_is_what_dot_draws(script: Script, tmp_path: Path) -> None:
    program = _program(tmp_path, 'test "$1" = -Tsvg && head -1 | tr d D')

    assert svg(script, program=program) == "Digraph script {\n"


def test_without_dot_it_is_said(script: Script, tmp_path: Path) -> None:
    with pytest.raises(NoDot, match="install graphviz, or use --text"):
        svg(script, program="no-such-program-here")
    with pytest.raises(NoDot, match="would not draw: too much"):
        svg(script, program=_program(tmp_path, "echo too much >&2; exit 1"))


def test_the_schema_takes_what_the_reader_takes_and_refuses_what_it_refuses(write: Write) -> None:
    judge = jsonschema.Draft202012Validator(flow_schema())
    for path in write().glob("*.yaml"):
        assert list(judge.iter_errors(read_file(path).value)) == [], path.name

    broken = read_file(write(find_help=("choices: {abroad", "chioces: {abroad")) / "find_help.yaml")
    assert not judge.is_valid(broken.value)
    value = read_file(write() / "find_help.yaml").value
    value["steps"]["searching"]["outcomes"]["none"] = {"do": "medical_time"}
    assert not judge.is_valid(value)


def test_a_country_is_named_in_a_picture_as_a_place_one_is_in() -> None:
    within = Condition("within", "place", ("UA", "LT"))
    assert asked_in_words(within) == "place is in UA or LT"

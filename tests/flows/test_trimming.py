"""A script without the ways into a flow: not offered to anyone, and nobody in it is stranded."""

from collections.abc import Callable
from pathlib import Path

from flows.grammar import Vocabulary
from flows.reader import read_script
from flows.table import Table
from flows.trimming import without

Write = Callable[..., Path]


def test_no_choice_leads_into_the_flow_and_all_others_stay(
    write: Write, vocabulary: Vocabulary
) -> None:
    whole = read_script(write(), vocabulary)
    trimmed = without(whole, "medical_time")
    assert [choice.key for choice in whole.steps["find_help/need"].choices] == [
        "medical",
        "legal",
        "same",
    ]
    assert [choice.key for choice in trimmed.steps["find_help/need"].choices] == ["legal", "same"]
    others = {name: step for name, step in whole.steps.items() if name != "find_help/need"}
    assert {name: trimmed.steps[name] for name in others} == others
    table = Table(trimmed)
    assert table.way("find_help/need", "choose.medical", {}) is None


def test_whoever_is_in_the_flow_can_go_on_and_is_not_moved(
    write: Write, vocabulary: Vocabulary
) -> None:
    inner = ("      d1: {label:", "      again: {label: Again, go: when}\n      d1: {label:")
    whole = read_script(write(medical_time=inner), vocabulary)
    trimmed = without(whole, "medical_time")
    assert trimmed.steps["medical_time/when"] == whole.steps["medical_time/when"]
    assert Table(trimmed).advance("medical_time/when", "choose.again", {}) == "medical_time/when"
    assert trimmed.version == whole.version

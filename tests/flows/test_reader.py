"""What the reader takes, and what it says of everything that it does not take."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from authored import Mistake, Mistakes, read_file
from flows.grammar import RETURN, Condition, Vocabulary, Way
from flows.reader import read_library, read_script

Write = Callable[..., Path]

LEGAL = "      legal: {label: Legal help, set: {need: legal}, go: place}"
NEED_SLOT = "  need: {values: [medical, legal], retention: session}"
LEAVE = "  leave: {label: Leave, words: [stop, leave], go: left}"


def _faults(flow: str) -> list[list[str]]:
    """The cases of `faults/<flow>.yaml`: old, new, message, mend, rule."""
    faults: list[list[str]] = read_file(Path(__file__).parent / "faults" / f"{flow}.yaml").value
    return faults


def test_a_library_becomes_one_script(write: Write, vocabulary: Vocabulary) -> None:
    library = read_library(write(), vocabulary)
    script = library.script

    assert script.start == "find_help/need"
    assert set(script.flows) == {"always", "find_help", "medical_time"}
    assert script.flows["always"].entry == "always/help_now"
    need = script.steps["find_help/need"]
    assert need.say.splitlines()[1] == "You do not have to say what happened."
    assert (need.waits, need.checkpoint, need.max_chars, need.flow) == (
        True,
        True,
        320,
        "find_help",
    )
    medical, legal, same = need.choices
    assert medical.way == Way("medical_time/when", then="find_help/place")
    assert (legal.way, legal.sets) == (Way("find_help/place"), {"need": "legal"})
    assert same.shown_if == Condition("set", "need")
    language = script.steps["always/language"]
    assert language.ask is not None
    assert language.ask.way == Way(RETURN)
    assert script.steps["find_help/results"].choices[0].sets == {"need": None}
    assert script.commands["back"].to is None
    assert script.commands["leave"].to == "always/left"
    assert script.notes["stale"] == "That button is old."
    assert script.renamed == {
        "find_help/detail": "find_help/details",
        "old_flow/detail": "find_help/details",
    }
    assert script.flows["find_help"].slots["place"].options == "places"
    assert script.flows["find_help"].slots["chosen"].origin == "found"
    assert (need.file, need.line) == (library.files["find_help"].file, 10)


def test_conditions_ask_what_is_written(write: Write, vocabulary: Vocabulary) -> None:
    first, second = read_script(write(), vocabulary).steps["find_help/decide"].when

    assert first.condition.holds({"need": "medical", "place": "UA-63"})
    assert first.condition.holds({"need": "legal"})
    assert not first.condition.holds({"need": "legal", "place": "UA-63"})
    assert second.condition.holds({"need": "legal", "place": "abroad"})
    assert not second.condition.holds({"need": "legal"})


def test_the_version_changes_with_what_a_person_could_notice_and_only_then(
    write: Write, vocabulary: Vocabulary
) -> None:
    version = read_script(write(), vocabulary).version
    same = read_script(
        write(find_help=(("note: Warm, no blame.", "note: Kind."), ("320", "300"))), vocabulary
    )
    other = read_script(write(find_help=("Where are you?", "Where are you now?")), vocabulary)

    assert len(version) == 12
    assert int(version, 16) >= 0
    assert same.version == version
    assert other.version != version


def test_a_flow_can_lead_into_another_and_always_may_name_its_entry(
    write: Write, vocabulary: Vocabulary
) -> None:
    changed = write(
        find_help=(LEGAL, LEGAL.replace("go: place", "go: medical_time/when")),
        always=(
            ("title: What is always there", "title: T\nentry: human"),
            ("go: left", "go: find_help/bye"),
            ("go: help_now", "go: always/help_now"),
            ("start: find_help/need", "start: help_now"),
        ),
    )
    script = read_script(changed, vocabulary)

    assert script.steps["find_help/need"].choices[1].way == Way("medical_time/when")
    assert script.flows["always"].entry == "always/human"
    assert script.commands["leave"].to == "find_help/bye"
    assert script.start == "always/help_now"


def test_a_condition_can_ask_whether_a_place_is_in_a_country(
    write: Write, vocabulary: Vocabulary
) -> None:
    asked = "{slot: place, eq: abroad}"
    library = write(find_help=(asked, "{slot: place, within: [UA]}"))
    step = read_script(library, vocabulary).steps["find_help/decide"]
    within = step.when[1].condition.parts[1]
    assert within == Condition("within", "place", ("UA",))
    assert [within.holds({"place": code}) for code in ("UA", "UA-63", "abroad", "U")] == [
        True,
        True,
        False,
        False,
    ]
    assert not within.holds({})


def test_free_text_leads_where_the_script_says_and_a_flow_can_be_for_people_at_work(
    write: Write, vocabulary: Vocabulary
) -> None:
    start = "start: find_help/need"
    library = write(always=(start, f"{start}\nhears: {{suicide: lines, need: find_help/place}}"))
    flow = library / "medical_time.yaml"
    flow.write_text(flow.read_text(encoding="utf-8") + "staff: true\n", encoding="utf-8")
    script = read_script(library, vocabulary)
    assert script.hears == {"suicide": "always/lines", "need": "find_help/place"}
    assert script.flows["medical_time"].staff
    assert not script.flows["find_help"].staff


@pytest.mark.parametrize(("old", "new", "message", "mend", "rule"), _faults("find_help"))
def test_a_fault_in_a_flow_is_shown_with_its_place_and_its_mend(
    write: Write, vocabulary: Vocabulary, old: str, new: str, message: str, mend: str, rule: str
) -> None:
    library = write(find_help=(old, new))
    with pytest.raises(Mistakes) as caught:
        read_script(library, vocabulary)

    said = [m for m in caught.value.found if message in m.message and m.rule == rule]
    assert said, str(caught.value)
    assert mend in said[0].mend
    lines = (library / "find_help.yaml").read_text(encoding="utf-8").splitlines()
    assert said[0].file.endswith("find_help.yaml")
    assert 1 <= said[0].line <= len(lines)
    assert 1 <= said[0].column <= len(lines[said[0].line - 1]) + 1


@pytest.mark.parametrize(("old", "new", "message", "mend", "rule"), _faults("always"))
def test_a_fault_in_what_is_always_there_is_shown(
    write: Write, vocabulary: Vocabulary, old: str, new: str, message: str, mend: str, rule: str
) -> None:
    with pytest.raises(Mistakes) as caught:
        read_script(write(always=(old, new)), vocabulary)

    said = [m for m in caught.value.found if message in m.message and m.rule == rule]
    assert said, str(caught.value)
    assert mend in said[0].mend
    assert said[0].file.endswith("always.yaml")


def test_all_faults_of_all_files_are_said_at_once(write: Write, vocabulary: Vocabulary) -> None:
    library = write(
        find_help=((LEGAL, LEGAL.replace("place}", "plase}")), ("title:", "titel:")),
        medical_time=("set: {time: d1}", "set: {time: d2}"),
        always=(LEAVE, LEAVE.replace("go: left", "go: help_now")),
    )
    with pytest.raises(Mistakes) as caught:
        read_script(library, vocabulary)

    assert {m.rule for m in caught.value.found} == {
        "shape",
        "unknown-step",
        "unknown-value",
        "command",
    }


def test_slots_of_two_flows_are_declared_alike(write: Write, vocabulary: Vocabulary) -> None:
    with pytest.raises(Mistakes, match=r"slot 'time' is declared differently in .*find_help.yaml:"):
        read_script(
            write(find_help=(NEED_SLOT, NEED_SLOT + "\n  time: {values: [d1], retention: turn}")),
            vocabulary,
        )


def test_a_file_that_cannot_be_read_is_the_only_thing_complained_of(
    write: Write, vocabulary: Vocabulary
) -> None:
    """Its steps and slots are unknown, so nothing is said of those who use them."""
    with pytest.raises(Mistakes) as caught:
        read_script(
            write(
                find_help=(LEGAL, LEGAL.replace("go: place}", "go: medical_time/other}")),
                medical_time="a: b: c\n",
                uses="format: 1\nid: uses\ntitle: t\nentry: a\nsteps:\n  a:\n    say: '{time}'\n"
                "    choices: {x: {label: x, set: {time: d1}, do: medical_time, then: a}}\n",
            ),
            vocabulary,
        )

    assert [m.message.partition(":")[0] for m in caught.value.found] == ["is not plain YAML"]


@pytest.mark.parametrize("text", ["- a\n", "", "steps: 5\n", "slots: {a: 5}\n"])
def test_a_file_of_a_wrong_shape_is_complained_of_and_the_others_are_checked(
    write: Write, vocabulary: Vocabulary, text: str
) -> None:
    with pytest.raises(Mistakes) as caught:
        read_script(write(medical_time=text), vocabulary)

    assert {m.file.rpartition("/")[2] for m in caught.value.found} == {"medical_time.yaml"}


def test_a_slot_whose_declaration_is_wrong_is_still_a_slot(
    write: Write, vocabulary: Vocabulary
) -> None:
    with pytest.raises(Mistakes) as caught:
        read_script(
            write(find_help=("options: places, retention", "options: places, x")), vocabulary
        )

    assert {m.rule for m in caught.value.found} == {"shape"}


def test_always_cannot_be_left_out(write: Write, vocabulary: Vocabulary) -> None:
    library = write()
    (library / "always.yaml").unlink()
    with pytest.raises(Mistakes, match=r"always.yaml: is missing"):
        read_script(library, vocabulary)


def test_what_is_always_there_and_cannot_be_read_is_not_called_missing(
    write: Write, vocabulary: Vocabulary
) -> None:
    with pytest.raises(Mistakes) as caught:
        read_script(write(always="a: [\n"), vocabulary)

    assert len(caught.value.found) == 1


def test_an_empty_folder_and_a_wrong_ending_are_told(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    (tmp_path / "welcome.yml").write_text("id: welcome\n")
    with pytest.raises(Mistakes) as caught:
        read_script(tmp_path, vocabulary)

    assert "welcome.yml: is not read" in str(caught.value)
    assert "holds no flow" in str(caught.value)


def test_a_flow_is_named_in_small_letters(write: Write, vocabulary: Vocabulary) -> None:
    text = (write() / "medical_time.yaml").read_text()
    with pytest.raises(Mistakes, match="'Other' cannot name a flow"):
        read_script(write(Other=text.replace("id: medical_time", "id: Other")), vocabulary)


def test_a_file_is_shown_as_its_author_knows_it(
    write: Write, vocabulary: Vocabulary, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = write(medical_time="")
    monkeypatch.chdir(library.parent)
    with pytest.raises(Mistakes, match=r"^library/medical_time.yaml:1:1: "):
        read_script(library, vocabulary)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_whatever_is_written_is_a_script_or_a_list_of_mistakes(
    write: Write, vocabulary: Vocabulary, data: st.DataObject
) -> None:
    """Lines lost, doubled, moved and mangled: an author sees places, never a stack trace."""
    path = write() / data.draw(st.sampled_from(["find_help.yaml", "always.yaml"]))
    lines = path.read_text(encoding="utf-8").splitlines()
    for _ in range(data.draw(st.integers(1, 4))):
        here = data.draw(st.integers(0, len(lines) - 1))
        there = data.draw(st.integers(0, len(lines) - 1))
        word = data.draw(
            st.sampled_from(["", "  ", "-", "{", "null", "5", "[]", "{}", "true", "\x00"])
        )
        mangled = lines[here].partition(":")[0] + ": " + word
        lines[here] = data.draw(st.sampled_from(["", lines[there], mangled, word + lines[here]]))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")

    found: tuple[Mistake, ...] = ()
    try:
        assert read_script(path.parent, vocabulary).version
    except Mistakes as mistakes:
        found = mistakes.found
    assert all(m.message and m.line <= len(lines) + 1 for m in found)

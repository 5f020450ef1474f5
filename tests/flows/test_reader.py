"""What the reader takes, and what it says of everything that it does not take."""

from collections.abc import Callable
from pathlib import Path

import pytest

from authored import Mistakes
from flows.grammar import RETURN, Condition, Vocabulary, Way
from flows.reader import read_library, read_script

Write = Callable[..., Path]

LEGAL = "      legal: {label: Legal help, set: {need: legal}, go: place}"
BYE = "  bye:\n    say: Done. What I remembered is gone.\n    forgets: true\n"
PLACE_ASK = "    ask: {slot: place, from: places, go: searching}"
EACH = "    each: {value: found, set: chosen, go: details}"
OUTCOMES = "    outcomes: {some: results, none: decide}"
NEED_SLOT = "  need: {values: [medical, legal], retention: session}"
COND = "{all: [{slot: need, in: [legal]}, {slot: place, eq: abroad}]}"
LEAVE = "  leave: {label: Leave, words: [stop, leave], go: left}"


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


FIND_HELP_FAULTS = [
    # what is written, what is written instead, the message, the mend, the rule
    ("entry: need", "entry: ned", "there is no step 'ned'", "Did you mean 'need'?", "unknown-step"),
    ("id: find_help", "id: find", "'find' is not the name of the file", "id: find_help", "flow-id"),
    ("title: Find", "titel: Find", "'titel' is not known here", "Did you mean 'title'?", "shape"),
    (
        LEGAL,
        LEGAL.replace("place}", "plase}"),
        "no step 'plase'",
        "Did you mean 'place'?",
        "unknown-step",
    ),
    (
        LEGAL,
        LEGAL.replace("place}", "zzzzz}"),
        "no step 'zzzzz'",
        "Known here: bye, dec",
        "unknown-step",
    ),
    (
        LEGAL,
        LEGAL.replace("place}", "medical_time}"),
        "no step 'medical_time'",
        "write medical_time/when, or do",
        "unknown-step",
    ),
    (
        LEGAL,
        LEGAL.replace("place}", "medical_time/wen}"),
        "no step of medical_time 'wen'",
        "Did you mean 'when'?",
        "unknown-step",
    ),
    (
        LEGAL,
        LEGAL.replace("place}", "medicaltime/when}"),
        "no flow 'medicaltime'",
        "Did you mean 'medical_time'?",
        "unknown-flow",
    ),
    (
        LEGAL,
        LEGAL.replace("go: place}", "do: medicaltime, then: place}"),
        "no flow 'medicaltime'",
        "Did you mean",
        "unknown-flow",
    ),
    (
        LEGAL,
        LEGAL.replace("go: place}", "do: medical_time}"),
        "do needs a step to come back to",
        "Add then",
        "way",
    ),
    (
        LEGAL,
        LEGAL.replace("go: place}", "do: medical_time, then: return}"),
        "do needs a step",
        "Add then",
        "way",
    ),
    (
        LEGAL,
        LEGAL.replace("go: place}", "go: place, then: place}"),
        "'then' cannot stand beside 'go'",
        "Use go alone",
        "way",
    ),
    (
        LEGAL,
        LEGAL.replace(", go: place}", "}"),
        "it does not say where to go",
        "Add go: STEP",
        "way",
    ),
    (
        LEGAL,
        LEGAL.replace("need: legal", "nede: legal"),
        "there is no slot 'nede'",
        "Did you mean 'need'?",
        "unknown-slot",
    ),
    (
        LEGAL,
        LEGAL.replace("need: legal", "need: leagl"),
        "slot 'need' cannot hold 'leagl'",
        "Did you mean 'legal'?",
        "unknown-value",
    ),
    (
        LEGAL,
        LEGAL.replace("need: legal", "place: UA-36"),
        "slot 'place' cannot hold 'UA-36'",
        "Did you mean 'UA-63'?",
        "unknown-value",
    ),
    (
        LEGAL,
        LEGAL.replace("need: legal", "language: xx"),
        "slot 'language' cannot hold 'xx'",
        "Known here: en, uk.",
        "unknown-value",
    ),
    (
        LEGAL,
        LEGAL.replace("need: legal", "chosen: x"),
        "'chosen' holds what an errand found",
        "Only null",
        "unknown-value",
    ),
    (
        LEGAL,
        LEGAL.replace("legal: {", "Legal: {"),
        "'Legal' cannot be the key",
        "small letters",
        "name",
    ),
    (
        LEGAL,
        LEGAL.replace("Legal help", "' '"),
        "the label is empty",
        "Write a label.",
        "say-missing",
    ),
    (
        LEGAL,
        LEGAL.replace("Legal help", "5"),
        "label: should be text",
        "Put it in quotes.",
        "shape",
    ),
    (
        LEGAL,
        LEGAL.replace("label: Legal help, ", ""),
        "'label' is missing in steps.need.choices.legal",
        "Add it.",
        "shape",
    ),
    (
        LEGAL,
        LEGAL.replace("go:", "chioces:"),
        "'chioces' is not known here",
        "Known here: do, go, if, label",
        "shape",
    ),
    (
        "Where are you?",
        "Where {plce}?",
        "there is no placeholder 'plce'",
        "Did you mean 'place'?",
        "placeholder",
    ),
    ("Where are you?", "Where }?", "a brace stands alone", "", "placeholder"),
    ("Where are you?", "Where {place!r}?", "is not a plain placeholder", "", "placeholder"),
    ("    say: Where are you?\n", "", "nothing is said here", "Add say", "say-missing"),
    ("say: Where are you?", "say: true", "say: should be text", "Put it in quotes.", "shape"),
    (
        PLACE_ASK,
        PLACE_ASK.replace("places", "plces"),
        "there is no list 'plces'",
        "Did you mean 'places'?",
        "unknown-options",
    ),
    (
        PLACE_ASK,
        PLACE_ASK.replace("slot: place", "slot: need"),
        "slot 'need' is not filled from 'places'",
        "options: places",
        "slot-kind",
    ),
    (
        PLACE_ASK,
        PLACE_ASK.replace("slot: place", "slot: plce"),
        "there is no slot 'plce'",
        "Did you mean 'place'?",
        "unknown-slot",
    ),
    (
        EACH,
        EACH.replace("value: found", "value: fund"),
        "there is no value 'fund'",
        "Did you mean 'found'?",
        "unknown-value",
    ),
    (
        EACH,
        EACH.replace("set: chosen", "set: need"),
        "slot 'need' does not hold items of 'found'",
        "from: found",
        "slot-kind",
    ),
    (
        EACH,
        EACH.replace("set: chosen", "set: chsen"),
        "there is no slot 'chsen'",
        "Did you mean 'chosen'?",
        "unknown-slot",
    ),
    ("shows: [chosen]", "shows: [need]", "there is no value 'need'", "", "unknown-value"),
    (
        "shows: [chosen]",
        "shows: [chosn]",
        "there is no value 'chosn'",
        "Did you mean 'chosen'?",
        "unknown-value",
    ),
    (
        "call: find_services",
        "call: find_service",
        "no errand 'find_service'",
        "Did you mean 'find_services'?",
        "unknown-errand",
    ),
    (
        OUTCOMES,
        OUTCOMES.replace(", none: decide", ""),
        "comes back with 'none'",
        "Add none: STEP",
        "missing-outcome",
    ),
    (
        OUTCOMES,
        OUTCOMES.replace("none: decide", "none: decide, nun: bye"),
        "no outcome of find_services 'nun'",
        "Known here: none, some.",
        "unknown-outcome",
    ),
    (
        OUTCOMES,
        OUTCOMES.replace("none: decide", "none: {go: decide, to: x}"),
        "'to' is not known here",
        "Known here: do, go, then.",
        "shape",
    ),
    (
        "    call: find_services\n",
        "    go: bye\n",
        "outcomes without a call",
        "Add call",
        "ways-out",
    ),
    (
        "    call: find_services\n",
        "    call: find_services\n    go: bye\n",
        "left in more than one manner",
        "Keep one",
        "ways-out",
    ),
    ("    forgets: true\n", "", "a person would be stuck here", "Give it choices", "ways-out"),
    (
        "    forgets: true\n",
        "    forgets: true\n    go: need\n",
        "a step that forgets has no way out",
        "Take the ways out",
        "ways-out",
    ),
    (
        "    go: bye\n  results",
        "  results",
        "when needs a way for all other cases",
        "Add go",
        "ways-out",
    ),
    (COND, "{slot: need}", "a condition asks one thing", "Write {slot, eq}", "condition"),
    (COND, "{slot: need, eq: legal, in: [legal]}", "a condition asks one thing", "", "condition"),
    (COND, "{eq: legal}", "a condition asks one thing", "", "condition"),
    (COND, "{slot: need, in: []}", "'in' needs values", "List at least one.", "condition"),
    (COND, "{all: []}", "'all' needs conditions", "List at least one.", "condition"),
    (COND, "{any: []}", "'any' needs conditions", "List at least one.", "condition"),
    (
        COND,
        "{slot: nede, set: true}",
        "there is no slot 'nede'",
        "Did you mean 'need'?",
        "unknown-slot",
    ),
    (
        COND,
        "{slot: need, eq: x}",
        "slot 'need' cannot hold 'x'",
        "Known here: legal, medical.",
        "unknown-value",
    ),
    ("slot: need, set: true", "slot: need, set: false", "if.set: ", "", "shape"),
    (
        NEED_SLOT,
        NEED_SLOT.replace(", retention: session", ""),
        "'retention' is missing in slots.need",
        "Add it.",
        "shape",
    ),
    (
        NEED_SLOT,
        NEED_SLOT.replace("values: [medical, legal], ", ""),
        "takes its values from one place",
        "values: [..]",
        "slot-kind",
    ),
    (
        NEED_SLOT,
        NEED_SLOT.replace("values:", "options: places, values:"),
        "takes its values from one place",
        "",
        "slot-kind",
    ),
    (
        NEED_SLOT,
        NEED_SLOT.replace("legal]", "legal, legal]"),
        "repeats a value",
        "once",
        "slot-kind",
    ),
    (
        NEED_SLOT,
        NEED_SLOT.replace("legal]", "legal, No]"),
        "'No' cannot be a value",
        "small letters",
        "name",
    ),
    (
        NEED_SLOT,
        NEED_SLOT.replace("need:", "Need:"),
        "'Need' cannot name a slot",
        "small letters",
        "name",
    ),
    (
        NEED_SLOT,
        NEED_SLOT + "\n  need_name: {values: [a], retention: turn}",
        "'need_name' is a placeholder of the engine already",
        "otherwise",
        "name",
    ),
    (
        NEED_SLOT,
        NEED_SLOT + "\n  x: {options: plces, retention: turn}",
        "there is no list 'plces'",
        "Did you mean",
        "unknown-options",
    ),
    (
        NEED_SLOT,
        NEED_SLOT + "\n  x: {from: fund, retention: turn}",
        "no errand brings 'fund'",
        "Did you mean",
        "unknown-value",
    ),
    (
        "renamed_from: [detail,",
        "renamed_from: [bye,",
        "'find_help/bye' is still a step",
        "Take it away",
        "renamed",
    ),
    (
        "renamed_from: [detail,",
        "renamed_from: [Detail,",
        "cannot have been a state",
        "small letters",
        "renamed",
    ),
    (
        BYE,
        BYE + "    renamed_from: [detail]\n",
        "'find_help/detail' already became find_help/details",
        "in one step",
        "renamed",
    ),
    (
        BYE,
        BYE + "  Bye: {say: x, forgets: true}\n",
        "'Bye' cannot name a step",
        "small letters",
        "name",
    ),
    (
        BYE,
        BYE + "  return: {say: x, forgets: true}\n",
        "a step cannot be called 'return'",
        "Rename it.",
        "name",
    ),
    ("steps:", "steps: {}\nstps:", "steps: is empty", "Write at least one.", "shape"),
    ("max_chars: 320", "max_chars: 0", "max_chars: ", "", "shape"),
    (
        "choices: {abroad:",
        "choices: []\n    x: {abroad:",
        "should be a mapping",
        "Write 'name: value'",
        "shape",
    ),
    (
        "renamed_from: [detail, old_flow/detail]",
        "renamed_from: detail",
        "should be a list",
        "Write [one, two]",
        "shape",
    ),
    ("checkpoint: true", "checkpoint: yes", "should be true or false", "", "shape"),
]


@pytest.mark.parametrize(("old", "new", "message", "mend", "rule"), FIND_HELP_FAULTS)
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


ALWAYS_FAULTS = [
    (LEAVE + "\n", "", "'leave' is missing in commands", "Add it.", "shape"),
    (
        "  stale: {say: That button is old.}\n",
        "",
        "'stale' is missing in notes",
        "Add it.",
        "shape",
    ),
    (
        LEAVE,
        LEAVE.replace("go: left", "go: help_now"),
        "leaving must erase everything",
        "forgets: true",
        "command",
    ),
    (
        LEAVE,
        LEAVE.replace("go: left", "go: gone"),
        "there is no step 'gone'",
        "Known here",
        "unknown-step",
    ),
    (LEAVE, LEAVE.replace(", go: left", ""), "leave leads nowhere", "Add go", "command"),
    (LEAVE, LEAVE.replace("go: left", "go: return"), "leave leads nowhere", "Add go", "command"),
    (
        LEAVE,
        LEAVE.replace("stop,", "HELP,"),
        "'HELP' means help_now already",
        "Keep it in one",
        "command",
    ),
    (LEAVE, LEAVE.replace("stop,", "' ',"), "a word is empty", "Take it away.", "command"),
    (LEAVE, LEAVE.replace("[stop, leave]", "[]"), "words: is empty", "", "shape"),
    (
        LEAVE,
        LEAVE.replace("label: Leave", "label: '{nme}'"),
        "there is no placeholder 'nme'",
        "",
        "placeholder",
    ),
    (
        "words: [back]",
        "words: [back], go: left",
        "back leads to where the person was",
        "Take go away.",
        "command",
    ),
    ("go: language}", "go: help_now}", "asks for no language", "from: languages", "command"),
    ("say: Things moved.", "say: '{x'", "a brace stands alone", "", "placeholder"),
    (
        "start: find_help/need",
        "start: find_help/ned",
        "no step of find_help 'ned'",
        "Did you mean",
        "unknown-step",
    ),
    (
        "start: find_help/need",
        "start: return",
        "cannot start with return",
        "Name a state.",
        "command",
    ),
    (
        "title: What is always there",
        "entry: humn",
        "there is no step 'humn'",
        "Did you mean",
        "unknown-step",
    ),
    (
        "  language: {label: Language, words: [language], go: language}\n",
        "  langage: {label: a, words: [b], go: language}\n",
        "'langage' is not known here",
        "Did you mean 'language'?",
        "shape",
    ),
]


@pytest.mark.parametrize(("old", "new", "message", "mend", "rule"), ALWAYS_FAULTS)
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

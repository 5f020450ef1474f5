"""Rules about what leads where: what each speaks against, in a script that is else wise."""

from pathlib import Path

import pytest

from tests.flows.wise import found_in, ids

MENU = "    choices: {menu: {label: Menu, go: menu}}\n"
FOUND = "    choices: {menu: {label: Menu, go: always/menu}}\n"
TO = FOUND.replace("{menu", "{on: {label: Go on, go: pass_on/ask}, menu", 1)
SENDS = """\
format: 1
id: pass_on
title: t
entry: ask
steps:
  ask:
    say: You can pass on that you want a call.
    choices:
      yes: {label: "Yes, pass on", go: send}
      no: {label: "No", go: always/menu}
  send:
    call: send_referral
    outcomes: {done: ask}
"""


def test_a_wise_script_has_no_findings(tmp_path: Path) -> None:
    assert found_in(tmp_path) == []


CASES = [
    (
        "L01",
        {"always": ("the number of the police is 102. A hospital helps without a call.", "x.")},
        "help_now:",
    ),
    (
        "L04",
        {"find": (FOUND, FOUND.replace("Menu,", "Menu, if: {slot: need, set: true},"))},
        "found:",
    ),
    (
        "L04",
        {
            "always": (("  menu:\n", "  other:\n"), ("go: menu}", "go: other}")),
            "find": ("always/menu", "always/other"),
        },
        "steps:",
    ),
    (
        "L04",
        {
            "always": (
                ("      menu: {label: Menu, go: menu}\n", ""),
                (MENU, "    choices: {end: {label: End, go: left}}\n"),
                (
                    "skip: {label: Keep this one, go: menu}",
                    "skip: {label: Keep this one, go: left}",
                ),
            )
        },
        "menu:",
    ),
    (
        "L07",
        {
            "find": (
                ("slots:\n", "slots:\n  what: {options: events, retention: session}\n"),
                (FOUND, "    ask: {slot: what, from: events, go: found}\n" + FOUND),
            )
        },
        "ask:",
    ),
    (
        "L08",
        {"find": ("  time: {values", "  name: {values: [a], retention: session}\n  time: {values")},
        "name:",
    ),
    ("L10", {"hello": (" What you type is not kept.", "")}, "need:"),
    (
        "L10",
        {"always": ("People who answer may have rules about children.", "People answer.")},
        "lines:",
    ),
    (
        "L11",
        {
            "pass_on": SENDS.replace('      no: {label: "No", go: always/menu}\n', ""),
            "find": (
                FOUND,
                TO,
            ),
        },
        "ask:",
    ),
    ("L12", {"find": ("      skip: {label: Not sure, go: always/human}\n", "")}, "need:"),
    ("L12", {"find": ("      skip: {label: Skip, go: windows}\n", "")}, "time:"),
    (
        "L12",
        {"always": ("    choices: {skip: {label: Keep this one, go: menu}}\n", "")},
        "language:",
    ),
    (
        "L31",
        {
            "find": (
                FOUND,
                "    choices:\n"
                + "".join(f"      c{i}: {{label: Menu {i}, go: always/menu}}\n" for i in range(6)),
            )
        },
        "choices:",
    ),
    (
        "L42",
        {
            "pass_on": SENDS.replace("send_referral", "remind_later"),
            "find": (
                FOUND,
                TO,
            ),
        },
        "call:",
    ),
]


@pytest.mark.parametrize(("rule", "changes", "where"), CASES)
def test_a_script_that_leaves_a_person_without_a_way_is_found(
    tmp_path: Path, rule: str, changes: dict[str, tuple[str, str]], where: str
) -> None:
    found = [one for one in found_in(tmp_path, None, None, **changes) if one.rule == rule]
    lines = {
        Path(one.file).read_text(encoding="utf-8").splitlines()[one.line - 1].strip()
        for one in found
    }

    assert any(line.startswith(where) for line in lines), found
    assert all("(" in one.mend for one in found)


def test_what_is_sent_after_a_question_with_a_no_is_in_order(tmp_path: Path) -> None:
    assert "L11" not in ids(found_in(tmp_path, pass_on=SENDS, find=(FOUND, TO)))


def test_the_exit_and_the_words_are_there_in_every_language(tmp_path: Path) -> None:
    lacking = {"always.commands.leave.label": None, "always.commands.human.words": None}
    found = found_in(tmp_path, {"lt": lacking, "uk": {"always.commands.leave.words": "human"}})
    said = {(one.rule, one.message) for one in found}

    assert ("L02", "the exit has no label in lt") in said
    assert ("L03", "nothing can be written for human in lt") in said
    assert ("L03", "'human' means human as well (uk)") in said
    assert any("2 of " in one.message for one in found if one.rule == "L25")


def test_several_choices_of_one_answer_are_a_question_without_a_question_mark(
    tmp_path: Path,
) -> None:
    """Not so when they lead to needs: that is a list of ways."""
    needs = FOUND.replace(
        "menu: {label: Menu, go: always/menu}",
        "a: {label: Care, set: {need: medical}, go: found}, "
        "b: {label: Law, set: {need: legal}, go: found}",
    )

    assert "L12" not in ids(found_in(tmp_path, find=(FOUND, needs)))


def test_people_at_work_need_no_way_round_a_question(tmp_path: Path) -> None:
    flow = "format: 1\nid: work\ntitle: t\nstaff: true\nentry: a\n"
    flow += "steps:\n  a:\n    say: What do you say?\n"
    flow += "    choices: {on: {label: Go on, go: always/menu}}\n"
    on = "    choices: {on: {label: Go on, go: work/a}, menu: {label: Menu, go: always/menu}}\n"
    staff = (
        "  long: {say: That was long.}\n  staff: {say: Please write nothing about a person here.}\n"
    )
    long = "  long: {say: That was long.}\n"

    assert "L12" not in ids(found_in(tmp_path, work=flow, find=(FOUND, on), always=(long, staff)))
    assert "L12" in ids(
        found_in(tmp_path, work=flow.replace("staff: true\n", ""), find=(FOUND, on))
    )

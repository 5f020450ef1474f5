"""What must stand together at certain moments: first screen, crisis, windows of care, end."""

from pathlib import Path

import pytest

from tests.flows.wise import found_in, ids

FOUND = "    choices: {menu: {label: Menu, go: always/menu}}\n"
TO = "    choices: {on: {label: Go on, go: crisis/first}, menu: {label: Menu, go: always/menu}}\n"
CRISIS = """\
format: 1
id: crisis
title: t
entry: first
steps:
  first:
    say: It sounds like thoughts of ending your life. I am glad you wrote.
    go: lines
  lines:
    say: In Ukraine, the number of the police is 102.
    choices:
      no_call: {label: I cannot call, go: always/menu}
      nobody: {label: Nobody answered, go: always/human}
      person: {label: Talk to a person, go: always/human}
"""


def hears(kind: str) -> tuple[str, str]:
    return ("hears: {}", f"hears: {{{kind}: crisis/first}}")


def test_a_crisis_that_is_met_well_has_no_findings(tmp_path: Path) -> None:
    found = found_in(tmp_path, crisis=CRISIS, find=(FOUND, TO), always=hears("suicide"))

    assert found == []


MISSING = [
    (
        "suicide",
        "L19",
        "In Ukraine, the number of the police is 102.",
        "Take your time.",
        "suicide: no line and no number",
    ),
    ("suicide", "L19", "I cannot call", "Later", "no way without a call"),
    ("suicide", "L19", "Nobody answered", "Later", "not said what if nobody answers"),
    (
        "suicide",
        "L20",
        "thoughts of ending your life",
        "a hard time",
        "does not name it plainly (en)",
    ),
    (
        "suicide",
        "L20",
        "      person: {label: Talk to a person, go: always/human}\n",
        "",
        "no person is offered",
    ),
    ("recent_assault", "L13", "thoughts", "thoughts", "lacks 'within 3 days' (HIV) (en)"),
    ("recent_assault", "L41", "I am glad you wrote.", "", "no word of belief (en)"),
]


@pytest.mark.parametrize(("kind", "rule", "old", "new", "message"), MISSING)
def test_a_crisis_that_lacks_something_is_found(
    tmp_path: Path, kind: str, rule: str, old: str, new: str, message: str
) -> None:
    assert old in CRISIS
    changed = CRISIS.replace(old, new)
    found = found_in(tmp_path, crisis=changed, find=(FOUND, TO), always=hears(kind))

    assert any(one.rule == rule and message in one.message for one in found), found


def test_a_list_to_pick_from_is_not_yet_the_answer(tmp_path: Path) -> None:
    """Whoever asks where first shows the lines after it."""
    asks = CRISIS[: CRISIS.index("    choices:")].replace("the number of the police is 102", "x")
    asks = asks.replace("steps:", "slots:\n  place: {options: places, retention: session}\nsteps:")
    asks += "    ask: {slot: place, from: places, go: always/menu}\n"
    asks += "    choices: {skip: {label: Talk to a person, go: always/human}}\n"

    found = found_in(tmp_path, crisis=asks, find=(FOUND, TO), always=hears("suicide"))
    assert "L19" not in ids(found)


def test_half_of_the_windows_is_found_in_every_language(tmp_path: Path) -> None:
    whole = "Профілактика ВІЛ: 3 дні. Вагітність: 5 днів. Пізніше допомога все одно є."
    half = "Профілактика ВІЛ: 3 дні."
    after = "Вагітності можна запобігти 5 днів. Пізніше допомога все одно є."
    english = "HIV prevention starts within 3 days. Pregnancy can be prevented within 5 days."
    told = [
        one for one in found_in(tmp_path, {"uk": {"find.windows.say": half}}) if one.rule == "L13"
    ]

    assert [one.message for one in told] == [
        "lacks 'within 5 days' (pregnancy) (uk)",
        "lacks that care still helps later (uk)",
    ]
    assert "L13" not in ids(found_in(tmp_path, {"uk": {"find.windows.say": whole}}))
    assert "L13" in ids(found_in(tmp_path, {"uk": {"find.windows.say": after}}))
    assert "L13" in ids(found_in(tmp_path, find=(english, english[:37])))


def test_what_is_for_children_names_a_line_for_them(tmp_path: Path) -> None:
    young = (
        "format: 1\nid: under_18\ntitle: t\nentry: a\nsteps:\n  a:\n    say: You can say no.\n"
        + FOUND
    )
    to = TO.replace("crisis/first", "under_18/a")

    assert "L21" in ids(found_in(tmp_path, under_18=young, find=(FOUND, to)))
    named = young.replace("You can say no.", "The child line answers.")
    assert "L21" not in ids(found_in(tmp_path, under_18=named, find=(FOUND, to)))


def test_the_first_screen_says_what_it_is_and_not_what_it_is_about(tmp_path: Path) -> None:
    def first(old: str, new: str) -> list[str]:
        return ids(found_in(tmp_path, hello=(old, new)))

    assert "L23" in first("an automatic guide", "a guide")
    assert "L24" in first("Is it safe to read here?", "You can go on.")
    assert {"L24", "L27"} <= set(
        first("I am an automatic guide.", "I am an automatic guide for survivors.")
    )
    uk = {"hello.start.say": "Автоматична підказка про насильство. Чи безпечно вам читати?"}
    assert "L24" in ids(found_in(tmp_path, {"uk": uk}))
    untranslated = found_in(tmp_path, {"uk": {"hello.start.say": None}})
    assert {"L23", "L24"}.isdisjoint(ids(untranslated)), "it is said in English then"


def test_after_a_person_the_guide_says_again_that_it_is_none(tmp_path: Path) -> None:
    talk = "format: 1\nid: talk\ntitle: t\nentry: a\nsteps:\n  a:\n    call: handoff\n"
    talk += "    outcomes: {ended: b, refused: b}\n  b:\n    say: You can go on.\n" + FOUND
    to = TO.replace("crisis/first", "talk/a")

    assert "L23" in ids(found_in(tmp_path, talk=talk, find=(FOUND, to)))
    said = talk.replace("You can go on.", "I am the automatic guide again.")
    assert "L23" not in ids(found_in(tmp_path, talk=said, find=(FOUND, to)))


def test_three_messages_in_a_row_are_too_many(tmp_path: Path) -> None:
    row = CRISIS.replace("    go: lines", "    go: more").replace(
        "  lines:\n", "  more:\n    say: One more.\n    go: lines\n  lines:\n", 1
    )
    found = found_in(tmp_path, crisis=row, find=(FOUND, TO))

    assert [one.message for one in found if one.rule == "L28"] == [
        "3 messages come in a row, from crisis/first"
    ]


def test_not_your_fault_is_said_twice_at_most(tmp_path: Path) -> None:
    fault = " It is not your fault."
    thrice = (
        ("You can say how long ago it was.", f"You can say it.{fault}"),
        ("care still helps.", f"care still helps.{fault}"),
        ("You can ask for care at any time.", f"You can ask.{fault}"),
    )

    assert "L41" in ids(found_in(tmp_path, find=thrice))
    assert "L41" not in ids(found_in(tmp_path, find=thrice[:2]))


def test_a_second_miss_and_an_end_say_what_is_left(tmp_path: Path) -> None:
    again = "You can talk to a person or open the menu."
    missed = [
        one.message for one in found_in(tmp_path, always=(again, "Try below.")) if one.rule == "L43"
    ]
    bye = found_in(tmp_path, always=("Done. This is erased.", "Bye."))

    assert missed == [
        "the second miss does not offer: menu (en)",
        "the second miss does not offer: person (en)",
    ]
    assert [one.message for one in bye] == ["ends without a word on what is left (en)"]


def test_opinions_are_asked_for_with_a_way_round_and_never_in_a_crisis(tmp_path: Path) -> None:
    ask = ("You can ask for care at any time.", "Was this helpful for you.")
    skip = (FOUND, "    choices: {skip: {label: Skip, go: always/menu}}\n")
    crisis = CRISIS.replace("I am glad you wrote.", "I am glad you wrote. Was this helpful.")

    assert "L45" in ids(found_in(tmp_path, find=ask))
    assert "L45" not in ids(found_in(tmp_path, find=(ask, skip)))
    found = found_in(tmp_path, crisis=crisis, find=(FOUND, TO), always=hears("suicide"))
    assert "L45" in ids(found)


def test_lines_that_were_not_found_are_not_asked_for(tmp_path: Path) -> None:
    """Help now that looks for lines may find none; the other routes are still shown."""
    search = (
        "  first:\n    call: open_lines\n    outcomes: {some: shown, none: lines}\n  shown:\n"
        "    say: These answer. If nobody answers, another line may. A hospital helps too.\n"
        "    shows: [found]\n" + FOUND
    )
    none = CRISIS.replace(CRISIS[CRISIS.index("  first:") : CRISIS.index("  lines:")], search)
    none = none.replace("In Ukraine, the number of the police is 102.", "I found none.")
    found = found_in(tmp_path, crisis=none, find=(FOUND, TO), always=hears("immediate_danger"))

    assert "L19" not in ids(found)

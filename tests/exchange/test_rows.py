"""What a cell says goes into the listing; what it does not plainly say is a fault in its place."""

import contextlib
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from referral_directory.exchange.cells import Unread, answer, day, hours_rules, items, number, pairs
from referral_directory.exchange.plan import Standing
from referral_directory.exchange.plans import PlanItem
from referral_directory.exchange.rows import Base, Content
from referral_directory.exchange.vocabulary import folded
from referral_directory.hours import read_rules
from tests.exchange.conftest import Planned
from tests.exchange.files import GOOD, xlsx_of
from tests.often import often

One = Callable[..., PlanItem]
Said = Callable[..., Content]


def test_a_spreadsheet_with_ten_mistakes_names_each_by_row_and_column(planned: Planned) -> None:
    mistakes = [
        {"Name": ""},
        {"Needs": "legal.advise"},
        {"Area": "Kharkov oblst"},
        {"Phone": "044 123 45 67, 050 123 45 67"},
        {"Languages": "Ukrainan"},
        {"Source date": "1/7/2026"},
        {"Email": "help at example.org"},
        {"Website": "example.org"},
        {"Women": "perhaps"},
        {"Summary": "x" * 300},
    ]
    rows = [GOOD | {"Phone": f"+38044000000{i}"} | wrong for i, wrong in enumerate(mistakes)]
    plan = planned(rows)
    assert not plan.ready
    assert plan.counts == {"rejected": 10}
    where = [(item.faults[0].row, item.faults[0].column) for item in plan.items]
    columns = ["Name", "Needs", "Area", "Phone", "Languages", "Source date"]
    columns += ["Email", "Website", "Women", "Summary"]
    assert where == list(enumerate(columns, 2))
    assert all(fault.said for item in plan.items for fault in item.faults)
    assert "Did you mean 'legal.advice'?" in plan.items[1].faults[0].said
    assert "https://" in plan.items[7].faults[0].mend


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        ("+380 44 000 00 01", "+380440000001"),
        ("\u200f+380 (44) 000-00-01\u200e", "+380440000001"),
        ("+٣٨٠٤٤٠٠٠٠٠٠١", "+380440000001"),
        ("+۳۸۰۴۴۰۰۰۰۰۰۱", "+380440000001"),
        ("＋３８０４４０００００１", "+38044000001"),
        ("00380440000001", "+380440000001"),
        ("'+380440000001", "+380440000001"),
        ("0 800 500 335", "+380800500335"),
        ("116\u00a0123", "116123"),
    ],
)
def test_a_number_is_understood_in_every_script_and_spacing(
    content: Said, cell: str, kept: str
) -> None:
    assert content(Phone=cell)["contacts"][0]["number"] == kept


@pytest.mark.parametrize(
    "cell", ["044 000 00 01 ext. 5", "call us", "380440000001", "+380440000001; +380440000002", "1"]
)
def test_a_number_that_is_not_plainly_one_is_not_taken(one: One, cell: str) -> None:
    item = one(Phone=cell)
    assert item.action == "rejected"
    assert {fault.column for fault in item.faults} == {"Phone"}


def test_a_number_that_lost_its_zero_in_the_spreadsheet_is_not_taken(planned: Planned) -> None:
    for typed in (800500335, 380440000001):
        row: list[Any] = [typed if key == "Phone" else value for key, value in GOOD.items()]
        item = planned(xlsx_of([list(GOOD), row])).items[0]
        assert item.action == "rejected"
        assert "in front is lost" in item.faults[0].said
    row = [1547 if key == "Phone" else value for key, value in GOOD.items()]
    item = planned(xlsx_of([list(GOOD), row])).items[0]
    assert item.action == "create"
    assert item.faults[0].severity == "warning"


def test_a_calculated_cell_is_not_taken_whatever_it_shows(planned: Planned) -> None:
    row = ["=A1" if key == "Name" else value for key, value in GOOD.items()]
    item = planned(xlsx_of([list(GOOD), row])).items[0]
    assert item.action == "rejected"
    assert (item.faults[0].row, item.faults[0].column) == (2, "Name")
    assert "calculated" in item.faults[0].said


@pytest.mark.parametrize(
    ("cell", "rules"),
    [
        ("Пн-Пт 9:00-18:00", "Mo-Fr 09:00-18:00"),
        ("пн–пт: 9.00 – 18.00", "Mo-Fr 09:00-18:00"),
        ("Пн-Пт ٩:٠٠-١٨:٠٠", "Mo-Fr 09:00-18:00"),
        ("Mon-Fri 9-18; Sat 10-14", "Mo-Fr 09:00-18:00; Sa 10:00-14:00"),
        ("Пн, Ср 09:00-12:00, 13:00-17:00", "Mo,We 09:00-12:00,13:00-17:00"),
        ("щодня 8 до 20", "daily 08:00-20:00"),
        ("цілодобово", "24/7"),
        ("24/7", "24/7"),
    ],
)
def test_plain_hours_become_rules_and_stay_as_they_were_written(
    content: Said, cell: str, rules: str
) -> None:
    assert content(Hours=cell)["hours"] == {"printed": cell, "rules": rules}


@pytest.mark.parametrize(
    "cell", ["Mon-Fri from nine", "9-18 except holidays", "by appointment", "Пн-Пт 9-18 крім обіду"]
)
def test_hours_that_are_not_plain_are_kept_in_words_and_never_guessed(one: One, cell: str) -> None:
    item = one(Hours=cell)
    assert item.content is not None
    assert item.content["hours"] == {"printed": cell}
    assert any(fault.column == "Hours" for fault in item.faults)


def test_words_of_people_stand_for_codes(content: Said) -> None:
    said = content(
        Needs="A lawyer; medical",
        Area="Харківська область; abroad",
        Languages="українська, English",
        Cost="безкоштовно",
        Women="так",
        Кого__приймають="чоловіки; under18",
        Status="діє",
    )
    assert said["needs"] == ["legal.advice", "medical"]
    assert said["area"] == ["UA-63", "abroad"]
    assert said["languages"] == ["uk", "en"]
    assert said["cost"] == "free"
    assert said["who"] == {"woman": "yes", "man": "yes", "under18": "yes"}
    assert "status" not in said


def test_a_name_that_two_places_have_is_a_question_and_no_guess(one: One) -> None:
    item = one(Needs="medical", Area="Kyiv")
    if item.action == "rejected":
        assert "may be" in item.faults[0].said
    else:
        assert item.content is not None
        assert item.content["area"] == ["UA-30"]


def test_an_empty_cell_leaves_what_stands_and_a_dash_empties_it(
    planned: Planned, base: Base
) -> None:
    name, (_, stands) = next(
        (name, row) for name, row in base.items() if row[1].get("notes") and row[1].get("hours")
    )
    plan = planned(f"id,notes,cost\n{name},,\n", Standing(base))
    assert plan.counts == {"unchanged": 1}
    item = planned(f"id,notes,cost\n{name},-,\n", Standing(base)).items[0]
    assert (item.action, item.changes) == ("update", ("notes",))
    assert item.content == {key: value for key, value in stands.items() if key != "notes"}


def test_one_contact_changes_and_the_others_stay_as_they_are(planned: Planned, base: Base) -> None:
    stands = {
        **_example(base),
        "contacts": [
            {"kind": "web", "url": "https://example.org"},
            {"kind": "phone", "number": "+380440000001", "shown": "044 000 00 01"},
            {"kind": "phone", "number": "+380440000002", "label": {"en": "At night"}},
        ],
    }
    standing = Standing({"ua-example": (4, stands)})
    content = planned("id,phone 1\nua-example,+380440000003\n", standing).items[0].content
    assert content is not None
    assert content["contacts"] == [
        stands["contacts"][0],
        {"kind": "phone", "number": "+380440000003"},
        stands["contacts"][2],
    ]
    content = planned("id,phone 1,phone 3\nua-example,-,+380440000009\n", standing).items[0].content
    assert content is not None
    assert [one.get("number") for one in content["contacts"]] == [
        None,
        "+380440000002",
        "+380440000009",
    ]


def test_something_beside_a_number_that_is_not_there_is_a_fault(one: One) -> None:
    item = one(**{"Phone 2: hours": "24/7"})
    assert item.action == "rejected"
    assert item.faults[0].column == "Phone 2"


def test_deleting_needs_its_own_column_and_proposes_to_close(planned: Planned, base: Base) -> None:
    name = next(iter(base))
    item = planned(f"id,delete\n{name},yes\n", Standing(base)).items[0]
    assert (item.action, item.changes) == ("update", ("status",))
    assert item.content == {**base[name][1], "status": "closed"}
    assert planned(f"id,delete\n{name},no\n", Standing(base)).counts == {"unchanged": 1}
    assert planned("id,delete\nua-none,yes\n", Standing(base)).counts == {"rejected": 1}


def test_hours_that_change_take_their_rules_with_them(planned: Planned, base: Base) -> None:
    stands = {
        **_example(base),
        "hours": {"printed": "Mo-Fr 09:00-18:00", "rules": "Mo-Fr 09:00-18:00"},
    }
    standing = Standing({"ua-example": (1, stands)})

    def hours(cells: str) -> Any:
        text = f"id,hours,hours as rules\nua-example,{cells}\n"
        item = planned(text, standing).items[0]
        return item.content["hours"] if item.content else item.faults[0].column

    assert hours("Mo-Fr 09:00-17:00,Mo-Fr 09:00-18:00") == {
        "printed": "Mo-Fr 09:00-17:00",
        "rules": "Mo-Fr 09:00-17:00",
    }
    assert hours("by appointment,Mo-Fr 09:00-18:00") == {"printed": "by appointment"}
    assert hours(",Mo-Fr 09:00-17:00") == "hours as rules"
    assert hours("by appointment,Mo 09:00-17:00") == {
        "printed": "by appointment",
        "rules": "Mo 09:00-17:00",
    }


def test_a_listing_that_would_not_be_shown_is_said_to_be_so(one: One) -> None:
    item = one(Source="", **{"Source date": ""})
    assert item.action == "create"
    assert any("no source" in fault.said for fault in item.faults)


def _example(base: Base) -> dict[str, Any]:
    keys = ("needs", "area", "languages", "source")
    stands = next(row for _, row in base.values() if row.get("source"))
    texts = {key: {"en": "Example"} for key in ("names", "organization", "summary")}
    return {**texts, **{key: stands[key] for key in keys}}


def test_words_are_the_same_whatever_hyphen_dot_or_apostrophe_is_typed() -> None:
    assert {folded(f"Legal {mark}Aid") for mark in "_-–—./"} == {"legal aid"}
    assert {folded(f"П{mark}ять") for mark in "'’ʼ`\"«»“”"} == {"пять"}


@settings(max_examples=often(100))
@given(st.text(max_size=60))
def test_any_cell_is_read_or_said_to_be_unread(cell: str) -> None:
    for read in (answer, day, items, pairs, lambda text: number(text, "UA")):
        with contextlib.suppress(Unread):
            assert read(cell) is not None


@settings(max_examples=often(100))
@given(st.text(alphabet="0123456789:-;., –Пнптсрвчдб MoTuWeFrSa/до", max_size=30))
def test_rules_that_are_read_out_of_words_are_rules(printed: str) -> None:
    rules = hours_rules(printed)
    if rules is not None:
        assert read_rules(rules)

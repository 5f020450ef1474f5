"""Whom to call this week and what to ask; lists of one's own; searches that found nothing."""

import threading

import pytest

from bot.ledger.model import Actor, Invalid, Refused
from tests.ledger.conftest import ANNA, BORYS, PHONE, Office


def when(office: Office, actor: Actor = ANNA) -> dict[str, int]:
    counts = dict(office.ledger.work_counts(actor))
    assert counts.pop("due") == sum(counts.values()) - counts["soon"]
    return {name: count for name, count in counts.items() if count}


def test_a_listing_moves_through_the_work_list_as_days_go_by(office: Office) -> None:
    record = office.published(needs=["shelter"])
    found = [when(office)]

    for days in (15, 2, 13, 30, 60):
        office.later(days)
        found.append(when(office))

    assert found == [{}, {}, {"soon": 1}, {"overdue": 1}, {"stale": 1}, {"hidden": 1}]
    (item,) = office.ledger.work(ANNA, when="hidden").items
    assert (item.row.id, item.row.stage, item.urgency) == (record, "hidden", "urgent")
    office.ledger.check(BORYS, record, [f"contact:phone:{PHONE}"], "call")
    assert when(office) == {}


def test_what_is_due_this_week_is_named_apart(office: Office) -> None:
    office.published(needs=["shelter"])
    office.later(25)

    assert when(office) == {"week": 1}
    assert len(office.ledger.work(ANNA, when="week").items) == 1
    assert len(office.ledger.work(ANNA).items) == 1


def test_each_part_has_its_question_and_what_must_be_asked_stands_first(office: Office) -> None:
    office.published(
        contacts=[
            {"kind": "phone", "number": PHONE},
            {"kind": "telegram", "url": "https://t.me/example_help"},
        ],
        hours={"printed": "by day"},
        cost="free",
    )
    office.later(85)

    (item,) = office.ledger.work(ANNA).items

    asked = {ask.part: ask for ask in item.asks}
    assert [ask.must for ask in item.asks] == [True, True, False, False, False, False]
    assert "number" in asked[f"contact:phone:{PHONE}"].question
    assert "answer here" in asked["contact:telegram:https://t.me/example_help"].question
    assert "hours" in asked["hours"].question
    last = asked[f"contact:phone:{PHONE}"].last
    assert last is not None
    assert (last.by, last.how) == ("anna", "call")
    assert asked["hours"].last is None


def test_what_was_overdue_longest_stands_first_and_other_places_are_left_out(
    office: Office,
) -> None:
    late = office.published(name="Service B")
    office.later(10)
    later = office.published(name="Service A")
    elsewhere = office.published(name="Service C", area=["LT"])
    office.later(95)

    assert [item.row.id for item in office.ledger.work(ANNA).items] == [late, later, elsewhere]
    assert [item.row.id for item in office.ledger.work(ANNA, area="UA-63").items] == [late, later]
    lesia = Actor("lesia", ("LT",))
    assert [item.row.id for item in office.ledger.work(lesia).items] == [elsewhere]
    assert when(office, lesia) == {"overdue": 1}


def test_what_is_checked_most_often_can_be_called_first(office: Office) -> None:
    shelter = office.published(name="A shelter", needs=["shelter"])
    hotline = office.published(name="A line", needs=["medical"])
    other = office.published(name="A lawyer", needs=["legal"])
    office.later(100)

    def found(*, urgent: bool | None) -> set[str]:
        page = office.ledger.work(ANNA, when="due", urgent=urgent)
        classes = {item.urgency for item in page.items}
        assert urgent is None or classes == {"urgent" if urgent else "other"}
        return {item.row.id for item in page.items}

    assert found(urgent=True) == {shelter, hotline}
    assert found(urgent=False) == {other}
    assert found(urgent=None) == {shelter, hotline, other}
    assert {id_: row.name for id_, row in office.ledger.rows(ANNA, [other, "none"]).items()} == {
        other: "A lawyer"
    }


def test_what_is_suspended_or_never_published_is_no_work_of_this_list(office: Office) -> None:
    record = office.published()
    office.later(100)
    office.ledger.suspend(ANNA, [record], why="moved")

    assert office.ledger.work(ANNA).items == ()


def test_a_view_is_its_owners_alone(office: Office) -> None:
    office.ledger.save_view("anna", "  My   shelters ", {"need": "shelter", "stage": "due"})
    office.ledger.save_view("anna", "My shelters", {"need": "shelter"})

    (view,) = office.ledger.views("anna")

    assert (view.name, view.query) == ("My shelters", {"need": "shelter"})
    assert office.ledger.views("borys") == ()
    assert not office.ledger.drop_view("borys", "My shelters")
    assert office.ledger.drop_view("anna", "My shelters")
    assert office.ledger.views("anna") == ()


@pytest.mark.parametrize(
    ("name", "query"), [("", {}), ("x" * 61, {}), ("long", {"text": "x" * 2000})]
)
def test_a_view_has_a_name_and_is_not_longer_than_it_need_be(
    office: Office, name: str, query: dict[str, str]
) -> None:
    with pytest.raises(Invalid):
        office.ledger.save_view("anna", name, query)


def test_fifty_views_are_enough_for_one_person(office: Office) -> None:
    for number in range(50):
        office.ledger.save_view("anna", f"view {number}", {})

    with pytest.raises(Refused):
        office.ledger.save_view("anna", "one more", {})
    office.ledger.save_view("anna", "view 1", {"need": "legal"})


def test_a_search_that_found_nothing_is_written_down_with_four_others_only(office: Office) -> None:
    for _ in range(4):
        office.ledger.count_unmet("shelter", "UA-63", "uk")
    assert office.ledger.flush_unmet() == 0
    assert office.ledger.unmet(1) == ()
    assert office.by_hand("DELETE FROM unmet") == 0

    for _ in range(4):
        office.ledger.count_unmet("shelter", "UA-63", "uk")
    assert office.ledger.flush_unmet() == 5

    (row,) = office.ledger.unmet()
    assert (row.week, row.need, row.area, row.language, row.count) == (
        *("2026-W39", "shelter", "UA-63", "uk", 5),
    )
    for _ in range(2):
        office.ledger.count_unmet("shelter", "UA-63", "uk")
    assert office.ledger.flush_unmet() == 5
    assert [row.count for row in office.ledger.unmet()] == [10]
    assert office.ledger.unmet(11) == ()


def test_what_a_search_said_is_counted_by_known_codes_only(office: Office) -> None:
    for _ in range(5):
        office.ledger.count_unmet("a canary of a need", "Canary street", "my language")
    office.ledger.flush_unmet()

    (row,) = office.ledger.unmet()

    assert (row.need, row.area, row.language) == ("", "", "")
    assert b"anary" not in office.bytes()


def test_many_turns_count_at_once_and_none_is_lost(office: Office) -> None:
    def search() -> None:
        for _ in range(500):
            office.ledger.count_unmet("legal", "UA", "uk")

    threads = [threading.Thread(target=search) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert office.ledger.flush_unmet() == 2000
    assert office.ledger.flush_unmet() == 0


def test_counts_are_written_down_within_the_hour_and_at_the_end(office: Office) -> None:
    office.ledger.count_unmet("shelter", "UA-63", "uk")
    for _ in range(5):
        office.ledger.count_unmet("legal", "UA", "uk")
    assert office.ledger.unmet() == ()
    office.now += 3600
    office.ledger.count_unmet("legal", "UA", "uk")
    assert [(row.need, row.count) for row in office.ledger.unmet()] == [("legal", 5)]
    for _ in range(4):
        office.ledger.count_unmet("legal", "UA", "uk")

    office.ledger.close()

    office.ledger = office.again()
    assert [(row.need, row.count) for row in office.ledger.unmet()] == [("legal", 10)]


def test_the_weeks_are_told_apart(office: Office) -> None:
    for _ in range(2):
        for _ in range(5):
            office.ledger.count_unmet("legal", "UA", "uk")
        office.ledger.flush_unmet()
        office.later(7)

    assert [row.week for row in office.ledger.unmet()] == ["2026-W40", "2026-W39"]

"""What survivors and operators say of a listing is looked at, and no stranger can take it down."""

import pytest

from bot.ledger.model import Actor, NoSuchRecord, Refused
from tests.ledger.conftest import ANNA, BORYS, PHONE, VIRA, Office, listing
from tests.ledger_more.helpers import kept_back

SHOWN = f"contact:phone:{PHONE}"


def test_a_wrong_number_is_a_task_and_the_listing_goes_on(office: Office) -> None:
    record = office.published()

    reported = office.ledger.report(record, "wrong", "survivor", SHOWN)

    assert (reported.suspended, reported.alarm) == (False, False)
    assert office.served().get(record) is not None
    (task,) = office.ledger.tasks(ANNA)
    assert (task.record, task.problem, task.contact) == (record, "wrong", SHOWN)
    assert office.ledger.record(record, ANNA).tasks == (task,)
    assert office.ledger.record(record, ANNA).row.open_tasks == 1


def test_the_same_said_again_is_counted_and_no_second_task(office: Office) -> None:
    record = office.published()
    acts = len(office.ledger.history(record, ANNA))

    for _ in range(5):
        office.ledger.report(record, "no_answer", "survivor")
    office.ledger.report(record, "no_answer", "operator", actor=ANNA)

    assert [task.count for task in office.ledger.tasks(ANNA)] == [5, 1]
    assert len(office.ledger.history(record, ANNA)) == acts + 2
    assert office.ledger.task_counts(ANNA) == {"no_answer": 2, "wrong": 0, "unsafe": 0}


def test_words_that_the_listing_does_not_say_are_not_kept(office: Office) -> None:
    record = office.published()

    office.ledger.report(record, "wrong", "survivor", "my name is a canary")

    assert office.ledger.tasks(ANNA)[0].contact == ""
    assert b"canary" not in office.bytes()


def test_unsafe_stops_the_listing_at_once_until_two_people_let_it_go_on(office: Office) -> None:
    record = office.published()

    reported = office.ledger.report(record, "unsafe", "survivor")

    assert reported.suspended
    assert office.served().get(record) is None
    assert office.ledger.record(record, ANNA).row.stage == "suspended"
    office.ledger.close_task(ANNA, reported.task.id, "called, it is the same service as before")
    assert office.served().get(record) is None
    draft = office.ledger.lift(ANNA, record, "called")
    office.checked(draft)
    office.approved(draft, BORYS)
    assert office.served().get(record) is not None


def test_survivors_reports_stop_three_listings_a_day_and_then_call_somebody(office: Office) -> None:
    records = [office.published(name=f"Service {word}") for word in ("A", "B", "C", "D", "E")]

    stopped = [office.ledger.report(record, "unsafe", "survivor") for record in records]

    assert [one.suspended for one in stopped] == [True, True, True, False, False]
    assert [one.alarm for one in stopped] == [False, False, False, True, True]
    assert not office.ledger.report(records[3], "unsafe", "survivor").alarm, "it rang already"
    assert [task.record for task in office.ledger.tasks(ANNA)][-1] in records
    assert office.ledger.task_counts(ANNA)["unsafe"] == 5
    assert office.ledger.report(records[3], "unsafe", "operator", actor=ANNA).suspended
    office.later(1)
    assert office.ledger.report(records[4], "unsafe", "survivor").suspended


def test_no_report_of_a_stranger_takes_an_emergency_line_away(office: Office) -> None:
    line = {"kind": "phone", "number": "102"}
    record = office.published(name="Police", contacts=[line, {"kind": "phone", "number": PHONE}])

    reported = office.ledger.report(record, "unsafe", "survivor")

    assert (reported.suspended, reported.alarm) == (False, True)
    assert office.served().get(record) is not None
    assert office.ledger.report(record, "unsafe", "operator", actor=ANNA).suspended


def test_a_listing_that_is_suspended_already_uses_up_none_of_the_three(office: Office) -> None:
    records = [office.published(name=f"Service {word}") for word in ("A", "B", "C", "D")]
    office.ledger.suspend(ANNA, [records[0]], why="moved")

    stopped = [office.ledger.report(record, "unsafe", "survivor").suspended for record in records]

    assert stopped == [False, True, True, True]


def test_a_report_on_a_listing_that_was_merged_reaches_the_one_that_was_kept(
    office: Office,
) -> None:
    keep, gone = office.published(name="Service A"), office.published(name="Service B")
    office.approved(office.ledger.merge(ANNA, keep, gone, {}))

    assert office.ledger.report(gone, "wrong", "survivor").task.record == keep
    assert [task.record for task in office.ledger.tasks(ANNA)] == [keep]


def test_a_task_goes_with_the_listing_that_it_is_about(office: Office) -> None:
    keep, gone = office.published(name="Service A"), office.published(name="Service B")
    tasks = [office.ledger.report(record, "wrong", "survivor").task for record in (keep, gone)]
    office.approved(office.ledger.merge(ANNA, keep, gone, {}))
    ids = [task.id for task in tasks]

    found = {(one.id, one.record) for one in office.ledger.tasks(ANNA)}
    assert found == {(number, keep) for number in ids}
    assert office.ledger.record(keep, ANNA).row.open_tasks == 2
    assert office.ledger.report(gone, "wrong", "survivor").task.count == 2
    for number in ids:
        office.ledger.close_task(ANNA, number, "called")
    assert office.ledger.record(keep, ANNA).row.open_tasks == 0
    assert office.ledger.verify_history() == ()


def test_a_task_is_closed_once_and_says_by_whom(office: Office) -> None:
    record = office.published()
    task = office.ledger.report(record, "wrong", "survivor").task

    closed = office.ledger.close_task(BORYS, task.id, "called: it is right")

    assert (closed.state, closed.done_by, closed.answer) == ("done", "borys", "called: it is right")
    assert office.ledger.tasks(ANNA) == ()
    assert office.ledger.tasks(ANNA, still_open=False) == (closed,)
    assert office.ledger.record(record, ANNA).row.open_tasks == 0
    with pytest.raises(Refused):
        office.ledger.close_task(ANNA, task.id, "again")
    assert office.ledger.report(record, "wrong", "survivor").task.id != task.id


def test_nobody_sees_or_closes_the_tasks_of_places_that_are_not_theirs(office: Office) -> None:
    record = kept_back(office, visibility="operator_only")
    task = office.ledger.report(record, "wrong", "operator", actor=VIRA).task
    elsewhere, here = Actor("lesia", ("LT",), restricted=True), VIRA

    for actor in (elsewhere, ANNA):
        assert office.ledger.tasks(actor) == ()
        with pytest.raises(NoSuchRecord):
            office.ledger.close_task(actor, task.id, "")
    assert office.ledger.tasks(here) == (task,)


def test_there_is_no_task_for_a_listing_that_is_not_there(office: Office) -> None:
    with pytest.raises(NoSuchRecord):
        office.ledger.report("ua-nowhere", "wrong", "survivor")


def test_what_was_never_for_everybody_cannot_be_reported_by_everybody(office: Office) -> None:
    hidden = kept_back(office, visibility="operator_only")
    draft = office.proposed(listing("Another"))

    for record in (hidden, draft.record):
        with pytest.raises(NoSuchRecord):
            office.ledger.report(record, "unsafe", "survivor")
    for actor in (ANNA, Actor("lesia", ("LT",), restricted=True)):
        with pytest.raises(NoSuchRecord):
            office.ledger.report(hidden, "unsafe", "operator", actor=actor)
    assert office.ledger.report(hidden, "unsafe", "operator", actor=VIRA).suspended


def test_the_last_hotline_of_a_country_stays_until_one_of_us_has_looked(office: Office) -> None:
    one = office.published(needs=["emergency.hotline"])
    other = office.published(names={"en": "Another line"}, needs=["emergency.hotline"])
    assert office.ledger.report(one, "unsafe", "survivor").suspended
    reported = office.ledger.report(other, "unsafe", "survivor")
    assert (reported.suspended, reported.alarm) == (False, True)
    assert office.served().get(other) is not None
    assert office.ledger.report(other, "unsafe", "operator", actor=ANNA).suspended

"""What is served is what the ledger says, from the next turn on; while it is ill, what it said."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest
from structlog.testing import capture_logs

import bot.serving
from bot.ledger.model import Published
from bot.serving import Serving
from referral_directory import Live
from tests.ledger.conftest import ANNA, BORYS, PHONE, Office
from tests.serving.conftest import ADVICE, HERE, Serve

LONG = 30.0
"""Seconds after which something that is done by itself will never be done."""


@dataclass
class Standing:
    """A shelf on which nothing changes."""

    told: Published

    def generation(self) -> int:
        return self.told.generation

    def stopped(self, since: int) -> tuple[int, tuple[str, ...]]:
        return since, ()

    def published(self, since: int = 0) -> Published:
        del since
        return self.told


def given(serving: Serving, office: Office) -> list[str]:
    at = datetime.fromtimestamp(office.now, UTC)
    return [one.listing for one in serving.live.search(ADVICE, at).found]


def until(true: Callable[[], bool]) -> None:
    ends = time.monotonic() + LONG
    while not true():
        assert time.monotonic() < ends
        time.sleep(0.01)


def test_a_listing_that_was_stopped_is_in_no_answer_of_another_process_from_the_next_look(
    office: Office, serve: Serve
) -> None:
    record, other = office.published(), office.published(name="Another centre")
    serving = serve()
    assert given(serving, office) == sorted((record, other), key=given(serving, office).index)
    office.ledger.suspend(ANNA, [record], why="a stranger answered")
    serving.look()
    assert (given(serving, office), serving.live.listing(record)) == ([other], None)
    serving.catch_up()
    assert (given(serving, office), serving.live.listing(record)) == ([other], None)


def test_what_two_people_lifted_is_given_again(office: Office, serve: Serve) -> None:
    record = office.published()
    serving = serve()
    office.ledger.suspend(ANNA, [record], why="a stranger answered")
    serving.catch_up()
    lift = office.ledger.lift(BORYS, record, "it is theirs again")
    office.checked(lift, BORYS)
    office.approved(lift, ANNA)
    serving.look()
    serving.catch_up()
    assert given(serving, office) == [record]


def test_an_approved_edit_and_a_new_listing_are_given_and_a_draft_is_not(
    office: Office, serve: Serve
) -> None:
    record = office.published()
    serving = serve()
    draft = office.changed(record, summary={"en": "Advice by appointment."})
    before = serving.live
    serving.catch_up()
    assert serving.live is before
    office.approved(draft)
    new = office.published(name="A new centre")
    serving.catch_up()
    shown = serving.live.listing(record)
    assert shown is not None
    assert shown.summary["en"] == "Advice by appointment."
    assert set(given(serving, office)) == {record, new}


def test_it_looks_by_itself_when_no_turn_is_taken(office: Office, serve: Serve) -> None:
    record = office.published()
    serving = serve()
    serving.start()
    new = office.published(name="A new centre")
    until(lambda: new in serving.live.ids())
    office.ledger.suspend(ANNA, [record], why="a stranger answered")
    until(lambda: serving.live.ids() == (new,))


def test_a_listing_nobody_checks_is_labelled_and_then_gone_as_days_go_by(
    office: Office, serve: Serve
) -> None:
    record = office.published()
    serving = serve()
    listing = serving.live.listing(record)
    assert listing is not None
    assert listing.due_on is not None
    start, due = office.now, (listing.due_on - datetime.fromtimestamp(office.now, UTC).date()).days
    for late, reason, shown in ((0, False, True), (30, True, True), (90, False, False)):
        office.now = start
        office.later(due + late)
        serving.look()
        at = datetime.fromtimestamp(office.now, UTC)
        found = serving.live.search(ADVICE, at).found
        assert (len(found) == 1, any("overdue" in one.reasons for one in found)) == (shown, reason)
        assert (serving.live.listing(record) is not None) is shown


def test_nothing_is_overdue_in_a_demonstration_where_nobody_ever_checks(office: Office) -> None:
    record = office.published()
    told = office.ledger.published()
    rows = tuple(replace(row, confirmed=None) for row in told.rows)
    shelf = Standing(replace(told, rows=rows))
    office.later(400)
    assert Serving(shelf, HERE, lambda: office.now, demo=True).live.ids() == (record,)
    assert Serving(shelf, HERE, lambda: office.now).live.ids() == ()


def test_a_number_changed_by_hand_while_it_runs_is_given_to_nobody_and_told_once(
    office: Office, serve: Serve
) -> None:
    record, other = office.published(), office.published(name="Another centre")
    serving = serve()
    office.by_hand("UPDATE shelf SET body = replace(body, ?, ?) WHERE id = ?", PHONE, "+1", record)
    with capture_logs() as said:
        serving.inspect()
        serving.inspect()
    told = [(line["event"], line["count"]) for line in said]
    assert told == [("listing_changed_by_hand", 1)]
    assert given(serving, office) == [other]
    with capture_logs() as said:
        assert serve().live.ids() == (other,)
    assert [line["event"] for line in said] == ["listing_changed_by_hand"]


def test_while_the_ledger_cannot_be_read_people_are_given_what_was_given_before(
    office: Office, serve: Serve
) -> None:
    record = office.published()
    serving = serve()
    away = office.path.with_name("away.db")
    office.path.rename(away)
    with capture_logs() as said:
        for _ in range(3):
            serving.look()
            serving.catch_up()
        serving.inspect()
    assert [line["event"] for line in said] == ["directory_not_readable"]
    assert given(serving, office) == [record]
    assert str(office.folder) not in str(said)


def test_a_file_put_back_from_before_ends_no_suspension(office: Office, serve: Serve) -> None:
    record = office.published()
    serving = serve()
    office.ledger.suspend(ANNA, [record], why="a stranger answered")
    serving.catch_up()
    office.by_hand("UPDATE head SET generation = generation - 1")
    with capture_logs() as said:
        serving.catch_up()
    assert given(serving, office) == []
    assert all(line["event"] == "directory_not_readable" for line in said)


def test_what_is_stopped_while_something_else_is_put_in_stays_out(office: Office) -> None:
    record = office.published()
    ledger = office.again()

    class Between:
        """The ledger, in which somebody stops a listing right after it was read."""

        generation, stopped = ledger.generation, ledger.stopped

        def published(self, since: int = 0) -> Published:
            told = ledger.published(since)
            if since:
                office.ledger.suspend(ANNA, [record], why="a stranger answered")
            return told

    serving = Serving(Between(), HERE, lambda: office.now)
    new = office.published(name="A new centre")
    serving.catch_up()
    ledger.close()
    assert serving.live.ids() == (new,)


def test_after_many_changes_all_is_built_anew_and_nothing_is_lost_meanwhile(
    office: Office, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bot.serving, "MOST_LATE", 2)
    first = office.published()
    serving = serve()
    building, go_on = threading.Event(), threading.Event()
    compacted = Live.compacted

    def slow(live: Live, *more: object) -> Live:
        building.set()
        go_on.wait(LONG)
        return compacted(live)

    monkeypatch.setattr(Live, "compacted", slow)
    names = [office.published(name=f"Centre {letter}") for letter in "abc"]
    serving.catch_up()
    assert building.wait(LONG)
    office.ledger.suspend(ANNA, [first], why="a stranger answered")
    late = office.published(name="A late centre")
    serving.catch_up()
    assert (serving.live.ids(), serving.live.late > 2) == (tuple(sorted([*names, late])), True)
    go_on.set()

    def in_order() -> bool:
        serving.catch_up()
        return serving.live.late <= 2

    until(in_order)
    assert serving.live.ids() == tuple(sorted([*names, late]))
    assert serving.live.listing(late) is not None


def test_without_a_ledger_nothing_is_given_but_in_a_demonstration() -> None:
    assert Serving(None, HERE).live.ids() == ()


def test_a_listing_that_this_program_cannot_read_is_told_and_left_out(office: Office) -> None:
    record, other = office.published(), office.published(name="Another centre")
    told = office.ledger.published()
    rows = tuple(
        replace(row, content=b'{"needs": {}}') if row.id == record else row for row in told.rows
    )
    with capture_logs() as said:
        serving = Serving(Standing(replace(told, rows=rows)), HERE, lambda: office.now)
    assert [(line["event"], line["count"]) for line in said] == [("listings_unreadable", 1)]
    assert serving.live.ids() == (other,)


def test_a_listing_that_was_merged_into_another_is_shown_as_that_one(office: Office) -> None:
    record, other = office.published(), office.published(name="Another centre")
    told = office.ledger.published()
    rows = tuple(
        replace(row, content=None, redirect_to=other) if row.id == record else row
        for row in told.rows
    )
    serving = Serving(Standing(replace(told, rows=rows)), HERE, lambda: office.now)
    shown = serving.live.listing(record)
    assert shown is not None
    assert (shown.id, serving.live.ids()) == (other, (other,))

"""One person stops a listing at once; it takes two to let it go on."""

import multiprocessing
from pathlib import Path

import pytest

from bot.ledger.ledger import Ledger
from bot.ledger.model import NoSuchRecord, Refused
from bot.storage.database import Database
from bot.vault import SigningKeys
from tests.ledger.conftest import ANNA, BORYS, KNOWN, VIRA, Office


def test_one_person_suspends_and_it_is_gone_at_the_next_look(office: Office) -> None:
    record = office.published()
    before = office.ledger.generation()
    assert office.ledger.suspend(ANNA, [record], why="a stranger answered") == 1
    assert office.ledger.generation() == before + 1
    assert office.ledger.stopped(before) == (before + 1, (record,))
    (row,) = office.ledger.published(before).rows
    assert (row.id, row.content) == (record, None)
    assert office.served() == {}
    shown = office.ledger.record(record, ANNA)
    assert (shown.row.stage, shown.suspended_why) == ("suspended", "a stranger answered")


def test_a_suspension_ends_by_two_people_and_a_new_call(office: Office) -> None:
    record = office.published()
    office.later(100)
    office.ledger.suspend(ANNA, [record], why="a stranger answered")
    lift = office.ledger.lift(BORYS, record, "it is theirs again")
    with pytest.raises(Refused) as refused:
        office.approved(lift, BORYS)
    assert refused.value.code == "own_work"
    with pytest.raises(Refused) as refused:
        office.approved(lift, ANNA)
    assert refused.value.code == "unchecked"
    office.checked(lift, BORYS)
    office.approved(lift, ANNA)
    assert set(office.served()) == {record}


def test_a_call_of_the_same_day_but_before_the_suspension_does_not_end_it(office: Office) -> None:
    record = office.published()
    office.ledger.suspend(ANNA, [record], why="a stranger answered")
    lift = office.ledger.lift(BORYS, record, "it is theirs again")
    with pytest.raises(Refused) as refused:
        office.approved(lift, ANNA)
    assert refused.value.code == "unchecked"
    office.checked(lift, BORYS)
    office.approved(lift, ANNA)
    assert set(office.served()) == {record}


def test_a_publication_alone_does_not_end_a_suspension(office: Office) -> None:
    record = office.published()
    office.ledger.suspend(ANNA, [record], why="a stranger answered")
    office.approved(office.changed(record, cost="free"))
    assert office.served() == {}


def test_what_is_not_suspended_needs_no_lifting(office: Office) -> None:
    record = office.published()
    with pytest.raises(Refused) as refused:
        office.ledger.lift(ANNA, record, "")
    assert refused.value.code == "wrong_stage"


def test_an_organisation_or_an_area_is_suspended_whole(office: Office) -> None:
    here = [office.published(name=f"Place {n}") for n in range(3)]
    there = office.published(name="Elsewhere", area=["UA-46"])
    other = office.published(name="Other", organization={"en": "Another Organisation"})
    assert office.ledger.suspend(ANNA, organization="example ORGANISATION", why="taken over") == 4
    assert set(office.served()) == {other}
    assert office.ledger.suspend(ANNA, area="UA-63", why="taken over") == 1
    assert office.served() == {}
    # Twice is once.
    assert office.ledger.suspend(ANNA, [*here, there], why="again") == 0


def test_a_country_is_suspended_with_all_its_regions_and_no_other(office: Office) -> None:
    for name, area in (("Here", "UA-63"), ("There", "UA-46"), ("Everywhere", "UA")):
        office.published(name=name, area=[area])
    abroad = office.published(name="Abroad", area=["LT"])
    assert office.ledger.suspend(ANNA, area="UA-46", why="shelling") == 1
    assert office.ledger.suspend(BORYS, area="UA", why="shelling") == 2
    assert set(office.served()) == {abroad}
    for record in ("ua-here", "ua-there", "ua-everywhere"):
        (*_, published, last) = office.ledger.history(record, ANNA)
        assert (published.act, last.act, last.second, last.why) == (
            *("publish", "suspend", None, "shelling"),
        )
        assert last.by == ("anna" if record == "ua-there" else "borys")


def test_what_stands_still_already_or_was_merged_away_is_not_counted_and_keeps_no_other(
    office: Office,
) -> None:
    records = [office.published(name=f"Place {number}") for number in range(4)]
    keep, gone, *others = records
    office.approved(office.ledger.merge(ANNA, keep, gone, {"names": "gone"}))
    assert office.ledger.suspend(ANNA, [keep], why="a stranger answered") == 1
    assert office.ledger.suspend(ANNA, [keep, gone, others[0]], why="closed") == 1
    assert office.ledger.suspend(ANNA, organization="Example Organisation", why="closed") == 1
    assert set(office.served().values()) == {None}
    assert [office.ledger.record(one, ANNA).suspended_why for one in (keep, *others)] == [
        *("a stranger answered", "closed", "closed"),
    ]
    assert office.ledger.history(gone, ANNA)[-1].act == "redirect"


def test_nothing_is_suspended_when_one_of_them_is_not_there(office: Office) -> None:
    record = office.published()
    with pytest.raises(NoSuchRecord):
        office.ledger.suspend(ANNA, [record, "ua-not-there"], why="")
    assert set(office.served()) == {record}


def test_a_suspension_needs_no_names(office: Office) -> None:
    with pytest.raises(Refused):
        office.ledger.suspend(VIRA, why="everything?")


def _suspend(where: Path | Database, keys: Path, record: str) -> None:
    ledger = Ledger.open(where, SigningKeys.open(keys), known=KNOWN)
    ledger.suspend(BORYS, [record], why="from another process")
    ledger.close()


def test_another_process_suspends_and_this_one_sees_it_at_its_next_look(office: Office) -> None:
    record = office.published()
    before = office.ledger.generation()
    process = multiprocessing.get_context("fork").Process(
        target=_suspend, args=(office.where, office.folder / "keys", record)
    )
    process.start()
    process.join(30)
    assert process.exitcode == 0
    assert office.ledger.generation() == before + 1
    assert office.ledger.stopped(before)[1] == (record,)
    assert office.ledger.published(before).rows[0].content is None

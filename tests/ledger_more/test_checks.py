"""A tick beside a number means that somebody asked about this number, and nothing else sets it."""

from datetime import date

import pytest

from bot.ledger.model import Refused
from tests.ledger.conftest import ANNA, BORYS, PHONE, Office, listing

SHOWN = f"contact:phone:{PHONE}"
OTHER = "+380440000002"


def ticks(office: Office, record: str) -> dict[str, date]:
    return {check.part: check.on for check in office.ledger.record(record, ANNA).checks}


def test_a_check_says_who_when_and_how_for_each_part(office: Office) -> None:
    record = office.published(hours={"printed": "by day"})
    office.later(3)

    office.ledger.check(BORYS, record, [SHOWN, "hours"], "visit")

    found = {check.part: check for check in office.ledger.record(record, ANNA).checks}
    assert set(found) == {SHOWN, "hours"}
    assert (found["hours"].by, found["hours"].how) == ("borys", "visit")
    assert found["hours"].on == found[SHOWN].on == office.ledger.today
    assert office.ledger.verify_history() == ()


def test_saving_publishing_merging_and_reverting_set_no_tick(office: Office) -> None:
    record, other = office.published(), office.published(name="Legal Advice Center")
    before = ticks(office, record)
    office.later(5)

    office.approved(office.changed(record, cost="free"))
    office.approved(office.ledger.merge(ANNA, record, other, {"names": "gone"}))
    office.approved(office.ledger.revert(ANNA, record, 1))

    assert ticks(office, record) == before
    assert office.ledger.record(record, ANNA).row.due_on == before[SHOWN].replace(month=12, day=20)


def test_another_number_has_no_tick_and_the_old_one_has_its_own_again(office: Office) -> None:
    record = office.published()
    first = ticks(office, record)[SHOWN]
    office.later(5)
    draft = office.changed(record, contacts=[{"kind": "phone", "number": OTHER}])
    office.checked(draft)
    office.approved(draft)
    assert set(ticks(office, record)) == {f"contact:phone:{OTHER}"}

    office.approved(office.ledger.revert(ANNA, record, 1))

    assert ticks(office, record) == {SHOWN: first}


def test_words_beside_a_number_may_change_and_its_tick_stays(office: Office) -> None:
    record = office.published()
    labelled = {"kind": "phone", "number": PHONE, "label": {"en": "By day"}}

    office.approved(office.changed(record, contacts=[labelled]))

    assert set(ticks(office, record)) == {SHOWN}


@pytest.mark.parametrize("parts", [[], ["hours"], [f"contact:phone:{OTHER}"], ["names"]])
def test_what_is_not_there_cannot_be_checked(office: Office, parts: list[str]) -> None:
    record = office.published()

    with pytest.raises(Refused):
        office.ledger.check(ANNA, record, parts, "call")
    with pytest.raises(Refused):
        office.ledger.check(ANNA, record, [SHOWN], "guess")  # type: ignore[arg-type]


def test_a_call_from_before_the_suspension_does_not_end_it(office: Office) -> None:
    record = office.published()
    office.later(3)
    office.ledger.report(record, "unsafe", "survivor")
    draft = office.ledger.lift(ANNA, record, "it sounds right")

    with pytest.raises(Refused) as refused:
        office.approved(draft, BORYS)
    assert refused.value.code == "unchecked"
    office.checked(draft)
    office.approved(draft, BORYS)

    assert set(office.served()) == {record}


def test_a_check_of_a_draft_counts_once_the_draft_is_what_stands(office: Office) -> None:
    draft = office.proposed(listing())
    office.checked(draft)

    office.approved(draft)

    assert set(ticks(office, draft.record)) == {SHOWN}

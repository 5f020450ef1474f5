"""Two listings of one service become one by two people's word, or are told apart for good."""

from typing import Any

import pytest

from bot.ledger.model import Invalid, NoSuchRecord, Refused, Stale
from referral_directory.pack import ListingShape
from tests.ledger.conftest import ANNA, BORYS, PHONE, VIRA, Office, listing
from tests.ledger_more.helpers import kept_back

OTHER = "+380440000002"


def two(office: Office, publish: Any = Office.published, **of_the_second: Any) -> tuple[str, str]:
    second = {
        "name": "Legal Advice Center",
        "contacts": [{"kind": "phone", "number": OTHER}, {"kind": "phone", "number": PHONE}],
        "hours": {"printed": "by day"},
        "summary": {"en": "Advice.", "uk": "Порада."},
    }
    return office.published(), publish(office, **(second | of_the_second))


def test_what_was_picked_of_the_other_is_in_the_draft_and_nothing_else(office: Office) -> None:
    keep, gone = two(office)
    fields = {change.field for change in office.ledger.differences(ANNA, keep, gone)}
    assert fields == {
        *("contacts[phone 1]", "names.en", "summary.en", "summary.uk", "hours.printed"),
    }

    draft = office.ledger.merge(
        ANNA, keep, gone, {"contacts": "gone", "summary": "gone", "summary.uk": "keep"}
    )

    assert [one["number"] for one in draft.content["contacts"]] == [PHONE, OTHER]
    assert draft.content["summary"] == {"en": "Advice.", "uk": "Безоплатна правова допомога."}
    assert draft.content["names"] == listing()["names"]
    assert "hours" not in draft.content
    ListingShape.model_validate(draft.content)


def test_everything_of_the_other_can_be_picked(office: Office) -> None:
    keep, gone = two(office, notes="Ask twice.")
    picks = {change.field: "gone" for change in office.ledger.differences(ANNA, keep, gone)}

    draft = office.ledger.merge(ANNA, keep, gone, picks)  # type: ignore[arg-type]

    stands = office.ledger.record(gone, ANNA).content
    assert {**draft.content, "contacts": ()} == {**stands, "contacts": ()}
    assert {one["number"] for one in draft.content["contacts"]} == {PHONE, OTHER}


def test_a_second_person_ends_the_other_listing_and_its_id_leads_to_the_kept_one(
    office: Office,
) -> None:
    keep, gone = two(office)
    draft = office.ledger.merge(ANNA, keep, gone, {"summary": "gone"})

    with pytest.raises(Refused):
        office.approved(draft, ANNA)
    assert office.served().get(gone) is not None
    office.approved(draft, BORYS)

    assert office.ledger.resolve(gone) == keep
    assert office.served().get(gone) is None
    assert office.ledger.record(keep, ANNA).redirects == (gone,)
    assert office.ledger.verify_history() == ()


def test_a_merge_is_no_call(office: Office) -> None:
    keep, gone = two(office)

    draft = office.ledger.merge(ANNA, keep, gone, {"contacts": "gone"})

    with pytest.raises(Refused) as refused:
        office.approved(draft, BORYS)
    assert refused.value.code == "unchecked"


def test_what_changed_in_the_other_since_is_not_lost_with_it(office: Office) -> None:
    keep, gone = two(office)
    draft = office.ledger.merge(ANNA, keep, gone, {"summary": "gone"})
    office.approved(office.changed(gone, cost="free"))

    with pytest.raises(Stale):
        office.approved(draft, BORYS)


def test_two_listings_with_open_drafts_are_not_put_together(office: Office) -> None:
    keep, gone = two(office)
    office.changed(gone, cost="free")

    with pytest.raises(Stale):
        office.ledger.merge(ANNA, keep, gone, {})
    with pytest.raises(Stale):
        office.ledger.merge(ANNA, gone, keep, {})


def test_a_field_in_which_they_do_not_differ_is_named(office: Office) -> None:
    keep, gone = two(office)

    with pytest.raises(Invalid) as invalid:
        office.ledger.merge(ANNA, keep, gone, {"cost": "gone"})

    assert invalid.value.problems[0][0] == "cost"
    with pytest.raises(Refused):
        office.ledger.merge(ANNA, keep, keep, {})


def test_nobody_merges_what_they_may_not_see(office: Office) -> None:
    keep, gone = two(office, kept_back, visibility="operator_only")

    with pytest.raises(NoSuchRecord):
        office.ledger.merge(ANNA, keep, gone, {})
    with pytest.raises(NoSuchRecord):
        office.ledger.differences(ANNA, keep, gone)
    with pytest.raises(NoSuchRecord):
        office.ledger.dismiss_pair(ANNA, keep, gone, "two houses")


def test_a_pair_that_is_two_is_remembered_with_who_and_why(office: Office) -> None:
    keep, gone = two(office)

    office.ledger.dismiss_pair(ANNA, gone, keep, "two houses of one street")

    (one,) = office.ledger.dismissals(BORYS)
    assert {one.one, one.other} == {keep, gone}
    assert (one.by, one.why) == ("anna", "two houses of one street")
    assert office.ledger.dismissed() == {frozenset((keep, gone))}
    assert office.ledger.history(keep, ANNA)[-1].act == "dismiss"


def test_it_is_asked_again_when_one_of_them_changes_its_name_or_somebody_wants_it(
    office: Office,
) -> None:
    keep, gone = two(office)
    office.ledger.dismiss_pair(ANNA, keep, gone, "two houses")
    office.approved(office.changed(gone, cost="free"))
    assert office.ledger.dismissed() == {frozenset((keep, gone))}

    office.approved(office.changed(gone, names={"en": "Another name"}))
    assert office.ledger.dismissed() == frozenset()

    office.ledger.dismiss_pair(ANNA, keep, gone, "still two")
    assert office.ledger.dismissed() == {frozenset((keep, gone))}
    office.ledger.ask_again(ANNA, gone, keep)
    assert office.ledger.dismissed() == frozenset()


def test_pairs_of_places_that_are_not_theirs_are_not_told(office: Office) -> None:
    keep, gone = two(office, kept_back, visibility="operator_only")
    office.ledger.dismiss_pair(VIRA, keep, gone, "two houses")

    assert office.ledger.dismissals(ANNA) == ()
    assert len(office.ledger.dismissals(VIRA)) == 1


def test_a_record_that_holds_what_one_may_not_see_is_not_merged_away(office: Office) -> None:
    hidden = {"kind": "phone", "number": "+380440000009", "visibility": "operator_only"}
    keep, gone = two(office, kept_back, contacts=[{"kind": "phone", "number": PHONE}, hidden])

    with pytest.raises(Refused) as refused:
        office.ledger.merge(ANNA, keep, gone, {"summary": "gone"})
    assert refused.value.code == "second_needed"

    draft = office.ledger.merge(VIRA, keep, gone, {"contacts[phone 2]": "gone"})
    assert hidden in draft.content["contacts"]

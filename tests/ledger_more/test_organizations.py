"""An organisation that asked not to be listed is remembered, so that nobody adds it again."""

import pytest

from bot.ledger.model import Actor, Refused
from tests.ledger.conftest import ANNA, BORYS, VIRA, Office, listing
from tests.ledger_more.helpers import kept_back

QUIET = {"en": "The Quiet House", "uk": "Тихий дім"}


def test_organisations_are_listed_with_what_they_have(office: Office) -> None:
    office.published(name="Service A")
    record = office.published(name="Service B")
    office.published(name="Service C", organization=QUIET)
    office.ledger.suspend(ANNA, [record], why="moved")

    page = office.ledger.organizations(ANNA)

    assert [(one.name, one.listings, one.shown, one.suspended) for one in page.rows] == [
        ("Example Organisation", 2, 1, 1),
        ("The Quiet House", 1, 1, 0),
    ]
    assert [one.name for one in office.ledger.organizations(ANNA, "QUIET").rows] == [QUIET["en"]]


def test_nobody_learns_of_an_organisation_through_a_listing_they_may_not_see(
    office: Office,
) -> None:
    kept_back(office, organization=QUIET, visibility="operator_only")
    elsewhere = Actor("lesia", ("LT",), restricted=True)

    assert office.ledger.organizations(ANNA).rows == ()
    assert office.ledger.organizations(elsewhere).rows == ()
    assert len(office.ledger.organizations(VIRA).rows) == 1


def test_a_mark_stops_all_listings_of_the_organisation_at_once(office: Office) -> None:
    first, second = (office.published(name=n, organization=QUIET) for n in ("House A", "House B"))
    other = office.published(name="Service")

    stopped = office.ledger.mark_organization(
        ANNA, "The Quiet House", do_not_list=True, why="they asked by letter"
    )

    served = office.served()
    assert stopped == 2
    assert (served.get(first), served.get(second)) == (None, None)
    assert served[other] is not None
    (one,) = office.ledger.organizations(ANNA, "quiet").rows
    assert (one.do_not_list, one.why, one.by) == (True, "they asked by letter", "anna")


@pytest.mark.parametrize(
    "content",
    [
        {"organization": {"en": "The Quiet House"}},
        {"organization": {"en": '  "the QUIET   house" '}},
        {"organization": {"en": "Ｔｈｅ Quiet\u200b House."}},
        {"organization": {"en": "Another", "uk": "ТИХИЙ ДІМ"}},
        {"names": {"en": "The Quiet House"}},
    ],
)
def test_it_is_not_added_again_under_any_of_its_names(
    office: Office, content: dict[str, dict[str, str]]
) -> None:
    office.published(name="House A", organization=QUIET)
    office.ledger.mark_organization(ANNA, "The Quiet House", do_not_list=True, why="they asked")

    with pytest.raises(Refused) as refused:
        office.ledger.propose(BORYS, None, listing() | content, base=0, version=None)

    assert refused.value.code == "not_listed"


def test_a_draft_from_before_the_mark_is_not_published_after_it(office: Office) -> None:
    draft = office.proposed(listing(organization=QUIET))
    office.checked(draft)
    office.ledger.mark_organization(ANNA, "The Quiet House", do_not_list=True, why="they asked")

    with pytest.raises(Refused) as refused:
        office.approved(draft)

    assert refused.value.code == "not_listed"


def test_its_listings_can_still_be_closed(office: Office) -> None:
    record = office.published(organization=QUIET)
    office.ledger.mark_organization(ANNA, "The Quiet House", do_not_list=True, why="they asked")

    office.approved(office.changed(record, status="closed"))

    assert office.ledger.record(record, ANNA).row.stage == "retired"


def test_a_mark_stays_when_nothing_of_the_organisation_is_left(office: Office) -> None:
    office.ledger.mark_organization(ANNA, "Nobody Knows It", do_not_list=True, why="they asked")

    (one,) = office.ledger.organizations(ANNA).rows

    assert (one.name, one.listings, one.do_not_list) == ("Nobody Knows It", 0, True)
    assert office.ledger.do_not_list() == {"nobody knows it"}


def test_a_mark_that_is_taken_back_lists_nothing_by_itself(office: Office) -> None:
    record = office.published(organization=QUIET)
    office.ledger.mark_organization(ANNA, QUIET["en"], do_not_list=True, why="they asked")

    office.ledger.mark_organization(BORYS, QUIET["en"], do_not_list=False, why="a mistake")

    assert office.served().get(record) is None
    assert office.proposed(listing("House B", organization=QUIET)).record
    with pytest.raises(Refused):
        office.ledger.mark_organization(BORYS, QUIET["en"], do_not_list=False, why="again")


def test_a_mark_that_was_taken_out_by_hand_is_found(office: Office) -> None:
    office.ledger.mark_organization(ANNA, QUIET["en"], do_not_list=True, why="they asked")
    assert office.ledger.verify_history() == ()

    office.by_hand("DELETE FROM mark_name")

    assert [fault.code for fault in office.ledger.verify_history()] == ["record"]

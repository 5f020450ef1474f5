"""Nothing comes before survivors that two people did not look at, as it is."""

from dataclasses import replace

import pytest

from bot.ledger.model import Actor, Refused, Stale
from tests.ledger.conftest import ANNA, BORYS, PHONE, VIRA, Office, listing

OTHER = "+380440000002"


def test_a_listing_is_served_after_a_second_person_approved_it(office: Office) -> None:
    draft = office.proposed(listing())
    assert office.served() == {}

    office.checked(draft)
    revision = office.approved(draft)

    assert (revision.by, revision.second, revision.number) == ("anna", "borys", 1)
    (row,) = office.ledger.published().rows
    assert row.content is not None
    assert PHONE.encode() in row.content
    assert row.confirmed is not None
    assert (row.confirmed.by, row.confirmed.how) == ("anna", "call")


def test_nobody_approves_their_own_draft(office: Office) -> None:
    draft = office.proposed(listing())
    office.checked(draft)
    with pytest.raises(Refused) as refused:
        office.approved(draft, ANNA)
    assert refused.value.code == "own_work"
    assert office.served() == {}


def test_a_second_session_of_the_same_person_is_the_same_person(office: Office) -> None:
    draft = office.proposed(listing())
    office.checked(draft)
    with pytest.raises(Refused):
        office.approved(draft, Actor("anna", areas=("UA",), restricted=True))


def test_whoever_had_a_hand_in_it_is_an_author(office: Office) -> None:
    record = office.proposed(listing()).record
    draft = office.changed(record, BORYS, cost="free")
    office.checked(draft)
    with pytest.raises(Refused) as refused:
        office.approved(draft, BORYS)
    assert refused.value.code == "own_work"
    assert office.approved(draft, VIRA).second == "vira"


def test_a_draft_that_was_changed_after_the_look_is_not_approved(office: Office) -> None:
    seen = office.proposed(listing())
    contacts = [{"kind": "phone", "number": OTHER}]
    office.checked(office.changed(seen.record, contacts=contacts))
    with pytest.raises(Refused) as refused:
        office.approved(seen)
    assert refused.value.code == "changed_since"


def test_the_digest_alone_must_fit_too(office: Office) -> None:
    draft = office.proposed(listing())
    office.checked(draft)
    with pytest.raises(Refused) as refused:
        office.ledger.publish(BORYS, draft.record, draft.version, "0" * 64)
    assert refused.value.code == "changed_since"


def test_an_approval_counts_once(office: Office) -> None:
    draft = office.proposed(listing())
    office.checked(draft)
    office.approved(draft)
    with pytest.raises(Refused) as refused:
        office.approved(draft)
    assert refused.value.code == "wrong_stage"

    # Nor does it count for a later draft that brings the same words back.
    other = office.changed(draft.record, cost="free")
    office.approved(other)
    back = office.changed(draft.record, cost="unknown")
    assert back.digest != draft.digest


def test_a_number_that_nobody_called_is_not_published(office: Office) -> None:
    draft = office.proposed(listing())
    with pytest.raises(Refused) as refused:
        office.approved(draft)
    assert refused.value.code == "unchecked"


def test_a_check_of_the_old_number_does_not_count_for_the_new_one(office: Office) -> None:
    record = office.published()
    draft = office.changed(record, contacts=[{"kind": "phone", "number": OTHER}])
    with pytest.raises(Refused) as refused:
        office.approved(draft)
    assert refused.value.code == "unchecked"
    assert office.ledger.record(record, BORYS).draft_checks == ()
    office.checked(draft)
    (check,) = office.ledger.record(record, BORYS).draft_checks
    assert (check.part, check.by) == (f"contact:phone:{OTHER}", "anna")
    office.approved(draft)
    assert OTHER.encode() in (office.served()[record] or b"")


def test_a_check_of_long_ago_does_not_count(office: Office) -> None:
    draft = office.proposed(listing())
    office.checked(draft)
    office.later(91)
    with pytest.raises(Refused) as refused:
        office.approved(draft)
    assert refused.value.code == "unchecked"


def test_saving_is_no_check(office: Office) -> None:
    record = office.published()
    due = office.ledger.record(record, ANNA).row.due_on
    office.later(40)
    office.approved(office.changed(record, cost="free"))
    assert office.ledger.record(record, ANNA).row.due_on == due


def test_a_word_is_mended_by_one_person_a_number_in_it_is_not(office: Office) -> None:
    record = office.published()
    harmless = office.changed(record, summary={"en": "Free advice about the law."})
    assert office.ledger.second_look(record, ANNA) == ()
    assert office.approved(harmless, ANNA).second is None

    hidden = office.changed(record, summary={"en": "Call 0 4 4 0 0 0 0 0 0 9 instead."})
    assert office.ledger.second_look(record, ANNA) == ("summary.en",)
    with pytest.raises(Refused) as refused:
        office.approved(hidden, ANNA)
    assert refused.value.code == "own_work"


@pytest.mark.parametrize(
    "fields",
    [
        {"contacts": [{"kind": "phone", "number": OTHER}]},
        {"contacts": [{"kind": "web", "url": "https://example.org/other"}]},
        {"address": {"line": "Example Street 1", "city": "Example"}},
        {"visibility": "operator_only"},
        {"vetting": "vetted"},
        {"status": "closed"},
        {"source": {"url": "https://example.net/about"}},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_what_could_send_somebody_elsewhere_needs_a_second_person(
    office: Office, fields: dict[str, object]
) -> None:
    record = office.published()
    draft = office.changed(record, VIRA, **fields)
    office.checked(draft, VIRA)
    with pytest.raises(Refused) as refused:
        office.approved(draft, VIRA)
    assert refused.value.code == "own_work"


def test_a_retired_listing_is_served_no_more_and_stays_known(office: Office) -> None:
    record = office.published()
    office.approved(office.changed(record, status="closed"))
    assert office.served() == {}
    assert office.ledger.record(record, ANNA).row.stage == "retired"


def test_a_listing_whose_vetting_was_refused_is_not_published_first(office: Office) -> None:
    draft = office.proposed(listing(vetting="refused"), VIRA)
    with pytest.raises(Refused) as refused:
        office.approved(draft)
    assert refused.value.code == "not_vetted"


def test_only_a_vetting_officer_proposes_another_vetting_and_others_may_go_on_with_it(
    office: Office,
) -> None:
    record = office.published()
    with pytest.raises(Refused) as refused:
        office.changed(record, ANNA, vetting="vetted")
    assert refused.value.code == "not_yours"
    assert office.ledger.record(record, ANNA).draft is None
    draft = office.changed(record, VIRA, vetting="vetted")
    content = {**draft.content, "cost": "free"}
    draft = office.ledger.propose(
        ANNA, record, content, base=draft.base, version=draft.version, why="asked"
    )
    office.approved(draft, BORYS)
    assert office.ledger.record(record, ANNA).content["vetting"] == "vetted"


def test_an_approval_on_an_old_base_names_what_others_changed(office: Office) -> None:
    record = office.published()
    office.changed(record, cost="free")
    # Somebody else's draft went through meanwhile: only a second program could do that.
    with office.ledger.books.writing() as tx:
        held = tx.held(record)
        tx.put(replace(held, revision=held.revision + 1))
    draft = office.ledger.drafts(ANNA)[0]
    with pytest.raises(Stale):
        office.approved(draft)

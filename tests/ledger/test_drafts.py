"""One open draft a record; nobody overwrites what they did not see; nothing said is lost."""

from dataclasses import replace

import pytest

from bot.ledger import publishing
from bot.ledger.held import HeldDraft
from bot.ledger.model import Actor, Invalid, ListQuery, NoSuchRecord, Refused, Stale
from tests.ledger.conftest import ANNA, BORYS, VIRA, Office, listing


def test_a_record_has_one_open_draft(office: Office) -> None:
    record = office.published()
    office.changed(record, cost="free")
    with pytest.raises(Stale) as stale:
        office.ledger.propose(BORYS, record, listing(cost="paid"), base=1, version=None)
    assert stale.value.theirs == ("cost",)
    assert len(office.ledger.drafts(BORYS)) == 1


def test_whoever_saves_over_an_unseen_change_is_told_which_fields(office: Office) -> None:
    first = office.proposed(listing())
    second = office.changed(first.record, BORYS, cost="free")
    with pytest.raises(Stale) as stale:
        office.ledger.propose(
            ANNA, first.record, listing(anonymous="yes"), base=0, version=first.version
        )
    assert stale.value.theirs == ("cost",)
    assert office.ledger.record(first.record, ANNA).draft == second


def test_whoever_began_from_an_old_revision_is_told_what_changed(office: Office) -> None:
    record = office.published()
    before = office.ledger.record(record, BORYS).content
    office.approved(office.changed(record, summary={"en": "Advice about the law."}), ANNA)
    with pytest.raises(Stale) as stale:
        office.ledger.propose(BORYS, record, {**before, "cost": "free"}, base=1, version=None)
    assert stale.value.theirs == ("summary.en", "summary.uk")


def test_a_draft_that_somebody_discarded_is_not_saved_again_unseen(office: Office) -> None:
    record = office.published()
    draft = office.changed(record, cost="free")
    office.ledger.discard(BORYS, record, draft.version)
    with pytest.raises(Stale) as stale:
        office.ledger.propose(ANNA, record, draft.content, base=1, version=draft.version)
    assert stale.value.theirs == ("cost",)


def test_a_discarded_first_draft_leaves_no_record_and_stays_in_the_history(office: Office) -> None:
    draft = office.proposed(listing())
    office.ledger.discard(ANNA, draft.record, draft.version)
    with pytest.raises(NoSuchRecord):
        office.ledger.record(draft.record, ANNA)
    # Its id is not given to anything else.
    assert office.proposed(listing()).record == f"{draft.record}-2"
    assert office.ledger.verify_history() == ()


def test_a_stale_draft_is_set_onto_what_stands_field_by_field(office: Office) -> None:
    record = office.published()
    # An import and a person meet: the draft is of revision 1, revision 2 came from elsewhere.
    draft = office.changed(record, summary={"en": "Ours."}, cost="free")
    with office.ledger.books.writing() as tx:
        held = tx.held(record)
        theirs = tx.keep(record, listing(summary={"en": "Theirs."}, anonymous="yes"))
        other = HeldDraft(1, 1, theirs, ("pack",), "a new pack", "2026-11-01")
        publishing.revise(tx, held, other, "pack", "borys", "a new pack")
        tx.put(replace(tx.held(record), draft=held.draft))
    with pytest.raises(Stale):
        office.approved(draft)

    based = office.ledger.rebase(ANNA, record, draft.version)

    assert (based.base, based.version) == (2, draft.version + 1)
    assert (based.content["cost"], based.content["anonymous"]) == ("free", "yes")
    assert based.content["summary"]["en"] == "Ours."
    assert based.conflicts == ("summary.en",)


def test_going_back_makes_a_new_revision(office: Office) -> None:
    record = office.published()
    office.approved(office.changed(record, cost="free"))
    draft = office.ledger.revert(ANNA, record, 1)
    assert "cost" not in draft.content
    revision = office.approved(draft)
    assert revision.number == 3
    numbers = [r.number for r in office.ledger.history(record, ANNA) if r.number]
    assert numbers == [1, 2, 3]


def test_a_draft_that_says_what_stands_is_refused(office: Office) -> None:
    record = office.published()
    with pytest.raises(Refused) as refused:
        office.changed(record)
    assert refused.value.code == "nothing_new"


def test_saving_without_a_change_makes_nobody_an_author(office: Office) -> None:
    draft = office.proposed(listing())
    same = office.changed(draft.record, BORYS)
    assert same == draft


def test_what_is_no_listing_is_refused_with_every_fault_by_field(office: Office) -> None:
    wrong = listing(needs=["leagl.advice"], area=["UA-99"], contacts=[{"kind": "phone"}])
    with pytest.raises(Invalid) as invalid:
        office.proposed(wrong)
    assert [field for field, _ in invalid.value.problems] == ["contacts.0"]
    with pytest.raises(Invalid) as invalid:
        office.proposed(wrong | {"contacts": []})
    said = dict(invalid.value.problems)
    assert "Did you mean 'legal.advice'" in said["needs.0"]
    assert "there is no area 'UA-99'" in said["area.0"]


@pytest.mark.parametrize("odd", ["\ud800", "x" * 100_000, {"deep": "x"}, 1.5])
def test_what_cannot_be_kept_is_refused_by_its_field(office: Office, odd: object) -> None:
    with pytest.raises(Invalid) as invalid:
        office.proposed(listing(notes=odd))
    assert invalid.value.problems[0][0].split(".")[0] == "notes"


@pytest.mark.parametrize("odd", ["a\x00b", "\u202e", "=1+1", "'; DROP TABLE record; --"])
def test_odd_words_are_kept_as_they_are(office: Office, odd: str) -> None:
    draft = office.proposed(listing(notes=odd))
    assert office.ledger.record(draft.record, ANNA).content["notes"] == odd
    assert office.ledger.find(ListQuery(text=odd), ANNA).total == 0


def test_what_came_along_from_elsewhere_is_kept_or_refused(office: Office) -> None:
    draft = office.proposed(listing(carried={"id": "x", "list": [1, 2.5, None, {"a": "ї"}]}))
    assert draft.content["carried"]["list"][3] == {"a": "ї"}
    with pytest.raises(Invalid) as invalid:
        office.proposed(listing(carried={"a": "\ud800"}))
    assert invalid.value.problems[0][0] == "carried"


def test_an_editor_of_one_region_neither_sees_nor_makes_listings_of_another(
    office: Office,
) -> None:
    record = office.published()
    lviv = Actor("larysa", areas=("UA-46",))
    for act in (
        lambda: office.ledger.record(record, lviv),
        lambda: office.ledger.history(record, lviv),
        lambda: office.ledger.suspend(lviv, [record], why="not mine"),
        lambda: office.ledger.propose(lviv, record, listing(), base=1, version=None),
        lambda: office.ledger.record("ua-not-there", lviv),
    ):
        with pytest.raises(NoSuchRecord):
            act()
    with pytest.raises(Invalid) as invalid:
        office.proposed(listing(), lviv)
    assert invalid.value.problems[0][0] == "area"
    assert office.ledger.find(ListQuery(), lviv).total == 0
    assert office.ledger.find(ListQuery(), Actor("all", areas=("UA",))).total == 1
    assert office.ledger.suspend(lviv, area="UA", why="all of mine") == 0


def test_a_hidden_contact_outlives_an_edit_by_somebody_who_does_not_see_it(
    office: Office,
) -> None:
    hidden = {"kind": "phone", "number": "+380440000007", "visibility": "operator_only"}
    contacts = [hidden, *listing()["contacts"]]
    draft = office.proposed(listing(contacts=contacts), VIRA)
    office.checked(draft, VIRA)
    with pytest.raises(Refused) as refused:
        office.approved(draft)
    assert refused.value.code == "second_needed"
    office.approved(draft, Actor("yurii", restricted=True))

    seen = office.ledger.record(draft.record, ANNA)
    assert [c["number"] for c in seen.content["contacts"]] == ["+380440000001"]
    office.approved(office.changed(draft.record, cost="free"))
    whole = office.ledger.record(draft.record, VIRA)
    assert whole.content["contacts"][0] == hidden
    assert b"0000007" not in (office.served()[draft.record] or b"")

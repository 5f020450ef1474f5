"""What a publication writes down, and at its very edges: who, which version, how long ago."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.ledger.known import Known
from bot.ledger.model import Actor, Refused, Stale
from bot.ledger.texts import Spot
from referral_directory import load_packs
from tests.ledger.conftest import ANNA, BORYS, PHONE, VIRA, Office, listing

OTHER = "+380440000002"
HIDDEN = {"kind": "phone", "number": OTHER, "visibility": "operator_only"}
MAIL = {"kind": "email", "email": "desk@example.org"}


def refused(office: Office, draft: object, by: Actor = BORYS) -> str:
    with pytest.raises(Refused) as told:
        office.approved(draft, by)  # type: ignore[arg-type]
    return told.value.code


def test_a_publication_says_who_made_it_who_looked_and_why(office: Office) -> None:
    first = office.proposed(listing())
    office.checked(first)
    revision = office.ledger.publish(BORYS, first.record, first.version, first.digest, "called")
    assert (revision.act, revision.by, revision.second) == ("publish", "anna", "borys")
    assert (revision.number, revision.why, revision.content) == (1, "called", first.content)
    draft = office.changed(first.record, VIRA, cost="free")
    revision = office.approved(office.changed(first.record, BORYS, languages=["uk", "en"]), ANNA)
    assert (revision.number, revision.by, revision.second) == (2, "vira", "anna")
    last = office.ledger.history(first.record, VIRA)[-1]
    assert (last.sequence, last.act, last.by, last.second, last.number, last.on) == (
        *(revision.sequence, "publish", "vira", "anna", 2, revision.on),
    )
    assert list(last.told["authors"]) == ["vira", "borys"]
    assert [one.why for one in office.ledger.history(first.record, VIRA) if one.number] == [
        *("called", ""),
    ]
    assert (last.told["lifts"], list(last.told["absorbs"])) == (False, [])
    assert draft.record == first.record
    stands = office.ledger.record(first.record, ANNA)
    assert (stands.revision, stands.draft) == (2, None)
    assert office.ledger.second_look(first.record, ANNA) == ()


def test_a_listing_changed_on_the_day_on_which_it_was_published_last(office: Office) -> None:
    record = office.published()
    office.later(10)
    draft = office.changed(record, cost="free")
    office.later(3)
    on = office.approved(draft).on
    (row,) = office.ledger.published().rows
    assert row.changed is not None
    assert row.changed.date() == on == draft.since + timedelta(3)


def test_without_a_reason_of_its_own_a_publication_has_that_of_the_draft(office: Office) -> None:
    draft = office.ledger.propose(ANNA, None, listing(), base=0, version=None, why="they wrote")
    office.checked(draft)
    assert office.approved(draft).why == "they wrote"


def test_a_version_that_was_not_the_one_seen_is_refused_though_it_says_the_same(
    office: Office,
) -> None:
    draft = office.proposed(listing())
    office.checked(draft)
    for version in (draft.version - 1, draft.version + 1):
        assert refused(office, replace(draft, version=version)) == "changed_since"
    assert refused(office, replace(draft, digest=draft.digest[::-1])) == "changed_since"
    office.approved(draft)


@pytest.mark.parametrize(("days", "counts"), [(90, True), (91, False)])
def test_a_check_counts_until_the_day_on_which_the_next_is_due(
    office: Office, days: int, counts: bool
) -> None:
    draft = office.proposed(listing())
    office.checked(draft)
    office.later(days)
    if counts:
        office.approved(draft)
    else:
        assert refused(office, draft) == "unchecked"


def test_every_way_to_reach_it_has_to_be_checked_and_the_number_of_those_that_lack_is_said(
    office: Office,
) -> None:
    draft = office.proposed(listing(contacts=[{"kind": "phone", "number": PHONE}, MAIL]))
    with pytest.raises(Refused, match="2 ways to reach it were not checked"):
        office.approved(draft)
    office.ledger.check(ANNA, draft.record, [f"contact:phone:{PHONE}"], "call", draft.version)
    with pytest.raises(Refused, match="1 ways to reach it were not checked"):
        office.approved(draft)


def test_what_survivors_see_already_is_not_asked_for_again_but_what_is_new_is(
    office: Office,
) -> None:
    record = office.published()
    office.later(200)
    contacts = [{"kind": "phone", "number": PHONE}, MAIL]
    draft = office.changed(record, contacts=contacts)
    with pytest.raises(Refused, match="1 ways to reach it were not checked"):
        office.approved(draft)
    office.ledger.check(ANNA, record, ["contact:email:desk@example.org"], "letter", draft.version)
    office.approved(draft)


def test_a_house_that_moved_is_asked_for_though_it_had_an_address_before(office: Office) -> None:
    address = {"line": "Example Street 1", "city": "Example"}
    record = office.published(address=address)
    draft = office.changed(record, address={**address, "line": "Example Street 2"})
    with pytest.raises(Refused, match="1 ways to reach it were not checked"):
        office.approved(draft)
    office.ledger.check(ANNA, record, ["address"], "visit", draft.version)
    office.approved(draft)


def test_what_is_not_served_needs_no_check(office: Office) -> None:
    hidden = office.proposed(listing(visibility="operator_only"), VIRA)
    office.approved(hidden, Actor("yurii", restricted=True))
    assert office.served() == {}
    # Once it is to be served, it does.
    shown = office.changed(hidden.record, VIRA, visibility="public")
    assert refused(office, shown, Actor("yurii", restricted=True)) == "unchecked"


@pytest.mark.parametrize("vetting", ["suspended", "refused"])
def test_a_vetting_that_failed_keeps_a_new_listing_back_and_takes_an_old_one_down(
    office: Office, vetting: str
) -> None:
    new = office.proposed(listing(vetting=vetting), VIRA)
    office.checked(new, VIRA)
    assert refused(office, new) == "not_vetted"
    record = office.published()
    office.approved(office.changed(record, VIRA, vetting=vetting))
    assert record not in office.served()


@pytest.mark.parametrize(
    "part",
    [
        {"contacts": [{"kind": "phone", "number": PHONE}, HIDDEN]},
        {"address": {"line": "Example Street 1", "city": "Example", "visibility": "operator_only"}},
    ],
)
def test_whoever_cannot_see_a_part_approves_no_change_of_it_and_any_other(
    office: Office, part: dict[str, object]
) -> None:
    record = office.published()
    draft = office.changed(record, VIRA, **part)
    office.checked(draft, VIRA)
    assert refused(office, draft, BORYS) == "second_needed"
    assert refused(office, draft, VIRA) == "own_work"
    revision = office.approved(draft, Actor("yurii", restricted=True))
    assert revision.second == "yurii"
    other = office.changed(record, ANNA, cost="free")
    revision = office.approved(other, BORYS)
    assert revision.content is not None
    assert OTHER not in repr(revision.content)
    assert "address" not in revision.content


def test_what_an_author_may_not_alone_is_named(office: Office) -> None:
    draft = office.proposed(listing())
    office.checked(draft)
    with pytest.raises(Refused) as told:
        office.approved(draft, ANNA)
    assert str(told.value) == "you had a hand in this draft, and it was never published"
    assert told.value.mend.startswith("A second person must look at: ")
    assert told.value.mend.count(",") == 4
    office.approved(draft)
    again = office.changed(draft.record, ANNA, contacts=[MAIL])
    office.checked(again)
    with pytest.raises(Refused) as told:
        office.approved(again, ANNA)
    assert str(told.value) == "you had a hand in this draft"


def test_to_end_a_suspension_takes_two_and_is_written_down(office: Office) -> None:
    record = office.published()
    assert office.ledger.second_look(record, ANNA) == ()
    office.ledger.suspend(ANNA, [record], why="a stranger answered")
    lift = office.ledger.lift(BORYS, record, "it is theirs again")
    assert office.ledger.second_look(record, ANNA) == ("suspended",)
    office.checked(lift, BORYS)
    office.approved(lift, ANNA)
    assert office.ledger.history(record, ANNA)[-1].told["lifts"] is True
    assert set(office.served()) == {record}


def test_to_end_a_suspension_and_change_a_number_names_both(office: Office) -> None:
    record = office.published()
    office.ledger.suspend(ANNA, [record], why="a stranger answered")
    office.changed(record, contacts=[MAIL])
    office.ledger.lift(BORYS, record, "it is theirs again")
    first, *others = office.ledger.second_look(record, ANNA)
    assert (first, *sorted(others)) == (*("suspended", "contacts[email 1]", "contacts[phone 1]"),)


def test_a_draft_on_an_old_base_names_the_fields_that_others_changed(office: Office) -> None:
    record = office.published()
    draft = office.changed(record, cost="free")
    spot = Spot(record, "summary", "fr")
    office.ledger.write_text(ANNA, spot, "Aide juridique.")
    office.ledger.review_text(BORYS, spot, "Aide juridique.")
    with pytest.raises(Stale) as told:
        office.approved(draft)
    assert told.value.theirs == ("summary.fr",)


def test_whoever_approves_what_was_merged_away_is_told_where_it_went(office: Office) -> None:
    keep, gone = office.published(), office.published(name="The same again")
    seen = office.changed(gone, cost="free")
    office.ledger.discard(ANNA, gone, seen.version)
    merge = office.ledger.merge(ANNA, keep, gone, {"names": "gone"}, "one house")
    assert office.ledger.second_look(keep, ANNA) == ("merged",)
    office.approved(merge)
    assert list(office.ledger.history(keep, ANNA)[-1].told["absorbs"]) == [gone]
    ended = office.ledger.history(gone, ANNA)[-1]
    assert (ended.act, ended.by, ended.second) == ("redirect", "anna", "borys")
    assert (ended.told["to"], ended.why) == (keep, "one house")
    with pytest.raises(Refused) as told:
        office.approved(seen)
    assert told.value.mend == f"See {keep}."


def test_what_came_in_a_pack_takes_two_whole_before_it_is_served(office: Office) -> None:
    directory = load_packs(countries=("lt",))
    name, entry = next(iter(directory.entries.items()))
    office.ledger.books.known = Known.of(directory)
    office.ledger.seed({name: entry}, "pack:lt")
    # It may be proposed word for word: it was never looked at.
    assert office.changed(name, BORYS).authors == ("borys",)
    office.changed(name, summary={"en": "Made up."})
    every = office.ledger.second_look(name, ANNA)
    assert {field.partition(".")[0] for field in every} >= {"names", "area", "needs", "summary"}
    (draft,) = office.ledger.drafts(ANNA)
    with pytest.raises(Refused, match="it was never published"):
        office.approved(draft, ANNA)

"""Whose a draft is: who had a hand in it, which version was seen, and what it goes on from."""

from collections.abc import Callable

import pytest

from bot.ledger.drafts import Wish, propose
from bot.ledger.model import Actor, Invalid, NoSuchRecord, Refused, Stale
from bot.ledger.texts import Spot
from tests.ledger.conftest import ANNA, BORYS, PHONE, VIRA, Office, listing
from tests.ledger_more.helpers import OLENA, kept_back

FRENCH = "Aide juridique gratuite."


def translated(office: Office, record: str, words: str = FRENCH) -> None:
    """A new revision that is made beside an open draft: two people put a translation in."""
    spot = Spot(record, "summary", "fr")
    office.ledger.write_text(BORYS, spot, words)
    office.ledger.review_text(VIRA, spot, words)


def test_a_new_draft_says_who_began_it_when_and_why(office: Office) -> None:
    draft = office.ledger.propose(ANNA, None, listing(), base=0, version=None, why="they wrote")
    assert (draft.version, draft.base, draft.authors, draft.why) == (1, 0, ("anna",), "they wrote")
    assert (draft.source, draft.lifts, draft.absorbs, draft.conflicts) == ("", False, (), ())
    (act,) = office.ledger.history(draft.record, BORYS)
    assert (act.act, act.by, act.second, act.number, act.on) == (
        *("draft", "anna", None, None, draft.since),
    )
    assert (act.content, act.why) == (listing(), "they wrote")
    assert (act.told["version"], act.told["lifts"], act.told["absorbs"]) == (1, False, [])
    stands = office.ledger.record(draft.record, BORYS)
    assert (stands.revision, stands.source, stands.row.country) == (0, "console", "UA")


def test_everybody_who_goes_on_with_it_is_an_author_once_and_its_first_day_stays(
    office: Office,
) -> None:
    first = office.proposed(listing())
    office.later(2)
    office.changed(first.record, BORYS, cost="free")
    last = office.changed(first.record, ANNA, cost="paid")
    assert (last.version, last.authors, last.base) == (3, ("anna", "borys"), 0)
    assert last.since == first.since
    assert office.ledger.history(first.record, ANNA)[-1].told["version"] == 3


def test_a_second_and_a_third_place_of_one_name_have_ids_of_their_own(office: Office) -> None:
    records = [office.proposed(listing()).record for _ in range(3)]
    assert records[1:] == [f"{records[0]}-2", f"{records[0]}-3"]


def test_a_draft_of_another_base_than_was_seen_is_not_saved_over(office: Office) -> None:
    record = office.published()
    draft = office.changed(record, cost="free")
    with pytest.raises(Stale) as stale:
        office.ledger.propose(ANNA, record, listing(cost="paid"), base=0, version=draft.version)
    assert stale.value.theirs == ()
    assert office.ledger.record(record, ANNA).draft == draft


def test_whoever_saw_no_revision_is_told_that_nothing_fits(office: Office) -> None:
    record = office.published()
    with pytest.raises(Stale) as stale:
        office.ledger.propose(ANNA, record, listing(cost="free"), base=0, version=None)
    assert stale.value.theirs == ()
    assert office.ledger.record(record, ANNA).draft is None


def test_a_listing_is_not_moved_to_where_one_keeps_nothing(office: Office) -> None:
    record = office.published()
    here = Actor("hanna", areas=("UA-63",))
    with pytest.raises(Invalid) as invalid:
        office.changed(record, here, area=["UA-46"])
    assert [field for field, _ in invalid.value.problems] == ["area"]
    assert office.changed(record, here, cost="free").authors == ("hanna",)


def test_only_a_vetting_officer_begins_with_another_vetting(office: Office) -> None:
    with pytest.raises(Refused) as refused:
        office.proposed(listing(vetting="vetted"), ANNA)
    assert refused.value.code == "not_yours"
    draft = office.proposed(listing(vetting="not_yet"), ANNA)
    with pytest.raises(Refused):
        office.changed(draft.record, BORYS, vetting="vetted")
    assert office.changed(draft.record, VIRA, vetting="vetted").authors == ("anna", "vira")
    # What stood before may be gone back to by anybody.
    record = office.published()
    office.changed(record, VIRA, vetting="vetted", cost="free")
    content = {**listing(), "cost": "free"}
    seen = office.ledger.record(record, ANNA).draft
    assert seen is not None
    back = office.ledger.propose(ANNA, record, content, base=1, version=seen.version)
    assert back.content == content


def test_a_draft_is_dropped_by_who_sees_it_as_it_is(office: Office) -> None:
    record = office.published()
    draft = office.changed(record, cost="free")
    with pytest.raises(Stale):
        office.ledger.discard(BORYS, record, draft.version + 1)
    with pytest.raises(NoSuchRecord):
        office.ledger.discard(Actor("larysa", areas=("UA-46",)), record, draft.version)
    office.ledger.discard(BORYS, record, draft.version)
    last = office.ledger.history(record, ANNA)[-1]
    assert (last.act, last.by, last.told["version"]) == ("discard", "borys", draft.version)
    stands = office.ledger.record(record, ANNA)
    assert (stands.draft, stands.revision) == (None, 1)
    assert set(office.served()) == {record}
    with pytest.raises(Refused) as refused:
        office.ledger.discard(BORYS, record, draft.version)
    assert refused.value.code == "wrong_stage"


def test_a_draft_that_is_set_onto_what_stands_keeps_its_authors_and_has_one_more(
    office: Office,
) -> None:
    record = office.published()
    content = {**listing(), "cost": "free"}
    draft = office.ledger.propose(ANNA, record, content, base=1, version=None, why="they wrote")
    assert office.ledger.rebase(BORYS, record, draft.version) == draft
    translated(office, record)
    with pytest.raises(Stale):
        office.ledger.rebase(BORYS, record, draft.version + 1)
    with pytest.raises(NoSuchRecord):
        office.ledger.rebase(Actor("larysa", areas=("UA-46",)), record, draft.version)
    based = office.ledger.rebase(BORYS, record, draft.version)
    assert (based.version, based.base, based.authors) == (2, 2, ("anna", "borys"))
    assert (based.why, based.conflicts, based.content["cost"]) == ("they wrote", (), "free")
    assert based.content["summary"]["fr"] == FRENCH
    office.approved(based, VIRA)


def test_a_draft_in_which_nothing_changes_is_set_onto_what_stands_all_the_same(
    office: Office,
) -> None:
    record = office.published()
    summary = {**listing()["summary"], "fr": FRENCH}
    draft = office.changed(record, summary=summary, cost="free")
    translated(office, record)
    based = office.ledger.rebase(ANNA, record, draft.version)
    assert (based.content, based.base, based.version) == (draft.content, 2, 2)


def test_the_draft_of_a_new_record_stands_on_nothing_and_is_left_as_it_is(office: Office) -> None:
    draft = office.proposed(listing())
    assert office.ledger.rebase(BORYS, draft.record, draft.version) == draft


def test_to_let_a_suspended_listing_go_on_joins_the_open_draft(office: Office) -> None:
    record = office.published()
    open_ = office.changed(record, ANNA, cost="free")
    office.ledger.suspend(BORYS, [record], why="a stranger answered")
    lift = office.ledger.lift(VIRA, record, "it is theirs again")
    assert (lift.lifts, lift.authors, lift.version) == (True, ("anna", "vira"), 2)
    assert (lift.content, lift.why, lift.base) == (open_.content, "it is theirs again", 1)
    assert lift.digest != open_.digest
    assert office.ledger.history(record, ANNA)[-1].told["lifts"] is True
    # Whoever goes on with it lets it go on too.
    assert office.changed(record, ANNA, cost="paid").lifts is True


def test_to_let_it_go_on_needs_no_other_word_but_somebody_who_sees_it(office: Office) -> None:
    record = kept_back(office, visibility="operator_only")
    office.ledger.suspend(VIRA, [record], why="a stranger answered")
    with pytest.raises(NoSuchRecord):
        office.ledger.lift(ANNA, record, "it is theirs again")
    lift = office.ledger.lift(VIRA, record, "it is theirs again")
    assert (lift.lifts, lift.version, lift.base, lift.authors) == (True, 1, 1, ("vira",))
    assert lift.content == office.ledger.record(record, OLENA).content


def test_what_was_merged_away_takes_no_draft_no_lift_and_no_way_back(office: Office) -> None:
    keep, gone = office.published(), office.published(name="The same again")
    office.approved(office.ledger.merge(ANNA, keep, gone, {"names": "gone"}))
    acts: tuple[Callable[[], object], ...] = (
        lambda: office.ledger.propose(ANNA, gone, listing(cost="free"), base=1, version=None),
        lambda: office.ledger.lift(ANNA, gone, "again"),
        lambda: office.ledger.revert(ANNA, gone, 1),
    )
    for act in acts:
        with pytest.raises(Refused) as refused:
            act()
        assert (refused.value.code, refused.value.mend) == ("wrong_stage", f"See {keep}.")


def test_going_back_needs_a_revision_that_there_was_and_no_open_draft(office: Office) -> None:
    record = office.published()
    office.approved(office.changed(record, cost="free"))
    with pytest.raises(Refused) as refused:
        office.ledger.revert(ANNA, record, 3)
    assert refused.value.code == "wrong_stage"
    with pytest.raises(NoSuchRecord):
        office.ledger.revert(Actor("larysa", areas=("UA-46",)), record, 1)
    back = office.ledger.revert(BORYS, record, 1, "it was right")
    assert (back.content, back.why, back.authors) == (listing(), "it was right", ("borys",))
    with pytest.raises(Stale) as stale:
        office.ledger.revert(BORYS, record, 1)
    assert stale.value.theirs == ()


def test_going_back_brings_what_was_hidden_to_those_alone_who_see_it(office: Office) -> None:
    hidden = {"kind": "phone", "number": "+380440000007", "visibility": "operator_only"}
    record = kept_back(office, contacts=[{"kind": "phone", "number": PHONE}, hidden])
    office.approved(office.changed(record, VIRA, cost="free"), OLENA)
    draft = office.ledger.revert(OLENA, record, 1)
    assert hidden in draft.content["contacts"]
    office.ledger.discard(OLENA, record, draft.version)
    seen = office.ledger.revert(ANNA, record, 1)
    assert hidden not in seen.content["contacts"]
    whole = office.ledger.record(record, VIRA).draft
    assert whole is not None
    assert hidden in whole.content["contacts"]


def test_whoever_sees_all_may_take_out_what_is_hidden_and_nobody_else_does(
    office: Office,
) -> None:
    hidden = {"kind": "phone", "number": "+380440000007", "visibility": "operator_only"}
    public = [{"kind": "phone", "number": PHONE}]
    record = kept_back(office, contacts=[*public, hidden])
    content = listing(contacts=public, cost="free")
    office.ledger.propose(ANNA, record, content, base=1, version=None)
    draft = office.ledger.record(record, VIRA).draft
    assert draft is not None
    assert hidden in draft.content["contacts"]
    taken = office.ledger.propose(VIRA, record, content, base=1, version=draft.version)
    assert taken.content == content
    # What is hidden in the draft alone is put back from there.
    office.ledger.propose(OLENA, record, draft.content, base=1, version=taken.version)
    office.ledger.propose(ANNA, record, {**content, "cost": "paid"}, base=1, version=3)
    last = office.ledger.record(record, VIRA).draft
    assert last is not None
    assert hidden in last.content["contacts"]


def test_a_draft_says_nothing_that_goes_without_saying(office: Office) -> None:
    assert office.proposed(listing(cost="unknown", anonymous="unknown")).content == listing()


def test_who_goes_on_with_a_merge_changes_its_words_and_not_what_it_takes_in(
    office: Office,
) -> None:
    keep, gone = office.published(), office.published(name="The same again")
    merge = office.ledger.merge(ANNA, keep, gone, {"names": "gone"}, "one house")
    went_on = office.changed(keep, BORYS, cost="free")
    assert (went_on.absorbs, went_on.authors) == ((gone,), ("anna", "borys"))
    assert office.ledger.history(keep, ANNA)[-1].told["absorbs"] == [gone]
    assert went_on.digest != merge.digest
    office.approved(went_on, VIRA)
    assert office.ledger.resolve(gone) == keep


def test_the_import_that_a_draft_came_from_stays_named_when_somebody_goes_on_with_it(
    office: Office,
) -> None:
    with office.ledger.books.writing() as tx:
        wish = Wish(listing(), "a file", source="import:made-up")
        made = propose(tx, ANNA, None, wish)
    assert office.ledger.record(made.record, BORYS).source == "import:made-up"
    assert office.changed(made.record, BORYS, cost="free").source == "import:made-up"
    with office.ledger.books.writing() as tx:
        wish = Wish(listing(cost="paid"), "another file", 0, 2, source="import:later")
        later = propose(tx, ANNA, made.record, wish)
    assert (later.source, later.version) == ("import:later", 3)


def test_a_wish_shows_nothing_of_what_it_says() -> None:
    assert repr(Wish({"notes": "Secret Lane 12"}, "they wrote", 3)) == (
        "Wish(base=3, version=None, source='', lifts=False, absorbs=())"
    )

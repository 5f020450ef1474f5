"""What a purge takes and what it leaves: who asks, who may, which contents, drafts and checks."""

import pytest

from bot.ledger.model import NoSuchRecord, Refused
from tests.ledger.conftest import ANNA, BORYS, PHONE, VIRA, Office, listing
from tests.ledger_more.helpers import OLENA, kept_back

LEAK = "Secret Lane 12"
OTHER = "Olha of the bakery"
NUMBER = "+380440000055"


def test_everybody_sees_who_asked_for_what_when_and_why_oldest_first(office: Office) -> None:
    one, other = office.published(notes=LEAK), office.published(name="Another", notes=OTHER)
    first = office.ledger.ask_purge(ANNA, other, ["notes", "summary.en"], "a name")
    assert (first.record, first.fields, first.by, first.why) == (
        *(other, ("notes", "summary.en"), "anna", "a name"),
    )
    office.later(1)
    second = office.ledger.ask_purge(BORYS, one, ["notes"], "a leak")
    assert (second.on - first.on).days == 1
    assert office.ledger.purges_asked(VIRA) == (first, second)
    act = office.ledger.history(other, VIRA)[-1]
    assert (act.sequence, act.act, act.by, act.second) == (first.seq, "ask_purge", "anna", None)
    assert (act.why, act.told["fields"]) == ("a name", ["notes", "summary.en"])


def test_an_answer_to_one_question_is_none_to_a_later_one_nor_to_that_of_another_record(
    office: Office,
) -> None:
    one, other = office.published(notes=LEAK), office.published(name="Another", notes=OTHER)
    left = office.ledger.ask_purge(ANNA, other, ["notes"], "a name")
    office.ledger.ask_purge(ANNA, one, ["notes"], "a leak")
    office.ledger.refuse_purge(BORYS, one, "it is harmless")
    assert office.ledger.purges_asked(BORYS) == (left,)
    again = office.ledger.ask_purge(ANNA, one, ["notes"], "it is not")
    assert office.ledger.purges_asked(BORYS) == (left, again)
    assert (office.ledger.purge(ANNA, BORYS, one, ["notes"], "a leak")) == 1
    assert office.ledger.purges_asked(BORYS) == (left,)


def test_what_holds_no_words_cannot_be_asked_for_either(office: Office) -> None:
    record = office.published()
    with pytest.raises(Refused) as refused:
        office.ledger.ask_purge(ANNA, record, ["needs"], "a leak")
    assert refused.value.code == "wrong_stage"
    assert office.ledger.purges_asked(ANNA) == ()


def test_a_purge_of_what_one_of_the_two_may_not_see_does_nothing(office: Office) -> None:
    record = kept_back(office, visibility="operator_only", notes=LEAK)
    with pytest.raises(NoSuchRecord):
        office.ledger.ask_purge(ANNA, record, ["notes"], "a leak")
    for one, second in ((ANNA, VIRA), (VIRA, ANNA)):
        with pytest.raises(NoSuchRecord):
            office.ledger.purge(one, second, record, ["notes"], "a leak")
    asked = office.ledger.ask_purge(VIRA, record, ["notes"], "a leak")
    assert office.ledger.purges_asked(ANNA) == ()
    assert office.ledger.purges_asked(OLENA) == (asked,)
    assert LEAK.encode() in office.bytes()
    office.ledger.purge(VIRA, OLENA, record, ["notes"], "a leak")
    assert LEAK.encode() not in office.bytes()


def test_it_says_how_many_contents_were_changed_and_marks_those_alone(office: Office) -> None:
    record = office.published()
    address = {"line": LEAK, "city": "Testville"}
    draft = office.changed(record, address=address)
    office.checked(draft)
    office.approved(draft)
    office.approved(office.changed(record, notes=OTHER))
    assert office.ledger.purge(ANNA, BORYS, record, ["notes"], "a name") == 1
    assert office.ledger.purge(ANNA, BORYS, record, ["address"], "a leak") == 2
    assert office.ledger.purge(ANNA, BORYS, record, ["address"], "once more") == 0
    assert office.ledger.verify_history() == ()

    made = [one for one in office.ledger.history(record, ANNA) if one.content is not None]
    redacted = [one.redacted for one in made if one.number]
    assert redacted == [(), ("address",), ("address", "notes")]
    stands = office.ledger.record(record, ANNA)
    assert "notes" not in stands.content
    assert "address" not in stands.content
    assert stands.published == made[-1].content == made[0].content
    assert stands.row.published


def test_what_a_purge_says_of_itself_says_it_not_again(office: Office) -> None:
    record = office.published(notes=LEAK)
    office.ledger.purge(ANNA, BORYS, record, ["notes", f"text:{OTHER}"], f"{OTHER} at {LEAK}")
    last = office.ledger.history(record, ANNA)[-1]
    assert (last.act, last.why, last.told["fields"]) == ("purge", "… at …", ["notes"])


def test_an_approval_outlives_a_purge_that_changed_nothing_of_its_draft(office: Office) -> None:
    record = office.published()
    content = {**listing(), "cost": "free"}
    seen = office.ledger.propose(
        ANNA, record, content, base=1, version=None, why=f"{OTHER} asked for it"
    )
    office.ledger.purge(ANNA, VIRA, record, [f"text:{OTHER}"], "a name")
    draft = office.ledger.record(record, BORYS).draft
    assert draft is not None
    assert (draft.version, draft.why, draft.authors) == (seen.version, "… asked for it", ("anna",))
    assert office.approved(seen).content == content


def test_a_draft_in_which_it_was_said_is_another_version(office: Office) -> None:
    draft = office.proposed(listing(notes=LEAK))
    assert office.ledger.purge(BORYS, VIRA, draft.record, ["notes"], "a leak") == 1
    after = office.ledger.record(draft.record, BORYS).draft
    assert after is not None
    assert (after.version, after.content) == (draft.version + 1, listing())
    assert after.digest != draft.digest
    assert LEAK.encode() not in office.bytes()


def test_who_answered_at_a_number_is_forgotten_with_it_and_at_no_other(office: Office) -> None:
    contacts = [*listing()["contacts"], {"kind": "phone", "number": NUMBER}]
    record = office.published(contacts=contacts)
    assert len(office.ledger.record(record, ANNA).checks) == 2
    office.ledger.purge(ANNA, BORYS, record, [f"contact:phone:{NUMBER}"], "a leak")
    (check,) = office.ledger.record(record, ANNA).checks
    assert (check.part, check.by) == (f"contact:phone:{PHONE}", "anna")
    assert office.ledger.record(record, ANNA).row.due_on is not None


def test_what_others_say_of_another_listing_stays_and_what_is_said_of_none_goes(
    office: Office,
) -> None:
    one, other = office.published(notes=LEAK), office.published(name="Another", notes=LEAK)
    for record in (one, other):
        task = office.ledger.report(record, "no_answer", "survivor").task
        office.ledger.close_task(ANNA, task.id, f"asked at {LEAK}")
    office.ledger.save_view("anna", "mine", {"text": LEAK})
    office.ledger.purge(ANNA, BORYS, one, ["notes"], "a leak")
    assert office.ledger.record(other, ANNA).content["notes"] == LEAK
    answered = [
        [act.why for act in office.ledger.history(record, ANNA) if act.act == "answer"]
        for record in (one, other)
    ]
    assert answered == [["asked at …"], [f"asked at {LEAK}"]]
    answers = office.row_by_hand("SELECT min(answer), max(answer) FROM task")
    assert answers == (f"asked at {LEAK}", "asked at …")
    (view,) = office.ledger.views("anna")
    assert (view.name, view.query) == ("mine", {"text": "…"})
    assert office.ledger.verify_history() == ()


def test_a_name_that_two_listings_share_is_taken_out_of_one_and_the_other_still_served(
    office: Office,
) -> None:
    one, other = office.published(), office.published(name="Another")
    before = office.served()[other]
    office.ledger.purge(ANNA, BORYS, one, ["organization"], "it is no organisation")
    assert office.ledger.record(one, ANNA).row.organization == "…"
    assert office.ledger.record(other, ANNA).row.organization == "Example Organisation"
    assert office.served()[other] == before
    assert office.ledger.verify_history() == ()


def test_who_did_what_beside_it_stays_though_a_word_like_their_name_is_taken_out(
    office: Office,
) -> None:
    record = office.published(notes="Ask for anna at the door.")
    task = office.ledger.report(record, "no_answer", "survivor").task
    office.ledger.close_task(ANNA, task.id, "anna called")
    office.ledger.purge(BORYS, VIRA, record, ["text:anna"], "a name")
    assert office.row_by_hand("SELECT done_by, answer FROM task") == ("anna", "… called")
    assert office.ledger.history(record, VIRA)[0].by == "anna"
    assert office.ledger.record(record, VIRA).content["notes"] == "Ask for … at the door."
    assert office.ledger.verify_history() == ()

"""What is not public is not there for who may not see it; who may is written down."""

import pytest

from bot.ledger.model import Actor, ListQuery, NoSuchRecord
from tests.ledger.conftest import ANNA, BORYS, PHONE, VIRA, Office, listing

YURII = Actor("yurii", restricted=True)
HIDDEN = "+380440000007"


def _restricted(office: Office) -> str:
    draft = office.proposed(listing("Hidden House", visibility="operator_only"), VIRA)
    office.approved(draft, YURII)
    return draft.record


def test_a_restricted_record_is_not_there_for_others(office: Office) -> None:
    record = _restricted(office)
    for look in (office.ledger.record, office.ledger.history, office.ledger.changes_of):
        with pytest.raises(NoSuchRecord):
            look(record, ANNA)
    assert office.ledger.find(ListQuery(text="hidden"), ANNA).total == 0
    assert office.ledger.find(ListQuery(text="hidden"), VIRA).total == 1
    assert office.ledger.counts(ANNA)["records"] == 0
    assert office.served() == {}


def test_a_restricted_draft_is_seen_by_those_who_may(office: Office) -> None:
    office.proposed(listing("Hidden House", visibility="operator_only"), VIRA)
    assert office.ledger.drafts(ANNA) == ()
    assert len(office.ledger.drafts(YURII)) == 1


def test_a_look_at_a_restricted_record_is_written_down_once_a_day(office: Office) -> None:
    record = _restricted(office)
    office.ledger.record(record, YURII)
    office.ledger.record(record, YURII)
    office.ledger.history(record, VIRA)
    office.later(1)
    office.ledger.record(record, YURII)
    looks = [r.by for r in office.ledger.history(record, YURII) if r.act == "look"]
    assert looks == ["yurii", "vira", "yurii"]


def test_a_look_at_a_public_record_is_nobodys_business(office: Office) -> None:
    record = office.published()
    office.ledger.record(record, VIRA)
    assert "look" not in [r.act for r in office.ledger.history(record, VIRA)]


def test_a_hidden_contact_is_nowhere_for_who_may_not_see_it(office: Office) -> None:
    public = [*listing()["contacts"], {"kind": "phone", "number": HIDDEN}]
    draft = office.proposed(listing(contacts=public))
    office.checked(draft)
    office.approved(draft)
    # It was public once, and checked; now it is for operators.
    hidden = [public[0], public[1] | {"visibility": "operator_only"}]
    draft = office.changed(draft.record, VIRA, contacts=hidden)
    office.ledger.check(VIRA, draft.record, [f"contact:phone:{HIDDEN}"], "call", draft.version)
    office.approved(draft, YURII)
    office.changed(draft.record, ANNA, cost="free")

    mine = office.ledger.record(draft.record, ANNA)
    history = office.ledger.history(draft.record, ANNA)
    drafts = office.ledger.drafts(ANNA)
    shown: list[object] = [
        mine.content,
        mine.published,
        mine.draft and mine.draft.content,
        mine.checks,
    ]
    shown += [[r.content, r.told] for r in history] + [d.content for d in drafts]
    assert HIDDEN not in str(shown)
    assert HIDDEN not in str(office.served())
    assert HIDDEN in str(office.ledger.record(draft.record, VIRA).content)
    # Nor does a search for it tell that it is there.
    assert office.ledger.find(ListQuery(text=HIDDEN), ANNA).total == 0
    assert office.ledger.find(ListQuery(text=HIDDEN), VIRA).total == 1


def test_going_back_does_not_show_a_contact_again_that_is_hidden_now(office: Office) -> None:
    public = [*listing()["contacts"], {"kind": "phone", "number": HIDDEN}]
    draft = office.proposed(listing(contacts=public))
    office.checked(draft)
    office.approved(draft)
    hidden = [public[0], public[1] | {"visibility": "operator_only"}]
    office.approved(office.changed(draft.record, VIRA, contacts=hidden, cost="free"), YURII)
    back = office.ledger.revert(ANNA, draft.record, 1)
    assert HIDDEN not in str(back.content)
    office.approved(back)
    assert HIDDEN not in str(office.served())


def test_a_hidden_address_is_not_served(office: Office) -> None:
    address = {"line": "Example Street 7", "city": "Example", "visibility": "coordinator_only"}
    draft = office.proposed(listing(address=address), VIRA)
    office.checked(draft)
    office.approved(draft, YURII)
    assert b"Example Street" not in (office.served()[draft.record] or b"")
    assert "address" not in office.ledger.record(draft.record, ANNA).content


def test_no_value_shows_in_a_repr_or_a_refusal(office: Office) -> None:
    record = office.published()
    draft = office.changed(record, VIRA, notes="Ring the bell twice")
    shown = repr([office.ledger.record(record, VIRA), draft, office.ledger.history(record, VIRA)])
    shown += repr(office.ledger.published()) + repr(office.ledger.books) + repr(office.keys)
    assert "+380" not in shown
    assert "Ring the bell" not in shown


def test_a_report_on_a_hidden_contact_says_its_number_only_to_who_may_see_it(
    office: Office,
) -> None:
    hidden = {"kind": "phone", "number": HIDDEN, "visibility": "operator_only"}
    draft = office.proposed(listing(contacts=[*listing()["contacts"], hidden]), VIRA)
    office.checked(draft, VIRA)
    office.approved(draft, YURII)
    record, part = draft.record, f"contact:phone:{HIDDEN}"
    office.ledger.check(VIRA, record, [part], "call")
    office.ledger.report(record, "wrong", "operator", part, VIRA)
    office.ledger.report(record, "wrong", "operator", f"contact:phone:{PHONE}", VIRA)
    office.ledger.ask_purge(VIRA, record, [part], "it was never to be written here")
    whole = (
        [one.contact for one in office.ledger.tasks(VIRA)],
        [one.contact for one in office.ledger.record(record, VIRA).tasks],
        [dict(act.told) for act in office.ledger.history(record, VIRA)],
    )
    assert all(HIDDEN in str(one) for one in whole)
    assert [one.contact for one in office.ledger.tasks(ANNA)] == ["", f"contact:phone:{PHONE}"]
    seen = office.ledger.record(record, ANNA)
    assert HIDDEN not in str([(one.contact, one.problem) for one in seen.tasks])
    assert HIDDEN not in str([(one.part, one.on) for one in seen.checks])
    assert HIDDEN not in str([dict(act.told) for act in office.ledger.history(record, ANNA)])


def test_a_hidden_contact_that_was_taken_away_stays_hidden_in_the_history(office: Office) -> None:
    hidden = {"kind": "phone", "number": HIDDEN, "visibility": "operator_only"}
    draft = office.proposed(listing(contacts=[*listing()["contacts"], hidden]), VIRA)
    office.checked(draft, VIRA)
    office.approved(draft, YURII)
    record, part = draft.record, f"contact:phone:{HIDDEN}"
    office.ledger.check(VIRA, record, [part], "call")
    office.approved(office.changed(record, VIRA, contacts=listing()["contacts"]), YURII)
    office.ledger.report(record, "wrong", "operator", f"contact:phone:{PHONE}", VIRA)
    told = [dict(act.told) for act in office.ledger.history(record, ANNA)]
    assert HIDDEN not in str(told)
    assert PHONE in str(told)
    assert HIDDEN in str([dict(act.told) for act in office.ledger.history(record, VIRA)])


def test_what_came_from_another_directory_says_nothing_that_is_hidden_and_is_not_lost(
    office: Office,
) -> None:
    hidden = {"kind": "phone", "number": HIDDEN, "visibility": "operator_only"}
    came = {"hsds": {"phones": [{"number": HIDDEN}]}}
    contacts = [*listing()["contacts"], hidden]
    draft = office.proposed(listing(contacts=contacts, carried=came), VIRA)
    office.checked(draft, VIRA)
    office.approved(draft, YURII)
    seen = office.ledger.record(draft.record, ANNA)
    assert HIDDEN not in str(seen.content)
    assert HIDDEN not in str([act.content for act in office.ledger.history(draft.record, ANNA)])
    # Whoever cannot see it mends a word, and takes nothing of it away.
    changed = office.changed(draft.record, ANNA, summary={"en": "Free advice."})
    assert HIDDEN not in str(changed.content)
    assert HIDDEN not in str(office.ledger.changes_of(draft.record, ANNA))
    office.approved(changed, BORYS)
    stands = office.ledger.record(draft.record, VIRA).content
    assert (stands["carried"], stands["summary"]) == (came, {"en": "Free advice."})

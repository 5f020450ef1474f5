"""A leaked address is taken out of everything by two people, and the history still holds."""

from collections.abc import Callable

import pytest

from bot.ledger import drafts
from bot.ledger.model import Refused
from tests.ledger.conftest import ANNA, BORYS, VIRA, Office, listing

LEAK = "Secret Lane 12"
NUMBER = "+380440000055"


def _leaked(office: Office) -> str:
    """A record that says in many places what it should not."""
    address = {"line": LEAK, "city": "Example"}
    contacts = [*listing()["contacts"], {"kind": "phone", "number": NUMBER}]
    draft = office.proposed(listing(address=address, contacts=contacts))
    office.checked(draft)
    office.ledger.publish(BORYS, draft.record, draft.version, draft.digest, f"at {LEAK}")
    office.approved(office.changed(draft.record, summary={"en": f"Come to {LEAK.upper()}."}))
    office.ledger.suspend(ANNA, [draft.record], why=f"{LEAK} was seen; call 044 000 00 55")
    office.changed(draft.record, notes=f"Once at {LEAK}, 0 44 000-00-55")
    return draft.record


def test_nothing_of_it_is_left_in_the_file(office: Office) -> None:
    record = _leaked(office)
    assert LEAK.encode() in office.bytes()

    office.ledger.purge(ANNA, BORYS, record, ["address", f"contact:phone:{NUMBER}"], f"No {LEAK}")

    left = office.bytes().lower()
    # Not "0000055": the chain begins with 64 zeros, and one hash in 256 with 55.
    for trace in (LEAK.lower(), NUMBER, NUMBER[1:], "044 000 00 55", "000-00-55", "40000055"):
        assert trace.encode() not in left
    assert office.ledger.verify_history() == ()


def test_the_history_says_that_and_what_was_taken_out(office: Office) -> None:
    record = _leaked(office)
    before = len(office.ledger.history(record, ANNA))
    office.ledger.purge(ANNA, BORYS, record, ["address"], "a leak")
    history = office.ledger.history(record, ANNA)
    assert len(history) == before + 1
    assert (history[-1].act, history[-1].by, history[-1].second) == ("purge", "anna", "borys")
    assert history[-1].told["fields"] == ["address"]
    first = next(one for one in history if one.number == 1)
    assert first.redacted == ("address",)
    assert first.content is not None
    assert "address" not in first.content


def test_one_person_alone_purges_nothing(office: Office) -> None:
    record = _leaked(office)
    with pytest.raises(Refused) as refused:
        office.ledger.purge(ANNA, ANNA, record, ["address"], "a leak")
    assert refused.value.code == "second_needed"
    assert LEAK.encode() in office.bytes()


def test_a_purge_that_was_asked_for_waits_for_somebody_else(office: Office) -> None:
    record = _leaked(office)
    office.ledger.ask_purge(ANNA, record, ["address"], "a leak")
    (asked,) = office.ledger.purges_asked(BORYS)
    assert (asked.by, asked.fields) == ("anna", ("address",))
    office.ledger.purge(ANNA, BORYS, record, asked.fields, asked.why)
    assert office.ledger.purges_asked(BORYS) == ()
    office.ledger.ask_purge(ANNA, record, ["notes"], "once more")
    office.ledger.refuse_purge(BORYS, record, "it is harmless")
    assert office.ledger.purges_asked(BORYS) == ()


def test_an_approval_given_before_a_purge_does_not_count_after_it(office: Office) -> None:
    record = office.published(address={"line": LEAK, "city": "Example"})
    draft = office.changed(record, cost="free")
    office.ledger.purge(ANNA, VIRA, record, ["address"], "a leak")
    with pytest.raises(Refused) as refused:
        office.approved(draft)
    assert refused.value.code == "changed_since"
    open_draft = office.ledger.record(record, BORYS).draft
    assert open_draft is not None
    office.approved(open_draft)
    assert LEAK.encode() not in (office.served()[record] or b"")


def test_a_purge_after_a_purge_still_verifies(office: Office) -> None:
    record = _leaked(office)
    office.ledger.purge(ANNA, BORYS, record, ["address"], "first, see Other Street 9")
    office.ledger.purge(ANNA, BORYS, record, ["text:Other Street 9"], "second")
    assert b"Other Street 9" not in office.bytes()
    assert office.ledger.verify_history() == ()


def test_the_record_goes_on_after_a_purge(office: Office) -> None:
    record = _leaked(office)
    office.ledger.purge(ANNA, BORYS, record, ["summary", f"contact:phone:{NUMBER}"], "a leak")
    stands = office.ledger.record(record, ANNA)
    assert stands.content["summary"] == {"en": "…"}
    office.changed(record, summary={"en": "Free legal advice."})
    assert office.ledger.verify_history() == ()


@pytest.mark.parametrize("fields", [[], ["needs"], ["text:ab"], ["contacts"]])
def test_what_holds_no_words_is_not_purged(office: Office, fields: list[str]) -> None:
    record = office.published()
    with pytest.raises(Refused):
        office.ledger.purge(ANNA, BORYS, record, fields, "a leak")


def test_what_was_merged_into_it_is_purged_with_it(make_office: Callable[[str], Office]) -> None:
    office = make_office("merged")
    keep, gone = office.published(), office.published(name="The same", notes=LEAK)
    with office.ledger.books.writing() as tx:
        wish = drafts.Wish(listing(cost="free"), "one place", 1, None, absorbs=(gone,))
        draft = drafts.propose(tx, ANNA, keep, wish)
    office.approved(draft)
    assert office.ledger.resolve(gone) == keep
    office.ledger.purge(ANNA, BORYS, keep, [f"text:{LEAK}"], "a leak")
    assert LEAK.encode() not in office.bytes()
    assert office.ledger.verify_history() == ()

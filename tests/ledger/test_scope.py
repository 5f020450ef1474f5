"""Who sees a record, and which parts of it: by areas, by what is not public, now and before."""

from typing import Any

import pytest

from bot.ledger.held import Held, HeldDraft, Kept
from bot.ledger.model import Actor
from bot.ledger.scope import Eyes, in_areas, is_delicate, is_restricted, may_see, seen, shown_draft
from tests.ledger.conftest import KNOWN, listing

OPEN = {"kind": "phone", "number": "+380440000001"}
HIDDEN = {"kind": "phone", "number": "+380440000002", "visibility": "restricted"}
HIDDEN_KEY = "phone:+380440000002"
AT = {"street": "Example Street 1"}
HIDDEN_AT = AT | {"visibility": "restricted"}
SEES, SEES_NOT = Actor("vira", restricted=True), Actor("anna")


def held(draft: dict[str, Any] | None = None, *, kept: bool = True, **more: Any) -> Held:
    """A record that says so, with a draft that says that."""
    said = Kept(1, "0" * 64, listing(**more))
    proposed = None
    if draft is not None:
        kept_draft = Kept(2, "1" * 64, listing(**draft))
        proposed = HeldDraft(3, 1, kept_draft, ("anna",), "", "2026-11-23")
    return Held("ua-one", "UA", "staff", kept=said if kept else None, draft=proposed)


@pytest.mark.parametrize(
    ("areas", "area", "lies_in"),
    [
        ((), ["UA-63"], True),
        (("UA",), ["UA-63"], True),
        (("UA-63",), ["UA-63"], True),
        (("UA-46",), ["UA-63"], False),
        (("UA-46", "UA-63"), ["UA-63"], True),
        (("LT",), ["UA-63"], False),
        (("UA-63",), ["UA"], False),
        (("LT",), ["UA", "LT"], True),
    ],
)
def test_somebody_keeps_what_lies_in_their_areas(
    areas: tuple[str, ...], area: list[str], lies_in: bool
) -> None:
    actor = Actor("anna", areas)
    assert in_areas(actor, listing(area=area), KNOWN) is lies_in
    assert may_see(actor, held(area=area), KNOWN) is lies_in


@pytest.mark.parametrize("visibility", ["public", "restricted"])
@pytest.mark.parametrize("restricted", [True, False])
@pytest.mark.parametrize("areas", [(), ("UA",), ("LT",)])
def test_a_record_that_is_not_public_takes_the_right_and_the_area(
    visibility: str, restricted: bool, areas: tuple[str, ...]
) -> None:
    actor = Actor("anna", areas, restricted=restricted)
    public = visibility == "public"
    record = held(visibility=visibility)
    assert is_restricted(record) is not public
    assert may_see(actor, record, KNOWN) is (areas != ("LT",) and (public or restricted))


def test_a_record_of_which_nothing_is_said_is_public() -> None:
    assert not is_restricted(held())


@pytest.mark.parametrize(
    ("record", "delicate"),
    [
        (held(), False),
        (held(contacts=[OPEN], address=AT), False),
        (held(visibility="restricted"), True),
        (held(contacts=[OPEN, HIDDEN]), True),
        (held(address=HIDDEN_AT), True),
        (held({}), False),
        (held({"contacts": [HIDDEN]}), True),
        (held({"address": HIDDEN_AT}), True),
        (held({"address": HIDDEN_AT}, kept=False), True),
    ],
)
def test_a_look_at_what_is_not_public_anywhere_in_it_is_one_to_write_down(
    record: Held, delicate: bool
) -> None:
    assert is_delicate(record) is delicate


def test_whoever_may_sees_everything() -> None:
    record = held({"address": HIDDEN_AT}, contacts=[OPEN, HIDDEN], carried={"id": "x"})
    eyes = Eyes.of(SEES, record)
    assert eyes == Eyes(everything=True)
    assert eyes.see(record.content) is record.content
    assert eyes.and_of([record.content], listing()) is eyes
    assert eyes.may_read("address")
    assert eyes.may_read(f"contact:{HIDDEN_KEY}")
    assert seen(SEES, record.content) is record.content


def test_others_see_neither_a_hidden_contact_nor_what_it_came_in() -> None:
    record = held(contacts=[OPEN, HIDDEN], address=AT, carried={"id": "x"})
    for content in (Eyes.of(SEES_NOT, record).see(record.content), seen(SEES_NOT, record.content)):
        assert content["contacts"] == [OPEN]
        assert content["address"] == AT
        assert "carried" not in content
    assert record.content["contacts"] == [OPEN, HIDDEN]


def test_others_see_no_hidden_address() -> None:
    record = held(contacts=[OPEN], address=HIDDEN_AT, carried={"id": "x"})
    for content in (Eyes.of(SEES_NOT, record).see(record.content), seen(SEES_NOT, record.content)):
        assert "address" not in content
        assert "carried" not in content
        assert content["contacts"] == [OPEN]


def test_what_is_all_public_is_shown_as_it_is() -> None:
    record = held(contacts=[OPEN], address=AT, carried={"id": "x"})
    for content in (Eyes.of(SEES_NOT, record).see(record.content), seen(SEES_NOT, record.content)):
        assert content == record.content


def test_what_a_draft_hides_is_not_seen_in_what_stands_either() -> None:
    once_public = {name: value for name, value in HIDDEN.items() if name != "visibility"}
    record = held(
        {"contacts": [OPEN, HIDDEN], "address": HIDDEN_AT},
        contacts=[OPEN, once_public],
        address=AT,
        carried={"id": "x"},
    )
    eyes = Eyes.of(SEES_NOT, record)
    content = eyes.see(record.content)
    assert content["contacts"] == [OPEN]
    assert "address" not in content
    assert "carried" not in content
    assert "contacts" not in eyes.see({"address": AT})


def test_a_hidden_part_alone_takes_what_it_came_in_along() -> None:
    plain = {"names": {"en": "x"}, "carried": {"id": "x"}, "contacts": [OPEN], "address": AT}
    for eyes in (
        Eyes(everything=False, contacts=frozenset({HIDDEN_KEY})),
        Eyes(everything=False, address=False),
    ):
        assert "carried" not in eyes.see(plain)
    assert Eyes(everything=False).see(plain) == plain


def test_what_was_hidden_before_stays_so_unless_all_may_see_it_now() -> None:
    eyes = Eyes.of(SEES_NOT, held(contacts=[OPEN]))
    before = [listing(contacts=[HIDDEN])]
    later = eyes.and_of(before, listing(contacts=[OPEN]))
    assert later.contacts == {HIDDEN_KEY}
    once_more = {name: value for name, value in HIDDEN.items() if name != "visibility"}
    assert eyes.and_of(before, listing(contacts=[once_more])).contacts == frozenset()
    assert eyes.and_of(before, listing(contacts=[HIDDEN])).contacts == {HIDDEN_KEY}
    assert later.and_of([], {"names": {}}).contacts == {HIDDEN_KEY}
    assert later.address is True


def test_a_part_may_be_read_when_its_contact_may() -> None:
    eyes = Eyes(everything=False, contacts=frozenset({HIDDEN_KEY}), address=False)
    for part in ("address", f"contact:{HIDDEN_KEY}", f"label:{HIDDEN_KEY}#uk", HIDDEN_KEY):
        assert not eyes.may_read(part)
    for part in ("names", "contact:phone:+380440000001", "label:phone:+380440000001#uk", ""):
        assert eyes.may_read(part)
    assert Eyes(everything=False).may_read("address")


def test_what_is_told_of_an_act_names_no_part_that_is_hidden() -> None:
    eyes = Eyes(everything=False, contacts=frozenset({HIDDEN_KEY}), address=False)
    said = {
        "part": f"contact:{HIDDEN_KEY}",
        "text": "a word",
        "contact": HIDDEN_KEY,
        "parts": {"names": "1", f"contact:{HIDDEN_KEY}": "2", "address": "3"},
        "fields": ["names", "address", HIDDEN_KEY],
        "why": "a reason",
    }
    before = repr(said)
    assert eyes.told(said) == {
        "contact": "",
        "parts": {"names": "1"},
        "fields": ["names"],
        "why": "a reason",
    }
    assert repr(said) == before
    open_ = {"part": "names", "text": "a word", "contact": "phone:+380440000001"}
    assert eyes.told(open_) == open_
    assert eyes.told({}) == {}
    assert Eyes(everything=True).told(said) == said


def test_a_draft_is_shown_as_far_as_somebody_may_see_it() -> None:
    record = held({"contacts": [OPEN, HIDDEN]})
    theirs, all_of_it = shown_draft(SEES_NOT, record), shown_draft(SEES, record)
    assert theirs is not None
    assert all_of_it is not None
    assert theirs.content["contacts"] == [OPEN]
    assert all_of_it.content["contacts"] == [OPEN, HIDDEN]
    assert (theirs.version, theirs.digest) == (all_of_it.version, all_of_it.digest)
    assert shown_draft(SEES, held()) is None


def test_no_hidden_contact_shows_in_a_repr() -> None:
    assert HIDDEN_KEY not in repr(Eyes.of(SEES_NOT, held(contacts=[HIDDEN])))

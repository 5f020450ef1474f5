"""What is served now, as it is stopped, goes on by the day, and is changed by one listing."""

import zlib
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from referral_directory import Confirmation, Live, Query, Served
from referral_directory.pack import ListingShape
from referral_directory.ranking import turns
from tests.directory.test_patching import DAY, HERE, PHONE, served
from tests.directory.test_search_always import SOURCE

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def shape(**said: object) -> ListingShape:
    return ListingShape.model_validate(
        {
            "names": {"en": "A service"},
            "organization": {"en": "One"},
            "summary": {"en": "Someone answers."},
            "needs": ["medical"],
            "area": ["UA"],
            "languages": ["uk"],
            "source": SOURCE,
            "contacts": [PHONE],
        }
        | said
    )


def found(live: Live, at: datetime = NOON) -> list[str]:
    return [one.listing for one in live.search(Query(needs=("medical",)), at).found]


def test_a_listing_that_is_stopped_is_in_no_answer_at_once_and_its_neighbours_stay() -> None:
    live = HERE.live([served("ua-a", shape()), served("ua-b", shape(needs=["legal"]))])
    stopped = live.without(["ua-a", "ua-nobody"])
    assert (found(live), live.listing("ua-a") is None) == (["ua-a"], False)
    assert (found(stopped), stopped.listing("ua-a")) == ([], None)
    assert (len(stopped), stopped.ids()) == (1, ("ua-b",))
    assert live.without(["ua-nobody"]) is live


@pytest.mark.parametrize(
    ("late", "labelled", "hidden"),
    [(0, False, False), (29, False, False), (30, True, False), (89, True, False), (90, True, True)],
)
def test_a_check_thirty_days_overdue_is_said_and_after_ninety_the_listing_is_not_shown(
    late: int, labelled: bool, hidden: bool
) -> None:
    today = NOON.date()
    one = served(
        "ua-a", shape(), Confirmation("ua-a", "Olha", "call", DAY), today - timedelta(late)
    )
    live = HERE.live([one]).on(today)
    listing = live.listing("ua-a")
    assert (listing is None, found(live) == []) == (hidden, hidden)
    if listing is not None:
        reasons = live.search(Query(needs=("medical",)), NOON).found[0].reasons
        assert (listing.overdue(today), "overdue" in reasons) == (labelled, labelled)


def test_the_day_goes_on_and_what_was_hidden_by_it_comes_back_once_it_is_checked() -> None:
    today = NOON.date()
    live = HERE.live([served("ua-a", shape(), due_on=today - timedelta(89))]).on(today)
    tomorrow = live.on(today + timedelta(1))
    assert (found(live), found(tomorrow)) == (["ua-a"], [])
    checked = tomorrow.with_changes([], [served("ua-a", shape(), due_on=today + timedelta(30))])
    assert found(checked) == ["ua-a"]


def test_a_listing_that_was_merged_into_another_is_shown_as_that_one() -> None:
    live = HERE.live([served("ua-a", shape()), served("ua-b", shape())])
    merged = live.with_changes(["ua-a"], [], {"ua-a": "ua-b"})
    shown = merged.listing("ua-a")
    assert shown is not None
    assert shown.id == "ua-b"
    assert merged.without(["ua-b"]).listing("ua-a") is None


@pytest.mark.parametrize("text", [b"", b"[]", b"{", b'{"needs": 5}', b"\xff"])
def test_a_text_that_is_no_listing_is_left_out_and_named(text: bytes) -> None:
    live = HERE.live([served("ua-a", shape()), Served("ua-b", text, "UA")])
    assert (live.ids(), live.unread) == (("ua-a",), ("ua-b",))
    mended = live.with_changes([], [served("ua-b", shape())])
    assert (mended.ids(), mended.unread) == (("ua-a", "ua-b"), ())


def test_a_listing_of_a_country_that_is_not_served_here_is_left_out() -> None:
    elsewhere = Served("xx-a", served("xx-a", shape()).content, "XX")
    assert HERE.live([elsewhere]).ids() == ()


def test_a_text_pressed_into_less_memory_is_the_same_text() -> None:
    many = [served(f"ua-{i:03}", shape(names={"en": f"Service {i}\n"})) for i in range(70)]
    live = HERE.live(many)
    before = [live.listing(one.id) for one in many]
    pressed = live.with_changes([], [])
    assert sum(1 for _ in live.press()) == 3
    assert [pressed.listing(one.id) for one in many] == before
    assert pressed.compacted().ids() == live.ids()


def test_an_address_is_shown_only_where_it_is_public() -> None:
    address = {"line": "1 Example street", "city": "Kharkiv", "postal_code": "61000"}
    live = HERE.live(
        [
            served("ua-a", shape(address=address)),
            served("ua-b", shape(address=address | {"visibility": "operator_only"})),
        ]
    )
    shown = [live.listing("ua-a"), live.listing("ua-b")]
    assert [one and one.address for one in shown] == ["1 Example street, 61000 Kharkiv", None]


def test_equals_whose_turns_are_equal_too_stand_in_the_order_of_their_ids() -> None:
    names = [f"ua-{i}" for i in range(20_000)]
    crcs = np.array([zlib.crc32(name.encode()) for name in names], dtype=np.uint32)
    places: dict[int, str] = {}
    for name, turn in zip(names, turns(crcs, NOON.toordinal()).tolist(), strict=True):
        if turn in places:
            break
        places[turn] = name
    else:
        pytest.fail("no two have the same turn")
    twins = sorted((name, places[turn]))
    first, second = (served(name, shape(organization={"en": name})) for name in twins)
    assert found(HERE.live([first, second])) == twins
    assert found(HERE.live([second]).with_changes([], [first])) == twins
    assert found(HERE.live([first]).with_changes([], [second])) == twins


def test_what_was_stopped_stays_so_when_something_else_is_published() -> None:
    live = HERE.live([served("ua-a", shape())]).with_changes([], [served("ua-b", shape())])
    stopped = live.without(["ua-a", "ua-b"])
    assert stopped.with_changes([], [served("ua-c", shape())]).ids() == ("ua-c",)
    assert stopped.compacted().ids() == ()

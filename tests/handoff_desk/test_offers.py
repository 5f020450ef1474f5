"""Who is asked first to take a chat: who can, who fits best, and what comes after a no."""

from collections.abc import Mapping
from typing import Any

import pytest
from msgspec.structs import replace

from bot.handoff.model import Address, Chat, DeskRules, Duty
from bot.handoff.offers import MOST_PASSED, Offer, able, best, offers, room

NOW = 1_000.0
RULES = DeskRules()


def chat(number: int = 1, **more: Any) -> Chat:
    """A chat of somebody fictional that waits."""
    known = Chat(
        id=bytes([number]) * 16,
        version=number,
        state="waiting",
        name="Maple",
        language="uk",
        kind="telegram",
        address=Address("telegram", "test_bot", b"7"),
        asked=NOW,
        since=NOW,
    )
    return replace(known, **more)


def duty(staff: str, **more: Any) -> Duty:
    return Duty(staff, f"{staff.title()} Test", **({"languages": ("uk",), "keys": (b"k",)} | more))


ANN, BEN, EVE = duty("ann"), duty("ben"), duty("eve")


def asked(
    queue: list[Chat],
    *duties: Duty,
    loads: Mapping[str, tuple[int, int]] | None = None,
    now: float = NOW,
) -> list[Offer]:
    known = loads or {}
    return offers(queue, duties, lambda staff: known.get(staff, (0, 0)), RULES, now)


def test_there_is_room_until_a_limit_is_reached_and_heavy_ones_have_one_of_their_own() -> None:
    heavy = chat(heavy=True)
    assert [room(ANN, (count, 0), chat()) for count in (0, 2, 3, 4)] == [
        *("", "", "limit_open", "limit_open"),
    ]
    assert [room(ANN, (1, count), heavy) for count in (0, 1, 2)] == ["", *(["limit_heavy"] * 2)]
    assert room(ANN, (1, 1), chat()) == ""
    assert room(ANN, (3, 1), heavy) == "limit_open"


CANNOT: Mapping[str, dict[str, Any]] = {
    "away": {"connected": False},
    "paused": {"paused": True},
    "no key": {"keys": ()},
    "language": {"languages": ("lt",)},
    "full": {"most_open": 0},
}


@pytest.mark.parametrize("why", CANNOT)
def test_who_cannot_take_it_is_not_asked(why: str) -> None:
    other = duty("ann", **CANNOT[why])
    assert able(other) is (why in {"language", "full"})
    assert best([other], lambda _: (0, 0), chat()) is None
    assert best([other, BEN], lambda _: (0, 0), chat()) == BEN
    assert asked([chat()], other) == []
    assert [one.to for one in asked([chat()], other, BEN)] == ["ben"]


def test_who_knows_what_was_asked_for_comes_first_then_who_has_least_to_do() -> None:
    legal = duty("zoe", skills=("legal", "child"))
    some = duty("yuri", skills=("legal",))
    wish = chat(skills=("legal", "child"))
    loads = {"zoe": (2, 1), "yuri": (1, 1), "ann": (1, 0), "ben": (1, 1), "eve": (2, 0)}

    def first(*duties: Duty, of: Chat = wish) -> str:
        found = best(duties, loads.__getitem__, of)
        assert found is not None
        return found.staff

    assert first(ANN, some, legal) == "zoe"
    assert first(ANN, some) == "yuri"
    assert first(EVE, BEN, ANN) == "ann"
    assert first(EVE, BEN) == "ben"
    assert first(legal, some, BEN, of=chat()) == "ben"
    loads["ben"] = (1, 0)
    assert first(BEN, ANN) == "ann"


def test_each_is_asked_about_one_chat_in_the_order_of_the_line_and_for_a_while() -> None:
    queue = [chat(1), chat(2), chat(3)]
    until = NOW + RULES.offer_seconds
    assert asked(queue, BEN, ANN) == [
        Offer(queue[0], "ann", until, ()),
        Offer(queue[1], "ben", until, ()),
    ]


def test_an_offer_stands_until_its_time_is_over_and_no_other_is_made_meanwhile() -> None:
    standing = chat(1, offered="ann", offered_until=NOW + 1)
    assert asked([standing, chat(2)], ANN) == []
    assert [one.to for one in asked([standing, chat(2)], ANN, BEN)] == ["ben"]
    (over,) = asked([standing, chat(2)], ANN, BEN, now=NOW + 1)[:1]
    assert (over.chat, over.to, over.passed_by) == (standing, "ben", ("ann",))


def test_an_offer_does_not_stand_with_who_cannot_take_it_any_more() -> None:
    standing = chat(1, offered="ann", offered_until=NOW + 9)
    for away in (duty("ann", languages=("lt",)), duty("ann", paused=True)):
        assert asked([standing], away) == [Offer(standing, "", 0.0, ("ann",))]
        assert [one.to for one in asked([standing], away, BEN)] == ["ben"]
    assert asked([standing], ANN, loads={"ann": (3, 0)}) == [Offer(standing, "", 0.0, ("ann",))]
    assert asked([standing]) == [Offer(standing, "", 0.0, ("ann",))]
    heavy = replace(standing, heavy=True)
    assert asked([heavy], ANN, loads={"ann": (1, 1)}) == [Offer(heavy, "", 0.0, ("ann",))]


def test_a_chat_that_all_have_let_pass_goes_round_again_but_not_to_the_last_at_once() -> None:
    over = chat(1, offered="ann", offered_until=NOW, passed_by=("ben",))
    (again,) = asked([over], ANN, BEN)
    assert (again.to, again.passed_by) == ("ben", ())
    alone = chat(1, offered="ann", offered_until=NOW)
    (same,) = asked([alone], ANN)
    assert (same.to, same.passed_by) == ("ann", ())
    passed = chat(1, passed_by=("ann", "ben"))
    assert [(one.to, one.passed_by) for one in asked([passed], ANN, BEN)] == [("ann", ())]
    assert [one.to for one in asked([chat(1, passed_by=("ann",))], ANN, BEN)] == ["ben"]


def test_of_many_who_let_it_pass_the_last_are_remembered_each_once() -> None:
    names = tuple(f"staff{number:02}" for number in range(MOST_PASSED))
    over = chat(1, offered="ann", offered_until=NOW, passed_by=names)
    (made,) = asked([over], ANN, BEN)
    assert (made.to, made.passed_by) == ("ben", (*names[1:], "ann"))
    twice = chat(1, offered="ann", offered_until=NOW, passed_by=("ann", "eve"))
    (made,) = asked([twice], BEN)
    assert (made.to, made.passed_by) == ("ben", ("ann", "eve"))


def test_who_is_full_is_asked_about_nothing_also_when_light_ones_wait() -> None:
    assert asked([chat(1)], ANN, loads={"ann": (3, 0)}) == []
    assert [one.to for one in asked([chat(1)], ANN, loads={"ann": (2, 0)})] == ["ann"]
    heavy, light = chat(1, heavy=True), chat(2)
    assert [one.chat for one in asked([heavy, light], ANN, loads={"ann": (1, 1)})] == [light]

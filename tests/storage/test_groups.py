"""A group is kept whole or not at all, and nobody's row is lost to someone else's."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.storage import Conflict, Group, Mark, Posted, Row, Store
from bot.storage.database import Database


def loaded(store: Store, *aliases: bytes) -> dict[bytes, Row]:
    with store.group() as group:
        return group.load(aliases)


def keep(store: Store, *rows: Row) -> None:
    with store.group() as group:
        group.load(row.alias for row in rows)
        group.save(rows)


def name(number: int) -> bytes:
    return number.to_bytes(16, "big")


def test_what_a_group_kept_is_there_after_a_restart(store: Store, where: Database | Path) -> None:
    rows = [Row(name(n), 20_000, 1 << 39, b"sealed %d" % n) for n in range(3)]
    with store.group() as group:
        assert group.load([name(0), name(1)]) == {}
        assert group.save(rows, marks=[Mark(b"m" * 16, 20_000)]) == ()
    store.close()
    again = Store.open(where)
    assert loaded(again, name(0), name(2), name(9)) == {name(0): rows[0], name(2): rows[2]}
    with again.group() as group:
        assert group.seen([b"m" * 16, b"n" * 16]) == {b"m" * 16}
    again.close()


@pytest.mark.parametrize("many", [0, 1, 2, 3, 64, 256, 257, 700])
def test_a_group_may_ask_for_any_number_of_people(store: Store, many: int) -> None:
    rows = {name(n): Row(name(n), 1, n, b"x") for n in range(many)}
    with store.group() as group:
        group.save(rows.values(), marks=[Mark(alias, 1) for alias in rows])
    with store.group() as group:
        assert group.load([*rows, *rows, b"nobody"]) == rows
        assert group.seen([*rows, b"nothing"]) == set(rows)


def test_whatever_goes_wrong_in_a_group_undoes_all_of_it(store: Store, alias: bytes) -> None:
    keep(store, Row(alias, 1, 1, b"before"))

    def fail() -> None:
        with store.group() as group:
            group.load([alias])
            row = Row(alias, 1, 2, b"after")
            group.save([row], marks=[Mark(alias, 1)], outbox=[row])
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    with store.group() as group:
        assert group.load([alias]) == {alias: Row(alias, 1, 1, b"before")}
        assert group.seen([alias]) == set()
    assert store.pending() == []


def test_a_row_that_is_not_as_it_was_loaded_is_not_overwritten(store: Store, alias: bytes) -> None:
    """As when a second program, or a person with a database tool, writes between load and save."""
    keep(store, Row(alias, 1, 5, b"ours"))
    with pytest.raises(Conflict), store.group() as group:
        group.save([Row(alias, 1, 6, b"never loaded")])

    def overtaken() -> None:
        with store.group() as group:
            group.load([alias])
            group.run("UPDATE session SET sequence = 9", [()])
            group.save([Row(alias, 1, 6, b"late")])

    def gone() -> None:
        with store.group() as group:
            group.load([alias])
            group.run("DELETE FROM session", [()])
            group.save([Row(alias, 1, 6, b"would come back")])

    for undone in (overtaken, gone):
        with pytest.raises(Conflict):
            undone()
    assert loaded(store, alias) == {alias: Row(alias, 1, 5, b"ours")}


def test_a_person_may_be_saved_several_times_in_one_group(store: Store, alias: bytes) -> None:
    with store.group() as group:
        group.save([Row(alias, 1, 5, b"one")])
        group.save([Row(alias, 1, 7, b"two")])
        group.save([Row(alias, 1, 1, b"anew")], forget=[alias])
    assert loaded(store, alias) == {alias: Row(alias, 1, 1, b"anew")}


def test_a_delivery_that_was_taken_cannot_be_taken_again(store: Store, alias: bytes) -> None:
    with store.group() as group:
        group.save(marks=[Mark(alias, 1)])
    with pytest.raises(Conflict), store.group() as group:
        group.save([Row(alias, 1, 1, b"twice")], marks=[Mark(alias, 1)])
    assert loaded(store, alias) == {}


def test_replies_wait_in_their_order_until_they_are_sent(store: Store, alias: bytes) -> None:
    letters = [Row(alias, 1, n, b"reply %d" % n) for n in range(5)]
    with store.group() as group:
        first = group.save(outbox=letters[:3])
    with store.group() as group:
        second = group.save(outbox=letters[3:], sent=first[:1])
    numbers = first + second
    assert numbers == tuple(range(first[0], first[0] + 5))
    waiting = [Posted(n, *letter) for n, letter in zip(numbers, letters, strict=True)]
    assert store.pending() == waiting[1:]
    assert store.pending(2) == waiting[1:3]
    assert store.pending(2, after=numbers[2]) == waiting[3:]
    with store.group() as group:
        group.save(sent=[*numbers, 123])
    assert store.pending() == []


def test_a_late_report_that_a_reply_was_sent_does_not_take_away_another(
    store: Store, alias: bytes
) -> None:
    with store.group() as group:
        (old,) = group.save(outbox=[Row(alias, 1, 1, b"sent long ago")])
        group.save(sent=[old])
    with store.group() as group:
        (new,) = group.save(outbox=[Row(alias, 1, 2, b"waits")], sent=[old])
    with store.group() as group:
        group.save(sent=[old])
    assert [letter.id for letter in store.pending()] == [new]


def test_forgetting_takes_the_waiting_replies_along_and_moving_does_not(store: Store) -> None:
    leaves, moves, stays = name(1), name(2), name(3)
    rows = [Row(alias, 1, 1, b"x") for alias in (leaves, moves, stays)]
    with store.group() as group:
        group.save(rows, outbox=rows)
    with store.group() as group:
        group.save(
            [Row(name(4), 2, 1, b"moved")],
            forget=[leaves],
            moved=[moves],
            outbox=[Row(leaves, 1, 2, b"goodbye")],
        )
    assert set(loaded(store, leaves, moves, stays, name(4))) == {stays, name(4)}
    assert [letter.sealed for letter in store.pending()] == [b"x", b"x", b"goodbye"]
    assert [letter.alias for letter in store.pending()] == [moves, stays, leaves]


def footprints(store: Store, *aliases: bytes) -> set[Row]:
    with store.group() as group:
        return set(group.footprints(aliases))


def test_a_chat_may_have_any_number_of_footprints_and_each_is_changed_alone(store: Store) -> None:
    first, second, other = (
        *(Row(name(1), 1, n, b"page %d" % n) for n in (1, 2)),
        Row(name(2), 1, 1, b"another chat"),
    )
    with store.group() as group:
        group.leave_footprints([first, second, other])
    assert store.footprint_aliases() == [name(1), name(2)]
    longer = Row(name(1), 1, 9, b"longer")
    with store.group() as group:
        group.leave_footprints([Row(name(3), 1, 1, b"new")], changed=[(longer, 1)], gone=[other])
    assert footprints(store, name(1), name(2)) == {second, longer}
    assert store.stats().footprints == 3


def test_a_footprint_that_is_not_as_it_was_loaded_is_not_overwritten(store: Store) -> None:
    row = Row(name(1), 1, 1, b"ours")
    with store.group() as group:
        group.leave_footprints([row])
    with pytest.raises(Conflict), store.group() as group:
        group.leave_footprints(changed=[(row._replace(sequence=3), 2)])
    with pytest.raises(Conflict), store.group() as group:
        group.leave_footprints([row._replace(sealed=b"another's")])
    assert footprints(store, name(1)) == {row}


def test_forgetting_a_session_leaves_what_is_needed_to_delete_its_messages(store: Store) -> None:
    row = Row(name(1), 1, 1, b"x")
    with store.group() as group:
        group.save([row], outbox=[row])
        group.leave_footprints([row])
    with store.group() as group:
        group.save(forget=[name(1)])
    assert footprints(store, name(1)) == {row}


def test_groups_of_several_threads_wait_for_each_other(store: Store, alias: bytes) -> None:
    keep(store, Row(alias, 1, 0, b"x"))

    def count() -> None:
        for _ in range(10):
            with store.group() as group:
                row = group.load([alias])[alias]
                group.save([row._replace(sequence=row.sequence + 1)])

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert loaded(store, alias)[alias].sequence == 40


@pytest.mark.parametrize(
    "show", [lambda group: Row(b"canary", 1, 1, b"canary"), lambda group: Mark(b"canary", 1)]
)
def test_nothing_of_a_row_is_shown_in_a_log(store: Store, show: Callable[[Group], object]) -> None:
    with store.group() as group:
        assert "canary" not in repr(show(group)) + repr(store) + repr(group)
    assert "canary" not in repr(Posted(1, b"canary", 1, 1, b"canary"))


def test_an_error_holds_no_value_of_a_row(store: Store) -> None:
    with pytest.raises(Conflict) as told, store.group() as group:
        group.save(marks=[Mark(b"canary", 1)] * 2)
    assert "canary" not in str(told.value)
    assert told.value.__suppress_context__ or told.value.__context__ is None

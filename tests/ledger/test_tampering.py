"""Whoever can write to the file and has no key changes nothing that anybody is served."""

import json
import shutil
from collections.abc import Callable

import pytest
from sqlalchemy import Boolean

from bot.ledger import tables
from bot.ledger.model import Tampered
from tests.ledger.conftest import ANNA, BORYS, PHONE, Office

THEIRS = "+380440000099"


def test_a_number_changed_on_the_shelf_is_not_served_and_named(office: Office) -> None:
    record, other = office.published(), office.published(name="Another place")
    assert office.by_hand("UPDATE shelf SET body = replace(body, ?, ?)", PHONE, THEIRS) == 2
    office.by_hand("UPDATE shelf SET body = replace(body, ?, ?) WHERE id = ?", THEIRS, PHONE, other)
    published = office.ledger.published()
    assert published.alarms == (record,)
    assert {row.id: row.content is not None for row in published.rows} == {
        record: False,
        other: True,
    }


def test_a_number_changed_in_what_stands_reaches_nobody(office: Office) -> None:
    record = office.published()
    office.by_hand("UPDATE content SET body = replace(body, ?, ?)", PHONE, THEIRS)
    assert THEIRS.encode() not in (office.served()[record] or b"")
    for act in (
        lambda: office.ledger.check(BORYS, record, ["languages"], "call"),
        lambda: office.ledger.record(record, ANNA),
        lambda: office.changed(record, cost="free"),
        lambda: office.ledger.revert(ANNA, record, 1),
    ):
        with pytest.raises(Tampered):
            act()


def test_a_draft_changed_by_hand_is_not_approved(office: Office) -> None:
    record = office.published()
    draft = office.changed(record, cost="free")
    office.by_hand("UPDATE content SET body = replace(body, 'free', 'paid')")
    with pytest.raises(Tampered):
        office.approved(draft)


def test_an_author_taken_off_a_draft_by_hand_gains_nothing(office: Office) -> None:
    record = office.published()
    draft = office.changed(record, contacts=[{"kind": "phone", "number": THEIRS}])
    office.checked(draft)
    office.by_hand("UPDATE draft SET authors = '[\"borys\"]'")
    with pytest.raises(Tampered):
        office.approved(draft, ANNA)


def test_a_suspension_lifted_by_hand_is_not_lifted(office: Office) -> None:
    record = office.published()
    office.ledger.suspend(ANNA, [record], why="unsafe")
    office.by_hand("UPDATE record SET suspended = 0")
    assert office.served() == {}
    with pytest.raises(Tampered):
        office.ledger.record(record, ANNA)


def test_a_whole_file_from_before_is_noticed(office: Office) -> None:
    record = office.published()
    office.ledger.close()
    old = shutil.copytree(office.path.parent, office.folder / "old")
    ledger = office.again()
    ledger.suspend(ANNA, [record], why="unsafe")
    ledger.close()
    shutil.rmtree(office.path.parent)
    shutil.copytree(old, office.path.parent)
    ledger = office.again()
    for look in (ledger.published, lambda: ledger.suspend(ANNA, [record], why="again")):
        with pytest.raises(Tampered):
            look()
    assert [fault.code for fault in ledger.verify_history()] == ["head"]
    # A backup that was put back on purpose: somebody with the keys says so.
    assert ledger.restored() > 0
    assert {row.id for row in ledger.published().rows} == {record}
    ledger.close()


def test_a_row_from_before_put_back_is_noticed(office: Office) -> None:
    record = office.published()
    office.by_hand("CREATE TABLE old_shelf AS SELECT * FROM shelf")
    office.by_hand("CREATE TABLE old_page AS SELECT * FROM page")
    office.ledger.suspend(ANNA, [record], why="unsafe")
    office.by_hand("DELETE FROM shelf")
    office.by_hand("INSERT INTO shelf SELECT * FROM old_shelf")
    published = office.ledger.published()
    assert published.alarms == (record,)
    assert [row.content for row in published.rows] == [None]
    # With its page put back as well, nothing is believed any more.
    office.by_hand("DELETE FROM page")
    office.by_hand("INSERT INTO page SELECT * FROM old_page")
    with pytest.raises(Tampered):
        office.ledger.published()


def test_a_row_taken_off_the_shelf_is_named(office: Office) -> None:
    record = office.published()
    office.by_hand("DELETE FROM shelf")
    assert office.ledger.published().alarms == (record,)


def test_another_key_signs_nothing_here(
    office: Office, make_office: Callable[[str], Office]
) -> None:
    record = office.published()
    other = make_office("other")
    other.keys.rotate()
    theirs = other.published()
    other.ledger.close()
    office.ledger.close()
    for end in ("", "-wal", "-shm"):
        source = other.path.with_name(other.path.name + end)
        if source.exists():
            shutil.copy(source, office.path.with_name(office.path.name + end))
    ledger = office.again()
    assert theirs == record
    with pytest.raises(Tampered):
        ledger.published()
    ledger.close()


def _prepared(office: Office) -> None:
    """A ledger with a bit of everything."""
    record = office.published()
    office.approved(office.changed(record, cost="free"))
    office.changed(record, anonymous="yes", notes="A note")
    second = office.published(name="Second", area=["UA-46"])
    office.ledger.suspend(BORYS, [second], why="unsafe")
    office.ledger.purge(ANNA, BORYS, record, ["text:Безоплатна"], "a word")


KEPT = ("head", "act", "content", "record", "draft", "tag", "wordlist", "shelf", "page")


def test_every_column_changed_by_hand_is_found_and_never_served(office: Office) -> None:
    _prepared(office)
    assert office.ledger.verify_history() == ()
    bodies = {*office.served().values(), None}
    unnoticed = []
    for name in KEPT:
        table = tables.metadata.tables[name]
        keys = [key.name for key in table.primary_key.columns]
        where = " AND ".join(f"{key} = ?" for key in keys)
        for column in table.columns:
            if column is tables.head.c.one:
                continue
            was, *at = office.row_by_hand(f'SELECT "{column.name}", {", ".join(keys)} FROM {name}')
            change = f'UPDATE {name} SET "{column.name}" = ? WHERE {where}'
            other = _other(was, column.type)
            office.by_hand(change, other, *at)
            if not office.ledger.verify_history() or not _look(office) <= bodies:
                unnoticed.append(f"{name}.{column.name}")
            now = [other if key == column.name else at[place] for place, key in enumerate(keys)]
            office.by_hand(change, was, *now)
    assert unnoticed == []
    assert office.ledger.verify_history() == ()


@pytest.mark.parametrize("table", KEPT)
def test_a_row_taken_out_by_hand_is_found(office: Office, table: str) -> None:
    _prepared(office)
    office.by_hand(f"DELETE FROM {table}")
    assert office.ledger.verify_history() != ()


def _other(value: object, type_: object) -> object:
    match value:
        case int():
            return not value if isinstance(type_, Boolean) else value + 1000
        case bytes():
            return bytes(len(value))
        case None:
            return 1
        case str() if value.startswith(("{", "[")):
            found = json.loads(value)
            return json.dumps([*found, "x"] if isinstance(found, list) else {**found, "x": "y"})
        case str():
            return value + "x"
        case _:
            raise AssertionError


def _look(office: Office) -> set[bytes | None]:
    """What survivors are served now, if anything."""
    try:
        return set(office.served().values())
    except Tampered:
        return set()

"""What a row shows: its sizes, and that nothing else is there to be measured."""

import pytest
from sqlalchemy import LargeBinary

from bot.handoff.tables import OF_PEOPLE as DESK
from bot.reports.tables import OF_PEOPLE as REPORTS
from bot.sealing import SIZES as MESSAGES
from bot.slips.slips import SIZE as SLIP
from bot.slips.tables import slip
from bot.storage.tables import footprint, metadata, outbox, seen, session
from bot.vault import SIZES
from tests.trials_seizure.scene import Scene

pytestmark = pytest.mark.asyncio(loop_scope="package")
NAME = {16}
"""Bytes of a name that means nothing without a key."""
SEALED = {77 + 16 + size for size in SIZES}
WRAPPED = {81}
OF_PEOPLE = {session, seen, outbox, footprint, slip, *DESK, *REPORTS}
KEYS_OF_STAFF = {"device.id", "device.certificate", "prekey.id", "prekey.device", "prekey.public"}
"""Public halves of keys of staff, nothing of people."""
MAY_BE = {
    **{f"{table}.{column}": NAME for table, column in (
        *(("session", "alias"), ("seen", "mark"), ("outbox", "alias"), ("footprint", "alias")),
        *(("chat", "id"), ("message", "chat"), ("wrap", "chat"), ("code", "chat")),
        *(("code", "lookup"), ("code", "bound"), ("staff_note", "id"), ("figure", "id")),
        *(("tally", "id"), ("slip", "lookup")),
    )},
    "wrap.key": {8},
    "wrap.wrapped": WRAPPED,
    "slip.sealed": {12 + SLIP + 16},
    **{f"{table}.sealed": SEALED for table in (
        *("session", "outbox", "footprint", "chat", "message", "staff_note", "duty", "figure"),
        "tally",
    )},
}  # fmt: skip


async def test_every_column_of_bytes_shows_sizes_of_a_few_kinds_alone(scene: Scene) -> None:
    columns = {
        f"{table.name}.{column.name}": (table.name, column.name)
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    }
    # A column that is new must be named here, with the sizes that it may have.
    assert columns.keys() == MAY_BE.keys() | KEYS_OF_STAFF
    for name, sizes in MAY_BE.items():
        table, column = columns[name]
        found = scene.sql(f"SELECT DISTINCT length({column}) FROM {table}")
        assert found, f"{table} is empty: the scene shows nothing of it"
        assert {size for (size,) in found} <= sizes, name
    assert set(MESSAGES) == {256, 1024, 4096}


async def test_no_column_of_people_holds_text_or_a_time(scene: Scene) -> None:
    texts = {
        f"{table.name}.{column.name}"
        for table in OF_PEOPLE
        for column in table.columns
        if column.type.python_type is str
    }
    # Ids of staff; all else is numbers that are days, counters and versions.
    assert texts == {"staff_note.reader", "duty.staff"}
    now = scene.clock()
    for table in OF_PEOPLE:
        for row in scene.rows(table.name):
            for column, value in row.items():
                if isinstance(value, int):
                    assert not now - 90_000 < value < now + 90_000, f"{table.name}.{column}"
                    assert not now - 90_000 < value / 1000 < now + 90_000, f"{table.name}.{column}"


async def test_what_people_said_changes_no_size_but_by_a_whole_step(scene: Scene) -> None:
    sizes = {row["alias"]: len(row["sealed"]) for row in scene.rows("session")}
    mine = {sizes[scene.alias(address)] for address in scene.pushed}
    assert mine <= SEALED
    # Whatever is waiting, chats that wait and chats that are claimed, cannot be told apart.
    assert len({len(row["sealed"]) for row in scene.rows("chat")}) == 1
    assert len(mine) == 1, "people who chose as much are of one size"

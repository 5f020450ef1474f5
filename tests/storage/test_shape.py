"""What a file of ours shows to who has it and no key."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.storage import Store


def test_a_file_shows_neither_the_order_of_people_nor_a_time_of_day(
    store: Store, place: Path
) -> None:
    with closing(sqlite3.connect(place)) as looked:
        people = ("session", "seen", "footprint", "chat", "message", "wrap", "code", "figure")
        for table in (*people, "tally", "weekly", "slip"):
            with pytest.raises(sqlite3.OperationalError, match="rowid"):
                looked.execute(f"SELECT rowid FROM {table}")
        columns = looked.execute(
            "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c"
            " WHERE m.type = 'table' ORDER BY 1, c.cid"
        ).fetchall()
    # Of people: random names, days, counters, sealed bytes. Times stand only with keys of staff.
    assert [f"{table}.{column}" for table, column in columns] == [
        "alembic_version.version_num",
        *("chat.id", "chat.version", "chat.living", "chat.epoch", "chat.sealed"),
        *("chat_clock.one", "chat_clock.version", "chat_clock.removed"),
        *("code.lookup", "code.chat", "code.epoch", "code.bound"),
        *("day.one", "day.epoch"),
        *("desk_setting.name", "desk_setting.version", "desk_setting.body"),
        *("device.id", "device.staff", "device.until", "device.revoked", "device.certificate"),
        *("duty.staff", "duty.version", "duty.epoch", "duty.sequence", "duty.sealed"),
        *("figure.id", "figure.epoch", "figure.sequence", "figure.sealed"),
        *("footprint.alias", "footprint.epoch", "footprint.sequence", "footprint.sealed"),
        *("message.chat", "message.direction", "message.number", "message.epoch"),
        "message.sealed",
        *("outbox.id", "outbox.alias", "outbox.epoch", "outbox.sequence", "outbox.sealed"),
        *("prekey.id", "prekey.device", "prekey.staff", "prekey.until", "prekey.public"),
        *("seen.mark", "seen.epoch"),
        *("session.alias", "session.epoch", "session.sequence", "session.sealed"),
        *("slip.lookup", "slip.until", "slip.sealed"),
        *("staff_note.id", "staff_note.reader", "staff_note.epoch", "staff_note.sealed"),
        *("tally.id", "tally.epoch", "tally.sequence", "tally.sealed"),
        *("weekly.week", "weekly.body"),
        *("wrap.chat", "wrap.direction", "wrap.number", "wrap.key", "wrap.epoch", "wrap.wrapped"),
    ]

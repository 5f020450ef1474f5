"""The tables of the desk, and every statement that a chat needs, compiled once.

It decides what a row holds. A row that belongs to a person holds random names, a day and sealed
bytes, has an `epoch`, and is swept with it; state, owner, language, need, place and every time of
day are sealed. A new table goes here, into migration 0003, and into `OF_PEOPLE` when it is a
person's.
"""

from typing import Final

from sqlalchemy import (
    BigInteger,
    ClauseElement,
    Column,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    bindparam,
    delete,
    or_,
    select,
    update,
)

from bot.storage.statements import Statement, adding, statement
from bot.storage.tables import metadata

chat = Table(
    "chat",
    metadata,
    Column("id", LargeBinary(16), primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("living", Integer, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index("chat_version", "version"),
    sqlite_with_rowid=False,
)
"""One chat, sealed to its id, epoch and version. `living`: 1 until it ends."""

chat_clock = Table(
    "chat_clock",
    metadata,
    Column("one", Integer, primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("removed", BigInteger, nullable=False),
)
"""One row: the newest version of any chat, and how often rows were removed, so that every process
sees both. Counted here and not by the highest row, because that one may have been removed.
"""

message = Table(
    "message",
    metadata,
    Column("chat", LargeBinary(16), primary_key=True),
    Column("direction", Integer, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("epoch", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
"""A message that was sealed to its readers, sealed once more so that it dies with its day."""

wrap = Table(
    "wrap",
    metadata,
    Column("chat", LargeBinary(16), primary_key=True),
    Column("direction", Integer, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("key", LargeBinary(8), primary_key=True),
    Column("epoch", Integer, nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
"""The key of a message, sealed to one prekey of one operator."""

code = Table(
    "code",
    metadata,
    Column("lookup", LargeBinary(16), primary_key=True),
    Column("chat", LargeBinary(16), nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("bound", LargeBinary(16), nullable=False, server_default=""),
    Index("code_chat", "chat"),
    sqlite_with_rowid=False,
)
"""The words that bring a person back, as a keyed hash. `bound`: a keyed hash of that and the chat,
so that words lead to no chat but theirs.
"""

device = Table(
    "device",
    metadata,
    Column("id", LargeBinary(8), primary_key=True),
    Column("staff", Text, nullable=False),
    Column("until", BigInteger, nullable=False),
    Column("revoked", BigInteger, nullable=False),
    Column("certificate", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
"""The identity of a browser of staff, signed by the organisation. Public halves only."""

prekey = Table(
    "prekey",
    metadata,
    Column("id", LargeBinary(8), primary_key=True),
    Column("device", LargeBinary(8), nullable=False),
    Column("staff", Text, nullable=False),
    Column("until", BigInteger, nullable=False),
    Column("public", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
"""The public half of a key of one shift, signed by its identity."""

duty = Table(
    "duty",
    metadata,
    Column("staff", Text, primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
"""Who is on shift. Sealed, because the end of a heavy chat is a time of day of a person."""

staff_note = Table(
    "staff_note",
    metadata,
    Column("id", LargeBinary(16), primary_key=True),
    Column("reader", Text, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
"""A note from one member of staff to another, sealed by the writer's browser."""

desk_setting = Table(
    "desk_setting",
    metadata,
    Column("name", Text, primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("body", Text, nullable=False),
    sqlite_with_rowid=False,
)
"""What the lead sets: opening hours, the surge switch. JSON."""

figure = Table(
    "figure",
    metadata,
    Column("id", LargeBinary(16), primary_key=True),
    Column("epoch", Integer, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
"""Counts of a week, sealed: one visitor in a rare language at a rare hour is a person."""

OF_PEOPLE: Final = (chat, message, wrap, code, staff_note, duty, figure)
"""Tables whose rows are swept with their epoch."""


def at_desk(clause: ClauseElement) -> Statement:
    """A statement of the desk: it takes the desk's place first, and keeps it until the commit."""
    return statement(clause, desk=True)


def new_at_desk(table: Table) -> Statement:
    """Adds a row where none is of its key. Values: all columns in their order."""
    return adding(table, desk=True)


NEXT_VERSION = at_desk(
    update(chat_clock)
    .values(version=chat_clock.c.version + 1)
    .returning(chat_clock.c.version)
    .where(chat_clock.c.one == bindparam("one"))
)
"""Values: 1 (what is added), 1 (the row)."""
COUNT_REMOVED = at_desk(
    update(chat_clock)
    .values(removed=chat_clock.c.removed + 1)
    .where(chat_clock.c.one == bindparam("one"))
)
"""Values: 1 (what is added), 1 (the row)."""
CLOCK = at_desk(select(chat_clock.c.version, chat_clock.c.removed))
ADD_CHAT = new_at_desk(chat)
"""Values: id, version, living, epoch, sealed."""
CHANGE_CHAT = at_desk(
    update(chat)
    .values({c: bindparam(f"new_{c}") for c in ("version", "living", "epoch", "sealed")})
    .where(chat.c.id == bindparam("i"), chat.c.version == bindparam("was"))
)
"""Values: version, living, epoch, sealed, id, the version that was loaded."""
LOAD_CHAT = at_desk(select(chat).where(chat.c.id == bindparam("i")))
NEWER_CHATS = at_desk(select(chat).where(chat.c.version > bindparam("v")).order_by(chat.c.version))
CHAT_IDS = at_desk(select(chat.c.id))
DROP_CHAT = tuple(
    at_desk(delete(table).where(table.c[name] == bindparam("i")))
    for table, name in ((chat, "id"), (message, "chat"), (wrap, "chat"), (code, "chat"))
)
"""Everything that belongs to one chat. Values: its id."""
END_CHAT = (
    at_desk(delete(wrap).where(wrap.c.chat == bindparam("i"))),
    at_desk(delete(code).where(code.c.chat == bindparam("i"))),
    at_desk(
        delete(message).where(
            message.c.chat == bindparam("i"),
            or_(message.c.direction == bindparam("a"), message.c.direction == bindparam("b")),
        )
    ),
)
"""What nobody needs once a chat has ended: whatever staff could open, and the way back. Values: its
id; of the last one also the two directions to the desk.
"""


def swept(count: int) -> tuple[Statement, ...]:
    """Statements that delete what belongs to none of that many epochs, table by table."""
    return tuple(
        at_desk(delete(table).where(table.c.epoch.not_in([0] * count))) for table in OF_PEOPLE
    )

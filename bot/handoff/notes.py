"""Notes from one member of staff to another, and the call for help to a lead.

It decides who gets a note and that it goes once it was read. The writer's browser seals it to the
reader's prekeys: nothing here can open it, and it dies with the keys of its day.
"""

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

import msgspec
from sqlalchemy import bindparam, delete, select

from bot import report
from bot.handoff.model import Refused
from bot.handoff.rows import Rows
from bot.handoff.tables import at_desk, new_at_desk, staff_note
from bot.sealing import Receiver, looks_sealed, looks_wrapped
from bot.storage import Group
from bot.vault import Epoch, Unopenable

NOTE: Final = "note"
MOST: Final = 50
"""Unread notes of one reader."""
MOST_EACH: Final = 10
"""Of them from one writer, who cannot keep out the calls for help of others."""
_MOST_WRAPS: Final = 8
"""Keys of one reader that one note is sealed to: a few devices and shifts."""

_ADD = new_at_desk(staff_note)
_OF = at_desk(
    select(staff_note.c.id, staff_note.c.epoch, staff_note.c.sealed).where(
        staff_note.c.reader == bindparam("r")
    )
)
_DROP = at_desk(
    delete(staff_note).where(
        staff_note.c.id == bindparam("i"), staff_note.c.reader == bindparam("r")
    )
)


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """One note as its reader gets it."""

    id: bytes = b""
    kind: Literal["note", "help"]
    writer: str
    """Staff id."""
    who: str
    """The writer's pseudonym."""
    chat: bytes = b""
    """The chat it is about, or empty."""
    at: float
    body: bytes = b""
    """Empty when only the sign was sent."""
    wraps: dict[bytes, bytes] = {}

    def __repr__(self) -> str:
        return "Note()"


@dataclass(frozen=True, slots=True)
class Sent:
    """What a writer's browser hands in."""

    kind: Literal["note", "help"]
    writer: str
    who: str
    chat: bytes = b""
    body: bytes = field(default=b"", repr=False)
    wraps: Mapping[bytes, bytes] = field(default_factory=dict, repr=False)


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Note).decode


@dataclass(frozen=True, slots=True)
class Notes:
    """The notes that wait to be read."""

    rows: Rows

    def send(
        self, group: Group, sent: Sent, reader: str, receivers: Collection[Receiver], now: float
    ) -> bytes:
        """Keeps a note for that reader, with the wraps for their keys alone; gives its id.

        Raises `Refused`: "size" for what is not sealed, "receivers" when nothing of it is for keys
        of that reader, "too_many" when they have not read many others.
        """
        mine = {one.key for one in receivers}
        wraps = {key: wrap for key, wrap in sent.wraps.items() if key in mine}
        if sent.body or sent.wraps or sent.kind == "note":
            if not looks_sealed(sent.body) or not all(map(looks_wrapped, sent.wraps.values())):
                raise Refused("size")
            if not 1 <= len(wraps) <= _MOST_WRAPS:
                raise Refused("receivers")
        there = [note.writer for note in self.of(group, reader)]
        if len(there) >= MOST or there.count(sent.writer) >= MOST_EACH:
            raise Refused("too_many")
        note = Note(
            kind=sent.kind,
            writer=sent.writer,
            who=sent.who,
            chat=sent.chat,
            at=now,
            body=sent.body,
            wraps=wraps,
        )
        note_id, today = secrets.token_bytes(16), self.rows.epoch()
        place = _place(note_id, reader)
        sealed = self.rows.vault.seal(NOTE, place, today, 0, b"", _encode(note))
        group.run(_ADD, [(note_id, reader, today, sealed)])
        return note_id

    def of(self, group: Group, reader: str) -> tuple[Note, ...]:
        """The unread notes of a member of staff, oldest first."""
        found = []
        for note_id, epoch, sealed in group.ask(_OF, (reader,)):
            try:
                place = _place(note_id, reader)
                plain = self.rows.vault.open(NOTE, place, Epoch(epoch), 0, b"", sealed)
                found.append(msgspec.structs.replace(_decode(plain), id=note_id))
            except (Unopenable, msgspec.DecodeError) as error:
                if not self.rows.over(epoch):
                    report.alarm("note_unopenable", error)
        return tuple(sorted(found, key=lambda note: note.at))

    def read(self, group: Group, reader: str, note_id: bytes) -> None:
        """It was read, and goes. Raises `Refused("no_such_note")` also for somebody else's."""
        if group.run(_DROP, [(note_id, reader)]) != 1:
            raise Refused("no_such_note")


def _place(note_id: bytes, reader: str) -> bytes:
    """A note is of its reader alone: put under another name it opens for nobody."""
    return note_id + reader.encode()

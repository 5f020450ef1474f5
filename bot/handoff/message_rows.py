"""Messages and their wraps in the store: each once, sealed once more under the key of the day.

It decides how a message lies in its row. What it is given was sealed to its readers before; the
second seal is what makes it die with its day, also for who holds every operator's private key. It
must not know who may read what (`messages` does), and cannot open what it keeps.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal, NamedTuple

from sqlalchemy import bindparam, delete, exists, select

from bot import report
from bot.handoff.rows import Rows
from bot.handoff.tables import at_desk, message, new_at_desk, wrap
from bot.storage import Group
from bot.storage.statements import Statement
from bot.vault import Epoch, Unopenable

Way = Literal["in", "out", "own", "copy"]
"""`in`: person to desk. `out`: desk to person. `own`: the person's words, for their page without
JavaScript. `copy`: what the desk wrote, for the desk, so that a reload shows both sides.
"""
MESSAGE: Final = "message"
_WAYS: Final[Mapping[Way, int]] = {"in": 1, "out": 2, "own": 3, "copy": 5}
_NO_LIMIT: Final = 1 << 31
_MOST: Final = (1 << 31) - 1
"""No message has a higher number. Who asks for one gets none: a server would refuse the question,
and with it the turns of all others in the group.
"""

_ADD = new_at_desk(message)
_HERE = (
    message.c.chat == bindparam("chat"),
    message.c.direction == bindparam("way"),
    message.c.number > bindparam("after"),
)
_READ = at_desk(
    select(message.c.number, message.c.epoch, message.c.sealed)
    .where(*_HERE)
    .order_by(message.c.number)
    .limit(bindparam("most"))
    .offset(bindparam("none"))
)
_DROP = at_desk(
    delete(message).where(
        *_HERE[:2], message.c.number > bindparam("a"), message.c.number <= bindparam("b")
    )
)
_ADD_WRAP = new_at_desk(wrap)
_DROP_WRAPS_OF = at_desk(
    delete(wrap).where(
        wrap.c.chat == bindparam("chat"),
        wrap.c.direction == bindparam("way"),
        wrap.c.number == bindparam("number"),
    )
)
_DROP_KEY = at_desk(delete(wrap).where(wrap.c.key == bindparam("key")))
_DROP_ALL = tuple(
    at_desk(delete(table).where(table.c.chat == bindparam("chat"))) for table in (message, wrap)
)


@cache
def _wraps_for(count: int) -> Statement:
    return at_desk(
        select(wrap.c.number, wrap.c.key, wrap.c.epoch, message.c.epoch, wrap.c.wrapped).where(
            message.c.chat == wrap.c.chat,
            message.c.direction == wrap.c.direction,
            message.c.number == wrap.c.number,
            wrap.c.chat == bindparam("chat", b""),
            wrap.c.direction == bindparam("way", 0),
            wrap.c.number > bindparam("after", 0),
            wrap.c.key.in_([bindparam(f"key_{n}") for n in range(count)]),
        )
    )


@cache
def _closed_to(count: int) -> Statement:
    there = exists().where(
        wrap.c.chat == message.c.chat,
        wrap.c.direction == message.c.direction,
        wrap.c.number == message.c.number,
        wrap.c.key.in_([bindparam(f"key_{n}") for n in range(count)]),
    )
    return at_desk(select(message.c.number).where(*_HERE, ~there).order_by(message.c.number))


@cache
def _drop_others(count: int) -> Statement:
    return at_desk(
        delete(wrap).where(wrap.c.chat == bindparam("chat", b""), wrap.c.key.not_in([b""] * count))
    )


class Kept(NamedTuple):
    """One message as it was given. Shows nothing of itself in a log."""

    number: int
    body: bytes

    def __repr__(self) -> str:
        return "Kept()"


class Wrapped(NamedTuple):
    """The key of one message, sealed to one prekey."""

    key: bytes
    wrap: bytes

    def __repr__(self) -> str:
        return "Wrapped()"


@dataclass(frozen=True, slots=True)
class MessageRows:
    """Keeps and finds messages within a group."""

    rows: Rows

    def add(self, group: Group, chat: bytes, way: Way, number: int, body: bytes) -> None:
        """Keeps a message under a number that is not taken."""
        today, kind = self.rows.epoch(), _WAYS[way]
        sealed = self.rows.vault.seal(MESSAGE, _place(chat, kind), today, number, b"", body)
        group.run(_ADD, [(chat, kind, number, today, sealed)])

    def read(
        self, group: Group, chat: bytes, way: Way, after: int = 0, most: int = _NO_LIMIT
    ) -> list[Kept]:
        """The messages after that number in order. What does not open is left out."""
        kind = _WAYS[way]
        found = []
        for number, epoch, sealed in group.ask(_READ, (chat, kind, min(after, _MOST), most, 0)):
            try:
                body = self.rows.vault.open(
                    MESSAGE, _place(chat, kind), Epoch(epoch), number, b"", sealed
                )
            except Unopenable as error:
                if not self.rows.over(epoch):
                    report.alarm("message_unopenable", error)
                continue
            found.append(Kept(number, body))
        return found

    def one(self, group: Group, chat: bytes, way: Way, number: int) -> bytes | None:
        """The message of that number, or None."""
        found = self.read(group, chat, way, number - 1, 1)
        return found[0].body if found and found[0].number == number else None

    def drop(self, group: Group, chat: bytes, way: Way, after: int, last: int) -> None:
        """Deletes the messages after that number, up to and with `last`."""
        group.run(_DROP, [(chat, _WAYS[way], after, last)])

    def drop_one(self, group: Group, chat: bytes, way: Way, number: int) -> None:
        """Deletes one message with its wraps."""
        self.drop(group, chat, way, number - 1, number)
        group.run(_DROP_WRAPS_OF, [(chat, _WAYS[way], number)])

    def add_wraps(
        self, group: Group, chat: bytes, way: Way, number: int, wraps: Mapping[bytes, bytes]
    ) -> None:
        """Keeps the wraps of a message by key. One that is there stays as it is."""
        today = self.rows.epoch()
        group.run(
            _ADD_WRAP,
            [(chat, _WAYS[way], number, key, today, one) for key, one in wraps.items()],
        )

    def wraps(
        self, group: Group, chat: bytes, way: Way, after: int, keys: Collection[bytes]
    ) -> dict[int, Wrapped]:
        """One wrap for one of those keys, by the number of its message. One of a day that cannot be
        was changed by hand, and is left out.
        """
        if not keys:
            return {}
        found, today = {}, self.rows.epoch()
        asked = (chat, _WAYS[way], min(after, _MOST), *keys)
        for number, key, epoch, first, one in group.ask(_wraps_for(len(keys)), asked):
            # At midnight another replica may be a day ahead.
            if first - 1 <= epoch <= today + 1:
                found[number] = Wrapped(key, one)
            else:
                report.alarm("wrap_altered")
        return found

    def closed_to(
        self, group: Group, chat: bytes, way: Way, after: int, keys: Collection[bytes]
    ) -> list[int]:
        """Numbers of the messages after that one that none of those keys opens, in order."""
        asked = (chat, _WAYS[way], after, *keys)
        return [number for (number,) in group.ask(_closed_to(len(keys)), asked)]

    def drop_wraps_but(self, group: Group, chat: bytes, keep: Collection[bytes]) -> None:
        """Deletes every wrap of a chat that is for none of those keys."""
        group.run(_drop_others(len(keep)), [(chat, *keep)])

    def drop_wraps_for(self, group: Group, keys: Iterable[bytes]) -> None:
        """Deletes every wrap of any chat for those keys: their device is trusted no more."""
        if gone := [(key,) for key in keys]:
            group.run(_DROP_KEY, gone)

    def clear(self, group: Group, chat: bytes) -> None:
        """Deletes every message of a chat and every wrap."""
        for statement in _DROP_ALL:
            group.run(statement, [(chat,)])


def _place(chat: bytes, kind: int) -> bytes:
    return chat + bytes((kind,))

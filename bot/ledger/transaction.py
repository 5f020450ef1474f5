"""One transaction on the ledger: records taken out, put back, and acts written down.

It decides that nothing is built on what was changed by hand (`held` looks), that every act is in
the chain, and that whatever follows from a record is written with it. It signs nothing.
"""

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, Executable, insert, select

from bot.ledger import chain, tables
from bot.ledger.held import Held, Kept
from bot.ledger.known import Known
from bot.ledger.loading import load
from bot.ledger.model import Actor, Content, NoSuchRecord
from bot.ledger.plain import read, salted, written
from bot.ledger.scope import may_see
from bot.ledger.shelving import Shelving


class Transaction:
    """What an act may do. Of no use after its block."""

    __slots__ = (
        "_acts",
        "_before",
        "_connection",
        "_contents",
        "_head",
        "_held",
        "_memory",
        "_shelving",
        "_worked",
        "done",
        "known",
        "now",
    )

    def __init__(
        self, connection: Connection, head: Mapping[str, Any], known: Known, now: float
    ) -> None:
        """`now` is in seconds since 1970-01-01 UTC."""
        self._connection = connection
        self._head = dict(head)
        self._held: dict[str, Held] = {}
        self._before: dict[str, Held | None] = {}
        self._acts: list[dict[str, Any]] = []
        self._contents: list[dict[str, Any]] = []
        self._shelving = Shelving(connection, self._head)
        self._worked = False
        self._memory: dict[str, Any] = {}
        self.done: list[tuple[str, str, str, str]] = []
        self.known = known
        self.now = datetime.fromtimestamp(now, UTC)

    @property
    def today(self) -> date:
        """The day, in UTC."""
        return self.now.date()

    @property
    def next_act(self) -> int:
        """The place in the chain of the act that is written next."""
        return int(self._head["acts"]) + 1

    def held(self, record: str, actor: Actor | None = None) -> Held:
        """The record as it stands in this transaction.

        With an actor, only one that they may see. Raises `NoSuchRecord` and `Tampered`.
        """
        self.hold([record])
        held = self._held.get(record)
        if held is None or (actor is not None and not may_see(actor, held, self.known)):
            raise NoSuchRecord("there is no such record", "Look for it in the list.")
        return held

    def hold(self, records: Iterable[str]) -> Mapping[str, Held]:
        """Those of the records that there are, many at once. Raises `Tampered`."""
        wanted = list(dict.fromkeys(records))
        missing = [one for one in wanted if one not in self._held and one not in self._before]
        if missing:
            found = load(self._connection, missing)
            self._shelving.check(missing, found)
            self._held.update(found)
            self._before.update({one: found.get(one) for one in missing})
        return {one: self._held[one] for one in wanted if one in self._held}

    def exists(self, record: str) -> bool:
        """Whether the id is taken."""
        return record in self.hold([record])

    def ever(self, record: str) -> bool:
        """Whether there ever was such a record."""
        if self._held.get(record) or self._before.get(record):
            return True
        found = select(tables.act.c.seq).where(tables.act.c.record == record).limit(1)
        return self._connection.execute(found).first() is not None

    def put(self, held: Held) -> Held:
        """Keeps the record so. What follows from it is written at the end."""
        self.hold([held.id])
        if held.redirect is None and held.kept is None and held.draft is None:
            raise LookupError("a record has a content or a draft")
        self._held[held.id] = held
        return held

    def drop(self, record: str) -> None:
        """Takes out a record that never was more than a draft. Its acts and words stay."""
        self.hold([record])
        self._held.pop(record, None)

    def keep(self, record: str, content: Content) -> Kept:
        """A content, written down for good."""
        self._worked = True
        self._head["contents"] += 1
        salt, body = secrets.token_bytes(16), written(content)
        row = {
            "id": self._head["contents"],
            "record": record,
            "salt": salt,
            "body": body,
            "redacted": "[]",
        }
        self._contents.append(row)
        return Kept(row["id"], salted(salt, body), read(body))

    def act(
        self,
        record: str,
        kind: str,
        by: str,
        *,
        second: str | None = None,
        number: int | None = None,
        kept: Kept | None = None,
        said: Mapping[str, Any] | None = None,
    ) -> int:
        """Writes an act into the chain and gives its place there. `said`: `why`, and what else
        belongs to it, as JSON.
        """
        self._worked = True
        self._head["acts"] += 1
        salt, words = secrets.token_bytes(16), written(said or {})
        row = {
            "seq": self._head["acts"],
            "record": record,
            "kind": kind,
            "by": by,
            "second": second,
            "day": self.today.isoformat(),
            "number": number,
            "content": kept.id if kept else None,
            "content_hash": kept.hash if kept else None,
            "salt": salt,
            "said": words,
            "said_hash": salted(salt, words),
            "previous": self._head["last"],
        }
        row["hash"] = self._head["last"] = chain.act_hash(row)
        self._acts.append(row)
        self.done.append((kind, by, second or "", record))
        return int(row["seq"])

    def ask(self, statement: Executable) -> Sequence[Any]:
        """Rows of any table, with the acts and contents of this transaction among them.

        Records that were put back are not yet written: ask for those with `held`.
        """
        self._flush()
        return self._connection.execute(statement).all()

    def run(self, statement: Executable, rows: Sequence[Mapping[str, Any]] | None = None) -> int:
        """Changes a table that no record is kept in; gives how many rows."""
        self._worked = True
        self._flush()
        if rows is not None:
            return self._connection.execute(statement, [dict(row) for row in rows]).rowcount
        return self._connection.execute(statement).rowcount

    def once(self, name: str, find: Callable[[], Any]) -> Any:
        """What `find` gave when it was first asked for under that name in this transaction."""
        if name not in self._memory:
            self._memory[name] = find()
        return self._memory[name]

    def forget(self, name: str) -> None:
        """Lets `once` ask again."""
        self._memory.pop(name, None)

    def close(self) -> dict[str, Any] | None:
        """Writes everything; gives the new head, unsigned. None when nothing happened."""
        self._flush()
        changed = [one for one in self._before if self._held.get(one) != self._before[one]]
        if not self._worked and not changed:
            return None
        self._head["generation"] += 1
        self._shelving.write(
            [(self._before[one], self._held[one]) for one in changed if one in self._held],
            [one for one in changed if one not in self._held],
            self.known,
        )
        return self._head

    def _flush(self) -> None:
        for table, rows in ((tables.content, self._contents), (tables.act, self._acts)):
            if rows:
                self._connection.execute(insert(table), rows)
                rows.clear()

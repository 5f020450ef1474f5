"""Sessions: which browser is signed in as whom, and for how long.

It decides when a session has ended. The browser holds 256 random bits and the store an HMAC of them
under a key that is kept elsewhere, so that neither a copy of the store nor a row that somebody
wrote into it opens anything. Each request asks once, so that whatever ended a session counts at the
next one.
"""

import secrets
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, insert, select, update

from bot.staff import tables
from bot.staff.accounts import Clock, Tell, nobody
from bot.staff.model import Opened, Session, Staff, Stage
from bot.staff.rows import Rows, end_sessions
from bot.staff.store import StaffStore, moved_on

IDLE_SECONDS: Final = 15 * 60
LONGEST_SECONDS: Final = 12 * 3600
SET_UP_LONGEST: Final = 3600
"""For whoever came with a set-up code."""
PROOF_SECONDS: Final = 5 * 60
"""How long a proof counts for acts that need a fresh one."""
TOUCH_SECONDS: Final = 30
"""A request within this time of the last one writes nothing."""


@dataclass(frozen=True, slots=True)
class Sessions:
    """The sessions in a store."""

    store: StaffStore
    rows: Rows
    clock: Clock
    tell: Tell = nobody

    def begin(self, connection: Connection, someone: str, stage: Stage) -> Opened:
        """A new session of somebody, in the transaction that let them in."""
        now = int(self.clock())
        self._sweep(connection, now)
        values = {
            "staff": someone,
            "stage": stage,
            "csrf": secrets.token_bytes(32),
            "began": now,
            "seen": now,
            "proved": now,
        }
        self.tell(
            someone, "account.signed_in" if stage == "signed_in" else "account.set_up", "", ""
        )
        return self._opened(connection, values)

    def enter(self, someone: str) -> Opened:
        """A session of somebody whom nobody asked for a proof. For demonstrations alone."""
        with self.store.transaction() as connection:
            return self.begin(connection, someone, "signed_in")

    def find(self, secret: bytes, *, touch: bool = True) -> Session | None:
        """Whose session it is, when it has not ended. `touch`: the request is a sign of life."""
        now = int(self.clock())
        mark = self.hash(secret)
        with self.store.look() as connection:
            found = self._living(connection, mark, now)
        if found is None or not touch or now - found.seen < TOUCH_SECONDS:
            return found
        with self.store.transaction() as connection:
            row = self._row(connection, mark)
            if row is None:
                return None  # it was ended meanwhile
            seal = self.rows.seals.seal("session", {**row._mapping, "seen": now})
            mine = tables.session.c.hash == mark
            connection.execute(update(tables.session).where(mine).values(seen=now, seal=seal))
        return replace(found, seen=now)

    def lives(self, secret: bytes) -> bool:
        """Whether it has not ended. Not a sign of life: an open page asks this by itself."""
        with self.store.look() as connection:
            return self._living(connection, self.hash(secret), int(self.clock())) is not None

    def of(self, someone: str) -> tuple[Session, ...]:
        """The sessions of somebody that have not ended, newest first."""
        now = int(self.clock())
        with self.store.look() as connection:
            theirs = select(tables.session).where(tables.session.c.staff == someone)
            rows = connection.execute(theirs.order_by(tables.session.c.began.desc())).all()
            staff = self.rows.staff(connection, self.rows.there(connection, someone))
        living = (row for row in rows if not _ended(row, now) and self._fits(row))
        return tuple(_session(row, staff) for row in living)

    def prove(self, secret: bytes) -> Opened | None:
        """They showed again who they are: the same session under a new secret."""
        now = int(self.clock())
        old = self.hash(secret)
        with self.store.transaction() as connection:
            if self._living(connection, old, now) is None:
                return None
            mine = tables.session.c.hash == old
            row = connection.execute(select(tables.session).where(mine)).one()
            connection.execute(delete(tables.session).where(mine))
            return self._opened(connection, {**row._mapping, "proved": now, "seen": now})

    def end(self, secret: bytes) -> None:
        """They sign out here."""
        with self.store.transaction() as connection:
            mine = tables.session.c.hash == self.hash(secret)
            connection.execute(delete(tables.session).where(mine))
            moved_on(connection)

    def end_others(self, someone: str, secret: bytes | None = None) -> None:
        """Somebody signs out everywhere, or everywhere but here."""
        with self.store.transaction() as connection:
            end_sessions(connection, someone, self.hash(secret) if secret else None)

    def hash(self, secret: bytes) -> bytes:
        """What is kept of the secret of a browser."""
        return self.rows.seals.kept("session", secret)

    def _opened(self, connection: Connection, values: dict[str, Any]) -> Opened:
        secret = secrets.token_bytes(32)
        row = {**values, "hash": self.hash(secret)}
        row["seal"] = self.rows.seals.seal("session", row)
        connection.execute(insert(tables.session).values(row))
        found = self._living(connection, row["hash"], int(self.clock()))
        if found is None:  # whoever is let in has an account that is active, and time has not run
            raise RuntimeError("a session ended as it began")
        return Opened(secret, found)

    def _living(self, connection: Connection, mark: bytes, now: int) -> Session | None:
        row = self._row(connection, mark)
        if row is None or _ended(row, now):
            return None
        account = self.rows.account(connection, tables.staff.c.id == row.staff)
        if account is None or not account.row.active:
            return None
        return _session(row, self.rows.staff(connection, account))

    def _row(self, connection: Connection, mark: bytes) -> Row[Any] | None:
        whose = select(tables.session).where(tables.session.c.hash == mark)
        row = connection.execute(whose).one_or_none()
        return row if row is not None and self._fits(row) else None

    def _fits(self, row: Row[Any]) -> bool:
        return self.rows.seals.fits("session", row._mapping)

    def _sweep(self, connection: Connection, now: int) -> None:
        """Rows of sessions that ended are of no more use."""
        over = (tables.session.c.seen <= now - IDLE_SECONDS) | (
            tables.session.c.began <= now - LONGEST_SECONDS
        )
        connection.execute(delete(tables.session).where(over))


def _ended(row: Row[Any], now: int) -> bool:
    longest = LONGEST_SECONDS if row.stage == "signed_in" else SET_UP_LONGEST
    return bool(now - row.seen >= IDLE_SECONDS or now - row.began >= longest)


def _session(row: Row[Any], staff: Staff) -> Session:
    return Session(
        staff=staff,
        stage=row.stage,
        mark=row.hash.hex()[:12],
        csrf=row.csrf,
        began=row.began,
        seen=row.seen,
        proved=row.proved,
    )

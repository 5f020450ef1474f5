"""Keys by which partners read the API.

It decides whether a key counts and for what. The key itself is shown once; its hash is kept. Of its
use only the day is written down.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final, get_args

from sqlalchemy import Row, insert, select, update

from bot.staff import tables
from bot.staff.accounts import Accounts, Clock, shown_name
from bot.staff.model import ApiKey, Scope, StaffError
from bot.staff.seals import Seals
from bot.staff.store import StaffStore

SCOPES: Final[tuple[Scope, ...]] = get_args(Scope)
PREFIX: Final = "ql_"
"""So that a key that was left lying somewhere can be found and told."""
LENGTH: Final = len(PREFIX) + 43


@dataclass(frozen=True, slots=True)
class ApiKeys:
    """The keys in a store."""

    store: StaffStore
    seals: Seals
    accounts: Accounts
    clock: Clock

    def create(self, name: str, scopes: Iterable[str], by: str) -> tuple[ApiKey, str]:
        """A new key, and the text of it, which is shown this once. Raises `StaffError`."""
        name, wanted = shown_name(name), set(scopes)
        if not wanted or wanted - set(SCOPES):
            raise StaffError("that is no scope", f"Scopes are: {', '.join(SCOPES)}.")
        text = PREFIX + secrets.token_urlsafe(32)
        new = f"k{secrets.token_hex(5)}"
        granted = " ".join(scope for scope in SCOPES if scope in wanted)
        values = {
            "id": new,
            "name": name,
            "hash": self._hash(text),
            "scopes": granted,
            "made": self._today(),
            "made_by": by,
            "revoked": False,
        }
        with self.store.transaction() as connection:
            seal = self.seals.seal("api_key", values)
            connection.execute(insert(tables.api_key).values({**values, "seal": seal}))
            self.accounts.note(connection, by, "key", new, granted)
            mine = tables.api_key.c.id == new
            row = connection.execute(select(tables.api_key).where(mine)).one()
        return _key(row), text

    def verify(self, text: str) -> ApiKey | None:
        """The key that this is, when it counts."""
        if len(text) != LENGTH or not text.startswith(PREFIX):
            return None
        with self.store.look() as connection:
            mine = tables.api_key.c.hash == self._hash(text)
            row = connection.execute(select(tables.api_key).where(mine)).one_or_none()
        if row is None or not self._fits(row) or row.revoked:
            return None
        if row.used != self._today():
            with self.store.transaction() as connection:
                used = update(tables.api_key).where(mine).values(used=self._today())
                connection.execute(used)
        return _key(row)

    def revoke(self, key: str, by: str) -> bool:
        """From now on it opens nothing. False when there is no such key."""
        with self.store.transaction() as connection:
            mine = (tables.api_key.c.id == key) & ~tables.api_key.c.revoked
            row = connection.execute(select(tables.api_key).where(mine)).one_or_none()
            if row is None or not self._fits(row):
                return False
            seal = self.seals.seal("api_key", {**row._mapping, "revoked": True})
            connection.execute(update(tables.api_key).where(mine).values(revoked=True, seal=seal))
            self.accounts.note(connection, by, "key-revoke", key)
            return True

    def every(self) -> tuple[ApiKey, ...]:
        """All keys, newest first; those that were revoked last."""
        order = (tables.api_key.c.revoked, tables.api_key.c.made.desc(), tables.api_key.c.name)
        with self.store.look() as connection:
            rows = connection.execute(select(tables.api_key).order_by(*order)).all()
        return tuple(_key(row) for row in rows if self._fits(row))

    def _hash(self, text: str) -> bytes:
        return self.seals.kept("key", text.encode("utf-8", "replace"))

    def _fits(self, row: Row[Any]) -> bool:
        return self.seals.fits("api_key", row._mapping)

    def _today(self) -> date:
        return datetime.fromtimestamp(self.clock(), UTC).date()


def _key(row: Row[Any]) -> ApiKey:
    return ApiKey(
        id=row.id,
        name=row.name,
        scopes=tuple(scope for scope in SCOPES if scope in row.scopes.split()),
        made=row.made,
        made_by=row.made_by,
        used=row.used,
        revoked=row.revoked,
    )

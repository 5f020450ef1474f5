"""Rows of accounts: read only when their seal fits, and sealed again whenever they change.

It decides nothing about what somebody may do. It must not seal a row again that it did not read
first in the same transaction: that would make good what was changed by hand.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, Row, Table, delete, insert, select, update

from bot.staff import tables
from bot.staff.model import NoSuchStaff, Staff
from bot.staff.roles import ROLES
from bot.staff.seals import FIELDS, Seals
from bot.staff.store import moved_on

NO_WAYS: Final = {"password": None, "totp": None, "totp_step": 0}  # nosec B105  # none at all
"""What is left in an account when every way to sign in is taken away."""
NOBODYS: Final = {
    **dict.fromkeys(FIELDS["staff"], ""),
    "password": "x" * 97,
    "totp": bytes(60),
    "totp_step": 0,
    "active": True,
    "code_until": 0.0,
}
"""As much to seal as in an account."""


@dataclass(frozen=True, slots=True)
class Account:
    """A row that fits, with its roles and areas."""

    row: Row[Any] = field(repr=False)
    roles: tuple[str, ...]
    areas: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of accounts, in whichever transaction."""

    seals: Seals

    def account(self, connection: Connection, where: Any) -> Account | None:
        """The account that is there and whose seal fits."""
        row = connection.execute(select(tables.staff).where(where)).one_or_none()
        someone = row.id if row is not None else ""
        role, area = tables.role, tables.area
        roles = connection.scalars(select(role.c.role).where(role.c.staff == someone)).all()
        areas = connection.scalars(select(area.c.area).where(area.c.staff == someone)).all()
        if row is None:
            # As much was asked and is sealed as for somebody: the time tells nobody's name.
            self.seals.seal("staff", NOBODYS)
            return None
        return self._fitting(row, tuple(roles), tuple(areas))

    def there(self, connection: Connection, someone: str) -> Account:
        """The account of that id. Raises `NoSuchStaff`."""
        account = self.account(connection, tables.staff.c.id == someone)
        if account is None:
            raise NoSuchStaff("there is no such account", "Look at the list of accounts.")
        return account

    def every(self, connection: Connection) -> tuple[Account, ...]:
        """All that fit, by name, those that were revoked last."""
        order = (tables.staff.c.active.desc(), tables.staff.c.key)
        rows = connection.execute(select(tables.staff).order_by(*order)).all()
        roles, areas = _all(connection, tables.role), _all(connection, tables.area)
        found = (self._fitting(row, roles.get(row.id, ()), areas.get(row.id, ())) for row in rows)
        return tuple(account for account in found if account is not None)

    def staff(self, connection: Connection, account: Account) -> Staff:
        """The member of staff that an account is."""
        row = account.row
        return Staff(
            id=row.id,
            name=row.name,
            # A role that this program no longer has gives nothing.
            roles=tuple(role for role in ROLES if role in account.roles),
            areas=tuple(sorted(account.areas)),
            active=row.active,
            ready=row.password is not None or bool(self.passkeys(connection, row.id)),
            language=row.language,
        )

    def passkeys(self, connection: Connection, someone: str) -> tuple[Row[Any], ...]:
        """The passkeys of somebody whose seals fit."""
        theirs = select(tables.passkey).where(tables.passkey.c.staff == someone)
        rows = connection.execute(theirs).all()
        return tuple(row for row in rows if self.seals.fits("passkey", row._mapping))

    def add(
        self,
        connection: Connection,
        values: dict[str, Any],
        roles: tuple[str, ...],
        areas: tuple[str, ...],
    ) -> None:
        """A new account. `values`: all columns but the seal. Lets an `IntegrityError` through."""
        seal = self.seals.seal("staff", values, roles, areas)
        connection.execute(insert(tables.staff).values({**values, "seal": seal}))
        _give(connection, values["id"], roles, areas)

    def change(self, connection: Connection, someone: str, **values: Any) -> None:
        """Other values in an account. Raises `NoSuchStaff`."""
        account = self.there(connection, someone)
        new = {**account.row._mapping, **values}
        seal = self.seals.seal("staff", new, account.roles, account.areas)
        _set(connection, someone, {**values, "seal": seal})

    def give(
        self,
        connection: Connection,
        someone: str,
        roles: tuple[str, ...],
        areas: tuple[str, ...],
    ) -> None:
        """Other roles and areas. Raises `NoSuchStaff`."""
        account = self.there(connection, someone)
        for table in (tables.role, tables.area):
            connection.execute(delete(table).where(table.c.staff == someone))
        _give(connection, someone, roles, areas)
        seal = self.seals.seal("staff", account.row._mapping, roles, areas)
        _set(connection, someone, {"seal": seal})

    def take_ways_away(self, connection: Connection, someone: str, **values: Any) -> None:
        """Drops password, authenticator, recovery codes and passkeys, and sets these values.

        Raises `NoSuchStaff`.
        """
        self.change(connection, someone, **NO_WAYS, **values)
        for table in (tables.recovery, tables.passkey):
            connection.execute(delete(table).where(table.c.staff == someone))

    def _fitting(
        self, row: Row[Any], roles: tuple[str, ...], areas: tuple[str, ...]
    ) -> Account | None:
        fits = self.seals.fits("staff", row._mapping, roles, areas)
        return Account(row, roles, areas) if fits else None


def end_sessions(connection: Connection, someone: str, but: bytes | None = None) -> None:
    """Ends the sessions of somebody, except the one of that hash."""
    theirs = tables.session.c.staff == someone
    if but is not None:
        theirs &= tables.session.c.hash != but
    connection.execute(delete(tables.session).where(theirs))
    moved_on(connection)


def _set(connection: Connection, someone: str, values: dict[str, Any]) -> None:
    mine = tables.staff.c.id == someone
    connection.execute(update(tables.staff).where(mine).values(values))


def _give(connection: Connection, someone: str, roles: Iterable[str], areas: Iterable[str]) -> None:
    for role in roles:
        connection.execute(insert(tables.role).values(staff=someone, role=role))
    for area in areas:
        connection.execute(insert(tables.area).values(staff=someone, area=area))


def _all(connection: Connection, table: Table) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for someone, one in connection.execute(select(table)):
        found[someone] = (*found.get(someone, ()), one)
    return found

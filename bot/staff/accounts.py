"""Accounts: who is there, with which roles and areas, and the ways in which they sign in.

It decides what an administrator may do to an account: nobody changes their own roles, nobody is
ever deleted, because the history of the directory names them. It must not sign anyone in: that is
`bot.staff.signing_in`.
"""

import secrets
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, Table, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.staff import tables
from bot.staff.model import (
    PROGRAM,
    Entry,
    NameTaken,
    NoSuchStaff,
    NotAllowed,
    Staff,
    StaffError,
    Ways,
)
from bot.staff.one_time import SET_UP_SECONDS, code_hash, new_code
from bot.staff.roles import ROLES, Role
from bot.staff.store import StaffStore, moved_on

MOST_NAME: Final = 60
Clock = Callable[[], float]
"""Seconds since 1970."""


@dataclass(frozen=True, slots=True)
class Accounts:
    """The accounts in a store."""

    store: StaffStore
    clock: Clock

    def add(
        self, name: str, roles: Iterable[Role], areas: Iterable[str] = (), by: str = PROGRAM
    ) -> tuple[Staff, str]:
        """A new account and its set-up code, which is shown this once.

        Raises `NameTaken`, or `StaffError` for a name or role that cannot be.
        """
        name, roles, areas = shown_name(name), _known(roles), _codes(areas)
        code = new_code()
        someone = f"s{secrets.token_hex(5)}"
        values = {
            "id": someone,
            "key": name_key(name),
            "name": name,
            "active": True,
            "language": "",
            "totp_step": 0,
            "code": code_hash(code),
            "code_until": int(self.clock()) + SET_UP_SECONDS,
        }
        with self.store.transaction() as connection:
            try:
                connection.execute(insert(tables.staff).values(values))
            except IntegrityError:
                raise NameTaken("somebody has that name", "Choose another name.") from None
            self._give(connection, someone, roles, areas)
            self.note(connection, by, "add", someone, _facts(roles, areas))
            return staff_in(connection, someone), code

    def find(self, someone: str) -> Staff | None:
        """The account of that id."""
        with self.store.look() as connection:
            row = _row(connection, tables.staff.c.id == someone)
            return _staff(connection, row) if row else None

    def named(self, name: str) -> Staff:
        """The account of that name. Raises `NoSuchStaff`."""
        with self.store.look() as connection:
            row = _row(connection, tables.staff.c.key == name_key(name))
            if row is None:
                mend = "Look at the names with: ./quietline staff list"
                raise NoSuchStaff("nobody has that name", mend)
            return _staff(connection, row)

    def everyone(self) -> tuple[Staff, ...]:
        """All accounts by name, those that were revoked last."""
        with self.store.look() as connection:
            order = (tables.staff.c.active.desc(), tables.staff.c.key)
            rows = connection.execute(select(tables.staff).order_by(*order)).all()
            roles, areas = _all(connection, tables.role), _all(connection, tables.area)
            keyed = {row.staff for row in connection.execute(select(tables.passkey.c.staff))}
        return tuple(
            _made(row, roles.get(row.id, ()), areas.get(row.id, ()), keyed=row.id in keyed)
            for row in rows
        )

    def ways(self, someone: str) -> Ways:
        """How somebody can sign in now. Raises `NoSuchStaff`."""
        with self.store.look() as connection:
            row = _there(connection, someone)
            return Ways(
                password=row.password is not None,
                authenticator=row.totp is not None,
                passkeys=_count(connection, tables.passkey, someone),
                recovery_codes=_count(connection, tables.recovery, someone),
            )

    def set_roles(
        self, someone: str, roles: Iterable[Role], areas: Iterable[str], by: str = PROGRAM
    ) -> Staff:
        """Other roles and areas, at once: all their sessions end.

        Raises `NoSuchStaff`, or `NotAllowed` for one's own.
        """
        roles, areas = _known(roles), _codes(areas)
        if someone == by:
            mend = "Ask another administrator."
            raise NotAllowed("nobody changes their own roles", mend)
        with self.store.transaction() as connection:
            _there(connection, someone)
            for table in (tables.role, tables.area):
                connection.execute(delete(table).where(table.c.staff == someone))
            self._give(connection, someone, roles, areas)
            end_sessions(connection, someone)
            self.note(connection, by, "roles", someone, _facts(roles, areas))
            return staff_in(connection, someone)

    def revoke(self, someone: str, by: str = PROGRAM) -> None:
        """Nothing opens this account any more, and all its sessions end. Raises `NoSuchStaff`."""
        if someone == by:
            raise NotAllowed("nobody revokes their own account", "Ask another administrator.")
        with self.store.transaction() as connection:
            _there(connection, someone)
            take_ways_away(connection, someone, {"active": False, "code": None, "code_until": 0})
            end_sessions(connection, someone)
            self.note(connection, by, "revoke", someone)

    def reset(self, someone: str, by: str = PROGRAM) -> str:
        """A new set-up code; every way to sign in from before is gone, and so are the sessions.

        It opens a revoked account again. Raises `NoSuchStaff`.
        """
        if someone == by:
            mend = "Change them on your own page, or ask another administrator."
            raise NotAllowed("nobody resets their own account", mend)
        code = new_code()
        until = int(self.clock()) + SET_UP_SECONDS
        with self.store.transaction() as connection:
            _there(connection, someone)
            values = {"active": True, "code": code_hash(code), "code_until": until}
            take_ways_away(connection, someone, values)
            end_sessions(connection, someone)
            self.note(connection, by, "reset", someone)
        return code

    def set_language(self, someone: str, language: str) -> None:
        """The language of their pages."""
        with self.store.transaction() as connection:
            mine = tables.staff.c.id == someone
            connection.execute(update(tables.staff).where(mine).values(language=language[:8]))

    def history(self, most: int = 200) -> tuple[Entry, ...]:
        """What was done to accounts and keys, newest first."""
        with self.store.look() as connection:
            newest = select(tables.act).order_by(tables.act.c.number.desc()).limit(most)
            return tuple(Entry(*row) for row in connection.execute(newest))

    def note(self, connection: Connection, by: str, act: str, about: str, facts: str = "") -> None:
        """Write down what was done, in the transaction that does it."""
        today = datetime.fromtimestamp(self.clock(), UTC).date()
        values = {"on": today, "by": by, "act": act, "about": about, "facts": facts}
        connection.execute(insert(tables.act).values(values))

    def _give(
        self,
        connection: Connection,
        someone: str,
        roles: tuple[Role, ...],
        areas: tuple[str, ...],
    ) -> None:
        for role in roles:
            connection.execute(insert(tables.role).values(staff=someone, role=role))
        for area in areas:
            connection.execute(insert(tables.area).values(staff=someone, area=area))


def shown_name(name: str) -> str:
    """A name as it is shown: one line without odd blanks. Raises `StaffError`."""
    plain = " ".join(unicodedata.normalize("NFKC", name).split())
    if not plain or len(plain) > MOST_NAME or not plain.isprintable():
        raise StaffError("that is no name", f"A name has 1 to {MOST_NAME} letters on one line.")
    return plain


def name_key(name: str) -> str:
    """A name as names are compared."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())[:80]


def staff_in(connection: Connection, someone: str) -> Staff:
    """The account of that id, in a transaction. Raises `NoSuchStaff`."""
    return _staff(connection, _there(connection, someone))


def end_sessions(connection: Connection, someone: str, but: bytes | None = None) -> None:
    """Ends the sessions of somebody, except the one of that hash."""
    theirs = tables.session.c.staff == someone
    if but is not None:
        theirs &= tables.session.c.hash != but
    connection.execute(delete(tables.session).where(theirs))
    moved_on(connection)


def take_ways_away(connection: Connection, someone: str, values: Mapping[str, Any]) -> None:
    """Drops password, authenticator, recovery codes and passkeys, and sets these values."""
    for table in (tables.recovery, tables.passkey):
        connection.execute(delete(table).where(table.c.staff == someone))
    gone = {"password": None, "totp": None, "totp_step": 0}
    mine = tables.staff.c.id == someone
    connection.execute(update(tables.staff).where(mine).values({**gone, **values}))


def _row(connection: Connection, where: Any) -> Row[Any] | None:
    return connection.execute(select(tables.staff).where(where)).one_or_none()


def _there(connection: Connection, someone: str) -> Row[Any]:
    row = _row(connection, tables.staff.c.id == someone)
    if row is None:
        raise NoSuchStaff("there is no such account", "Look at the list of accounts.")
    return row


def _staff(connection: Connection, row: Row[Any]) -> Staff:
    role, area = tables.role, tables.area
    roles = connection.scalars(select(role.c.role).where(role.c.staff == row.id)).all()
    areas = connection.scalars(select(area.c.area).where(area.c.staff == row.id)).all()
    return _made(row, roles, areas, keyed=_count(connection, tables.passkey, row.id) > 0)


def _made(row: Row[Any], roles: Iterable[str], areas: Iterable[str], *, keyed: bool) -> Staff:
    return Staff(
        id=row.id,
        name=row.name,
        # A role that this program no longer has gives nothing.
        roles=tuple(role for role in ROLES if role in set(roles)),
        areas=tuple(sorted(areas)),
        active=row.active,
        ready=row.password is not None or keyed,
        language=row.language,
    )


def _all(connection: Connection, table: Table) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for someone, one in connection.execute(select(table)):
        found[someone] = (*found.get(someone, ()), one)
    return found


def _count(connection: Connection, table: Table, someone: str) -> int:
    return len(connection.execute(select(table.c.staff).where(table.c.staff == someone)).all())


def _known(roles: Iterable[str]) -> tuple[Role, ...]:
    wanted = tuple(roles)
    if unknown := set(wanted) - set(ROLES):
        mend = f"Roles are: {', '.join(ROLES)}."
        raise StaffError(f"there is no role {', '.join(sorted(unknown))[:60]}", mend)
    return tuple(role for role in ROLES if role in wanted)


def _codes(areas: Iterable[str]) -> tuple[str, ...]:
    codes = tuple(dict.fromkeys(area.strip().upper() for area in areas if area.strip()))
    for code in codes:
        if len(code) > 20 or not all(
            (letter.isascii() and letter.isalnum()) or letter == "-" for letter in code
        ):
            raise StaffError("that is no code of an area", "Areas are written like UA or UA-63.")
    return codes


def _facts(roles: Iterable[str], areas: Iterable[str]) -> str:
    return f"{' '.join(roles)}; {' '.join(areas) or 'all areas'}"

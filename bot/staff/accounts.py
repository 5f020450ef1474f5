"""Accounts: who is there, with which roles and areas, and the ways in which they sign in.

It decides what an administrator may do to an account: nobody changes their own roles, nobody is
ever deleted, because the history of the directory names them. It must not sign anyone in: that is
`bot.staff.signing_in`.
"""

import secrets
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Connection, insert, select, update
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
from bot.staff.one_time import SET_UP_SECONDS, new_code, plain_code
from bot.staff.roles import ROLES, Role
from bot.staff.rows import Rows, end_sessions
from bot.staff.store import StaffStore

MOST_NAME: Final = 60
Clock = Callable[[], float]
"""Seconds since 1970."""
Tell = Callable[[str, str, str, str], object]
"""`(staff, act, about, why)`: writes down for the audit what somebody did. Never raises."""


def nobody(*_: str) -> None:
    """Where no audit is kept."""


@dataclass(frozen=True, slots=True)
class Accounts:
    """The accounts in a store."""

    store: StaffStore
    rows: Rows
    clock: Clock
    tell: Tell = nobody

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
            "password": None,  # nosec B105  # none yet
            "totp": None,
            "code": self._kept(code, someone),
            "code_until": int(self.clock()) + SET_UP_SECONDS,
        }
        with self.store.transaction() as connection:
            try:
                self.rows.add(connection, values, roles, areas)
            except IntegrityError:
                raise NameTaken("somebody has that name", "Choose another name.") from None
            self.note(connection, by, "add", someone, _facts(roles, areas))
            return self.staff_in(connection, someone), code

    def find(self, someone: str) -> Staff | None:
        """The account of that id."""
        with self.store.look() as connection:
            account = self.rows.account(connection, tables.staff.c.id == someone)
            return self.rows.staff(connection, account) if account else None

    def named(self, name: str) -> Staff:
        """The account of that name. Raises `NoSuchStaff`."""
        with self.store.look() as connection:
            account = self.rows.account(connection, tables.staff.c.key == name_key(name))
            if account is None:
                mend = "Look at the names with: ./quietline staff list"
                raise NoSuchStaff("nobody has that name", mend)
            return self.rows.staff(connection, account)

    def everyone(self) -> tuple[Staff, ...]:
        """All accounts by name, those that were revoked last."""
        with self.store.look() as connection:
            every = self.rows.every(connection)
            return tuple(self.rows.staff(connection, account) for account in every)

    def ways(self, someone: str) -> Ways:
        """How somebody can sign in now. Raises `NoSuchStaff`."""
        with self.store.look() as connection:
            row = self.rows.there(connection, someone).row
            codes = tables.recovery.c.staff
            return Ways(
                password=row.password is not None,
                authenticator=row.totp is not None,
                passkeys=len(self.rows.passkeys(connection, someone)),
                recovery_codes=len(connection.execute(select(codes).where(codes == someone)).all()),
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
            self.rows.give(connection, someone, roles, areas)
            end_sessions(connection, someone)
            self.note(connection, by, "roles", someone, _facts(roles, areas))
            return self.staff_in(connection, someone)

    def revoke(self, someone: str, by: str = PROGRAM) -> None:
        """Nothing opens this account any more, and all its sessions end. Raises `NoSuchStaff`."""
        if someone == by:
            raise NotAllowed("nobody revokes their own account", "Ask another administrator.")
        with self.store.transaction() as connection:
            gone = {"active": False, "code": None, "code_until": 0}
            self.rows.take_ways_away(connection, someone, **gone)
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
            values = {"active": True, "code": self._kept(code, someone), "code_until": until}
            self.rows.take_ways_away(connection, someone, **values)
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
        self.tell(by, f"account.{act}", about, facts)

    def staff_in(self, connection: Connection, someone: str) -> Staff:
        """The account of that id, in a transaction. Raises `NoSuchStaff`."""
        return self.rows.staff(connection, self.rows.there(connection, someone))

    def _kept(self, code: str, someone: str) -> bytes:
        return self.rows.seals.kept("set-up", plain_code(code), someone)


def shown_name(name: str) -> str:
    """A name as it is shown: one line without odd blanks. Raises `StaffError`."""
    plain = " ".join(unicodedata.normalize("NFKC", name).split())
    if not plain or len(plain) > MOST_NAME or not plain.isprintable():
        raise StaffError("that is no name", f"A name has 1 to {MOST_NAME} letters on one line.")
    return plain


def name_key(name: str) -> str:
    """A name as names are compared."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())[:80]


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

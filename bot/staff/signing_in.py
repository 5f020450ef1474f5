"""Signing in: a set-up code the first time, then a password with a second proof, or a passkey.

It decides whether what was given fits. Whatever does not fit is one fault, after the same work:
nobody learns from it whether there is such a name, nor which part was wrong. It must not slow down
anyone who brings a passkey, a recovery code or a set-up code, who signed in before in this browser,
or who is signed in, however often strangers guessed.
"""

import hmac
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, delete, insert, select

from bot import report
from bot.staff import tables
from bot.staff.accounts import Accounts, Clock, name_key
from bot.staff.browsers import Browsers
from bot.staff.model import Opened, Session, Staff, WrongProof
from bot.staff.one_time import (
    RECOVERY_CODES,
    Sealed,
    new_code,
    plain_code,
    step_of,
)
from bot.staff.passwords import Passwords, check_password
from bot.staff.patience import Patience
from bot.staff.rows import Rows, end_sessions
from bot.staff.sessions import Sessions
from bot.staff.store import StaffStore

NOBODY: Final = ""
"""The id of nobody, for whom the same work is done."""


@dataclass(frozen=True, slots=True)
class SigningIn:
    """What lets people in, and how they choose the ways that do."""

    store: StaffStore
    rows: Rows
    accounts: Accounts
    sessions: Sessions
    passwords: Passwords
    sealed: Sealed
    patience: Patience
    browsers: Browsers
    clock: Clock
    words: tuple[str, ...] = ()
    """Words that a password may not be made of: the organisation's name and the like."""

    def with_code(self, name: str, code: str) -> Opened:
        """In with a set-up code, to choose how to sign in. The code counts until that is done.

        Nobody guesses such a code, so wrong ones are not counted. Raises `WrongProof`.
        """
        with self.store.transaction() as connection:
            row = self._row(connection, name_key(name))
            kept = row.code if row is not None and row.code is not None else b""
            someone = str(row.id) if row is not None else NOBODY
            given = self.rows.seals.kept("set-up", plain_code(code), someone)
            fits = hmac.compare_digest(kept, given)
            if row is not None and fits and row.active and self.clock() < row.code_until:
                return self.sessions.begin(connection, row.id, "set_up")
        raise WrongProof

    def with_password(self, name: str, password: str, second: str, browser: bytes = b"") -> Opened:
        """In with a password and six digits, or a recovery code in their place.

        `browser`: the mark that this browser holds, or nothing. Raises `WrongProof`.
        """
        someone = self._proven(name, password, second, browser)
        with self.store.transaction() as connection:
            return self.sessions.begin(connection, someone, "signed_in")

    def prove(self, staff: Staff, secret: bytes, password: str, second: str) -> Opened:
        """The same person again, for an act that needs it: the session under a new secret.

        Raises `WrongProof`.
        """
        # Strangers have no session: whoever has one is counted apart from them.
        here = self.browsers.mark(staff.id)
        mine = f"session {self.sessions.hash(secret).hex()}"
        if self._proven(staff.name, password, second, here, mine) != staff.id:
            raise WrongProof
        opened = self.sessions.prove(secret)
        if opened is None:
            raise WrongProof
        return opened

    def authenticator(self, session: Session) -> str:
        """The secret that somebody's next authenticator will have, in base32."""
        with self.store.look() as connection:
            mine = tables.staff.c.id == session.staff.id
            now = connection.execute(select(tables.staff.c.totp).where(mine)).scalar_one()
        return self.sealed.fresh_secret(session.csrf + (now or b""))

    def choose(
        self, session: Session, password: str, digits: str, secret: bytes
    ) -> tuple[Opened, tuple[str, ...]]:
        """Whoever came with a set-up code chooses a password and shows that the authenticator
        works. In, and with recovery codes that are shown this once.

        Raises `WeakPassword`, or `WrongProof` when the digits do not fit.
        """
        staff = session.staff
        check_password(password, (staff.name, *self.words))
        totp_secret = self.authenticator(session)
        step = step_of(totp_secret, digits, self.clock(), 0)
        if step is None:
            raise WrongProof
        hashed = self.passwords.hash(password)
        with self.store.transaction() as connection:
            self.rows.change(
                connection,
                staff.id,
                password=hashed,
                totp=self.sealed.seal(totp_secret, staff.id),
                totp_step=step,
            )
            codes = self._new_codes(connection, staff.id)
            return self.finish(connection, staff.id, secret), codes

    def finish(self, connection: Connection, someone: str, secret: bytes) -> Opened:
        """Close the set-up code, and the session that it opened; begin a real one."""
        mine = (tables.session.c.hash == self.sessions.hash(secret)) & (
            tables.session.c.stage == "set_up"
        )
        if connection.execute(delete(tables.session).where(mine)).rowcount != 1:
            raise WrongProof  # it was used up meanwhile, in another window
        self.rows.change(connection, someone, code=None, code_until=0)
        end_sessions(connection, someone)
        self.accounts.note(connection, someone, "set-up", someone)
        return self.sessions.begin(connection, someone, "signed_in")

    def change_password(self, staff: Staff, password: str, secret: bytes) -> None:
        """Another password; all other sessions end. Raises `WeakPassword`."""
        check_password(password, (staff.name, *self.words))
        hashed = self.passwords.hash(password)
        with self.store.transaction() as connection:
            self.rows.change(connection, staff.id, password=hashed)
            end_sessions(connection, staff.id, self.sessions.hash(secret))
            self.accounts.note(connection, staff.id, "password", staff.id)

    def change_authenticator(self, session: Session, digits: str, secret: bytes) -> None:
        """Another authenticator; all other sessions end. Raises `WrongProof`."""
        staff = session.staff
        totp_secret = self.authenticator(session)
        step = step_of(totp_secret, digits, self.clock(), 0)
        if step is None:
            raise WrongProof
        with self.store.transaction() as connection:
            totp = self.sealed.seal(totp_secret, staff.id)
            self.rows.change(connection, staff.id, totp=totp, totp_step=step)
            end_sessions(connection, staff.id, self.sessions.hash(secret))
            self.accounts.note(connection, staff.id, "authenticator", staff.id)

    def new_recovery_codes(self, staff: Staff) -> tuple[str, ...]:
        """Ten new codes, shown this once; the old ones count no more."""
        with self.store.transaction() as connection:
            self.accounts.note(connection, staff.id, "recovery-codes", staff.id)
            return self._new_codes(connection, staff.id)

    def knows(self, name: str, browser: bytes) -> bool:
        """Whether whoever has that name signed in before in the browser that holds this mark."""
        with self.store.look() as connection:
            row = self._row(connection, name_key(name))
        return self.browsers.is_theirs(str(row.id) if row is not None else NOBODY, browser)

    def _proven(
        self, name: str, password: str, second: str, browser: bytes, session: str = ""
    ) -> str:
        """Whose name, password and second proof these are. Raises `WrongProof`."""
        key = name_key(name)
        with self.store.look() as connection:
            row = self._row(connection, key)
            someone = str(row.id) if row is not None else NOBODY
            recovers = self._is_recovery(connection, someone, second)
        if self.browsers.is_theirs(someone, browser):
            # No name has a line break in it.
            key = f"{key}\n{session or browser.hex()}"
        if not recovers and not self.patience.has(key):
            raise WrongProof
        # The same work for whoever asks: a name that nobody has costs as much as one that somebody
        # has, and a wrong password as much as a wrong second proof.
        kept = row.password if row is not None and row.active else None
        fits = self.passwords.fits(password, kept)
        if not self._second_fits(someone, second, used=fits) or row is None or not fits:
            if self.patience.lose(key):
                report.alarm("sign_in_guessed")  # whose name it was is nobody's business
            raise WrongProof
        if self.passwords.is_old(row.password):
            fresh = self.passwords.hash(password)
            with self.store.transaction() as connection:
                self.rows.change(connection, row.id, password=fresh)
        self.patience.find_again(key)
        return someone

    def _second_fits(self, someone: str, second: str, *, used: bool) -> bool:
        """Whether the six digits or the recovery code fit; `used`: they count no more after it."""
        with self.store.transaction() as connection:
            account = self.rows.account(connection, tables.staff.c.id == someone)
            row = account.row if account is not None else None
            counts = row is not None and row.totp is not None and row.active
            sealed, last = (row.totp, row.totp_step) if row is not None and counts else (b"", 0)
            opened = self.sealed.open(sealed or self.sealed.nobodys, someone if counts else NOBODY)
            # Sealed with another pepper: no digits fit, a recovery code still does.
            step = step_of(opened, second, self.clock(), last) if opened is not None else None
            recovers = step is None and self._is_recovery(connection, someone, second)
            if not counts or not used or (step is None and not recovers):
                return False
            if step is not None:
                self.rows.change(connection, someone, totp_step=step)
            else:
                mine = self._recovery(someone, second)
                connection.execute(delete(tables.recovery).where(mine))
                self.accounts.note(connection, someone, "recovery-code", someone)
            return True

    def _new_codes(self, connection: Connection, someone: str) -> tuple[str, ...]:
        codes = tuple(new_code() for _ in range(RECOVERY_CODES))
        theirs = tables.recovery.c.staff == someone
        connection.execute(delete(tables.recovery).where(theirs))
        for code in codes:
            kept = self.rows.seals.kept("recovery", plain_code(code), someone)
            connection.execute(insert(tables.recovery).values(staff=someone, hash=kept))
        return codes

    def _is_recovery(self, connection: Connection, someone: str, second: str) -> bool:
        mine = select(tables.recovery.c.staff).where(self._recovery(someone, second))
        return connection.execute(mine).first() is not None

    def _recovery(self, someone: str, second: str) -> ColumnElement[bool]:
        """Which row that recovery code of theirs is."""
        kept = self.rows.seals.kept("recovery", plain_code(second), someone)
        return (tables.recovery.c.staff == someone) & (tables.recovery.c.hash == kept)

    def _row(self, connection: Connection, key: str) -> Row[Any] | None:
        account = self.rows.account(connection, tables.staff.c.key == key)
        return account.row if account is not None else None

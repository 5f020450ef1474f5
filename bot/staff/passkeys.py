"""Passkeys: a key pair in somebody's device, which asks for their finger, face or PIN itself.

It decides whether an answer of such a device counts: for this site, for the challenge that was just
given to this browser, with the person verified, and never twice. It must not ask whether strangers
guessed: nobody guesses a signature.
"""

import json
import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from bot.staff import tables
from bot.staff.accounts import Accounts, Clock
from bot.staff.model import NotAllowed, Opened, Passkey, Session, Staff, WrongProof
from bot.staff.rows import Rows
from bot.staff.sessions import Sessions
from bot.staff.signing_in import SigningIn
from bot.staff.store import StaffStore, moved_on

CHALLENGE_SECONDS: Final = 300
MOST_CHALLENGES: Final = 4096
MOST_KEYS: Final = 10
REQUIRED: Final = UserVerificationRequirement.REQUIRED


@dataclass(frozen=True, slots=True)
class Site:
    """Where the console is, as browsers sign it."""

    name: str
    """The host without its port; never a number."""
    origin: str
    """`https://desk.example.org`."""


@dataclass(slots=True)
class Challenges:
    """Challenges that were given out: in memory, each for one browser and once."""

    clock: Clock
    _open: OrderedDict[tuple[str, bytes], tuple[float, bytes]] = field(
        default_factory=OrderedDict, repr=False
    )
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def give(self, what: str, browser: bytes) -> bytes:
        """A new one; the one before counts no more."""
        challenge = secrets.token_bytes(32)
        with self._lock:
            self._open.pop((what, browser), None)
            self._open[what, browser] = self.clock(), challenge
            if len(self._open) > MOST_CHALLENGES:
                self._open.popitem(last=False)
        return challenge

    def take(self, what: str, browser: bytes) -> bytes:
        """The one that was given. Raises `WrongProof` when there is none, or it is too old."""
        with self._lock:
            at, challenge = self._open.pop((what, browser), (0.0, b""))
        if not challenge or self.clock() - at > CHALLENGE_SECONDS:
            raise WrongProof
        return challenge


class Passkeys:
    """The passkeys in a store. `browser`: what a challenge is given to, a session or a cookie;
    `secret`: what the browser of a session holds.
    """

    def __init__(
        self,
        store: StaffStore,
        accounts: Accounts,
        sessions: Sessions,
        signing_in: SigningIn,
        rows: Rows,
        clock: Clock,
    ) -> None:
        self._store, self._accounts, self._sessions = store, accounts, sessions
        self._signing_in, self._rows, self._clock = signing_in, rows, clock
        self._challenges = Challenges(clock)

    def begin_adding(self, session: Session, site: Site) -> str:
        """What the browser is asked for to make a new one, as JSON."""
        staff = session.staff
        options = generate_registration_options(
            rp_id=site.name,
            rp_name="Quietline",
            user_id=staff.id.encode("ascii"),
            user_name=staff.name,
            challenge=self._challenges.give("add", session.csrf),
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED,
                user_verification=REQUIRED,
            ),
            exclude_credentials=[
                PublicKeyCredentialDescriptor(id=key.id) for key in self.of(staff.id)
            ],
        )
        return options_to_json(options)

    def add(self, session: Session, secret: bytes, answer: str, label: str, site: Site) -> Opened:
        """A new passkey of somebody. Whoever came with a set-up code is in with it.

        Raises `WrongProof`, or `NotAllowed` when there are too many.
        """
        staff = session.staff
        challenge = self._challenges.take("add", session.csrf)
        try:
            made = verify_registration_response(
                credential=_read(answer),
                expected_challenge=challenge,
                expected_rp_id=site.name,
                expected_origin=site.origin,
                require_user_verification=True,
            )
        except WebAuthnException:
            raise WrongProof from None
        if len(self.of(staff.id)) >= MOST_KEYS:
            raise NotAllowed("there are too many passkeys", "Take one away that you do not use.")
        values = {
            "id": made.credential_id,
            "staff": staff.id,
            "public_key": made.credential_public_key,
            "sign_count": made.sign_count,
            "label": " ".join(label.split())[:40],
            "added": self._today(),
        }
        with self._store.transaction() as connection:
            try:
                seal = self._rows.seals.seal("passkey", values)
                connection.execute(insert(tables.passkey).values({**values, "seal": seal}))
            except IntegrityError:
                raise WrongProof from None
            self._accounts.note(connection, staff.id, "passkey", staff.id)
            if session.stage == "set_up":
                return self._signing_in.finish(connection, staff.id, secret)
        return Opened(secret, session)

    def begin(self, browser: bytes, site: Site) -> str:
        """What the browser is asked for to show one, as JSON. It names nobody."""
        options = generate_authentication_options(
            rp_id=site.name,
            challenge=self._challenges.give("show", browser),
            user_verification=REQUIRED,
        )
        return options_to_json(options)

    def sign_in(self, browser: bytes, answer: str, site: Site) -> Opened:
        """In with a passkey. Raises `WrongProof`."""
        with self._store.transaction() as connection:
            someone = self._shown(connection, browser, answer, site)
            return self._sessions.begin(connection, someone, "signed_in")

    def prove(self, session: Session, secret: bytes, answer: str, site: Site) -> Opened:
        """The same person again: the session under a new secret. Raises `WrongProof`."""
        with self._store.transaction() as connection:
            if self._shown(connection, session.csrf, answer, site) != session.staff.id:
                raise WrongProof
        opened = self._sessions.prove(secret)
        if opened is None:
            raise WrongProof
        return opened

    def of(self, someone: str) -> tuple[Passkey, ...]:
        """The passkeys of somebody."""
        with self._store.look() as connection:
            return tuple(_passkey(row) for row in self._rows.passkeys(connection, someone))

    def drop(self, staff: Staff, key: bytes) -> None:
        """Takes one away. Raises `NotAllowed` when it is the only way in."""
        ways = self._accounts.ways(staff.id)
        if ways.passkeys < 2 and not (ways.password and ways.authenticator):
            mend = "Choose a password and an authenticator, or add another passkey first."
            raise NotAllowed("it is your only way in", mend)
        with self._store.transaction() as connection:
            mine = (tables.passkey.c.id == key) & (tables.passkey.c.staff == staff.id)
            if connection.execute(delete(tables.passkey).where(mine)).rowcount:
                self._accounts.note(connection, staff.id, "passkey-drop", staff.id)
                moved_on(connection)

    def _shown(self, connection: Connection, browser: bytes, answer: str, site: Site) -> str:
        """Whose passkey that is. Raises `WrongProof`."""
        challenge = self._challenges.take("show", browser)
        said = _read(answer)
        row = self._known(connection, said)
        try:
            shown = verify_authentication_response(
                credential=said,
                expected_challenge=challenge,
                expected_rp_id=site.name,
                expected_origin=site.origin,
                credential_public_key=row.public_key,
                # Of a device that counts, a copy is found out: its count falls behind.
                credential_current_sign_count=row.sign_count,
                require_user_verification=True,
            )
        except WebAuthnException:
            raise WrongProof from None
        mine = tables.passkey.c.id == row.id
        used = {"sign_count": shown.new_sign_count, "used": self._today()}
        connection.execute(update(tables.passkey).where(mine).values(used))
        return str(row.staff)

    def _known(self, connection: Connection, said: dict[str, Any]) -> Row[Any]:
        try:
            key = base64url_to_bytes(str(said["id"]))
        except (KeyError, ValueError):
            raise WrongProof from None
        mine = select(tables.passkey).where(tables.passkey.c.id == key)
        row = connection.execute(mine).one_or_none()
        if row is None or not self._rows.seals.fits("passkey", row._mapping):
            raise WrongProof
        account = self._rows.account(connection, tables.staff.c.id == row.staff)
        if account is None or not account.row.active:
            raise WrongProof
        return row

    def _today(self) -> date:
        return datetime.fromtimestamp(self._clock(), UTC).date()

    def __repr__(self) -> str:
        return "Passkeys()"


def _read(answer: str) -> dict[str, Any]:
    try:
        said = json.loads(answer)
    except (ValueError, RecursionError):
        raise WrongProof from None
    if not isinstance(said, dict):
        raise WrongProof
    return said


def _passkey(row: Row[Any]) -> Passkey:
    return Passkey(
        id=row.id,
        staff=row.staff,
        public_key=row.public_key,
        sign_count=row.sign_count,
        label=row.label,
        added=row.added,
        used=row.used,
    )

"""What the staff room gives and takes: plain frozen values, and what it refuses.

They decide nothing. No repr holds a name, a code, a password or a token.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal

from bot.staff.roles import Role

PROGRAM: Final = "command"
"""Who acts when it is a command of whoever runs the service, and no member of staff."""

Stage = Literal["set_up", "signed_in"]
"""`set_up`: came with a set-up code and chooses how to sign in; nothing else is open to them."""
Scope = Literal["hsds.read"]


@dataclass(frozen=True, slots=True)
class Staff:
    """A member of staff."""

    id: str
    """The same for all sessions of one person, and for ever."""
    name: str = field(repr=False)
    roles: tuple[Role, ...]
    areas: tuple[str, ...]
    """Codes of countries and regions that they keep; empty: all of them."""
    active: bool
    """False once the account was revoked."""
    ready: bool
    """Whether they chose how to sign in."""
    language: str = ""
    """The language of their pages; empty: what their browser asks for."""


@dataclass(frozen=True, slots=True)
class Ways:
    """The ways in which somebody can sign in now."""

    password: bool
    authenticator: bool
    passkeys: int
    recovery_codes: int
    """How many are left."""


@dataclass(frozen=True, slots=True)
class Session:
    """A sign-in of one browser."""

    staff: Staff
    stage: Stage
    mark: str
    """Names it among the sessions of one person; opens nothing."""
    csrf: bytes = field(repr=False)
    """What the tokens of its forms are made from."""
    began: int
    """Second since 1970."""
    seen: int
    """The last request, to within half a minute."""
    proved: int
    """When who they are was last shown by a password or a passkey."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A session and the secret that its browser holds from now on."""

    secret: bytes = field(repr=False)
    session: Session


@dataclass(frozen=True, slots=True)
class Passkey:
    """A passkey of somebody, as it is listed."""

    id: bytes = field(repr=False)
    staff: str
    public_key: bytes = field(repr=False)
    sign_count: int
    label: str = field(repr=False)
    added: date
    used: date | None


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key by which a partner reads the API."""

    id: str
    name: str = field(repr=False)
    scopes: tuple[Scope, ...]
    made: date
    made_by: str
    used: date | None
    """The last day it was used; no finer."""
    revoked: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """One act on an account or a key."""

    number: int
    on: date
    by: str
    """The id of a member of staff, or `command`."""
    act: str
    about: str
    """The id of the account or key."""
    facts: str = field(default="", repr=False)
    """Roles and areas; never a name or a secret."""


class StaffError(Exception):
    """Refused. `mend` says what helps; neither part holds a name or a secret.

    StaffError
     +- NoSuchStaff     nobody of that name or id
     +- NameTaken       somebody has that name already
     +- NotAllowed      a rule of the accounts says no
     +- WeakPassword    too short, too long or too easily guessed
     +- WrongProof      what was given to sign in does not fit; never says which part
    """

    def __init__(self, said: str, mend: str = "") -> None:
        super().__init__(said)
        self.mend = mend


class NoSuchStaff(StaffError):
    """Nobody has that name or id."""


class NameTaken(StaffError):
    """Somebody has that name."""


class NotAllowed(StaffError):
    """A rule says no."""


class WeakPassword(StaffError):
    """Too short, too long or too easily guessed. `code` is one of `WEAK`."""

    def __init__(self, code: str) -> None:
        super().__init__(f"the password is {code}", "Choose a sentence of your own.")
        self.code = code


class WrongProof(StaffError):
    """What was given does not fit, or came too often."""

    def __init__(self) -> None:
        super().__init__("that does not fit", "Look at each part and try again.")

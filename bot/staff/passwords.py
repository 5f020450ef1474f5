"""Passwords: which are good enough, how they are kept, and that asking costs the same for all.

It decides what a weak password is. It must not keep a password, and must do one hash for whoever
asks, also for a name that nobody has.
"""

import hmac
import re
import threading
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from bot.staff.model import WeakPassword

SHORTEST: Final = 15
"""NIST SP 800-63B: at least 15 characters where a password is used at all."""
LONGEST: Final = 128
AT_ONCE: Final = 4
"""Hashes at one time: each takes 64 MiB."""

COMMON: Final = frozenset(
    {
        *("password", "passwort", "пароль", "parol", "contrasena", "motdepasse", "slaptazodis"),
        *("qwerty", "qwertz", "azerty", "asdfgh", "zxcvbn", "йцукен", "qazwsx", "1q2w3e4r"),
        *("letmein", "welcome", "iloveyou", "admin", "administrator", "master", "dragon"),
        *("monkey", "football", "baseball", "sunshine", "princess", "superman", "trustno1"),
        *("changeme", "secret", "default", "login", "access", "hello", "shadow", "whatever"),
        *("correcthorsebatterystaple", "thequickbrownfox", "abc123", "0987654321", "1234567890"),
        *("ukraine", "україна", "slavaukraini", "славаукраїні", "zelensky", "kyiv", "київ"),
    }
)
"""Pieces that guessers try first, as they are compared: folded, letters and digits alone."""
CONTEXT: Final = frozenset(
    {"quietline", "helpline", "hotline", "console", "directory", "survivor", "operator", "staff"}
)
LEFT: Final = 8
"""Characters that must be left when known pieces and repetitions are taken out."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one hash costs. It stands in every hash, so it can be raised later."""

    memory_kib: int = 65536
    passes: int = 3
    lanes: int = 4


FULL_COST: Final = Cost()


class Passwords:
    """Hashes and checks passwords. For use from several threads."""

    def __init__(self, pepper: bytes, cost: Cost = FULL_COST) -> None:
        """`pepper`: 32 bytes that are not in the database."""
        self._pepper = pepper
        self._hasher = PasswordHasher(
            time_cost=cost.passes, memory_cost=cost.memory_kib, parallelism=cost.lanes
        )
        self._room = threading.BoundedSemaphore(AT_ONCE)

    @cached_property
    def _nobody(self) -> str:
        """Made when a password is first looked at: most commands never look at one."""
        return self.hash("of nobody, at no time")

    def hash(self, password: str) -> str:
        """What is kept of it: Argon2id with its parameters."""
        with self._room:
            return self._hasher.hash(self._peppered(password))

    def fits(self, password: str, kept: str | None) -> bool:
        """Whether it is that password. One hash of work, also for None."""
        nobody = self._nobody  # for everybody: that it is made now must not tell who there is
        with self._room:
            try:
                self._hasher.verify(kept or nobody, self._peppered(password))
            except (VerificationError, InvalidHashError):
                return False
        return kept is not None

    def is_old(self, kept: str) -> bool:
        """Whether it was made at another cost than today's."""
        return self._hasher.check_needs_rehash(kept)

    def _peppered(self, password: str) -> bytes:
        # One spelling: the same keys on another device may give a letter in two parts.
        said = unicodedata.normalize("NFKC", password[: LONGEST * 4]).encode("utf-8", "replace")
        return hmac.digest(self._pepper, b"password/v1" + said, "sha256")

    def __repr__(self) -> str:
        return "Passwords()"


def check_password(password: str, about: Iterable[str] = ()) -> None:
    """Passes when it is good enough. `about`: words that stand for the person or the organisation.

    Raises `WeakPassword` with the code `short`, `long` or `common`.
    """
    said = unicodedata.normalize("NFKC", password)
    if len(said) < SHORTEST:
        raise WeakPassword("short")
    if len(said) > LONGEST:
        raise WeakPassword("long")
    left = _folded(said)
    pieces = {*COMMON, *CONTEXT, *(_folded(word) for whole in about for word in whole.split())}
    for piece in sorted(pieces, key=len, reverse=True):
        if len(piece) > 2:
            left = left.replace(piece, "")
    left = re.sub(r"(.{1,4}?)\1+", r"\1", left)
    if len(_without_runs(left)) < LEFT or len(set(left)) < LEFT - 2:
        raise WeakPassword("common")


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in plain if letter.isalnum())


def _without_runs(text: str) -> str:
    """Without what only counts on: `abcdef`, `987654`."""
    kept = text[:2]
    for before, last, letter in zip(text, text[1:], text[2:], strict=False):
        if ord(letter) - ord(last) == ord(last) - ord(before) and abs(ord(last) - ord(before)) < 2:
            continue
        kept += letter
    return kept

"""Codes that count once: six digits of an authenticator, recovery codes, set-up codes.

It decides what such a code looks like and whether one fits. It must not keep a code: of random ones
only a hash is kept, of an authenticator its sealed secret and the last step that was used.
"""

import hmac
import secrets
from base64 import b32encode
from typing import Final

import pyotp
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV

STEP_SECONDS: Final = 30
DIGITS: Final = 6
WINDOW: Final = 1
"""Steps before and after now that still count: clocks differ, and people type slowly."""
RECOVERY_CODES: Final = 10
SET_UP_SECONDS: Final = 24 * 3600
ISSUER: Final = "Quietline"
_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without letters that are taken for another."""


def new_code(groups: int = 4) -> str:
    """A random code in groups of five letters: 99 bits for four of them."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(groups))


def plain_code(code: str) -> bytes:
    """A code as codes are compared: its letters and digits, however they were typed."""
    plain = "".join(letter for letter in code.casefold() if letter.isalnum())
    return plain.encode("utf-8", "replace")


def address_of(secret: str, name: str) -> str:
    """The `otpauth:` address that an authenticator takes."""
    return pyotp.TOTP(secret, digits=DIGITS, interval=STEP_SECONDS).provisioning_uri(
        name=name, issuer_name=ISSUER
    )


def step_of(secret: str, digits: str, now: float, last: int) -> int | None:
    """The step whose digits these are, when it is near now and after the last that was used."""
    plain = "".join(digits.split())
    if len(plain) != DIGITS or not (plain.isascii() and plain.isdigit()):
        return None
    here = int(now) // STEP_SECONDS
    code = pyotp.TOTP(secret, digits=DIGITS, interval=STEP_SECONDS)
    fitting = [
        step
        for step in range(here - WINDOW, here + WINDOW + 1)
        # Every step is compared, so that the time says nothing about which one fitted.
        if hmac.compare_digest(code.generate_otp(step), plain) and step > last
    ]
    return fitting[0] if fitting else None


class Sealed:
    """Seals secrets of authenticators with a key that is not in the database."""

    def __init__(self, pepper: bytes) -> None:
        self._key = hmac.digest(pepper, b"authenticator/v1", "sha256")
        self._cipher = AESGCMSIV(self._key)
        self.nobodys = self.seal(self.fresh_secret(b"nobody"), "")
        """A secret that no authenticator has, for the work of looking."""

    def seal(self, secret: str, staff: str) -> bytes:
        """What is kept; it opens for that account alone."""
        nonce = secrets.token_bytes(12)
        return nonce + self._cipher.encrypt(nonce, secret.encode("ascii"), staff.encode("ascii"))

    def open(self, sealed: bytes, staff: str) -> str | None:
        """The secret; None when it was sealed with another pepper or for somebody else."""
        try:
            opened = self._cipher.decrypt(sealed[:12], sealed[12:], staff.encode("ascii"))
        except (InvalidTag, ValueError):
            return None
        return opened.decode("ascii")

    def fresh_secret(self, seed: bytes) -> str:
        """The secret of an authenticator that is being set up, in base32: 160 bits (RFC 4226).

        It is the same until the seed changes, so the page that shows it may be loaded again, and
        nothing is kept of a set-up that nobody finishes.
        """
        return b32encode(hmac.digest(self._key, b"fresh/v1" + seed, "sha256")[:20]).decode("ascii")

    def __repr__(self) -> str:
        return "Sealed()"

"""Seals: what of `staff.db` was written by this program, and what somebody wrote by hand.

It decides whether a row counts. Its key comes from the pepper, which lies beside the signing keys:
whoever can only write to the file can make no row that lets anyone in. It must not tell why a row
does not fit. What it cannot see is an old row, or a whole old file, that is put back.
"""

import hmac
import json
from collections.abc import Mapping
from datetime import date
from typing import Any, Final, Literal

from sqlalchemy import RowMapping

from bot import report

Purpose = Literal["session", "set-up", "recovery", "key"]
"""What a random secret is for: kept of one, it fits no other."""
Kind = Literal["staff", "passkey", "session", "api_key"]
Values = Mapping[str, Any] | RowMapping
"""The values of a row by column."""

FIELDS: Final[Mapping[Kind, tuple[str, ...]]] = {
    "staff": (
        *("id", "key", "name", "active", "password", "totp", "totp_step", "code", "code_until"),
    ),
    # The count and the day of a passkey or key change with each use, and open nothing.
    "passkey": ("id", "staff", "public_key", "label", "added"),
    "session": ("hash", "staff", "stage", "csrf", "began", "seen", "proved"),
    "api_key": ("id", "name", "hash", "scopes", "made", "made_by", "revoked"),
}
"""The columns that a seal covers. That of an account covers its roles and areas too."""


class Seals:
    """Makes and checks them."""

    def __init__(self, pepper: bytes) -> None:
        """`pepper`: 32 bytes that are not in the database."""
        self._key = hmac.digest(pepper, b"staff rows/v1", "sha256")

    def kept(self, purpose: Purpose, secret: bytes, someone: str = "") -> bytes:
        """What is kept of a random secret, 32 bytes. `someone`: whose it is, where that is known
        before it is looked up.
        """
        return self._made("secret", purpose, someone, secret)

    def seal(self, table: Kind, row: Values, *more: tuple[str, ...]) -> bytes:
        """The seal of a row with these values, 32 bytes. `more`: what else belongs to it."""
        return self._made("row", table, *(row[name] for name in FIELDS[table]), *map(sorted, more))

    def fits(self, table: Kind, row: Values, *more: tuple[str, ...]) -> bool:
        """Whether this program wrote that row. Alarms when it did not."""
        seal = row["seal"]
        try:
            fits = isinstance(seal, bytes) and hmac.compare_digest(
                seal, self.seal(table, row, *more)
            )
        except TypeError:  # a value of a kind that no row of ours has
            fits = False
        if not fits:
            report.alarm("staff_changed_by_hand", count=1)
        return fits

    def _made(self, *parts: object) -> bytes:
        # Each part keeps its kind and its ends, so that no two rows say the same.
        said = json.dumps(parts, default=_plain)
        return hmac.digest(self._key, said.encode("ascii"), "sha256")

    def __repr__(self) -> str:
        return "Seals()"


def _plain(value: object) -> dict[str, str]:
    if isinstance(value, bytes):
        return {"bytes": value.hex()}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    raise TypeError

"""Vouches for what was told of a week: a code below it, made with a secret beside the signing keys.

It decides which weeks count: who can write into the database has no secret, so a week that they
changed or made up is left out. It must not know what the numbers mean.
"""

import hashlib
import hmac
from dataclasses import dataclass
from typing import Final

from bot.vault import Signing

SECRET: Final = "weekly"  # nosec B105  # noqa: S105  # the name of one
"""The secret, and the mark of the first week that needs a code."""


@dataclass(frozen=True, slots=True)
class Vouch:
    """Makes codes and looks at them. Any thread may ask. Raises `KeyRingError` in every method."""

    signing: Signing

    def begin(self, newest: int) -> None:
        """From now on, once: every week after `newest` needs a code, as those up to it were told
        without one. -1 when none was told yet.
        """
        if self.signing.mark(SECRET) < 0:
            self.signing.raise_mark(SECRET, newest + 1)

    def coded(self, week: int, body: str) -> str:
        """The body, and its code on a line of its own."""
        code = hmac.new(self.signing.secret(SECRET), f"{week}\n{body}".encode(), hashlib.sha256)
        return f"{body}\n{code.hexdigest()}"

    def opened(self, week: int, lies: str) -> str | None:
        """The body of a week that counts; None of one that was written past the program."""
        body, _, _ = lies.partition("\n")
        if 0 <= self.signing.mark(SECRET) <= week:
            is_ours = hmac.compare_digest(self.coded(week, body).encode(), lies.encode())
            return body if is_ours else None
        return body

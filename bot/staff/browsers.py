"""Browsers in which somebody signed in before: a mark that only we make, and that opens nothing.

It decides whether a mark is of that person. Wrong answers of strangers are counted apart from those
of such a browser, so that nobody is kept out by somebody who guesses at their name. Nothing is kept
of a browser here: the mark itself carries what shows that we made it.
"""

import hmac
import secrets
from typing import Final

_RANDOM: Final = 16
LENGTH: Final = _RANDOM + 16
"""Bytes of a mark."""


class Browsers:
    """Makes and knows the marks."""

    def __init__(self, pepper: bytes) -> None:
        """`pepper`: 32 bytes that are not in the database."""
        self._key = hmac.digest(pepper, b"browser/v1", "sha256")

    def mark(self, someone: str, before: bytes = b"") -> bytes:
        """What the browser of that account holds from now on: what it held, when that was theirs.

        So one browser has one count, however often somebody signs in there.
        """
        if self.is_theirs(someone, before):
            return before
        drawn = secrets.token_bytes(_RANDOM)
        return drawn + self._seal(someone, drawn)

    def is_theirs(self, someone: str, mark: bytes) -> bool:
        """Whether that account signed in before in the browser that holds this mark."""
        drawn, seal = mark[:_RANDOM], mark[_RANDOM:]
        return hmac.compare_digest(self._seal(someone, drawn), seal) and bool(someone)

    def _seal(self, someone: str, drawn: bytes) -> bytes:
        whole = hmac.digest(self._key, drawn + someone.encode("ascii"), "sha256")
        return whole[: LENGTH - _RANDOM]

    def __repr__(self) -> str:
        return "Browsers()"

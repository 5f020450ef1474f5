"""What can go wrong with something sealed, and whose fault it is. It holds no bytes and no words.

SealingError
  Unopenable   does not open; one message for every reason, so that it answers no questions
  TooLong      the text does not fit the largest size; nothing was sealed
  BadKey       a public half from outside is none; nothing was sealed
  NotTrusted   a signature, a date or a roster does not hold; `code` says which check
"""

from typing import Literal

Reason = Literal["shape", "signature", "expired", "stale", "older", "unknown"]
"""Why something is not believed. `shape`: not what it should be. `signature`: not signed by whom it
should be. `expired`: a key or certificate ran out. `stale`: the roster is too old or from the
future. `older`: an older roster than was seen. `unknown`: signed by nobody on the roster.
"""


class SealingError(Exception):
    """Something about sealing. No message holds a key, a word or an id."""


class Unopenable(SealingError):
    """It does not open: wrong key, context, suite or number, or it was changed."""

    def __init__(self) -> None:
        super().__init__("this does not open")


class TooLong(SealingError):
    """The text is longer than the largest size. `most` is what fits, in bytes of UTF-8."""

    def __init__(self, most: int) -> None:
        super().__init__(f"the text is longer than {most} bytes")
        self.most = most


class BadKey(SealingError):
    """A public half that is none."""

    def __init__(self) -> None:
        super().__init__("this is no public key of that suite")


class NotTrusted(SealingError):
    """It is not believed. `code` is stable and may be shown; it says nothing of the content."""

    def __init__(self, code: Reason) -> None:
        super().__init__(f"not trusted: {code}")
        self.code: Reason = code

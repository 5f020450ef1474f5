"""Files that somebody brought to be taken in, held in memory until they are decided upon.

It decides for how long, and how many of one person. Nothing of a file is ever written to a disk
here, and nobody but who brought it gets it back.
"""

import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from typing import Final

from referral_directory.exchange.files import Wanted

SECONDS: Final = 3600.0
"""How long a file is held; whoever comes later brings it again."""
OF_ONE: Final = 2
"""Files held of one person: a third one takes the place of the first."""
MOST_BYTES: Final = 128 * 1024 * 1024
"""Of all files together; the oldest go first."""
_NAME_LENGTH: Final = 80


@dataclass(frozen=True, slots=True)
class Brought:
    """A file as it came, and how it is to be read."""

    name: str = field(repr=False)
    data: bytes = field(repr=False)
    wanted: Wanted = field(repr=False)
    by: str
    at: float


class Shelf:
    """The files that are held now. Any thread may ask."""

    def __init__(self) -> None:
        self._held: OrderedDict[str, Brought] = OrderedDict()
        self._lock = threading.Lock()

    def put(self, by: str, name: str, data: bytes, wanted: Wanted, at: float) -> str:
        """Holds a file of that person; gives the name under which it is asked for."""
        key = secrets.token_hex(8)
        with self._lock:
            self._tidy(at)
            mine = [old for old, one in self._held.items() if one.by == by]
            for old in mine[: max(0, len(mine) - OF_ONE + 1)]:
                del self._held[old]
            self._held[key] = Brought(tidy_name(name), data, wanted, by, at)
            while len(self._held) > 1 and self._size() > MOST_BYTES:
                self._held.popitem(last=False)
        return key

    def get(self, by: str, key: str, at: float) -> Brought | None:
        """A file of that person; None when it is not held (any more)."""
        with self._lock:
            self._tidy(at)
            found = self._held.get(key)
        return found if found is not None and found.by == by else None

    def read_as(self, by: str, key: str, wanted: Wanted, at: float) -> Brought | None:
        """The same file, to be read otherwise from now on."""
        found = self.get(by, key, at)
        if found is None:
            return None
        again = replace(found, wanted=wanted)
        with self._lock:
            self._held[key] = again
        return again

    def drop(self, by: str, key: str, at: float) -> None:
        """Holds it no longer."""
        if self.get(by, key, at) is not None:
            with self._lock:
                self._held.pop(key, None)

    def _tidy(self, now: float) -> None:
        for key in [key for key, one in self._held.items() if now - one.at > SECONDS]:
            del self._held[key]

    def _size(self) -> int:
        return sum(len(one.data) for one in self._held.values())


def tidy_name(name: str) -> str:
    """The name of a file as it may stand in a list: short, and without what cannot be seen.

    A colon is what the name of a country pack has, and no file may pass for one.
    """
    plain = "".join(letter for letter in name if letter.isprintable()).replace(":", "_")
    return " ".join(plain.split())[-_NAME_LENGTH:] or "file"


SHELF: Final = Shelf()
"""That of this process."""

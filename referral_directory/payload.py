"""The texts of listings by their row, opened one at a time when one is shown.

They are put as they came, which is quick, and pressed together later, in blocks, so that what they
share is kept once and many are in little memory. Memory only: never a file.
"""

import zlib
from collections.abc import Iterator
from typing import Final

from referral_directory.model import Confirmation

Kept = tuple[bytes, str, Confirmation | None]
"""A text, the country of its listing, and who confirmed it."""

BLOCK: Final = 32
"""Texts in one block: more are smaller and slower to open."""
MOST_LOOSE: Final = 200_000
"""Texts kept as they came while a shelf is filled; beyond, memory counts more than the time."""
_LEVEL: Final = 1
"""Of compression: a third of the size. More takes twice the time for a tenth."""


class Shelf:
    """Texts by row. What is on it is never changed, only pressed."""

    def __init__(self) -> None:
        self._blocks: list[bytes | list[bytes]] = []
        """Pressed, or as they came."""
        self._last: list[bytes] = []
        self._countries: list[str] = []
        self._confirmed: dict[int, Confirmation] = {}

    def __len__(self) -> int:
        return len(self._countries)

    def put(self, content: bytes, country: str, confirmed: Confirmation | None) -> None:
        """Add a text; its row is the count of those before it."""
        row = len(self._countries)
        if row % BLOCK == 0:
            if row >= MOST_LOOSE:
                self._press(row // BLOCK - 1)
            self._last = []
            self._blocks.append(self._last)
        # A new line stands between two texts; within one it can only be a space.
        self._last.append(content.replace(b"\n", b" "))
        self._countries.append(country)
        if confirmed is not None:
            self._confirmed[row] = confirmed

    def get(self, row: int) -> Kept:
        """The text of a row, its country, and who confirmed it."""
        block = self._blocks[row // BLOCK]
        if isinstance(block, bytes):
            block = zlib.decompress(block).split(b"\n")
        return block[row % BLOCK], self._countries[row], self._confirmed.get(row)

    def every(self) -> Iterator[Kept]:
        """All of them, by row: quicker than each by itself."""
        row = 0
        for block in self._blocks:
            texts = zlib.decompress(block).split(b"\n") if isinstance(block, bytes) else block
            for content in texts:
                yield content, self._countries[row], self._confirmed.get(row)
                row += 1

    def press(self) -> Iterator[None]:
        """Press what was kept as it came, a block each time; nothing is put after this."""
        for number, block in enumerate(self._blocks):
            if not isinstance(block, bytes):
                self._press(number)
                yield

    def _press(self, number: int) -> None:
        block = self._blocks[number]
        if not isinstance(block, bytes):
            # One assignment: who opens a text meanwhile finds the block as it was or as it is.
            self._blocks[number] = zlib.compress(b"\n".join(block), _LEVEL)

"""How an answer looks as plain text: wrapped, numbered, harmless to any terminal.

No colour, no cursor movement: it reads the same on a dumb terminal, in a pipe and aloud. It must
not say anything that is not in the answer, and never sends a terminal a control character.
"""

import shutil
import textwrap
import unicodedata
from collections.abc import Iterable
from io import TextIOWrapper
from typing import Final, TextIO

from bot.channels.contract import Line, Option, Outgoing

WIDEST: Final = 88
"""Columns used at most: longer lines are hard to read. Also what a file or a pipe gets."""
NARROWEST: Final = 24
INDENT: Final = "  "


class Paper:
    """Where the conversation is written down for the person to read."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        if isinstance(out, TextIOWrapper):
            # An old terminal may lack letters: then a ? stands in the word, rather than nothing.
            out.reconfigure(errors="replace")

    def echo(self, text: str) -> None:
        """What was typed, in a transcript."""
        self._put("> " + harmless(text))

    def invite(self) -> None:
        """The sign that the person has the next word."""
        self._out.write("> ")
        self._out.flush()

    def end_line(self) -> None:
        """Goes on below the sign, when nothing was typed beside it."""
        self._put("")

    def write(self, text: str) -> None:
        """A paragraph."""
        self._put(*self._wrapped(text, INDENT, INDENT), "")

    def answer(self, out: Outgoing) -> None:
        """One answer: what is said, then what can be picked."""
        for block in out.blocks:
            edge = INDENT + "| " if block.kind == "card" else INDENT
            for line in block.lines:
                self._put(*self._line(line, edge))
            self._put("")
        self._options((*out.options, *out.listed))

    def _line(self, line: Line, edge: str) -> list[str]:
        if line.kind == "link" and line.href != line.text:
            return [*self._wrapped(line.text, edge, edge), edge + harmless(line.href)]
        return self._wrapped(line.text, edge, edge)

    def _options(self, options: Iterable[Option]) -> None:
        shown = [
            row
            for option in options
            for row in self._wrapped(
                option.label,
                f"{INDENT}{option.number or '-':>2}  ",
                INDENT + " " * 4,
            )
        ]
        if shown:
            self._put(*shown, "")

    def _wrapped(self, text: str, first: str, rest: str) -> list[str]:
        # Numbers and addresses stay whole, even where they are wider than the terminal.
        return [
            row
            for i, paragraph in enumerate(text.splitlines() or [""])
            for row in textwrap.wrap(
                harmless(paragraph),
                self._width(),
                initial_indent=rest if i else first,
                subsequent_indent=rest,
                break_long_words=False,
                break_on_hyphens=False,
            )
            or [""]
        ]

    def _width(self) -> int:
        if not self._out.isatty():
            return WIDEST
        return max(NARROWEST, min(WIDEST, shutil.get_terminal_size().columns - 1))

    def _put(self, *rows: str) -> None:
        for row in rows:
            self._out.write(row.rstrip() + "\n")
        self._out.flush()


def harmless(text: str) -> str:
    """The text without what could move a cursor, recolour a screen or turn the reading order."""
    return "".join(
        " " if unicodedata.category(sign) in {"Cc", "Zl", "Zp"} else sign
        for sign in text
        if unicodedata.category(sign) != "Cs" and sign not in _TURNING
    )


_TURNING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that turn the reading order of what follows; a number could be made to read backwards."""

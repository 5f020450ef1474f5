"""How an answer looks in Telegram: plain text with bold titles, and buttons below it.

No parse mode: what stands in a listing is shown as it is written, whatever signs it holds. Lengths
and places are counted in UTF-16 units, as Telegram counts. It must not add words of its own, nor
know who reads.
"""

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bot.channels.contract import Block, Line, Option, Outgoing

MOST_UNITS: Final = 4_096
"""UTF-16 units in one message."""
PAGE: Final = 24
"""Entries of a long list that are shown at a time, in two columns."""
TURN_PAGE: Final = "~"
"""Begins the key of a button that turns a list's page."""
MOST_LABEL: Final = 120
"""Characters on a button: more would not be seen."""
_TURNING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e")
"""Marks that turn the reading order with no end; a number could be made to read backwards."""


@dataclass(frozen=True, slots=True)
class Bold:
    """A title in a message, in UTF-16 units."""

    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class Message:
    """One message."""

    text: str
    bold: tuple[Bold, ...] = ()


Rows = tuple[tuple[tuple[str, str], ...], ...]
"""Rows of buttons, each `(label, key)`."""


def units(text: str) -> int:
    """How long Telegram takes a text to be."""
    return len(text.encode("utf-16-le")) // 2


def messages(blocks: Iterable[Block]) -> list[Message]:
    """What is said, in as few messages as it takes, cut between blocks where that is possible."""
    said: list[Message] = []
    for block in blocks:
        for piece in _pieces(block):
            if said and units(said[-1].text) + 2 + units(piece.text) <= MOST_UNITS:
                said[-1] = _joined(said[-1], piece, "\n\n")
            else:
                said.append(piece)
    return said


def _pieces(block: Block) -> Iterator[Message]:
    """A block, whole where one message holds it, else cut between lines, else within one."""
    held: Message | None = None
    for line in block.lines:
        for piece in _cut(line):
            if held is not None and units(held.text) + 1 + units(piece.text) <= MOST_UNITS:
                held = _joined(held, piece, "\n")
                continue
            if held is not None:
                yield held
            held = piece
    if held is not None:
        yield held


def _cut(line: Line) -> Iterator[Message]:
    text = harmless(line.text)
    if line.kind == "link" and line.href.startswith("https://") and line.href != line.text:
        text = f"{text}\n{harmless(line.href)}"
    while text:
        piece, text = _first(text), _rest(text)
        if piece.strip():
            bold = (Bold(0, units(piece)),) if line.kind == "title" else ()
            yield Message(piece, bold)


def _first(text: str) -> str:
    """As much as one message holds, never half of a character."""
    if units(text) <= MOST_UNITS:
        return text
    cut = text.encode("utf-16-le")[: MOST_UNITS * 2].decode("utf-16-le", "ignore")
    space = cut.rfind(" ")
    return cut[: space + 1] if space > len(cut) // 2 else cut


def _rest(text: str) -> str:
    return text[len(_first(text)) :]


def _joined(one: Message, other: Message, between: str) -> Message:
    start = units(one.text) + units(between)
    moved = tuple(Bold(bold.offset + start, bold.length) for bold in other.bold)
    return Message(one.text + between + other.text, (*one.bold, *moved))


def harmless(text: str) -> str:
    """The text without control signs and marks that turn the reading order; no spaces at its ends,
    which Telegram would cut off, and every place after them would be wrong.
    """
    return "".join(
        " " if unicodedata.category(sign) in {"Cc", "Zl", "Zp"} else sign
        for sign in text
        if unicodedata.category(sign) != "Cs" and sign not in _TURNING
    ).strip()


def buttons(out: Outgoing, page: int = 0) -> Rows:
    """All that can be pressed: choices, a long list in two columns, what is always open."""
    short, long = out.options, out.listed
    if len(short) > PAGE:
        short, long = (), (*short, *long)
    last = max(0, (len(long) - 1) // PAGE)
    page = min(max(page, 0), last)
    rows: list[Sequence[tuple[str, str]]] = [[_button(option)] for option in short]
    rows += _pairs(long[page * PAGE : (page + 1) * PAGE])
    if last:
        turns = []
        if page:
            turns.append((f"‹ {page}/{last + 1}", f"{TURN_PAGE}{page - 1}"))
        if page < last:
            turns.append((f"{page + 2}/{last + 1} ›", f"{TURN_PAGE}{page + 1}"))
        rows.append(turns)
    rows += _pairs(out.bar)
    return tuple(tuple(row) for row in rows)


def keyed(out: Outgoing, fits: Callable[[str], bool]) -> str | None:
    """The key of the option that `fits`."""
    every = (*out.options, *out.listed, *out.bar)
    return next((option.key for option in every if fits(option.key)), None)


def _pairs(options: Sequence[Option]) -> list[list[tuple[str, str]]]:
    made = [_button(option) for option in options]
    return [made[i : i + 2] for i in range(0, len(made), 2)]


def _button(option: Option) -> tuple[str, str]:
    label = harmless(option.label)
    if len(label) > MOST_LABEL:
        label = label[: MOST_LABEL - 1] + "…"
    return label or "·", option.key

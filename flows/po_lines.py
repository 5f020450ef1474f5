"""Whether a `.po` file is written as one, line by line. Babel forgives what loses letters.

It decides only about the form of a line; what the texts say is decided in `flows.catalogue`.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from authored import Mistake

_QUOTED = r'"(?:[^"\\]|\\.)*"'
_KEYWORD = re.compile(rf"(msgctxt|msgid|msgid_plural|msgstr(?:\[[0-9]+\])?)\s+{_QUOTED}\s*\Z")
_GOES_ON = re.compile(rf"{_QUOTED}\s*\Z")
_AFTER = {
    "msgctxt": {"", "msgstr"},
    "msgid": {"", "msgctxt", "msgstr"},
    "msgid_plural": {"msgid"},
    "msgstr": {"msgid", "msgid_plural", "msgstr"},
}
"""Keyword → what may stand before it."""


def line_faults(path: Path, text: str) -> Iterator[Mistake]:
    """Every line that is neither a remark, a keyword with a whole quoted text, nor more of one."""
    before = ""
    for number, line in enumerate(text.splitlines(), 1):
        said = line.strip()
        if not said or said.startswith("#"):
            continue
        if said.startswith('"'):
            if not before:
                yield Mistake(str(path), number, 1, "a text stands without msgid or msgstr")
            elif not _GOES_ON.match(said):
                yield _unquoted(path, number)
            continue
        keyword = re.match(r"msg[a-z_]*", said)
        name = keyword.group() if keyword else ""
        if name not in _AFTER:
            mend = "A line begins with msgctxt, msgid, msgstr, a quote or #."
            yield Mistake(str(path), number, 1, "is no line of a catalogue", mend)
        elif not _KEYWORD.match(said):
            yield _unquoted(path, number)
        elif before not in _AFTER[name]:
            yield Mistake(str(path), number, 1, f"{name} cannot stand after {before or 'nothing'}")
        before = name or before
    if before not in ("", "msgstr"):
        mend = "The file was cut off: take it from a copy."
        yield Mistake(str(path), len(text.splitlines()), 1, f"ends after {before}", mend)


def _unquoted(path: Path, number: int) -> Mistake:
    mend = 'A text stands between two quotes; write \\" for a quote that is shown.'
    return Mistake(str(path), number, 1, "the text is not quoted as a whole", mend)

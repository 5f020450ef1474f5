"""Reads one YAML file into plain values and remembers where each stood.

It refuses what a reader of the file could not see: a key written twice, an alias, a tag, a second
document, a file over a megabyte, a nesting over 40. It does not know what the values mean.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from authored.mistakes import Mistake, Mistakes

MOST_BYTES = 1_000_000
MOST_DEPTH = 40

_WHOLE = re.compile(r"[-+]?[0-9]+\Z")
_DECIMAL = re.compile(r"[-+]?[0-9]+\.[0-9]+\Z")
_WORDS: Mapping[str, bool | None] = {
    "true": True,
    "false": False,
    "null": None,
    "~": None,
    "": None,
}

_NAMED = re.compile(r"(?:^|[:,\[{-]\s?)\s*[&*][^\s&]", re.MULTILINE)
"""What may be an anchor or an alias: the quick reader would follow it without a word."""
MOST_BRACKETS = 2_000
"""More than these in one file are left to the reader that cannot be nested to death."""

Node = Any
"""A node of either reader: both have `id`, `tag`, `value`, `start_mark` and `style`."""

Path_ = tuple[str | int, ...]
"""The way from the top of a file to a value: keys and list positions."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a file; both count from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Authored:
    """A file's values and the place of each."""

    file: str
    value: Any
    spots: Mapping[Path_, Spot] = field(repr=False)
    """Where each value stands; for a value of a mapping, where its key stands."""

    def spot(self, path: Path_) -> Spot:
        """Where a value stands, or the nearest enclosing one that stands anywhere."""
        while path and path not in self.spots:
            path = path[:-1]
        return self.spots.get(path, Spot(1, 1))

    def mistake(self, path: Path_, message: str, mend: str = "", rule: str = "") -> Mistake:
        """A fault at a value of this file."""
        spot = self.spot(path)
        return Mistake(self.file, spot.line, spot.column, message, mend, rule)


def read_file(path: Path, *, shown_as: str | None = None) -> Authored:
    """Read a file. Raises `Mistakes` when it is missing, not UTF-8 or not plain YAML."""
    name = shown_as or str(path)
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise Mistakes([Mistake(name, 0, 0, f"cannot be read: {error.strerror}")]) from None
    if len(raw) > MOST_BYTES:
        raise Mistakes([Mistake(name, 0, 0, f"is over {MOST_BYTES} bytes", "Split it.")])
    try:
        return read_text(raw.decode("utf-8"), name)
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise Mistakes([Mistake(name, line, 1, "is not UTF-8", "Save it as UTF-8.")]) from None


def read_text(text: str, name: str) -> Authored:
    """Read the text of a file that is shown as `name`. Raises `Mistakes`.

    It is composed by libyaml, thirty times as quick; whatever that does not take, or what has a
    fault, is read again by ruamel, whose YAML is 1.2 and whose messages are kind. What a plain
    value means is decided here, alike for both.
    """
    top = _composed_quickly(text)
    if top is not None:
        reader = _Reader(name)
        value = reader.take(top, (), 0)
        if not reader.found:
            return Authored(name, value, reader.spots)
    try:
        top = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        said = " ".join(str(error.problem or error.context or "is not YAML").split())
        raise Mistakes(
            [Mistake(name, line, column, f"is not plain YAML: {said}", _usual_cause(said))]
        ) from None
    except (YAMLError, ValueError) as error:
        said = " ".join(str(error).split())[:200]
        raise Mistakes([Mistake(name, 0, 0, f"is not plain YAML: {said}")]) from None
    reader = _Reader(name)
    value = reader.take(top, (), 0) if top is not None else None
    if reader.found:
        raise Mistakes(reader.found)
    return Authored(name, value, reader.spots)


def _composed_quickly(text: str) -> Node | None:
    """The nodes, or None when the careful reader is to read the file."""
    if _NAMED.search(text) or text.count("[") + text.count("{") > MOST_BRACKETS:
        return None
    try:
        return yaml.compose(text, Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, ValueError):
        return None


def _usual_cause(said: str) -> str:
    if "tab" in said or "\\t" in said:
        return "Indent with spaces, not tabs."
    if "mapping values are not allowed" in said:
        return "Put the text in quotes: it has a colon in it."
    if "expected <block end>" in said or "could not find expected ':'" in said:
        return "Check the indentation of this line and the one before."
    return ""


class _Reader:
    def __init__(self, name: str) -> None:
        self.name = name
        self.spots: dict[Path_, Spot] = {}
        self.found: list[Mistake] = []

    def fault(self, node: Node, message: str, mend: str = "") -> None:
        mark = node.start_mark
        self.found.append(Mistake(self.name, mark.line + 1, mark.column + 1, message, mend))

    def take(self, node: Node, path: Path_, depth: int) -> Any:
        mark = node.start_mark
        self.spots.setdefault(path, Spot(mark.line + 1, mark.column + 1))
        if depth > MOST_DEPTH:
            self.fault(node, "is nested too deep")
            return None
        if getattr(node, "anchor", None):
            self.fault(node, "anchors and aliases are not used here", "Write the value out.")
            return None
        if not str(node.tag).startswith("tag:yaml.org,2002:"):
            self.fault(node, "tags are not used here", "Write the plain value.")
            return None
        if node.id == "scalar":
            return _scalar(node)
        if node.id == "mapping":
            return self.mapping(node, path, depth)
        return [self.take(item, (*path, i), depth + 1) for i, item in enumerate(node.value)]

    def mapping(self, node: Node, path: Path_, depth: int) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key, value in node.value:
            if key.id != "scalar":
                self.fault(key, "a key must be a word")
                continue
            name = str(key.value)
            if name in values:
                first = self.spots[(*path, name)]
                self.fault(
                    key,
                    f"'{name}' is written twice (first on line {first.line})",
                    "Keep one of them.",
                )
                continue
            self.spots[(*path, name)] = Spot(key.start_mark.line + 1, key.start_mark.column + 1)
            values[name] = self.take(value, (*path, name), depth + 1)
        return values


def _scalar(node: Node) -> Any:
    text = str(node.value)
    if node.style:  # the quick reader has an empty one for a plain value
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _WHOLE.match(text) and len(text) < 16 and not re.match(r"[-+]?0[0-9]", text):
        return int(text)
    if _DECIMAL.match(text):
        return float(text)
    return text

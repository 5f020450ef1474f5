"""Reads the plain part of YAML that lexicons are written in, twenty times as fast as a full reader.

It gives the same values as `authored.read_text`, or None for whatever it is not sure of: then the
full reader is asked, which also knows where every value stands.
"""

import re

_KEY = re.compile(r"( *)([A-Za-z_][\w.-]*|\"[^\"\\]*\"):(?: +(.*))?\Z")
_ITEM = re.compile(r"( *)- +(.*)\Z")
_QUOTED = re.compile(r"\"((?:[^\"\\]|\\[\"\\])*)\"|'((?:[^']|'')*)'")
_PLAIN = re.compile(r"[^\s\[\]{},:#&*!|>'\"%@`?-][^\[\]{},:#]*")
_LINE_PLAIN = re.compile(r"[^\s\[\]{},:#&*!|>'\"%@`?-][^:#]*")
_NUMBER = re.compile(r"[0-9][0-9.]*\Z|[-+]?\.?[0-9].*e")
_UNSURE = frozenset({"true", "false", "null", "~", ""})
_SEPARATOR = re.compile(r"\s*,\s*")

Plain = str | int
Values = dict[str, "Plain | list[Plain] | dict[str, list[Plain] | Plain]"]


class _NotSureError(Exception):
    pass


def quickly(text: str) -> Values | None:
    """The values of a lexicon's text; None when a full reader should look at it."""
    try:
        return _Reader(text).top()
    except _NotSureError:
        return None


class _Reader:
    def __init__(self, text: str) -> None:
        if "\t" in text or "\r" in text or (not text.isprintable() and "\ufeff" in text):
            raise _NotSureError
        self.lines = [
            line.rstrip() for line in text.split("\n") if line.strip() and line.lstrip()[0] != "#"
        ]
        self.place = 0

    def top(self) -> Values:
        values: Values = {}
        while self.place < len(self.lines):
            name, rest = self.key(0)
            if name in values:
                raise _NotSureError
            values[name] = self.value(rest) if rest else self.below()
        return values

    def key(self, indent: int) -> tuple[str, str]:
        found = _KEY.match(self.lines[self.place])
        if not found or len(found[1]) != indent:
            raise _NotSureError
        self.place += 1
        rest = found[3] or ""
        return found[2].strip('"'), "" if rest.startswith("#") else rest

    def indent(self) -> int:
        line = self.lines[self.place] if self.place < len(self.lines) else ""
        return len(line) - len(line.lstrip())

    def below(self) -> "list[Plain] | dict[str, list[Plain] | Plain]":
        indent = self.indent()
        if self.place >= len(self.lines) or _ITEM.match(self.lines[self.place]):
            return self.items(1)
        if indent == 0:
            raise _NotSureError
        values: dict[str, list[Plain] | Plain] = {}
        while self.place < len(self.lines) and self.indent() == indent:
            name, rest = self.key(indent)
            if name in values:
                raise _NotSureError
            values[name] = self.value(rest) if rest else self.items(indent)
        if self.place < len(self.lines) and self.indent() != 0:
            raise _NotSureError
        return values

    def items(self, least: int) -> list[Plain]:
        items: list[Plain] = []
        indent = self.indent()
        if indent < least:
            raise _NotSureError
        while self.place < len(self.lines) and (item := _ITEM.match(self.lines[self.place])):
            if len(item[1]) != indent:
                break
            self.place += 1
            items.append(_scalar(item[2]))
        if not items:
            raise _NotSureError
        return items

    def value(self, rest: str) -> "list[Plain] | Plain":
        if not rest.startswith("["):
            return _scalar(rest)
        while (read := _flow(rest)) is None:
            if self.place >= len(self.lines):
                raise _NotSureError
            rest += " " + self.lines[self.place].strip()
            self.place += 1
        return read


def _flow(text: str) -> list[Plain] | None:
    """A list in brackets; None when it goes on in the next line."""
    items: list[Plain] = []
    at = 1
    while True:
        while text[at : at + 1] == " ":
            at += 1
        if at >= len(text):
            return None
        if text[at] == "]":
            break
        quoted = _QUOTED.match(text, at)
        found = quoted or _PLAIN.match(text, at)
        if not found:
            raise _NotSureError
        at = found.end()
        items.append(_unquoted(quoted) if quoted else _plain(found[0]))
        comma = _SEPARATOR.match(text, at)
        if comma:
            at = comma.end()
        elif text[at:].lstrip()[:1] not in ("]", ""):
            raise _NotSureError
        elif at >= len(text.rstrip()):
            return None
    after = text[at + 1 :].strip()
    if after and not (after.startswith("#") and text[at + 1] == " "):
        raise _NotSureError
    return items


def _scalar(text: str) -> Plain:
    if quoted := _QUOTED.match(text):
        after = text[quoted.end() :].strip()
        if after and not after.startswith("#"):
            raise _NotSureError
        return _unquoted(quoted)
    text = text.partition(" #")[0].strip()
    if not _LINE_PLAIN.fullmatch(text):
        raise _NotSureError
    return _plain(text)


def _unquoted(quoted: re.Match[str]) -> str:
    if quoted[1] is not None:
        return re.sub(r"\\(.)", r"\1", quoted[1])
    return quoted[2].replace("''", "'")


def _plain(text: str) -> Plain:
    text = text.strip()
    if text in _UNSURE or "\n" in text:
        raise _NotSureError
    if text.isascii() and text.isdigit() and len(text) < 16 and (text[0] != "0" or text == "0"):
        return int(text)
    if _NUMBER.match(text):
        raise _NotSureError
    return text

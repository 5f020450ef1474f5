"""Finds what every document tells a person to type, and where it stands.

```sh          each line is a command; `sh run` marks a block that the tests run for real
`./quietline`  within a sentence; `staff list|roles` is read as both
"""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FENCE = re.compile(
    r"^(?P<fence>```+)(?P<info>[^\n`]*)\n(?P<body>.*?)^(?P=fence)\s*$", re.MULTILINE | re.DOTALL
)
SPAN = re.compile(r"`((?:\./)?quietline [^`]+)`")
SET_IN = re.compile(r"^ {4}(\./quietline .+)$", re.MULTILINE)
HEREDOC = re.compile(r"<<\s*'?(\w+)'?")
SETTING = re.compile(r"\bQUIETLINE_[A-Z0-9_]+[A-Z0-9]\b")
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


@dataclass(frozen=True, slots=True)
class Line:
    """One command as it is written."""

    file: Path
    number: int
    text: str

    @property
    def where(self) -> str:
        """For a message."""
        return f"{self.file.relative_to(ROOT)}:{self.number}  {self.text}"


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block of commands."""

    file: Path
    number: int
    body: str
    marks: frozenset[str]
    """What stands behind `sh`: `run`, or names that other tests look for."""

    def lines(self) -> Iterator[Line]:
        """Each command, with its continuation; what is fed to one by `<<` is left out."""
        number, held, until = self.number, "", ""
        for offset, raw in enumerate(self.body.splitlines(), 1):
            if until:
                until = "" if raw.strip() == until else until
                continue
            if not held:
                number = self.number + offset
            held += raw.removesuffix("\\")
            if raw.endswith("\\"):
                continue
            if found := HEREDOC.search(held):
                until, held = found[1], HEREDOC.sub("", held)
            if held.strip() and not held.lstrip().startswith("#"):
                yield Line(self.file, number, held.strip())
            held = ""


def documents() -> list[Path]:
    """Every document of ours."""
    hidden = {".venv", ".git", ".pytest_cache", ".hypothesis", "node_modules"}
    return sorted(
        path for path in ROOT.rglob("*.md") if not hidden & set(path.relative_to(ROOT).parts)
    )


def blocks(path: Path) -> Iterator[Block]:
    """The blocks of a document that hold commands."""
    text = path.read_text("utf-8")
    for found in FENCE.finditer(text):
        language, *marks = found["info"].split() or [""]
        if language in {"sh", "console", "bash"}:
            number = text.count("\n", 0, found.start()) + 1
            yield Block(path, number, found["body"], frozenset(marks))


def spans(path: Path) -> Iterator[Line]:
    """Commands of ours that stand outside of blocks, with each of their alternatives."""
    text = FENCE.sub(lambda found: "\n" * found[0].count("\n"), path.read_text("utf-8"))
    for pattern in (SPAN, SET_IN):
        for found in pattern.finditer(text):
            number = text.count("\n", 0, found.start()) + 1
            said = re.split(r"[…\[;,]", " ".join(found[1].split()))[0].strip()
            for each in alternatives(said):
                yield Line(path, number, each)


def alternatives(text: str) -> list[str]:
    """`staff list|roles` → `staff list` and `staff roles`."""
    every = [""]
    for word in text.split(" "):
        said = word.split("|") if re.fullmatch(r"[a-z-]+(\|[a-z-]+)+", word) else [word]
        every = [f"{before} {each}".strip() for before in every for each in said]
    return every


def commands(line: str) -> Iterator[list[str]]:
    """The words of each simple command of a line: split at pipes, `&&` and `;`, redirections out.

    Raises `ValueError` where a quotation mark is missing.
    """
    lexer = shlex.shlex(line, posix=True, punctuation_chars="|&;<>()")
    lexer.whitespace_split = True
    words: list[str] = []
    skip = False
    for word in lexer:
        if skip:
            skip = False
        elif set(word) <= set("|&;()"):
            yield from [words] if words else []
            words = []
        elif set(word) <= set("<>&"):
            skip = True
        else:
            words.append(word)
    if words:
        yield words

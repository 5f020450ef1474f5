"""Finds every pattern of the program, and makes texts for it that make patterns run away.

Run as a program: tells each pattern, before and after the texts are tried on it, with the seconds
of processor time, as one JSON line. Whoever started it ends it when one does not come back.
"""

import ast
import importlib
import json
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

# Where Python keeps its own.
constants: Any = importlib.import_module("re._constants")
parser: Any = importlib.import_module("re._parser")
ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("authored", "bot", "flows", "referral_directory", "understanding")
PLAIN = ("a", "0", " ", "-", ".", "\n", "А", "a0", "a ", "0 ", "a.", "é", "<a", "&#0")
METHODS = {"compile", "match", "fullmatch", "search", "sub", "subn", "split", "findall", "finditer"}


ANYWHERE = re.compile(r"(\w+)\.(?:search|subn?|finditer|findall|split)\(")
FOUND: dict[tuple[str, int], str] = {}
"""Each pattern with its flags, and where it was made."""


def look(*, made: bool) -> None:
    """Finds those that are written as plain words. `made`: those too that are put together when a
    module of ours is imported, which takes seconds.
    """
    found, compile_ = FOUND, re.compile

    def noted(pattern: Any, flags: int = 0) -> Any:
        made = compile_(pattern, flags)
        where = Path(sys._getframe(1).f_code.co_filename)  # noqa: SLF001 - who asked for it
        if where.is_relative_to(ROOT) and ".venv" not in where.parts:
            text = made.pattern
            if isinstance(text, str):
                found[text, made.flags] = str(where.relative_to(ROOT))
        return made

    re.compile = noted
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            if made and "migrations" not in path.parts and path.stem != "__main__":
                name = path.relative_to(ROOT).with_suffix("").parts
                importlib.import_module(".".join(part for part in name if part != "__init__"))
            for text in written(path):
                found.setdefault((text, compile_(text).flags), str(path.relative_to(ROOT)))
    re.compile = compile_


def searching() -> set[tuple[str, int]]:
    """The patterns that begin anywhere in a text. All that have a name are known by how that name
    is used; what is only ever held against the beginning of a text is quick where others are not.
    """
    sources = [path.read_text("utf-8") for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    anywhere = {name for source in sources for name in ANYWHERE.findall(source)}
    names: dict[tuple[str, int], set[str]] = {}
    for module in [one for name, one in sys.modules.items() if name.split(".")[0] in ROOMS]:
        for name, value in vars(module).items():
            if isinstance(value, re.Pattern):
                names.setdefault((value.pattern, value.flags), set()).add(name)
    return {pattern for pattern in FOUND if not names.get(pattern) or names[pattern] & anywhere}


def written(path: Path) -> Iterator[str]:
    """The patterns that a file gives to `re` as plain words."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="re"), attr=attr),
                args=[ast.Constant(value=str(text)), *_],
            ) if attr in METHODS:
                yield text


def sample(parsed: Any, depth: int = 0) -> str:
    """A short text that such a part of a pattern takes."""
    said = ""
    for kind, value in parsed:
        match kind:
            case constants.LITERAL:
                said += chr(value)
            case constants.NOT_LITERAL:
                said += "b" if chr(value) == "a" else "a"
            case constants.ANY:
                said += "a"
            case constants.IN:
                said += _one_of(value)
            case constants.MAX_REPEAT | constants.MIN_REPEAT | constants.POSSESSIVE_REPEAT:
                said += sample(value[2], depth + 1) * max(1, min(value[0], 50))
            case constants.SUBPATTERN:
                said += sample(value[3], depth + 1)
            case constants.ATOMIC_GROUP:
                said += sample(value, depth + 1)
            case constants.BRANCH:
                said += sample(value[1][0], depth + 1)
    return said


def _one_of(members: Any) -> str:
    kinds = {"CATEGORY_DIGIT": "0", "CATEGORY_SPACE": " ", "CATEGORY_NOT_WORD": "-"}
    for kind, value in members:
        if kind is constants.LITERAL:
            return chr(value)
        if kind is constants.RANGE:
            return chr(value[0])
        if kind is constants.CATEGORY:
            return kinds.get(str(value), "a")
    return "\x01"  # everything but some


def pumps(parsed: Any, before: str = "") -> Iterator[tuple[str, str]]:
    """What leads to each repetition in a pattern, and what it repeats."""
    for kind, value in parsed:
        if kind in {constants.MAX_REPEAT, constants.MIN_REPEAT}:
            yield before, sample(value[2])
            yield from pumps(value[2], before)
        elif kind is constants.SUBPATTERN:
            yield from pumps(value[3], before)
        elif kind is constants.BRANCH:
            for branch in value[1]:
                yield from pumps(branch, before)
        before += sample([(kind, value)])


def texts(pattern: str, flags: int, length: int) -> Iterator[str]:
    """Texts of that length that a pattern may look at for too long: none fits in its end."""
    made = {(before, part) for before, part in pumps(parser.parse(pattern, flags)) if part}
    for before, part in sorted(made | {("", part) for part in PLAIN})[:60]:
        yield before + part * ((length - len(before)) // len(part)) + "\x00!"


def main(length: int, *, made: bool) -> None:
    """Tries every pattern on every text made for it."""
    look(made=made)
    anywhere = searching()
    for (text, flags), where in sorted(
        FOUND.items(), key=lambda one: one[1], reverse="-r" in sys.argv
    ):
        told = {"where": where, "pattern": text}
        print(json.dumps(told), flush=True)  # noqa: T201 - what this program is for
        pattern, worst = re.compile(text, flags), 0.0
        for hostile in texts(text, flags, length):
            began = time.process_time()
            pattern.match(hostile)
            pattern.fullmatch(hostile)
            if (text, flags) in anywhere:
                pattern.sub("", hostile)
            worst = max(worst, time.process_time() - began)
        print(json.dumps(told | {"seconds": round(worst, 4)}), flush=True)  # noqa: T201


if __name__ == "__main__":
    main(int(sys.argv[1]), made="made" in sys.argv)

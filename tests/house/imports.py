"""What a file imports. It decides nothing about what it may."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path


@cache
def imports(path: Path, name: str) -> tuple[str, ...]:
    """Every name that a file imports, at its top or later, plainly or by a call. Several promises
    ask it of the same files, and taking them apart is all that they cost.
    """
    return tuple(_imports(path, name))


def _imports(path: Path, name: str) -> Iterator[str]:
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=module, names=names, level=level):
                start = ".".join(package.split(".")[: len(package.split(".")) - level + 1])
                base = ".".join(part for part in (start if level else "", module or "") if part)
                yield from (f"{base}.{alias.name}" for alias in names)
            case ast.Call(
                func=ast.Attribute(attr="import_module")
                | ast.Name(id="__import__" | "import_module"),
                args=[ast.Constant(value=str(called)), *_],
            ):
                yield called

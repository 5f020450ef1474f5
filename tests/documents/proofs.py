"""Whether what a document calls its proof is there: a file, or a test by its name."""

import ast
from functools import cache
from pathlib import Path

from tests.documents.reading import ROOT


def missing(proof: str) -> bool:
    """Whether a file, or `tests/FILE.py::test_name`, is not in the checkout."""
    name, _, test = proof.partition("::")
    path = ROOT / name
    if not test:
        return not path.exists()
    return not path.is_file() or test not in _tests(path)


@cache
def _tests(path: Path) -> frozenset[str]:
    parsed = ast.parse(path.read_text("utf-8"))
    return frozenset(
        node.name
        for node in ast.walk(parsed)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )

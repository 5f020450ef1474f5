"""Files are read by libyaml where that is the same, by ruamel where it may not be."""

from pathlib import Path

import pytest

from authored import Mistakes
from authored.reading import MOST_BRACKETS, Authored, read_text
from tests.often import often

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted(
    path
    for folder in ("flows/library", "flows/tests", "referral_directory/packs", "locales")
    for path in (ROOT / folder).rglob("*.yaml")
)
SOME = FILES[:: len(FILES) // often(len(FILES))]
"""Of every folder: the careful reader takes its time."""
ONLY_CAREFULLY = "\n# " + "[" * (MOST_BRACKETS + 1)
"""A remark that sends a file to the careful reader, without another meaning."""


def read(text: str) -> Authored | str:
    try:
        return read_text(text, "file")
    except Mistakes as mistakes:
        return str(mistakes)


@pytest.mark.parametrize("path", SOME, ids=lambda path: path.stem)
def test_both_readers_find_the_same_values_at_the_same_places(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    quick, careful = read(text), read(text + ONLY_CAREFULLY)
    assert quick == careful
    assert isinstance(quick, Authored)
    assert isinstance(careful, Authored)
    assert dict(quick.spots) == dict(careful.spots)


@pytest.mark.parametrize(
    "text",
    [
        "a: &x b\nc: *x",
        "a: [&x b]",
        "a: !thing b",
        "a: 1\na: 2",
        "a: b: c",
        "a:\n\t- b",
        "- - - " * 50,
        "--- a\n--- b",
        "a: No\nb: on\nc: 12:30\nd: 0123\ne: 1_000\nf: 0x1f\ng: .5\nh: 1e3\ni: 2026-11-22",
        "a: ~\nb:\nc: null\nd: true\ne: False\nf: 'null'\ng: |\n  12\n",
        "? a b\n: c",
        "a: {b: 1, c: [2, x]}",
        "",
        "# nothing",
        "<<: {a: 1}\n=: b",
    ],
)
def test_both_readers_refuse_and_mean_the_same(text: str) -> None:
    assert read(text) == read(text + ONLY_CAREFULLY)

"""Every picture in a document is taken by the program that takes pictures, and loads quickly."""

import re

from tests.documents.pictures import FOLDER, MOST_BYTES, TAKEN
from tests.documents.reading import documents

SHOWN = re.compile(r"!\[([^\]]*)\]\(([^)]+)\)")


def test_each_picture_is_one_that_can_be_taken_again_and_is_shown_with_words() -> None:
    shown = {
        (path.parent / to).resolve(): words
        for path in documents()
        for words, to in SHOWN.findall(path.read_text("utf-8"))
    }
    assert sorted(path.name for path in FOLDER.iterdir()) == sorted(TAKEN)
    assert set(shown) == {FOLDER / name for name in TAKEN}
    assert [path for path, words in shown.items() if len(words) < 30] == []


def test_no_picture_is_too_large_for_a_slow_line() -> None:
    for path in FOLDER.iterdir():
        data = path.read_bytes()
        assert data.startswith(b"\x89PNG")
        assert len(data) <= MOST_BYTES

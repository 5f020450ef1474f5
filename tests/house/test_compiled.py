"""What is kept from start to start is believed only when nobody else could have written it, and is
what would be built.
"""

import pickle
from pathlib import Path

import pytest

from bot import compiled
from understanding.hearing import Understanding, read_understanding

ROOT = Path(__file__).resolve().parents[2]
TEXTS = (
    *("хочу померти", "I want to end my life", "mi hija de 15 años fue violada en Cali"),
    *("лікар харків", "nereikia gydytojo", "stop", "je ne veux pas la police", "təcili yardım"),
    *("he is at the door", "де я можу отримати допомогу в Польщі", ""),
)


@pytest.fixture(autouse=True)
def as_python_would_write(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.dont_write_bytecode", False)


def test_what_was_built_once_is_not_built_again_until_something_changed(tmp_path: Path) -> None:
    built: list[str] = []

    def build() -> list[str]:
        built.append("again")
        return list(built)

    first = compiled.kept("words", "of these files", build, tmp_path)
    assert compiled.kept("words", "of these files", build, tmp_path) == first == ["again"]
    assert compiled.kept("words", "of others", build, tmp_path) == ["again", "again"]
    assert compiled.kept("words", "of these files", build, tmp_path) == first

    # What was used longest ago is put away.
    for number in range(compiled.MOST_KEPT + 2):
        compiled.kept("words", f"of others still, {number}", build, tmp_path)
        assert compiled.kept("words", "of these files", build, tmp_path) == first
    assert len(list(tmp_path.iterdir())) == compiled.MOST_KEPT
    assert compiled.kept("words", "of others", build, tmp_path) != ["again", "again"]


@pytest.mark.parametrize("who", ["file", "folder"])
def test_what_others_could_have_written_is_not_believed(tmp_path: Path, who: str) -> None:
    compiled.kept("words", "", lambda: "theirs", tmp_path)
    (file,) = tmp_path.iterdir()
    (file if who == "file" else tmp_path).chmod(0o777)
    assert compiled.kept("words", "", lambda: "ours", tmp_path) == "ours"


def test_what_was_cut_or_cannot_be_kept_is_built(tmp_path: Path) -> None:
    compiled.kept("words", "", lambda: "whole", tmp_path)
    (file,) = tmp_path.iterdir()
    file.write_bytes(file.read_bytes()[:-3])
    assert compiled.kept("words", "", lambda: "built", tmp_path) == "built"
    nowhere = file / "no" / "folder"
    assert compiled.kept("words", "", lambda: "all the same", nowhere) == "all the same"
    assert compiled.kept("way", "", lambda: (yes for yes in "y"), tmp_path) is not None


def test_where_python_writes_nothing_neither_is_this(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.dont_write_bytecode", True)
    compiled.kept("words", "", lambda: "built", tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_model_that_was_trained_anew_is_not_kept_from_those_who_ask(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    room, kept = tmp_path / "understanding", tmp_path / "kept"
    (room / "weights").mkdir(parents=True)
    monkeypatch.setattr(compiled, "ROOT", tmp_path)
    monkeypatch.setattr(compiled, "program", compiled.program.__wrapped__)  # as at another start
    for number, file in enumerate(("matching.py", "weights/en.npz", "weights/en.npz")):
        (room / file).write_text("x" * number, "utf-8")
        assert compiled.kept("words", "", lambda: number, kept) == number  # noqa: B023


def test_people_are_understood_alike_by_what_was_kept() -> None:
    built = read_understanding(ROOT / "flows" / "phrases", {}, only=("en", "uk", "es"))
    kept: Understanding = pickle.loads(pickle.dumps(built))
    for text in TEXTS:
        for language in ("en", "uk", "lt"):
            assert kept.hear(text, language) == built.hear(text, language)
    assert {built.hear(text, "en").crisis for text in TEXTS} - {None}

"""The model is trained from files alone, the same each time, and speaks only where it is sure."""

from pathlib import Path

import pytest

from bot.cli.understand import PHRASES
from understanding import read_understanding
from understanding.evaluating import Sentence
from understanding.model import open_model
from understanding.training import plain_words, train, words_of

WAYS = ("drowning", "sinking", "falling", "fading", "perishing")
CALM = ("baking", "reading", "walking", "knitting", "gardening")
SENTENCES = [
    *(
        Sentence(f"i am {way} {more} everything hurts", "suicide", None, None, None)
        for way in WAYS
        for more in ("slowly", "again", "here", "inside", "tonight", "alone", "today", "forever")
    ),
    *(
        Sentence(f"i am {way} {more} with friends", None, need, None, None)
        for way in CALM
        for need, more in (
            ("legal", "lawyers"),
            ("legal", "courts"),
            ("medical", "doctors"),
            ("medical", "nurses"),
            (None, "cakes"),
            (None, "books"),
            (None, "songs"),
            (None, "dogs"),
        )
    ),
]


def trained() -> bytes:
    return train(SENTENCES, plain_words(SENTENCES, drawn=False))


def test_the_same_sentences_give_the_same_bytes() -> None:
    assert trained() == trained()


def test_other_sentences_give_another_model() -> None:
    assert train(SENTENCES[1:], ["i"]) != trained()


def test_the_model_hears_forms_that_were_never_written_and_keeps_still_otherwise() -> None:
    model, words = open_model(trained())
    guess = model.crisis(words_of("drowned everything hurts inside"))
    assert guess is not None
    assert guess.says == "suicide"
    assert guess.why.startswith("model suicide: '")
    assert model.crisis(words_of("reading cakes with friends")) is None
    assert "everything" in words


def test_the_model_tells_a_need_from_its_neighbours() -> None:
    model, _ = open_model(trained())
    guess = model.need(words_of("lawyer court with friend"), among=("legal", "medical"))
    assert guess is not None
    assert guess.says == "legal"
    assert model.need([]) is None


@pytest.mark.parametrize(
    ("text", "crisis"),
    [
        ("drowned everything hurts inside", "suicide"),
        ("a film: drowned everything hurts inside", None),
        ("stop", None),
    ],
)
def test_the_model_speaks_only_where_the_rules_are_silent(
    tmp_path: Path, text: str, crisis: str | None
) -> None:
    phrases, weights = tmp_path / "phrases", tmp_path / "weights"
    phrases.mkdir()
    weights.mkdir()
    (phrases / "en.yaml").write_text(
        "format: 1\nlanguage: en\npatterns: {command.exit: ['=stop']}\nothers: [film]\n",
        encoding="utf-8",
    )
    (weights / "en.npz").write_bytes(trained())
    understanding = read_understanding(phrases, {}, weights=weights)
    assert understanding.hear(text, "en").crisis == crisis


def test_every_language_has_a_model_of_a_size_that_is_easily_kept() -> None:
    weights = Path(PHRASES).parents[1] / "understanding" / "weights"
    sizes = {path.stem: path.stat().st_size for path in weights.glob("*.npz")}
    assert sizes.keys() == {"en", "uk", "ru", "lt", "az", "fr", "es"}
    assert max(sizes.values()) < 1_000_000

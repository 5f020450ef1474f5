"""The lexicons of the service, ready once; and small ones, written for a test."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.cli.understand import PACKS, PHRASES, loaded, pack_places
from bot.once import once
from understanding import Understanding, read_understanding

Small = Callable[..., Understanding]

HEAD = "format: 1\nlanguage: en\n"


@pytest.fixture(scope="session")
def service() -> Understanding:
    """Every lexicon and model of the service, with the places of the packs: kept until a lexicon, a
    place or the code changes, as the service keeps it (`tests/house/test_compiled.py`).
    """
    places = repr(pack_places(PACKS))
    return once(("understanding", places), PHRASES, loaded, kept="understanding-tried")


@pytest.fixture
def small(tmp_path: Path) -> Small:
    """Makes an understanding of one English lexicon and nothing else."""

    def make(lexicon: str, **places: dict[str, list[str]]) -> Understanding:
        folder = tmp_path / "phrases"
        folder.mkdir(exist_ok=True)
        (folder / "en.yaml").write_text(HEAD + lexicon, encoding="utf-8")
        named = {code.replace("_", "-"): names for code, names in places.items()}
        return read_understanding(folder, named, weights=None)

    return make

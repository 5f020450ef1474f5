"""A compiled small script for every test of this room."""

from pathlib import Path

import pytest

from bot.dialogue.lexicon import Lexicon
from flows.table import Table
from tests.dialogue.scripts import lexicon_of, table_of


@pytest.fixture(scope="session")
def table(tmp_path_factory: pytest.TempPathFactory) -> Table:
    return table_of(Path(tmp_path_factory.mktemp("library")))


@pytest.fixture(scope="session")
def lexicon(table: Table) -> Lexicon:
    return lexicon_of(table)

"""Two small scripts, compiled once for every test of this room: without and with a human."""

from pathlib import Path

import pytest

from bot.dialogue.events import Chose
from bot.dialogue.lexicon import Lexicon
from bot.dialogue.session import Session
from flows.table import Table
from tests.dialogue.chats import IN_LINE, JOINED, chat_table, walk
from tests.dialogue.scripts import lexicon_of, table_of


@pytest.fixture(scope="session")
def table(tmp_path_factory: pytest.TempPathFactory) -> Table:
    return table_of(Path(tmp_path_factory.mktemp("library")))


@pytest.fixture(scope="session")
def lexicon(table: Table) -> Lexicon:
    return lexicon_of(table)


@pytest.fixture(scope="session")
def chats(tmp_path_factory: pytest.TempPathFactory) -> Table:
    """The script in which people can talk with a human."""
    return chat_table(Path(tmp_path_factory.mktemp("chats")))


@pytest.fixture
def at_place(chats: Table) -> Session:
    """Somebody who chose a need and is asked for a place."""
    return walk(chats, Chose("legal")).session


@pytest.fixture
def talking(chats: Table, at_place: Session) -> Session:
    """The same person, to whom a human came."""
    return walk(chats, *IN_LINE, JOINED, session=at_place).session

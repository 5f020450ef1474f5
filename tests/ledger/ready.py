"""A ledger's file with its tables and nothing in it: copied, because making them takes a tenth of a
second. Whoever opens it makes the ledger itself, with keys of their own.
"""

import tempfile
from functools import cache
from pathlib import Path

from sqlalchemy.pool import QueuePool

from bot.ledger import tables
from bot.ledger.books import _MIGRATIONS
from bot.storage.database import database_at


@cache
def _empty() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "directory.db"
        database = database_at(path, "directory")
        database.prepare()
        engine = database.engine(pool=QueuePool)
        database.migrate(engine, tables.HEAD, _MIGRATIONS)
        engine.dispose()
        return path.read_bytes()


def laid(path: Path) -> Path:
    """That place, with such a file in it where there was none."""
    if not path.exists():
        path.write_bytes(_empty())
        path.chmod(0o600)
    return path

"""What `keys destroy --all` does: keys first, everywhere; then it says what is closed for good.

It decides the order: nothing is counted before every key was asked to go. It prints days, names of
services and counts, never a key, and nothing of a person.
"""

import secrets
import time
from collections.abc import Sequence
from typing import Final

from sqlalchemy import text

from authored import Mistakes
from bot.handoff.rows import sweep
from bot.keys import RemoteSigning, wire
from bot.keys.line import Line, Refused
from bot.settings import Settings
from bot.slips import keys as slip_keys
from bot.storage import Store, StoreError
from bot.storage.database import Database
from bot.vault import KeyRingError
from bot.wiring import database_of, open_ring, open_signing

KINDS: Final = {
    "session": "sessions",
    "chat": "chats",
    "message": "messages of chats",
    "outbox": "letters on their way",
    "slip": "slips",
}
"""Tables of what is closed now, and what a person calls their rows."""


def destroyed_there(lines: Sequence[Line]) -> list[str]:
    """Every key at those services; gives those of which it is not known."""
    order, silent = wire.Order(secrets.token_bytes(16)), []
    for line in lines:
        try:
            said = line.ask("/destroy", order, wire.Destroyed)
        except Refused as error:
            silent.append(f"{line.where}: {error.mend}")
            continue
        except KeyRingError:
            silent.append(line.where)
            continue
        if said.epochs:
            print(f"{line.where}: destroyed the keys of {len(said.epochs)} days: {_days(said)}")
        else:
            print(f"{line.where}: destroyed")
        if said.peer is False:
            print(f"    the other service of {line.where} was not reached by it")
    return silent


def destroyed_here(known: Settings) -> list[str]:
    """Every key in the folder of this machine; nobody else has any. Raises `KeyRingError`."""
    ring = open_ring(known)
    epochs = wire.Destroyed(ring.live(), None)
    ring.destroy_all()
    print(f"destroyed the keys of {len(epochs.epochs)} days: {_days(epochs)}")
    return []


def slips_closed(known: Settings, lines: Sequence[Line]) -> None:
    """The keys of slips, wherever there are signing keys, and says so."""
    today, weeks = int(time.time()) // 86_400, 0
    failed: KeyRingError | None = None
    for line in lines:
        try:
            with_them = RemoteSigning(line.where, known.key_service_identity)
            weeks += slip_keys.destroy_all(with_them, today)
            with_them.close()
        except Refused as error:
            failed = failed if error.word == "no-signing" else error
        except KeyRingError as error:
            failed = error
    if not lines:
        try:
            weeks = slip_keys.destroy_all(open_signing(known, create=False), today)
        except KeyRingError as error:
            failed = error
    if weeks:
        print(f"destroyed the keys of slips of {weeks} weeks")
    if failed is not None:
        print(f"the keys of slips were not all reached: {failed}")


def told_what_is_closed(known: Settings) -> None:
    """Counts what nobody opens any more, then deletes it: rows too tell how many there were."""
    try:
        database = database_of(known, "quietline")
        if not database.there():
            print("Nothing was kept of anybody yet.")
            return
        counts = _counted(database)
        told = ", ".join(f"{counts[table]} {kind}" for table, kind in KINDS.items())
        print(f"Closed for good, also in every backup: {told}.")
        _deleted(database)
        print("Their rows are deleted.")
    except (StoreError, Mistakes):
        print("The database did not answer: how much is closed is not known. It is closed.")


def _counted(database: Database) -> dict[str, int]:
    engine = database.engine()
    try:
        with database.explaining(), engine.connect() as connection:
            return {
                table: int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())  # nosec B608  # noqa: S608 - names of ours
                for table in KINDS
            }
    finally:
        engine.dispose()


def _deleted(database: Database) -> None:
    store = Store.open(database)
    try:
        store.sweep(())
        with store.group() as group:
            sweep(group, ())
            group.run("DELETE FROM slip", [()])
    finally:
        store.close()


def _days(said: wire.Destroyed) -> str:
    return " ".join(str(epoch) for epoch in sorted(said.epochs))

"""Opens a backup aside and looks whether it holds together.

It decides what would make a backup useless: a chain or a signature that does not fit, a table that
cannot be brought up, or a row of a past day that opens. It changes nothing outside its folder.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import text

from bot.atlas import read_atlas
from bot.audit import NOTICES, Audit, verify
from bot.cli.rows_carried import made
from bot.ledger.known import Known
from bot.ledger.ledger import Ledger
from bot.storage.database import SqliteFile
from bot.vault import Epoch, Ring, Signing, Unopenable, Vault
from bot.wiring import FILES

EXPECTED: Final = NOTICES | {"cut"}
"""What is said of the audit of any backup: it ends before now, and the first key is elsewhere."""
ON_THEIR_WAY: Final = ("outbox", "chat", "message")


@dataclass(frozen=True, slots=True)
class Tried:
    """What a backup holds, and what is wrong with it."""

    live: int
    expired: int
    """Sessions of days whose key is gone: none of them opens."""
    records: int
    staff: int
    entries: int
    faults: tuple[str, ...]


class _AsOfThen:
    """The signing keys, for which no later ledger was seen: the backup is older on purpose."""

    def __init__(self, signing: Signing) -> None:
        self._signing = signing

    def sign(self, data: bytes) -> tuple[str, bytes]:
        return self._signing.sign(data)

    def verify(self, key_id: str, data: bytes, signature: bytes) -> bool:
        return self._signing.verify(key_id, data, signature)

    def mark(self, name: str) -> int:  # noqa: ARG002 - as the ledger asks it
        return -1

    def raise_mark(self, name: str, number: int) -> None:
        """Nothing is remembered of a copy."""

    def lower_mark(self, name: str, number: int) -> None:
        """As above."""


def tried(
    folder: Path, versions: Mapping[str, str], ring: Ring, signing: Signing, countries: str
) -> Tried:
    """Look at copies of the databases in that folder. Raises `StoreError` or `KeyRingError`."""
    faults: list[str] = []
    for name in versions:
        made(SqliteFile(folder / FILES[name]), name).dispose()
    live = expired = records = staff = entries = 0
    if "quietline" in versions:
        live, expired = _sessions(folder / FILES["quietline"], ring, faults)
    if "directory" in versions:
        known = Known.of(read_atlas(countries).served)
        ledger = Ledger.open(folder / FILES["directory"], _AsOfThen(signing), known=known)
        try:
            faults += [f"directory, {one.where}: {one.said}" for one in ledger.verify_history()]
            records = len(ledger.plan_base())
        finally:
            ledger.close()
    if "staff" in versions:
        staff = _count(folder / FILES["staff"], "staff")
    if "audit" in versions:
        audit = Audit.open(folder / FILES["audit"], signing)
        try:
            entries = audit.count()
            found = (one for one in verify(audit) if one.kind not in EXPECTED)
            faults += [f"audit: {one.said}" for one in found]
        finally:
            audit.close()
    return Tried(live, expired, records, staff, entries, tuple(faults))


def _sessions(file: Path, ring: Ring, faults: list[str]) -> tuple[int, int]:
    """How many are of live days and of past ones. A past one that opens is a fault."""
    vault, days = Vault(ring), set(ring.live())
    live = expired = 0
    engine = SqliteFile(file).engine()
    try:
        with engine.connect() as connection:
            asked = ((table, text(f"SELECT 1 FROM {table} LIMIT 1")) for table in ON_THEIR_WAY)  # nosec B608  # noqa: S608 - names of ours
            faults += [
                f"quietline: {table} is not empty: it would be sent again"
                for table, question in asked
                if connection.execute(question).first()
            ]
            rows = connection.execute(text("SELECT alias, epoch, sequence, sealed FROM session"))
            for alias, epoch, sequence, sealed in rows:
                if epoch in days:
                    live += 1
                    continue
                expired += 1
                if any(_opens(vault, day, alias, sequence, sealed) for day in (epoch, *days)):
                    faults.append("quietline: a session of a past day opens")
    finally:
        engine.dispose()
    return live, expired


def _opens(vault: Vault, day: int, alias: bytes, sequence: int, sealed: bytes) -> bool:
    try:
        vault.open("session", alias, Epoch(day), sequence, b"", sealed)
    except Unopenable:
        return False
    return True


def _count(file: Path, table: str) -> int:
    engine = SqliteFile(file).engine()
    try:
        with engine.connect() as connection:
            return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())  # nosec B608  # noqa: S608 - names of ours
    finally:
        engine.dispose()

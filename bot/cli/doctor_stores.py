"""What the doctor asks of databases, keys, the audit and backups. It makes and migrates nothing.

Only the keys of today may be made by a look, as the service would make them.
"""

import shlex
import time
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import text

from bot.audit import NOTICES, Audit, verify
from bot.cli.backup_shelf import all_in, at_of, backup_folder
from bot.cli.database import newest_of, version_of
from bot.cli.doctor_model import Finding, Look, fail, ok, warn
from bot.keys.clock import MOST_STEP, since_boot
from bot.settings import Settings
from bot.upkeep import Upkeep
from bot.vault import files
from bot.wiring import FILES, database_of, key_ring_path, open_ring, open_signing, signing_path

SERVE: Final = "./quietline serve"
TABLES: Final = ("session", "seen", "outbox", "footprint")
BACKUP_DAYS, TEST_DAYS = 2, 35


def databases(known: Settings) -> Finding:
    """All four, and their versions."""
    missing, behind = [], []
    for name in FILES:
        version, newest = version_of(database_of(known, name)), newest_of(name)
        if version is None:
            missing.append(name)
        elif version > newest:
            mend = "Start the newer program again, or go back: ./quietline database take-to FILE"
            return fail(f"a newer program made the tables of '{name}'", mend)
        elif version != newest:
            behind.append(name)
    if behind:
        return warn(f"older tables, which the next start takes up: {', '.join(behind)}", SERVE)
    if missing:
        return warn(f"not made yet, which the first start does: {', '.join(missing)}", SERVE)
    return ok(f"{len(FILES)} on {database_of(known, 'quietline').backend}, tables as wanted")


def keys(known: Settings) -> Finding:
    """The keys by day."""
    live = open_ring(known).live()
    where = "from key services" if known.key_service else "in a folder"
    if not known.key_service:
        path = key_ring_path(known)
        jump = files.clock_jump(path, time.time(), since_boot())
        if abs(jump) > MOST_STEP:
            said = f"the clock was set by {jump / 3600:+.1f} hours since the machine started"
            clock = shlex.quote(str(path / "clock"))
            mend = f"Keys go by it: too far ahead destroys them early. When it is right: rm {clock}"
            return warn(said, mend)
        if not files.in_memory(path):
            mend = "Leave key_ring out, or name a folder in memory: key_ring: /run/quietline/keys"
            return warn(f"{len(live)} live in a folder on a disk, where copies can stay", mend)
    return ok(f"{len(live)} live {where}, kept at most {known.keep_hours} hours")


def signing(known: Settings) -> Finding:
    """The keys that sign."""
    if not any(version_of(database_of(known, name)) for name in FILES):
        return ok("made by the first start")
    count = len(open_signing(known, create=False).public())
    # Where a service elsewhere signs, the copy is made there.
    if signing_path(known).is_dir():
        copied = Upkeep(known.data).last("signing-export")
        mend = "./quietline keys signing export FILE       (FILE on a stick)"
        if copied is None:
            said = "nobody has a copy: without it the loss of this machine is the loss of all trust"
            return warn(said, mend)
        if copied.counts.get("keys", 0) < count:
            return warn("there is a newer key than the copy has", mend)
    return ok(f"{count}, of which one signs")


def retention(known: Settings) -> Finding:
    """Whether a row is there that no key opens any more, and when it was last swept."""
    database = database_of(known, "quietline")
    if version_of(database) is None:
        return ok("there is nothing yet")
    oldest = min(open_ring(known).live())
    engine = database.engine()
    try:
        with database.explaining(), engine.connect() as connection:
            found = [
                connection.execute(text(f"SELECT min(epoch) FROM {table}")).scalar()  # nosec B608  # noqa: S608 - names of ours
                for table in TABLES
            ]
    finally:
        engine.dispose()
    dead = [epoch for epoch in found if epoch is not None and epoch < oldest]
    last = Upkeep(known.data).last("swept")
    if dead:
        return fail("rows are left that no key opens any more", f"{SERVE}       (it sweeps)")
    if last is None or datetime.now(UTC) - last.at > timedelta(hours=1):
        return warn("nothing is left, but nobody has looked within the hour", SERVE)
    return ok(f"swept {_ago(last.at)}, nothing is left")


def audit(known: Settings) -> Finding:
    """The chain, and its seals where the first key is here."""
    database = database_of(known, "audit")
    if version_of(database) != newest_of("audit"):
        return ok("there is nothing yet, or of an older program")
    held = Audit.open(database, open_signing(known, create=False))
    try:
        faults = [one for one in verify(held) if one.kind not in NOTICES]
        count, key_here = held.count(), held.first_key is not None
    finally:
        held.close()
    if faults:
        return fail(faults[0].said, "./quietline audit verify")
    if key_here and count:
        mend = "./quietline audit take-key FILE       (FILE on a stick)"
        return warn(f"{count} entries, whole; the first key is still on this machine", mend)
    return ok(f"{count} entries, whole")


def backup(known: Settings) -> Finding:
    """The newest one, and the last that was tried."""
    every = all_in(backup_folder(known))
    newest = at_of(every[-1]) if every else None
    now, tested = datetime.now(UTC), Upkeep(known.data).last("restore-test")
    if newest is None or now - newest > timedelta(days=BACKUP_DAYS):
        said = f"the newest is of {_ago(newest)}" if newest else "there is none"
        return warn(said, "./quietline backup")
    if tested is not None and not tested.well:
        return fail("the last one that was tried did not hold together", "./quietline restore-test")
    if tested is None or now - tested.at > timedelta(days=TEST_DAYS):
        return warn(f"made {_ago(newest)}; none was tried lately", "./quietline restore-test")
    return ok(f"made {_ago(newest)}, one was tried {_ago(tested.at)}")


def _ago(at: datetime) -> str:
    hours = int((datetime.now(UTC) - at).total_seconds() // 3600)
    return f"{hours // 24} days ago" if hours >= 48 else f"{hours} hours ago"


LOOKS: Final[dict[str, Look]] = {
    "databases": databases,
    "keys": keys,
    "signing": signing,
    "retention": retention,
    "audit": audit,
    "backup": backup,
}

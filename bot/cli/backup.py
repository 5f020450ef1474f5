"""`quietline backup`, `restore-test` and `restore`: a copy of the four databases, tried, put back.

A backup holds of people nothing but ciphertext, and no key: after the keep time nobody opens what
is sealed in it. It decides nothing that the rooms decide themselves.
"""

import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from tempfile import mkdtemp

from authored import Mistake, Mistakes
from bot.audit import Audit
from bot.cli import backup_copy, backup_shelf
from bot.cli.backup_sealed import SUFFIX, open_file, private_in, public_in, seal_file
from bot.cli.backup_trial import Tried, tried
from bot.cli.database import version_of
from bot.cli.rows_carried import made
from bot.settings import Settings, read_settings
from bot.storage import Store
from bot.upkeep import Upkeep
from bot.vault import KeyRingError
from bot.wiring import FILES, database_of, open_ring, open_signing


def run_backup(file: Path | None, to: Path | None, seal_for: Path | None = None) -> int:
    """Make one, and remove what is too old. Raises `Mistakes`, `StoreError` or `KeyRingError`."""
    settings = read_settings(file)
    shelf = to or backup_shelf.backup_folder(settings)
    reader = seal_for or settings.backup_seal_for
    folder = make_backup(settings, shelf, None if reader is None else public_in(reader))
    gone = backup_shelf.remove_old(shelf, settings.backup_keep)
    with suppress(OSError):
        Upkeep(settings.data).done("backup")
    print(folder)
    if gone:
        print(f"{gone} older ones are removed: backup_keep is {settings.backup_keep}.")
    return 0


def make_backup(settings: Settings, shelf: Path, public: bytes | None = None) -> Path:
    """A new backup in that folder, whole or not at all. Raises as `run_backup`.

    With `public` it is tried, and then sealed for who has the other half.
    """
    there = {
        name: version for name in FILES if (version := version_of(database_of(settings, name)))
    }
    if not there:
        mend = "Name the settings of the service: --settings FILE, or QUIETLINE_SETTINGS."
        raise _mistake(settings.data, "there is no database to back up", mend)
    signing = open_signing(settings, create=False)
    part = shelf / f".{token_hex(4)}.part"
    try:
        shelf.mkdir(mode=0o700, parents=True, exist_ok=True)
        part.mkdir(mode=0o700)
        if public is None:
            for name in there:
                backup_copy.copy_out(name, database_of(settings, name), part / FILES[name])
        else:
            _sealed(settings, there, part, public)
        backup_shelf.seal(part, there, signing)
        os.sync()
        folder = shelf / backup_shelf.stamp()
        part.rename(folder)
    except OSError as error:
        mend = "Name a folder that can be written, on a disk with room: --to FOLDER"
        raise _mistake(shelf, f"{error.strerror}", mend) from None
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return folder


def _sealed(settings: Settings, there: Mapping[str, str], part: Path, public: bytes) -> None:
    """Copies beside the data, tries them there, since nobody can later, and seals them."""
    aside = Path(mkdtemp(prefix=".sealing-", dir=settings.data))
    try:
        for name in there:
            backup_copy.copy_out(name, database_of(settings, name), aside / FILES[name])
            seal_file(aside / FILES[name], part / f"{FILES[name]}{SUFFIX}", public)
        signing = open_signing(settings, create=False)
        found = tried(aside, there, open_ring(settings), signing, settings.countries)
        if found.faults:
            mend = "Look at what it says: ./quietline doctor"
            raise _mistake(
                settings.data, f"the copy does not hold together: {found.faults[0]}", mend
            )
        _note(settings, found)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def run_restore_test(file: Path | None, folder: Path | None, key: Path | None = None) -> int:
    """Open the newest backup aside and look at all of it. Gives 1 when something is wrong."""
    settings = read_settings(file)
    shelf = backup_shelf.backup_folder(settings)
    if folder is None:
        every = backup_shelf.all_in(shelf)
        if not every:
            raise _mistake(shelf, "there is no backup", "Make one: ./quietline backup")
        folder = every[-1]
    if key is None and backup_shelf.whole(folder, open_signing(settings, create=False)).sealed:
        print(f"{folder}: whole, and its list is signed. It is sealed, and was tried before that.")
        print("To try it again, where the private half is: ./quietline restore-test --key FILE")
        return 0
    found = try_backup(settings, folder, key)
    print(f"{folder}: {found.records} listings, {found.staff} accounts, {found.entries} entries,")
    print(f"{found.live} sealed sessions of live days, {found.expired} of days whose key is gone.")
    for fault in found.faults:
        print(f"wrong: {fault}")
    _note(settings, found)
    print("It can be put back." if not found.faults else "Do not rely on it: make another one.")
    return 1 if found.faults else 0


def _note(settings: Settings, found: Tried) -> None:
    with suppress(OSError):
        Upkeep(settings.data).done(
            "restore-test", well=not found.faults, records=found.records, entries=found.entries
        )


def try_backup(settings: Settings, folder: Path, key: Path | None = None) -> Tried:
    """What is in that backup, and whether it holds together. Raises `Mistakes`."""
    signing = open_signing(settings, create=False)
    backup = backup_shelf.whole(folder, signing)
    # Beside the backups, where there is room for them and nobody else looks in.
    aside = Path(mkdtemp(prefix=".test-", dir=folder.parent))
    try:
        for name in backup.versions:
            _taken_out(backup, name, aside / FILES[name], key)
        return tried(aside, backup.versions, open_ring(settings), signing, settings.countries)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _taken_out(backup: backup_shelf.Backup, name: str, to: Path, key: Path | None) -> None:
    """One database of it as a file of mode 0600. Raises `Mistakes` when it is sealed for others."""
    if not backup.sealed:
        shutil.copy(backup.folder / FILES[name], to)
        to.chmod(0o600)
        return
    if key is None:
        raise _mistake(backup.folder, "it is sealed", "Name the private half: --key FILE")
    open_file(backup.folder / f"{FILES[name]}{SUFFIX}", to, private_in(key))


def run_restore(file: Path | None, folder: Path, key: Path | None = None) -> int:
    """Put a backup into databases that are empty, and drop what no key opens. Raises `Mistakes`."""
    settings = read_settings(file)
    put_back(settings, folder, key)
    _write_down(settings, folder.name)
    print("Put back. Say so, or nothing of it is served:")
    print("    ./quietline directory restored")
    print("Then look at it, and start it:")
    print("    ./quietline doctor")
    print("    ./quietline serve")
    return 0


def _write_down(settings: Settings, backup: str) -> None:
    """Have the audit say that it was put back, and how much of it is lost."""
    database = database_of(settings, "audit")
    if version_of(database) is None:
        return
    audit = Audit.open(database, open_signing(settings, create=False))
    try:
        lost = audit.restored(backup, "quietline restore")
    except (KeyRingError, ValueError) as error:
        print(f"The audit could not be told of it: {error}")
        print(f"When its keys are there again: ./quietline audit restored {backup}")
        return
    finally:
        audit.close()
    if lost:
        print(f"{lost} entries of the audit came after this backup and are lost: it says so now.")


def put_back(settings: Settings, folder: Path, key: Path | None = None) -> None:
    """The databases of that backup where the settings say. Raises as `run_backup`."""
    backup = backup_shelf.whole(folder, open_signing(settings, create=False))
    for name in FILES:
        if version_of(database_of(settings, name)) is not None:
            mend = "Stop the service, and move what is there aside; nothing is overwritten."
            raise _mistake(settings.data, f"there is a database '{name}' already", mend)
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    aside = Path(mkdtemp(prefix=".restore-", dir=settings.data))
    try:
        for name in backup.versions:
            _taken_out(backup, name, aside / FILES[name], key)
        for name in backup.versions:
            database = database_of(settings, name)
            if database.backend == "sqlite":
                (aside / FILES[name]).rename(settings.data / FILES[name])
                made(database, name).dispose()
            else:
                backup_copy.copy_in(name, aside / FILES[name], database)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    store = Store.open(database_of(settings, "quietline"))
    try:
        store.sweep(open_ring(settings).live())
    except KeyRingError:
        # Without keys nothing of it opens, and the service sweeps it when it starts.
        print("The keys cannot be reached now: what they would not open goes when it starts.")
    finally:
        store.close()


def _mistake(where: Path, said: str, mend: str) -> Mistakes:
    return Mistakes([Mistake(str(where), 0, 0, said, mend)])

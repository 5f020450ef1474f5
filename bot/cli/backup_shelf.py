"""A folder of backups: each a folder of its own with a list of what is in it, signed.

    2026-11-23T031500Z/quietline.db directory.db staff.db audit.db manifest.json

It decides what a whole backup is, and which are too many. A backup holds no key.
"""

import hashlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from authored import Mistake, Mistakes
from bot.cli.backup_sealed import SUFFIX
from bot.settings import Settings
from bot.vault import Signing
from bot.wiring import FILES

MANIFEST: Final = "manifest.json"
STAMP: Final = "%Y-%m-%dT%H%M%SZ"
SIGNED: Final = b"quietline backup/v1\0"
"""Stands before what is signed, so that no other signature of ours passes for this one."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that is whole: its files are those that were written."""

    folder: Path
    at: datetime
    versions: Mapping[str, str]
    """Database → migration; only those that were there."""
    sealed: bool = False
    """Whether its files open only with a key that is elsewhere: see `backup_sealed`."""


def backup_folder(settings: Settings) -> Path:
    """Where backups go: as set, or beside the data."""
    if settings.backup_folder is not None:
        return settings.backup_folder
    data = settings.data.absolute()
    return data.with_name(f"{data.name}-backups")


def stamp() -> str:
    """The name of a backup that is made now."""
    return datetime.now(UTC).strftime(STAMP)


def at_of(folder: Path) -> datetime | None:
    """When a backup was made, by its name; None for a folder that is none."""
    try:
        return datetime.strptime(folder.name, STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None


def all_in(shelf: Path) -> list[Path]:
    """The backups there, oldest first."""
    if not shelf.is_dir():
        return []
    return sorted(one for one in shelf.iterdir() if one.is_dir() and at_of(one) is not None)


def remove_old(shelf: Path, keep: int) -> int:
    """Remove all but the newest; gives how many went."""
    old = all_in(shelf)[:-keep]
    for folder in old:
        shutil.rmtree(folder)
    return len(old)


def seal(folder: Path, versions: Mapping[str, str], signing: Signing) -> None:
    """Write and sign the list of what is in that folder."""
    files = {file.name: _hash(file) for file in (_file(folder, FILES[name]) for name in versions)}
    said: dict[str, Any] = {"files": files, "versions": dict(versions)}
    key, signature = signing.sign(SIGNED + _plain(said))
    whole = {**said, "key": key, "signature": signature.hex()}
    path = folder / MANIFEST
    path.touch(0o600)
    path.write_text(json.dumps(whole, indent=1, sort_keys=True) + "\n", "ascii")


def whole(folder: Path, signing: Signing | None) -> Backup:
    """That backup, when nothing of it is missing or changed. Raises `Mistakes`.

    Without `signing` only the files are held against the list.
    """
    try:
        said = json.loads((folder / MANIFEST).read_text("ascii"))
        files, versions = dict(said["files"]), dict(said["versions"])
        key, signature = str(said["key"]), bytes.fromhex(said["signature"])
    except (OSError, ValueError, LookupError, TypeError):
        mend = "Name a folder that `quietline backup` made, with everything in it."
        raise _mistake(folder, "it has no list of its files, or not one of ours", mend) from None
    for name in versions:
        file = _file(folder, FILES.get(name, "no file of ours"))
        if not file.is_file() or _hash(file) != files.get(file.name):
            raise _mistake(folder, f"{file.name} is missing or was changed", "Take another one.")
    told = SIGNED + _plain({"files": files, "versions": versions})
    if signing is not None and not signing.verify(key, told, signature):
        mend = "Put the signing keys back that it was made with, or take another backup."
        raise _mistake(folder, "its list is not signed by a key of ours", mend)
    sealed = any(name.endswith(SUFFIX) for name in files)
    return Backup(folder, at_of(folder) or datetime.fromtimestamp(0, UTC), versions, sealed)


def _file(folder: Path, name: str) -> Path:
    sealed = folder / f"{name}{SUFFIX}"
    return sealed if sealed.is_file() else folder / name


def _plain(said: Mapping[str, Any]) -> bytes:
    return json.dumps(said, sort_keys=True, separators=(",", ":")).encode("ascii")


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _mistake(folder: Path, said: str, mend: str) -> Mistakes:
    return Mistakes([Mistake(str(folder), 0, 0, said, mend)])

"""Opens what the directory is kept with: the signing keys, the ledger, the staff book, the audit.

Where they are follows from the settings. A data folder that has no ledger yet gets one with the
listings of the packs in it: unpublished, until they were checked and a second person agreed; in a
demonstration as they are, labelled.
"""

import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from authored import Mistake, Mistakes
from bot.audit import Audit
from bot.ledger.known import Known
from bot.ledger.ledger import Ledger
from bot.settings import Settings
from bot.staff import StaffBook
from bot.vault import Signing
from bot.wiring import FILES, database_of, open_signing
from referral_directory import Directory
from referral_directory.directory import Entry

BOOK = FILES["staff"]


@dataclass(frozen=True, slots=True)
class Kept:
    """What the directory is kept with. Close it at the end."""

    signing: Signing
    ledger: Ledger
    book: StaffBook
    audit: Audit

    def close(self) -> None:
        """Let go of the files."""
        self.ledger.close()
        self.book.close()
        self.audit.close()


def open_kept(
    settings: Settings,
    directory: Directory,
    *,
    demo: bool = False,
    seeded: bool = True,
    clock: Callable[[], float] = time.time,
) -> Kept:
    """Open or make all four; `seeded` takes in what the packs have and the ledger has not.

    Raises `KeyRingError`, `StoreError`, `Tampered` or `Mistakes`.
    """
    try:
        settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        mend = "Name a folder that can be written: QUIETLINE_DATA, or `data` in the settings."
        raise Mistakes([Mistake(str(settings.data), 0, 0, f"{error.strerror}", mend)]) from None
    signing = open_signing(settings, demo=demo)
    audit = Audit.open(database_of(settings, "audit"), signing, clock)
    ledger = Ledger.open(
        database_of(settings, "directory"), signing, clock, known=Known.of(directory)
    )
    ledger.books.tell = audit.write
    if seeded:
        seed(ledger, directory, demo=demo)
    secret = signing.secret("staff")
    book = StaffBook.open(database_of(settings, "staff"), secret, clock, tell=audit.write)
    return Kept(signing, ledger, book, audit)


def seed(ledger: Ledger, directory: Directory, *, demo: bool) -> int:
    """Take in the listings of packs that the ledger does not have; gives how many."""
    packs: dict[str, dict[str, Entry]] = defaultdict(dict)
    for name, entry in directory.entries.items():
        packs[Path(entry.file).parent.name or "pack"][name] = entry
    return sum(
        ledger.seed(entries, f"pack:{pack}", publish_for_demo=demo)
        for pack, entries in packs.items()
    )

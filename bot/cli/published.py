"""What is published here, for commands that look at it once and end.

It decides nothing, and makes no file: where there is no ledger nothing is published.
"""

from bot.ledger.known import Known
from bot.ledger.ledger import Ledger
from bot.serving import Serving
from bot.settings import Settings
from bot.wiring import database_of, open_signing
from referral_directory import Directory, Live


def published_here(settings: Settings, directory: Directory) -> Live:
    """What people are given now. Raises `KeyRingError`, `StoreError` or `LedgerError`."""
    database = database_of(settings, "directory")
    if not database.there():
        return directory.serving({})
    signing = open_signing(settings, create=False)
    ledger = Ledger.open(database, signing, known=Known.of(directory))
    try:
        return Serving(ledger, directory).live
    finally:
        ledger.close()

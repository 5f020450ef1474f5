"""What is published here, for commands that look at it once and end.

It decides nothing, and makes no file: where there is no ledger nothing is published.
"""

from bot.cli.office import LEDGER
from bot.ledger.known import Known
from bot.ledger.ledger import Ledger
from bot.serving import Serving
from bot.settings import Settings
from bot.wiring import open_signing
from referral_directory import Directory, Live


def published_here(settings: Settings, directory: Directory) -> Live:
    """What people are given now. Raises `KeyRingError`, `StoreError` or `LedgerError`."""
    path = settings.data / LEDGER
    if not path.exists():
        return directory.serving({})
    signing = open_signing(settings, create=False)
    ledger = Ledger.open(path, signing, known=Known.of(directory))
    try:
        return Serving(ledger, directory).live
    finally:
        ledger.close()

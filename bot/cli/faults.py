"""Which errors are for the person at the terminal, and how they read. All others are ours and
stay loud.
"""

from authored import Mistakes
from bot.ledger.model import LedgerError
from bot.staff import StaffError
from bot.storage import StoreError
from bot.vault import KeyRingError


def explained(error: Exception) -> str | None:
    """What to print for an error that the person can mend; None for one that is our fault."""
    if isinstance(error, Mistakes | StoreError | KeyRingError):
        return f"quietline: cannot go on\n{error}"
    if isinstance(error, LedgerError | StaffError):
        return f"quietline: cannot go on\n{error}\n    {error.mend}".rstrip()
    return None

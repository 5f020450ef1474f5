"""Where people can be sent: listings read from packs, their hours, and a search that says why.

It knows no person: a query is what was chosen, and is kept nowhere. It serves nothing that is
unverified, suspended, without a source or, outside a demonstration, not confirmed as it stands.
"""

from referral_directory.confirmations import add_confirmation, read_confirmations
from referral_directory.directory import Directory, Live
from referral_directory.hours import OpenState
from referral_directory.loading import PACKS, load_packs
from referral_directory.model import (
    Confirmation,
    Contact,
    Found,
    Listing,
    Need,
    Place,
    Query,
    Referral,
)

__all__ = [
    "PACKS",
    "Confirmation",
    "Contact",
    "Directory",
    "Found",
    "Listing",
    "Live",
    "Need",
    "OpenState",
    "Place",
    "Query",
    "Referral",
    "add_confirmation",
    "load_packs",
    "read_confirmations",
]

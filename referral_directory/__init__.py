"""Where people can be sent: listings read from packs, their hours, and a search that says why.

It knows no person: a query is what was chosen, and is kept nowhere. It serves nothing that is
unverified, suspended, without a source or, outside a demonstration, not confirmed as it stands.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from referral_directory.directory import Directory
    from referral_directory.hours import OpenState
    from referral_directory.live import Live
    from referral_directory.loading import PACKS, load_packs, packs_in
    from referral_directory.model import (
        Confirmation,
        Contact,
        Country,
        Found,
        Listing,
        Need,
        Place,
        Query,
        Referral,
    )
    from referral_directory.served import Served

__all__ = [
    "PACKS",
    "Confirmation",
    "Contact",
    "Country",
    "Directory",
    "Found",
    "Listing",
    "Live",
    "Need",
    "OpenState",
    "Place",
    "Query",
    "Referral",
    "Served",
    "load_packs",
    "packs_in",
]

_HOMES = {
    "directory": ("Directory",),
    "hours": ("OpenState",),
    "live": ("Live",),
    "loading": ("PACKS", "load_packs", "packs_in"),
    "served": ("Served",),
}


def __getattr__(name: str) -> Any:
    # Each part is loaded when it is first used: `--help` needs none of them.
    if name not in __all__:
        raise AttributeError(name)
    home = next((home for home, names in _HOMES.items() if name in names), "model")
    return getattr(import_module(f"{__name__}.{home}"), name)

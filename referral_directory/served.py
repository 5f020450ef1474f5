"""A listing as it is handed over to be served: its text, and what was found out about it.

The text is the JSON of `ListingShape`, as it was published. It decides only what follows from it:
the listing that is shown.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from referral_directory.country import CountryFile
from referral_directory.model import Confirmation

CountryOf = Callable[[str, tuple[str, ...]], CountryFile | None]
"""`(country, area) → what holds for such a listing`, or None when it is not served here."""


@dataclass(frozen=True, slots=True)
class Served:
    """One published listing."""

    id: str
    content: bytes = field(repr=False)
    """UTF-8 JSON of `ListingShape`, without what is left at its default."""
    country: str
    """ISO 3166-1 alpha-2, or `INT`."""
    confirmed: Confirmation | None = None
    due_on: date | None = None
    """When it is to be checked again; None in a demonstration."""

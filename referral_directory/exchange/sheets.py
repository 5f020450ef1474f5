"""Listings as a sheet of cells, before it is a CSV file or a workbook.

It decides which listings may leave the house, which columns there are, and that no cell is taken
for a formula.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from referral_directory.exchange.columns import column, in_order, title
from referral_directory.exchange.listing_cells import cells_of, exportable
from referral_directory.exchange.rows import Content

_ALWAYS: Final = (
    *("id", "revision", "delete", "name_en", "organization_en", "status", "needs", "area"),
    *("phone_1", "phone_1_hours", "web_1", "email_1", "languages", "hours", "cost"),
    *("summary_en", "visibility", "vetting", "run_by", "source_url", "source_date"),
)
"""Also in an empty sheet, which is a form to fill in."""


@dataclass(frozen=True, slots=True)
class Exported:
    """A listing that goes out, and the revision it is."""

    id: str
    revision: int
    content: Content = field(repr=False)


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows of cells, by the keys of their columns."""

    keys: tuple[str, ...]
    rows: tuple[dict[str, str], ...] = field(repr=False)
    language: str = "en"
    """Of the headers: Ukrainian, or English for every other language."""

    @property
    def titles(self) -> tuple[str, ...]:
        """The headers."""
        return tuple(title(key, self.language) for key in self.keys)

    def lines(self) -> Iterator[tuple[str, ...]]:
        """The cells of each row, in the order of the columns."""
        for row in self.rows:
            yield tuple(row.get(key, "") for key in self.keys)

    def choices(self) -> dict[str, tuple[str, ...]]:
        """The words that may stand in a column, for those that have few."""
        found: dict[str, tuple[str, ...]] = {}
        for key in self.keys:
            one = column(key)
            if one is not None and one.reads == "flag":
                found[key] = ("yes", "no")
            elif one is not None and one.reads == "delete":
                found[key] = ("yes",)
            elif one is not None and one.codes and one.reads in {"answer", "choice"}:
                found[key] = one.codes
        return found


def sheet_of(
    listings: Iterable[Exported], *, language: str = "en", restricted: bool = False
) -> Sheet:
    """The listings as a sheet, in the order in which they come.

    Without `restricted` only what is public; what is marked `never_export` in no case.
    """
    rows = tuple(
        {
            "id": one.id,
            "revision": str(one.revision),
            **cells_of(one.content, restricted=restricted),
        }
        for one in listings
        if exportable(one.content, restricted=restricted)
    )
    used = frozenset(key for row in rows for key in row)
    own = {f"{head}_{language}" for head in ("name", "organization", "summary")}
    wanted = used | {*_ALWAYS} | {key for key in own if column(key) is not None}
    return Sheet(tuple(in_order(wanted)), rows, language)

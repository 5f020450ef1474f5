"""Listings as the bytes of a file that leaves the house, and what of them stays here.

A table is for those who keep the directory: what stands, and what is not public only when somebody
who may see it asks for it. HSDS is for partners: what survivors are shown, and never more. What is
marked `never_export` goes nowhere.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Literal

from bot.ledger.model import PublishedRow
from referral_directory import Directory
from referral_directory.exchange.csv_out import write_csv
from referral_directory.exchange.hsds import Book, Facts, NotPublic, service_from
from referral_directory.exchange.hsds_book import may_be_served
from referral_directory.exchange.listing_cells import cells_of, exportable
from referral_directory.exchange.rows import Base, Content
from referral_directory.exchange.sheets import Exported, sheet_of
from referral_directory.exchange.tabular import package_zip
from referral_directory.exchange.xlsx_out import RTL, write_xlsx
from referral_directory.keeping import stage_of

Form = Literal["xlsx", "csv", "hsds", "tabular"]
TABLES: Final[frozenset[Form]] = frozenset({"xlsx", "csv"})
_SHOWN: Final = frozenset({"verified", "due", "stale"})


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody wants to have."""

    form: Form = "xlsx"
    area: str = ""
    """A country or region; empty: all."""
    language: str = ""
    """Only services that answer in it; empty: all."""
    headers: str = "en"
    """The language of the headers of a table."""
    separator: str = ","
    ids: frozenset[str] = frozenset()
    """Only these; empty: all."""
    restricted: bool = False

    def takes(self, name: str, content: Content) -> bool:
        """Whether a listing was asked for."""
        if self.ids and name not in self.ids:
            return False
        if self.language and self.language not in content.get("languages", ()):
            return False
        return not self.area or any(
            one == self.area or one.startswith(f"{self.area}-") or one == self.area[:2]
            for one in content["area"]
        )


@dataclass(frozen=True, slots=True)
class Parcel:
    """What goes out, before it is written, and what does not."""

    listings: tuple[tuple[str, int, Content, Facts], ...] = field(repr=False)
    left: Mapping[str, int]
    """By reason (`not_public`, `never_export`, `not_shown`, `parts`): how many are left out."""
    delicate: tuple[str, ...] = ()
    """Ids of those of which something goes out that is not public."""


def table_parcel(base: Base, choice: Choice) -> Parcel:
    """What goes into a table."""
    taken, delicate = [], []
    left = {"not_public": 0, "never_export": 0, "parts": 0}
    for name, (revision, content) in sorted(base.items()):
        if not choice.takes(name, content):
            continue
        if not exportable(content, restricted=choice.restricted):
            never = content.get("visibility") == "never_export"
            left["never_export" if never else "not_public"] += 1
            continue
        taken.append((name, revision, content, Facts()))
        out = cells_of(content, restricted=choice.restricted)
        if out != cells_of(content, restricted=True) or _has_never(content):
            left["parts"] += 1
        if choice.restricted and (
            not exportable(content, restricted=False) or out != cells_of(content, restricted=False)
        ):
            delicate.append(name)
    return Parcel(tuple(taken), {key: n for key, n in left.items() if n}, tuple(delicate))


def hsds_parcel(
    rows: Iterable[PublishedRow], base: Base, choice: Choice, today: date, *, demo: bool
) -> Parcel:
    """What partners get: what is published and not overdue, of what this person may see.

    `demo`: what nobody ever checks is not overdue there.
    """
    taken = []
    for row in rows:
        if row.content is None or row.id not in base:
            continue
        content: dict[str, Any] = json.loads(row.content)
        due_on = None if demo and row.confirmed is None else row.due_on
        stage = stage_of(published=True, suspended=False, retired=False, due_on=due_on, today=today)
        if not may_be_served(content) or not choice.takes(row.id, content):
            continue
        if stage in _SHOWN:
            confirmed = row.confirmed.on if row.confirmed else None
            facts = Facts(row.country, None, confirmed, stage == "stale", row.changed)
            taken.append((row.id, base[row.id][0], content, facts))
    asked = sum(choice.takes(name, content) for name, (_, content) in base.items())
    left = asked - len(taken)
    return Parcel(tuple(sorted(taken, key=lambda one: one[0])), {"not_shown": left} if left else {})


def table(parcel: Parcel, directory: Directory, choice: Choice) -> bytes:
    """The CSV file or the workbook."""
    listings = (Exported(name, revision, content) for name, revision, content, _ in parcel.listings)
    sheet = sheet_of(listings, language=choice.headers, restricted=choice.restricted)
    if choice.form == "csv":
        return write_csv(sheet, separator=choice.separator)
    needs = {code: need.names for code, need in directory.needs.items()}
    words = {
        "Needs": list(_named(needs, choice.headers)),
        "Areas": list(_named(directory.place_names, choice.headers)),
    }
    return write_xlsx(sheet, words=words, right_to_left=choice.headers in RTL)


def hsds(parcel: Parcel, directory: Directory, choice: Choice, today: date) -> bytes:
    """A JSON array of full service records, or a tabular package as a zip."""
    book = Book.of(directory)

    def services() -> Iterator[dict[str, Any]]:
        for name, _, content, facts in parcel.listings:
            try:
                yield service_from(name, content, facts, book, today)
            except NotPublic:
                continue  # looked at before, and once more by who writes it

    if choice.form == "tabular":
        return package_zip(services())
    return json.dumps(list(services()), ensure_ascii=False, indent=1).encode()


def _has_never(content: Content) -> bool:
    parts = [*content.get("contacts", ()), content.get("address") or {}]
    return any(part.get("visibility") == "never_export" for part in parts)


def _named(names: Mapping[str, Mapping[str, str]], language: str) -> Iterator[tuple[str, str]]:
    for code, texts in names.items():
        yield code, texts.get(language) or texts.get("en") or code

"""Listings as the bytes of a file that goes out: as a table, or in the shape of HSDS.

HSDS never holds what is not public, nor who changed what. A table is for those who keep the
directory, and holds what is not public only when it is asked for.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date
from itertools import count
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.ledger.ledger import Ledger
    from bot.ledger.model import Actor
    from referral_directory import Directory
    from referral_directory.exchange.hsds import Book, Facts
    from referral_directory.exchange.rows import Base, Content

    Record = tuple[str, Content, Facts]

Progress = Callable[[int], None]


def written_table(
    base: "Base",
    directory: "Directory",
    *,
    form: str,
    language: str,
    area: str = "",
    separator: str = ",",
    restricted: bool = False,
    progress: Progress | None = None,
) -> tuple[bytes, int]:
    """The CSV file or workbook, and how many listings are in it."""
    from referral_directory.exchange.csv_out import write_csv
    from referral_directory.exchange.sheets import Exported, sheet_of
    from referral_directory.exchange.xlsx_out import RTL, write_xlsx

    listings = (
        Exported(name, revision, content)
        for name, (revision, content) in sorted(base.items())
        if is_within(content, area)
    )
    sheet = sheet_of(listings, language=language, restricted=restricted)
    if form == "csv":
        return write_csv(sheet, separator=separator), len(sheet.rows)
    words = {
        "Needs": _named({code: need.names for code, need in directory.needs.items()}, language),
        "Areas": _named(directory.place_names, language),
    }
    data = write_xlsx(sheet, words=words, right_to_left=language in RTL, progress=progress)
    return data, len(sheet.rows)


def written_hsds(
    records: "Iterable[Record]", book: "Book", *, form: str, today: date, progress: Progress
) -> tuple[bytes, int]:
    """A JSON array of full service records, or a tabular package as a zip, and how many."""
    import json

    from referral_directory.exchange.hsds import NotPublic, service_from
    from referral_directory.exchange.tabular import package_zip

    services: list[dict[str, Any]] = []
    for name, content, facts in records:
        with suppress(NotPublic):
            services.append(service_from(name, content, facts, book, today))
            progress(len(services))
    if form == "tabular":
        return package_zip(services), len(services)
    return json.dumps(services, ensure_ascii=False, indent=1).encode(), len(services)


def served(ledger: "Ledger", book: "Book", today: date) -> "Iterator[Record]":
    """What survivors are shown today."""
    from bot.hsds.catalogue import Catalogue
    from bot.hsds.following import Following

    catalogue = Catalogue(Following(ledger)(), book, today)
    return ((entry.id, entry.content, catalogue.facts(entry)) for entry in catalogue.entries)


def standing(
    base: "Base", ledger: "Ledger", actor: "Actor", book: "Book", today: date
) -> "Iterator[Record]":
    """All that stands, also what nobody published yet, but nothing that was taken down.

    What is not public is left out by who writes it.
    """
    from referral_directory.exchange.hsds import Facts

    shown = {name: facts for name, _, facts in served(ledger, book, today)}
    down = set(_taken_down(ledger, actor))
    for name, (_, content) in sorted(base.items()):
        if name not in down:
            country = ledger.books.known.country_of(content)
            yield name, content, shown.get(name) or Facts(country=country)


def _taken_down(ledger: "Ledger", actor: "Actor") -> "Iterator[str]":
    """The ids of what is suspended, retired, or too long unchecked."""
    from bot.ledger.model import ListQuery

    asked = ListQuery(stage=("suspended", "retired", "hidden"), size=500)
    for number in count(1):
        page = ledger.find(replace(asked, page=number), actor)
        yield from (row.id for row in page.rows)
        if number >= page.pages:
            return


def is_within(content: Mapping[str, Any], area: str) -> bool:
    """Whether a listing is for that country or region: `UA` has all of its regions."""
    return not area or any(
        one == area or one.startswith(f"{area}-") or one == area[:2] for one in content["area"]
    )


def _named(names: Mapping[str, Mapping[str, str]], language: str) -> Iterator[tuple[str, str]]:
    for code, texts in names.items():
        yield code, texts.get(language) or texts.get("en") or code

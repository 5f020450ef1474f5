"""Listings as the bytes of a file that goes out: a table of what stands, HSDS of what is published.

Partners get what survivors are shown and no more; a table is for those who keep the directory, and
holds what is not public only when it is asked for.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.ledger.ledger import Ledger
    from referral_directory import Directory
    from referral_directory.exchange.rows import Base

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
    ledger: "Ledger",
    directory: "Directory",
    *,
    form: str,
    area: str = "",
    today: date,
    progress: Progress | None = None,
) -> tuple[bytes, int]:
    """A JSON array of full service records, or a tabular package as a zip; of what is served."""
    import json

    from bot.hsds.catalogue import Catalogue
    from bot.hsds.following import Following
    from referral_directory.exchange.hsds import Book, service_from
    from referral_directory.exchange.tabular import package_zip

    book = Book.of(directory)
    catalogue = Catalogue(Following(ledger)(), book, today)
    entries = [entry for entry in catalogue.entries if is_within(entry.content, area)]

    def services() -> Iterator[dict[str, Any]]:
        for done, entry in enumerate(entries, 1):
            yield service_from(entry.id, entry.content, catalogue.facts(entry), book, today)
            if progress is not None:
                progress(done)

    if form == "tabular":
        return package_zip(services()), len(entries)
    text = json.dumps(list(services()), ensure_ascii=False, indent=1)
    return text.encode(), len(entries)


def is_within(content: Mapping[str, Any], area: str) -> bool:
    """Whether a listing is for that country or region: `UA` has all of its regions."""
    return not area or any(
        one == area or one.startswith(f"{area}-") or one == area[:2] for one in content["area"]
    )


def _named(names: Mapping[str, Mapping[str, str]], language: str) -> Iterator[tuple[str, str]]:
    for code, texts in names.items():
        yield code, texts.get(language) or texts.get("en") or code

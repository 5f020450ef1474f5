"""The translators' board: every text of every listing in a language, and how far it has come.

It only looks. It looks through so many records for one page that no page takes long; what a
person may not see is not on it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Select, select

from bot.ledger import more_tables, tables
from bot.ledger.held import Held
from bot.ledger.listing import visible
from bot.ledger.loading import load, portions
from bot.ledger.model import Actor, TextCell, TextState
from bot.ledger.plain import hash_of
from bot.ledger.scope import seen
from bot.ledger.wordings import texts

SIZE: Final = 60
"""Texts of a page, or a few more: a listing is not cut in two."""
_LOOKED_THROUGH: Final = 1500
"""Records for one page, at most."""
_STEP: Final = 250
_T: Final = more_tables.text.c
_Rows = Mapping[tuple[str, str, str], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class CellPage:
    """Some texts of the board. `after` is asked for the next ones; None: these are the last."""

    cells: tuple[TextCell, ...]
    after: str | None


def cells(
    connection: Connection,
    actor: Actor,
    language: str,
    state: TextState | None = None,
    after: str = "",
) -> CellPage:
    """The texts in that language, by record; of one state only, when it is given.

    A page may be short of texts, or empty, with more to come: `after` says so.
    """
    found: list[TextCell] = []
    looked = 0
    while looked < _LOOKED_THROUGH:
        some = connection.execute(_next(actor, language, state, after)).scalars().all()
        held = load(connection, some)
        rows = _rows(connection, some, [language])
        for record in some:
            after = record
            each = _of_record(actor, held[record], language, rows)
            found += [cell for cell in each if state in {None, cell.state}]
            if len(found) >= SIZE:
                return CellPage(tuple(found), after)
        if len(some) < _STEP:
            return CellPage(tuple(found), None)
        looked += len(some)
    return CellPage(tuple(found), after)


def of_record(
    connection: Connection, actor: Actor, held: Held, languages: Sequence[str]
) -> tuple[TextCell, ...]:
    """Every text of one record in those languages; who may see it is decided by whoever asks."""
    rows = _rows(connection, [held.id], languages)
    return tuple(cell for language in languages for cell in _of_record(actor, held, language, rows))


def _next(actor: Actor, language: str, state: TextState | None, after: str) -> Select[Any]:
    record = tables.record.c
    wanted = select(record.id).where(visible(actor), record.id > after, record.content.is_not(None))
    if state not in {None, "missing", "approved"}:
        rows = select(_T.record).where(_T.language == language)
        at = _T.stale.is_(True) if state == "stale" else _T.state == state
        wanted = wanted.where(record.id.in_(rows.where(at)))
    return wanted.order_by(record.id).limit(_STEP)


def _rows(connection: Connection, records: Sequence[str], languages: Iterable[str]) -> _Rows:
    found: dict[tuple[str, str, str], Mapping[str, Any]] = {}
    spoken = list(languages)
    for some in portions(records):
        statement = select(more_tables.text).where(_T.record.in_(some), _T.language.in_(spoken))
        for row in connection.execute(statement).mappings():
            found[row["record"], row["part"], row["language"]] = dict(row)
    return found


def _of_record(actor: Actor, held: Held, language: str, rows: _Rows) -> Iterator[TextCell]:
    for part, said in texts(seen(actor, held.content)).items():
        source, stands = said.get("en", ""), said.get(language, "")
        row = rows.get((held.id, part, language))
        if row is None:
            state: TextState = "approved" if stands else "missing"
            yield TextCell(held.id, part, language, state, source, stands)
            continue
        stale = row["stale"] or row["source_hash"] != hash_of(source)
        yield TextCell(
            held.id,
            part,
            language,
            "stale" if stale else row["state"],
            source,
            stands if row["state"] == "approved" else row["words"],
            row["translator"],
            row["reviewer"],
        )

"""Reads records whole out of the tables. It believes nothing: `Shelving.check` does."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Final

from sqlalchemy import Connection, select

from bot.ledger import tables
from bot.ledger.held import Held, HeldDraft, Kept, checks_from
from bot.ledger.model import Tampered
from bot.ledger.plain import read, salted

CHUNK: Final = 500
"""Values in one question."""


def portions(values: Collection[Any]) -> Iterator[list[Any]]:
    """The values in portions that one question takes."""
    ordered = list(values)
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]


def load(connection: Connection, records: Collection[str]) -> dict[str, Held]:
    """Those of the records that there are. Raises `Tampered` for what nobody of ours wrote."""
    try:
        return _load(connection, records)
    except (AttributeError, LookupError, TypeError, ValueError):
        said = "a record was changed in the database by hand"
        raise Tampered(said, "Look at it with: ./quietline directory verify") from None


def _load(connection: Connection, records: Collection[str]) -> dict[str, Held]:
    found: dict[str, Held] = {}
    for some in portions(records):
        rows = connection.execute(select(*_OF_RECORD).where(tables.record.c.id.in_(some)))
        there = [dict(row) for row in rows.mappings()]
        proposals = connection.execute(select(tables.draft).where(tables.draft.c.record.in_(some)))
        drafts = {row["record"]: dict(row) for row in proposals.mappings()}
        wanted = {row["content"] for row in (*there, *drafts.values())} - {None}
        kept = contents(connection, wanted)
        for row in there:
            found[row["id"]] = _held(row, drafts.get(row["id"]), kept)
    return found


def contents(connection: Connection, ids: Iterable[int]) -> dict[int, Kept]:
    """Those contents, with the hash that follows from what is there now."""
    found: dict[int, Kept] = {}
    for some in portions(list(ids)):
        rows = connection.execute(
            select(tables.content.c.id, tables.content.c.salt, tables.content.c.body).where(
                tables.content.c.id.in_(some)
            )
        )
        for number, salt, body in rows:
            found[number] = Kept(number, salted(salt, body), read(body))
    return found


_OF_RECORD: Final = tuple(
    tables.record.c[name]
    for name in (
        *("id", "country", "source", "revision", "content", "published", "suspended"),
        *("redirect", "changed", "checks", "tasks"),
    )
)


def _held(
    row: Mapping[str, Any], draft: Mapping[str, Any] | None, kept: Mapping[int, Kept]
) -> Held:
    if row["content"] is None and draft is None:
        raise LookupError("a record has a content or a draft")
    return Held(
        id=row["id"],
        country=row["country"],
        source=row["source"],
        revision=row["revision"],
        kept=kept[row["content"]] if row["content"] is not None else None,
        published=row["published"],
        suspended=row["suspended"],
        redirect=row["redirect"],
        changed=row["changed"],
        checks=checks_from(row["checks"]),
        tasks=row["tasks"],
        draft=draft_from(draft, kept) if draft else None,
    )


def draft_from(row: Mapping[str, Any], kept: Mapping[int, Kept]) -> HeldDraft:
    """A draft of its row."""
    return HeldDraft(
        version=row["version"],
        base=row["base"],
        kept=kept[row["content"]],
        authors=tuple(read(row["authors"])),
        why=row["why"],
        since=row["since"],
        source=row["source"],
        lifts=row["lifts"],
        absorbs=tuple(read(row["absorbs"])),
    )

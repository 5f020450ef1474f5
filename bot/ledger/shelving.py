"""Writes what follows from a record: its row, tags and words, and its signed place on the shelf.

It decides what is signed of a record, and refuses to go on from one that was changed by hand. It
does not sign: it keeps the root of all pages, which the head holds.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, Table, bindparam, delete, insert, select

from bot.ledger import chain, tables
from bot.ledger.held import Held, checks_json, due_day, listed, served, tags, words
from bot.ledger.known import Known
from bot.ledger.loading import portions
from bot.ledger.model import Tampered
from bot.ledger.plain import written
from referral_directory.keeping import critical

_MEND: Final = "Nothing was changed. Look at it with: ./quietline directory verify"
_SAME: Final = ("revision", "body", "country", "due_on", "by", "how", "on", "changed", "redirect")
"""What those who serve see. When none of it changed, they need not look again."""


class Shelving:
    """The shelf of one transaction."""

    __slots__ = ("_connection", "_digests", "_head", "_leaves", "_rows")

    def __init__(self, connection: Connection, head: dict[str, Any]) -> None:
        self._connection = connection
        self._head = head
        self._digests: dict[int, str] | None = None
        self._leaves: dict[int, dict[str, str]] = {}
        self._rows: dict[str, Mapping[str, Any]] = {}

    def check(self, asked: Collection[str], found: Mapping[str, Held]) -> None:
        """Passes when those records are as they were signed. Raises `Tampered`."""
        self._turn_to({chain.page_of(record) for record in asked})
        for some in portions(asked):
            rows = self._connection.execute(select(tables.shelf).where(tables.shelf.c.id.in_(some)))
            self._rows.update({row["id"]: dict(row) for row in rows.mappings()})
        for record in asked:
            leaf = self._leaves[chain.page_of(record)].get(record)
            row, held = self._rows.get(record), found.get(record)
            if leaf is None and row is None and held is None:
                continue
            if row is None or held is None or leaf != chain.leaf_of(row):
                raise Tampered("a record was changed in the database by hand", _MEND)
            if row["state"] != held.state():
                raise Tampered("a record was changed in the database by hand", _MEND)

    def write(
        self, changed: Sequence[tuple[Held | None, Held]], gone: Sequence[str], known: Known
    ) -> None:
        """Writes those records, was and is, and all that follows from them; takes out the gone."""
        before = [held.id for was, held in changed if was is not None]
        mended = [h.id for was, h in changed if was is not None and was.content != h.content]
        reworded = [h for was, h in changed if was is None or was.content != h.content]
        steps: tuple[tuple[Table, str, list[str]], ...] = (
            (tables.record, "id", before),
            (tables.draft, "record", before),
            (tables.tag, "record", mended),
            (tables.wordlist, "record", mended),
        )
        for table, column, out in steps:
            self._drop(table, column, [*out, *gone])
        self._add(tables.record, (_record_row(held) for _, held in changed))
        self._add(tables.draft, (draft_row(held) for _, held in changed if held.draft))
        self._add(
            tables.tag,
            (
                {"kind": kind, "value": value, "record": held.id}
                for held in reworded
                for kind, value in dict.fromkeys(tags(held, known))
            ),
        )
        self._add(tables.wordlist, (words(held) for held in reworded))
        self._shelve([held for _, held in changed], gone)

    def _shelve(self, changed: Sequence[Held], gone: Sequence[str]) -> None:
        self._turn_to({chain.page_of(one) for one in (*(held.id for held in changed), *gone)})
        rows = []
        for held in changed:
            row = shelf_row(held)
            was = self._rows.get(held.id)
            same = was is not None and all(was[name] == row[name] for name in _SAME)
            row["generation"] = was["generation"] if was and same else self._head["generation"]
            rows.append(row)
            self._leaves[row["page"]][held.id] = chain.leaf_of(row)
        for record in gone:
            self._leaves[chain.page_of(record)].pop(record, None)
        there = [row["id"] for row in rows if row["id"] in self._rows]
        self._drop(tables.shelf, "id", [*there, *gone])
        self._add(tables.shelf, rows)
        self._sum_up()

    def _sum_up(self) -> None:
        digests = self._read_digests()
        pages: list[dict[str, Any]] = []
        for page, leaves in self._leaves.items():
            text = written(leaves)
            pages.append({"page": page, "leaves": text, "digest": chain.page_digest(text)})
            digests[page] = pages[-1]["digest"]
        self._drop(tables.page, "page", [row["page"] for row in pages])
        self._add(tables.page, pages)
        self._head["root"] = chain.root_of(sorted(digests.items()))

    def _turn_to(self, pages: Iterable[int]) -> None:
        """Reads pages and holds them against the root. Raises `Tampered`."""
        digests = self._read_digests()
        missing = set(pages) - self._leaves.keys()
        for some in portions(missing):
            rows = self._connection.execute(
                select(tables.page.c.page, tables.page.c.leaves).where(tables.page.c.page.in_(some))
            )
            for page, leaves in rows:
                if chain.page_digest(leaves) != digests.get(page):
                    raise Tampered("the shelf was changed in the database by hand", _MEND)
                self._leaves[page] = chain.leaves_from(leaves)
        for page in missing - self._leaves.keys():
            self._leaves[page] = {}

    def _read_digests(self) -> dict[int, str]:
        if self._digests is None:
            rows = self._connection.execute(
                select(tables.page.c.page, tables.page.c.digest).order_by(tables.page.c.page)
            ).all()
            if chain.root_of((page, digest) for page, digest in rows) != self._head["root"]:
                raise Tampered("the shelf was changed in the database by hand", _MEND)
            self._digests = {row[0]: row[1] for row in rows}
        return self._digests

    def _drop(self, table: Table, column: str, values: Sequence[Any]) -> None:
        if values:
            statement = delete(table).where(table.c[column] == bindparam("value_"))
            self._connection.execute(statement, [{"value_": value} for value in values])

    def _add(self, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
        if values := [dict(row) for row in rows]:
            self._connection.execute(insert(table), values)


def shelf_row(held: Held) -> dict[str, Any]:
    """What is signed of a record, but for the generation."""
    content = served(held)
    row: dict[str, Any] = {
        "id": held.id,
        "page": chain.page_of(held.id),
        "revision": held.revision,
        "body": None if content is None else written(content),
        "country": held.country,
        "due_on": None,
        "by": None,
        "how": None,
        "on": None,
        "changed": held.changed,
        "redirect": held.redirect,
        "state": held.state(),
    }
    if content is not None and held.kept is not None:
        row["due_on"] = due_day(held)
        wanted = critical(held.kept.content)
        checks = {check.part: check for check in held.checked(held.kept.content)}
        if wanted and all(part in checks for part in wanted):
            oldest = min((checks[part] for part in wanted), key=lambda check: check.on)
            row |= {"by": oldest.by, "how": oldest.how, "on": oldest.on.isoformat()}
    return row


def _record_row(held: Held) -> dict[str, Any]:
    return {
        "id": held.id,
        "country": held.country,
        "source": held.source,
        "revision": held.revision,
        "content": held.kept.id if held.kept else None,
        "published": held.published,
        "suspended": held.suspended,
        "redirect": held.redirect,
        "changed": held.changed,
        "checks": checks_json(held),
        "tasks": held.tasks,
        **listed(held),
    }


def draft_row(held: Held) -> dict[str, Any]:
    """The row of the record's draft."""
    draft = held.draft
    if draft is None:
        raise LookupError("it has no draft")
    return {
        "record": held.id,
        "version": draft.version,
        "digest": draft.digest,
        "base": draft.base,
        "content": draft.kept.id,
        "authors": written(list(draft.authors)),
        "why": draft.why,
        "since": draft.since,
        "source": draft.source,
        "lifts": draft.lifts,
        "absorbs": written(list(draft.absorbs)),
    }

"""What is served, after a look at its signature: whoever serves believes only what this gives.

It decides which rows are as they were signed. A row that is not is left out and named. It reads
`head`, `page` and `shelf` only, so that nothing else can get between.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, select

from bot.ledger import chain, tables
from bot.ledger.loading import portions
from bot.ledger.model import Published, PublishedRow, Tampered
from bot.storage.columns import utf8
from referral_directory.model import Confirmation

_S: Final = tables.shelf.c
# The body as bytes: it goes on as bytes, and 100,000 of them need not become text on the way.
_BODY: Final = utf8(_S.body).label("body")
_COLUMNS: Final = (*(_BODY if name == "body" else _S[name] for name in chain.LEAF), _S.page)


def published(connection: Connection, head: Mapping[str, Any], since: int) -> Published:
    """Rows that changed after generation `since`; with 0 all that is served.

    `head` was believed. Raises `Tampered` when the pages are not those that the head signs.
    """
    page = tables.page.c
    digests = {row[0]: row[1] for row in connection.execute(select(page.page, page.digest))}
    if chain.root_of(sorted(digests.items())) != head["root"]:
        mend = "Look at it with: ./quietline directory verify"
        raise Tampered("the shelf was changed in the database by hand", mend)
    wanted = select(*_COLUMNS)
    if since:
        wanted = wanted.where(_S.generation > since)
    rows = connection.execute(wanted).all()
    leaves, alarms = _leaves(connection, digests, {row[-1] for row in rows} if since else None)
    given = []
    for row in rows:
        record = row[0]
        if leaves.pop(record, None) != chain.leaf(row[:-1]):
            alarms.append(record)
            given.append(PublishedRow(record, None, "", None, None))
        elif since or row.body is not None or row.redirect is not None:
            given.append(_row(row))
    if not since:
        # Signed, and not there any more.
        alarms += leaves
    return Published(head["generation"], tuple(given), tuple(sorted(set(alarms))))


def stopped(connection: Connection, since: int) -> tuple[int, tuple[str, ...]]:
    """The generation, and what changed since and is not to be served now. Looks at no signature:
    stopping needs none.
    """
    generation = connection.execute(select(tables.head.c.generation)).scalar_one()
    rows = connection.execute(
        select(_S.id).where(_S.generation > since, _S.body.is_(None))
    ).scalars()
    by_hand = connection.execute(
        select(_S.id)
        .join(tables.record, tables.record.c.id == _S.id)
        .where(tables.record.c.suspended != 0, _S.body.is_not(None))
    ).scalars()
    return int(generation), tuple(dict.fromkeys((*rows, *by_hand)))


def _leaves(
    connection: Connection, digests: Mapping[int, str], pages: Iterable[int] | None
) -> tuple[dict[str, str], list[str]]:
    """What is signed of each record of those pages, and the records of pages that are not whole."""
    page = tables.page.c
    found: dict[str, str] = {}
    alarms: list[str] = []
    wanted = list(digests) if pages is None else list(pages)
    for some in portions(wanted):
        rows = connection.execute(select(page.page, page.leaves).where(page.page.in_(some)))
        for number, text in rows:
            if chain.page_digest(text) == digests.get(number):
                found |= chain.leaves_from(text)
            else:
                alarms += chain.leaves_from(text)
    return found, alarms


def _row(row: Any) -> PublishedRow:
    confirmed = None
    if row.by and row.body is not None:
        confirmed = Confirmation(
            listing=row.id,
            by=row.by,
            how=row.how,
            on=date.fromisoformat(row.on),
            content=row.state,
        )
    return PublishedRow(
        id=row.id,
        content=row.body,
        country=row.country,
        confirmed=confirmed,
        due_on=date.fromisoformat(row.due_on) if row.due_on else None,
        changed=_midnight(row.changed) if row.changed else None,
        redirect_to=row.redirect,
    )


@cache
def _midnight(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=UTC)

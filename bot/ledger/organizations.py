"""Organisations as the ledger knows them, and those that asked not to be listed.

It decides that such an organisation is remembered, so that nobody adds it again: not by hand, not
by an import, not under its name in another language. One person may set the mark, since it only
takes away; its listings stop at once.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, and_, case, delete, func, insert, select

from bot.ledger import more_tables, tables
from bot.ledger.listing import visible
from bot.ledger.model import Actor, Content, Fault, Refused
from bot.ledger.plain import plain
from bot.ledger.scope import may_see
from bot.ledger.stopping import stop
from bot.ledger.transaction import Transaction

SIZE: Final = 50
_MARKED: Final = "organizations.marked"
_R: Final = tables.record.c
_M: Final = more_tables.mark.c
_N: Final = more_tables.mark_name.c


@dataclass(frozen=True, slots=True)
class Organization:
    """An organisation, with how many listings it has of those that one may see."""

    name: str
    listings: int
    shown: int
    suspended: int
    do_not_list: bool = False
    why: str = field(default="", repr=False)
    by: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True)
class OrgPage:
    """One page of organisations."""

    rows: tuple[Organization, ...]
    total: int
    page: int
    pages: int


def organizations(connection: Connection, actor: Actor, text: str = "", page: int = 1) -> OrgPage:
    """Organisations by name, then those with a mark that have no listing here (any more)."""
    asked = plain(text).strip()
    wanted = [visible(actor), *([_R.org.contains(asked, autoescape=True)] if asked else [])]
    every = select(_R.org).where(*wanted).group_by(_R.org).subquery()
    named = int(connection.execute(select(func.count()).select_from(every)).scalar_one())
    unlisted = _marks_alone(connection, actor, asked)
    pages = max(1, -(-(named + len(unlisted)) // SIZE))
    page = max(1, min(page, pages))
    start = (page - 1) * SIZE
    statement = (
        select(
            _R.org,
            func.min(_R.organization),
            func.count(),
            func.sum(case((and_(_R.shown.is_(True), _R.suspended == 0), 1), else_=0)),
            func.sum(case((_R.suspended != 0, 1), else_=0)),
        )
        .where(*wanted)
        .group_by(_R.org)
        .order_by(_R.org)
        .limit(SIZE)
        .offset(start)
    )
    found = connection.execute(statement).all()
    marks = _marks(connection, [str(row[1]) for row in found])
    rows = [
        Organization(str(name), int(count), int(shown), int(stopped), **marks.get(key(name), {}))
        for _, name, count, shown, stopped in found
    ]
    rows += unlisted[max(0, start - named) : max(0, start - named) + SIZE - len(rows)]
    return OrgPage(tuple(rows), named + len(unlisted), page, pages)


def mark(tx: Transaction, actor: Actor, name: str, *, do_not_list: bool, why: str) -> int:
    """Sets or takes back the mark; gives how many of its listings were suspended now.

    Taking it back lists nothing again: each listing needs a draft and a second person. Raises
    `Refused` when there is no name, or no mark to take back.
    """
    org = key(name)
    if not org:
        raise Refused("wrong_stage", "no organisation was named", "Write its name.")
    tx.forget(_MARKED)
    marked = tx.ask(select(_M.org).where(_M.org == org))
    said = {"why": why, "organization": org, "do_not_list": do_not_list}
    if not do_not_list:
        if not marked:
            raise Refused("wrong_stage", "it has no such mark", "Nothing needs to be done.")
        tx.run(delete(more_tables.mark).where(_M.org == org))
        tx.run(delete(more_tables.mark_name).where(_N.org == org))
        tx.act("", "mark", actor.id, said=said)
        return 0
    records = [row[0] for row in tx.ask(select(_R.id).where(_R.org == plain(name)))]
    held = tx.hold(records)
    names = {org} | {known for one in held.values() for known in _names(one.content) if key(known)}
    known_as = sorted({key(one) for one in names} - {""})
    tx.act("", "mark", actor.id, said=said | {"known_as": known_as})
    tx.run(delete(more_tables.mark).where(_M.org == org))
    tx.run(delete(more_tables.mark_name).where(_N.org == org))
    row = {"org": org, "name": name.strip(), "why": why, "by": actor.id}
    tx.run(insert(more_tables.mark).values(**row, day=tx.today.isoformat()))
    tx.run(insert(more_tables.mark_name), [{"known_as": one, "org": org} for one in known_as])
    stopped = 0
    for one in held.values():
        if one.suspended or one.redirect is not None or not may_see(actor, one, tx.known):
            continue
        stop(tx, one.id, actor.id, why)
        stopped += 1
    return stopped


def may_be_listed(tx: Transaction, content: Content) -> None:
    """Passes when no organisation of the content asked not to be listed. Raises `Refused`.

    A listing that ends (`status: closed`) always passes.
    """
    if content.get("status") == "closed":
        return
    if unlisted(tx, [content]):
        mend = "Whoever set the mark says why, on the page of organisations."
        raise Refused("not_listed", "this organisation asked not to be listed", mend)


def unlisted(tx: Transaction, contents: Iterable[Content]) -> frozenset[str]:
    """Which names of those contents are of organisations that asked not to be listed."""
    marked: frozenset[str] = tx.once(_MARKED, lambda: _all_marked(tx))
    names = (name for content in contents for name in _names(content))
    return frozenset(name for name in names if key(name) in marked) if marked else frozenset()


def _all_marked(tx: Transaction) -> frozenset[str]:
    return frozenset(row[0] for row in tx.ask(select(_N.known_as)))


def do_not_list(connection: Connection) -> frozenset[str]:
    """Every marked name, as `key` writes it: for those who plan an import."""
    return frozenset(connection.execute(select(_N.known_as)).scalars())


def changed_by_hand(connection: Connection) -> Iterator[Fault]:
    """Marks that are not as the acts made them: one that went lets somebody in again."""
    act = tables.act.c
    must: dict[str, frozenset[str]] = {}
    acts = select(act.said).where(act.kind == "mark").order_by(act.seq)
    for said in connection.execute(acts).scalars():
        told = json.loads(said)
        must[told["organization"]] = frozenset(told.get("known_as", ()))
    there: dict[str, set[str]] = {}
    for org, known_as in connection.execute(select(_N.org, _N.known_as)):
        there.setdefault(org, set()).add(known_as)
    for org in sorted(must.keys() | there.keys()):
        if there.get(org, set()) != must.get(org, frozenset()):
            yield Fault("record", "mark", "an organisation's mark is not as it was set")


def key(name: str) -> str:
    """One spelling of a name: without case, marks, quotes, punctuation and double spaces."""
    return re.sub(r"\W+", " ", plain(name)).strip()


def _names(content: Content) -> tuple[str, ...]:
    """The names of an organisation. A listing that bears its name is one of its listings."""
    return tuple(
        str(name) for part in ("organization", "names") for name in content.get(part, {}).values()
    )


def _marks(connection: Connection, names: Iterable[str]) -> dict[str, dict[str, Any]]:
    wanted = [key(name) for name in names]
    statement = (
        select(_N.known_as, more_tables.mark)
        .join(more_tables.mark, _M.org == _N.org)
        .where(_N.known_as.in_(wanted))
    )
    return {row["known_as"]: _marked(row) for row in connection.execute(statement).mappings()}


def _marks_alone(connection: Connection, actor: Actor, asked: str) -> list[Organization]:
    """Marked organisations under whose name nothing is listed, of what this person may see."""
    rows = connection.execute(select(more_tables.mark).order_by(_M.org)).mappings().all()
    spelt = {plain(row["name"]).strip() for row in rows}
    there = select(_R.org).where(visible(actor), _R.org.in_(spelt)).distinct()
    listed = set(connection.execute(there).scalars())
    return [
        Organization(row["name"], 0, 0, 0, **_marked(row))
        for row in rows
        if plain(row["name"]).strip() not in listed and key(asked) in row["org"]
    ]


def _marked(row: Any) -> dict[str, Any]:
    day = date.fromisoformat(row["day"])
    return {"do_not_list": True, "why": row["why"], "by": row["by"], "on": day}

"""What a record said before: by revision, by version of a draft. It only looks."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from bot.ledger import tables
from bot.ledger.model import Content, Refused
from bot.ledger.plain import read
from bot.ledger.transaction import Transaction


def content_of_revision(tx: Transaction, record: str, number: int) -> Content:
    """What that revision said. Raises `Refused` when there is none."""
    rows = tx.ask(
        select(tables.content.c.body)
        .join(tables.act, tables.act.c.content == tables.content.c.id)
        .where(tables.act.c.record == record, tables.act.c.number == number)
    )
    if not rows:
        raise Refused("wrong_stage", "there is no such revision", "Look at its history.")
    found: Mapping[str, Any] = read(rows[0][0])
    return found


def content_of_version(tx: Transaction, record: str, version: int | None) -> Content | None:
    """What that version of a draft said, as far as there was one."""
    rows = tx.ask(
        select(tables.act.c.said, tables.content.c.body)
        .join(tables.content, tables.act.c.content == tables.content.c.id)
        .where(tables.act.c.record == record, tables.act.c.kind == "draft")
        .order_by(tables.act.c.seq.desc())
    )
    for said, body in rows:
        if read(said).get("version") == version:
            found: Mapping[str, Any] = read(body)
            return found
    return None

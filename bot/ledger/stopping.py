"""Stopping at once: one person suspends, in the moment they doubt; two let it go on.

It decides what is suspended by an organisation or an area. Nothing here waits for anybody.
"""

from dataclasses import dataclass, replace

from sqlalchemy import select

from bot.ledger import tables
from bot.ledger.model import Actor, Refused
from bot.ledger.plain import plain
from bot.ledger.scope import may_see
from bot.ledger.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Whom:
    """What is to stop."""

    records: tuple[str, ...] = ()
    organization: str = ""
    """All records of the organisation with this name."""
    area: str = ""
    """All records within this country or region."""


def suspend(tx: Transaction, actor: Actor, whom: Whom, why: str) -> int:
    """Suspends them; gives how many. What is suspended already stays so and is not counted.

    Raises `NoSuchRecord` for a record that is not there or not theirs, before any is suspended.
    """
    if whom == Whom():
        raise Refused("wrong_stage", "nothing was named to suspend", "Name records or an area.")
    named = list(dict.fromkeys(whom.records))
    for record in named:
        tx.held(record, actor)
    wanted = [*named, *_of(tx, whom)]
    done = 0
    for record, held in tx.hold(wanted).items():
        if held.suspended or held.redirect is not None or not may_see(actor, held, tx.known):
            continue
        stop(tx, record, actor.id, why)
        done += 1
    return done


def stop(tx: Transaction, record: str, by: str, why: str) -> None:
    """Suspends one record, whoever asks for it."""
    seq = tx.act(record, "suspend", by, said={"why": why})
    tx.put(replace(tx.held(record), suspended=seq))


def _of(tx: Transaction, whom: Whom) -> list[str]:
    found: list[str] = []
    if whom.organization:
        table = tables.record
        query = select(table.c.id).where(table.c.org == plain(whom.organization))
        found += [row[0] for row in tx.ask(query)]
    if whom.area:
        tag = tables.tag
        query = select(tag.c.record).where(
            tag.c.kind.in_(["area", "around"]), tag.c.value == whom.area
        )
        found += [row[0] for row in tx.ask(query)]
    return found

"""Lists that one person looks at again and again, under names of their own.

It decides that a view is its owner's alone. What may be seen in it is decided by the list.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import Connection, and_, delete, func, insert, select

from bot.ledger import more_tables
from bot.ledger.model import Invalid, Refused
from bot.ledger.plain import written
from bot.ledger.transaction import Transaction

MOST: Final = 50
"""Views of one person."""
LONGEST_NAME: Final = 60
LONGEST: Final = 2000
"""Characters of a query as JSON."""
_V: Final = more_tables.view.c


@dataclass(frozen=True, slots=True)
class View:
    """A saved view: its name, and what the list was asked, as the address of the page says it."""

    name: str
    query: Mapping[str, str] = field(repr=False)


def views(connection: Connection, owner: str) -> tuple[View, ...]:
    """The views of a person, by name."""
    rows = connection.execute(select(_V.name, _V.query).where(_V.owner == owner).order_by(_V.name))
    return tuple(View(str(name), json.loads(query)) for name, query in rows)


def save_view(tx: Transaction, owner: str, name: str, query: Mapping[str, str]) -> View:
    """Saves a view; one of the same name becomes this. Raises `Invalid`, `Refused`."""
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise Invalid((("name", f"needs a name of at most {LONGEST_NAME} characters"),))
    said = written({str(key): str(value) for key, value in query.items()})
    if len(said) > LONGEST:
        raise Invalid((("query", "is longer than can be kept; take a filter out"),))
    mine = and_(_V.owner == owner, _V.name == name)
    tx.run(delete(more_tables.view).where(mine))
    if tx.ask(select(func.count()).where(_V.owner == owner))[0][0] >= MOST:
        said_ = f"there are {MOST} views already"
        raise Refused("wrong_stage", said_, "Drop one that you no longer need.")
    tx.run(insert(more_tables.view).values(owner=owner, name=name, query=said))
    return View(name, json.loads(said))


def drop_view(tx: Transaction, owner: str, name: str) -> bool:
    """Drops a view; False when there was none."""
    return tx.run(delete(more_tables.view).where(_V.owner == owner, _V.name == name)) > 0

"""The store: keeps what it cannot read, in groups, durable before anyone hears of it.

This room knows aliases, days, counters and sealed bytes. It knows no key and no channel.
"""

from bot.storage.errors import (
    Behind,
    Conflict,
    Damaged,
    Full,
    Locked,
    NotADatabase,
    ReadOnly,
    StoreError,
    TooNew,
    Unreachable,
    Unsafe,
)
from bot.storage.group import Group, Mark, Posted, Row
from bot.storage.store import Stats, Store

__all__ = [
    "Behind",
    "Conflict",
    "Damaged",
    "Full",
    "Group",
    "Locked",
    "Mark",
    "NotADatabase",
    "Posted",
    "ReadOnly",
    "Row",
    "Stats",
    "Store",
    "StoreError",
    "TooNew",
    "Unreachable",
    "Unsafe",
]

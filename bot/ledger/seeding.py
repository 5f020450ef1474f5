"""Packs come in: every listing as an unpublished first revision, or published for a demonstration.

It decides that nothing is published by coming in. What the ledger has already is left alone.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from bot.ledger.held import Held
from bot.ledger.loading import portions
from bot.ledger.transaction import Transaction
from referral_directory.directory import Entry

PROGRAM: Final = "pack"
"""Who brings packs in: a part of the program, no person."""


def seed(
    tx: Transaction, entries: Mapping[str, Entry], source: str, *, publish_for_demo: bool
) -> int:
    """Takes in those that are not there yet; gives how many.

    With `publish_for_demo` they are served unconfirmed: for a demonstration only. `source` like
    `pack:ua`.
    """
    made = 0
    for names in portions(list(entries)):
        there = tx.hold(names)
        for name in names:
            if name in there:
                continue
            entry = entries[name]
            said = entry.written.model_dump(mode="json", exclude_defaults=True, by_alias=True)
            kept = tx.keep(name, said)
            told = {"source": source}
            tx.act(name, "seed", PROGRAM, number=1, kept=kept, said=told)
            held = Held(name, entry.country.country, source, revision=1, kept=kept)
            held = replace(held, changed=tx.today.isoformat())
            if publish_for_demo:
                tx.act(name, "demo", PROGRAM, said=told)
                held = replace(held, published=True)
            tx.put(held)
            made += 1
    return made

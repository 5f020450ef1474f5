"""A purge: what should never have been written is taken out of everything, history too.

It takes two persons. The chain still holds: it has salted hashes, and the purge names each content
and act that now has another one. Whoever has an old copy of the file still has the words.
"""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

from sqlalchemy import Table, bindparam, select, update

from bot.ledger import batch_tables, more_tables, tables
from bot.ledger.held import Held, Kept
from bot.ledger.listing import visible
from bot.ledger.loading import portions
from bot.ledger.model import Actor, PurgeAsked, Refused
from bot.ledger.plain import read, salted, written
from bot.ledger.reading import Look
from bot.ledger.scrubbing import Scrub
from bot.ledger.transaction import Transaction

BESIDE: Final = (batch_tables, more_tables)
"""Tables beside the records. Named here, so that a purge knows them whoever asks for it."""


def ask(tx: Transaction, actor: Actor, record: str, fields: Sequence[str], why: str) -> PurgeAsked:
    """Writes down that one person wants it; a second one then does it."""
    held = tx.held(record, actor)
    Scrub.of(fields, _contents(tx, [held.id]).values())
    said = {"why": why, "fields": list(fields)}
    seq = tx.act(record, "ask_purge", actor.id, said=said)
    return PurgeAsked(seq, record, tuple(fields), actor.id, tx.today, why)


def purge(
    tx: Transaction, by: Actor, second: Actor, record: str, fields: Sequence[str], why: str
) -> int:
    """Takes those fields out of every revision and draft; gives how many were changed."""
    if by.id == second.id:
        mend = "What is taken out of the history cannot be put back: ask a second person."
        raise Refused("second_needed", "one person alone may not purge", mend)
    held = tx.held(record, by)
    tx.held(record, second)
    merged = select(tables.record.c.id).where(tables.record.c.redirect == record)
    whole = tx.hold([record, *(row[0] for row in tx.ask(merged))])
    contents = _contents(tx, list(whole))
    scrub = Scrub.of(fields, contents.values())
    changed = _redact_contents(tx, contents, scrub)
    # Acts of no record are marks of organisations, which may bear the same words.
    acts = _redact_acts(tx, [*whole, ""], scrub)
    for one in whole.values():
        tx.put(_redacted(one, changed, scrub))
    _redact_others(tx, list(whole), scrub)
    said = {
        "why": scrub.text(why),
        "fields": list(scrub.names),
        "contents": {str(number): kept.hash for number, kept in changed.items()},
        "acts": {str(seq): hash_ for seq, hash_ in acts.items()},
    }
    tx.act(held.id, "purge", by.id, second=second.id, said=said)
    return len(changed)


def waiting(look: Look) -> tuple[PurgeAsked, ...]:
    """The purges that somebody asked for and nobody did, of records this person may see."""
    act, record = tables.act.c, tables.record.c
    rows = look.connection.execute(
        select(act.seq, act.record, act.by, act.day, act.said)
        .join(tables.record, record.id == act.record)
        .where(act.kind == "ask_purge", visible(look.actor))
        .order_by(act.seq)
    )
    done = tables.act.alias("done").c
    found = []
    for seq, name, by, day, said in rows.all():
        later = select(done.seq).where(
            done.record == name, done.kind.in_(["purge", "refuse_purge"]), done.seq > seq
        )
        if look.connection.execute(later.limit(1)).first() is None:
            told = read(said)
            fields = tuple(told["fields"])
            found.append(PurgeAsked(seq, name, fields, by, date.fromisoformat(day), told["why"]))
    return tuple(found)


def _contents(tx: Transaction, records: Sequence[str]) -> dict[int, Any]:
    content = tables.content.c
    rows = tx.ask(select(content.id, content.body).where(content.record.in_(list(records))))
    return {number: read(body) for number, body in rows}


def _redact_contents(tx: Transaction, contents: dict[int, Any], scrub: Scrub) -> dict[int, Kept]:
    changed: dict[int, Kept] = {}
    rows = []
    content_ = tables.content.c
    asked = select(content_.id, content_.redacted).where(content_.id.in_(list(contents)))
    before = {number: read(names) for number, names in tx.ask(asked)}
    for number, content in contents.items():
        after = scrub.content(content)
        if after == content:
            continue
        # A new salt: with the old one gone, nobody can guess what the old hash was of.
        salt, body = secrets.token_bytes(16), written(after)
        changed[number] = Kept(number, salted(salt, body), after)
        names = written(sorted({*before[number], *scrub.names}))
        rows.append({"id_": number, "salt_": salt, "body_": body, "redacted_": names})
    if rows:
        table = tables.content
        statement = (
            update(table)
            .where(table.c.id == bindparam("id_"))
            .values(
                salt=bindparam("salt_"), body=bindparam("body_"), redacted=bindparam("redacted_")
            )
        )
        tx.run(statement, rows)
    return changed


def _redact_acts(tx: Transaction, records: Sequence[str], scrub: Scrub) -> dict[int, str]:
    act = tables.act.c
    found: dict[int, str] = {}
    rows = []
    for seq, said in tx.ask(select(act.seq, act.said).where(act.record.in_(list(records)))):
        before = read(said)
        after = scrub.value(before)
        if after == before:
            continue
        salt, text = secrets.token_bytes(16), written(after)
        found[seq] = salted(salt, text)
        rows.append({"seq_": seq, "salt_": salt, "said_": text})
    if rows:
        statement = (
            update(tables.act)
            .where(act.seq == bindparam("seq_"))
            .values(salt=bindparam("salt_"), said=bindparam("said_"))
        )
        tx.run(statement, rows)
    return found


def _redacted(held: Held, changed: dict[int, Kept], scrub: Scrub) -> Held:
    kept = changed.get(held.kept.id, held.kept) if held.kept else None
    draft = held.draft
    if draft is not None:
        after = changed.get(draft.kept.id, draft.kept)
        touched = after != draft.kept
        draft = replace(
            draft,
            kept=after,
            why=scrub.text(draft.why),
            # Whoever saw it before the purge did not see this.
            version=draft.version + 1 if touched else draft.version,
        )
    checks = {key: check for key, check in held.checks.items() if not scrub.hits(key)}
    return replace(held, kept=kept, draft=draft, checks=checks)


def _redact_others(tx: Transaction, records: Sequence[str], scrub: Scrub) -> None:
    """What other tables say of these records, and tables that belong to no record."""
    own = {tables.act, tables.content, tables.record, tables.draft, tables.shelf, tables.wordlist}
    for table in tables.metadata.sorted_tables:
        words = [column for column in table.c if column.info.get("words")]
        if words and table not in own:
            _redact_table(tx, table, records, scrub)


def _redact_table(tx: Transaction, table: Table, records: Sequence[str], scrub: Scrub) -> None:
    keys = list(table.primary_key.columns)
    words = [column for column in table.c if column.info.get("words")]
    statement = select(*keys, *words)
    if "record" in table.c:
        statement = statement.where(table.c.record.in_(list(records)))
    rows = []
    for row in tx.ask(statement):
        before = tuple(row)[len(keys) :]
        after = tuple(scrub.text(text) if isinstance(text, str) else text for text in before)
        if after != before:
            new = dict(zip((f"{c.name}_new" for c in words), after, strict=True))
            was = {f"{c.name}_was": value for c, value in zip(keys, row, strict=False)}
            rows.append(was | new)
    for some in portions(rows):
        change = update(table).values({c: bindparam(f"{c.name}_new") for c in words})
        for key in keys:
            change = change.where(key == bindparam(f"{key.name}_was"))
        tx.run(change, some)

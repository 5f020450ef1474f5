"""The directory as it stands, for whoever plans an import: what there is, and what they may touch.

It only looks. What this person may not see is not there for them, and an import cannot reach it.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from sqlalchemy import Connection, select

from bot.ledger import batch_tables, more_tables, tables
from bot.ledger.known import Known
from bot.ledger.loading import portions
from bot.ledger.model import Actor, Content
from bot.ledger.organizations import do_not_list, key
from bot.ledger.scope import in_areas, seen
from referral_directory.exchange.plan import Standing

PACK: Final = "pack:"
"""What the source of a country pack begins with."""


def standing(connection: Connection, actor: Actor, known: Known, source: str = "") -> Standing:
    """What an import is planned over. `source` of a pack brings what that pack said before."""
    record, content = tables.record.c, tables.content.c
    base: dict[str, tuple[int, Content]] = {}
    rows = connection.execute(
        select(record.id, record.revision, content.body)
        .join(tables.content, content.id == record.content)
        .where(record.redirect.is_(None))
    )
    for name, revision, body in rows:
        if (said := _visible(actor, json.loads(body), known)) is not None:
            base[name] = revision, said
    drafts: dict[str, Content] = {}
    open_ones = connection.execute(
        select(tables.draft.c.record, record.content, content.body)
        .join(tables.record, record.id == tables.draft.c.record)
        .join(tables.content, content.id == tables.draft.c.content)
        .where(record.redirect.is_(None))
    )
    for name, stands, body in open_ones:
        said = _visible(actor, json.loads(body), known)
        if stands is None and said is not None:
            base[name] = 0, said
        if name in base:
            drafts[name] = seen(actor, json.loads(body))
    pairs = connection.execute(select(more_tables.dismissal.c.one, more_tables.dismissal.c.other))
    return Standing(
        base=base,
        drafts=drafts,
        ancestors=_pack_before(connection, source) if source.startswith(PACK) else {},
        dismissed=frozenset(frozenset((one, other)) for one, other in pairs),
        refuses=_refusals(connection, base),
        names_ids=actor.restricted and not actor.areas,
    )


def as_of(connection: Connection, revisions: Mapping[str, int]) -> dict[str, Content]:
    """What records said at those revisions, as far as there were such."""
    act, content = tables.act.c, tables.content.c
    found: dict[str, Content] = {}
    for some in portions(list(revisions)):
        rows = connection.execute(
            select(act.record, act.number, content.body)
            .join(tables.content, content.id == act.content)
            .where(act.record.in_(some), act.number.is_not(None))
        )
        for name, number, body in rows:
            if revisions[name] == number:
                found[name] = json.loads(body)
    return found


def _visible(actor: Actor, said: Mapping[str, Any], known: Known) -> Content | None:
    if not in_areas(actor, said, known):
        return None
    if not actor.restricted and said.get("visibility", "public") != "public":
        return None
    return seen(actor, said)


def _pack_before(connection: Connection, source: str) -> dict[str, Content]:
    """What the pack said of each listing when it was taken in last."""
    act, content = tables.act.c, tables.content.c
    batch, row = batch_tables.batch.c, batch_tables.batch_row.c
    rows = connection.execute(
        select(act.record, content.body)
        .join(tables.record, tables.record.c.id == act.record)
        .join(tables.content, content.id == act.content)
        .where(act.kind == "seed", tables.record.c.source == source)
    )
    found: dict[str, Content] = {name: json.loads(body) for name, body in rows}
    later = connection.execute(
        select(row.record, row.theirs)
        .join(batch_tables.batch, batch.id == row.batch)
        .where(batch.source == source, batch.state == "committed", row.theirs.is_not(None))
        .order_by(batch.seq)
    )
    found.update({name: json.loads(theirs) for name, theirs in later})
    return found


def _refusals(
    connection: Connection, base: Mapping[str, tuple[int, Content]]
) -> Callable[[Content], str]:
    """Whose listings are not taken: who asked not to be listed, and who was refused."""
    unlisted = do_not_list(connection)
    refused = {
        key(str(name))
        for _, content in base.values()
        if content.get("vetting") == "refused"
        for name in content.get("organization", {}).values()
    }

    def why(content: Content) -> str:
        if content.get("status") == "closed":
            return ""
        organization = {key(str(one)) for one in content.get("organization", {}).values()}
        names = {key(str(one)) for one in content.get("names", {}).values()}
        if unlisted & (organization | names):
            return "This organisation asked not to be listed."
        if refused & organization and content.get("vetting") != "refused":
            return "The vetting of this organisation was refused."
        return ""

    return why

"""Whether the ledger follows from its history: every act, content, record and list, one by one.

It decides what a fault is and mends none. It believes the signed head and nothing else, and holds
everything against the chain that ends there; what a purge took out is accounted for.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, Table, select

from bot.ledger import chain, organizations, tables
from bot.ledger.held import Held, listed, tags, words
from bot.ledger.known import Known
from bot.ledger.loading import load, portions
from bot.ledger.model import Fault, Tampered
from bot.ledger.plain import read, salted, written
from bot.ledger.shelving import draft_row, shelf_row

_SAME_SHELF: Final = (
    *("page", "revision", "body", "country", "due_on", "by", "how", "on", "changed"),
    *("redirect", "state"),
)


@dataclass(slots=True)
class Replayed:
    """What the acts say that a record must be."""

    revision: int = 0
    content: int | None = None
    published: bool = False
    suspended: int = 0
    redirect: str | None = None
    draft: int | None = None
    authors: set[str] = field(default_factory=set)
    checks: dict[str, tuple[str, str, str, str]] = field(default_factory=dict)


def verify(connection: Connection, head: Mapping[str, Any], known: Known) -> Iterator[Fault]:
    """Every fault there is. `head` was believed."""
    acts = _Acts(connection, head)
    yield from acts.faults()
    yield from _contents(connection, acts)
    yield from _records(connection, acts.records, known)
    yield from _shelf(connection, head)
    yield from organizations.changed_by_hand(connection)


class _Acts:
    """The chain, walked once."""

    def __init__(self, connection: Connection, head: Mapping[str, Any]) -> None:
        self._connection = connection
        self._head = head
        self.records: dict[str, Replayed] = {}
        self.contents: dict[int, str] = {}
        """The hash that each content must have now."""
        self.owners: dict[int, str] = {}
        self.redacted: dict[int, set[str]] = {}
        """Which fields were taken out of each content."""
        self._said: dict[int, str] = {}

    def faults(self) -> Iterator[Fault]:
        yield from self._purges()
        expected, previous = 1, chain.FIRST
        for row in self._rows():
            seq = str(row["seq"])
            if row["seq"] != expected:
                yield Fault("chain", str(expected), "an act was taken out or put in")
            if row["previous"] != previous or chain.act_hash(row) != row["hash"]:
                yield Fault("chain", seq, "it is not what was done")
            if salted(row["salt"], row["said"]) != self._said.get(row["seq"], row["said_hash"]):
                yield Fault("chain", seq, "its words are not those that were written")
            if row["content"] is not None:
                self.contents.setdefault(row["content"], row["content_hash"])
                self.owners.setdefault(row["content"], row["record"])
            self._replay(row)
            expected, previous = row["seq"] + 1, row["hash"]
        if (expected - 1, previous) != (self._head["acts"], self._head["last"]):
            yield Fault("chain", str(expected - 1), "it does not end where the signed head says")

    def _purges(self) -> Iterator[Fault]:
        """What purges say of older acts and contents: the latest word on each counts."""
        said = self._said
        act = tables.act.c
        query = select(tables.act).where(act.kind == "purge").order_by(act.seq.desc())
        for row in self._connection.execute(query).mappings():
            if salted(row["salt"], row["said"]) != said.get(row["seq"], row["said_hash"]):
                yield Fault("chain", str(row["seq"]), "its words are not those that were written")
                continue
            told = _json(row["said"])
            for seq, hash_ in told.get("acts", {}).items():
                said.setdefault(int(seq), hash_)
            for number, hash_ in told.get("contents", {}).items():
                self.contents.setdefault(int(number), hash_)
                self.redacted.setdefault(int(number), set()).update(told.get("fields", ()))

    def _rows(self) -> Iterator[dict[str, Any]]:
        last = 0
        while True:
            query = select(tables.act).where(tables.act.c.seq > last)
            rows = self._connection.execute(query.order_by(tables.act.c.seq).limit(5000))
            some = [dict(row) for row in rows.mappings()]
            if not some:
                return
            yield from some
            last = some[-1]["seq"]

    def _replay(self, row: Mapping[str, Any]) -> None:
        one = self.records.setdefault(row["record"], Replayed())
        said = _json(row["said"])
        match row["kind"]:
            case "seed" | "text":
                one.revision, one.content = row["number"], row["content"]
            case "demo":
                one.published = True
            case "draft":
                one.authors = (one.authors if one.draft else set()) | {row["by"]}
                one.draft = row["content"]
            case "discard":
                one.draft = None
            case "publish":
                one.revision, one.content = row["number"], row["content"]
                one.published, one.draft = True, None
                one.suspended = 0 if said.get("lifts") else one.suspended
            case "suspend":
                one.suspended = row["seq"]
            case "redirect":
                one.redirect, one.draft = said.get("to"), None
            case "check":
                how = str(said.get("how", ""))
                for part, hash_ in said.get("parts", {}).items():
                    one.checks[f"{part}\n{hash_}"] = (hash_, row["by"], how, row["day"])
            case _:
                pass


def _contents(connection: Connection, acts: _Acts) -> Iterator[Fault]:
    missing = dict(acts.contents)
    content = tables.content.c
    rows = connection.execute(
        select(tables.content).order_by(content.id).execution_options(yield_per=2000)
    )
    for number, record, salt, body, redacted in rows:
        expected = missing.pop(number, None)
        if expected is None:
            yield Fault("stray", str(number), "a content that no act made")
        elif salted(salt, body) != expected or record != acts.owners.get(number):
            yield Fault("content", str(number), "it is not what was written")
        elif redacted != written(sorted(acts.redacted.get(number, ()))):
            yield Fault("content", str(number), "other fields were taken out of it than it says")
    for number in missing:
        yield Fault("content", str(number), "it is gone")


def _records(
    connection: Connection, replayed: Mapping[str, Replayed], known: Known
) -> Iterator[Fault]:
    there = list(connection.execute(select(tables.record.c.id)).scalars())
    lives = {name for name, one in replayed.items() if one.content or one.draft}
    for name in sorted(lives - set(there)):
        yield Fault("record", name, "it is gone")
    for some in portions(there):
        try:
            found = load(connection, some)
        except Tampered:
            yield from _one_by_one(connection, some)
            continue
        rows = _keyed(connection, tables.record, "id", some)
        drafts = _keyed(connection, tables.draft, "record", some)
        texts = _keyed(connection, tables.wordlist, "record", some)
        tagged = _tags(connection, some)
        for name, held in found.items():
            must = replayed.get(name)
            if must is None or not _follows(held, must):
                yield Fault("record", name, "it is not what its history made of it")
                continue
            if not _is_listed(
                held, rows[name], texts.get(name, {}), tagged.get(name, set()), known
            ):
                yield Fault("record", name, "lists say something else of it than it does")
            if held.draft is not None and drafts[name] != draft_row(held):
                yield Fault("record", name, "its draft has another digest than its content")
    yield from _strays(connection, set(there))


def _one_by_one(connection: Connection, names: list[str]) -> Iterator[Fault]:
    for name in names:
        try:
            load(connection, [name])
        except Tampered:
            yield Fault("record", name, "it cannot be read")


def _is_listed(
    held: Held,
    row: Mapping[str, Any],
    text: Mapping[str, Any],
    tagged: set[tuple[str, str]],
    known: Known,
) -> bool:
    """Whether lists and searches say of it what it says itself."""
    try:
        must = listed(held)
        return (
            text == words(held)
            and tagged == set(tags(held, known))
            and must.items() <= dict(row).items()
        )
    except (AttributeError, LookupError, TypeError, ValueError):
        return False


def _follows(held: Held, must: Replayed) -> bool:
    draft = held.draft
    return (
        held.revision == must.revision
        and (held.kept.id if held.kept else None) == must.content
        and held.published == must.published
        and held.suspended == must.suspended
        and held.redirect == must.redirect
        and (draft.kept.id if draft else None) == must.draft
        and (draft is None or set(draft.authors) == must.authors)
        and dict(held.checks) == must.checks
    )


def _shelf(connection: Connection, head: Mapping[str, Any]) -> Iterator[Fault]:
    pages = connection.execute(select(tables.page).order_by(tables.page.c.page)).mappings().all()
    leaves: dict[str, str] = {}
    for page in pages:
        leaves |= chain.leaves_from(page["leaves"])
        if chain.page_digest(page["leaves"]) != page["digest"]:
            yield Fault("shelf", f"page {page['page']}", "it is not what was signed")
    if chain.root_of((page["page"], page["digest"]) for page in pages) != head["root"]:
        yield Fault("shelf", "pages", "they are not those that the head signs")
    for some in portions(list(connection.execute(select(tables.shelf.c.id)).scalars())):
        rows = _keyed(connection, tables.shelf, "id", some)
        try:
            found = load(connection, some)
        except Tampered:
            found = {}
        for name, row in rows.items():
            if leaves.pop(name, None) != chain.leaf_of(row):
                yield Fault("shelf", name, "it is not what was signed")
            elif name not in found or not _shelved(found[name], row):
                yield Fault("shelf", name, "it is not what its record says")
    for name in leaves:
        yield Fault("shelf", name, "it is gone")


def _shelved(held: Held, row: Mapping[str, Any]) -> bool:
    try:
        must = shelf_row(held)
    except (AttributeError, LookupError, TypeError, ValueError):
        return False
    return all(must[name] == row[name] for name in _SAME_SHELF)


def _strays(connection: Connection, there: set[str]) -> Iterator[Fault]:
    for table, column in (
        (tables.draft, tables.draft.c.record),
        (tables.wordlist, tables.wordlist.c.record),
        (tables.tag, tables.tag.c.record),
    ):
        for name in set(connection.execute(select(column).distinct()).scalars()) - there:
            yield Fault("stray", name, f"a {table.name} of no record")


def _tags(connection: Connection, names: list[str]) -> dict[str, set[tuple[str, str]]]:
    tag = tables.tag.c
    found: dict[str, set[tuple[str, str]]] = {}
    query = select(tag.record, tag.kind, tag.value).where(tag.record.in_(names))
    for record, kind, value in connection.execute(query):
        found.setdefault(record, set()).add((kind, value))
    return found


def _keyed(
    connection: Connection, table: Table, key: str, names: list[str]
) -> dict[str, dict[str, Any]]:
    rows = connection.execute(select(table).where(table.c[key].in_(names))).mappings()
    return {row[key]: dict(row) for row in rows}


def _json(text: str) -> dict[str, Any]:
    try:
        found = read(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}

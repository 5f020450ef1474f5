"""The ledger: the one door to records, drafts, history and what is published.

It decides nothing itself: each act is one transaction around a function of another module. Plain
synchronous calls, from any thread. Every one may raise `StoreError` (the file) and `Tampered`.
"""

import contextlib
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from bot.ledger import (
    checks,
    drafts,
    listing,
    publishing,
    purging,
    reading,
    seeding,
    stopping,
    verifying,
)
from bot.ledger import published as shelf
from bot.ledger.books import Books
from bot.ledger.chain import Signer
from bot.ledger.further import Further
from bot.ledger.known import Known
from bot.ledger.model import (
    Actor,
    Check,
    Content,
    Draft,
    Fault,
    How,
    LedgerError,
    ListQuery,
    Page,
    Published,
    PurgeAsked,
    Record,
    Revision,
    Tampered,
)
from bot.ledger.scope import is_delicate
from bot.storage import StoreError
from bot.storage.database import Database
from referral_directory.directory import Entry
from referral_directory.keeping import Change

_MANY = 5000
"""Records that come in at once before the file is put in order after them."""


class Ledger(Further):
    """The ledger of one directory. Use `Ledger.open`."""

    @classmethod
    def open(
        cls,
        where: Path | Database,
        signing: Signer,
        clock: Callable[[], float] = time.time,
        *,
        known: Known,
    ) -> Self:
        """The ledger in that file or database, made when missing. `clock` gives seconds since
        1970 UTC. Raises `StoreError`, `Tampered`.
        """
        return cls(Books.open(where, signing, known, clock))

    def close(self) -> None:
        """Closes the file. Counts that wait are written down first, when that is possible."""
        with contextlib.suppress(StoreError, LedgerError):
            self.flush_unmet()
        self.books.close()

    # --- looks ---

    def generation(self) -> int:
        """How many transactions there were: another number means that something may be new."""
        return self.books.generation()

    def find(self, query: ListQuery, actor: Actor) -> Page:
        """One page of the records that were asked for."""
        with self.books.reading() as connection:
            return listing.find(connection, query, actor, self.books.known, self.today)

    def record(self, record: str, actor: Actor) -> Record:
        """A record whole. A look at what is not public is written in its history."""
        self._note_look(record, actor)
        with self.look(actor) as look:
            return reading.whole(look, reading.the_record(look, record))

    def resolve(self, record: str) -> str:
        """The id that a record has now, after merges."""
        with self.books.reading() as connection:
            return reading.resolved(connection, record)

    def history(self, record: str, actor: Actor) -> tuple[Revision, ...]:
        """Every act on the record, oldest first."""
        self._note_look(record, actor)
        with self.look(actor) as look:
            return reading.history(look, reading.the_record(look, record))

    def drafts(self, actor: Actor) -> tuple[Draft, ...]:
        """Every open draft, oldest first."""
        with self.look(actor) as look:
            return reading.drafts(look)

    def changes_of(self, record: str, actor: Actor) -> tuple[Change, ...]:
        """The open draft against what stands, field by field."""
        with self.look(actor) as look:
            return reading.draft_changes(look, reading.the_record(look, record))

    def second_look(self, record: str, actor: Actor) -> tuple[str, ...]:
        """The fields of the open draft for which a second person must look; empty: none."""
        with self.look(actor) as look:
            return publishing.publish_alone(reading.the_record(look, record))

    def counts(self, actor: Actor) -> Mapping[str, int]:
        """How much there is to do: due, hidden, unpublished, drafts_waiting, and so on."""
        with self.look(actor) as look:
            return reading.counts(look)

    def plan_base(self) -> Mapping[str, tuple[int, Content]]:
        """Every record that stands: revision and content, by id. For importers."""
        with self.books.reading() as connection:
            return {name: (at, said) for name, at, said in reading.everything(connection)}

    # --- acts ---

    def propose(
        self,
        actor: Actor,
        record: str | None,
        content: Mapping[str, Any],
        *,
        base: int,
        version: int | None,
        why: str = "",
    ) -> Draft:
        """Opens the draft of a record or changes it; `record` None is a new one.

        `base`: the revision that was seen; `version`: the draft's that was seen, None for none.
        Raises `Invalid`, `Stale`, `Refused`, `NoSuchRecord`.
        """
        with self.books.writing() as tx:
            wish = drafts.Wish(content, why, base, version)
            return drafts.propose(tx, actor, record, wish)

    def discard(self, actor: Actor, record: str, version: int) -> None:
        """Drops the draft that was seen."""
        with self.books.writing() as tx:
            drafts.discard(tx, actor, record, version)

    def rebase(self, actor: Actor, record: str, version: int) -> Draft:
        """Sets the draft onto what stands now; `conflicts` names the fields both changed."""
        with self.books.writing() as tx:
            return drafts.rebase(tx, actor, record, version)

    def revert(self, actor: Actor, record: str, number: int, why: str = "") -> Draft:
        """A draft that says what that revision said."""
        with self.books.writing() as tx:
            return drafts.revert(tx, actor, record, number, why)

    def lift(self, actor: Actor, record: str, why: str) -> Draft:
        """Proposes to end a suspension: a second person publishes it as any draft."""
        with self.books.writing() as tx:
            return drafts.lift(tx, actor, record, why)

    def publish(
        self, actor: Actor, record: str, version: int, digest: str, why: str = ""
    ) -> Revision:
        """The second look: publishes the draft that was seen."""
        with self.books.writing() as tx:
            return publishing.publish(tx, actor, record, version, digest, why)

    def check(
        self,
        actor: Actor,
        record: str,
        parts: Sequence[str],
        how: How,
        version: int | None = None,
    ) -> tuple[Check, ...]:
        """Notes that somebody asked today: of what stands, or of that version of the draft."""
        with self.books.writing() as tx:
            return checks.check(tx, actor, record, parts, how, version)

    def suspend(
        self,
        actor: Actor,
        records: Sequence[str] = (),
        *,
        organization: str = "",
        area: str = "",
        why: str,
    ) -> int:
        """Stops records at once: these, all of an organisation, all within an area."""
        with self.books.writing() as tx:
            whom = stopping.Whom(tuple(records), organization, area)
            return stopping.suspend(tx, actor, whom, why)

    def ask_purge(self, actor: Actor, record: str, fields: Sequence[str], why: str) -> PurgeAsked:
        """Writes down that words are to be taken out of a record and its history."""
        with self.books.writing() as tx:
            return purging.ask(tx, actor, record, fields, why)

    def purges_asked(self, actor: Actor) -> tuple[PurgeAsked, ...]:
        """The purges that wait for a second person, oldest first."""
        with self.look(actor) as look:
            return purging.waiting(look)

    def refuse_purge(self, actor: Actor, record: str, why: str) -> None:
        """Says no to a purge that was asked for."""
        with self.books.writing() as tx:
            tx.act(tx.held(record, actor).id, "refuse_purge", actor.id, said={"why": why})

    def purge(
        self, actor: Actor, second: Actor, record: str, fields: Sequence[str], why: str
    ) -> int:
        """Takes words out of a record, its drafts and its history, and out of the file itself.

        `fields`: `contact:phone:+380…`, `address`, `notes`, `summary.uk`, or `text:…` for words
        wherever they stand. Two persons. Gives how many contents it changed. When it raises
        `Locked`, the words are out of the ledger but perhaps not of its journal: ask again.
        """
        with self.books.writing() as tx:
            changed = purging.purge(tx, actor, second, record, fields, why)
        self.books.compact()
        return changed

    def seed(
        self, entries: Mapping[str, Entry], source: str, *, publish_for_demo: bool = False
    ) -> int:
        """Takes in listings of a pack that are not there yet, unpublished; gives how many."""
        with self.books.writing() as tx:
            made = seeding.seed(tx, entries, source, publish_for_demo=publish_for_demo)
        if made > _MANY:
            self.books.settle()
        return made

    # --- what is served ---

    def published(self, since: int = 0) -> Published:
        """What is served, after a look at its signature: all, or what changed since."""
        with self.books.reading() as connection:
            head = self.books.believed(connection)
            return shelf.published(connection, head.row, since)

    def stopped(self, since: int) -> tuple[int, tuple[str, ...]]:
        """The generation, and ids that are not to be served (any more). Cheap; no signature."""
        with self.books.reading() as connection:
            return shelf.stopped(connection, since)

    def restored(self) -> int:
        """Says that a backup was put back on purpose; gives its generation."""
        return self.books.restored()

    def verify_history(self) -> tuple[Fault, ...]:
        """Everything that does not follow from the history. Seconds for 100,000 records."""
        with self.books.reading() as connection:
            try:
                head = self.books.believed(connection).row
            except Tampered as error:
                return (Fault("head", "head", str(error)),)
            return tuple(verifying.verify(connection, head, self.books.known))

    def _note_look(self, record: str, actor: Actor) -> None:
        if not actor.restricted:
            return
        with self.look(actor) as look:
            held = reading.the_record(look, record)
            if not is_delicate(held) or reading.looked(look, record):
                return
        with self.books.writing() as tx:
            tx.act(record, "look", actor.id)

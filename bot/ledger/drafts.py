"""Proposals: opened, changed, set onto what stands now, dropped.

It decides that a record has one open draft, that nobody overwrites what they did not see, and who
counts as an author. It publishes nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from bot.ledger.held import Held, HeldDraft, with_hidden
from bot.ledger.known import prefix, slug
from bot.ledger.model import Actor, Content, Draft, Invalid, Refused, Stale
from bot.ledger.olden import content_of_revision, content_of_version
from bot.ledger.organizations import may_be_listed
from bot.ledger.scope import Eyes, in_areas, shown_draft
from bot.ledger.transaction import Transaction
from referral_directory.keeping import changes, three_way

UNVETTED: Final = "not_yet"


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody proposes, and what they saw when they began."""

    content: Mapping[str, Any] = field(repr=False)
    why: str = field(default="", repr=False)
    base: int = 0
    """The revision that they saw."""
    version: int | None = None
    """The version of the draft that they saw; None for none."""
    source: str = ""
    """The import that it comes from."""
    lifts: bool = False
    absorbs: tuple[str, ...] = ()


def propose(tx: Transaction, actor: Actor, record: str | None, wish: Wish) -> Draft:
    """Opens the draft of a record, or changes it when its version is the one that was seen.

    `record` None is a new one. Raises `Invalid`, `Stale`, `Refused`, `NoSuchRecord`.
    """
    if record is None:
        return _begin(tx, actor, wish)
    held = tx.held(record, actor)
    stand_firm(held)
    before = held.draft.kept.content if held.draft else held.content
    content = wish.content if actor.restricted else with_hidden(wish.content, before)
    said = tx.known.listing(content)
    if not in_areas(actor, said, tx.known):
        raise Invalid((("area", "is none of yours. Ask somebody who keeps it"),))
    _look_at_base(tx, held, said, wish.base, wish.version)
    return _write(tx, held, actor, replace(wish, content=said))


def discard(tx: Transaction, actor: Actor, record: str, version: int) -> None:
    """Drops the draft. Its words stay in the history. Raises `Stale` when it was changed since."""
    held = tx.held(record, actor)
    draft = the_draft(held, version)
    tx.act(record, "discard", actor.id, said={"version": draft.version})
    if held.kept is None:
        tx.drop(record)
    else:
        tx.put(replace(held, draft=None))


def rebase(tx: Transaction, actor: Actor, record: str, version: int) -> Draft:
    """Sets the draft onto what stands now: both sides' changes, and the draft's where they meet.

    `conflicts` of the draft names the fields in which they met.
    """
    held = tx.held(record, actor)
    draft = the_draft(held, version)
    if draft.base == held.revision or held.kept is None:
        return _given(actor, held)
    before = content_of_revision(tx, record, draft.base)
    merge = three_way(before, draft.kept.content, held.kept.content)
    said = tx.known.listing(merge.content)
    based = replace(held, draft=replace(draft, base=held.revision))
    written = _write(tx, based, actor, Wish(said, draft.why), force=True)
    return replace(written, conflicts=tuple(merge.conflicts))


def lift(tx: Transaction, actor: Actor, record: str, why: str) -> Draft:
    """Proposes to end the suspension; a second person approves it as any draft."""
    held = tx.held(record, actor)
    stand_firm(held)
    if not held.suspended:
        raise Refused("wrong_stage", "it is not suspended", "Nothing needs to be done.")
    said = held.draft.kept.content if held.draft else held.content
    return _write(tx, held, actor, Wish(said, why, lifts=True), force=True)


def revert(tx: Transaction, actor: Actor, record: str, number: int, why: str) -> Draft:
    """A draft that says what revision `number` said."""
    held = tx.held(record, actor)
    stand_firm(held)
    if held.draft is not None:
        said = "there is an open draft"
        raise Stale(said, "Publish or discard it first.", ())
    old = content_of_revision(tx, record, number)
    if not actor.restricted:
        old = with_hidden(Eyes.of(actor, held).see(old), held.content)
    return _write(tx, held, actor, Wish(tx.known.listing(old), why))


def the_draft(held: Held, version: int) -> HeldDraft:
    """The draft that was seen. Raises `Refused` when there is none, `Stale` when it is another."""
    if held.draft is None:
        raise Refused("wrong_stage", "there is no open draft", "It was published or discarded.")
    if held.draft.version != version:
        raise Stale("the draft was changed since you saw it", "Look at it again.", ())
    return held.draft


def stand_firm(held: Held) -> None:
    """Refuses a record that was merged into another one."""
    if held.redirect is not None:
        raise Refused("wrong_stage", "it was merged into another record", f"See {held.redirect}.")


def _begin(tx: Transaction, actor: Actor, wish: Wish) -> Draft:
    said = tx.known.listing(wish.content)
    if not in_areas(actor, said, tx.known):
        raise Invalid((("area", "is none of yours. Ask somebody who keeps it"),))
    country = tx.known.country_of(said)
    record = free_id(tx, f"{prefix(country)}-{slug(str(said['names']['en']))}")
    held = Held(record, country, wish.source or "console", changed=tx.today.isoformat())
    return _write(tx, held, actor, replace(wish, content=said))


def free_id(tx: Transaction, wished: str) -> str:
    """The id, or the first of `-2`, `-3`… that nobody has or ever had."""
    name, count = wished, 1
    while tx.exists(name) or tx.ever(name):
        count += 1
        name = f"{wished}-{count}"
    return name


def _look_at_base(
    tx: Transaction, held: Held, said: Content, base: int, version: int | None
) -> None:
    draft = held.draft
    if draft is not None:
        if version != draft.version:
            before = content_of_version(tx, held.id, version) or held.content
            theirs = tuple(c.field for c in changes(before, draft.kept.content))
            said_ = "somebody else changed the draft meanwhile"
            raise Stale(said_, "Look at what they changed, then save again.", theirs)
        if base != draft.base:
            raise Stale("the draft is based on another revision", "Open it again.", ())
        return
    if version:
        said_ = "the draft is gone: it was published or discarded"
        theirs = tuple(c.field for c in changes(said, held.content))
        raise Stale(said_, "Look at what stands now, then save again.", theirs)
    if base != held.revision:
        before = content_of_revision(tx, held.id, base) if base else held.content
        theirs = tuple(c.field for c in changes(before, held.content))
        raise Stale("the record was changed meanwhile", "Look at what stands now.", theirs)


def _write(tx: Transaction, held: Held, actor: Actor, wish: Wish, *, force: bool = False) -> Draft:
    """Makes it the draft of the record; with `force` also when its words are the same."""
    said = wish.content
    draft = held.draft
    absorbs = wish.absorbs or (draft.absorbs if draft else ())
    lifts = wish.lifts or (draft.lifts if draft else False)
    if draft is not None and not force and draft.kept.content == said and draft.absorbs == absorbs:
        return _given(actor, held)
    stands = held.kept.content if held.kept and held.published else None
    if stands == said and not lifts and not absorbs:
        raise Refused("nothing_new", "it says what stands already", "Change something first.")
    _may_be_vetted(actor, held, said)
    may_be_listed(tx, said)
    kept = tx.keep(held.id, said)
    authors = draft.authors if draft else ()
    new = HeldDraft(
        version=draft.version + 1 if draft else 1,
        base=draft.base if draft else held.revision,
        kept=kept,
        authors=tuple(dict.fromkeys((*authors, actor.id))),
        why=wish.why,
        since=draft.since if draft else tx.today.isoformat(),
        source=wish.source or (draft.source if draft else ""),
        lifts=lifts,
        absorbs=absorbs,
    )
    told = {"why": wish.why, "version": new.version, "lifts": lifts, "absorbs": list(absorbs)}
    tx.act(held.id, "draft", actor.id, kept=kept, said=told)
    return _given(actor, tx.put(replace(held, draft=new)))


def _may_be_vetted(actor: Actor, held: Held, said: Content) -> None:
    """Another vetting is a vetting officer's to propose; a draft of theirs may be worked on."""
    known = [kept.content for kept in (held.kept, held.draft and held.draft.kept) if kept]
    usual = {one.get("vetting", UNVETTED) for one in known} or {UNVETTED}
    if said.get("vetting", UNVETTED) not in usual and not actor.vets:
        mend = "Leave the vetting as it was, or ask a vetting officer."
        raise Refused("not_yours", "only a vetting officer changes the vetting", mend)


def _given(actor: Actor, held: Held) -> Draft:
    draft = shown_draft(actor, held)
    if draft is None:
        raise LookupError("it has no draft")
    return draft

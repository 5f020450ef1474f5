"""Two records that are one: put together field by field into a draft, or told apart for good.

It decides what the draft says; a second person publishes it, and then the other id leads to the
one that was kept. No check comes along: a merge is not a call.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, select

from bot.ledger import more_tables, tables
from bot.ledger.drafts import Wish, propose, stand_firm
from bot.ledger.held import Held, HeldDraft, hidden_of
from bot.ledger.listing import visible
from bot.ledger.loading import load
from bot.ledger.model import Actor, Content, Draft, Invalid, Refused, Stale
from bot.ledger.scope import seen
from bot.ledger.transaction import Transaction
from referral_directory.insight.likeness import likeness
from referral_directory.keeping import Change, changes
from referral_directory.keeping.changes import ORDER
from referral_directory.keeping.fields import contacts_of, matched, names_of

Pick = Literal["keep", "gone"]
_WHOLE: Final = frozenset({"carried", "accepted"})
"""Fields with keys of others' making: taken whole."""
_D: Final = more_tables.dismissal.c


@dataclass(frozen=True, slots=True)
class Dismissal:
    """Two records that somebody looked at and found to be two."""

    one: str
    other: str
    why: str = field(repr=False)
    by: str
    on: date


def differences(actor: Actor, keep: Held, gone: Held) -> tuple[Change, ...]:
    """What may be picked: the fields in which the second record differs from the first."""
    return changes(seen(actor, keep.content), seen(actor, gone.content))


def merge(
    tx: Transaction, actor: Actor, keep: str, gone: str, picks: Mapping[str, Pick], why: str
) -> Draft:
    """A draft of `keep` with the picked fields of `gone`, which it takes in once it is published.

    `picks`: by field as `differences` names it, or by its beginning (`names`, `contacts`); a field
    that is not named stays as in `keep`. Raises `Invalid` for a field in which they do not differ,
    `Stale` when one of the two has an open draft, `Refused`, `NoSuchRecord`.
    """
    if keep == gone:
        raise Refused("wrong_stage", "that is one record", "Choose two.")
    first, second = tx.held(keep, actor), tx.held(gone, actor)
    for held in (first, second):
        stand_firm(held)
        if held.draft is not None:
            said = "one of the two has an open draft"
            raise Stale(said, "Publish or discard it first, so that nothing of it is lost.")
        if held.kept is None:
            raise Refused("wrong_stage", "one of the two was never kept", "Publish it first.")
    if not actor.restricted and hidden_of(second.content) != ([], None):
        mend = "Somebody who may see what is not public must do it, or nothing of it is kept."
        raise Refused("second_needed", "the other record holds what you may not see", mend)
    ours, theirs = seen(actor, first.content), seen(actor, second.content)
    content = merged(ours, theirs, picks)
    wish = Wish(content, why, base=first.revision, absorbs=(gone,))
    return propose(tx, actor, keep, wish)


def others_are_as_seen(tx: Transaction, held: Held, draft: HeldDraft) -> None:
    """Passes when no record that the draft takes in was changed since. Raises `Stale`.

    What was picked of it was picked of what it said then.
    """
    act = tables.act.c
    for gone in draft.absorbs:
        ended = select(func.max(act.seq)).where(
            act.record == held.id, act.kind.in_(["publish", "discard"])
        )
        since = tx.ask(ended)[0][0] or 0
        begun = select(func.min(act.seq)).where(
            act.record == held.id, act.kind == "draft", act.seq > since
        )
        first = tx.ask(begun)[0][0] or 0
        later = select(act.seq).where(act.record == gone, act.number.is_not(None), act.seq > first)
        other = tx.held(gone)
        if tx.ask(later) or other.draft is not None or other.redirect is not None:
            mend = "Discard the draft and put the two together again."
            raise Stale("the other record was changed meanwhile", mend)


def merged(ours: Content, theirs: Content, picks: Mapping[str, Pick]) -> dict[str, Any]:
    """`ours` with what was picked of `theirs`. Raises `Invalid`."""
    found = changes(ours, theirs)
    beginnings = {name for change in found for name in _beginnings(change.field)}
    if unknown := [name for name in picks if name not in beginnings]:
        raise Invalid(tuple((name, "is no field in which the two differ") for name in unknown))
    taken = [change for change in found if _picked(change.field, picks) == "gone"]
    content = dict(ours)
    contacts = _Contacts(contacts_of(ours), contacts_of(theirs))
    for change in taken:
        if change.field.startswith("contacts"):
            contacts.take(change)
        elif (name := change.field.split(".")[0]) in _WHOLE:
            content.pop(name, None)
            content |= {name: theirs[name]} if name in theirs else {}
        else:
            _put(content, change.field.split("."), change)
    if kept := contacts.result():
        content["contacts"] = kept
    else:
        content.pop("contacts", None)
    return content


def dismiss_pair(tx: Transaction, actor: Actor, one: str, other: str, why: str) -> None:
    """Remembers that the two are not the same, by whom and why."""
    if one == other:
        raise Refused("wrong_stage", "that is one record", "Choose two.")
    first, second = (tx.held(record, actor) for record in sorted((one, other)))
    tx.run(delete(more_tables.dismissal).where(_pair(one, other)))
    row = {
        "one": first.id,
        "other": second.id,
        "like_one": likeness(first.content),
        "like_other": likeness(second.content),
        "why": why.strip(),
        "by": actor.id,
        "day": tx.today.isoformat(),
    }
    tx.run(insert(more_tables.dismissal).values(**row))
    # Why stands with the pair alone: what is purged of one is not looked for in the other's acts.
    tx.act(first.id, "dismiss", actor.id, said={"other": second.id})
    tx.act(second.id, "dismiss", actor.id, said={"other": first.id})


def dismissed(connection: Connection) -> frozenset[frozenset[str]]:
    """Every pair that is not to be asked about: until the name or the contacts of one change."""
    rows = connection.execute(select(*_D)).mappings().all()
    held = load(connection, {row[name] for row in rows for name in ("one", "other")})
    like = {name: likeness(one.content) for name, one in held.items()}
    return frozenset(
        frozenset((row["one"], row["other"]))
        for row in rows
        if like.get(row["one"]) == row["like_one"] and like.get(row["other"]) == row["like_other"]
    )


def dismissals(connection: Connection, actor: Actor) -> tuple[Dismissal, ...]:
    """Those pairs with who and why, the newest first, of what this person may see."""
    seen_ = select(tables.record.c.id).where(visible(actor))
    statement = (
        select(more_tables.dismissal)
        .where(_D.one.in_(seen_), _D.other.in_(seen_))
        .order_by(_D.day.desc(), _D.one, _D.other)
    )
    return tuple(
        Dismissal(row["one"], row["other"], row["why"], row["by"], date.fromisoformat(row["day"]))
        for row in connection.execute(statement).mappings()
    )


def ask_again(tx: Transaction, actor: Actor, one: str, other: str) -> None:
    """Takes a dismissal back."""
    for record in (one, other):
        tx.held(record, actor)
    if tx.run(delete(more_tables.dismissal).where(_pair(one, other))):
        tx.act(one, "ask_again", actor.id, said={"other": other})


def _pair(one: str, other: str) -> ColumnElement[bool]:
    first, second = sorted((one, other))
    return and_(_D.one == first, _D.other == second)


class _Contacts:
    """The contacts of the one that is kept, with those that are picked of the other."""

    def __init__(self, ours: list[Content], theirs: list[Content]) -> None:
        self._kept: list[dict[str, Any] | None] = [dict(contact) for contact in ours]
        pairs = matched(ours, theirs)
        there = dict(enumerate(names_of(theirs)))
        self._at = {there[after]: before for before, after in pairs.items()}
        """Where in ours a contact stands that the change names as theirs."""
        self._order = [place for _, place in sorted((after, at) for at, after in pairs.items())]
        gone = [(place, name) for place, name in enumerate(names_of(ours)) if place not in pairs]
        taken = set(there.values())
        self._gone = {
            (name if name not in taken else f"{name[:-1]} before]"): place for place, name in gone
        }
        self._as_theirs = False

    def take(self, change: Change) -> None:
        """Does to ours what would make it as theirs in this field."""
        name, _, field_ = change.field.partition("].")
        if field_:
            contact = self._kept[self._at[f"{name}]"]]
            if contact is not None:
                _put(contact, field_.split("."), change)
        elif change.field == ORDER:
            self._as_theirs = True
        elif change.kind == "added":
            self._kept.append(dict(change.new))
        elif change.kind == "removed":
            self._kept[self._gone[change.field]] = None

    def result(self) -> list[dict[str, Any]]:
        """What is kept. In their order those that both have; all others stay where they are."""
        kept = list(self._kept)
        if self._as_theirs:
            for place, other in zip(sorted(self._order), self._order, strict=True):
                kept[place] = self._kept[other]
        return [contact for contact in kept if contact is not None]


def _picked(name: str, picks: Mapping[str, Pick]) -> Pick:
    """The pick of a field: its own, or that of what it is a part of."""
    for beginning in reversed(_beginnings(name)):
        if beginning in picks:
            return picks[beginning]
    return "keep"


def _beginnings(name: str) -> list[str]:
    """`contacts[phone 1].hours` begins with `contacts` and `contacts[phone 1]`."""
    whole, bracket, _ = name.partition("[")
    found = [whole] if bracket else []
    parts = name.split(".")
    return found + [".".join(parts[: count + 1]) for count in range(len(parts))]


def _put(place: dict[str, Any], path: list[str], change: Change) -> None:
    """Sets a leaf as it is in the other, or takes it out, with what is left empty by it."""
    if len(path) == 1:
        if change.kind == "removed":
            place.pop(path[0], None)
        else:
            place[path[0]] = change.new
        return
    below = place.get(path[0])
    inner = dict(below) if isinstance(below, Mapping) else {}
    _put(inner, path[1:], change)
    if inner:
        place[path[0]] = inner
    else:
        place.pop(path[0], None)

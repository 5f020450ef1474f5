"""Translations: written by one person, found right by another, and then put into the listing.

    missing --write--> draft | machine --review--> reviewed --approve--> approved
    any --the English changes--> stale

It decides that nobody reviews what they wrote, that only an approved text goes into what is
published, so that nothing unreviewed is ever shown, and that a translation may not hold a number
or an address that the English does not.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal, get_args

from sqlalchemy import and_, delete, insert, select, update

from bot.ledger import more_tables
from bot.ledger.drafts import stand_firm
from bot.ledger.held import Held
from bot.ledger.model import (
    Actor,
    Content,
    Invalid,
    NoSuchRecord,
    Refused,
    Stale,
    TextCell,
)
from bot.ledger.plain import hash_of
from bot.ledger.scope import seen
from bot.ledger.transaction import Transaction
from bot.ledger.wordings import moved, relabelled, texts, with_text
from referral_directory.keeping import reachables

Written = Literal["draft", "machine"]
Reviewed = Literal["reviewed", "approved"]
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}\Z")
_T: Final = more_tables.text.c


@dataclass(frozen=True, slots=True)
class Spot:
    """Which text: of which record, in which language."""

    record: str
    part: str = field(repr=False)
    """`names`, `summary`, `organization` or `label:phone:+380…`."""
    language: str


def write_text(
    tx: Transaction, actor: Actor, spot: Spot, words: str, state: Written = "draft"
) -> TextCell:
    """Keeps a translation to be reviewed. What was there before stays in the history.

    Raises `Invalid`, `Refused`, `NoSuchRecord`.
    """
    held = tx.held(spot.record, actor)
    source = _source(held, actor, spot)
    if state not in get_args(Written):
        raise Refused("wrong_stage", "a text begins as a draft", "Let somebody review it.")
    words = words.strip()
    _fits(tx, held, spot, words, source)
    row = {
        "state": state,
        "stale": False,
        "source_hash": hash_of(source),
        "words": words,
        "translator": actor.id,
        "reviewer": None,
        "day": tx.today.isoformat(),
    }
    _set(tx, spot, row)
    told = {"part": spot.part, "language": spot.language, "text": words, "state": state}
    tx.act(spot.record, "write_text", actor.id, said=told)
    return _cell(spot, source, row)


def review_text(
    tx: Transaction, actor: Actor, spot: Spot, words: str, state: Reviewed = "approved"
) -> TextCell:
    """A second person found the text right: `words` is what they saw.

    `approved` puts it into the listing as a new revision; an open draft of it must be set onto
    that. Raises `Refused`, `Stale`, `NoSuchRecord`.
    """
    held = tx.held(spot.record, actor)
    source = _source(held, actor, spot)
    row = _row(tx, spot)
    if row is None or row["state"] == "approved":
        raise Refused("wrong_stage", "there is no text to review", "Somebody must write it first.")
    if row["words"] != words.strip():
        raise Stale("the text was changed since you saw it", "Look at it again.")
    if row["stale"] or row["source_hash"] != hash_of(source):
        mend = "The translation must be looked at again, beside the new English."
        raise Stale("the English was changed meanwhile", mend)
    if row["translator"] == actor.id:
        said = "you wrote this text yourself"
        raise Refused("own_work", said, "A second person must look at it.")
    # The board is not signed: what was written there by hand gets no number past the reviewer.
    _fits(tx, held, spot, str(row["words"]), source)
    after = {**row, "state": state, "reviewer": actor.id, "day": tx.today.isoformat()}
    _set(tx, spot, after)
    if state == "approved":
        _put_in(tx, held, spot, after)
    else:
        told = {"part": spot.part, "language": spot.language, "state": state}
        tx.act(spot.record, "review_text", after["translator"], second=actor.id, said=told)
    return _cell(spot, source, after)


def follow(tx: Transaction, record: str, before: Content | None, after: Content) -> None:
    """Notes which translations are stale once the content is another: part of every revision."""
    if before is None or before == after:
        return
    _follow_numbers(tx, record, before, after)
    was, now = relabelled(texts(before), before, after), texts(after)
    for part, said in now.items():
        old = was.get(part)
        if old is None or old == said:
            continue
        english = old["en"] != said["en"]
        if english:
            here = and_(_T.record == record, _T.part == part)
            tx.run(update(more_tables.text).where(here).values(stale=True))
        for language, words in said.items():
            if language == "en":
                continue
            spot = Spot(record, part, language)
            if old.get(language) != words:
                _mended(tx, spot)
            elif english and _row(tx, spot) is None:
                row = {"state": "approved", "stale": True, "source_hash": hash_of(old["en"])}
                none = {"words": "", "translator": None, "reviewer": None}
                _set(tx, spot, {**row, **none, "day": tx.today.isoformat()})


def _follow_numbers(tx: Transaction, record: str, before: Content, after: Content) -> None:
    """The label of a contact is named after its number: it moves with a corrected one."""
    for old, new in moved(before, after).items():
        here = and_(_T.record == record, _T.part == old)
        tx.run(update(more_tables.text).where(here).values(part=new))


def _mended(tx: Transaction, spot: Spot) -> None:
    """It was mended together with the listing, by two people: it is as new as the English."""
    row = _row(tx, spot)
    if row is not None and row["state"] == "approved":
        tx.run(delete(more_tables.text).where(*_here(spot)))


def _source(held: Held, actor: Actor, spot: Spot) -> str:
    """The English. Raises `NoSuchRecord` for a part that is not there, or not for this person."""
    stand_firm(held)
    if held.kept is None:
        raise Refused("wrong_stage", "it is only a draft", "Write its texts into the draft.")
    if not _LANGUAGE.match(spot.language) or spot.language == "en":
        raise Invalid((("language", "is no code of a language like 'uk', or is English"),))
    said = texts(seen(actor, held.kept.content)).get(spot.part)
    if said is None:
        raise NoSuchRecord("it has no such text", "Look at the board again.")
    return said["en"]


def _fits(tx: Transaction, held: Held, spot: Spot, words: str, source: str) -> None:
    if not words:
        raise Invalid((("text", "is empty"),))
    if reachables(words) - reachables(source):
        said = "has a number or an address that the English does not have"
        raise Invalid((("text", said),))
    try:
        tx.known.listing(with_text(held.content, spot.part, spot.language, words))
    except Invalid as error:
        raise Invalid(tuple(("text", said) for _, said in error.problems)) from None


def _put_in(tx: Transaction, held: Held, spot: Spot, row: Mapping[str, Any]) -> None:
    content = tx.known.listing(with_text(held.content, spot.part, spot.language, str(row["words"])))
    if content == held.content:
        return
    kept = tx.keep(held.id, content)
    number = held.revision + 1
    told = {"why": "", "part": spot.part, "language": spot.language}
    by, second = str(row["translator"]), str(row["reviewer"])
    tx.act(held.id, "text", by, second=second, number=number, kept=kept, said=told)
    tx.put(replace(held, revision=number, kept=kept, changed=tx.today.isoformat()))


def _cell(spot: Spot, source: str, row: Mapping[str, Any]) -> TextCell:
    return TextCell(
        spot.record,
        spot.part,
        spot.language,
        row["state"],
        source,
        row["words"],
        row["translator"],
        row["reviewer"],
    )


def _row(tx: Transaction, spot: Spot) -> dict[str, Any] | None:
    rows = tx.ask(select(more_tables.text).where(*_here(spot)))
    if not rows:
        return None
    return {name: value for name, value in rows[0]._mapping.items() if name != "id"}


def _set(tx: Transaction, spot: Spot, row: Mapping[str, Any]) -> None:
    tx.run(delete(more_tables.text).where(*_here(spot)))
    keys = {"record": spot.record, "part": spot.part, "language": spot.language}
    tx.run(insert(more_tables.text).values(**{**row, **keys}))


def _here(spot: Spot) -> tuple[Any, ...]:
    return _T.record == spot.record, _T.part == spot.part, _T.language == spot.language

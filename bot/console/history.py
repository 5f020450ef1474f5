"""The history of a listing: every act, what it changed, the way back; and the purge of what leaked.

It decides nothing about acts. That a purge takes two people is the ledger's rule; this page shows
the second one what the first asked for.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from aiohttp import web

from bot.console.frame import Route, Visit, actor_of
from bot.console.listing_desk import No, known, no, people, shared
from bot.console.listing_words import WORDS, Say, field_words, part_words, value_words
from bot.console.said import N_
from bot.ledger.model import Actor, Content, PurgeAsked, Record, Refused, Revision
from bot.staff import may
from referral_directory.keeping import Change, changes
from referral_directory.keeping.fields import contacts_of, key_of, leaves, reached_by

ACTS: Final[Mapping[str, str]] = {
    "draft": N_("proposed a change"),
    "discard": N_("discarded the draft"),
    "publish": N_("published"),
    "seed": N_("came with a country pack"),
    "demo": N_("was shown for the demonstration"),
    "check": N_("checked"),
    "suspend": N_("suspended"),
    "report": N_("a report came"),
    "answer": N_("a report was answered"),
    "ask_again": N_("is to be checked again"),
    "redirect": N_("became one with another listing"),
    "lift": N_("proposed to show it again"),
    "ask_purge": N_("asked to take something out for good"),
    "refuse_purge": N_("said no to taking it out"),
    "purge": N_("something was taken out for good"),
    "look": N_("looked at what is not public"),
    "write_text": N_("a translation was written"),
    "review_text": N_("a translation was reviewed"),
    "text": N_("translations were taken over"),
    "mark": N_("the organisation was marked"),
    "dismiss": N_("is not the same as another listing"),
}
"""Acts of the ledger, in words. One that is not here is shown by its own name."""
PURGED: Final = frozenset({"names", "organization", "summary", "notes", "also", "source"})
"""Fields with words of somebody's, besides contacts and the address."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One act, with what it changed."""

    revision: Revision
    changes: tuple[Change, ...]
    checked: str = ""
    """What was checked and how, when it was a check."""


async def history(visit: Visit) -> web.StreamResponse:
    """Every act, the newest first."""
    record: Record = await visit.run(visit.ledger.record, visit.path["id"], visit.actor)
    acts: Sequence[Revision] = await visit.run(visit.ledger.history, visit.path["id"], visit.actor)
    return visit.page(
        "history.html",
        **shared(visit, known(visit), await people(visit)),
        record=record,
        entries=_entries(acts, visit.words),
        act_words=ACTS,
    )


def _entries(acts: Sequence[Revision], say: Say) -> list[Entry]:
    """The newest first; each that made a content with the difference to what stood before it."""
    found = []
    before: Content | None = None
    for one in sorted(acts, key=lambda act: act.sequence):
        differs: tuple[Change, ...] = ()
        if one.content is not None:
            differs = changes(before, one.content)
            before = one.content if one.number else before
        checked = ""
        if one.act == "check":
            parts = ", ".join(part_words(part, say) for part in one.told.get("parts", ()))
            checked = f"{parts}: {say(WORDS['how'].get(one.told.get('how', ''), ''))}"
        found.append(Entry(one, differs, checked))
    return found[::-1]


async def revert(visit: Visit) -> web.StreamResponse:
    """A draft with what an earlier revision said."""
    id_, number = visit.path["id"], visit.form.number("number") or 0
    why = visit.words(N_("Back to revision %(number)s."), number=number)
    await visit.run(visit.ledger.revert, visit.actor, id_, number, why)
    return visit.see_other(f"/drafts/{id_}", visit.words(N_("The draft says what it said then.")))


async def purge(visit: Visit) -> web.StreamResponse:
    """What can be taken out for good, or what somebody asked to."""
    return await _show(visit)


async def _show(visit: Visit, refused: No | None = None) -> web.StreamResponse:
    id_ = visit.path["id"]
    record: Record = await visit.run(visit.ledger.record, id_, visit.actor)
    acts: Sequence[Revision] = await visit.run(visit.ledger.history, id_, visit.actor)
    contents = [one.content for one in acts if one.content is not None]
    contents += [record.content, *([record.draft.content] if record.draft else [])]
    return visit.page(
        "history_purge.html",
        status=refused.status if refused else HTTPStatus.OK,
        **shared(visit, known(visit), await people(visit)),
        record=record,
        purge_name=lambda name: _purge_name(name, visit),
        fields=_purgeable(contents, visit),
        chosen=frozenset(visit.form.all("field")),
        text=visit.form.get("text"),
        why=visit.form.get("why"),
        asked=await _asked(visit),
        refused=refused,
    )


def _purgeable(contents: Iterable[Content], visit: Visit) -> dict[str, list[str]]:
    """Every field that was ever said and can be taken out, with all that it said."""
    fields: dict[str, list[str]] = {}
    for content in contents:
        said = {f"contact:{key_of(one)}": reached_by(one) for one in contacts_of(content)}
        if content.get("address"):
            said["address"] = value_words(content["address"], visit.words)
        for name in PURGED & content.keys():
            said |= {
                leaf: value_words(is_, visit.words) for leaf, is_ in leaves(content[name], name)
            }
        for name, text in said.items():
            if text not in fields.setdefault(name, []):
                fields[name].append(text)
    return fields


def _purge_name(name: str, visit: Visit) -> str:
    if name.startswith("text:"):
        return f"“{name.removeprefix('text:')}”"
    is_part = name.startswith("contact:")
    return part_words(name, visit.words) if is_part else field_words(name, visit.words)


async def _asked(visit: Visit) -> PurgeAsked | None:
    """What somebody asked for here, as long as nobody did it or said no."""
    waiting: Sequence[PurgeAsked] = await visit.run(visit.ledger.purges_asked, visit.actor)
    return next((one for one in waiting[::-1] if one.record == visit.path["id"]), None)


async def do_purge(visit: Visit) -> web.StreamResponse:
    """One person asks, another one does it or says no; each has just shown who they are."""
    id_, step, actor = visit.path["id"], visit.form.get("step"), visit.actor
    why = visit.form.get("why")[:500]
    asked = await _asked(visit)
    try:
        if step == "ask" and asked is None:
            text = visit.form.get("text")
            fields = [*visit.form.all("field"), *([f"text:{text}"] if text else [])]
            await visit.run(visit.ledger.ask_purge, actor, id_, fields, why)
            return visit.see_other(f"/listings/{id_}/purge")
        if step == "drop" and asked is not None:
            await visit.run(visit.ledger.refuse_purge, actor, id_, why)
            return visit.see_other(f"/listings/{id_}/history")
        if step == "do" and asked is not None and str(asked.seq) == visit.form.get("seq"):
            first = await _asker(visit, asked)
            done = visit.ledger.purge
            await visit.run(done, first, actor, id_, asked.fields, asked.why)
            return visit.see_other(f"/listings/{id_}/history", visit.words(N_("It is taken out.")))
    except Refused as error:
        return await _show(visit, no(visit, error))
    return visit.see_other(f"/listings/{id_}/purge")


async def _asker(visit: Visit, asked: PurgeAsked) -> Actor:
    """The first person, as long as they still may ask for it. Raises `Refused`."""
    staff = await visit.run(visit.book.accounts.find, asked.by)
    if staff is None or not staff.active or not may(staff.roles, "directory.purge"):
        mend = "Say no to it; whoever may do it asks again."
        raise Refused("second_needed", "who asked for it may not any more", mend)
    return actor_of(staff)


ROUTES: Final = (
    Route("GET", "/listings/{id}/history", "directory.view", history, "history"),
    Route("POST", "/listings/{id}/revert", "directory.edit", revert, "revert"),
    Route("GET", "/listings/{id}/purge", "directory.purge", purge, "purge"),
    Route("POST", "/listings/{id}/purge", "directory.purge", do_purge, "purge_do", step_up=True),
)

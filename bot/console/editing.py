"""The form of a listing: a new one, or a change to one that there is.

It decides what is shown when something is wrong with what was typed, and when somebody else was
quicker: never is anything lost, and nothing is saved but a draft. Who approves it is another page.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any, Final

from aiohttp import web
from pydantic import ValidationError

from bot.console.clashes import Clash, clash_of
from bot.console.frame import Route, Visit
from bot.console.listing_desk import (
    FIRST_LANGUAGES,
    Known,
    No,
    country_of,
    known,
    no,
    people,
    shared,
    today,
)
from bot.console.listing_form import (
    Codes,
    Form,
    begun,
    blamed,
    form_field,
    pressed,
    sent,
    taken,
)
from bot.console.said import N_
from bot.ledger.model import Content, Invalid, Record, Refused, Stale
from referral_directory.keeping import doubts, three_way
from referral_directory.pack import ListingShape

_ASIDE: Final = frozenset({"token", "base", "version", "began", "before", "why", "do"})
"""Fields of the page that are not of the listing."""
_PLACES: Final = (N_("Whole countries and beyond"), N_("Regions"))


@dataclass(frozen=True, slots=True)
class Sheet:
    """A form with where it was begun from."""

    form: Form
    base: int
    version: int | None
    began: Content = field(repr=False)
    why: str = field(default="", repr=False)
    before: Content | None = field(default=None, repr=False)
    """What both sides began from, once they met."""
    clash: Clash | None = None
    no: No | None = None


async def new(visit: Visit) -> web.StreamResponse:
    """An empty form."""
    return await _show(visit, None, Sheet(_empty(), 0, None, {}))


async def edit(visit: Visit) -> web.StreamResponse:
    """The form of the open draft, or of what stands."""
    record = await visit.run(visit.ledger.record, visit.path["id"], visit.actor)
    return await _show(visit, record, _sheet(record))


async def save_new(visit: Visit) -> web.StreamResponse:
    """A new listing becomes a draft, or its form comes back."""
    return await _save(visit, None)


async def save(visit: Visit) -> web.StreamResponse:
    """A change becomes the draft, or its form comes back."""
    record = await visit.run(visit.ledger.record, visit.path["id"], visit.actor)
    return await _save(visit, record)


async def _save(visit: Visit, record: Record | None) -> web.StreamResponse:
    fields = {name: value for name, value in visit.form.pairs if name not in _ASIDE}
    stands = _sheet(record) if record else Sheet(_empty(), 0, None, {})
    began = _began(visit.form.get("began")) or stands.began
    kept = {"carried": stands.began["carried"]} if "carried" in stands.began else {}
    was = {name: value for name, value in began.items() if name != "carried"} | kept
    sheet = Sheet(
        Form(fields),
        visit.form.number("base") or 0,
        visit.form.number("version"),
        was,
        visit.form.get("why"),
        _began(visit.form.get("before")),
    )
    press, codes = visit.form.get("do", "save"), known(visit).codes
    if press.startswith("take:"):
        form = taken(sheet.form, press.removeprefix("take:"), was)
        return await _show(visit, record, _with(sheet, _again(form, was, codes)))
    if press != "save":
        return await _show(visit, record, _with(sheet, pressed(sheet.form, press)))
    form = sent(fields, was, codes)
    if form.content is None:
        return await _show(visit, record, _with(sheet, form))
    id_ = record.row.id if record else None
    try:
        draft = await visit.run(
            visit.ledger.propose,
            visit.actor,
            id_,
            form.content,
            base=sheet.base,
            version=sheet.version,
            why=sheet.why,
        )
    except Stale:
        if record is None:
            raise
        fresh: Record = await visit.run(visit.ledger.record, record.row.id, visit.actor)
        return await _show(visit, fresh, _clashing(sheet, form.content, fresh))
    except Invalid as error:
        return await _show(visit, record, _with(sheet, blamed(form, error.problems)))
    except Refused as error:
        return await _show(visit, record, _with(sheet, form, no(visit, error)))
    return visit.see_other(
        f"/drafts/{draft.record}",
        visit.words(N_("The draft is kept. Nothing that survivors see has changed yet.")),
    )


def _empty() -> Form:
    """A form with one line to fill in a first contact."""
    return pressed(begun({}), "add:contacts")


def _sheet(record: Record) -> Sheet:
    if record.draft is not None:
        draft = record.draft
        return Sheet(begun(draft.content), draft.base, draft.version, draft.content, draft.why)
    return Sheet(begun(record.content), record.revision, None, record.content)


def _again(form: Form, was: Content, codes: Codes) -> Form:
    """The form with what it says now, without a word about faults before it is sent."""
    return Form(form.fields, (), sent(form.fields, was, codes).content)


def _with(sheet: Sheet, form: Form, refused: No | None = None) -> Sheet:
    clash = None
    if sheet.before is not None and form.content is not None:
        clash = clash_of(sheet.before, form.content, sheet.began)
    return replace(sheet, form=form, clash=clash, no=refused)


def _clashing(sheet: Sheet, ours: Content, fresh: Record) -> Sheet:
    """What was typed put together with what stands now; nothing of either side is lost."""
    there = _sheet(fresh)
    return replace(
        there,
        form=begun(three_way(sheet.began, ours, there.began).content),
        why=sheet.why,
        before=sheet.began,
        clash=clash_of(sheet.began, ours, there.began),
    )


def _began(text: str) -> Content | None:
    """The content that a form says it was begun from, when it is one."""
    try:
        told = json.loads(text)
        if told == {}:
            return {}
        shaped = ListingShape.model_validate(told)
    except (ValueError, ValidationError, RecursionError):
        return None
    return shaped.model_dump(mode="json", exclude_defaults=True, by_alias=True)


async def _show(visit: Visit, record: Record | None, sheet: Sheet) -> web.StreamResponse:
    found = known(visit)
    form = sheet.form
    content = form.content or _began(json.dumps(dict(sheet.began)))
    doubtful = doubts(content, country_of(content), today(visit)) if content else ()
    at: dict[str, list[str]] = {}
    for doubt in doubtful:
        at.setdefault(form_field(doubt.field, content or {}), []).append(visit.words(doubt.said))
    others = [code for code in form.languages(found.tongues) if code not in FIRST_LANGUAGES]
    bad = form.faults or sheet.clash or sheet.no
    began = {name: value for name, value in sheet.began.items() if name != "carried"}
    return visit.page(
        "edit.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if bad else HTTPStatus.OK,
        **shared(visit, found, await people(visit)),
        heading=visit.words(N_("Propose a change") if record else N_("Add a listing")),
        path=f"/listings/{record.row.id}/edit" if record else "/listings/new",
        record=record,
        form=form,
        doubts=doubtful,
        doubts_at=lambda name: at.get(name, ()),
        conflict=sheet.clash,
        refused=sheet.no,
        base=sheet.base,
        version="" if sheet.version is None else sheet.version,
        began=json.dumps(began, ensure_ascii=False),
        before="" if sheet.before is None else json.dumps(dict(sheet.before), ensure_ascii=False),
        why=sheet.why,
        first_languages=FIRST_LANGUAGES,
        other_languages=others,
        other_texts=[f"{text}.{code}" for text in ("names", "summary") for code in others],
        need_names=found.names.needs,
        need_groups=_groups(form, "needs", _need_groups(found)),
        area_groups=_groups(form, "area", _area_groups(found, visit)),
    )


def _need_groups(found: Known) -> dict[str, dict[str, str]]:
    groups: dict[str, dict[str, str]] = {}
    for code, name in found.names.needs.items():
        top = found.names.needs[code.partition(".")[0]]
        groups.setdefault(top, {})[code] = name
    return groups


def _area_groups(found: Known, visit: Visit) -> dict[str, dict[str, str]]:
    """Countries and what is in none first, then the regions of each country."""
    places = found.names.places
    wide = {code: name for code, name in places.items() if "-" not in code and code != "occupied"}
    wide["INT"] = visit.words(N_("international"))
    groups = {visit.words(N_("Whole countries and beyond")): wide}
    for code, name in places.items():
        if "-" in code:
            country = code.partition("-")[0]
            groups.setdefault(places.get(country, country), {})[code] = name
    return groups


def _groups(form: Form, name: str, groups: Mapping[str, Mapping[str, str]]) -> list[dict[str, Any]]:
    """Boxes to tick, open where one is ticked."""
    known_codes = {code for codes in groups.values() for code in codes}
    rest = [field.partition(":")[2] for field in form.fields if field.startswith(f"{name}:")]
    groups = dict(groups)
    if others := {code: code for code in rest if code not in known_codes}:
        groups["…"] = others
    return [
        {
            "title": title,
            "codes": codes,
            "open": any(form.ticked(f"{name}:{code}") for code in codes),
        }
        for title, codes in groups.items()
    ]


ROUTES: Final = (
    Route("GET", "/listings/new", "directory.edit", new, "listing_new"),
    Route("POST", "/listings/new", "directory.edit", save_new, "listing_new_save"),
    Route("GET", "/listings/{id}/edit", "directory.edit", edit, "listing_edit"),
    Route("POST", "/listings/{id}/edit", "directory.edit", save, "listing_save"),
)

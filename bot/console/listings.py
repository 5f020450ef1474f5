"""The list of listings and the page of one: found, looked at, checked, stopped at once.

It decides which questions a list answers. What is checked, suspended or reported is the ledger's;
nothing here publishes anything.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final, get_args
from urllib.parse import parse_qsl, urlencode

from aiohttp import web

from bot.console.frame import Route, Visit
from bot.console.listing_desk import Known, known, now, people, shared, today
from bot.console.listing_view import facts, lines, text_in
from bot.console.listing_words import WORDS, withheld_words
from bot.console.said import N_
from bot.ledger.model import How, ListQuery, Problem, Record, Stage
from referral_directory import Confirmation
from referral_directory.keeping import critical, reachable

ASKED: Final = (
    *("text", "stage", "need", "area", "language", "due"),
    *("organization", "source", "draft", "task", "order"),
)
"""What a list can be asked, as it stands behind the `?`."""
DUES: Final = {"0": N_("today or earlier"), "7": N_("within a week"), "30": N_("within a month")}
_STAGES: Final[Mapping[str, Stage]] = {stage: stage for stage in get_args(Stage)}
_PROBLEMS: Final[Mapping[str, Problem]] = {problem: problem for problem in get_args(Problem)}
YES_NO: Final = {"yes": N_("with"), "no": N_("without")}
ORDERS: Final = {"name": N_("name"), "due": N_("day of the check"), "changed": N_("last change")}
BULK: Final = {
    "suspend": (N_("Suspend…"), "directory.suspend"),
    "check": (N_("Checked by call…"), "directory.check"),
    "offer": (N_("Propose to publish…"), "directory.edit"),
    "retire": (N_("Propose to retire…"), "directory.edit"),
    "export": (N_("Export"), "directory.export"),
}
"""What can be done with many, and what one must be allowed for it."""


def query_of(asked: Mapping[str, str], visit: Visit, *, size: int = 50) -> ListQuery:
    """The question that a query string asks. What it does not know is left out."""
    number = asked.get("page", "1")
    stage, due, order = asked.get("stage", ""), asked.get("due", ""), asked.get("order", "")
    until = today(visit) + timedelta(days=int(due) + 1) if due in DUES else None
    return ListQuery(
        text=asked.get("text", "").strip()[:200],
        stage=(_STAGES[stage],) if stage in _STAGES else (),
        need=asked.get("need", ""),
        area=asked.get("area", ""),
        language=asked.get("language", ""),
        organization=asked.get("organization", "").strip()[:200],
        source=asked.get("source", "").strip()[:200],
        due_before=until,
        draft={"yes": True, "no": False}.get(asked.get("draft", "")),
        task={"yes": True, "no": False}.get(asked.get("task", "")),
        order="due" if order == "due" else "changed" if order == "changed" else "name",
        page=max(1, int(number))
        if number.isascii() and number.isdigit() and len(number) < 9
        else 1,
        size=size,
    )


async def listings(visit: Visit) -> web.StreamResponse:
    """The list."""
    asked = {name: visit.query.get(name, "") for name in ASKED}
    query = query_of(visit.query, visit)
    page = await visit.run(visit.ledger.find, query, visit.actor)
    views = await visit.run(visit.ledger.views, visit.staff.id)
    found = known(visit)
    pairs = [(name, value) for name, value in asked.items() if value]
    acts = {act: said for act, (said, may) in BULK.items() if visit.may(may)}  # type: ignore[arg-type]  # acts of the table above
    return visit.page(
        "listings.html",
        **shared(visit, found, {}),
        page=page,
        asked=asked,
        asked_query=urlencode(pairs),
        views=[(view.name, urlencode(view.query)) for view in views],
        acts=acts,
        chosen=frozenset(visit.request.query.getall("id", [])),
        needs=found.names.needs,
        areas=found.names.places,
        dues=DUES,
        orders=ORDERS,
        yes_no=YES_NO,
    )


async def keep_view(visit: Visit) -> web.StreamResponse:
    """A question is kept under a name, or dropped."""
    if drop := visit.form.get("drop"):
        await visit.run(visit.ledger.drop_view, visit.staff.id, drop)
        return visit.see_other("/listings")
    asked = visit.form.get("query")[:1000]
    name = visit.form.get("name")[:60]
    if name:
        query = {key: value for key, value in parse_qsl(asked) if key in ASKED}
        await visit.run(visit.ledger.save_view, visit.staff.id, name, query)
    return visit.see_other(f"/listings?{asked}")


async def listing(visit: Visit) -> web.StreamResponse:
    """One listing, part by part."""
    wanted = visit.path["id"]
    there = await visit.run(visit.ledger.resolve, wanted)
    # Where a listing went is told to those alone who may see where.
    record: Record = await visit.run(visit.ledger.record, there, visit.actor)
    if there != wanted:
        return visit.see_other(f"/listings/{there}")
    found = known(visit)
    shown, why = _shown(visit, found, record)
    names, language = record.content.get("names", {}), found.names.language
    return visit.page(
        "listing.html",
        **shared(visit, found, await people(visit)),
        record=record,
        name=text_in(names, language),
        organization=text_in(record.content.get("organization", {}), language),
        lines=lines(record.content, record.checks, found.names),
        facts=facts(record.content, found.names),
        shown=shown,
        seen=shown is not None,
        unseen_why=withheld_words(why, visit.words),
    )


def _shown(visit: Visit, found: Known, record: Record) -> tuple[Any, str]:
    """What survivors see of it now, or why they see nothing."""
    stage = record.row.stage
    if stage in ("draft", "suspended", "retired", "hidden"):
        return None, WORDS["stage"][stage]
    if record.published is None:
        return None, N_("it is not published")
    row = record.row
    made = found.shower.listing(row.id, record.published, confirmed(record), row.due_on)
    if isinstance(made, str):
        return None, made
    language = found.names.language
    return found.shower.show(made, language, now(visit)), ""


def confirmed(record: Record) -> Confirmation | None:
    """The check that a card names: the oldest of those of what is shown, once each has one."""
    latest = {one.part: one for one in sorted(record.checks, key=lambda one: one.on)}
    needed = critical(record.content)
    if not needed or any(part not in latest for part in needed):
        return None
    oldest = min((latest[part] for part in needed), key=lambda one: one.on)
    return Confirmation(record.row.id, oldest.by, oldest.how, oldest.on, "")


async def check(visit: Visit) -> web.StreamResponse:
    """Somebody asked there: the chosen parts, or all that can be reached, are right."""
    id_ = visit.path["id"]
    record: Record = await visit.run(visit.ledger.record, id_, visit.actor)
    if str(record.revision) != visit.form.get("revision"):
        return visit.see_other(
            f"/listings/{id_}",
            visit.words(N_("It was changed meanwhile: look again at what it says now.")),
        )
    every = [line.part for line in lines(record.content, (), known(visit).names)]
    chosen = visit.form.all("part") if visit.form.get("which") == "chosen" else every
    parts = tuple(part for part in every if part in set(chosen))
    if not parts:
        return visit.see_other(f"/listings/{id_}", visit.words(N_("Choose at least one part.")))
    await visit.run(visit.ledger.check, visit.actor, id_, parts, how_of(visit), None)
    return visit.see_other(f"/listings/{id_}", visit.words(N_("The check is noted.")))


def how_of(visit: Visit) -> How:
    """How somebody checked; by call when it is not said."""
    said = visit.form.get("how")
    return "visit" if said == "visit" else "letter" if said == "letter" else "call"


async def suspend(visit: Visit) -> web.StreamResponse:
    """Survivors no longer see it, at once."""
    id_ = visit.path["id"]
    why = visit.form.get("why")[:500]
    await visit.run(visit.ledger.suspend, visit.actor, (id_,), why=why)
    said = visit.words(N_("Suspended. Survivors no longer see it."))
    return visit.see_other(f"/listings/{id_}", said)


async def offer(visit: Visit) -> web.StreamResponse:
    """A draft that says what the record says, of one that was never published."""
    id_ = visit.path["id"]
    record: Record = await visit.run(visit.ledger.record, id_, visit.actor)
    propose, content = visit.ledger.propose, record.content
    await visit.run(propose, visit.actor, id_, content, base=record.revision, version=None)
    return visit.see_other(f"/drafts/{id_}", visit.words(N_("A second person decides now.")))


async def lift(visit: Visit) -> web.StreamResponse:
    """A draft that ends the suspension; a second person approves it."""
    id_ = visit.path["id"]
    await visit.run(visit.ledger.lift, visit.actor, id_, visit.form.get("why")[:500])
    return visit.see_other(f"/drafts/{id_}", visit.words(N_("A second person decides now.")))


async def report(visit: Visit) -> web.StreamResponse:
    """Somebody told a member of staff that a listing is wrong."""
    id_ = visit.path["id"]
    record: Record = await visit.run(visit.ledger.record, id_, visit.actor)
    problem, contact = _PROBLEMS.get(visit.form.get("problem")), visit.form.get("contact")
    if problem is None:
        return visit.see_other(f"/listings/{id_}")
    contact = contact if contact in reachable(record.content) else ""
    await visit.run(visit.ledger.report, id_, problem, "operator", contact, visit.actor)
    return visit.see_other(f"/listings/{id_}", visit.words(N_("A task is open.")))


ROUTES: Final = (
    Route("GET", "/listings", "directory.view", listings, "listings"),
    Route("POST", "/listings/views", "directory.view", keep_view, "listing_views"),
    Route("GET", "/listings/{id}", "directory.view", listing, "listing"),
    Route("POST", "/listings/{id}/check", "directory.check", check, "listing_check"),
    Route("POST", "/listings/{id}/suspend", "directory.suspend", suspend, "listing_suspend"),
    Route("POST", "/listings/{id}/offer", "directory.edit", offer, "listing_offer"),
    Route("POST", "/listings/{id}/lift", "directory.edit", lift, "listing_lift"),
    Route("POST", "/listings/{id}/report", "directory.tasks", report, "listing_report"),
)

"""A plan as a page: every row with what becomes of it, what is decided, and taking all of it.

It decides nothing. What is taken is the plan of the address, by its digest: whatever is decided
makes another plan with another address, and a plan whose base changed is refused by the ledger.
"""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

from aiohttp import hdrs, web

from bot.console.duplicates import REASONS
from bot.console.frame import Route, Visit
from bot.console.listing_desk import No, known, no, people, shared
from bot.console.listing_view import text_in
from bot.console.said import N_
from bot.console.uploads import SHELF, Brought
from bot.ledger.batches import Imports
from bot.ledger.model import LedgerError, Record, Refused, Stale
from referral_directory import Directory
from referral_directory.exchange import rows
from referral_directory.exchange.errors_out import error_workbook
from referral_directory.exchange.files import bring
from referral_directory.exchange.headers import Headed
from referral_directory.exchange.plans import UNDECIDED, WRITES, Plan, PlanItem, decided
from referral_directory.keeping import Change, changes

ACTIONS: Final[Mapping[str, str]] = {
    "rejected": N_("not taken"),
    "duplicate": N_("may be there already"),
    "conflict": N_("changed here since"),
    "create": N_("new"),
    "update": N_("changed"),
    "unchanged": N_("as it stands"),
    "left_out": N_("left out"),
}
"""In the order in which somebody looks at them."""
DECISIONS: Final[Mapping[str, str]] = {
    "as_new": N_("It is another service: take it as new"),
    "keep_ours": N_("Keep what stands here, take the rest"),
    "leave_out": N_("Leave it out"),
}
ON_A_PAGE: Final = 50
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ORDER: Final = {action: place for place, action in enumerate(ACTIONS)}


@dataclass(frozen=True, slots=True)
class Shown:
    """A row of the plan, as the page shows it."""

    item: PlanItem
    name: str = field(repr=False)
    changes: tuple[Change, ...] = field(repr=False)
    can: Mapping[str, str]
    """What can be decided about it, and how that is called."""


async def plan(visit: Visit) -> web.StreamResponse:
    """A plan, row by row."""
    return await _plan(visit)


async def _plan(visit: Visit, refused: No | None = None) -> web.StreamResponse:
    room = Imports(visit.ledger.books)
    one: Plan = await visit.run(room.kept, visit.actor, visit.path["digest"])
    wanted = visit.query.get("show", "")
    asked = wanted if wanted in ACTIONS else ""
    items = [item for item in one.items if not asked or item.action == asked]
    if not asked:
        items.sort(key=lambda item: (_ORDER[item.action], item.row))
    number = visit.query.get("page", "1")
    pages = max(1, -(-len(items) // ON_A_PAGE))
    page = int(number) if number.isascii() and number.isdigit() and len(number) < 9 else 1
    page = min(max(page, 1), pages)
    some = items[(page - 1) * ON_A_PAGE : page * ON_A_PAGE]
    key = visit.query.get("file") or visit.form.get("file")
    brought = SHELF.get(visit.staff.id, key, visit.office.clock())
    found = known(visit)
    return visit.page(
        "imports_plan.html",
        status=HTTPStatus(refused.status) if refused else HTTPStatus.OK,
        **shared(visit, found, await people(visit)),
        plan=one,
        rows=[await _shown(visit, item, found.names.language) for item in some],
        actions={name: said for name, said in ACTIONS.items() if one.counts.get(name)},
        total=len(items),
        writes=sum(item.action in WRITES for item in one.items),
        show=asked,
        page=page,
        pages=pages,
        file=key if brought is not None else "",
        table=brought is not None and _is_table(one),
        reasons=REASONS,
        news=frozenset(item.id for item in one.items if not item.base_revision),
        refused=refused,
        why=visit.form.get("why"),
    )


async def _shown(visit: Visit, item: PlanItem, language: str) -> Shown:
    differs: tuple[Change, ...] = ()
    name = text_in(item.content.get("names", {}), language) if item.content else ""
    if item.action == "update" and item.content is not None:
        # What went meanwhile is not there to be compared with; taking the plan will be refused.
        with contextlib.suppress(LedgerError):
            record: Record = await visit.run(visit.ledger.record, item.id, visit.actor)
            differs = changes(record.content, item.content)
    elif item.action in {"create", "duplicate"} and item.content is not None:
        differs = changes(None, item.content)
    return Shown(item, name or item.id, differs, _can(item))


def _can(item: PlanItem) -> dict[str, str]:
    if item.action not in UNDECIDED:
        return {}
    can = []
    if item.action == "duplicate":
        can.append("as_new")
    if item.action == "conflict" and item.why == "changed":
        can.append("keep_ours")
    return {name: DECISIONS[name] for name in (*can, "leave_out")}


def _is_table(one: Plan) -> bool:
    """Whether its rows are lines of a table, which can be given back with remarks."""
    return not any(item.where.startswith(("services[", "pack ")) for item in one.items[:1])


async def decide(visit: Visit) -> web.StreamResponse:
    """Somebody decided about rows: that is another plan."""
    room = Imports(visit.ledger.books)
    one: Plan = await visit.run(room.kept, visit.actor, visit.path["digest"])
    told = {name: set[int]() for name in DECISIONS}
    for item in one.blocked:
        said = visit.form.get(f"row:{item.row}")
        if said in told:
            told[said].add(item.row)
        elif "rest" in visit.form:
            told["leave_out"].add(item.row)
    after = decided(
        one,
        as_new=told["as_new"],
        keep_ours=told["keep_ours"],
        leave_out=told["leave_out"],
    )
    digest = await visit.run(room.keep, visit.actor, after)
    return visit.see_other(f"/imports/plans/{digest}{_file(visit)}")


async def commit(visit: Visit) -> web.StreamResponse:
    """All of this plan becomes drafts, or nothing does."""
    room = Imports(visit.ledger.books)
    one: Plan = await visit.run(room.kept, visit.actor, visit.path["digest"])
    why = visit.form.get("why")[:500]
    try:
        batch = await visit.run(room.commit, visit.actor, one, why)
    except (Refused, Stale) as error:
        return await _plan(visit, no(visit, error))
    SHELF.drop(visit.staff.id, visit.form.get("file"), visit.office.clock())
    said = visit.words.many(
        "Taken in: %(count)s draft waits for a second person.",
        "Taken in: %(count)s drafts wait for a second person.",
        batch.waiting,
    )
    return visit.see_other(f"/imports/{batch.id}", said)


async def forget(visit: Visit) -> web.StreamResponse:
    """The plan is dropped, and the file with it."""
    room = Imports(visit.ledger.books)
    await visit.run(room.forget, visit.actor, visit.path["digest"])
    SHELF.drop(visit.staff.id, visit.form.get("file"), visit.office.clock())
    return visit.see_other("/imports", visit.words(N_("Dropped. Nothing was taken.")))


async def remarks(visit: Visit) -> web.StreamResponse:
    """The rows as a workbook, each remark beside its cell: to be mended and brought again."""
    room = Imports(visit.ledger.books)
    one: Plan = await visit.run(room.kept, visit.actor, visit.path["digest"])
    key = visit.query.get("file", "")
    brought = SHELF.get(visit.staff.id, key, visit.office.clock())
    directory: Directory = visit.office.parts["directory"]
    language = visit.words.language
    data = await visit.run(_workbook, directory, one, brought, language)
    headers = {hdrs.CONTENT_DISPOSITION: 'attachment; filename="remarks.xlsx"'}
    return web.Response(body=data, content_type=XLSX, headers=headers)


def _workbook(directory: Directory, one: Plan, brought: Brought | None, language: str) -> bytes:
    headed: Headed | None = None
    if brought is not None:
        try:
            headed = bring(brought.data, brought.name, directory, {}, brought.wanted).headed
        except rows.Refused:
            headed = None
    return error_workbook(one, headed, language)


def _file(visit: Visit) -> str:
    key = visit.form.get("file")
    return f"?file={key}" if key.isalnum() else ""


ROUTES: Final[tuple[Route, ...]] = (
    Route("GET", "/imports/plans/{digest}", "directory.import", plan, "import_plan"),
    Route("POST", "/imports/plans/{digest}/decide", "directory.import", decide, "import_decide"),
    Route("POST", "/imports/plans/{digest}/commit", "directory.import", commit, "import_commit"),
    Route("POST", "/imports/plans/{digest}/forget", "directory.import", forget, "import_forget"),
    Route("GET", "/imports/plans/{digest}/remarks", "directory.import", remarks, "import_remarks"),
)

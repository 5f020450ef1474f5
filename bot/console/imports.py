"""Bringing a file: it is uploaded, its columns are named where they are not known, it is planned.

It decides nothing about rows: `referral_directory.exchange` reads and plans, the ledger keeps the
plan. A file that cannot be read is refused with what helps, beside the field it came from.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Final

from aiohttp import web

from bot.console.frame import FORM_BYTES, Route, Visit
from bot.console.listing_desk import known, people, shared
from bot.console.said import N_
from bot.console.uploads import SHELF, Brought
from bot.ledger.batches import Imports
from bot.ledger.model import Actor
from referral_directory import Directory
from referral_directory.exchange.column_names import FIXED, KINDS_OF_CONTACT, TEXTS
from referral_directory.exchange.columns import column, title
from referral_directory.exchange.files import Wanted, bring, revisions_named
from referral_directory.exchange.headers import IGNORE, Headed, key_of, read_headers
from referral_directory.exchange.limits import MOST_BYTES
from referral_directory.exchange.plan import plan as make_plan
from referral_directory.exchange.rows import Fault, Refused
from referral_directory.exchange.tables import Table, read_table

PASSED_OVER: Final = "-"
"""What is typed for a column that is to be passed over."""
ENCODINGS: Final = ("windows-1251", "windows-1252", "koi8-u", "utf-16")
EXAMPLES: Final = 3
"""Cells of a column that are shown, so that one knows what it holds."""
_EXAMPLE_LENGTH: Final = 60
_NOT_A_FILE: Final = N_("Choose a file.")
_GONE: Final = N_("The file is no longer held. Bring it again.")


@dataclass(frozen=True, slots=True)
class Head:
    """One column of a file, as the page asks about it."""

    place: int
    header: str = field(repr=False)
    typed: str = field(repr=False)
    """What stands in the field: what it is called here, `-`, or what was typed."""
    was: str = field(repr=False)
    """What stood there when it was shown: only what was changed is a decision."""
    examples: tuple[str, ...] = field(repr=False)
    fault: str = field(default="", repr=False)


async def imports(visit: Visit) -> web.StreamResponse:
    """Where a file is brought, and those that were taken."""
    return await _imports(visit)


async def _imports(
    visit: Visit, fault: str = "", mend: str = "", faults: Sequence[Fault] = ()
) -> web.Response:
    room = Imports(visit.ledger.books)
    directory: Directory = visit.office.parts["directory"]
    found = known(visit)
    return visit.page(
        "imports.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if fault else HTTPStatus.OK,
        **shared(visit, found, await people(visit)),
        batches=await visit.run(room.batches, visit.actor),
        countries={code: found.names.places.get(code, code) for code in directory.country_codes},
        encodings=ENCODINGS,
        fault=visit.words(fault),
        mend=visit.words(mend),
        faults=faults,
        most_mib=MOST_BYTES // 1024 // 1024,
    )


async def upload(visit: Visit) -> web.StreamResponse:
    """A file came: it is planned, or its columns are asked about first."""
    file = visit.form.file("file")
    if file is None or not file.data:
        return await _imports(visit, _NOT_A_FILE)
    directory: Directory = visit.office.parts["directory"]
    country, encoding = visit.form.get("country"), visit.form.get("encoding")
    language = visit.form.get("language")
    wanted = Wanted(
        country=country if country in directory.country_codes else "UA",
        language=language if language in known(visit).tongues else "en",
        encoding=encoding if encoding in ENCODINGS else None,
        sheet=visit.form.get("sheet")[:100] or None,
    )
    by, now = visit.staff.id, visit.office.clock()
    key = SHELF.put(by, file.name, file.data, wanted, now)
    brought = SHELF.get(by, key, now)
    if brought is None:
        return await _imports(visit, _GONE)
    try:
        return await _go_on(visit, key, brought)
    except Refused as refused:
        if refused.code == "headers":
            return visit.see_other(f"/imports/files/{key}")
        SHELF.drop(by, key, now)
        more: Sequence[Fault] = getattr(refused, "faults", ())
        return await _imports(visit, str(refused.args[0]), refused.mend, more)


async def _go_on(visit: Visit, key: str, brought: Brought) -> web.StreamResponse:
    """To the plan, or to the columns when some are not known. Raises `Refused`."""
    directory: Directory = visit.office.parts["directory"]
    room = Imports(visit.ledger.books)
    digest = await visit.run(planned, room, visit.actor, directory, brought)
    if digest is None:
        return visit.see_other(f"/imports/files/{key}")
    return visit.see_other(f"/imports/plans/{digest}?file={key}")


def planned(room: Imports, actor: Actor, directory: Directory, brought: Brought) -> str | None:
    """Plans a file, has the plan kept, and gives its digest; None when columns are not known.

    Raises `Refused`.
    """
    wanted = brought.wanted
    standing = room.standing(actor, brought.name)
    found = bring(brought.data, brought.name, directory, standing.base, wanted)
    if found.headed is not None and found.faults:
        return None
    if past := revisions_named(found, standing.base):
        standing = replace(standing, ancestors=room.as_of(past))
    made = make_plan(
        found.rows, standing, source=brought.name, country=wanted.country, faults=found.faults
    )
    return room.keep(actor, made)


async def again(visit: Visit) -> web.StreamResponse:
    """The same file once more, over what stands now."""
    key = visit.path["file"]
    brought = SHELF.get(visit.staff.id, key, visit.office.clock())
    if brought is None:
        return visit.see_other("/imports", visit.words(_GONE))
    try:
        return await _go_on(visit, key, brought)
    except Refused as refused:
        return await _imports(visit, str(refused.args[0]), refused.mend)


async def columns(visit: Visit) -> web.StreamResponse:
    """What the columns of a file are."""
    return await _columns(visit)


async def _columns(
    visit: Visit, typed: Mapping[int, str] | None = None, wrong: Mapping[int, str] | None = None
) -> web.StreamResponse:
    key = visit.path["file"]
    brought = SHELF.get(visit.staff.id, key, visit.office.clock())
    if brought is None:
        return visit.see_other("/imports", visit.words(_GONE))
    try:
        heads, faults = await visit.run(_heads, brought, visit.words.language)
    except Refused as refused:
        return await _imports(visit, str(refused.args[0]), refused.mend)
    said, faulty = typed or {}, wrong or {}
    heads = [
        replace(
            one,
            typed=said.get(one.place, one.typed),
            fault=faulty.get(one.place, "" if typed else visit.words(one.fault)),
        )
        for one in heads
    ]
    return visit.page(
        "imports_columns.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
        file=key,
        name=brought.name,
        heads=heads,
        faults=faults,
        offered=_offered(visit.words.language),
        say=visit.words,
    )


def _heads(brought: Brought, language: str) -> tuple[list[Head], tuple[Fault, ...]]:
    wanted = brought.wanted
    table = read_table(brought.data, brought.name, encoding=wanted.encoding, sheet=wanted.sheet)
    headed = _headed(table, wanted.mapped)
    by_header: dict[str, Fault] = {fault.column: fault for fault in headed.faults}
    heads = []
    for place, header in enumerate(headed.titles):
        found = headed.columns[place]
        fault = by_header.pop(header, None) if header else None
        if not header:
            continue
        passed = not fault and found is None
        said = PASSED_OVER if passed else title(found.key, language) if found else ""
        examples = dict.fromkeys(
            line.cells[place][:_EXAMPLE_LENGTH]
            for line in headed.lines[:50]
            if place < len(line.cells) and line.cells[place].strip()
        )
        heads.append(
            Head(
                place,
                header,
                said,
                said,
                tuple(examples)[:EXAMPLES],
                fault.said if fault else "",
            )
        )
    return heads, tuple(by_header.values())


def _headed(table: Table, mapped: Mapping[str, str]) -> Headed:
    """The columns as far as they are known; where none is, the first line is asked about."""
    try:
        return read_headers(table, mapped)
    except Refused:
        first = table.lines[0]
        said = N_("This column is not known.")
        return Headed(
            first.number,
            (None,) * len(first.cells),
            first.cells,
            table.lines[1:],
            tuple(Fault(first.number, cell, said) for cell in first.cells if cell),
        )


def _offered(language: str) -> tuple[str, ...]:
    """What a column may be called: offered while typing."""
    keys = [f"{head}_{code}" for head in TEXTS for code in ("en", "uk", "ru")]
    keys += [key for key in FIXED if column(key) is not None]
    for kind in KINDS_OF_CONTACT:
        keys += [f"{kind}_1", f"{kind}_2", f"{kind}_1_hours", f"{kind}_1_label_en"]
    return tuple(dict.fromkeys(title(key, language) for key in keys if column(key)))


async def name_columns(visit: Visit) -> web.StreamResponse:
    """Somebody said what the columns are."""
    key, by, now = visit.path["file"], visit.staff.id, visit.office.clock()
    brought = SHELF.get(by, key, now)
    if brought is None:
        return visit.see_other("/imports", visit.words(_GONE))
    try:
        heads, _ = await visit.run(_heads, brought, visit.words.language)
    except Refused as refused:
        return await _imports(visit, str(refused.args[0]), refused.mend)
    mapped, wrong, typed = dict(brought.wanted.mapped), dict[int, str](), dict[int, str]()
    for head in heads:
        said = visit.form.get(f"map:{head.place}")[:200]
        typed[head.place] = said
        if said == head.was and said:
            continue
        found = IGNORE if said == PASSED_OVER else key_of(said) if said else None
        if found is None:
            wrong[head.place] = visit.words(
                N_("Name a column there is, or write - to pass it over.")
            )
        else:
            mapped[head.header] = found
    if wrong:
        return await _columns(visit, typed, wrong)
    again_ = SHELF.read_as(by, key, replace(brought.wanted, mapped=mapped), now)
    if again_ is None:
        return visit.see_other("/imports", visit.words(_GONE))
    try:
        return await _go_on(visit, key, again_)
    except Refused as refused:
        return await _imports(visit, str(refused.args[0]), refused.mend)


ROUTES: Final = (
    Route("GET", "/imports", "directory.import", imports, "imports"),
    Route(
        "POST",
        "/imports",
        "directory.import",
        upload,
        "import_upload",
        most_bytes=MOST_BYTES + FORM_BYTES,
        files=True,
    ),
    Route("GET", "/imports/files/{file}", "directory.import", columns, "import_columns"),
    Route("POST", "/imports/files/{file}", "directory.import", name_columns, "import_named"),
    Route("POST", "/imports/files/{file}/again", "directory.import", again, "import_again"),
)

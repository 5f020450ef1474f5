"""The page that gives listings out as a file: first said what goes and what stays, then the file.

It decides nothing about what may leave: `export_files` does. Who takes out what is not public
shows once more who they are, and it is written in the history of each such listing.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from aiohttp import hdrs, web

from bot.console.export_files import (
    TABLES,
    Choice,
    Form,
    Parcel,
    hsds,
    hsds_parcel,
    table,
    table_parcel,
)
from bot.console.frame import Route, Visit
from bot.console.listing_desk import known, shared
from bot.console.said import N_
from bot.ledger.batches import Imports
from bot.ledger.ledger import Ledger
from bot.ledger.model import Actor
from referral_directory import Directory

FORMS: Final[dict[Form, str]] = {
    "xlsx": N_("Workbook (XLSX): to be edited and brought back"),
    "csv": N_("CSV: to be edited and brought back"),
    "hsds": N_("HSDS 3.1, JSON: for partners"),
    "tabular": N_("HSDS 3.1, tabular package: for partners"),
}
LEFT: Final = {
    "not_public": N_("Not public, so they stay here: %(count)s."),
    "never_export": N_("Never to be exported, whoever asks: %(count)s."),
    "parts": N_("They go out without contacts or addresses that are not public: %(count)s."),
    "not_shown": N_(
        "Survivors are not shown them now (drafts, suspended, retired, long unchecked, or not "
        "public), so partners do not get them: %(count)s."
    ),
}
HEADERS: Final = ("en", "uk")
MOST_IDS: Final = 100
_TYPES: Final[dict[Form, tuple[str, str]]] = {
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    "csv": ("text/csv", "csv"),
    "hsds": ("application/json", "json"),
    "tabular": ("application/zip", "zip"),
}


async def exports(visit: Visit) -> web.StreamResponse:
    """What can be given out, and what of it stays."""
    asked = visit.query
    choice = _choice(visit, asked.get, visit.request.query.getall("id", []))
    parcel: Parcel | None = None
    if "form" in asked:
        demo = visit.office.settings.demo
        parcel = await visit.run(packed, visit.ledger, visit.actor, choice, demo=demo)
    found = known(visit)
    return visit.page(
        "exports.html",
        **shared(visit, found, {}),
        choice=choice,
        ids=sorted(choice.ids),
        parcel=parcel,
        left=[
            visit.words(LEFT[name], count=n) for name, n in (parcel.left if parcel else {}).items()
        ],
        forms=FORMS,
        places=found.names.places,
        headers=HEADERS,
        can_restricted=visit.may("directory.restricted"),
        is_table=choice.form in TABLES,
    )


def _choice(visit: Visit, ask: Callable[[str, str], str], ids: Sequence[str]) -> Choice:
    """What was asked for; what is not known is left out."""
    names = known(visit).names
    form: Form = next((one for one in FORMS if one == ask("form", "")), "xlsx")
    area, language = ask("area", ""), ask("language", "")
    headers = ask("headers", visit.words.language)
    return Choice(
        form=form,
        area=area if area in names.places else "",
        language=language if language in names.languages else "",
        headers=headers if headers in HEADERS else "en",
        separator=";" if ask("separator", "") == ";" else ",",
        ids=frozenset(ids[:MOST_IDS]),
        restricted=ask("restricted", "") == "yes"
        and form in TABLES
        and visit.may("directory.restricted"),
    )


def packed(ledger: Ledger, actor: Actor, choice: Choice, *, demo: bool) -> Parcel:
    """What of the directory, as this person sees it, was asked for."""
    base = Imports(ledger.books).standing(actor).base
    if choice.form in TABLES:
        return table_parcel(base, choice)
    return hsds_parcel(ledger.published().rows, base, choice, ledger.today, demo=demo)


async def download(visit: Visit) -> web.StreamResponse:
    """The file, of what is public."""
    choice = _choice(visit, visit.form.get, visit.form.all("id"))
    return await _file(visit, replace(choice, restricted=False))


async def download_restricted(visit: Visit) -> web.StreamResponse:
    """A table with what is not public; every such listing keeps who took it out.

    Who may not see that gets the file without it.
    """
    return await _file(visit, _choice(visit, visit.form.get, visit.form.all("id")))


async def _file(visit: Visit, choice: Choice) -> web.Response:
    directory: Directory = visit.office.parts["directory"]
    demo = visit.office.settings.demo
    data = await visit.run(written, visit.ledger, visit.actor, directory, choice, demo=demo)
    kind, ending = _TYPES[choice.form]
    day = visit.ledger.today.isoformat()
    name = f"quietline-{day}.{ending}"
    headers = {hdrs.CONTENT_DISPOSITION: f'attachment; filename="{name}"'}
    return web.Response(body=data, content_type=kind, headers=headers)


def written(
    ledger: Ledger, actor: Actor, directory: Directory, choice: Choice, *, demo: bool
) -> bytes:
    """The bytes of the file. What goes out that is not public is noted first."""
    parcel = packed(ledger, actor, choice, demo=demo)
    for name in parcel.delicate:
        ledger.record(name, actor)  # a look, and written down as one
    if choice.form in TABLES:
        return table(parcel, directory, choice)
    return hsds(parcel, directory, choice, ledger.today)


ROUTES: Final = (
    Route("GET", "/exports", "directory.export", exports, "exports"),
    Route("POST", "/exports", "directory.export", download, "export"),
    Route(
        "POST",
        "/exports/restricted",
        "directory.export",
        download_restricted,
        "export_restricted",
        step_up=True,
    ),
)

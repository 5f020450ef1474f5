"""The page on which somebody has listings' web addresses looked at, when the setting allows it.

It decides which addresses: those of the listings that were named, and that this person may see.
What came of it is shown and kept nowhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from aiohttp import web

from bot.console.checker import MOST, Checker, Code, Looked
from bot.console.frame import Route, Visit
from bot.console.said import N_
from bot.ledger.model import ListQuery, NoSuchRecord

CODES: Final[Mapping[Code, str]] = {
    "answers": N_("answers"),
    "moved": N_("leads to another site: look at it before you trust it"),
    "gone": N_("the page is gone"),
    "broken": N_("the site has an error"),
    "no_answer": N_("no answer"),
    "no_such_name": N_("there is no such site"),
    "certificate": N_("its certificate is not right: it may be another site"),
    "not_public": N_("not a public address: it was not visited"),
    "not_a_page": N_("not the address of a page: it was not visited"),
    "too_many_redirects": N_("leads round in circles"),
}
WELL: Final = ("answers",)
LISTINGS: Final = 20


@dataclass(frozen=True, slots=True)
class _Line:
    id: str
    name: str
    looked: Looked


async def links(visit: Visit) -> web.StreamResponse:
    """Which listings have web addresses."""
    return await _page(visit, ())


async def look(visit: Visit) -> web.StreamResponse:
    """Visit the addresses of the listings that were chosen, and show what came of it."""
    if not visit.office.settings.link_checker:
        return await _page(visit, (), HTTPStatus.CONFLICT)
    asked: list[tuple[str, str, str]] = []
    for record in dict.fromkeys(visit.form.all("id")[:LISTINGS]):
        try:
            found = await visit.run(visit.ledger.record, record, visit.actor)
        except NoSuchRecord:
            continue
        asked += [(record, found.row.name, url) for url in _urls(found.content)]
    checker: Checker = visit.office.parts.get("checker") or Checker()
    looked = await checker.look([url for _, _, url in asked])
    by_url = {one.url: one for one in looked}
    lines = tuple(_Line(record, name, by_url[url]) for record, name, url in asked if url in by_url)
    return await _page(visit, lines)


def _urls(content: Mapping[str, Any]) -> list[str]:
    contacts = [one["url"] for one in content.get("contacts", ()) if one.get("url")]
    source = content.get("source", {}).get("url")
    return list(dict.fromkeys([*contacts, *([source] if source else [])]))[:MOST]


async def _page(
    visit: Visit, lines: tuple[_Line, ...], status: HTTPStatus = HTTPStatus.OK
) -> web.StreamResponse:
    named = visit.query.get("id", "")
    number = visit.query.get("page", "1")
    query = ListQuery(
        text=visit.query.get("text", ""),
        page=int(number) if number.isascii() and number.isdigit() and len(number) < 9 else 1,
        size=LISTINGS,
    )
    page = await visit.run(visit.ledger.find, query, visit.actor)
    return visit.page(
        "links.html",
        status=status,
        on=visit.office.settings.link_checker,
        page=page,
        text=query.text,
        chosen={named, *visit.form.all("id")},
        lines=lines,
        codes=CODES,
        well=WELL,
        say=visit.words,
    )


ROUTES = (
    Route("GET", "/links", "directory.check", links, "links"),
    Route("POST", "/links", "directory.check", look, "links_look"),
)

"""Pages for paper and for places without a network: leaflets to print, and signed files.

It decides nothing about what stands on them: only what survivors are shown now can. A leaflet is a
page of its own, without the console around it, in the language of who will read it.
"""

from datetime import UTC, date, datetime
from typing import Final, get_args

from aiohttp import hdrs, web

from bot.console.frame import Route, Visit
from bot.console.listing_desk import known
from bot.console.paper import Papers, Size
from referral_directory.codes import OCCUPIED
from referral_directory.offline.field import VALID_DAYS

SIZES: Final[tuple[Size, ...]] = get_args(Size)


def papers_of(visit: Visit) -> Papers:
    """What makes papers of what is served now."""
    parts = visit.office.parts
    return Papers(parts["speech"], parts["directory"], parts["live"])


def _today(visit: Visit) -> date:
    return datetime.fromtimestamp(visit.office.clock(), UTC).date()


async def offline(visit: Visit) -> web.StreamResponse:
    """What can be printed or carried, for which place and in which language."""
    papers = papers_of(visit)
    found = known(visit)
    keys = visit.office.parts["signing"].public()
    return visit.page(
        "offline.html",
        places=found.names.places,
        needs={code: found.names.needs.get(code, code) for code in papers.needs("en")},
        tongues=papers.languages,
        sizes=SIZES,
        days=VALID_DAYS,
        keys={name: raw.hex() for name, raw in keys.items()},
    )


async def leaflet(visit: Visit) -> web.StreamResponse:
    """One paper, for the browser's print."""
    papers = papers_of(visit)
    place, language = _asked(visit, papers)
    size = next((size for size in SIZES if size == visit.query.get("size", "")), SIZES[0])
    wanted = tuple(visit.request.query.getall("need", []))
    today = _today(visit)
    page = await visit.run(papers.leaflet, place, language, size, today, wanted=wanted)
    return web.Response(text=page, content_type="text/html", charset="utf-8")


async def file(visit: Visit) -> web.StreamResponse:
    """One signed file."""
    papers = papers_of(visit)
    place, language = _asked(visit, papers)
    today = _today(visit)
    body = await visit.run(papers.file, place, language, today, visit.office.parts["signing"].sign)
    # As on the cover: no name of a file says that somebody is in occupied territory.
    where = "" if place == OCCUPIED else f"{place}-"
    name = f"numbers-{where}{language}-{today.isoformat()}.html"
    return web.Response(
        body=body,
        content_type="text/html",
        charset="utf-8",
        headers={hdrs.CONTENT_DISPOSITION: f'attachment; filename="{name}"'},
    )


def _asked(visit: Visit, papers: Papers) -> tuple[str, str]:
    """The place and the language. Raises `HTTPNotFound` for what there is no paper of."""
    place, language = visit.query.get("area", ""), visit.query.get("lang", "")
    if language not in papers.languages or place not in papers.places(language):
        raise web.HTTPNotFound
    return place, language


ROUTES = (
    Route("GET", "/offline", "directory.view", offline, "offline"),
    Route("GET", "/offline/leaflet", "directory.view", leaflet, "leaflet"),
    Route("GET", "/offline/file", "directory.export", file, "offline_file"),
)

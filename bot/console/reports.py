"""How the service was used, week by week: one thing at a time, and no number exact.

It decides how numbers are drawn and said. They were made inexact and small ones taken out before
they were kept (`bot.reports`); nothing here could tell more. A table is a file that a spreadsheet
opens without harm.
"""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from aiohttp import hdrs, web

from bot.console.frame import Route, Visit
from bot.console.listing_desk import known
from bot.console.said import N_
from bot.reports import noise
from bot.reports.cells import DIMENSIONS, SENSITIVITY, Dimension, Domain
from bot.reports.weeks import Reports, Week
from referral_directory.exchange.cells import guarded

TITLES: Final[Mapping[Dimension, str]] = {
    "need": N_("What people looked for"),
    "region": N_("Country or region that they chose"),
    "channel": N_("How they came"),
    "language": N_("Language"),
    "outcome": N_("How far they came"),
    "wait": N_("How long they waited for a human"),
    "slip": N_("What services said of referral slips"),
}
KEYS: Final[Mapping[Dimension, Mapping[str, str]]] = {
    "channel": {
        "web": N_("web page"),
        "telegram": N_("Telegram"),
        "terminal": N_("terminal"),
    },
    "outcome": {
        "read": N_("read, and asked for nothing else"),
        "none": N_("looked for a service, and none was found"),
        "lines": N_("was shown lines to call"),
        "services": N_("was shown services"),
        "slip": N_("took a referral slip"),
        "asked": N_("asked for a human, and none had come yet"),
        "answered": N_("was answered by a human"),
        "could_not_go": N_("said: could not go there"),
        "not_helped": N_("said: it did not help"),
        "helped": N_("said: it helped"),
    },
    "wait": {
        "5": N_("at most 5 minutes"),
        "15": N_("at most 15 minutes"),
        "30": N_("at most 30 minutes"),
        "60": N_("at most an hour"),
        "180": N_("at most three hours"),
        "more": N_("longer"),
    },
    "slip": {
        "arrived": N_("arrived"),
        "full": N_("full now"),
        "refused": N_("could not be taken in"),
        "closed": N_("closed"),
    },
}
PLAINLY: Final = {"documentation": "legal.documentation"}
"""Needs that a flow names more plainly than the taxonomy does; see `bot.errands.NEEDS`."""
COLUMNS: Final = ("week_of", "dimension", "code", "name", "about")
ROW_HEIGHT: Final = 36
WIDTH: Final = 300
"""Units of a picture; it is as wide as the page lets it."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One cell as it is drawn. Lengths are units of the picture."""

    name: str
    about: int
    top: int
    length: float
    least: float
    """Where the thin line begins that says how far off the number may be; it ends at `most`."""
    most: float


@dataclass(frozen=True, slots=True)
class Picture:
    """One thing that was counted, in one week."""

    dimension: Dimension
    title: str
    bars: tuple[Bar, ...]
    untold: tuple[str, ...]
    """Names of cells that are too small to be told; of regions none, there are too many."""

    @property
    def height(self) -> int:
        """Units."""
        return len(self.bars) * ROW_HEIGHT


def bars(cells: Mapping[str, int], names: Mapping[str, str]) -> tuple[Bar, ...]:
    """The cells that are told, the largest first."""
    longest = max(cells.values(), default=0) + noise.MARGIN
    scale = WIDTH / longest
    ordered = sorted(cells.items(), key=lambda cell: (-cell[1], names.get(cell[0], cell[0])))
    return tuple(
        Bar(
            names.get(key, key),
            about,
            row * ROW_HEIGHT,
            round(about * scale, 1),
            round((about - noise.MARGIN) * scale, 1),
            round((about + noise.MARGIN) * scale, 1),
        )
        for row, (key, about) in enumerate(ordered)
    )


async def reports(visit: Visit) -> web.StreamResponse:
    """One week, each thing that was counted as a picture and a table."""
    weeks = await visit.run(_reports(visit).weeks)
    asked = visit.query.get("week", "")
    week = next((one for one in weeks if one.monday.isoformat() == asked), next(iter(weeks), None))
    return visit.page(
        "reports.html",
        weeks=[(one.monday.isoformat(), visit.words.day(one.monday)) for one in weeks],
        week=week,
        pictures=_pictures(visit, week) if week else (),
        width=WIDTH,
        fewest=noise.SHOWN_FROM,
        margin=noise.MARGIN,
        epsilon=noise.EPSILON,
        scale=noise.SCALE,
        sensitivity=SENSITIVITY,
    )


async def download(visit: Visit) -> web.StreamResponse:
    """The numbers of a week, or without one of all weeks, as CSV."""
    weeks = await visit.run(_reports(visit).weeks)
    asked = visit.query.get("week", "")
    chosen = [one for one in weeks if asked in {"", one.monday.isoformat()}]
    if not chosen:
        raise web.HTTPNotFound
    named = f"-{asked}" if asked else ""
    headers = {hdrs.CONTENT_DISPOSITION: f'attachment; filename="quietline-reports{named}.csv"'}
    body = written(chosen, _names(visit))
    return web.Response(body=body, content_type="text/csv", charset="utf-8", headers=headers)


def written(weeks: list[Week], names: Mapping[Dimension, Mapping[str, str]]) -> bytes:
    """What is told of those weeks as CSV: UTF-8 with its mark, no cell taken for a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for week in weeks:
        for dimension in DIMENSIONS:
            for key, about in sorted(week.cells.get(dimension, {}).items()):
                name = names[dimension].get(key, key)
                cells = (week.monday.isoformat(), dimension, key, name, str(about))
                writer.writerow([guarded(cell) for cell in cells])
    return text.getvalue().encode("utf-8-sig")


def _pictures(visit: Visit, week: Week) -> tuple[Picture, ...]:
    names = _names(visit)
    domain = Domain.of(names["language"], ())
    found = []
    for dimension in DIMENSIONS:
        cells, called = week.cells.get(dimension, {}), names[dimension]
        untold = [called.get(key, key) for key in domain.keys[dimension] if key not in cells]
        title = visit.words(TITLES[dimension])
        found.append(Picture(dimension, title, bars(cells, called), tuple(untold)))
    return tuple(found)


def _names(visit: Visit) -> dict[Dimension, Mapping[str, str]]:
    found = known(visit)
    words = {name: {k: visit.words(v) for k, v in said.items()} for name, said in KEYS.items()}
    needs = found.names.needs
    return {
        **words,
        "need": {**needs, **{code: needs.get(of, code) for code, of in PLAINLY.items()}},
        "region": found.names.places,
        "language": {
            one.code: found.names.languages[one.code]
            for one in visit.office.parts["speech"].languages
        },
    }


def _reports(visit: Visit) -> Reports:
    found: Reports | None = visit.office.parts.get("reports")
    if found is None:
        raise web.HTTPNotFound
    return found


ROUTES: Final = (
    Route("GET", "/reports", "reports.read", reports, "reports"),
    Route("GET", "/reports/csv", "reports.read", download, "reports_csv"),
)

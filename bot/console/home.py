"""The first page: what waits this week, and what must not wait. It decides nothing.

The ledger counts; every figure leads to the list it was counted from. What somebody changed in the
database by hand is said before everything else.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from aiohttp import web

from bot.console.coverage import nobody_at_night
from bot.console.frame import Route, Visit
from bot.console.listing_desk import No, no
from bot.ledger.model import PurgeAsked, Row, Tampered
from bot.staff import Act


@dataclass(frozen=True, slots=True)
class Figure:
    """How many of something there are, and where they are listed."""

    count: int
    said: str
    path: str
    grave: bool = False


@dataclass(frozen=True, slots=True)
class ByHand:
    """Listings that somebody without a key changed: they are not served."""

    count: int
    rows: tuple[Row, ...]
    """Those that this person may see."""


async def home(visit: Visit) -> web.StreamResponse:
    """What waits for this person."""
    figures: list[Figure] = []
    purges: tuple[PurgeAsked, ...] = ()
    refused: No | None = None
    by_hand = ByHand(0, ())
    if visit.office.ledger is not None:
        try:
            figures = await _figures(visit)
            by_hand = await _by_hand(visit)
            if visit.may("directory.purge"):
                asked = await visit.run(visit.ledger.purges_asked, visit.actor)
                purges = tuple(one for one in asked if one.by != visit.staff.id)
        except Tampered as error:
            refused = no(visit, error)
    return visit.page("home.html", figures=figures, by_hand=by_hand, purges=purges, refused=refused)


async def _figures(visit: Visit) -> list[Figure]:
    """What this person can do something about, what cannot wait first."""
    many, ledger, actor = visit.words.many, visit.ledger, visit.actor
    counts: Mapping[str, int] = await visit.run(ledger.counts, actor)
    told: Mapping[str, int] = await visit.run(ledger.task_counts, actor)
    unsafe, wrong, silent = told["unsafe"], told["wrong"], told["no_answer"]
    due, hidden, waiting = counts["due"], counts["hidden"], counts["drafts_waiting"]
    stopped, open_ = counts["suspended"], counts["drafts"]
    unseen = counts["unpublished"]
    found: list[tuple[Act, Figure]] = [
        (
            "directory.tasks",
            Figure(
                unsafe,
                many("called unsafe", "called unsafe", unsafe),
                "/tasks?problem=unsafe",
                grave=True,
            ),
        ),
        (
            "directory.view",
            Figure(
                stopped,
                many("suspended", "suspended", stopped),
                "/listings?stage=suspended",
                grave=True,
            ),
        ),
        (
            "directory.tasks",
            Figure(
                wrong,
                many("wrong-number report", "wrong-number reports", wrong),
                "/tasks?problem=wrong",
            ),
        ),
        (
            "directory.tasks",
            Figure(
                silent,
                many("report that nobody answered", "reports that nobody answered", silent),
                "/tasks?problem=no_answer",
            ),
        ),
        ("directory.check", Figure(due, many("due this week", "due this week", due), "/due")),
        (
            "directory.check",
            Figure(
                hidden,
                many("hidden, 90 days overdue", "hidden, 90 days overdue", hidden),
                "/due?when=hidden",
            ),
        ),
        (
            "directory.approve",
            Figure(
                waiting,
                many("waiting for your second look", "waiting for your second look", waiting),
                "/drafts",
            ),
        ),
        (
            "directory.edit",
            Figure(
                unseen,
                many("not published yet", "not published yet", unseen),
                "/listings?stage=draft",
            ),
        ),
        ("directory.edit", Figure(open_, many("open draft", "open drafts", open_), "/drafts")),
    ]
    if "live" in visit.office.parts:
        night = await visit.run(nobody_at_night, visit.office)
        said = many("place with nobody at night", "places with nobody at night", night)
        found.append(("directory.view", Figure(night, said, "/coverage?for=night")))
    return [figure for act, figure in found if visit.may(act)]


async def _by_hand(visit: Visit) -> ByHand:
    given: Callable[[], frozenset[str]] | None = visit.office.parts.get("by_hand")
    ids = sorted(given()) if given is not None else []
    if not ids:
        return ByHand(0, ())
    rows: Mapping[str, Row] = await visit.run(visit.ledger.rows, visit.actor, ids)
    return ByHand(len(ids), tuple(rows[id_] for id_ in ids if id_ in rows))


ROUTES = (Route("GET", "/", "directory.view", home, "home"),)

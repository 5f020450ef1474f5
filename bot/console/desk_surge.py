"""The lead's switch: pause a queue or show others first, for some hours, by a fixed text.

It decides how the form is read. What a switch means, and that it ends by itself, is the desk's.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Final

from aiohttp import web

from bot.console.desk_lead import (
    LeadOffice,
    languages,
    lead_office,
    phrases,
    read_now,
    shared,
    state_now,
)
from bot.console.frame import Route, Visit
from bot.console.said import N_
from bot.handoff.model import Refused
from bot.handoff.settings import Stale
from bot.handoff.surge import EVERYONE, HOURS, MESSAGES

MODES: Final[Mapping[str, str]] = {
    "pause": N_("Pause: nobody new is taken in"),
    "divert": N_("Show others who answer now first; whoever wants to waits all the same"),
    "open": N_("Open, whatever holds for all languages"),
}
FAULTS: Final[Mapping[str, tuple[str, str]]] = {
    # what the desk refused: which field, what helps
    "mode": ("mode", N_("Choose what happens.")),
    "message": ("message", N_("Choose what people read.")),
    "hours": ("hours", N_("Choose for how long.")),
    "queue": ("queue", N_("Choose whom it is for.")),
    "why": ("why", N_("Shorten it to 200 characters, without anything about a person.")),
}
MOST_WHY: Final = 200


async def surge(visit: Visit) -> web.StreamResponse:
    """How the switches stand, and the form that turns one."""
    return _page(visit)


async def turn(visit: Visit) -> web.StreamResponse:
    """Turn one, or end what holds."""
    office, form = lead_office(visit), visit.form
    queue, why = form.get("queue"), form.get("why")
    if queue not in _queues(visit):
        return _refused(visit, "queue")
    if len(why) > MOST_WHY:
        return _refused(visit, "why")
    version, staff = form.number(f"version.{queue}") or 0, visit.staff.id
    try:
        if form.get("do") == "end":
            await visit.run(office.surge.end, staff, queue, version)
            return visit.see_other("/desk-surge", visit.words(N_("It does not hold any more.")))
        asked = (form.get("mode"), form.get("message"), form.number("hours") or 0, why)
        await visit.run(office.surge.turn, staff, queue, version, *asked)
    except Stale:
        await visit.run(office.surge.look)
        return _page(visit, stale=True, status=HTTPStatus.CONFLICT)
    except Refused as refused:
        return _refused(visit, refused.code)
    return visit.see_other("/desk-surge", visit.words(N_("It holds from now on.")))


def _refused(visit: Visit, code: str) -> web.Response:
    name, said = FAULTS[code]
    faults = {name: visit.words(said)}
    return _page(visit, faults=faults, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _page(
    visit: Visit,
    *,
    faults: Mapping[str, str] | None = None,
    stale: bool = False,
    status: int = HTTPStatus.OK,
) -> web.Response:
    office, words = lead_office(visit), phrases(visit)
    queues = _queues(visit)
    switches = [_switch(visit, office, code, name) for code, name in queues.items()]
    return visit.page(
        "desk_surge.html",
        **shared(visit),
        status=status,
        switches=switches,
        queues=queues,
        modes=MODES,
        messages=[(code, words(f"desk.{code}")) for code in MESSAGES],
        hours=[
            (hours, visit.words.many("%(count)s hour", "%(count)s hours", hours)) for hours in HOURS
        ],
        faults=faults or {},
        stale=stale,
    )


def _switch(visit: Visit, office: LeadOffice, code: str, name: str) -> dict[str, object]:
    version, on = office.surge.switch(code)
    told = None if code == EVERYONE else state_now(visit, office, code)
    return {
        "code": code,
        "name": name,
        "version": version,
        "on": on,
        "holds": on is not None or (code != EVERYONE and office.surge.of(code) is not None),
        "until": visit.words.moment(datetime.fromtimestamp(on.until, UTC)) if on else "",
        "told": told,
        "read": read_now(visit, code, told) if told else (),
    }


def _queues(visit: Visit) -> dict[str, str]:
    return {EVERYONE: visit.words(N_("all languages")), **languages(visit)}


ROUTES: Final = (
    Route("GET", "/desk-surge", "desk.lead", surge, "desk_switches"),
    Route("POST", "/desk-surge", "desk.lead", turn, "desk_switch"),
)

"""How long people waited, and what became of chats, in counts that say nothing of one person.

It decides what is put beside what. Fewer than ten are hidden by the desk, not by this page.
"""

from collections.abc import Mapping
from typing import Final

from aiohttp import web

from bot.console.desk_lead import languages, lead_office, shared
from bot.console.frame import Route, Visit
from bot.console.said import N_
from bot.handoff.counts import FEWEST, KINDS

KIND_WORDS: Final[Mapping[str, str]] = {
    "feedback": N_("What people pressed after a chat"),
    "need": N_("What it was about"),
    "outcome": N_("What came of it"),
    "referral": N_("Whether a service was found"),
}
KEY_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "feedback": {
        "helped": N_("it helped"),
        "partly": N_("it helped a little"),
        "not_helped": N_("it did not help"),
    },
    "need": {
        "medical": N_("medical care"),
        "talk": N_("somebody to talk to"),
        "legal": N_("legal help"),
        "compensation": N_("compensation"),
        "shelter": N_("a safe place"),
        "money": N_("money and things"),
        "documents": N_("papers"),
        "child": N_("a child"),
        "other": N_("something else"),
    },
    "outcome": {
        "informed": N_("was told what they asked"),
        "referred": N_("was led to a service"),
        "calmer": N_("was listened to"),
        "handed_on": N_("went on to a colleague or another service"),
        "left": N_("left before the end"),
        "other": N_("something else"),
    },
    "referral": {
        "yes": N_("yes"),
        "no": N_("none was found"),
        "not_wanted": N_("not wanted"),
    },
}


async def figures(visit: Visit) -> web.StreamResponse:
    """Waits of a language by hour, and the weeks that are over."""
    counts, spoken = lead_office(visit).counts, languages(visit)
    await visit.run(counts.look)
    asked = visit.query.get("language", "")
    language = asked if asked in spoken else next(iter(spoken))
    known = [code for code in counts.languages() if code in spoken]
    if asked not in spoken and known:
        language = known[0]
    return visit.page(
        "desk_figures.html",
        **shared(visit),
        language_=language,
        zone=lead_office(visit).opening.zone_of(language),
        hours=[
            (f"{hour:02}:00–{hour + 1:02}:00", told)
            for hour, told in enumerate(counts.hours_of(language))
        ],
        weeks={kind: counts.weeks(kind) for kind in KINDS},
        kinds=KIND_WORDS,
        keys=KEY_WORDS,
        fewest=FEWEST,
    )


ROUTES: Final = (Route("GET", "/desk-figures", "desk.lead", figures, "desk_figures"),)

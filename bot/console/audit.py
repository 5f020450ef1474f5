"""The audit: what staff did, newest first, and whether somebody changed it.

It decides nothing. Where no chain is kept, it shows what the staff book notes about accounts.
"""

from collections.abc import Mapping
from typing import Final

from aiohttp import web

from bot.audit import NOTICES, Audit, verify
from bot.audit.restoring import SERVICE, reason_of
from bot.console.frame import Route, Visit
from bot.console.said import N_
from bot.console.staff_words import DONE_WORDS

PAGE: Final = 200
COMMAND: Final = "command"
PROGRAM: Final = "program"

AUDIT_WORDS: Final[Mapping[str, str]] = {
    "account.signed_in": N_("signed in"),
    "account.set_up": N_("came with a set-up code"),
    "desk.claim": N_("took a chat from the queue"),
    "desk.claim_next": N_("took a chat from the queue"),
    "desk.release": N_("gave a chat back to the queue"),
    "desk.transfer": N_("offered a chat to a colleague"),
    "desk.accept": N_("took a chat from a colleague"),
    "desk.refuse": N_("left a chat with a colleague"),
    "desk.leave": N_("left a chat to a colleague"),
    "desk.park": N_("parked a chat"),
    "desk.unpark": N_("came back to a parked chat"),
    "desk.heavy": N_("called a chat heavy"),
    "desk.close": N_("ended a chat"),
    "desk.help": N_("asked the lead for help"),
    "desk.note": N_("wrote to a colleague"),
    "desk.join": N_("joined a chat as lead"),
    "desk.take_over": N_("took a chat over as lead"),
    "desk.rest": N_("asked somebody to pause"),
    "desk.hours": N_("changed the hours of the desk"),
    "desk.surge": N_("turned a switch of a queue"),
    "desk.duty.begin": N_("began a shift"),
    "desk.duty.end": N_("ended a shift"),
    "desk.duty.pause": N_("took a break"),
    "desk.duty.resume": N_("came back from a break"),
    "desk.duty.limits": N_("changed limits"),
    "directory.publish": N_("published a listing"),
    "directory.redirect": N_("merged a listing into another"),
    "directory.suspend": N_("took a listing down"),
    "directory.text": N_("published a translation"),
    "directory.mark": N_("marked an organisation"),
    "directory.ask_purge": N_("asked to take something out of the history"),
    "directory.purge": N_("took something out of the history"),
    "directory.review_text": N_("reviewed a translation"),
    "desk.keys.enrol": N_("made a browser known for the desk"),
    "desk.keys.revoke": N_("took a browser's keys away"),
    "desk.keys.prekey": N_("new keys for a shift"),
    "audit.gap": N_("entries are missing before this one"),
    "audit.restored": N_("a backup was put back"),
    **{f"account.{act}": said for act, said in DONE_WORDS.items()},
}


async def audit(visit: Visit) -> web.StreamResponse:
    """What was done, newest first; further back with `before`."""
    accounts = visit.book.accounts
    everyone = await visit.run(accounts.everyone)
    keys = await visit.run(visit.book.keys.every)
    names = {**{key.id: key.name for key in keys}, **{one.id: one.name for one in everyone}}
    kept: Audit | None = visit.office.parts.get("audited")
    before = visit.query.get("before", "")
    entries = []
    if kept is not None:
        last = int(before) if before.isascii() and before.isdecimal() else None
        entries = list(await visit.run(kept.newest, PAGE, last))
    return visit.page(
        "audit.html",
        entries=entries,
        notes_of=() if kept is not None else await visit.run(accounts.history),
        notices=NOTICES,
        faults=() if kept is None else await visit.run(verify, kept),
        older=entries[-1].number if len(entries) == PAGE else None,
        names=names,
        programs={COMMAND, PROGRAM, SERVICE},
        reason=reason_of,
        done={act: visit.words(said) for act, said in {**AUDIT_WORDS, **DONE_WORDS}.items()},
    )


ROUTES = (Route("GET", "/audit", "audit.read", audit, "audit"),)

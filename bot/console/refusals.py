"""What is said when something is refused, for every code that the ledger and the door have.

It decides the status of an answer. The words themselves are in the catalogue.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from aiohttp import web

from bot import report
from bot.console.said import N_, Words
from bot.ledger.model import Invalid, LedgerError, NoSuchRecord, Refused, Stale, Tampered
from bot.staff import StaffError

SAID: Final[Mapping[str, tuple[str, str]]] = {
    # code: what is so, what helps
    "missing": (
        N_("There is no such page"),
        N_("The address may be wrong, or it is not for you to see."),
    ),
    "role": (
        N_("Your roles do not allow that"),
        N_("Who may do what is shown on a page of its own. An administrator gives roles."),
    ),
    "token": (
        N_("This page was too old"),
        N_("Nothing was changed. Go back, load the page again and send it once more."),
    ),
    "elsewhere": (
        N_("That did not come from a page of this console"),
        N_("Nothing was changed. Open the console itself and try again."),
    ),
    "signed_out": (
        N_("You were signed out meanwhile"),
        N_("Nothing was changed. What you typed is below: sign in and enter it again."),
    ),
    "unreadable": (N_("That could not be read"), N_("Nothing was changed. Go back and try again.")),
    "large": (N_("That was too large"), N_("Nothing was changed. Send less at one time.")),
    "slow": (N_("That took too long"), N_("Nothing was changed. Try again.")),
    "store": (
        N_("This cannot be kept now"),
        N_("Nothing was changed. Try again in a minute; tell whoever runs the service."),
    ),
    "tampered": (
        N_("The directory was changed by somebody who may not"),
        N_("Nothing of it is shown or changed until whoever runs the service has looked at it."),
    ),
    "broken": (
        N_("Something broke here"),
        N_("It was written down where it broke, and nothing of what you typed."),
    ),
    "host": (
        N_("The console is not to be opened under this name"),
        N_("Whoever runs the service sets its address with QUIETLINE_STAFF_URL."),
    ),
    "plain": (
        N_("The console needs https"),
        N_("Put it behind a proxy with https and set QUIETLINE_STAFF_URL."),
    ),
    "stale": (
        N_("Somebody changed this meanwhile"),
        N_("Look at what stands there now, then decide again."),
    ),
    "invalid": (N_("This is not right yet"), N_("Look at each field that is named.")),
    "own_work": (
        N_("Nobody approves their own work"),
        N_("Ask a colleague to look at it: a second person sees what the first cannot."),
    ),
    "changed_since": (
        N_("The draft was changed after you looked at it"),
        N_("Look at it again as it is now, then approve it."),
    ),
    "unchecked": (
        N_("Nobody has checked this yet"),
        N_("Call the number, or have it called, and say so. Then it can be shown to survivors."),
    ),
    "not_listed": (
        N_("This organisation asked not to be listed"),
        N_("Ask the organisation first. A lead can take the mark away."),
    ),
    "not_vetted": (
        N_("The vetting of this organisation is suspended or was refused"),
        N_("A vetting officer decides about it."),
    ),
    "not_yours": (
        N_("Only a vetting officer changes the vetting"),
        N_("Leave the vetting as it was, or ask a vetting officer."),
    ),
    "nothing_new": (N_("The draft says what stands already"), N_("Nothing needs to be done.")),
    "wrong_stage": (
        N_("That does not fit what the listing is now"),
        N_("Load its page again: it may have been suspended or retired meanwhile."),
    ),
    "second_needed": (N_("One person alone may not do this"), N_("A second person has to agree.")),
    "prove": (
        N_("Is it still you?"),
        N_(
            "This act needs to know again who you are. "
            "What you entered is kept and goes on with it."
        ),
    ),
    "too_many": (N_("Too many at once"), N_("Wait a minute, then try again.")),
    "other": (N_("That is not possible"), ""),
}


def refused_json(
    words: Words, status: int, code: str, said: tuple[str, str], **more: object
) -> web.Response:
    """A no for a script: `code`, what is so and what helps in the language of the page."""
    head, mend = said
    body = {"refused": code, "said": words(head), "mend": words(mend), **more}
    return web.json_response(body, status=status)


def refusal_of(error: LedgerError | StaffError) -> tuple[HTTPStatus, str, str]:
    """Status, code, and the words where the code says too little."""
    match error:
        case Tampered():
            report.alarm("console_tampered", error)
            return HTTPStatus.SERVICE_UNAVAILABLE, "tampered", ""
        case NoSuchRecord():
            return HTTPStatus.NOT_FOUND, "missing", ""
        case Refused(code=code):
            known = code in SAID
            return HTTPStatus.CONFLICT, code if known else "other", "" if known else str(error)
        case Stale():
            return HTTPStatus.CONFLICT, "stale", ", ".join(error.theirs)
        case Invalid():
            said = "; ".join(f"{field}: {problem}" for field, problem in error.problems)
            return HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", said
        case _:
            return HTTPStatus.CONFLICT, "other", str(error)

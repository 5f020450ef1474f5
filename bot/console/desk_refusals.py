"""What is said at the desk when something cannot be done, for every code of the rooms behind it.

It decides the status of an answer. A chat that is not there, one that is somebody else's and an id
that is none get one and the same answer, to the byte.
"""

from collections.abc import Awaitable, Callable, Mapping
from functools import wraps
from http import HTTPStatus
from typing import Final

from aiohttp import web

from bot.console.frame import Visit
from bot.console.refusals import SAID, refused_json
from bot.console.said import N_
from bot.handoff.model import Refused, TakenAlready

DESK_SAID: Final[Mapping[str, tuple[str, str]]] = {
    # code: what is so, what helps
    "no_such_chat": (
        N_("There is no such chat"),
        N_("It may be over, or a colleague was quicker."),
    ),
    "nobody_waits": (N_("Nobody waits whom you could answer"), ""),
    "language": (
        N_("That is not a language of your shift"),
        N_("Leave this one to a colleague who speaks it."),
    ),
    "skill": (
        N_("This person asked for somebody else to answer"),
        N_("Leave this one to a colleague of whom they asked."),
    ),
    "limit_open": (
        N_("You have as many chats as you may have at once"),
        N_("End, park or pass on one of them first."),
    ),
    "limit_heavy": (
        N_("You have as many heavy chats as you may have at once"),
        N_("Leave this one to a colleague, or take one that is not heavy."),
    ),
    "paused": (N_("You are on a break"), N_("End the break first.")),
    "rest": (
        N_("This pause after a heavy chat cannot be cut short"),
        N_("Your chats stay with you. New ones go to colleagues."),
    ),
    "not_on_duty": (N_("Your shift has not begun"), N_("Begin your shift first.")),
    "no_shift": (N_("Your shift has not begun"), N_("Begin your shift first.")),
    "no_key": (
        N_("This browser has no key for this shift"),
        N_("Make the keys of this browser first, then begin the shift."),
    ),
    "number": (
        N_("Another message has this number already"),
        N_("Nothing was lost: the page sends it again with the next number."),
    ),
    "person_changed": (
        N_("The person came back by another way"),
        N_("The page seals the message for it and sends it again."),
    ),
    "no_such_colleague": (
        N_("That colleague is not on duty"),
        N_("Choose somebody who is, or a queue."),
    ),
    "no_lead": (N_("No lead is on duty"), N_("Write a note to a colleague.")),
    "nobody_there": (N_("Nobody who could read it is on duty"), N_("Try again later.")),
    "not_now": (
        N_("That does not fit what the chat is now"),
        N_("Look at it again: something may have happened meanwhile."),
    ),
    "in_transfer": (
        N_("This chat is being passed on already"),
        N_("Wait for the answer, or take the chat back first."),
    ),
    "shift_open": (N_("Your shift has begun already"), N_("Load the page again.")),
    "who": (
        N_("This name cannot be shown to people"),
        N_("Choose a short one, of letters, that is not your own."),
    ),
    "who_taken": (N_("A colleague on duty has this name"), N_("Choose another one.")),
    "languages": (N_("Choose at least one language"), ""),
    "hours": (N_("A shift is between half an hour and eight hours long"), ""),
    "limits": (N_("These limits are not possible"), ""),
    "key": (
        N_("This key is not right"),
        N_("Make the keys of this browser anew, or ask your lead."),
    ),
    "signature": (
        N_("This message was not signed by your key"),
        N_("Unlock the page again, then send it once more."),
    ),
    "size": (
        N_("This was not sealed as it must be"),
        N_("Load the page again. Nothing that can be read is taken here."),
    ),
    "receivers": (
        N_("This was sealed to somebody who may not read it"),
        N_("The page looks who is on duty now and seals it again."),
    ),
    "device": (
        N_("This browser cannot be made known"),
        N_("Make new keys in it: lost ones do not come back."),
    ),
    "no_such_device": (
        N_("This browser is not known as yours"),
        N_("Make its keys known first, under your own name."),
    ),
    "not_recorded": SAID["store"],
    "reason": (
        N_("A reason is needed"),
        N_("Choose one: it is written down with your name."),
    ),
    "gone": (N_("It is not there any more"), N_("Look for another one.")),
    "not_possible": (N_("That is not possible"), ""),
}
_STATUS: Final[Mapping[str, HTTPStatus]] = {"no_such_chat": HTTPStatus.NOT_FOUND}
Answers = Callable[[Visit], Awaitable[web.StreamResponse]]


def refused(visit: Visit, error: Refused) -> web.Response:
    """The answer to something that cannot be done."""
    known = error.code if error.code in DESK_SAID or error.code in SAID else "not_possible"
    if isinstance(error, TakenAlready) or error.code == "no_such_note":
        # A colleague's chat is a colleague's chat, whether they have had it for a day or a second.
        known = "no_such_chat"
    said = DESK_SAID.get(known) or SAID[known]
    status = _STATUS.get(known, HTTPStatus.CONFLICT)
    # One answer for a chat that is not there and one that is not theirs: nothing more in it.
    more = {} if status == HTTPStatus.NOT_FOUND else error.values
    return refused_json(visit.words, status, known, said, **more)


def answers(act: Answers) -> Answers:
    """A handler whose refusals are answers."""

    @wraps(act)
    async def handler(visit: Visit) -> web.StreamResponse:
        try:
            return await act(visit)
        except Refused as error:
            return refused(visit, error)

    return handler

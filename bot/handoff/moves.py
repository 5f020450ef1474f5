"""What each act makes of a chat: pure, a chat in and a chat out.

Each goes through the table of `lifecycle`. It checks no rights and no limits (`desk` does), reads
no clock and keeps nothing. Times are seconds since 1970.
"""

from collections.abc import Collection
from typing import Final

from msgspec.structs import replace

from bot.handoff.lifecycle import after
from bot.handoff.model import Chat, Ending, Transfer

QUEUE: Final = "queue:"
"""What stands before a language where a transfer goes to a queue."""
MOST_MISSED: Final = 100
"""Messages that nobody could read, of one chat: more are not remembered."""


def tell(chat: Chat, news: str, now: float) -> Chat:
    """The person is to hear of it."""
    return replace(chat, news=chat.news + 1, told=news, told_at=now)


def claim(chat: Chat, staff: str, who: str, now: float) -> Chat:
    """An operator takes a waiting chat, and owes the first word."""
    return tell(_owned(chat, after(chat.state, "claim"), staff, who, now), "joined", now)


def requeue(chat: Chat, act: str, now: float, *, passing: str = "") -> Chat:
    """Back to the queue, where the whole wait since the beginning counts. `act` is `release` or
    `drop`; `passing` is not asked first again.
    """
    passed = (*chat.passed_by, passing) if passing else chat.passed_by
    back = replace(
        _alone(chat),
        state=after(chat.state, act),
        owner="",
        who="",
        since=now,
        seen=now,
        owed=0.0,
        warned=0.0,
        parked_until=0.0,
        passed_by=passed,
    )
    return tell(back, "in_line_again", now)


def hand(chat: Chat, staff: str, who: str, now: float) -> Chat:
    """A colleague has it from now on."""
    return tell(_owned(chat, after(chat.state, "hand"), staff, who, now), "changed", now)


def take_over(chat: Chat, staff: str, who: str, now: float) -> Chat:
    """A lead has it from now on, from the queue or from an operator."""
    taken = _owned(chat, after(chat.state, "take_over"), staff, who, now)
    return tell(taken, "changed" if chat.owner else "joined", now)


def transfer(chat: Chat, step: Transfer | None) -> Chat:
    """The next step of a transfer, or its end without one."""
    return replace(chat, state=after(chat.state, "transfer"), transfer=step)


def help_with(chat: Chat, helper: str, now: float) -> Chat:
    """A second member of staff comes (or, with an empty name, goes): the person is told."""
    return tell(replace(chat, state=after(chat.state, "help"), helper=helper), "changed", now)


def park(chat: Chat, now: float, until: float) -> Chat:
    """The operator answers later, and the person is told."""
    parked = replace(chat, state=after(chat.state, "park"), since=now, parked_until=until)
    return tell(parked, "paused", now)


def unpark(chat: Chat, now: float) -> Chat:
    """The operator is back."""
    back = replace(chat, state=after(chat.state, "unpark"), since=now, parked_until=0.0, owed=now)
    return tell(back, "resumed", now)


def weigh(chat: Chat, *, heavy: bool) -> Chat:
    """Heavy or not, for the operator's sake."""
    return replace(chat, state=after(chat.state, "weigh"), heavy=heavy)


def offer(chat: Chat, to: str, until: float, passed_by: tuple[str, ...]) -> Chat:
    """Somebody is asked first, or, with an empty name, nobody is."""
    state = after(chat.state, "offer")
    return replace(chat, state=state, offered=to, offered_until=until, passed_by=passed_by)


def said(chat: Chat, now: float) -> Chat:
    """The person wrote: the next number in. Whoever writes is there, and is owed an answer."""
    return replace(
        chat,
        state=after(chat.state, "say"),
        number_in=chat.number_in + 1,
        last_in=now,
        seen=now,
        warned=0.0,
        owed=chat.owed or (now if chat.owner else 0.0),
    )


def replied(chat: Chat, now: float) -> Chat:
    """The operator wrote: the next number out. It also ends a parking."""
    state = after(chat.state, "reply")
    back = tell(replace(chat, since=now), "resumed", now) if chat.state != state else chat
    return replace(
        back,
        state=state,
        number_out=chat.number_out + 1,
        last_out=now,
        owed=0.0,
        parked_until=0.0,
    )


def ask_gently(chat: Chat, now: float) -> Chat:
    """It is quiet here: the person is asked whether they are still there."""
    return tell(replace(chat, state=after(chat.state, "tell"), warned=now), "quiet", now)


def still(chat: Chat, news: str, now: float) -> Chat:
    """A word from us by the clock, so that nobody waits in silence."""
    return tell(replace(chat, state=after(chat.state, "tell")), news, now)


def see(chat: Chat, now: float) -> Chat:
    """The person looks, to the minute."""
    return replace(chat, state=after(chat.state, "see"), seen=now - now % 60.0)


def looked(chat: Chat, who: str, number: int, missed: Collection[int]) -> Chat:
    """Somebody here has had the person's messages on their screen up to that number, all but those
    in `missed`. What anybody had there once stays read.
    """
    number = min(number, chat.number_in)
    open_still = {one for one in chat.missed if one > number or one in missed}
    further = {one for one in missed if chat.read < one <= number}
    return replace(
        chat,
        state=after(chat.state, "see"),
        read=max(number, chat.read),
        reader=who if number > chat.read else chat.reader,
        missed=tuple(sorted(open_still | further))[-MOST_MISSED:],
    )


def here(chat: Chat, now: float) -> Chat:
    """The person says that they are still there, without a word to the operator."""
    return replace(chat, state=after(chat.state, "see"), seen=now, last_in=now, warned=0.0)


def end(chat: Chat, act: str, ending: Ending, now: float) -> Chat:
    """The end. Who ends it themselves is not told of it; everybody else is."""
    over = replace(
        _alone(chat), state=after(chat.state, act), ending=ending, since=now, owed=0.0, warned=0.0
    )
    return over if act == "end" else tell(over, "ended", now)


def _alone(chat: Chat) -> Chat:
    """Without a transfer, a helper or an offer under way."""
    return replace(chat, transfer=None, helper="", offered="", offered_until=0.0)


def _owned(chat: Chat, state: str, staff: str, who: str, now: float) -> Chat:
    return replace(
        _alone(chat),
        state=state,
        owner=staff,
        who=who,
        since=now,
        owed=now,
        warned=0.0,
        met=chat.met or now,
        passed_by=(),
        parked_until=0.0,
    )

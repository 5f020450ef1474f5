"""Who is asked first to take a chat: pure. It decides nothing that binds anyone.

The chat that is first in line is offered to whoever has most room; an offer that runs out goes on
to the next, and when all have let it pass, round again. Everybody else may claim it all the same:
an offer is there so that not everyone waits for the others.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bot.handoff.board import suits
from bot.handoff.model import Chat, DeskRules, Duty

Load = Callable[[str], tuple[int, int]]
"""Open and heavy chats of somebody."""
MOST_PASSED = 24
"""Staff remembered to have let a chat pass; with more, the round begins anew."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What is to change about a waiting chat: who is asked first now, until when."""

    chat: Chat
    to: str
    until: float
    passed_by: tuple[str, ...]


def room(duty: Duty, load: tuple[int, int], chat: Chat) -> str:
    """Why they have no room for it: `limit_open`, `limit_heavy`, or nothing when they have."""
    if load[0] >= duty.most_open:
        return "limit_open"
    return "limit_heavy" if chat.heavy and load[1] >= duty.most_heavy else ""


def able(duty: Duty) -> bool:
    """Whether they are there to be asked at all."""
    return duty.connected and not duty.paused and bool(duty.keys)


def best(duties: Iterable[Duty], load: Load, chat: Chat) -> Duty | None:
    """Who should have it: who fits and has room; with all that was asked for, then least to do."""
    fit = [
        duty
        for duty in duties
        if able(duty) and not suits(duty, chat) and not room(duty, load(duty.staff), chat)
    ]
    asked = set(chat.skills)
    return min(
        fit,
        key=lambda duty: (len(asked - set(duty.skills)), *load(duty.staff), duty.staff),
        default=None,
    )


def offers(
    queue: Sequence[Chat], duties: Sequence[Duty], load: Load, rules: DeskRules, now: float
) -> list[Offer]:
    """What is to change now. `queue` in its order; nobody is asked about two chats at once."""
    there = {duty.staff: duty for duty in duties if able(duty)}
    stands = {chat.id: chat for chat in queue if chat.offered and _stands(chat, there, load, now)}
    busy = _asked(stands.values())
    free = {
        name: duty
        for name, duty in there.items()
        if name not in busy and load(name)[0] < duty.most_open
    }
    found: list[Offer] = []
    for chat in queue:
        if chat.id in stands or not (free or chat.offered):
            continue
        passed = chat.passed_by
        if chat.offered and chat.offered not in passed:
            passed = (*passed, chat.offered)[-MOST_PASSED:]
        to = best((duty for name, duty in free.items() if name not in passed), load, chat)
        if to is None and best(free.values(), load, chat) is not None:
            # All who could take it have let it pass. Not at once the same one again, though, who
            # would then be asked about nothing else.
            others = [duty for name, duty in free.items() if name != chat.offered]
            to = best(others, load, chat) or best(free.values(), load, chat)
            passed = ()
        if to is not None:
            del free[to.staff]
            found.append(Offer(chat, to.staff, now + rules.offer_seconds, passed))
        elif chat.offered:
            found.append(Offer(chat, "", 0.0, passed))
    return found


def _stands(chat: Chat, there: dict[str, Duty], load: Load, now: float) -> bool:
    duty = there.get(chat.offered)
    return bool(
        duty and now < chat.offered_until and not room(duty, load(duty.staff), chat)
    ) and not (duty and suits(duty, chat))


def _asked(chats: Iterable[Chat]) -> frozenset[str]:
    return frozenset(chat.offered for chat in chats)

"""What both sides of every chat know of it, and what of that must fit together.

People and operators write down here what they said, what was acknowledged to them and what came.
It decides what is a fault: a line that was acknowledged and did not come, or came twice or in
another order; somebody in line whom nobody, or more than one, took.
"""

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

LOST_SECONDS = 30.0
"""Before a process was killed a reply was acknowledged that went with it, at most: it may have
waited for a process that sends. What was acknowledged after the last kill may not be lost at all.
"""
PATIENCE_SECONDS = 90.0
"""Longer than anything may take: the trial ends with what was waited for."""


@dataclass(slots=True)
class Talk:
    """One chat of one person, from the wish for a human to its end."""

    tag: str
    """Begins every line of it, so that the one who reads it knows where it belongs."""
    pushed: bool
    """Whether replies are sent to the person, and one under way can go with the process."""
    asked: float = field(default_factory=time.monotonic)
    told: float = 0.0
    """When the person read that they wait; 0 before."""
    claimed: float = 0.0
    over: float = 0.0
    """When the person was told, or did, that it ended."""
    said: list[str] = field(default_factory=list)
    """What was acknowledged to the person."""
    read: list[str] = field(default_factory=list)
    """What came to an operator."""
    replied: dict[str, float] = field(default_factory=dict)
    """What was acknowledged to the operator, and when."""
    heard: list[str] = field(default_factory=list)
    """What came to the person."""
    ids: set[str] = field(default_factory=set)
    """Chats of the desk in which a line of it was read."""

    @property
    def is_answered(self) -> bool:
        """Whether each line that counts has its answer."""
        return len(self.replied) >= len(self.said) and self.all_came

    @property
    def all_came(self) -> bool:
        """Whether every reply is with the person, as far as that can be waited for."""
        return self.pushed or len(self.heard) >= len(self.replied)

    def faults(self) -> Iterator[str]:
        """What is not as it must be, once it is over and everything has come."""
        if self.read != self.said:
            yield f"{self.tag}: acknowledged {self.said}, came to the desk {self.read}"
        if len(self.ids) != 1:
            yield f"{self.tag}: {len(self.ids)} chats of the desk"
        replies = list(self.replied)
        there = [one for one in replies if one in self.heard] if self.pushed else replies
        if self.heard != there:
            yield f"{self.tag}: replied {replies}, came to the person {self.heard}"

    @property
    def lost(self) -> list[float]:
        """When those replies were acknowledged that never came."""
        return [at for text, at in self.replied.items() if text not in self.heard]


class Talks:
    """All chats of a trial."""

    def __init__(self) -> None:
        self.all: dict[str, Talk] = {}
        self.owners: dict[str, set[str]] = {}
        """By chat of the desk: the operators who ever had it."""
        self.trouble: list[str] = []
        """What operators ran into that must not be."""
        self.waits: dict[str, list[float]] = {}
        """Seconds, by what was waited for."""
        self.late = 0
        """Claims that came too late: a colleague was quicker."""

    def begin(self, tag: str, *, pushed: bool) -> Talk:
        """Somebody wants a human."""
        self.all[tag] = talk = Talk(tag, pushed)
        return talk

    def owned(self, chat: str, who: str) -> None:
        """That operator has the chat."""
        self.owners.setdefault(chat, set()).add(who)

    def read(self, chat: str, text: str) -> Talk:
        """A line came to whoever has the chat."""
        talk = self.all[text.rpartition(" ")[0]]
        if not talk.claimed:
            talk.claimed = time.monotonic()
            self.waited("claimed", talk.told or talk.claimed)
        talk.ids.add(chat)
        talk.read.append(text)
        return talk

    def waited(self, what: str, since: float) -> None:
        """That is over now."""
        self.waits.setdefault(what, []).append(time.monotonic() - since)

    async def until(self, holds: Callable[[], object], what: str, about: Talk) -> None:
        """Waits until it is so, and writes down how long that took."""
        began = time.monotonic()
        until = time.monotonic() + PATIENCE_SECONDS
        while not holds():
            if self.trouble:
                raise AssertionError(self.trouble)
            assert time.monotonic() < until, f"not {what}: {about}"
            await asyncio.sleep(0.02)
        self.waited(what, began)

    @property
    def worst(self) -> dict[str, float]:
        """The longest of every kind of wait, in seconds."""
        return {what: round(max(waits), 1) for what, waits in self.waits.items()}

    def lost(self, kills: Sequence[float]) -> tuple[int, int]:
        """How many replies were lost on their way out; and of those, how many while no process was
        killed that could have held them.
        """
        lost = [at for talk in self.all.values() for at in talk.lost]
        near = [any(-1.0 < kill - at < LOST_SECONDS for kill in kills) for at in lost]
        return len(lost), near.count(False)

    def faults(self) -> list[str]:
        """Of all of them, once everybody is at the end of their last chat."""
        found = [fault for talk in self.all.values() for fault in talk.faults()]
        found += [f"{chat[:6]}: {who}" for chat, who in self.owners.items() if len(who) != 1]
        known = [one for talk in self.all.values() for one in talk.ids]
        if len(set(known)) != len(known):
            found.append("two talks in one chat of the desk")
        if set(known) != self.owners.keys():
            found.append(f"{len(self.owners)} chats were claimed, {len(set(known))} people asked")
        return found

"""The board: every living chat in memory, in the order of the queue, as the table has it.

It decides the order (severity, then who asked first) and nothing else. It follows the table by its
version, so that it also sees what another process did, and tells listeners what changed, after it
is kept. It must not change a chat.

Pictures are never altered: whoever asks reads one whole picture and waits for nobody.
"""

import threading
from bisect import bisect_left, insort
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, NamedTuple

from bot import report
from bot.handoff.model import ENDED, Address, Changed, Chat, Duty
from bot.handoff.moves import QUEUE
from bot.handoff.rows import Pulse, Rows
from bot.storage import Group, Store

WHO: Final = frozenset({"woman", "man"})
"""What a person may ask of who answers and nobody else may stand in for."""


class Longest(NamedTuple):
    """How a queue stands: how many wait, and since when the one who waits longest."""

    waiting: int
    asked: float


Rank = tuple[int, float, bytes]


@dataclass(frozen=True)
class Picture:
    """All living chats at one moment."""

    chats: Mapping[bytes, Chat] = field(default_factory=dict, repr=False)
    epochs: Mapping[bytes, int] = field(default_factory=dict, repr=False)
    """Under which day's key each is sealed."""
    ranks: tuple[Rank, ...] = field(default=(), repr=False)
    """Of those who wait, the first in line first."""
    staffed: Mapping[str, tuple[bytes, ...]] = field(default_factory=dict, repr=False)
    """Ids of the chats that somebody owns or helps in, the oldest first."""
    version: int = 0
    """That of the newest change in it, also of chats that are gone."""

    @cached_property
    def order(self) -> tuple[bytes, ...]:
        """Ids of those who wait, the first in line first."""
        return tuple(one[-1] for one in self.ranks)

    @cached_property
    def places(self) -> Mapping[bytes, int]:
        """Their places in the lines of their languages, from 1."""
        lines: Counter[str] = Counter()
        places = {}
        for chat_id in self.order:
            language = self.chats[chat_id].language
            lines[language] += 1
            places[chat_id] = lines[language]
        return places


Listener = Callable[[Changed], None]


def _unheard() -> None:
    """Where there is no other process."""


def rank(chat: Chat) -> Rank:
    """Where a chat stands: graver first, then longer waiting."""
    return -chat.severity, chat.asked, chat.id


def suits(duty: Duty, chat: Chat) -> str:
    """Why they may not take that chat: `language`, `skill`, or nothing when they may."""
    if chat.language not in duty.languages:
        return "language"
    return "" if WHO.intersection(chat.skills) <= set(duty.skills) else "skill"


class Board:
    """The living chats of one desk. Any thread may ask; `look` must not be called in a group."""

    def __init__(self, store: Store, rows: Rows) -> None:
        """Reads what there is. Raises `StoreError`."""
        self._store, self._rows = store, rows
        self._pulse = Pulse(-1, -1)
        self._changes: deque[Changed] = deque()
        self._telling = threading.RLock()
        self.picture = Picture()
        self.listeners: list[Listener] = []
        """Called with every change after it is kept, one at a time, in order, outside of groups."""
        self.wrote: Callable[[], None] = _unheard
        """Called when something that was written here is kept: for other processes."""
        with store.group(reads=True) as group:
            self.follow(group)
        self._changes.clear()  # nothing changed: this is how it stands

    def look(self) -> None:
        """Reads what changed, also elsewhere, and tells the listeners. Raises `StoreError`."""
        with self._store.group(reads=True) as group:
            self.follow(group)
        self._tell()
        if self._rows.wrote.is_set():
            self._rows.wrote.clear()
            self.wrote()

    def follow(self, group: Group) -> Picture:
        """The same within a group, before anything is changed in it: the picture is then what the
        group sees. The listeners hear of it at the next `look`.
        """
        # The store lets one group in at a time, so nobody else is here now.
        pulse = self._rows.pulse(group)
        if pulse != self._pulse:
            was = self.picture
            chats, epochs = dict(was.chats), dict(was.epochs)
            changed = [
                change
                for chat_id, chat, version, epoch in self._rows.newer(group, self._pulse.version)
                if (change := _put(chats, epochs, chat_id, chat, version, epoch))
            ]
            if pulse.removed != self._pulse.removed:
                for chat_id in chats.keys() - self._rows.ids(group):
                    changed.append(Changed(chat_id, pulse.version, "gone", None, chats[chat_id]))
                    del chats[chat_id], epochs[chat_id]
            ranks, staffed = _pictured(was, chats, changed)
            self.picture = Picture(chats, epochs, ranks, staffed, pulse.version)
            self._pulse = pulse
            self._changes.extend(changed)
        return self.picture

    def _tell(self) -> None:
        with self._telling:
            while self._changes:
                change = self._changes.popleft()
                for listener in self.listeners:
                    try:
                        listener(change)
                    except Exception as error:  # noqa: BLE001 - one must not keep it from others
                        report.alarm("desk_listener_failed", error)

    # --- what is asked of it, from memory -------------------------------------------------------

    def get(self, chat_id: bytes) -> Chat | None:
        """A living chat."""
        return self.picture.chats.get(chat_id)

    def queue(self, duty: Duty | None = None, most: int | None = None) -> tuple[Chat, ...]:
        """Those who wait, the first in line first; only those whom that operator may take, and
        among equally grave ones what is offered to them now.
        """
        seen = self.picture
        found = (seen.chats[chat_id] for chat_id in seen.order)
        if duty is None:
            return tuple(found)[:most]
        mine = [chat for chat in found if not suits(duty, chat)]
        mine.sort(key=lambda chat: (-chat.severity, chat.offered != duty.staff))
        return tuple(mine[:most])

    def handed(self, duty: Duty) -> tuple[Chat, ...]:
        """Chats that a colleague offers to them, or to a queue whose language they speak."""
        return tuple(chat for chat in self.picture.chats.values() if handed_to(chat, duty))

    def of(self, staff: str) -> tuple[Chat, ...]:
        """The chats that somebody owns or helps in, the oldest first."""
        seen = self.picture
        return tuple(seen.chats[chat_id] for chat_id in seen.staffed.get(staff, ()))

    def talk_with(self, person: Address) -> Chat | None:
        """The chat of whoever is reached there, once somebody has it."""
        seen = self.picture
        talks = (seen.chats[chat_id] for mine in seen.staffed.values() for chat_id in mine)
        return next((chat for chat in talks if chat.address == person), None)

    def load(self, staff: str) -> tuple[int, int]:
        """How many chats somebody has, and how many of them are heavy; parked ones count, and so
        does one that they are about to get.
        """
        mine = [chat for chat in self.of(staff) if chat.owner == staff or _joined(chat, staff)]
        return len(mine), sum(chat.heavy for chat in mine)

    def place_of(self, chat: Chat) -> int:
        """Their place in the line of their language: 1 is next, 0 when they do not wait.

        Good for a chat that was asked for a moment ago and is not on the board yet.
        """
        if chat.state != "waiting":
            return 0
        seen, mine = self.picture, rank(chat)
        known = seen.chats.get(chat.id)
        if known and (known.state, known.language, rank(known)) == ("waiting", chat.language, mine):
            return seen.places[chat.id]
        waiting = (seen.chats[chat_id] for chat_id in seen.order)
        return 1 + sum(one.language == chat.language and rank(one) < mine for one in waiting)

    def longest(self) -> dict[str, Longest]:
        """By language, how many wait and since when the first of them asked."""
        found: dict[str, Longest] = {}
        for chat in self.queue():
            count, asked = found.get(chat.language, Longest(0, chat.asked))
            found[chat.language] = Longest(count + 1, min(asked, chat.asked))
        return found

    def __repr__(self) -> str:
        return "Board()"


def handed_to(chat: Chat, duty: Duty) -> bool:
    """Whether a transfer is on offer to them."""
    step = chat.transfer
    if step is None or step.step != "offered" or chat.owner == duty.staff:
        return False
    if step.to.startswith(QUEUE):
        return step.to.removeprefix(QUEUE) in duty.languages
    return step.to == duty.staff


def _joined(chat: Chat, staff: str) -> bool:
    return chat.helper == staff and chat.transfer is not None and chat.transfer.step == "joined"


def _put(
    chats: dict[bytes, Chat],
    epochs: dict[bytes, int],
    chat_id: bytes,
    chat: Chat | None,
    version: int,
    epoch: int,
) -> Changed | None:
    was = chats.get(chat_id)
    if chat is None or chat.state in ENDED:
        chats.pop(chat_id, None)
        epochs.pop(chat_id, None)
        return Changed(chat_id, version, _kind(was, chat), chat, was) if was else None
    chats[chat_id], epochs[chat_id] = chat, epoch
    return Changed(chat_id, version, _kind(was, chat), chat, was)


def _kind(was: Chat | None, now: Chat | None) -> str:
    if now is None:
        return "gone"
    if was is None:
        return "asked" if now.state == "waiting" else now.state
    if was.state != now.state:
        return now.state
    for name in ("owner", "helper", "transfer", "offered"):
        if getattr(was, name) != getattr(now, name):
            return name
    if was.number_in != now.number_in:
        return "said"
    if was.number_out != now.number_out:
        return "replied"
    return "news" if was.news != now.news else "other"


def _pictured(
    was: Picture, chats: Mapping[bytes, Chat], changed: Sequence[Changed]
) -> tuple[tuple[Rank, ...], Mapping[str, tuple[bytes, ...]]]:
    """Ranks and staffed of the next picture. Only what changed is put in its place: with thousands
    who wait, sorting them all at each claim would be most of the work.
    """
    ranks, staffed = list(was.ranks), dict(was.staffed)
    for change in changed:
        before, after = _waits(change.was), _waits(change.now)
        if before != after:
            if before:
                del ranks[bisect_left(ranks, before)]
            if after:
                insort(ranks, after)
    for staff in {one for change in changed for one in _hands(change.was) ^ _hands(change.now)}:
        known = {change.chat_id for change in changed}.union(staffed.pop(staff, ()))
        mine = [chat for one in known if (chat := chats.get(one)) and staff in _hands(chat)]
        if mine:
            mine.sort(key=lambda chat: (chat.asked, chat.id))
            staffed[staff] = tuple(chat.id for chat in mine)
    return tuple(ranks), staffed


def _waits(chat: Chat | None) -> Rank | None:
    return rank(chat) if chat and chat.state == "waiting" else None


def _hands(chat: Chat | None) -> frozenset[str]:
    living = chat is not None and chat.state not in ENDED
    return frozenset({chat.owner, chat.helper} - {""}) if chat and living else frozenset()

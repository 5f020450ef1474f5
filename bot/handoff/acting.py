"""How an act of staff is done: one transaction, on what the table says, announced afterwards.

It decides who is able to act at all. Which acts there are stands in `passing` and `desk`. It must
not log a chat, and nothing of it may be called within a group.
"""

import contextlib
import threading
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from bot.handoff.board import Board
from bot.handoff.model import (
    ENDED,
    Changed,
    Chat,
    DeskRules,
    Duty,
    NoSuchChat,
    Refused,
    TakenAlready,
)
from bot.handoff.rows import Rows, Unreadable
from bot.storage import Group, Store, StoreError


class Shifts(Protocol):
    """Who is on duty, as the desk needs to know it; from memory, also within a group."""

    def on_duty(self) -> tuple[Duty, ...]:
        """Everyone whose shift has begun and is not over."""

    def of(self, staff: str) -> Duty | None:
        """One of them."""

    def gone(self) -> tuple[str, ...]:
        """Those whose line is away for longer than `drop_seconds`."""

    def heavy_ended(self, staff: str) -> object:
        """They have one heavy chat less: a pause is due. Called outside of groups."""


class Told(Protocol):
    """Where acts of staff are recorded."""

    def __call__(self, staff: str, act: str, about: str = "", why: str = "") -> object:
        """`about` is a member of staff or empty: never a chat or a person. False when it could not
        be written down.
        """


def untold(staff: str, act: str, about: str = "", why: str = "") -> None:
    """Records nothing."""


def uncounted(group: Group, language: str, seconds: float) -> None:
    """Counts nothing."""


def unmoved(group: Group, chat: Chat) -> None:
    """Nothing to do when a chat changes hands."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What a desk is made of."""

    store: Store
    rows: Rows
    board: Board
    shifts: Shifts
    clock: Callable[[], float]
    """Seconds since 1970."""
    rules: DeskRules
    audit: Told = untold
    """Of what a lead does in a chat of others; all other acts are recorded by who calls."""
    waited: Callable[[Group, str, float], None] = uncounted
    """Told once a chat, within its first claim: language and seconds."""
    owned: Callable[[Group, Chat], None] = unmoved
    """Told within the act whenever another owner or helper has the chat: who may read it now."""


def save(parts: Parts, group: Group, old: Chat, new: Chat) -> Chat:
    """Keeps a chat, and lets nobody else read it: also when a transfer came to nothing, before
    which the colleague was given the keys of what was written.
    """
    kept = parts.rows.save(group, old, new)
    moved = (kept.owner, kept.helper) != (old.owner, old.helper)
    if kept.owner and (moved or (old.transfer is not None and kept.transfer is None)):
        parts.owned(group, kept)
    return kept


class InTurn:
    """Lets one thread in at a time, in the order in which they came.

    A plain lock lets in whom it likes: with many claims at once somebody waited for seconds.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._busy = False
        self._waiting: deque[threading.Lock] = deque()

    def __enter__(self) -> None:
        with self._lock:
            if not self._busy:
                self._busy = True
                return
            mine = threading.Lock()
            mine.acquire()
            self._waiting.append(mine)
        mine.acquire()  # until whoever is before us lets us in

    def __exit__(self, *_: object) -> None:
        with self._lock:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._busy = False


class Acting:
    """What all acts share."""

    def __init__(self, parts: Parts) -> None:
        """Listens to the board from now on, for the pauses after heavy chats."""
        self.parts, self.board = parts, parts.board
        self.board.listeners.append(self._care)
        self._in_turn = InTurn()
        self.absent: dict[str, float] = {}
        """Since when staff who have chats are not on duty, as far as the clock has seen."""

    def look(self) -> None:
        """Lets the board see what changed and tell it. Never raises for the store: what it could
        not see now it sees with the next look.
        """
        with contextlib.suppress(StoreError):
            self.board.look()

    def _see(self) -> None:
        with contextlib.suppress(StoreError), self.parts.store.group() as group:
            self.board.follow(group)

    @contextlib.contextmanager
    def _changing(self, claimed: bytes = b"") -> Iterator[Group]:
        """A group in which the board is what the table is; announced after it is kept.

        Raises `TakenAlready` when the chat that is to be claimed has got an owner meanwhile.
        """
        with self._in_turn:
            # Who comes too late need not wait for a transaction to hear it.
            known = self.board.get(claimed) if claimed else None
            if known is not None and known.state != "waiting":
                raise TakenAlready
            with self.parts.store.group() as group:
                self.board.follow(group)
                yield group
            # Known to whoever is next, before it is told outside of the turn.
            self._see()
        self.look()

    def _load(self, group: Group, chat_id: bytes) -> Chat:
        try:
            chat = self.parts.rows.load(group, chat_id)
        except Unreadable:
            chat = None
        if chat is None or chat.state in ENDED:
            raise NoSuchChat
        return chat

    def _save(self, group: Group, old: Chat, new: Chat) -> Chat:
        return save(self.parts, group, old, new)

    def _mine(self, staff: str, chat_id: bytes, how: Callable[[Chat, float], Chat]) -> Chat:
        with self._changing() as group:
            chat = self._load(group, chat_id)
            if not staff or chat.owner != staff:
                raise NoSuchChat
            return self._save(group, chat, how(chat, self.parts.clock()))

    def _able(self, staff: str) -> Duty:
        duty = self.parts.shifts.of(staff)
        if duty is None:
            raise Refused("not_on_duty")
        if duty.paused:
            raise Refused("paused")
        if not duty.keys:
            raise Refused("no_key")
        return duty

    def _care(self, change: Changed) -> None:
        was, now = change.was, change.now
        if was is None or not was.owner or not was.heavy:
            return
        if now is None or now.owner != was.owner or now.state in ENDED:
            self.parts.shifts.heavy_ended(was.owner)

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"

"""What one console keeps for all of its open desks, and what each of them may look at.

It decides who may look at a chat: every look by a member of staff goes through `held`, which knows
one answer for what is not there and for what is not theirs. Who wrote and who looked is kept in
memory alone. What is shown stands in `desk_pictures`.
"""

import contextlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, Final, TypeVar

from aiohttp import web

from bot.console import desk_pictures
from bot.console.desk_hub import Hub, Painter, Picture, Seat
from bot.console.desk_listings import DeskListings
from bot.console.desk_office import Audit, Group, HandoffOffice
from bot.console.desk_shown import Named
from bot.console.desk_struck import strike
from bot.console.frame import Visit
from bot.console.said import Words
from bot.handoff.model import Changed, Chat, NoSuchChat, Refused
from bot.handoff.moves import looked
from bot.handoff.notes import Note
from bot.handoff.typed import Side
from bot.speech import Speech, names_in
from bot.staff import may
from referral_directory import Directory

Made = TypeVar("Made")
ROOM: Final = "desk"
ID_BYTES: Final = 16
NOTES_SECONDS: Final = 5.0
"""How old the notes may be that another process sent; one's own are seen at once."""


def room_of(visit: Visit) -> "Room":
    """The room behind the desks of this console. Where there is no desk, there is no page."""
    rooms = visit.desk.rooms
    if ROOM not in rooms:
        if visit.office.parts.get("handoff") is None:
            raise web.HTTPNotFound
        rooms[ROOM] = room = Room(visit)
        visit.desk.closing.append(room.close)
    found: Room = rooms[ROOM]
    return found


def chat_id(text: object) -> bytes:
    """The id of a chat as a page writes it. Raises `NoSuchChat` for what is none."""
    return an_id(text, ID_BYTES)


def an_id(text: object, size: int) -> bytes:
    """An id of so many bytes in small hex digits. Raises `NoSuchChat` for what is none."""
    if not isinstance(text, str) or len(text) != 2 * size or set(text) - set("0123456789abcdef"):
        raise NoSuchChat
    return bytes.fromhex(text)


class Room(Painter):
    """The desks of one console. Any thread may ask."""

    def __init__(self, visit: Visit) -> None:
        parts = visit.office.parts
        self.office: HandoffOffice = parts["handoff"]
        self.clock = visit.office.clock
        self.audit: Audit = parts.get("audit", _nobody)
        self.hub = Hub(self.clock)
        self._directory: Directory = parts["directory"]
        self.speech: Speech = parts["speech"]
        self.listings = DeskListings(self._directory, self.speech, parts["live"])
        self._book = visit.book
        self._named: dict[str, Named] = {}
        self.reads: dict[tuple[str, bytes], int] = {}
        """Up to which message somebody looked in which chat."""
        self.resting: set[str] = set()
        """Whom a lead asked to pause."""
        self.notes: Mapping[str, tuple[Note, ...]] = {}
        """What waits to be read by whoever has a page open, as of `_noted`."""
        self._noted = 0.0
        self._once: dict[str, Any] = {}
        self.office.board.listeners.append(self._changed)
        self.office.typed.listen(self._writing)

    async def close(self) -> None:
        """The console ends."""
        with contextlib.suppress(ValueError):
            self.office.board.listeners.remove(self._changed)
        await self.hub.close()

    # --- who may see what -----------------------------------------------------------------------

    def held(self, group: Group, staff: str, chat: bytes) -> Chat:
        """A living chat that they own or help in, as it is kept now. Raises `NoSuchChat`."""
        found = self.office.chats.of_person(group, chat)
        if found is None or found.state not in {"claimed", "parked"}:
            raise NoSuchChat
        if not staff or staff not in {found.owner, found.helper}:
            raise NoSuchChat
        return found

    def who(self, staff: str) -> str:
        """The pseudonym of somebody on duty."""
        duty = self.office.shifts.of(staff)
        return duty.who if duty else ""

    def leads(self) -> frozenset[str]:
        """Who may lead."""
        everyone = self._book.accounts.everyone()
        return frozenset(one.id for one in everyone if one.active and may(one.roles, "desk.lead"))

    # --- acts that only memory and counts hear of -----------------------------------------------

    def next_for(self, staff: str) -> Chat:
        """The first in line for somebody is theirs. Raises `Refused`."""
        taken = self.office.desk.claim_next(staff)
        if taken is None:
            raise Refused("nobody_waits")
        return taken

    def read(self, staff: str, chat: bytes, number: int, missed: Collection[int] = ()) -> None:
        """They looked at the messages up to that number, but for those that did not open."""
        with self.office.store.group() as group:
            found = self.held(group, staff, chat)
            now = looked(found, self.who(staff), number, missed)
            if now != found:
                self.office.chats.change(group, found, now)
        self.office.board.look()
        seen = min(number, found.number_in)
        self.reads[staff, chat] = max(self.reads.get((staff, chat), 0), seen)
        self.hub.wake()

    def rest(self, staff: str, *, asked: bool) -> None:
        """A lead asks somebody to pause, or they have answered."""
        (self.resting.add if asked else self.resting.discard)(staff)
        self.hub.wake()

    def forget_notes(self) -> None:
        """There is another note, or one was read."""
        self._noted = 0.0
        self.hub.wake()

    def typing(self, staff: str, chat: bytes) -> None:
        """They are writing to a person. Raises `NoSuchChat`."""
        found = self.office.board.get(chat)
        if found is None or staff not in {found.owner, found.helper}:
            raise NoSuchChat
        self.office.typed.tell(chat, "staff")

    def count(self, counted: Iterable[tuple[str, str]]) -> None:
        """Wrap-up codes, as numbers of a week and nothing else."""
        with self.office.store.group() as group:
            for kind, key in counted:
                self.office.counts.count(group, kind, key)

    # --- what is shown --------------------------------------------------------------------------

    def once(self, name: str, make: Callable[[], Made]) -> Made:
        """What is the same for everybody, made once a look."""
        held = self._once
        if name not in held:
            held[name] = make()
        found: Made = held[name]
        return found

    def look(self) -> None:
        """See what other processes changed."""
        self._once = {}
        self._strike()
        self.office.board.look()
        living = self.office.board.picture.chats
        self.reads = {key: number for key, number in self.reads.items() if key[1] in living}
        if not 0 <= self.clock() - self._noted < NOTES_SECONDS:
            # Before they are read: a note that comes meanwhile makes it forget again.
            self._noted = self.clock()
            with self.office.store.group() as group:
                found = {staff: self.office.notes.of(group, staff) for staff in self.hub.staff()}
            self.notes = found

    def _strike(self) -> None:
        """Whoever was revoked by a command, in another process, is off duty here too."""
        on = {duty.staff for duty in self.office.shifts.on_duty()}
        everyone = self._book.accounts.everyone() if on else ()
        works = {one.id for one in everyone if one.active and may(one.roles, "desk.work")}
        for staff in on - works:
            strike(self.office, staff, self.clock())

    def here(self, staff: str, line: str, *, there: bool) -> None:
        """A page of somebody is connected, or not any more."""
        self.office.shifts.connected(staff, there, line)

    def pictures(self, seat: Seat) -> Sequence[Picture]:
        """All that somebody is to see now."""
        return desk_pictures.all_of(self, seat, self.named(seat.words))

    def shown(self, chat: Chat, staff: str, words: Words) -> dict[str, Any]:
        """A chat as who has it sees it."""
        return desk_pictures.mine_of(self, chat, staff, self.named(words))

    def named(self, words: Words) -> Named:
        """What codes are called in the language of a page."""
        if words.language not in self._named:
            language = self.listings.known(words.language)
            found = names_in(language, self._directory, self.speech)
            self._named[words.language] = Named(
                words,
                found["needs"],
                found["places"],
                self.speech.phrases[language].language_name,
                self.listings.direction,
            )
        return self._named[words.language]

    def _changed(self, change: Changed) -> None:
        del change  # what it is shown in is made anew, whatever it was
        self.hub.wake()

    def _writing(self, chat: bytes, by: Side) -> None:
        found = self.office.board.get(chat)
        if by == "person" and found is not None:
            readers = [staff for staff in (found.owner, found.helper) if staff]
            self.hub.tell(readers, {"what": "typing", "chat": chat.hex()})


def _nobody(*_: str) -> None:
    pass

"""Footprints: which messages of a chat, of both sides, can still be deleted there, kept sealed.

    noted with the turn  →  a page of the chat and day, sealed  →  deleted there  →  cleared here

It decides what a page holds and under which name it lies. A page shows no chat, no message and no
hour, opens without a secret of the channel, so that deleting goes on after a restart, and dies
with the key of its day. It must not delete anything in a chat, and never logs a chat or an id.

What it cannot do: know a message again whose page is gone, because the machine that held the keys
in memory was switched off, or because the program was killed between sending and noting. Such a
message stays until the person deletes the chat, so the last words always say how.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import msgspec

from bot import report
from bot.channels.contract import Address
from bot.storage import Group, Row, Store
from bot.tasks import Noted
from bot.vault import Epoch, Unopenable, Vault, first_sequence

FOOTPRINT = "footprint"
DELETABLE_SECONDS = 47 * 3_600
"""Telegram lets a bot delete for 48 hours; an hour is kept for clocks and queues."""
SOON_SECONDS = 120
"""For how long at least last words stay, so that a sweep that comes by leaves time to read them."""
MOST_ON_A_PAGE = 500
"""Messages. Any 500 numbers of 64 bits fit into the largest size that the vault seals."""
_MINUTE = 60
_AT_ONCE = 64
"""Chats that are looked through in one piece: turns wait for less than a millisecond."""


@dataclass(frozen=True, slots=True)
class Footprint:
    """One message that lies in a chat."""

    id: int = field(repr=False)
    sent: float = field(repr=False)
    """Seconds since 1970, rounded down to the minute: rather too old than too young."""
    soon: bool
    """Whether it is to be deleted however young it is."""

    def deletable(self, now: float) -> bool:
        """Whether Telegram lets us delete it still."""
        return now < self.sent + DELETABLE_SECONDS

    def due(self, now: float, clear_seconds: float, soon_seconds: float = SOON_SECONDS) -> bool:
        """Whether it is time to delete it, and not too late."""
        wait = min(soon_seconds, clear_seconds) if self.soon else clear_seconds
        return self.deletable(now) and self.sent + wait <= now


@dataclass(frozen=True, slots=True)
class Due:
    """What was found when some chats were looked through."""

    chats: list[tuple[bytes, Address]] = field(repr=False)
    """Alias and chat, in the order that was asked."""
    too_old: int
    """Messages that can be deleted no more."""


class _Page(msgspec.Struct, frozen=True, array_like=True):
    """What is sealed: numbers as steps from one to the next, which are short."""

    channel: str
    bot: str
    person: bytes
    soon: bool
    ids: tuple[int, ...]
    minutes: tuple[int, ...]

    def __repr__(self) -> str:
        return "_Page()"


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(_Page).decode


@dataclass(slots=True)
class _Held:
    """A page as loaded, while it is worked on."""

    row: Row
    address: Address
    soon: bool
    minutes: dict[int, int] = field(repr=False)
    """Message → minutes since 1970."""
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Footprints:
    """Pages of all chats. Every method may block; any thread may call it. Raises `StoreError` or
    `KeyRingError`.
    """

    store: Store
    vault: Vault
    epochs: Callable[[], tuple[Epoch, ...]]
    """The live epochs, today's first."""
    clock: Callable[[], float]
    """Seconds since 1970."""

    def write(self, group: Group, notes: Iterable[Noted], leaving: Iterable[Address] = ()) -> None:
        """Keep notes within a group of turns. All that lies in the chats of those who are leaving
        is to be deleted soon.
        """
        by_chat: dict[Address, list[Noted]] = defaultdict(list)
        for note in notes:
            by_chat[note.address].append(note)
        going = set(leaving)
        if not by_chat and not going:
            return
        today = self.epochs()[0]
        # What is to go soon may lie on the page of an older day, and keeps its time.
        older = going | {note.address for chat in by_chat.values() for note in chat if note.soon}
        held = self._load(group, by_chat.keys() | going, older)
        for address, of_chat in by_chat.items():
            for note in of_chat:
                held[address] += self._noted(note, held[address], today)
        for address in going:
            for page in held[address]:
                page.changed |= not page.soon
                page.soon = True
        self._keep(group, [page for pages in held.values() for page in pages])

    def of(self, address: Address) -> list[Footprint]:
        """What lies in that chat as far as it is known, the oldest first, also what is too old."""
        with self.store.group() as group:
            pages = self._load(group, [address], [address])[address]
        found: dict[int, Footprint] = {}
        for page in pages:
            for number, minute in page.minutes.items():
                # A message may be noted on two days; the earlier time is the true one.
                other = found.get(number)
                sent = min(minute * _MINUTE, other.sent) if other else minute * _MINUTE
                found[number] = Footprint(number, sent, page.soon or bool(other and other.soon))
        return sorted(found.values(), key=lambda one: (one.sent, one.id))

    def cleared(self, address: Address, ids: Iterable[int]) -> None:
        """Those messages are deleted, or never will be."""
        gone = set(ids)
        with self.store.group() as group:
            pages = self._load(group, [address], [address])[address]
            for page in pages:
                for number in gone & page.minutes.keys():
                    del page.minutes[number]
                    page.changed = True
            self._keep(group, pages)

    def leave(self, address: Address) -> None:
        """All that lies in that chat now is to be deleted soon."""
        with self.store.group() as group:
            self.write(group, (), [address])

    def aliases(self) -> list[bytes]:
        """Every alias that has a page, in the order in which they are looked through."""
        return self.store.footprint_aliases()

    def due(self, aliases: Sequence[bytes], clear_seconds: float) -> "Due":
        """What is to be deleted now in the chats that have pages under those aliases."""
        with self.store.group() as group:
            rows = group.footprints(aliases)
        now, too_old = self.clock(), 0
        chats: dict[bytes, Address] = {}
        for page in self._opened(rows):
            lies = [Footprint(0, minute * _MINUTE, page.soon) for minute in page.minutes.values()]
            too_old += sum(not one.deletable(now) for one in lies)
            if any(one.due(now, clear_seconds) for one in lies):
                chats[page.row.alias] = page.address
        return Due([(alias, chats[alias]) for alias in aliases if alias in chats], too_old)

    def _noted(self, note: Noted, pages: Sequence[_Held], today: Epoch) -> list[_Held]:
        """Puts a note on the pages that there are; gives the new pages that it needs."""
        minute = int(min(note.sent or self.clock(), self.clock()) // _MINUTE)
        fresh: dict[int, int] = {}
        for number in note.ids:
            holding = [page for page in pages if number in page.minutes]
            if any(page.soon or not note.soon for page in holding):
                continue
            times = [page.minutes.pop(number) for page in holding]
            for page in holding:
                page.changed = True
            fresh[number] = min([*times, minute])
        for page in pages:
            fits = len(page.minutes) + len(fresh) <= MOST_ON_A_PAGE
            if fresh and page.soon == note.soon and page.row.epoch == today and fits:
                page.minutes |= fresh
                page.changed = True
                return []
        numbers = list(fresh)
        parts = [
            {number: fresh[number] for number in numbers[start : start + MOST_ON_A_PAGE]}
            for start in range(0, len(numbers), MOST_ON_A_PAGE)
        ]
        row = Row(self._alias(today, note.address), today, -1, b"")
        return [_Held(row, note.address, note.soon, part, changed=True) for part in parts]

    def _load(
        self, group: Group, addresses: Iterable[Address], older: Iterable[Address]
    ) -> dict[Address, list[_Held]]:
        """Today's pages of those chats, and those of older days of some."""
        epochs = self.epochs()
        names = {self._alias(epochs[0], address) for address in addresses}
        names |= {self._alias(epoch, address) for address in older for epoch in epochs[1:]}
        held: dict[Address, list[_Held]] = defaultdict(list)
        for page in self._opened(group.footprints(names)):
            held[page.address].append(page)
        return held

    def _keep(self, group: Group, pages: Iterable[_Held]) -> None:
        """Seals what changed, and drops what is empty."""
        changed = [page for page in pages if page.changed]
        gone = [page.row for page in changed if not page.minutes and page.row.sequence != -1]
        full = [(self._sealed(page), page.row.sequence) for page in changed if page.minutes]
        group.leave_footprints(
            [row for row, was in full if was == -1],
            changed=[(row, was) for row, was in full if was != -1],
            gone=gone,
        )

    def _sealed(self, page: _Held) -> Row:
        address, (alias, epoch, _, _) = page.address, page.row
        numbers = sorted(page.minutes)
        plain = _encode(
            _Page(
                *(address.channel, address.bot, address.person, page.soon),
                tuple(_steps(numbers)),
                tuple(_steps([page.minutes[number] for number in numbers])),
            )
        )
        # A new counter each time: one that counts on would tell how much was written that day.
        sequence = first_sequence()
        sealed = self.vault.seal(FOOTPRINT, alias, Epoch(epoch), sequence, b"", plain)
        return Row(alias, epoch, sequence, sealed)

    def _opened(self, rows: Iterable[Row]) -> list[_Held]:
        """The pages that open. Others were tampered with, and can lead to nobody."""
        held, closed = [], 0
        for row in rows:
            try:
                place = (FOOTPRINT, row.alias, Epoch(row.epoch), row.sequence)
                page = _decode(self.vault.open(*place, b"", row.sealed))
            except (Unopenable, msgspec.DecodeError):
                closed += 1
                continue
            address = Address(page.channel, page.bot, page.person)
            minutes = dict(zip(_sums(page.ids), _sums(page.minutes), strict=True))
            held.append(_Held(row, address, page.soon, minutes))
        if closed:
            report.alarm("footprints_unopenable", count=closed)
        return held

    def _alias(self, epoch: Epoch, address: Address) -> bytes:
        """Another name than the session's of the same day, so that the one does not lead to the
        other.
        """
        kind = f"{FOOTPRINT}/{address.channel}"
        return self.vault.alias(epoch, kind, address.bot, address.person)


def portions(aliases: Sequence[bytes]) -> Iterable[Sequence[bytes]]:
    """The aliases in pieces that are small enough to be looked through at once."""
    return (aliases[start : start + _AT_ONCE] for start in range(0, len(aliases), _AT_ONCE))


def _steps(numbers: Sequence[int]) -> Iterable[int]:
    return (number - before for before, number in zip([0, *numbers], numbers, strict=False))


def _sums(steps: Sequence[int]) -> Iterable[int]:
    number = 0
    for one in steps:
        number += one
        yield number

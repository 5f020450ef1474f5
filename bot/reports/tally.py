"""The exact counts of the week that goes on, sealed; and how a week that is over becomes a report.

It decides that nothing is counted twice or told twice. Each process has one row, of one size
whatever is in it, and keeps a copy of it in memory; it changes with the transaction of the turns
that are counted. Rows lie under the day's key and are sealed anew each day. When a week is over its
rows are added up, noise is added, and in one transaction the report is kept and the rows are gone:
who comes second finds the report, and never draws noise of their own for it.

It knows no session and no person, and never says how many there were.
"""

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import msgspec

from bot import report
from bot.reports import noise, tables
from bot.reports.cells import Cell, Counted, Dimension, Domain, Now, contributions
from bot.reports.vouching import Vouch
from bot.storage import Store
from bot.storage.group import Group
from bot.vault import SIZES, Epoch, Unopenable, Vault, first_sequence, is_over

TABLE: Final = "tally"
MOST: Final = 2**32 - 1
"""The largest count that a row has room for."""
DAYS_OF_A_WEEK: Final = 7
_LENGTH: Final = 2


class Epochs(Protocol):
    """The days whose keys live, as whoever keeps the keys decides; see `bot.vault.Ring`."""

    def today(self) -> Epoch:
        """The one to seal under, in days since 1970."""
        ...


class _Page(msgspec.Struct, frozen=True, array_like=True):
    """The counts of a week, by dimension and key. Some may be below zero: a session can move on in
    another process than it came to.
    """

    week: int
    n: dict[str, dict[str, int]] = {}

    def __repr__(self) -> str:
        return "_Page()"


@dataclass(frozen=True, slots=True)
class _Held:
    id: bytes
    epoch: int
    sequence: int
    page: _Page

    def __repr__(self) -> str:
        return "_Held()"


class _ElsewhereChangedError(Exception):
    """Another process changed a row meanwhile: nothing of this was done."""


class Tally:
    """Counts of sessions by week. Any thread may call any method."""

    def __init__(
        self,
        store: Store,
        vault: Vault,
        epochs: Epochs,
        domain: Domain,
        draw: Callable[[int], Sequence[int]] = noise.draw,
        vouch: Vouch | None = None,
    ) -> None:
        """`domain`: every cell there can be. With `vouch` what is told from now on bears a code.

        Raises `ValueError` when they do not fit in a row, `StoreError` or `KeyRingError`.
        """
        self._store, self._vault, self._epochs = store, vault, epochs
        self._domain, self.draw, self._vouch = domain, draw, vouch
        self._size = _size_for(domain)
        self._held: _Held | None = None
        if vouch is not None:
            with store.group(reads=True) as group:
                vouch.begin(max((week for (week,) in group.ask(tables.TOLD, ())), default=-1))

    def contributions(self, now: Now, counted: Counted) -> tuple[tuple[Cell, ...], Counted]:
        """Which cells a turn changes this week, and what the session is to remember."""
        return contributions(self._domain, self._week(), now, counted)

    def count(self, group: Group, cells: Iterable[Cell]) -> None:
        """Count them, with whatever else that group keeps. What is no cell is not counted.

        Raises `StoreError` or `KeyRingError`.
        """
        known = [cell for cell in cells if self._domain.has(cell.dimension, cell.key)]
        if not known:
            return
        week = self._week()
        # The row is only ever changed from what is there, so a copy that is behind (another thread,
        # or a group that failed) costs a second look and nothing else.
        held = self._held
        for _ in range(2):
            if held is None or held.page.week != week:
                break
            kept = self._change(group, held, _added(held.page, known))
            if kept is not None:
                self._held = kept
                return
            held = self._one(group, held.id)
        self._held = self._make(group, _added(_Page(week), known))

    def settle(self) -> None:
        """What the clock asks for: seal anew, and tell of weeks that are over. Now and then, by any
        process. Raises `StoreError` or `KeyRingError`.
        """
        try:
            with self._store.group() as group:
                over = self._renew(group)
            for week in sorted(over):
                # Drawn before the transaction: nobody's turn waits for it.
                drawn = self.draw(len(self._domain.cells))
                with self._store.group() as group:
                    self._tell(group, week, drawn)
        except _ElsewhereChangedError:
            return  # whoever was quicker does it, or the next round

    def sweep(self, live: Iterable[Epoch]) -> int:
        """Deletes the rows that nothing can open any more, and gives how many."""
        alive = set(live)
        with self._store.group() as group:
            dead = [row[:3:2] for row in group.ask(tables.TALLIES, ()) if row[1] not in alive]
            return group.run(tables.DROP_TALLY, dead) if dead else 0

    def _week(self) -> int:
        return monday(self._epochs.today())

    def _renew(self, group: Group) -> set[int]:
        """Brings the rows of older days into one of today; gives the weeks that are to be told."""
        today, week = self._epochs.today(), self._week()
        told = {row[0] for row in group.ask(tables.TOLD, ())}
        over: set[int] = set()
        parts: dict[int, list[_Page]] = {}
        there: set[int] = set()
        for held in self._all(group):
            if held.page.week in told:
                self._drop(group, held)  # counted too late: what is told is told
                continue
            if held.page.week < week:
                over.add(held.page.week)
            there.add(held.page.week)
            if held.epoch != today:
                self._drop(group, held)
                parts.setdefault(held.page.week, []).append(held.page)
        for one, pages in parts.items():
            self._make(group, self._summed(one, pages))
        if week not in there and week not in told:
            # A row for each week in which somebody could have come: that one is there, or that a
            # week is told, says nothing of whether anybody did.
            self._make(group, _Page(week))
        return over

    def _tell(self, group: Group, week: int, drawn: Sequence[int]) -> None:
        rows = [held for held in self._all(group) if held.page.week == week]
        if not rows:
            raise _ElsewhereChangedError
        sums = self._summed(week, (held.page for held in rows)).n
        cells = self._domain.cells
        counts = [sums.get(dimension, {}).get(key, 0) for dimension, key in cells]
        body: dict[Dimension, dict[str, int]] = {}
        for (dimension, key), shown in zip(cells, noise.told(counts, drawn), strict=True):
            if shown is not None:
                body.setdefault(dimension, {})[key] = shown
        lies = msgspec.json.encode(body).decode()
        if self._vouch is not None:
            lies = self._vouch.coded(week, lies)
        if group.run(tables.TELL, [(week, lies)]) != 1:
            raise _ElsewhereChangedError
        for held in rows:
            self._drop(group, held)

    def _summed(self, week: int, pages: Iterable[_Page]) -> _Page:
        """All of them together, without cells that there are no more."""
        total: dict[str, dict[str, int]] = {}
        for page in pages:
            for dimension, key in self._domain.cells:
                n = page.n.get(dimension, {}).get(key, 0)
                if n:
                    keys = total.setdefault(dimension, {})
                    keys[key] = keys.get(key, 0) + n
        return _Page(week, total)

    def _drop(self, group: Group, held: _Held) -> None:
        if group.run(tables.DROP_TALLY, [(held.id, held.sequence)]) != 1:
            raise _ElsewhereChangedError

    def _make(self, group: Group, page: _Page) -> _Held:
        held = self._sealed(os.urandom(16), page)
        group.run(tables.MAKE_TALLY, [(held[0].id, held[0].epoch, held[0].sequence, held[1])])
        return held[0]

    def _change(self, group: Group, held: _Held, page: _Page) -> _Held | None:
        """None: it is not as it was when it was read."""
        new, sealed = self._sealed(held.id, page)
        values = (new.epoch, new.sequence, sealed, held.id, held.sequence)
        return new if group.run(tables.CHANGE_TALLY, [values]) == 1 else None

    def _sealed(self, id_: bytes, page: _Page) -> tuple[_Held, bytes]:
        # A random number each time: one that grew would tell how often something was counted.
        epoch, sequence = self._epochs.today(), first_sequence()
        plain = _packed(page).ljust(self._size, b"\0")
        sealed = self._vault.seal(TABLE, id_, epoch, sequence, b"", plain)
        return _Held(id_, epoch, sequence, page), sealed

    def _one(self, group: Group, id_: bytes) -> _Held | None:
        return next((held for held in self._all(group) if held.id == id_), None)

    def _all(self, group: Group) -> list[_Held]:
        found = []
        # By their ids, so that no two processes take the same rows in another order.
        for id_, epoch, sequence, sealed in sorted(group.ask(tables.TALLIES, ())):
            try:
                plain = self._vault.open(TABLE, id_, Epoch(epoch), sequence, b"", sealed)
            except Unopenable as error:
                today = self._epochs.today()
                if not is_over(epoch, today, today):
                    report.alarm("tally_unopenable", error)
                continue  # mostly of a day whose key is gone
            found.append(_Held(id_, epoch, sequence, _unpacked(plain)))
        return found

    def __repr__(self) -> str:
        return "Tally()"


def monday(day: int) -> int:
    """The Monday of the week of a day, both in days since 1970, which began on a Thursday."""
    return day - (day + 3) % DAYS_OF_A_WEEK


def _added(page: _Page, cells: Iterable[Cell]) -> _Page:
    n: dict[str, dict[str, int]] = {name: dict(keys) for name, keys in page.n.items()}
    for dimension, key, by in cells:
        keys = n.setdefault(dimension, {})
        keys[key] = keys.get(key, 0) + by
    return _Page(page.week, n)


def _size_for(domain: Domain) -> int:
    """Bytes that every row has before it is sealed, whatever is in it."""
    n: dict[str, dict[str, int]] = {
        name: dict.fromkeys(keys, MOST) for name, keys in domain.keys.items()
    }
    needed = len(_packed(_Page(MOST, n)))
    size = next((size - 4 for size in SIZES if needed <= size - 4), 0)
    if not size:
        raise ValueError("there are more cells than a row of counts has room for")
    return size


def _packed(page: _Page) -> bytes:
    packed = msgspec.msgpack.encode(page)
    return len(packed).to_bytes(_LENGTH, "big") + packed


def _unpacked(plain: bytes) -> _Page:
    length = int.from_bytes(plain[:_LENGTH], "big")
    return msgspec.msgpack.decode(plain[_LENGTH : _LENGTH + length], type=_Page)

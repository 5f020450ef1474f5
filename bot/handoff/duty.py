"""Who is on shift: kept sealed, so that a restart forgets nobody, and in memory, so that asking
costs nothing.

It decides when a line counts as gone and when a shift that was left behind ends by itself. It must
not know any chat: how many somebody has is told by whoever makes it. Reading takes no lock and asks
no disk, and is good within a group; whatever changes a shift opens a group of its own.
"""

import contextlib
import threading
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Final

from msgspec.structs import replace

from bot.handoff import shift
from bot.handoff.care import Care, Debrief, care_of, debrief
from bot.handoff.duty_rows import DutyRows, Epochs, Held
from bot.handoff.model import DeskRules, Duty, Refused
from bot.handoff.settings import Told, nobody
from bot.handoff.shift import How, Shift
from bot.storage import Group, Store
from bot.vault import Vault

AWAY_SECONDS: Final = 30 * 60.0
"""A shift whose page is gone for so long ends by itself: nobody seals words to who went home."""
MOST_CHATS: Final = 20
MOST_KEYS: Final = 4
"""Keys of one shift, the newest: a few browsers, or one that lost its own. A message is sealed to
all of them, and a page that has to seal to hundreds is refused."""


class Shifts:
    """The shifts of one desk. Any thread may call."""

    def __init__(
        self,
        store: Store,
        vault: Vault,
        epochs: Epochs,
        clock: Callable[[], float],
        rules: DeskRules | None = None,
        *,
        loads: Callable[[str], tuple[int, int]] = lambda _: (0, 0),
        audit: Told = nobody,
    ) -> None:
        """`loads`: open and heavy chats of somebody, from memory. Reads what there is.

        Raises `StoreError`.
        """
        self._store, self._epochs, self._clock = store, epochs, clock
        self._rows = DutyRows(vault, epochs)
        self.rules = rules or DeskRules()
        self.loads, self._audit = loads, audit
        self._lock = threading.Lock()
        self._held: Mapping[str, Held] = MappingProxyType({})
        self._lines: Mapping[str, frozenset[str]] = MappingProxyType({})
        self._started = clock()
        """Whoever was connected before has as long as after a drop to come back."""
        self.look()

    # --- asked within a group, too --------------------------------------------------------------

    def on_duty(self) -> tuple[Duty, ...]:
        """Everyone whose shift has begun and is not over, in the order of their ids."""
        return self._duties(self._held)

    def on_duty_for(self, language: str, group: Group) -> tuple[Duty, ...]:
        """The same, for somebody who asks in that language. Before they hear that nobody is there
        it is read anew: a shift may have begun in another process a moment ago.
        """
        there = self.on_duty()
        if any(one.connected and language in one.languages for one in there):
            return there
        return self._duties(self._rows.now(group, self._held))

    def of(self, staff: str) -> Duty | None:
        """Somebody on duty."""
        held = self._held.get(staff)
        return None if held is None or held.shift.off else self._duty(held.shift, self._clock())

    def gone(self) -> tuple[str, ...]:
        """Who is on duty and was not connected for `drop_seconds`: their chats go back."""
        now, limit = self._clock(), self.rules.drop_seconds
        return tuple(
            one.shift.staff
            for one in _on(self._held)
            if not self._connected(one.shift, now) and now - self._last(one.shift) >= limit
        )

    def care(self) -> tuple[Care, ...]:
        """How everyone on duty is doing, in the order of their ids."""
        now = self._clock()
        return tuple(care_of(held.shift, self.rules, now) for held in _on(self._held))

    def care_of(self, staff: str) -> Care:
        """The same of one. Raises `Refused("no_shift")`."""
        return care_of(self._shift(staff), self.rules, self._clock())

    def planned_end(self, staff: str) -> float:
        """When the shift of somebody is to end, in seconds since 1970, for the keys of it.

        Raises `Refused("no_shift")`.
        """
        return self._shift(staff).until

    # --- acts -----------------------------------------------------------------------------------

    def begin_shift(
        self,
        staff: str,
        who: str,
        languages: Iterable[str],
        skills: Iterable[str] = (),
        keys: Iterable[bytes] = (),
        *,
        hours: float = shift.MOST_HOURS,
    ) -> Duty:
        """From now on they can be given chats, in the languages named, under that pseudonym.

        Raises `Refused`: `shift_open`, `who`, `who_taken`, `languages`, `hours`.
        """
        new = shift.new(staff, who, languages, skills, keys)
        new = replace(new, line=bool(self._lines.get(staff)))
        with self._lock:
            with self._store.group() as group:
                there = self._rows.every(group)
                others = [one.shift for one in there.values() if one.shift.staff != staff]
                if new.who.casefold() in {one.who.casefold() for one in others if not one.off}:
                    raise Refused("who_taken")
                begun = shift.begin(self._was(staff, there.get(staff)), new, hours, self._clock())
                there[staff] = self._rows.save(group, there.get(staff), begun)
            self._held = MappingProxyType(there)
        self._audit(staff, "duty.begin")
        return self._duty(begun, self._clock())

    def end_shift(self, staff: str) -> Debrief:
        """Over; their chats must have been handed over. Raises `Refused("no_shift")`."""
        asked = debrief(self._shift(staff), self._clock())
        self._change(staff, shift.end)
        self._audit(staff, "duty.end")
        return asked

    def pause(self, staff: str) -> Duty:
        """A break: no new chat. Raises `Refused("no_shift")`."""
        return self._act(staff, "duty.pause", shift.pause)

    def resume(self, staff: str) -> Duty:
        """Back. Raises `Refused`: `no_shift`, or `rest` while a pause after a heavy chat lasts."""
        return self._act(staff, "duty.resume", shift.resume)

    def heavy_ended(self, staff: str) -> None:
        """A heavy chat has left them, in whatever way: their pause begins. It does nothing to who
        is not on shift.
        """
        seconds = self.rules.pause_after_heavy_seconds
        self._write([(staff, lambda was, now: shift.heavy_ended(was, seconds, now))])

    def set_limits(self, staff: str, most_open: int, most_heavy: int, *, by: str) -> Duty:
        """How many chats they may have, from now on and in later shifts. `by`: a lead.

        Raises `Refused`: `no_shift`, `limits`.
        """
        if not (1 <= most_open <= MOST_CHATS and 0 <= most_heavy <= most_open):
            raise Refused("limits", most=str(MOST_CHATS))
        limits = {"most_open": most_open, "most_heavy": most_heavy}
        kept = self._change(staff, lambda was, _: replace(was, **limits))
        self._audit(by, "duty.limits", staff)
        return self._duty(kept, self._clock())

    def set_keys(self, staff: str, keys: Iterable[bytes]) -> Duty:
        """The ids of their live prekeys, at most `MOST_KEYS`. Raises `Refused("no_shift")`."""
        new = tuple(dict.fromkeys(keys))[-MOST_KEYS:]
        kept = self._change(staff, lambda was, _: replace(was, keys=new))
        return self._duty(kept, self._clock())

    def connected(self, staff: str, there: bool, line: str = "") -> None:  # noqa: FBT001  # as a line says it
        """A page of theirs is connected, or is not any more. `line`: which, when there are several.

        Whoever is not on shift is remembered too: a page is there before its shift begins.
        """
        with self._lock:
            before = self._lines.get(staff, frozenset())
            lines = before | {line} if there else before - {line}
            self._lines = MappingProxyType({**self._lines, staff: lines})
        self._write([(staff, shift.here if lines else shift.away)])

    def tick(self) -> tuple[str, ...]:
        """Say again who is connected, seal anew what a new day asks for, and end what was left
        behind; gives whose shift ended. Call it every few seconds.
        """
        now, today = self._clock(), self._epochs.today()
        away: list[str] = []
        writes: list[tuple[str, How]] = []
        for staff, held in self._held.items():
            kept = held.shift
            if kept.off:
                if held.epoch != today and kept.rest_until > now:
                    writes.append((staff, shift.again))
            elif self._lines.get(staff):
                if now - kept.seen >= self.rules.drop_seconds / 3 or held.epoch != today:
                    writes.append((staff, shift.here))
            elif not self._connected(kept, now) and now - self._last(kept) >= AWAY_SECONDS:
                away.append(staff)
            elif held.epoch != today:
                writes.append((staff, shift.again))
        if writes:
            self._write(writes)
        for staff in away:
            with contextlib.suppress(Refused):  # ended meanwhile
                self.end_shift(staff)
        return tuple(away)

    def look(self) -> None:
        """See what other processes changed. Raises `StoreError`."""
        with self._lock:
            with self._store.group(reads=True) as group:
                there = self._rows.every(group)
            self._held = MappingProxyType(there)

    # --- inside ---------------------------------------------------------------------------------

    def _duties(self, held: Mapping[str, Held]) -> tuple[Duty, ...]:
        now = self._clock()
        return tuple(self._duty(one.shift, now) for one in _on(held))

    def _shift(self, staff: str) -> Shift:
        held = self._held.get(staff)
        if held is None or held.shift.off:
            raise Refused("no_shift")
        return held.shift

    def _last(self, one: Shift) -> float:
        return max(one.seen, self._started)

    def _connected(self, one: Shift, now: float) -> bool:
        """By a line of this process, or by one that another process told of lately."""
        if self._lines.get(one.staff):
            return True
        return one.line and now - one.seen < self.rules.drop_seconds

    def _duty(self, one: Shift, now: float) -> Duty:
        open_, heavy = self.loads(one.staff)
        return Duty(
            staff=one.staff,
            who=one.who,
            languages=one.languages,
            skills=one.skills,
            connected=self._connected(one, now),
            paused=shift.stage_of(one, now) != "on",
            open=open_,
            heavy=heavy,
            most_open=one.most_open,
            most_heavy=one.most_heavy,
            keys=one.keys,
        )

    def _act(self, staff: str, told: str, how: How) -> Duty:
        kept = self._change(staff, how)
        self._audit(staff, told)
        return self._duty(kept, self._clock())

    def _change(self, staff: str, how: How) -> Shift:
        """One act. Raises `Refused("no_shift")` for who has none."""

        def on_shift(was: Shift, now: float) -> Shift:
            if was.off:
                raise Refused("no_shift")
            return how(was, now)

        self._write([(staff, on_shift)])
        return self._held[staff].shift

    def _write(self, changes: Iterable[tuple[str, How]]) -> None:
        """All of them in one transaction, and in memory after it."""
        with self._lock:
            new: dict[str, Held] = {}
            with self._store.group() as group:
                for staff, how in changes:
                    held = self._rows.one(group, staff)
                    was = self._was(staff, held)
                    then = how(was, self._clock())
                    if then is not was:
                        new[staff] = self._rows.save(group, held, then)
                    elif held is not None:
                        new[staff] = held
            self._held = MappingProxyType({**self._held, **new})

    def _was(self, staff: str, held: Held | None) -> Shift:
        if held is not None:
            return held.shift
        limits = self.rules
        return Shift(
            staff=staff, off=True, most_open=limits.most_open, most_heavy=limits.most_heavy
        )


def _on(held: Mapping[str, Held]) -> list[Held]:
    return [held[staff] for staff in sorted(held) if not held[staff].shift.off]

"""What is wrong with an audit: entries that were changed, left out, moved, cut off or made up.

It decides nothing and mends nothing. Each kind of fault is told once where it begins, since all
that follows a break is broken too. A gap that somebody recorded as a restore is told as that; one
that nobody recorded is a cut.
"""

from dataclasses import dataclass, field
from typing import Final

from bot.audit.audit import Audit
from bot.audit.chain import FIRST_HASH, MOST_STEPS, hash_of, next_key, seal_of
from bot.audit.model import Entry, Fault, Kind
from bot.audit.restoring import GAP, RESTORED, Gap, backup_in, gap_in

Faults = tuple[Fault, ...]
Rows = list[tuple[Entry, bytes, bytes]]
AT_ONCE: Final = 2
"""Entries that are written in one transaction: a gap, and what comes after it."""


def verify(audit: Audit, first: bytes | None = None) -> Faults:
    """All that is wrong, and what is to be told besides (`NOTICES`); empty when nothing is.
    `first`: the first key, when it was taken away.

    Without a first key only the chain, the count and the signatures of restores are looked at: then
    `no_key` is among the faults. Raises `StoreError` or `KeyRingError`.
    """
    first = first or audit.first_key
    kept, rows = audit.next_key(), audit.rows()
    walk = _Walk(audit, first)
    if walk.through(rows):
        walk.faults += _end(kept, walk.key, walk.step, rows)
        walk.faults += (walk.cut(gap, number) for gap, number in walk.gaps.items())
        if first is None:
            said = "the first key is not here: the seals were not looked at (--key FILE)"
            walk.faults.append(Fault("no_key", 0, said))
    return tuple(walk.faults)


@dataclass(slots=True)
class _Walk:
    """What is known while the entries are walked through."""

    audit: Audit
    key: bytes | None = field(repr=False)
    step: int = 1
    """The number of that key."""
    faults: list[Fault] = field(default_factory=list)
    gaps: dict[Gap, int] = field(default_factory=dict)
    """Gaps that nobody has recorded yet, and the number of the entry that marks each."""

    def through(self, rows: Rows) -> bool:
        """Whether it came to the end: not when what follows cannot be looked at any more."""
        before, expected, sound = FIRST_HASH, 1, True
        for entry, hashed, sealed in rows:
            if entry.number != expected:
                said = f"entries {expected} to {entry.number - 1} are missing"
                self._tell("missing", expected, said)
                if entry.number - expected > MOST_STEPS:
                    return False
                self._pass(max(0, entry.number - expected))
                sound = False
            gap = gap_in(entry.about) if entry.act == GAP else None
            if entry.act == GAP and not self._over(gap, entry.number):
                return False
            if sound and hash_of(entry, before) != hashed:
                self._tell("changed", entry.number, f"entry {entry.number} was changed")
                sound = False
            elif self.key and seal_of(self.key, hashed) != sealed:
                said = f"entry {entry.number} was not written by this service, nor what follows it"
                self._tell("forged", entry.number, said)
                return False
            elif not sound and hash_of(entry, before) == hashed:
                sound = True
            if entry.act == RESTORED:
                self._restored(entry, before)
            before, expected = hashed, entry.number + 1
            self._pass(1)
        return True

    def _over(self, gap: Gap | None, number: int) -> bool:
        """Walks the key over a gap; whether it is one."""
        if gap is None or gap.first != self.step or gap.size > MOST_STEPS:
            said = f"entry {number} names a gap that is none; nothing after it can be looked at"
            self._tell("forged", number, said)
            return False
        self._pass(gap.size)
        self.gaps[gap] = number
        return True

    def _restored(self, entry: Entry, before: bytes) -> None:
        """With the key its seal was looked at; without it the signature says who wrote it."""
        gap = gap_in(entry.about)
        if gap not in self.gaps or not (self.key or self.audit.signed(entry, before)):
            said = f"entry {entry.number} tells of a restore that this service did not write down"
            self._tell("forged", entry.number, said)
            return
        ended = self.gaps.pop(gap) - 1
        said = (
            f"restored {entry.at} from {backup_in(entry.about) or 'a backup'}, which ended with "
            f"entry {ended}: {gap.size} entries written after it are lost"
        )
        self._tell("restored", entry.number, said)

    def cut(self, gap: Gap, number: int) -> Fault:
        """A gap that nobody recorded."""
        said = f"{gap.size} entries before entry {number} are missing, and nobody recorded why"
        return Fault("cut", number, said)

    def _pass(self, steps: int) -> None:
        self.step += steps
        for _ in range(steps):
            self.key = next_key(self.key) if self.key else None

    def _tell(self, kind: Kind, number: int, said: str) -> None:
        self.faults.append(Fault(kind, number, said))


def _end(kept: tuple[int, bytes] | None, key: bytes | None, expected: int, rows: Rows) -> Faults:
    """Whether the key that is left fits the last entry that is there. `expected`: the number of the
    key that would seal the next one.
    """
    if kept is None:
        return (Fault("key_moved", 0, "the key of the next entry is missing or broken"),)
    number, left = kept
    last = rows[-1][0].number if rows else 0
    if number > expected:
        said = f"the last {number - expected} entries are missing, from {last + 1} on"
        return (Fault("cut", last + 1, said),)
    # A crash leaves the key behind by what was written at once, which it sealed.
    behind = rows[len(rows) - min(expected - number, len(rows)) :] if number < expected else []
    for entry, hashed, sealed in behind:
        if len(behind) > AT_ONCE or seal_of(left, hashed) != sealed:
            said = f"entries from {entry.number} on were not written by this service"
            return (Fault("forged", entry.number, said),)
        left = next_key(left)
    if key and left != key:
        return (Fault("key_moved", last + 1, "the key of the next entry is another one"),)
    return ()

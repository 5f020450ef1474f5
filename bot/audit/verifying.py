"""What is wrong with an audit: entries that were changed, left out, moved, cut off or made up.

It decides nothing and mends nothing. Each kind of fault is told once where it begins, since all
that follows a break is broken too.
"""

from bot.audit.audit import Audit
from bot.audit.chain import FIRST_HASH, MOST_STEPS, hash_of, next_key, seal_of
from bot.audit.model import Fault

Faults = tuple[Fault, ...]


def verify(audit: Audit, first: bytes | None = None) -> Faults:
    """All that is wrong; empty when nothing is. `first`: the first key, when it was taken away.

    Without a first key only the chain and the count are looked at: then `no_key` is among the
    faults. Raises `StoreError` or `KeyRingError`.
    """
    first = first or audit.first_key
    kept, rows = audit.next_key(), audit.rows()
    faults: list[Fault] = []
    before, expected, key = FIRST_HASH, 1, first
    sound = True
    for entry, hashed, sealed in rows:
        if entry.number != expected:
            said = f"entries {expected} to {entry.number - 1} are missing"
            faults.append(Fault("missing", expected, said))
            if entry.number - expected > MOST_STEPS:
                return tuple(faults)
            for _ in range(max(0, entry.number - expected)):
                key = next_key(key) if key else None
            sound = False
        if sound and hash_of(entry, before) != hashed:
            faults.append(Fault("changed", entry.number, f"entry {entry.number} was changed"))
            sound = False
        elif key and seal_of(key, hashed) != sealed:
            said = f"entry {entry.number} was not written by this service, nor what follows it"
            faults.append(Fault("forged", entry.number, said))
            return tuple(faults)
        elif not sound and hash_of(entry, before) == hashed:
            sound = True
        before, expected = hashed, entry.number + 1
        key = next_key(key) if key else None
    faults += _end(kept, key, expected)
    if first is None:
        said = "the first key is not here: the seals were not looked at (--key FILE)"
        faults.append(Fault("no_key", 0, said))
    return tuple(faults)


def _end(kept: tuple[int, bytes] | None, key: bytes | None, expected: int) -> Faults:
    """Whether the key that is left fits the last entry that is there."""
    if kept is None:
        return (Fault("key_moved", 0, "the key of the next entry is missing or broken"),)
    number, left = kept
    if number > expected:
        said = f"the last {number - expected} entries are missing, from {expected} on"
        return (Fault("cut", expected, said),)
    if number < expected - 1:
        said = f"entries from {number} on were not written by this service"
        return (Fault("forged", number, said),)
    while key and number < expected:  # a crash left the key behind: it leads to the same
        number, left = number + 1, next_key(left)
    if key and left != key:
        return (Fault("key_moved", expected, "the key of the next entry is another one"),)
    return ()

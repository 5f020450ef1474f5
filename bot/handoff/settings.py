"""What the lead decides about the desk: opening hours, and what happens when too many come.

It decides that nobody overwrites what somebody else changed meanwhile, that every change is told to
the audit, and that what was written past the console counts as not set. It must not know what a
setting means. Nothing of a person is in it, so it is kept in the clear and stands in backups; below
each stands a code of it, made with a secret that is not in the database.
"""

import hashlib
import hmac
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Protocol

from bot import report
from bot.handoff import office_tables as tables
from bot.handoff.model import Refused
from bot.storage import Store

MOST_BYTES: Final = 64 * 1024
"""The largest setting."""
SECRET: Final = "desk-settings"  # nosec B105  # noqa: S105  # the name of one
"""The secret that vouches for settings, and the mark that it does: what stood there before the
first start with it was believed as it was, once.
"""


class Vouching(Protocol):
    """What is asked of the folder of signing keys; see `bot.vault.Signing`."""

    def secret(self, name: str) -> bytes:
        """32 random bytes of that name, made when missing."""
        ...

    def mark(self, name: str) -> int:
        """The highest number that was seen of that; -1 before the first."""
        ...

    def raise_mark(self, name: str, number: int) -> None:
        """Remembers that number unless a higher one was seen."""
        ...


class Told(Protocol):
    """What takes down who did what; see `bot.audit`."""

    def __call__(self, staff: str, act: str, about: str = "", why: str = "") -> object:
        """Write it down. Does not raise."""
        ...


def nobody(staff: str, act: str, about: str = "", why: str = "") -> None:
    """Takes nothing down, where nothing is kept."""


class Stale(Refused):
    """Somebody changed it meanwhile: look at what stands there now, and decide again."""

    def __init__(self) -> None:
        super().__init__("stale")


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting as it stands. Version 0: nobody ever set it."""

    version: int = 0
    body: str = ""
    """JSON, for whoever owns the setting."""


NONE: Final = Setting()


class Settings:
    """The settings of one desk. Reading is from memory and takes no lock, so that it is good within
    a group; `save` and `look` open a group of their own.
    """

    def __init__(self, store: Store, signing: Vouching, audit: Told = nobody) -> None:
        """Reads what there is. Raises `StoreError` or `KeyRingError`."""
        self._store, self._signing, self._audit = store, signing, audit
        self._secret = signing.secret(SECRET)
        self._vouched = signing.mark(SECRET) >= 0
        self._lock = threading.Lock()
        self._held: Mapping[str, Setting] = MappingProxyType({})
        self._lay: Mapping[str, tuple[int, str]] = {}
        """What lies there of each, as it was last looked at."""
        self.look()

    def vouch(self) -> None:
        """From now on nothing counts that was written past the console. For the service itself, at
        its start. Raises `StoreError` or `KeyRingError`.
        """
        if self._vouched:
            return
        with self._lock, self._store.group() as group:
            for name, version, lies in group.ask(tables.SETTINGS, ()):
                if self._opened(name, version, lies) is None:
                    values = (version, self._coded(name, version, _bare(lies)), name, version)
                    group.run(tables.CHANGE_SETTING, [values])
        self._signing.raise_mark(SECRET, 1)
        self._vouched = True
        self.look()

    def read(self, name: str) -> Setting:
        """That setting as it was when somebody last looked."""
        return self._held.get(name, NONE)

    def save(self, staff: str, name: str, version: int, body: str, why: str = "") -> Setting:
        """Set one; `version` is the one that was looked at. See `save_all`."""
        return self.save_all(staff, {name: version}, body, why)[0]

    def save_all(
        self, staff: str, versions: Mapping[str, int], body: str, why: str = ""
    ) -> tuple[Setting, ...]:
        """Set several to the same, all of them or none. Of `hours/uk` the audit is told as the act
        `desk.hours` about `uk`, with that reason.

        Raises `Stale`, `Refused("large")` or `StoreError`: then nothing is changed.
        """
        if len(body.encode()) > MOST_BYTES:
            raise Refused("large")
        new = {name: Setting(version + 1, body) for name, version in versions.items()}
        with self._lock:
            with self._store.group() as group:
                for name, was in versions.items():
                    coded = self._coded(name, was + 1, body)
                    done = (
                        group.run(tables.CHANGE_SETTING, [(was + 1, coded, name, was)])
                        if was
                        else group.run(tables.MAKE_SETTING, [(name, was + 1, coded)])
                    )
                    if done != 1:
                        raise Stale
            self._held = MappingProxyType({**self._held, **new})
        for name in new:
            kind, _, about = name.partition("/")
            self._audit(staff, f"desk.{kind}", about, why)
        return tuple(new.values())

    def names(self, kind: str) -> tuple[str, ...]:
        """What is set of a kind: `hours` → `("en", "uk")`, in order."""
        found = (name.partition("/") for name, setting in self._held.items() if setting.body)
        return tuple(sorted(about for one, _, about in found if one == kind))

    def look(self) -> None:
        """See what other processes changed. Raises `StoreError`."""
        with self._lock:
            with self._store.group(reads=True) as group:
                rows = group.ask(tables.SETTINGS, ())
            # Whatever somebody put there by hand is no text, perhaps.
            lay = {str(name): (version, str(lies)) for name, version, lies in rows}
            # Whoever holds a setting sees by it that nothing changed.
            held = {
                name: self._held[name]
                if name in self._held and self._lay.get(name) == lay[name]
                else self._read(name, *lay[name])
                for name in lay
            }
            self._held, self._lay = MappingProxyType(held), lay

    def _read(self, name: str, version: int, lies: str) -> Setting:
        """As it counts: one that nobody vouches for is not set, and can be set anew."""
        body = self._opened(name, version, lies)
        if body is None and self._vouched:
            report.alarm("setting_changed_by_hand", count=1)
            return Setting(version)
        return Setting(version, _bare(lies) if body is None else body)

    def _coded(self, name: str, version: int, body: str) -> str:
        """As it lies there: the body, and its code on a line of its own."""
        of = b"".join(
            len(part).to_bytes(8, "big") + part for part in (name.encode(), body.encode())
        )
        code = hmac.new(self._secret, of + str(version).encode(), hashlib.sha256)
        return f"{body}\n{code.hexdigest()}"

    def _opened(self, name: str, version: int, lies: str) -> str | None:
        """The body, when the code below it is that of this name and version."""
        body, _, _ = lies.rpartition("\n")
        is_ours = hmac.compare_digest(self._coded(name, version, body).encode(), lies.encode())
        return body if is_ours else None


def _bare(lies: str) -> str:
    """A body without its code, where one of other keys may stand: JSON is written on one line."""
    return lies.partition("\n")[0]

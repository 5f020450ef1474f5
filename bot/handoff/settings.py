"""What the lead decides about the desk: opening hours, and what happens when too many come.

It decides that nobody overwrites what somebody else changed meanwhile, and that every change is
told to the audit. It must not know what a setting means. Nothing of a person is in it, so it is
kept in the clear and stands in backups.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Protocol

from bot.handoff import office_tables as tables
from bot.handoff.model import Refused
from bot.storage import Store

MOST_BYTES: Final = 64 * 1024
"""The largest setting."""


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

    def __init__(self, store: Store, audit: Told = nobody) -> None:
        """Reads what there is. Raises `StoreError`."""
        self._store, self._audit = store, audit
        self._lock = threading.Lock()
        self._held: Mapping[str, Setting] = MappingProxyType({})
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
                for name, setting in new.items():
                    done = (
                        group.run(
                            tables.CHANGE_SETTING, [(setting.version, body, name, versions[name])]
                        )
                        if versions[name]
                        else group.run(tables.MAKE_SETTING, [(name, setting.version, body)])
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
        found = (name.partition("/") for name in self._held)
        return tuple(sorted(about for one, _, about in found if one == kind))

    def look(self) -> None:
        """See what other processes changed. Raises `StoreError`."""
        with self._lock:
            with self._store.group(reads=True) as group:
                rows = group.ask(tables.SETTINGS, ())
            self._held = MappingProxyType({name: Setting(*rest) for name, *rest in rows})

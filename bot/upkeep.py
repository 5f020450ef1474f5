"""When the service was last looked after: swept, backed up, a backup tried. A small file for each.

It decides how that is written down. It must not hold anything but a moment, a word and counts.
"""

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal

FOLDER: Final = "upkeep"
Act = Literal["swept", "backup", "restore-test", "signing-export"]
_LONGEST: Final = 4_096


@dataclass(frozen=True, slots=True)
class Done:
    """One act, as it went last."""

    at: datetime
    """In UTC, to the second."""
    well: bool
    counts: Mapping[str, int] = field(default_factory=dict)


class Upkeep:
    """The acts of one data folder."""

    def __init__(self, data: Path) -> None:
        """`data`: the folder of the databases, which need not be there yet."""
        self._folder = data / FOLDER

    def done(self, act: Act, *, well: bool = True, **counts: int) -> None:
        """Write down that it was done now. Raises `OSError` when that cannot be."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        at = datetime.now(UTC).replace(microsecond=0)
        said = json.dumps({"at": at.isoformat(), "well": well, "counts": counts}, sort_keys=True)
        aside = self._folder / f".{secrets.token_hex(4)}"
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(f"{said}\n")
        aside.replace(self._folder / f"{act}.json")

    def last(self, act: Act) -> Done | None:
        """How it went last; None when it never was done, or nobody can say."""
        try:
            with (self._folder / f"{act}.json").open(encoding="ascii") as file:
                said = json.loads(file.read(_LONGEST))
            at = datetime.fromisoformat(said["at"])
            counts = {str(name): int(count) for name, count in said["counts"].items()}
            return Done(at.astimezone(UTC), bool(said["well"]), counts)
        except (OSError, ValueError, LookupError, TypeError, AttributeError):
            return None

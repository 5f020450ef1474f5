"""What a check of the doctor is, and the list of all of them with what each looks at.

It decides nothing. Nothing heavy is loaded here, so that help can show the list.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from bot.settings import Settings

Verdict = Literal["ok", "warn", "fail"]
ABOUT: Final[Mapping[str, str]] = {
    "settings": "every name is known and every value can be used; none is a secret for all to see",
    "files": "nobody else can read the data, the token or the settings of the database",
    "clock": "the clock is kept right, and is the one of the database and the key services",
    "disk": "there is room, and there are inodes, for data and backups",
    "memory": "no swap and no core file writes memory to a disk",
    "databases": "all four answer, with the tables that this program wants",
    "keys": "keys by day can be had, from a folder or from key services",
    "signing": "the keys that sign listings are there, outside of the data",
    "retention": "what was due is destroyed: no row is older than its key",
    "audit": "what staff did was not changed, cut off or made up",
    "backup": "there is a backup of the last days, and one was tried this month",
    "words": "flows and catalogues can be read, and the language is spoken",
    "notice": "the privacy notice says who runs the service, and where people can ask",
    "lint": "no flow and no catalogue has a fault",
    "listings": "something is published, and little of it is past its day",
    "crisis": "for each country and language there is a line that always answers",
    "staff": "there are two people for what needs two",
    "shifts": "the desk has hours tonight and people to work them",
    "telegram": "the token can be read; with --online what Telegram says of the webhook",
    "logs": "what is put into the log of the program does not come out of it",
}
"""Every check, in its order."""


@dataclass(frozen=True, slots=True)
class Finding:
    """How one check ended. `mend`: the exact command or the place to change; empty when ok."""

    verdict: Verdict
    said: str
    mend: str = ""


Look = Callable[["Settings"], Finding]


def ok(said: str) -> Finding:
    """All is well."""
    return Finding("ok", said)


def warn(said: str, mend: str) -> Finding:
    """It runs, and somebody should look."""
    return Finding("warn", said, mend)


def fail(said: str, mend: str) -> Finding:
    """It does not run, or a promise is not kept."""
    return Finding("fail", said, mend)

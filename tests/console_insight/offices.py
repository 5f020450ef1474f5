"""An office with a small directory, a real ledger and real keys, for the pages of this folder."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.app import LOCALES
from bot.console import coverage, duplicates, links, offline
from bot.console.frame import ConsoleSettings, Office
from bot.console.routes import ROUTES
from bot.ledger.known import Known
from bot.ledger.ledger import Ledger
from bot.speech import Speech, read_speech
from bot.vault.signing import SigningKeys
from referral_directory import Directory
from tests.console_frame.visitors import Clock, an_office
from tests.directory.helpers import directory
from tests.ledger.ready import laid

MINE = (*duplicates.ROUTES, *coverage.ROUTES, *offline.ROUTES, *links.ROUTES)
EVERY = tuple(dict.fromkeys((*ROUTES, *MINE)))
"""All routes, with ours among them whether the menu names them yet or not."""


@lru_cache
def speech() -> Speech:
    """All that is said, read once for all tests of this folder."""
    return read_speech(LOCALES)


@contextmanager
def office_with(
    folder: Path, *listings: str, settings: ConsoleSettings | None = None, **parts: Any
) -> Iterator[Office]:
    """An office whose ledger holds these listings, published as in a demonstration."""
    there = directory(folder, *listings)
    clock = Clock()
    keys = SigningKeys.open(folder / "signing")
    data = folder / "data"
    data.mkdir(mode=0o700)
    ledger = Ledger.open(laid(data / "directory.db"), keys, clock, known=Known.of(there))
    ledger.seed(there.entries, "pack:ua", publish_for_demo=True)
    try:
        yield an_office(
            folder / "staff",
            ledger,
            clock=clock,
            settings=settings or ConsoleSettings(demo=True),
            parts={
                "directory": there,
                "live": live_of(there),
                "speech": speech(),
                "signing": keys,
                **parts,
            },
        )
    finally:
        ledger.close()


def ledger_of(office: Office) -> Ledger:
    """The ledger of an office that has one."""
    assert office.ledger is not None
    return office.ledger


def live_of(there: Directory) -> Any:
    """What is served of a directory, the same at each call."""
    live = there.serving(None)
    return lambda: live

"""A console with a real ledger, a real directory and people who keep it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bot.app import LOCALES
from bot.ledger.known import Known
from bot.ledger.ledger import Ledger
from bot.ledger.model import Actor, Draft, Record
from bot.speech import read_speech
from bot.vault.signing import SigningKeys
from referral_directory import Directory, load_packs
from tests.console_frame.visitors import Clock, Console, a_console, an_office
from tests.ledger.ready import laid

DIRECTORY: Directory = load_packs(countries=("ua",))
KNOWN = Known.of(DIRECTORY)
AUTHOR, SECOND = Actor("author", restricted=True), Actor("second", restricted=True)
NUMBER = "+380440000001"


def content(**more: Any) -> dict[str, Any]:
    """A listing that says a little of everything."""
    return {
        "names": {"en": "Quiet Harbour", "uk": "Тиха гавань"},
        "organization": {"en": "Harbour Foundation (example)"},
        "summary": {"en": "A counsellor answers. You need not give your name."},
        "needs": ["psychosocial.counselling"],
        "area": ["UA-63"],
        "languages": ["uk", "ru"],
        "who": {"woman": "yes", "man": "yes"},
        "cost": "free",
        "hours": {"printed": "Mon-Fri 09:00-18:00", "rules": "Mo-Fr 09:00-18:00"},
        "contacts": [
            {"kind": "phone", "number": NUMBER, "label": {"en": "Reception"}},
            {"kind": "web", "url": "https://harbour.example.org/"},
        ],
        "source": {"url": "https://harbour.example.org/about", "date": "2026-10-01"},
        **more,
    }


class Rooms:
    """The office, its ledger and a few listings."""

    def __init__(self, folder: Path) -> None:
        self.clock = Clock()
        folder.chmod(0o700)
        keys = SigningKeys.open(folder / "keys", create=True)
        self.ledger = Ledger.open(laid(folder / "directory.db"), keys, self.clock, known=KNOWN)
        self.live = DIRECTORY.serving(None)
        self.speech = read_speech(LOCALES)
        self.office = an_office(
            folder / "staff",
            self.ledger,
            clock=self.clock,
            parts={
                "signing": keys,
                "directory": DIRECTORY,
                "speech": self.speech,
                "live": lambda: self.live,
            },
        )

    def draft(
        self, said: dict[str, Any] | None = None, id_: str | None = None, why: str = ""
    ) -> Draft:
        """A draft of the author."""
        base = self.record(id_).revision if id_ else 0
        return self.ledger.propose(AUTHOR, id_, said or content(), base=base, version=None, why=why)

    def published(self, said: dict[str, Any] | None = None) -> str:
        """A listing that survivors see; its id."""
        draft = self.draft(said)
        record = self.record(draft.record)
        from referral_directory.keeping import critical  # noqa: PLC0415

        parts = critical(draft.content)
        if parts:
            self.ledger.check(AUTHOR, record.row.id, parts, "call", draft.version)
        self.ledger.publish(SECOND, record.row.id, draft.version, draft.digest)
        return record.row.id

    def record(self, id_: str) -> Record:
        """A record as somebody sees it who may see all."""
        return self.ledger.record(id_, AUTHOR)


@asynccontextmanager
async def a_desk(folder: Path) -> AsyncIterator[tuple[Rooms, Console]]:
    """A console that runs on such rooms."""
    rooms = Rooms(folder)
    async with a_console(rooms.office) as console:
        yield rooms, console
    rooms.ledger.close()

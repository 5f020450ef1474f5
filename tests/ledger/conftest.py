"""A ledger in a directory of its own, its keys beside it, and the people who keep it."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.ledger.known import Known
from bot.ledger.ledger import Ledger
from bot.ledger.model import Actor, Draft, Revision
from bot.vault import SigningKeys
from referral_directory.keeping import critical

DAY = 86_400
KNOWN = Known(
    needs=frozenset(
        {"legal", "legal.advice", "shelter", "medical", "information", "emergency.hotline"}
    ),
    areas={"UA": "UA", "UA-63": "UA", "UA-46": "UA", "LT": "LT", "INT": "INT"},
)
ANNA, BORYS, VIRA = Actor("anna"), Actor("borys"), Actor("vira", restricted=True, vets=True)
PHONE = "+380440000001"


def listing(name: str = "Legal Advice Centre", **more: Any) -> dict[str, Any]:
    """A listing that is plainly made up."""
    return {
        "names": {"en": name, "uk": "Правова допомога"},
        "organization": {"en": "Example Organisation"},
        "needs": ["legal.advice"],
        "area": ["UA-63"],
        "languages": ["uk"],
        "summary": {"en": "Free legal advice.", "uk": "Безоплатна правова допомога."},
        "contacts": [{"kind": "phone", "number": PHONE}],
        "source": {"url": "https://example.org/about", "date": "2026-05-01"},
    } | more


@dataclass
class Office:
    """The ledger and what surrounds it; the clock stands where a test puts it."""

    folder: Path
    now: float = 1_790_000_000.0
    ledger: Ledger = field(init=False)

    def __post_init__(self) -> None:
        self.keys = SigningKeys.open(self.folder / "keys", outside=self.folder / "data")
        self.ledger = self.again()

    @property
    def path(self) -> Path:
        return self.folder / "data" / "directory.db"

    def again(self) -> Ledger:
        """The same file, opened once more: as another process has it."""
        return Ledger.open(self.path, self.keys, lambda: self.now, known=KNOWN)

    def later(self, days: int) -> None:
        self.now += days * DAY

    def proposed(self, content: dict[str, Any], by: Actor = ANNA) -> Draft:
        return self.ledger.propose(by, None, content, base=0, version=None)

    def changed(self, record: str, by: Actor = ANNA, **fields: Any) -> Draft:
        stands = self.ledger.record(record, by)
        draft = stands.draft
        content = {**(draft.content if draft else stands.content), **fields}
        version = draft.version if draft else None
        return self.ledger.propose(by, record, content, base=stands.revision, version=version)

    def checked(self, draft: Draft, by: Actor = ANNA) -> None:
        if parts := critical(draft.content):
            self.ledger.check(by, draft.record, parts, "call", draft.version)

    def approved(self, draft: Draft, by: Actor = BORYS) -> Revision:
        return self.ledger.publish(by, draft.record, draft.version, draft.digest)

    def published(self, **more: Any) -> str:
        """A listing that went the whole way: proposed, called, approved by another."""
        draft = self.proposed(listing(**more))
        self.checked(draft)
        self.approved(draft)
        return draft.record

    def served(self) -> dict[str, bytes | None]:
        return {row.id: row.content for row in self.ledger.published().rows}

    def by_hand(self, statement: str, *values: Any) -> int:
        """What somebody does who can write to the file and has no key."""
        with sqlite3.connect(self.path) as connection:
            count = connection.execute(statement, values).rowcount
        connection.close()
        return count


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty ledger with its keys, made once: a test takes a copy."""
    office = Office(tmp_path_factory.mktemp("ledger") / "empty")
    office.ledger.close()
    return office.folder


@pytest.fixture
def make_office(tmp_path: Path, empty: Path) -> Iterator[Callable[[str], Office]]:
    made: list[Office] = []

    def make(name: str) -> Office:
        made.append(Office(Path(shutil.copytree(empty, tmp_path / name))))
        return made[-1]

    yield make
    for office in made:
        office.ledger.close()


@pytest.fixture
def office(make_office: Callable[[str], Office]) -> Office:
    return make_office("office")

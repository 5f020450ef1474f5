"""The figures beside the menu: who is given them, and that a page does not wait for them."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import pytest
import pytest_asyncio

from bot.ledger.known import Known
from bot.ledger.ledger import Ledger
from bot.ledger.model import Actor
from bot.staff import StoreError
from bot.staff.model import Stage
from bot.vault.signing import SigningKeys
from tests.console_frame.doors import CLOCK, at_the_door, come
from tests.console_frame.visitors import Console
from tests.ledger.ready import laid

pytestmark = pytest.mark.asyncio(loop_scope="session")

DRAFT: Final = {
    "names": {"en": "Quiet Harbour (example)"},
    "organization": {"en": "Harbour Foundation (example)"},
    "summary": {"en": "A counsellor answers."},
    "needs": ["legal"],
    "area": ["UA"],
    "languages": ["uk"],
    "contacts": [{"kind": "web", "url": "https://harbour.example.org/"}],
    "source": {"url": "https://harbour.example.org/about", "date": "2026-10-01"},
}


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    """One in which a draft waits for a second person."""
    folder = tmp_path_factory.mktemp("ledger")
    keys = SigningKeys.open(folder / "keys", create=True)
    known = Known(frozenset({"legal"}), {"UA": "UA"})
    ledger = Ledger.open(laid(folder / "directory.db"), keys, CLOCK, known=known)
    ledger.propose(Actor("author"), None, DRAFT, base=0, version=None)
    return ledger


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def door(tmp_path_factory: pytest.TempPathFactory, ledger: Ledger) -> AsyncIterator[Console]:
    """A console with that ledger."""
    async with at_the_door(tmp_path_factory.mktemp("door"), ledger) as door:
        yield door
    ledger.close()


@pytest.mark.parametrize(
    ("path", "stage", "figures"),
    [
        ("/mine", "signed_in", True),
        ("/edit", "signed_in", True),
        ("/open", "signed_in", False),
        ("/quiet", "signed_in", False),
        ("/script", "signed_in", False),
        ("/begin", "set_up", False),
        ("/open", None, False),
    ],
)
async def test_a_page_with_the_menu_has_its_figures_and_no_other(
    door: Console, path: str, stage: Stage | None, figures: bool
) -> None:
    visitor = door.browser()
    if stage is not None:
        visitor = await door.someone("Anna Example", "editor", stage=stage)
    came = await come(visitor, "GET", path)
    counts = json.loads(came.text)["counts"]
    assert counts.get("drafts_waiting") == (1 if figures else None)
    assert bool(counts) is figures


async def test_a_page_opens_also_while_nobody_can_say_what_waits(
    door: Console, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise StoreError(Path("directory.db"), "it is locked", "Try again.")

    monkeypatch.setattr(type(ledger), "counts", away)
    # Somebody whose figures were not looked up yet.
    visitor = await door.someone("Boris Example", "editor")
    came = await come(visitor, "GET", "/mine")
    assert (came.status, json.loads(came.text)["counts"]) == (200, {})

"""Listings that not everybody may see."""

from typing import Any

from bot.ledger.model import Actor
from tests.ledger.conftest import VIRA, Office, listing

OLENA = Actor("olena", restricted=True)


def kept_back(office: Office, **more: Any) -> str:
    """A listing of which something is not public, published by two people who may see it."""
    draft = office.proposed(listing(**more), VIRA)
    office.checked(draft, VIRA)
    office.approved(draft, OLENA)
    return draft.record

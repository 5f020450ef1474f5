"""A ledger with people who keep it, and what serves from it."""

from collections.abc import Callable, Iterator

import pytest

from bot.serving import Serving
from referral_directory import Country, Directory, Query
from tests.directory.test_search_always import COUNTRY, NEEDS, PLACES
from tests.ledger.conftest import Office, backend, empty, make_office, office

__all__ = ["backend", "empty", "make_office", "office"]

HERE = Directory(
    PLACES,
    NEEDS,
    {},
    (Country("UA", COUNTRY.names, {}, COUNTRY.zone, ("uk",)),),
    {"UA": COUNTRY},
)
ADVICE = Query(needs=("legal.advice",), place="UA-63", languages=("uk",))
Serve = Callable[[], Serving]


@pytest.fixture
def serve(office: Office) -> Iterator[Serve]:
    """Makes what serves from the office's ledger, as another process has it open."""
    made: list[tuple[Serving, Callable[[], None]]] = []

    def serve() -> Serving:
        ledger = office.again()
        serving = Serving(ledger, HERE, lambda: office.now)
        made.append((serving, ledger.close))
        return serving

    yield serve
    for serving, close in made:
        serving.stop()
        close()

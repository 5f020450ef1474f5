"""The ledger and its people, as in the tests of the ledger itself."""

from tests.ledger.conftest import (
    backend,
    empty,
    empty_on_server,
    make_office,
    office,
    pytest_generate_tests,
)

__all__ = ["backend", "empty", "empty_on_server", "make_office", "office", "pytest_generate_tests"]

"""The ledger and its people, as in the tests of the ledger itself."""

from tests.ledger.conftest import empty, make_office, office

__all__ = ["empty", "make_office", "office"]

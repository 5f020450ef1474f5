"""A listing that went the whole way in an installation, and an account of somebody there."""

from bot.atlas import read_atlas
from bot.ledger.known import Known
from bot.ledger.ledger import Ledger
from bot.settings import Settings
from bot.staff import StaffBook
from bot.wiring import database_of, open_signing
from referral_directory.keeping import critical
from tests.ledger.conftest import ANNA, BORYS, listing


def known_here(settings: Settings) -> Known:
    """What a ledger of these settings is asked with."""
    return Known.of(read_atlas(settings.countries).served)


def ledger_of(settings: Settings) -> Ledger:
    """The ledger of these settings. Close it."""
    signing = open_signing(settings)
    return Ledger.open(database_of(settings, "directory"), signing, known=known_here(settings))


def publish(settings: Settings, name: str = "Legal Advice Centre") -> str:
    """Propose, check and publish a listing that is plainly made up; gives its id."""
    ledger = ledger_of(settings)
    said = listing(name, area=["LT"])
    draft = ledger.propose(ANNA, None, said, base=0, version=None)
    if parts := critical(draft.content):
        ledger.check(ANNA, draft.record, parts, "call", draft.version)
    ledger.publish(BORYS, draft.record, draft.version, draft.digest)
    ledger.close()
    return draft.record


def hire(settings: Settings) -> None:
    """An account for Olena."""
    book = StaffBook.open(database_of(settings, "staff"), open_signing(settings).secret("staff"))
    book.accounts.add("Olena", ("editor",))
    book.close()


def names_of_staff(settings: Settings) -> list[str]:
    """Who has an account."""
    book = StaffBook.open(database_of(settings, "staff"), open_signing(settings).secret("staff"))
    try:
        return [one.name for one in book.accounts.everyone()]
    finally:
        book.close()

"""Words that are purged are gone from reports, translations, marks and views as well."""

from bot.ledger.texts import Spot
from tests.ledger.conftest import ANNA, BORYS, VIRA, Office
from tests.ledger_more.helpers import OLENA

LEAKED = "+380440000777"
HOUSE = "Leaked Street"


def test_a_purged_number_and_street_are_in_no_byte_of_the_file(office: Office) -> None:
    contact = {"kind": "phone", "number": LEAKED, "label": {"en": "By day"}}
    record = office.published(contacts=[contact], organization={"en": f"House in {HOUSE}"})
    other = office.published(name="Another")
    spot = Spot(record, f"label:phone:{LEAKED}", "fr")
    office.ledger.report(record, "wrong", "survivor", f"contact:phone:{LEAKED}")
    task = office.ledger.report(record, "no_answer", "survivor").task
    office.ledger.close_task(ANNA, task.id, f"called {LEAKED} in {HOUSE}")
    office.ledger.write_text(ANNA, spot, "Le jour")
    office.ledger.dismiss_pair(ANNA, record, other, f"that one is in {HOUSE}")
    office.ledger.mark_organization(ANNA, f"House in {HOUSE}", do_not_list=True, why="they asked")
    office.ledger.save_view("anna", "the leaked one", {"text": HOUSE})

    office.ledger.purge(VIRA, OLENA, record, [f"contact:phone:{LEAKED}", f"text:{HOUSE}"], "leak")

    bytes_ = office.bytes()
    for word in (LEAKED, LEAKED[4:], HOUSE, HOUSE.casefold()):
        assert word.encode() not in bytes_
    assert office.ledger.verify_history() == ()
    assert office.ledger.tasks(BORYS)[0].record == record

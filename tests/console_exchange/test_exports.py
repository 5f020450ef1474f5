"""What leaves the house, for whom; and what of it stays, which is said before."""

import io
import json
import zipfile
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.console_exchange.bringing import bring, fetch
from tests.console_frame.visitors import Console, Visitor
from tests.console_listings.reading import Seen, Sent
from tests.console_listings.rooms import AUTHOR, Rooms, content

pytestmark = pytest.mark.asyncio(loop_scope="session")
HIDDEN = {"kind": "phone", "number": "+380440000077", "visibility": "operator_only"}
RESTRICTED = [("form", "csv"), ("restricted", "yes")]
OPEN = {"kind": "phone", "number": "+380440000066"}


@pytest.fixture(scope="module")
def filled(rooms: Rooms) -> Rooms:
    """A public listing, one with a hidden number, one not public, one never exported, a draft."""

    def named(name: str, **more: Any) -> dict[str, Any]:
        page = name.lower().replace(" ", "-")
        source = {"url": f"https://{page}.example.org/", "date": "2026-10-01"}
        return content(
            **{"names": {"en": name}, "contacts": [OPEN], "area": ["UA-63"], "source": source}
            | more
        )

    rooms.published(named("Open one"))
    rooms.published(named("Open in Kyiv", area=["UA-30"], languages=["en"]))
    rooms.published(named("Half open", contacts=[OPEN, HIDDEN]))
    rooms.published(named("Closed one", visibility="operator_only"))
    rooms.published(named("Never one", visibility="never_export"))
    rooms.draft(named("Draft one"))
    return rooms


async def out(who: Visitor, query: str) -> tuple[str, bytes]:
    """What the page says, and the file that its button gives."""
    page = await who.get(f"/exports?{query}")
    path = "/exports/restricted" if 'action="/exports/restricted"' in page else "/exports"
    name, data = await fetch(who, path, Sent(page, path).pairs[1:])
    assert name.startswith("attachment"), data
    return Seen(page).text, data


async def test_a_table_holds_what_is_public_and_says_what_stays(
    anna: Visitor, filled: Rooms
) -> None:
    said, data = await out(anna, "form=csv&headers=en")
    text = data.decode("utf-8-sig")
    assert "4 listings go out" in said
    assert "Not public, so they stay here: 1." in said
    assert "Never to be exported, whoever asks: 1." in said
    assert "without contacts or addresses that are not public: 1." in said
    for name in ("Open one", "Half open", "Draft one"):
        assert name in text
    for name in ("Closed one", "Never one", "380440000077"):
        assert name not in text
    before = len(filled.ledger.drafts(AUTHOR))
    _, place, _ = await bring(anna, data, "back.csv")
    assert "the file says what stands" in await anna.get(place)
    assert len(filled.ledger.drafts(AUTHOR)) == before


async def test_what_is_not_public_goes_out_only_to_who_may_and_is_written_down(
    anna: Visitor, cleo: Visitor, filled: Rooms
) -> None:
    said, data = await out(anna, "form=xlsx&restricted=yes")
    sheet = load_workbook(io.BytesIO(data)).worksheets[0]
    cells = {str(cell) for line in sheet.iter_rows(values_only=True) for cell in line}
    assert {"Closed one", "+380440000077"} <= cells
    assert "Never one" not in cells
    assert "Of 2 listings something goes out that is not public" in said
    assert anna.staff is not None
    acts = filled.ledger.history("ua-closed-one", AUTHOR)
    assert anna.staff.id in [one.by for one in acts if one.act == "look"]
    said, data = await out(cleo, "form=csv&restricted=yes")
    assert b"Closed one" not in data
    assert b"380440000077" not in data
    assert "this house only" not in said
    _, data = await fetch(cleo, "/exports/restricted", RESTRICTED)
    assert (b"Open one" in data, b"Closed one" in data) == (True, False)
    _, data = await fetch(anna, "/exports", RESTRICTED)
    assert b"Open one" in data
    assert b"Closed one" not in data


async def test_what_is_not_public_needs_a_fresh_proof(
    desk: tuple[Rooms, Console], filled: Rooms
) -> None:
    gina = await desk[1].someone("Gina", "lead")
    filled.clock.now += 400
    name, data = await fetch(gina, "/exports/restricted", RESTRICTED)
    assert name == ""
    assert b"Closed one" not in data


async def test_partners_get_what_survivors_are_shown(anna: Visitor, filled: Rooms) -> None:
    said, data = await out(anna, "form=hsds")
    services = {one["name"] for one in json.loads(data)}
    assert services == {"Open one", "Open in Kyiv", "Half open"}
    assert b"0440000077" not in data
    assert "partners do not get them: 3." in said
    filled.ledger.suspend(AUTHOR, ("ua-open-one",), why="unsafe")
    _, data = await out(anna, "form=tabular")
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        services_csv = package.read("services.csv").decode()
        assert "datapackage.json" in package.namelist()
    assert "Half open" in services_csv
    assert "Open one" not in services_csv


async def test_only_a_place_a_language_or_chosen_listings_go_out(
    anna: Visitor, filled: Rooms, desk: tuple[Rooms, Console]
) -> None:
    _, data = await out(anna, "form=csv&area=UA-30")
    assert (b"Open in Kyiv" in data, b"Half open" in data) == (True, False)
    _, data = await out(anna, "form=csv&language=uk")
    assert (b"Open in Kyiv" in data, b"Half open" in data) == (False, True)
    said, data = await out(anna, "form=csv&id=ua-half-open&headers=uk")
    assert "Only the 1 listing that was chosen." in said
    assert "1 listing goes out" in said
    assert "Назва" in data.decode("utf-8-sig")
    dora = await desk[1].someone("Dora", "editor", areas=("UA-30",))
    for form in ("csv", "hsds"):
        _, data = await out(dora, f"form={form}")
        assert (b"Open in Kyiv" in data, b"Half open" in data) == (True, False)


async def test_nothing_that_is_given_out_is_a_formula(anna: Visitor, rooms: Rooms) -> None:
    rooms.draft(content(names={"en": "=HYPERLINK(1)"}, notes="@SUM(A1)", also=["-2+3"]))
    _, data = await out(anna, "form=csv")
    assert '"=HYPERLINK' not in data.decode("utf-8-sig")
    assert '"@SUM' not in data.decode("utf-8-sig")
    _, data = await out(anna, "form=xlsx")
    book = load_workbook(io.BytesIO(data))
    kinds = {cell.data_type for sheet in book for line in sheet.iter_rows() for cell in line}
    assert "f" not in kinds

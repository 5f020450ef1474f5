"""A file becomes a plan that somebody looks at, then drafts; a second person agrees to them."""

import io

import pytest
from openpyxl import load_workbook

from bot.console.frame import FORM_BYTES
from referral_directory.exchange.limits import MOST_BYTES
from tests.console_exchange.bringing import bring, lead, row, ten_mistakes
from tests.console_frame.visitors import Console, Visitor
from tests.console_listings.reading import Seen
from tests.console_listings.rooms import AUTHOR, Rooms, content
from tests.exchange.files import csv_of, xlsx_of

pytestmark = pytest.mark.asyncio(loop_scope="session")


def records(rooms: Rooms) -> set[str]:
    return set(rooms.ledger.plan_base()) | {one.record for one in rooms.ledger.drafts(AUTHOR)}


async def test_ten_mistakes_are_each_named_beside_their_row_and_nothing_is_taken(
    anna: Visitor, rooms: Rooms
) -> None:
    rows = ten_mistakes()
    heads = list(dict.fromkeys(key for one in rows for key in one))
    data = xlsx_of([heads, *([one.get(head, "") for head in heads] for one in rows)])
    before = records(rooms)
    status, place, _ = await bring(anna, data, "ten.xlsx")
    assert status == 303
    page = await anna.get(place)
    text = Seen(page).text
    assert "10 rows have to be mended" in text
    for head in ("Name", "Needs", "Area", "Phone", "Languages", "Source date", "Email", "Website"):
        assert f"{head} :" in text
    assert "Did you mean 'legal.advice'?" in text
    assert "Take in" not in text
    digest = place.split("/")[3].partition("?")[0]
    answer = await anna.post(f"/imports/plans/{digest}/commit")
    assert answer.status == 409
    assert records(rooms) == before
    async with anna.http.get(anna.url + place.replace("?", "/remarks?")) as file:
        book = load_workbook(io.BytesIO(await file.read()))
    sheet = book.active
    assert sheet is not None
    commented = [cell for line in sheet.iter_rows() for cell in line if cell.comment]
    assert len(commented) >= 10
    assert sheet.max_row == 11


async def test_a_file_is_taken_as_drafts_approved_by_another_and_taken_back(
    anna: Visitor, ben: Visitor, rooms: Rooms
) -> None:
    _, place, _ = await bring(
        anna, [row("First House"), row("Second House", Phone="+380440000002")]
    )
    assert "Take in: open 2 drafts" in await anna.get(place)
    assert not {"ua-first-house", "ua-second-house"} & records(rooms)
    at = place.partition("?")[0]
    batch = await lead(anna, f"{at}/commit", why="from the cluster")
    assert {"ua-first-house", "ua-second-house"} <= records(rooms)
    page = await anna.get(batch)
    assert "a second person has to look" in page
    draft = rooms.record("ua-first-house").draft
    assert draft is not None
    assert (draft.authors, draft.why) == ((anna.staff and anna.staff.id,), "from the cluster")
    refused = await anna.post(f"{batch}/publish")
    assert refused.status == 303
    assert rooms.record("ua-first-house").row.stage == "draft"
    # Nobody called the second: it stays a draft, and that is said.
    parts = [f"contact:phone:{one['number']}" for one in draft.content["contacts"]]
    rooms.ledger.check(AUTHOR, "ua-first-house", parts, "call", draft.version)
    await ben.post(f"{batch}/publish")
    page = await ben.get(batch)
    assert "Published: 1. Left as drafts: 1." in page
    assert "ua-second-house:" in page
    assert rooms.record("ua-first-house").row.stage == "verified"
    await anna.post(f"{batch}/undo", why="the wrong file")
    assert "ua-second-house" not in records(rooms)
    assert rooms.record("ua-first-house").row.stage == "verified"
    assert rooms.record("ua-first-house").draft is not None
    assert "taken back" in await anna.get("/imports")
    assert (await anna.get(f"/imports/import:{batch.rpartition('/')[2]}", 303)) == ""


async def test_a_plan_whose_base_changed_is_refused_whole_and_can_be_made_again(
    anna: Visitor, rooms: Rooms
) -> None:
    id_ = rooms.published(content(names={"en": "Changed under it"}))
    file = f"id,notes\n{id_},Ring the bell twice\n"
    _, place, _ = await bring(anna, file)
    page = await anna.get(place)
    assert "Ring the bell twice" in page
    rooms.draft(content(names={"en": "Changed under it"}, notes="Somebody else"), id_)
    at, _, key = place.partition("?file=")
    answer = await anna.post(f"{at}/commit", file=key)
    page = await answer.text()
    assert answer.status == 409
    assert f"/imports/files/{key}/again" in page
    after = await lead(anna, f"/imports/files/{key}/again")
    assert "A change of it waits for a second look." in await anna.get(after)


async def test_each_decision_makes_another_plan_and_only_that_is_taken(
    anna: Visitor, rooms: Rooms
) -> None:
    told = {"names": {"en": "There already"}, "organization": {"en": "Already (example)"}}
    phone = {"kind": "phone", "number": "+380440000044"}
    rooms.published(content(**told, contacts=[phone], needs=["legal.advice"]))
    twin = row("There already", Organisation="Already (example)", Phone="+380440000044")
    rows = [twin, row("Wrong Row", Needs="no such need"), row("Good Row", Phone="+380440000003")]
    _, place, _ = await bring(anna, rows)
    page = await anna.get(place)
    assert "may be there already" in page
    assert "/listings/ua-there-already" in page
    at, _, key = place.partition("?file=")
    decided = await lead(anna, f"{at}/decide", {"row:2": "as_new", "row:3": "", "file": key})
    assert decided.partition("?")[0] != at
    assert "1 row has to be mended" in await anna.get(decided)
    ready = await lead(anna, f"{decided.partition('?')[0]}/decide", rest="leave_out", file=key)
    page = await anna.get(ready)
    assert "Take in: open 2 drafts" in page
    batch = await lead(anna, f"{ready.partition('?')[0]}/commit", file=key)
    found = records(rooms)
    assert {"ua-there-already-2", "ua-good-row"} <= found
    assert "ua-wrong-row" not in found
    assert "Good Row" in await anna.get(batch)


async def test_columns_that_are_not_known_are_asked_about_and_never_passed_over(
    anna: Visitor, rooms: Rooms
) -> None:
    rows = [row("Mapped House", Phone="+380440000004")]
    text = csv_of(rows).replace("Phone", "Kontakt").replace("Summary", "Beschreibung")
    status, place, _ = await bring(anna, text)
    assert (status, place.startswith("/imports/files/")) == (303, True)
    page = await anna.get(place)
    assert "Kontakt" in page
    assert "+380440000004" in page
    heads = list(rows[0])
    phone, summary = (f"map:{heads.index(one)}" for one in ("Phone", "Summary"))
    answer = await anna.post(place, {phone: "Fone", summary: "-"})
    page = await answer.text()
    assert answer.status == 422
    assert 'value="Fone"' in page
    assert "or write - to pass it over" in page


async def test_named_columns_lead_to_the_plan(anna: Visitor, rooms: Rooms) -> None:
    rows = [row("Named Columns", Phone="+380440000005")]
    text = csv_of(rows).replace("Phone", "Kontakt").replace("Опис", "Anmerkung")
    _, place, _ = await bring(anna, text)
    heads = list(rows[0])
    page = Seen(await anna.get(place))
    typed = {
        attrs["name"]: attrs["value"]
        for tag, attrs in page.tags
        if tag == "input" and attrs.get("name", "").startswith("map:")
    }
    typed[f"map:{heads.index('Phone')}"] = "Phone 1"
    typed[f"map:{heads.index('Опис')}"] = "-"
    plan = await lead(anna, place, **typed)
    text = await anna.get(plan)
    assert "+380440000005" in text
    assert "Відповідає юрист" not in text
    # Headers of which none is known are asked about too.
    _, place, _ = await bring(anna, "Eins,Zwei\nA,B\n")
    assert "Zwei" in await anna.get(place)


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"", "empty.csv", "Choose a file."),
        (b"%PDF-1.7 x", "plan.pdf", "The file is not a table."),
        ("Назва,Телефон\nЦентр,1\n".encode("cp1251"), "old.csv", "windows-1251"),
        (b"PK\x03\x04 broken", "broken.xlsx", "The workbook is damaged."),
        (b'{"services": 1', "broken.json", "File"),
    ],
)
async def test_a_file_that_is_not_read_says_why_beside_its_field(
    anna: Visitor, data: bytes, name: str, said: str
) -> None:
    status, place, page = await bring(anna, data, name, sheet="Typed sheet")
    assert (status, place) == (422, "")
    assert 'id="f-file-fault"' in page
    assert said.lower() in Seen(page).text.lower()
    assert "Typed sheet" in page


async def test_a_file_that_is_too_large_is_refused_before_it_is_read(anna: Visitor) -> None:
    large = str(MOST_BYTES + 2 * FORM_BYTES)
    kind = "multipart/form-data; boundary=x"
    headers = {
        **anna.headers(),
        "Content-Type": kind,
        "Content-Length": large,
        "Connection": "close",
    }
    async with anna.http.post(f"{anna.url}/imports", data=b"only this", headers=headers) as answer:
        # Nothing but the head of it ever came, and that was enough.
        assert answer.status == 413


async def test_nobody_sees_the_plan_or_the_file_of_another(
    anna: Visitor, ben: Visitor, cleo: Visitor
) -> None:
    _, place, _ = await bring(anna, [row("Private plan")])
    at, _, key = place.partition("?file=")
    for who in (ben, cleo):
        await who.get(at, 404)
        await who.get(f"{at}/remarks?file={key}", 404)
        assert (await who.post(f"{at}/commit")).status == 404
        assert (await who.post(f"/imports/files/{key}/again")).headers["Location"] == "/imports"
    await lead(anna, f"{at}/forget", file=key)
    await anna.get(at, 404)
    await anna.get(f"/imports/files/{key}", 303)


async def test_an_import_cannot_reach_what_somebody_may_not_see(
    cleo: Visitor, rooms: Rooms, desk: tuple[Rooms, Console]
) -> None:
    hidden = rooms.published(content(names={"en": "Hidden shelter"}, visibility="operator_only"))
    _, place, _ = await bring(cleo, f"id,notes\n{hidden},Taken over\n")
    page = await cleo.get(place)
    assert "not taken" in page
    assert "Hidden shelter" not in page
    dora = await desk[1].someone("Dora", "editor", areas=("UA-32",))
    elsewhere = rooms.published(content(names={"en": "In Kharkiv"}))
    _, place, _ = await bring(dora, f"id,notes\n{elsewhere},Taken over\n")
    page = await dora.get(place)
    assert "not taken" in page
    assert "In Kharkiv" not in page


async def test_words_of_a_file_are_text_on_every_page_of_the_import(anna: Visitor) -> None:
    bad = "<img src=x onerror=alert(1)>"
    rows = [row(f"Inert {bad}", Summary=bad, Notes=bad, Needs=bad), row("Inert two", Notes=bad)]
    _, place, _ = await bring(anna, rows, f"{bad}.csv")
    at, _, key = place.partition("?file=")
    pages = [await anna.get(place), await anna.get(f"/imports/files/{key}")]
    ready = await lead(anna, f"{at}/decide", rest="leave_out")
    batch = await lead(anna, f"{ready}/commit", why=bad)
    pages += [await anna.get(batch), await anna.get("/imports")]
    _, place, page = await bring(anna, f"{bad},Name\n1,2\n", "x.csv")
    pages += [await anna.get(place), page]
    assert [tag for page in pages for tag, _ in Seen(page).tags if tag == "img"] == []

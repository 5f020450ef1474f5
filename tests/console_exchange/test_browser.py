"""The pages of imports, translations and exports in a real browser: by keyboard alone, without a
script, on a narrow screen; and looked at by axe-core.
"""

import pytest
from playwright.async_api import Browser

from tests.console_exchange.bringing import MISTAKES, bring, lead, row, ten_mistakes
from tests.console_frame.visitors import Console, Visitor
from tests.console_listings.rooms import SECOND, Rooms, content
from tests.console_listings.test_browser import NARROW, WIDE, browsing, faults, press, reach, write
from tests.exchange.files import xlsx_of
from tests.web.conftest import picture

pytestmark = pytest.mark.asyncio(loop_scope="session")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


async def test_a_spreadsheet_with_ten_mistakes_is_read_row_by_row_and_its_good_rows_are_taken(
    chromium: Browser, desk: tuple[Rooms, Console], anna: Visitor
) -> None:
    rows = [*ten_mistakes(), row("Good row", Phone="+380440000055")]
    heads = list(dict.fromkeys(key for one in rows for key in one))
    data = xlsx_of([heads, *([one.get(head, "") for head in heads] for one in rows)])
    how = {"java_script_enabled": False, "viewport": NARROW}
    async with browsing(chromium, anna, **how) as page:
        await page.goto(f"{anna.url}/imports")
        file = {"name": "ten.xlsx", "mimeType": XLSX, "buffer": data}
        await page.set_input_files("#f-file", file)  # type: ignore[arg-type]  # as playwright takes it
        await press(page, "button:has-text('Make the plan')")
        await picture(page, "imports-plan-narrow")
        columns = [next(iter(wrong)) for wrong in MISTAKES]
        for number, column in enumerate(columns, 2):
            beside = page.locator(f"tr:has(#row-{number}) .fault").first
            assert (await beside.inner_text()).startswith(f"{column}:"), number
        assert await page.locator("button:has-text('Take in')").count() == 0
        await press(page, "button[name=rest]")
        await write(page, "why", "only what is right")
        await press(page, "button:has-text('Take in: open 1 draft')")
        assert "1 draft waits" in await page.inner_text(".notes")
    draft = desk[0].record("ua-good-row").draft
    assert draft is not None
    assert draft.why == "only what is right"


async def test_a_text_is_translated_and_a_column_named_with_the_keyboard_alone(
    chromium: Browser, desk: tuple[Rooms, Console], anna: Visitor, ben: Visitor
) -> None:
    id_ = desk[0].published(content(names={"en": "By keyboard"}))
    how = {"java_script_enabled": False, "viewport": NARROW}
    async with browsing(chromium, anna, **how) as mine, browsing(chromium, ben, **how) as theirs:
        await mine.goto(f"{anna.url}/translations/{id_}?language=uk")
        await reach(mine, "#f-text-1")
        await mine.keyboard.type("Клавіатурою")
        await press(mine, "button[aria-label^='Keep: Name']")
        await theirs.goto(f"{ben.url}/translations?language=uk&state=draft")
        await press(theirs, "button[aria-label^='Approve']")
        assert desk[0].record(id_).content["names"]["uk"] == "Клавіатурою"
        _, place, _ = await bring(anna, "Nom,Phone,Needs\nHouse,+380440000056,legal.advice\n")
        await mine.goto(anna.url + place)
        await write(mine, "map:0", "Name")
        await press(mine, "button:has-text('Make the plan')")
        assert "/imports/plans/" in mine.url
        await mine.goto(f"{anna.url}/exports")
        await reach(mine, "#f-form")
        await mine.keyboard.press("ArrowDown")
        await press(mine, "button:has-text('Say what goes out')")
        async with mine.expect_download() as file:
            await reach(mine, "button:has-text('Download')")
            await mine.keyboard.press("Enter")
        assert (await file.value).suggested_filename.endswith(".csv")


async def test_every_page_of_files_and_texts_can_be_read_by_everybody(
    chromium: Browser, desk: tuple[Rooms, Console], anna: Visitor, ben: Visitor
) -> None:
    rooms = desk[0]
    said = {"names": {"en": "Stale", "uk": "Стара"}}
    id_ = rooms.published(content(**said))
    said["names"]["en"] = "Stale and renamed"
    draft = rooms.draft(content(**said), id_)
    rooms.ledger.publish(SECOND, id_, draft.version, draft.digest)
    told = {"language": "uk", "part": "organization", "words": "Гавань"}
    await lead(ben, f"/translations/{id_}/write", told)
    update = f"id,notes\n{id_},Ring twice\nua-none,x\n"
    _, plan, _ = await bring(anna, update)
    _, columns, _ = await bring(anna, "Nom,Phone,Needs\nHouse,+380440000057,legal.advice\n")
    _, place, _ = await bring(ben, [row("Looked at", Phone="+380440000058")])
    batch = await lead(ben, f"{place.partition('?')[0]}/commit")
    paths = {
        "imports": "/imports",
        "plan": plan,
        "columns": columns,
        "batch": batch,
        "board": "/translations",
        "texts": "/translations?language=uk",
        "record": f"/translations/{id_}?language=uk",
        "exports": "/exports?form=xlsx&restricted=yes",
    }
    found: dict[str, list[str]] = {}
    how = {"viewport": NARROW, "bypass_csp": True}  # for axe-core alone, which is not ours
    async with browsing(chromium, anna, **how) as page:
        told_wrong: list[str] = []
        page.on("pageerror", lambda error: told_wrong.append(str(error)))
        for name, path in paths.items():
            await page.goto(anna.url + path)
            found[name] = await faults(page)
            if await page.evaluate("document.documentElement.scrollWidth") > NARROW["width"]:
                found[name].append("wider than the screen")
            await picture(page, f"exchange-{name}-narrow")
        await page.goto(f"{anna.url}/imports")
        file = {"name": "x.pdf", "mimeType": XLSX, "buffer": b"%PDF-1.7"}
        await page.set_input_files("#f-file", file)  # type: ignore[arg-type]  # as playwright takes it
        await page.click("button:has-text('Make the plan')")
        found["refused"] = await faults(page)
        await page.set_viewport_size(WIDE)  # type: ignore[arg-type]  # as playwright takes it
        await page.emulate_media(color_scheme="dark")
        await page.goto(anna.url + plan)
        found["plan, dark and wide"] = await faults(page)
        await picture(page, "exchange-plan-wide")
        await page.goto(f"{anna.url}/")
        await page.keyboard.press("g")
        async with page.expect_navigation():
            await page.keyboard.press("t")
        assert page.url.endswith("/translations")
        assert told_wrong == []
    assert {name: said for name, said in found.items() if said} == {}

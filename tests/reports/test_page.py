"""Whoever may read reports sees one week at a time, inexact and whole, in a picture and a table."""

import csv
import io
import json
from collections.abc import AsyncIterator
from datetime import date

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from bot.app import LOCALES
from bot.console.reports import ROUTES, bars, written
from bot.reports import tables
from bot.reports.vouching import Vouch
from bot.reports.weeks import Reports, Week
from bot.speech import read_speech
from bot.storage import Store
from bot.vault import SigningKeys
from tests.console_frame.visitors import Console, a_console
from tests.console_frame.visitors import an_office as staff_office
from tests.console_listings.rooms import DIRECTORY
from tests.console_listings.test_browser import NARROW, browsing, faults
from tests.reports.rooms import DAY, MONDAY
from tests.web.conftest import picture

pytestmark = pytest.mark.asyncio(loop_scope="session")

FIRST = int(MONDAY // DAY)
SHOWN = {
    "need": {"legal": 120, "shelter": 65},
    "region": {"UA": 180, "UA-63": 60},
    "channel": {"web": 190},
    "language": {"uk": 200},
    "outcome": {"answered": 75, "services": 90},
}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def console(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Console]:
    folder = tmp_path_factory.mktemp("reports")
    store = Store.open(folder / "data" / "quietline.db")
    with store.group() as group:
        for week, body in ((FIRST, SHOWN), (FIRST + 7, {})):
            group.run(tables.TELL, [(week, json.dumps(body))])
    told = Reports(store, Vouch(SigningKeys.open(folder / "signing")))
    parts = {"directory": DIRECTORY, "speech": read_speech(LOCALES), "reports": told}
    (folder / "staff").mkdir()
    async with a_console(staff_office(folder / "staff", parts=parts)) as console:
        yield console
    store.close()


async def test_the_newest_week_comes_first_and_each_can_be_looked_at(console: Console) -> None:
    anna = await console.someone("Larysa Example", "lead")
    page = await anna.get("/reports")
    assert "<svg" not in page
    assert "&lt; 60" in page
    page = await anna.get("/reports?week=2026-11-23")
    assert page.count("<svg") == 5
    assert "Kharkiv" in page or "UA-63" in page
    for odd in ("2026-11-24", "<script>", "../"):
        assert "<svg" not in await anna.get(f"/reports?week={odd}")


async def test_the_page_says_how_exact_it_is_and_what_it_protects(console: Console) -> None:
    anna = await console.someone("Larysa Example", "auditor")
    page = await anna.get("/reports")
    for said in ("epsilon of 0.5 a week", "off by 37 at most", "Fewer than 60", "at most 7 counts"):
        assert said in page


async def test_a_file_holds_what_the_page_shows(console: Console) -> None:
    anna = await console.someone("Larysa Example", "administrator")
    text = await anna.get("/reports/csv?week=2026-11-23")
    rows = list(csv.reader(io.StringIO(text.lstrip("\ufeff"))))
    assert rows[0] == ["week_of", "dimension", "code", "name", "about"]
    assert [*rows[1][:3], rows[1][4]] == ["2026-11-23", "need", "legal", "120"]
    assert len(rows) == 1 + sum(map(len, SHOWN.values()))
    assert await anna.get("/reports/csv") == text
    await anna.get("/reports/csv?week=2026-11-24", status=404)


async def test_who_answers_people_or_keeps_listings_sees_no_reports(console: Console) -> None:
    for role in ("operator", "editor", "viewer"):
        someone = await console.someone(f"{role} Example", role)
        for route in ROUTES:
            await someone.get(route.path, status=403)


async def test_no_name_of_a_place_is_taken_for_a_formula() -> None:
    week = Week(date(2026, 11, 23), {"need": {"x": 60}})
    body = written([week], {"need": {"x": '=HYPERLINK("http://example.org")'}})
    (_, row) = csv.reader(io.StringIO(body.decode("utf-8-sig")))
    assert row[3].startswith("'=")


async def test_bars_stand_by_size_and_stay_within_the_picture() -> None:
    drawn = bars({"a": 60, "b": 300}, {"a": "few", "b": "many"})
    assert [bar.name for bar in drawn] == ["many", "few"]
    assert all(0 <= bar.least < bar.length < bar.most <= 300 for bar in drawn)
    assert bars({}, {}) == ()


async def test_everybody_can_read_it_also_on_a_narrow_screen_and_without_colour(
    console: Console, chromium: Browser
) -> None:
    anna = await console.someone("Larysa Example", "lead")
    found: list[str] = []
    how = {"viewport": NARROW, "bypass_csp": True}  # for axe-core alone, which is not ours
    async with browsing(chromium, anna, **how) as page:
        for week in ("2026-11-23", "2026-11-30"):
            await page.goto(f"{anna.url}/reports?week={week}")
            found += await faults(page)
            if await page.evaluate("document.documentElement.scrollWidth") > NARROW["width"]:
                found.append("wider than the screen")
            await picture(page, f"reports-{week}-narrow")
    async with browsing(chromium, anna, color_scheme="dark") as page:
        await page.goto(f"{anna.url}/reports?week=2026-11-23")
        seen = await page.locator("figure.report svg").first.bounding_box()
        assert seen is not None
        assert seen["height"] > 40
        # No rule of the page's own policy was broken to draw it.
        assert await page.locator("[style]").count() == 0
        await picture(page, "reports-wide-dark")
    assert found == []

"""The lead's pages in a real browser: without a script, on a narrow screen, by keyboard; and looked
at by axe-core.
"""

import pytest
from playwright.async_api import Browser

from bot.handoff.hours import Weekly
from tests.console_desk_lead.conftest import Desk
from tests.console_listings.test_browser import NARROW, WIDE, browsing, faults, press, write
from tests.web.conftest import picture

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_hours_are_set_with_the_keyboard_alone_and_without_a_script(
    chromium: Browser, desk: Desk
) -> None:
    anna = await desk.lead()
    how = {"java_script_enabled": False, "viewport": NARROW}
    async with browsing(chromium, anna, **how) as page:
        await page.goto(f"{anna.url}/desk-hours")
        await press(page, "a[href='/desk-hours/uk']")
        await write(page, "day0", "9-13, 14-18")
        await press(page, "button[value='look']")
        assert "nothing is saved yet" in await page.inner_text("section.note")
        await press(page, "button[value='save']")
        assert "The hours are saved" in await page.inner_text(".notes")
    assert desk.office.opening.weekly("uk")[1].rules == "Mo 09:00-13:00,14:00-18:00"


async def test_every_page_of_the_lead_can_be_read_by_everybody(
    chromium: Browser, desk: Desk
) -> None:
    anna, office = await desk.lead(), desk.office
    weekly = Weekly("Mo-Fr 09:00-13:00,14:00-18:00", "Europe/Kyiv", "2026-12-24", "08-24")
    office.opening.save("s", {"uk": 0, "ru": 0}, weekly)
    with office.store.group() as group:
        for count in range(20):
            office.counts.waited(group, "uk", 60.0 * count)
    for _ in range(7):
        office.counts.tick()
        office.later(hours=24)
    with office.store.group() as group:
        for _ in range(12):
            office.counts.count(group, "outcome", "referred")
    for _ in range(7):
        office.counts.tick()
        office.later(hours=24)
    office.surge.turn("s", "uk", 0, "divert", "many_waiting", 24)
    office.surge.turn("s", "all", 0, "pause", "trouble", 12)
    office.later(hours=7)
    anna = await desk.lead()
    paths = {
        "desk-hours": "/desk-hours",
        "desk-hours-one": "/desk-hours/uk",
        "desk-surge": "/desk-surge",
        "desk-figures": "/desk-figures?language=uk",
    }
    found: dict[str, list[str]] = {}
    how = {"viewport": NARROW, "bypass_csp": True}  # for axe-core alone, which is not ours
    async with browsing(chromium, anna, **how) as page:
        for name, path in paths.items():
            await page.goto(anna.url + path)
            found[name] = await faults(page)
            if await page.evaluate("document.documentElement.scrollWidth") > NARROW["width"]:
                found[name].append("wider than the screen")
            await picture(page, f"{name}-narrow")
        await page.goto(f"{anna.url}/desk-surge")
        await page.locator("button:has-text('Turn it')").click()
        found["a fault"] = await faults(page)
        await page.goto(f"{anna.url}/desk-hours/uk")
        await page.locator("[name=day1]").fill("soon")
        await page.locator("button[value=save]").click()
        found["another fault"] = await faults(page)
        await picture(page, "desk-hours-fault")
        await page.set_viewport_size(WIDE)  # type: ignore[arg-type]  # as playwright takes it
        await page.emulate_media(color_scheme="dark")
        for name in ("desk-hours-one", "desk-surge"):
            await page.goto(anna.url + paths[name])
            found[f"{name}, dark and wide"] = await faults(page)
            await picture(page, f"{name}-wide-dark")
    assert {name: said for name, said in found.items() if said} == {}

"""The pages in a real browser, as administrators use them: by keyboard alone, without a script, on
a narrow screen; and looked at by axe-core.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.resources import files

import pytest
from playwright.async_api import Browser, Page

from tests.console_frame.visitors import Console, Visitor
from tests.console_listings.rooms import DIRECTORY, Rooms, content
from tests.web.conftest import picture

pytestmark = pytest.mark.asyncio(loop_scope="session")
AXE = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NARROW = {"width": 320, "height": 640}
WIDE = {"width": 1280, "height": 900}
FURTHER = 6
"""Stops that the browser makes by itself, as at a part that scrolls."""


@asynccontextmanager
async def browsing(browser: Browser, visitor: Visitor, **how: object) -> AsyncIterator[Page]:
    """A window in which somebody is signed in."""
    context = await browser.new_context(**how)  # type: ignore[arg-type]  # as playwright takes it
    cookies = [
        {"name": one.key, "value": one.value, "url": visitor.url} for one in visitor.http.cookie_jar
    ]
    await context.add_cookies(cookies)  # type: ignore[arg-type]  # as above
    try:
        yield await context.new_page()
    finally:
        await context.close()


STOPS = """wanted => {
  const any = "a[href],button,input,select,textarea,summary,[tabindex]";
  const stops = [...document.querySelectorAll(any)]
    .filter((one) => one.tabIndex >= 0 && one.type !== "hidden" && one.checkVisibility());
  return stops.indexOf(wanted) - stops.indexOf(document.activeElement);
}"""
"""How many times the Tab key is pressed from where the keyboard is."""


async def reach(page: Page, selector: str) -> None:
    """Goes there with the Tab key alone, back with Shift, and looks whether it arrived."""
    wanted = page.locator(selector).first
    if await page.evaluate("document.activeElement === document.body"):
        await page.keyboard.press("Tab")  # from the top, or from where a link led to
    steps = await wanted.evaluate(STOPS)
    if steps > 0:
        # A finger that stays on the key: the browser draws once, not at every stop.
        await asyncio.gather(*(page.keyboard.press("Tab") for _ in range(steps)))
    for _ in range(-steps):
        await page.keyboard.press("Shift+Tab")
    for _ in range(FURTHER):
        if await wanted.evaluate("place => place === document.activeElement"):
            return
        await page.keyboard.press("Tab")
    pytest.fail(f"the keyboard does not reach {selector}")


async def write(page: Page, name: str, text: str) -> None:
    """Types into a field, over what stands in it."""
    await reach(page, f'[name="{name}"]')
    await page.keyboard.press("Control+A")
    await page.keyboard.type(text)


async def press(page: Page, selector: str) -> None:
    """Presses what stands there, by keyboard, and waits for the page that comes."""
    await reach(page, selector)
    async with page.expect_navigation():
        await page.keyboard.press("Enter")


async def test_a_service_is_added_and_a_phone_corrected_by_two_people_with_the_keyboard_alone(
    chromium: Browser, desk: tuple[Rooms, Console], anna: Visitor, ben: Visitor
) -> None:
    rooms = desk[0]
    how = {"java_script_enabled": False, "viewport": NARROW}
    async with browsing(chromium, anna, **how) as mine, browsing(chromium, ben, **how) as theirs:
        await mine.goto(f"{anna.url}/listings/new")
        await write(mine, "names.en", "Lantern House")
        await write(mine, "organization.en", "Lantern (example)")
        await write(mine, "summary.en", "Somebody listens. You need not give your name.")
        await write(mine, "contacts.0.to", "+380 44 000 00 01")
        await write(mine, "hours.rules", "Mon-Fri 9-18")
        await reach(mine, "summary:has-text('Legal help')")
        await mine.keyboard.press("Enter")
        await reach(mine, '[name="needs:legal"]')
        await mine.keyboard.press("Space")
        await reach(mine, "summary:has-text('Whole countries')")
        await mine.keyboard.press("Enter")
        await reach(mine, '[name="area:UA"]')
        await mine.keyboard.press("Space")
        await write(mine, "languages", "Ukrainian, ru")
        await write(mine, "source.url", "https://lantern.example.org/")
        await press(mine, 'button[value="save"] >> nth=2')
        await picture(mine, "listing-draft-narrow")
        await press(mine, 'button[value="all"]')
        await theirs.goto(f"{ben.url}/drafts/ua-lantern-house")
        await press(theirs, "button:has-text('Approve and publish')")
        record = rooms.record("ua-lantern-house")
        assert (record.row.stage, record.row.due_on is not None) == ("verified", True)
        # The phone is wrong: Anna mends it, Ben looks.
        await press(mine, "a:has-text('Listings')")
        await press(mine, "a:has-text('Lantern House')")
        await press(mine, "a[aria-label^='Edit: phone']")
        await write(mine, "contacts.0.to", "+380 44 000 00 02")
        await press(mine, 'button[value="save"] >> nth=2')
        await press(mine, 'button[value="all"]')
        await theirs.goto(f"{ben.url}/drafts")
        await press(theirs, "a:has-text('Lantern House')")
        await press(theirs, "button:has-text('Approve and publish')")
        assert rooms.record("ua-lantern-house").content["contacts"][0]["number"] == "+380440000002"


async def test_every_page_of_listings_can_be_read_by_everybody(
    chromium: Browser, desk: tuple[Rooms, Console], anna: Visitor, ben: Visitor
) -> None:
    rooms = desk[0]
    rooms.ledger.seed(DIRECTORY.entries, "pack:ua", publish_for_demo=True)
    id_ = rooms.published(content(names={"en": "Looked at by everybody", "uk": "Для всіх"}))
    # The а in it is Cyrillic: a doubt to be shown.
    wrong = {"kind": "web", "url": "https://hаrbour.example.org/"}
    rooms.draft(content(names={"en": "Changed"}, contacts=[wrong]), id_)
    stopped = rooms.published(content(names={"en": "Stopped"}))
    await ben.post(f"/listings/{stopped}/report", problem="unsafe")
    paths = {
        "list": "/listings?stage=due&text=line",
        "listing": f"/listings/{id_}",
        "stopped": f"/listings/{stopped}",
        "drafts": "/drafts",
        "draft": f"/drafts/{id_}",
        "history": f"/listings/{id_}/history",
        "purge": f"/listings/{id_}/purge",
        "preview": f"/listings/{id_}/preview?reads=uk",
        "terminal": f"/listings/{id_}/preview?channel=terminal",
        "why": f"/listings/{id_}/why",
    }
    found: dict[str, list[str]] = {}
    how = {"viewport": NARROW, "bypass_csp": True}  # for axe-core alone, which is not ours
    async with browsing(chromium, anna, **how) as page:
        for name, path in paths.items():
            await page.goto(anna.url + path)
            found[name] = await faults(page)
            if await page.evaluate("document.documentElement.scrollWidth") > NARROW["width"]:
                found[name].append("wider than the screen")
            await picture(page, f"listings-{name}-narrow")
        await page.goto(f"{anna.url}/listings/new")
        await page.fill('[name="names.en"]', "Nothing else")
        await page.click('button[value="save"] >> nth=1')
        found["faults"] = await faults(page)
        await picture(page, "listings-faults-narrow")
        await page.goto(f"{anna.url}/listings/{id_}/edit")
        await page.fill('[name="names.uk"]', "Моя назва")
        await page.evaluate("document.querySelector('[name=version]').value = ''")
        await page.click('button[value="save"] >> nth=1')
        assert "Somebody changed this listing" in await page.inner_text("main")
        found["conflict"] = await faults(page)
        await picture(page, "listings-conflict-narrow")
        await page.goto(anna.url + paths["list"])
        await page.check('[name="whole"]')
        await page.click('button[value="suspend"]')
        found["bulk"] = await faults(page)
        await picture(page, "listings-bulk-narrow")
        await page.set_viewport_size(WIDE)  # type: ignore[arg-type]  # as playwright takes it
        await page.emulate_media(color_scheme="dark")
        for name in ("listing", "draft"):
            await page.goto(anna.url + paths[name])
            found[f"{name}, dark and wide"] = await faults(page)
    assert {name: said for name, said in found.items() if said} == {}


async def test_keys_walk_the_list_open_a_row_and_lead_to_the_form(
    chromium: Browser, desk: tuple[Rooms, Console], anna: Visitor
) -> None:
    for name in ("Walk one", "Walk two"):
        desk[0].published(content(names={"en": name}))
    async with browsing(chromium, anna, viewport=WIDE) as page:
        told: list[str] = []
        page.on("pageerror", lambda error: told.append(str(error)))
        await page.goto(f"{anna.url}/listings?text=walk")
        await page.keyboard.press("/")
        assert await page.evaluate("document.activeElement.name") == "text"
        await page.keyboard.press("Escape")
        await page.keyboard.press("j")
        await page.keyboard.press("j")
        async with page.expect_navigation():
            await page.keyboard.press("Enter")
        assert page.url.endswith("/listings/ua-walk-two")
        async with page.expect_navigation():
            await page.keyboard.press("e")
        assert page.url.endswith("/listings/ua-walk-two/edit")
        assert told == []


async def faults(page: Page) -> list[str]:
    """What axe-core finds wrong, and where."""
    await page.evaluate(AXE)
    asked = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
    found = await page.evaluate(f"axe.run(document, {json.dumps(asked)})")
    assert found["passes"], "it has looked"
    return [
        f"{fault['id']}: {node['html'][:200]}"
        for fault in found["violations"]
        for node in fault["nodes"]
    ]

"""The pages of the week in a real browser: by keyboard alone, without a script, on a narrow screen;
and looked at by axe-core.
"""

import pytest
from playwright.async_api import Browser

from tests.console_frame.visitors import Visitor
from tests.console_listings.rooms import AUTHOR
from tests.console_listings.test_browser import NARROW, WIDE, browsing, faults, press, reach, write
from tests.console_work.week import Week
from tests.web.conftest import picture

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_what_is_due_this_week_is_found_called_and_noted_with_the_keyboard_alone(
    chromium: Browser, anna: Visitor, week: Week
) -> None:
    id_ = week.listed("Open Door", needs=["medical"])
    week.listed("Not due yet", needs=["legal"])
    week.later(25)
    how = {"java_script_enabled": False, "viewport": NARROW}
    async with browsing(chromium, anna, **how) as page:
        await page.goto(anna.url)
        await press(page, "a:has-text('due this week')")
        assert await page.locator("section.call h2").all_inner_texts() == ["Open Door"]
        await picture(page, "work-narrow")
        for place in (1, 2):
            await reach(page, f"#ask-1-{place}")
            await page.keyboard.press("Space")
        await press(page, "button:has-text('What is ticked is right')")
        told = await page.inner_text(".notes")
        assert told == "Open Door: 2 parts are noted as right, today, by you."
        assert await page.locator("section.call").count() == 0
    assert anna.staff is not None
    assert set(week.checks_of(id_).values()) == {anna.staff.id}


async def test_a_report_is_answered_with_the_keyboard_alone(
    chromium: Browser, anna: Visitor, week: Week
) -> None:
    id_ = week.listed("Was said to be wrong")
    week.ledger.report(id_, "wrong", "survivor")
    how = {"java_script_enabled": False, "viewport": NARROW}
    async with browsing(chromium, anna, **how) as page:
        await page.goto(anna.url)
        await press(page, "a:has-text('wrong-number report')")
        await press(page, "button:has-text('Close it')")
        assert "Write what was found" in await page.inner_text(".fault")
        await write(page, "answer", "The number is right, it was engaged")
        await press(page, "button:has-text('Close it')")
        assert "The report is closed" in await page.inner_text(".notes")
    assert week.record(id_).tasks == ()


async def test_every_page_of_the_week_can_be_read_by_everybody(
    chromium: Browser, anna: Visitor, week: Week
) -> None:
    long = "A foundation with a name that is long enough to need a second line (example)"
    said = {"organization": {"en": long}}
    late = [week.listed(f"Late {n}", needs=["medical"], **said) for n in range(3)]
    week.later(60)
    week.ledger.report(late[0], "wrong", "survivor", "contact:phone:+380440000001")
    week.ledger.report(late[1], "unsafe", "operator")
    week.ledger.mark_organization(
        AUTHOR, "Never Here (example)", do_not_list=True, why="asked by letter"
    )
    week.serving.catch_up()
    week.by_hand("UPDATE shelf SET body = replace(body, 'Late 2', 'Mine') WHERE id = ?", late[2])
    week.serving.inspect()
    paths = {
        "home": "/",
        "work": "/due",
        "tasks": "/tasks",
        "organizations": "/organizations",
        "organization": f"/organizations/one?name={long}",
        "unlisted": "/organizations/one?name=Never Here (example)",
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
        assert await page.goto(f"{anna.url}/tasks") is not None
        await page.locator("button:has-text('Close it')").first.click()
        found["a fault"] = await faults(page)
        await page.set_viewport_size(WIDE)  # type: ignore[arg-type]  # as playwright takes it
        await page.emulate_media(color_scheme="dark")
        for name in ("home", "work"):
            await page.goto(anna.url + paths[name])
            found[f"{name}, dark and wide"] = await faults(page)
            await picture(page, f"{name}-wide-dark")
    assert {name: said for name, said in found.items() if said} == {}

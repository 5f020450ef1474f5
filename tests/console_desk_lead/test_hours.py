"""A lead sets when the desk is open, sees what people read, and loses nothing that was typed."""

from html import unescape

import pytest

from tests.console_desk_lead.conftest import Desk, Running
from tests.console_frame.visitors import Fields
from tests.console_listings.reading import Seen

pytestmark = pytest.mark.asyncio(loop_scope="session")


def text(page: str) -> str:
    return " ".join(Seen(page).text.split())


WEEKDAYS = {f"day{number}": "9-13, 14:00-18.00" for number in range(5)}
KYIV = {"zone": "Europe/Kyiv"}


async def test_hours_typed_as_people_write_them_hold_at_once_and_are_shown(desk: Desk) -> None:
    anna = await desk.lead()
    versions = Fields(await anna.get("/desk-hours/uk")).values
    assert versions["version.uk"] == "0"
    night = {"day4": "9-13;14-18, 22:00 – 6:00"}
    sent = {**WEEKDAYS, **night, **KYIV, "days_off": "2026-11-24", "version.uk": "0"}
    answer = await anna.post("/desk-hours/uk", sent)
    assert answer.status == 303
    page = text(await anna.get("/desk-hours"))
    assert "The hours are saved: Українська." in page
    # Monday, 14:00 in Kyiv: open by the timetable, and nobody is there. Nothing is promised.
    assert "Closed: nobody is there" in page
    assert "Tue 24 Nov closed" in page
    assert "Wed 25 Nov 09:00–13:00, 14:00–18:00" in page
    assert "Fri 27 Nov 09:00–13:00, 14:00–18:00, 22:00–24:00 Sat 28 Nov 00:00–06:00" in page
    desk.office.later(hours=5)
    anna = await desk.lead()  # she was signed out meanwhile
    assert "середа, 09:00 (UTC+2)" in text(await anna.get("/desk-hours"))
    assert anna.staff is not None
    assert desk.office.told == [(anna.staff.id, "desk.hours", "uk")]
    form = unescape(await anna.get("/desk-hours/uk"))
    assert 'value="09:00-13:00, 14:00-18:00, 22:00-06:00"' in form
    assert Fields(form).values["version.uk"] == "1"


async def test_what_cannot_be_read_is_named_and_what_was_typed_stays(desk: Desk) -> None:
    anna = await desk.lead()
    sent = {
        "day0": "morning",
        "day1": "9-13",
        "zone": "Mars/Olympus",
        "closed": "next week",
        "days_off": "24.08.",
        "country": "XX",
        "version.uk": "0",
    }
    answer = await anna.post("/desk-hours/uk", sent)
    page = unescape(await answer.text())
    assert answer.status == 422
    for said in (
        "“morning” is not times.",
        "“Mars/Olympus” is not a time zone.",
        "“next week” is not a day.",
        "“24.08.” is not a day.",
        "The holidays of “XX” are not known.",
    ):
        assert said in page, said
    for typed in ('value="morning"', 'value="9-13"', "next week</textarea>", "24.08.</textarea>"):
        assert typed in page, typed
    assert desk.office.opening.languages() == ()


async def test_a_look_first_shows_the_days_that_come_and_saves_nothing(desk: Desk) -> None:
    anna = await desk.lead()
    answer = await anna.post("/desk-hours/uk", {**WEEKDAYS, **KYIV, "do": "look"})
    page = text(await answer.text())
    assert answer.status == 200
    assert "nothing is saved yet" in page
    assert "Tue 24 Nov 09:00–13:00, 14:00–18:00" in page
    assert "Sat 28 Nov closed" in page
    assert desk.office.opening.languages() == ()
    assert desk.office.told == []


async def test_the_same_hours_hold_for_several_languages_all_or_none(desk: Desk) -> None:
    anna = await desk.lead()
    sent = [*WEEKDAYS.items(), *KYIV.items(), ("also", "ru"), ("also", "lt"), ("also", "xx")]
    assert (await anna.post("/desk-hours/uk", sent)).status == 303
    assert desk.office.opening.languages() == ("lt", "ru", "uk")
    again = [*sent, ("version.uk", "1"), ("version.ru", "0"), ("version.lt", "1")]
    answer = await anna.post("/desk-hours/uk", [*again, ("day6", "10-12")])
    assert answer.status == 409
    assert {desk.office.opening.weekly(code)[0] for code in ("lt", "ru", "uk")} == {1}


async def test_who_was_slower_sees_what_stands_and_keeps_what_they_typed(desk: Desk) -> None:
    anna, ben = await desk.lead(), await desk.lead("Bohdan Example")
    for one in (anna, ben):
        assert Fields(await one.get("/desk-hours/uk")).values["version.uk"] == "0"
    await anna.post("/desk-hours/uk", {"day0": "9-12", **KYIV, "version.uk": "0"})
    mine = {"day0": "10-16", "day5": "11-12", **KYIV}
    answer = await ben.post("/desk-hours/uk", {**mine, "version.uk": "0"})
    page = await answer.text()
    assert answer.status == 409
    assert "Somebody changed these hours meanwhile" in page
    assert "Monday 09:00-12:00" in text(page)
    assert 'value="10-16"' in page
    assert desk.office.opening.weekly("uk")[1].rules == "Mo 09:00-12:00"
    kept = Fields(page).values["version.uk"]
    assert (await ben.post("/desk-hours/uk", {**mine, "version.uk": kept})).status == 303
    assert desk.office.opening.weekly("uk")[1].rules == "Mo 10:00-16:00; Sa 11:00-12:00"


async def test_a_language_that_is_not_served_has_no_page_and_an_operator_none_of_them(
    desk: Desk,
) -> None:
    anna = await desk.lead()
    await anna.get("/desk-hours/xx", 404)
    assert (await anna.post("/desk-hours/xx", WEEKDAYS)).status == 404
    operator = await desk.console.someone("Olha Example", "operator")
    for path in ("/desk-hours", "/desk-hours/uk", "/desk-surge", "/desk-figures"):
        await operator.get(path, 403)


async def test_where_nobody_runs_a_desk_there_is_no_page_and_no_line_in_the_menu(
    running: Running,
) -> None:
    anna = await running.console.someone("Larysa Example", "lead")
    assert "/desk-hours" not in await anna.get("/help")
    for path in ("/desk-hours", "/desk-hours/uk", "/desk-surge", "/desk-figures"):
        await anna.get(path, 404)

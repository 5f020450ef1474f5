"""In a demonstration one may enter without an authenticator; anywhere else nobody may."""

from pathlib import Path

import pytest

from bot.console.frame import ConsoleSettings
from tests.console_frame.test_frame import fill
from tests.console_frame.visitors import Clock, a_console, a_member, an_office


@pytest.mark.parametrize(
    ("demo", "url", "host", "enters"),
    [
        (True, "", "", True),
        (False, "", "", False),
        (True, "https://desk.example.org", "desk.example.org", False),
    ],
)
async def test_only_a_demonstration_on_this_machine_lets_people_in_to_try_it(
    tmp_path: Path, demo: bool, url: str, host: str, enters: bool
) -> None:
    clock, settings = Clock(), ConsoleSettings(demo=demo, url=url)
    office = an_office(tmp_path / "data", clock=clock, settings=settings, parts={})
    tried = a_member(office.book, "Demo Administrator", "administrator")
    other = a_member(office.book, "Anna Example", "administrator")
    office.parts["demo_staff"] = ((tried.id, tried.name),)  # type: ignore[index]  # ours, a dict
    async with a_console(office) as console:
        browser = console.browser()
        browser.url = url or console.url
        if host:
            browser.http.headers["Host"] = host
            browser.http.headers["Origin"] = url
        async with browser.http.get(f"{console.url}/sign-in") as answer:
            page = await answer.text()
            cookie = answer.headers["Set-Cookie"].split(";")[0]
        assert ("Demo Administrator" in page) == enters
        browser.url, browser.http.headers["Cookie"] = console.url, cookie
        for who, status in ((other, 404), (tried, 303 if enters else 404)):
            if host:
                token = page.split('name="token" value="')[1].split('"')[0]
                async with browser.http.post(
                    f"{console.url}/demo",
                    data={"token": token, "staff": who.id},
                    allow_redirects=False,
                ) as answer:
                    assert answer.status == status
            else:
                assert (await fill(browser, page, "/demo", staff=who.id))[0] == status


async def test_a_button_is_proof_enough_in_a_demonstration_and_nowhere_else(
    tmp_path: Path,
) -> None:
    for demo in (True, False):
        clock = Clock()
        office = an_office(
            tmp_path / str(demo), clock=clock, settings=ConsoleSettings(demo=demo), parts={}
        )
        who = a_member(office.book, "Demo Administrator", "administrator")
        office.parts["demo_staff"] = ((who.id, who.name),)  # type: ignore[index]  # ours, a dict
        async with a_console(office) as console:
            visitor = await console.someone("Demo Administrator")
            clock.now += 400
            made = {"name": "Clara Example", "role": "viewer"}
            answer = await visitor.post("/people", made)
            assert answer.status == 401
            assert ("_proof_demo" in await answer.text()) == demo
            answer = await visitor.post("/people", {**made, "_proof_demo": "yes"})
            assert answer.status == (303 if demo else 401)
            names = {one.name for one in office.book.accounts.everyone()}
            assert ("Clara Example" in names) == demo

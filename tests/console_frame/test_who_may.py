"""Who may do what: every route with every role, and every form in every wrong way.

The table is made from the routes and the roles, so a page that is added is tried as well.
"""

import json
import re
from itertools import product
from typing import Final

import pytest

from bot import report
from bot.console.door import OPEN
from bot.console.frame import Route
from bot.console.menu import MENU
from bot.console.routes import ROUTES
from bot.console.staff_words import ACT_WORDS, DONE_WORDS, ROLE_WORDS
from bot.staff import ACTS, MAY, ROLES, Role, may
from bot.staff.model import Stage
from tests.console_frame.setting import Setting
from tests.console_frame.visitors import Visitor

NOT_PAGES: Final = frozenset({"/live"})
"""Routes that a plain request cannot try: they are tried on their own."""
GUARDED: Final = tuple(route for route in ROUTES if route.act not in OPEN)
FORMS: Final = tuple(route for route in ROUTES if route.method == "POST")
ELSEWHERE: Final = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize("role", ROLES)
async def test_a_role_opens_exactly_what_the_table_says(setting: Setting, role: Role) -> None:
    visitor = await setting.console.someone(f"A {role}", role)
    found, said = {}, {}
    for route in GUARDED:
        # An act that is allowed finds nothing to do: an empty form, something that is not there.
        path = re.sub(r"\{[^}]+\}", "nothing-here", route.path)
        status = await _status(visitor, route.method, path)
        assert status < 500, (route, status)
        found[route.method, route.path] = status != 403
        said[route.method, route.path] = may([role], route.act)  # type: ignore[arg-type]  # guarded
    assert found == said


@pytest.mark.asyncio(loop_scope="session")
async def test_whoever_is_not_signed_in_reaches_only_the_doors(setting: Setting) -> None:
    nobody = setting.console.browser()
    for route in ROUTES:
        if route.act == "anyone" or route.path in NOT_PAGES:
            continue
        async with nobody.http.request(
            route.method,
            nobody.url + setting.path(route),
            allow_redirects=False,
            data={} if route.method == "POST" else None,
        ) as answer:
            where = answer.headers.get("Location", "")
            assert answer.status == (303 if route.method == "GET" else 401), route
            assert where.startswith("/sign-in?next=") or route.method == "POST"


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize("route", FORMS, ids=lambda route: f"{route.name} {route.path}")
async def test_a_form_that_is_not_ours_changes_nothing(setting: Setting, route: Route) -> None:
    stage: Stage = "set_up" if route.act == "set_up" else "signed_in"
    everything, foreign = await setting.two(stage)
    ours, url = everything.headers(), everything.url + setting.path(route)
    good = {"token": everything.token, "why": "x", "name": "Dora", "role": "viewer", "all": "yes"}
    plain = "\r\n".join(f"{name}={value}" for name, value in good.items())
    before = setting.dump()
    ways: list[tuple[dict[str, str], object]] = [
        (ours, {**good, "token": ""}),
        (ours, {**good, "token": foreign.token}),
        (ours, {**good, "token": everything.token[:-1]}),
        (ours, {name: value for name, value in good.items() if name != "token"}),
        (ELSEWHERE, good),
        ({**ours, "Origin": "null"}, good),
        ({**ours, "Sec-Fetch-Site": "same-site"}, good),
        ({**ours, "Origin": ours["Origin"].replace("127.0.0.1", "localhost")}, good),
        ({**ours, "Content-Type": "text/plain"}, plain),
        ({**ours, "Content-Type": "application/json"}, json.dumps(good)),
    ]
    for headers, data in ways:
        async with everything.http.post(
            url, data=data, headers=headers, allow_redirects=False
        ) as answer:
            assert answer.status in {400, 403, 415}, (headers, answer.status)
            assert "Location" not in answer.headers
    async with everything.http.get(url, params=good, allow_redirects=False) as answer:
        assert answer.status < 500
    assert setting.dump() == before


@pytest.mark.asyncio(loop_scope="session")
async def test_no_page_that_is_only_looked_at_changes_anything(setting: Setting) -> None:
    everything = await setting.console.someone("Looks Example", *ROLES)
    before = setting.dump()
    for route in ROUTES:
        if route.method == "GET" and route.path not in NOT_PAGES:
            assert await _status(everything, "GET", setting.path(route)) < 500, route
    # That somebody looked at what is not public is written down, and nothing else.
    grown = set(setting.dump().splitlines()) - set(before.splitlines())
    assert not [line for line in grown if "INSERT INTO act" not in line and "staff" in line]


@pytest.mark.asyncio(loop_scope="session")
async def test_the_table_that_is_shown_is_the_one_that_is_enforced(setting: Setting) -> None:
    viewer = await setting.console.someone("A viewer", "viewer")
    shown = json.loads(await viewer.get("/who-may.json"))
    assert {role: set(acts) for role, acts in shown["may"].items()} == {
        role: set(acts) for role, acts in MAY.items()
    }
    assert len(shown["routes"]) == len(ROUTES)
    page = await viewer.get("/who-may")
    assert page.count("✓") == sum(len(acts) for acts in MAY.values())


@pytest.mark.asyncio(loop_scope="session")
async def test_the_menu_shows_what_a_role_may_open(setting: Setting) -> None:
    paths = {route.path: route for route in ROUTES if route.method == "GET"}
    for role in ROLES:
        visitor = await setting.console.someone(f"A {role}", role)
        menu = (await visitor.get("/help")).split("<nav", 1)[1].split("</nav>", 1)[0]
        for place in (place for _, group in MENU for place in group if place.path in paths):
            act = paths[place.path].act
            open_ = act in OPEN or may([role], act)  # type: ignore[arg-type]  # not in OPEN
            # This office has none of the parts that a place may need.
            open_ = open_ and not place.part
            assert (f'href="{place.path}"' in menu) == open_, (role, place.path)


def test_every_role_and_act_has_a_name_and_every_act_has_a_role() -> None:
    assert set(ROLE_WORDS) == set(ROLES) == set(MAY)
    assert set(ACT_WORDS) == set(ACTS)
    assert {act for acts in MAY.values() for act in acts} == set(ACTS)
    assert all(DONE_WORDS.values())


def test_whoever_keeps_accounts_changes_no_listing_and_the_other_way_round() -> None:
    listings = {"directory.edit", "directory.approve", "directory.check"}
    keeps = {"staff.manage", "keys.manage"}
    for role, acts in MAY.items():
        assert not (acts & listings and acts & keeps), role


def test_acts_that_cannot_be_taken_back_need_a_fresh_proof() -> None:
    for route in FORMS:
        if route.act in {"staff.manage", "keys.manage", "directory.purge"}:
            assert route.step_up, route


def test_nothing_is_put_before_people_from_a_session_that_somebody_left_open() -> None:
    publishing = {"draft_publish", "import_publish"}
    found = {route.name: route.step_up for route in FORMS if route.name in publishing}
    assert found == dict.fromkeys(publishing, True)


def test_no_two_routes_answer_the_same() -> None:
    taken = [(route.method, route.path) for route in ROUTES]
    names = [route.name for route in ROUTES]
    assert len(set(taken)) == len(taken)
    assert len(set(names)) == len(names)
    assert all(a != b for a, b in product(taken, taken) if a is not b)


async def _status(visitor: Visitor, method: str, path: str) -> int:
    if method == "POST":
        return (await visitor.post(path)).status
    async with visitor.http.get(visitor.url + path, allow_redirects=False) as answer:
        await answer.read()
        return answer.status


@pytest.mark.asyncio(loop_scope="session")
async def test_what_somebody_may_not_is_noted_without_a_name(
    setting: Setting, capsys: pytest.CaptureFixture[str]
) -> None:
    visitor = await setting.console.someone("Dora Example", "viewer")
    report.set_up()
    await visitor.get("/people", status=403)
    noted = [json.loads(line) for line in capsys.readouterr().err.splitlines() if line]
    assert [(one["event"], one["part"]) for one in noted] == [("not_allowed", "staff.manage")]
    assert "Dora" not in json.dumps(noted)

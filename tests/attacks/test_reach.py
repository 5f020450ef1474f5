"""What lies out of somebody's reach is, wherever they ask, as if it were not there.

One person keeps another area. Each route is asked for a listing that they may not see and for one
that never was; and all pages are read before and after much is done to listings out of reach.
"""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

import pytest
import pytest_asyncio

from bot.console.frame import Route
from bot.console.routes import ROUTES
from bot.staff import Role
from tests.console_frame.visitors import Visitor
from tests.console_listings.rooms import AUTHOR, SECOND, Rooms, a_desk, content

pytestmark = pytest.mark.asyncio(loop_scope="session")

NAME: Final = "Zephyrine House"
NUMBER: Final = "+380440009917"
UNKNOWN: Final = "ua-somewhere-house"
"""As long as the id of the listing, so that even the length of a page is the same."""
OURS: Final = re.compile(r'name="token" value="[^"]*"|data-token="[^"]*"')
OF_LISTINGS: Final = ("/listings/{id}", "/drafts/{id}", "/due/{id}", "/translations/{id}")
BY_FIELD: Final = {
    # Forms that name listings in a field; what else makes them whole.
    "/exports": {"form": "csv"},
    "/exports/restricted": {"form": "csv", "restricted": "yes"},
    "/links": {},
    "/listings/bulk": {"act": "suspend", "why": "x"},
    "/listings/bulk/suspend": {"why": "x"},
    "/listings/bulk/check": {"how": "call", "whole": "yes"},
    "/listings/bulk/offer": {"why": "x"},
    "/listings/bulk/retire": {"why": "x"},
    "/due/many": {"how": "call"},
    "/duplicates/merge": {"why": "x"},
    "/duplicates/dismiss": {"why": "x"},
    "/duplicates/again": {},
}
NOT_BY_AREA: Final = {"/desk", "/reports", "/live", "/here", "/offline/file"}
"""Nothing of the directory; or a file whose first line is the second it was made in."""


@dataclass
class Scene:
    """A console, a listing in one area, and somebody who keeps another."""

    rooms: Rooms
    far: Visitor
    id: str = ""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def scene(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Scene]:
    async with a_desk(tmp_path_factory.mktemp("desk")) as (rooms, console):
        roles: tuple[Role, ...] = (
            "lead",
            "editor",
            "approver",
            "vetting_officer",
            "translator",
            "operator",
        )
        far = await console.someone("Far Example", *roles, areas=("UA-46",))
        rooms.published(content(names={"en": "Near House"}, area=["UA-46"]))
        yield Scene(rooms, far)


def much_is_done(scene: Scene) -> None:
    """A listing is added, published, reported, changed, stopped; another one stays a draft."""
    names, contacts = {"en": NAME}, [{"kind": "phone", "number": NUMBER}]
    said = content(names=names, contacts=contacts, organization={"en": "Zephyrine Trust"})
    scene.id = scene.rooms.published(said)
    ledger = scene.rooms.ledger
    ledger.report(scene.id, "unsafe", "operator", actor=AUTHOR)
    scene.rooms.draft(said | {"summary": {"en": "Changed."}}, scene.id, why="Zephyrine moved")
    scene.rooms.draft(said | {"names": {"en": "Zephyrine Annex"}})
    ledger.suspend(SECOND, [scene.id], why="Zephyrine is watched")


async def pages(far: Visitor) -> dict[str, str]:
    """All that they can look at without naming a listing, and lists that search for it."""
    asked = [route.path for route in ROUTES if route.method == "GET" and "{" not in route.path]
    paths = [path for path in asked if not path.startswith(tuple(NOT_BY_AREA))]
    paths += [f"/listings?text={word}" for word in ("Zephyrine", NUMBER, "9917")]
    paths += ["/listings?stage=suspended", "/drafts?all=1", "/organizations?text=Zephyrine"]
    paths += ["/organizations/one?name=Zephyrine+Trust", "/tasks?kind=unsafe"]
    found = {path: await seen(far, Route("GET", path, "me", None, ""), path) for path in paths}  # type: ignore[arg-type]
    for path in ("/exports", "/exports/restricted"):
        route = next(one for one in ROUTES if (one.method, one.path) == ("POST", path))
        found[f"file of {path}"] = await seen(far, route, path, form="csv", restricted="yes")
    return found


async def seen(far: Visitor, route: Route, path: str, **fields: str) -> str:
    """The whole answer: status, headers and words, without what is of the session."""
    data = {"token": far.token, **fields} if route.method == "POST" else None
    async with far.http.request(
        route.method, far.url + path, data=data, headers=far.headers(), allow_redirects=False
    ) as answer:
        headers = {name: value for name, value in answer.headers.items() if name != "Date"}
        text = (await answer.read()).decode("utf-8", "replace")
    # What a form did is said once, on the page that comes next.
    said = await far.get("/help") if "Location" in headers else ""
    return f"{answer.status} {sorted(headers.items())}\n{OURS.sub('', text + said)}"


async def test_nothing_that_is_done_out_of_reach_changes_any_page_list_search_or_export(
    scene: Scene,
) -> None:
    before = await pages(scene.far)
    much_is_done(scene)
    after = await pages(scene.far)
    assert [path for path in before if before[path] != after[path]] == []
    for path, text in after.items():
        searched = "Zephyrine" if "Zephyrine" not in path else "Zephyrine House"
        assert searched not in text, path
        assert scene.id not in text, path
    assert sum(text.startswith("200") for text in before.values()) > 20


async def test_every_route_answers_for_what_is_out_of_reach_as_for_what_never_was(
    scene: Scene,
) -> None:
    if not scene.id:
        much_is_done(scene)
    record = scene.rooms.record(scene.id)
    assert len(UNKNOWN) == len(scene.id)
    generation, tried = scene.rooms.ledger.generation(), 0
    form = {"why": "x", "do": "save", "version": "1", "digest": "0" * 64, "revision": "1"}
    form |= {"reason": "unsafe", "how": "call", "language": "uk", "base": "1", "name.en": "X"}
    for route in ROUTES:
        if route.path.startswith(OF_LISTINGS):
            answers = [
                (await seen(scene.far, route, route.path.replace("{id}", id_), **form)).replace(
                    id_, "…"
                )
                for id_ in (scene.id, UNKNOWN)
            ]
        elif (route.method == "POST" and route.path in BY_FIELD) or "/{keep}/" in route.path:
            fields = BY_FIELD.get(route.path, {})
            answers = []
            for id_ in (scene.id, UNKNOWN):
                path = route.path.replace("{keep}", id_).replace("{gone}", "ua-near-house")
                named = {"id": id_, "keep": id_, "gone": "ua-near-house", "one": id_}
                answer = await seen(scene.far, route, path, **fields, **named)
                answers.append(answer.replace(id_, "…"))
        else:
            continue
        tried += 1
        assert answers[0] == answers[1], (route.method, route.path)
        assert "Zephyrine" not in answers[0], route.path
    assert tried > 35
    assert scene.rooms.ledger.generation() == generation
    assert scene.rooms.record(scene.id).row == record.row

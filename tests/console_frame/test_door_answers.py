"""What the door says when something is not so, and what a browser is given to hold."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.console import pace
from bot.staff import StoreError
from tests.console_frame.doors import CLOCK, ask, come, status
from tests.console_frame.visitors import NOON, Console

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.mark.parametrize(
    ("name", "expected", "words", "alarm"),
    [
        ("store", 503, "This cannot be kept now", "console_store_failed"),
        ("broken", 500, "Something broke here", "console_failed"),
        ("stale", 409, "Somebody changed this meanwhile", None),
        ("staff", 409, "nobody does that alone", None),
        ("gone", 404, "There is no such page", None),
        ("method", 405, "That could not be read", None),
    ],
)
async def test_whatever_goes_wrong_is_a_page_that_says_so_and_a_place_in_the_log(
    door: Console, name: str, expected: int, words: str, alarm: str | None
) -> None:
    visitor = await door.someone("Anna Example", "editor")
    with capture_logs() as noted:
        came = await come(visitor, "GET", f"/fails/{name}")
    assert came.status == expected
    assert words in came.text
    assert ("Ask a colleague." in came.text) is (name == "staff")
    if name == "staff":
        assert came.text.index(words) < came.text.index("Ask a colleague.")
    assert [one["event"] for one in noted] == ([alarm] if alarm else [])
    assert "words of somebody" not in came.text + repr(noted)


async def test_while_the_staff_book_is_away_nobody_is_told_that_they_signed_out(
    door: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = await door.someone("Anna Example", "editor")
    book = door.office.book

    def away(*_: object, **__: object) -> None:
        raise StoreError(Path("staff.db"), "it is locked", "Try again.")

    monkeypatch.setattr(type(book.sessions), "find", away)
    for method, path in (("GET", "/mine"), ("POST", "/mine"), ("POST", "/files")):
        with capture_logs() as noted:
            more = {"data": {"said": "a word"}} if method == "POST" else {}
            came = await come(visitor, method, path, headers=visitor.headers(), **more)
        assert came.status == 503
        assert "This cannot be kept now" in came.text
        assert ("a word" in came.text) is (path == "/mine" and method == "POST")
        assert [one["event"] for one in noted] == ["console_store_failed"]
    assert (await come(visitor, "GET", "/open")).status == 200


async def test_a_script_is_told_no_in_json_and_asks_with_its_token_in_a_header(
    door: Console,
) -> None:
    visitor = await door.someone("Anna Example", "editor")
    headers = {**visitor.headers(), "X-Token": visitor.token}
    came = await come(visitor, "POST", "/script", json={"a": 1}, headers=headers)
    assert came.status == 200
    assert '"sent": 8' in came.text
    came = await come(visitor, "POST", "/script", json={"a": 1}, headers=visitor.headers())
    assert (came.status, '"refused": "token"' in came.text) == (403, True)
    assert '"field"' not in came.text
    came = await come(visitor, "POST", "/script", json="x" * 3_000, headers=headers)
    assert (came.status, '"refused": "large"' in came.text) == (413, True)
    came = await come(visitor, "POST", "/script", data="a=1", headers=headers)
    assert came.status == 415
    assert '"refused"' in came.text
    assert '"field"' not in came.text


async def test_a_script_that_asks_without_a_pause_is_told_to_wait(
    door: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "AT_ONCE", 3)
    monkeypatch.setattr(pace, "A_SECOND", 0.0)
    flood = await door.someone("Flood Example", "editor")
    calm = await door.someone("Calm Example", "editor")
    pages = [await status(flood, "GET", "/mine") for _ in range(3)]
    asked = [await come(flood, "GET", "/script") for _ in range(4)]
    assert set(pages) == {200}
    assert [one.status for one in asked] == [200, 200, 200, 429]
    assert '"refused": "too_many"' in asked[-1].text
    assert await status(calm, "GET", "/script") == 200
    assert await status(flood, "GET", "/mine") == 200


async def test_an_act_that_cannot_be_taken_back_needs_a_proof_of_the_last_five_minutes(
    door: Console,
) -> None:
    visitor = await door.someone("Anna Example", "editor")
    script = {**visitor.headers(), "X-Token": visitor.token}
    form = {"token": visitor.token, "said": "a word"}
    for later, expected in ((0, 200), (299, 200), (300, 401), (400, 401)):
        CLOCK.now = NOON + later
        assert (await come(visitor, "GET", "/again")).status == expected
        came = await come(visitor, "POST", "/again", data=form, headers=visitor.headers())
        assert came.status == expected
        assert "a word" in came.text
        came = await come(visitor, "POST", "/script/again", json={}, headers=script)
        assert came.status == expected
        assert ('"refused": "prove"' in came.text) is (expected == 401)
        assert (await come(visitor, "GET", "/mine")).status == 200


async def test_a_page_that_asks_by_itself_is_no_sign_of_life_and_any_other_is(
    door: Console,
) -> None:
    for path, lives in (("/quiet", False), ("/nowhere", False), ("/mine", True)):
        visitor = await door.someone("Anna Example", "editor")
        CLOCK.now = NOON + 800
        assert await status(visitor, "GET", path) == (404 if path == "/nowhere" else 200)
        CLOCK.now = NOON + 900
        assert (await status(visitor, "GET", "/mine") == 200) is lives
        CLOCK.now = NOON


async def test_a_page_that_is_not_there_is_said_so_under_the_right_name_only(
    door: Console,
) -> None:
    visitor = await door.someone("Anna Example", "editor")
    came = await come(visitor, "GET", "/nowhere")
    assert (came.status, "There is no such page" in came.text) == (404, True)
    # What helps, and where to go on: nothing else stands on it.
    helps, leads = re.findall(r"<p>(.+?)</p>", came.text.split("<main", 1)[1])
    assert helps.endswith(".")
    assert leads == '<a href="/">To the first page</a>'
    came = await come(visitor, "POST", "/people", headers=visitor.headers())
    assert came.status == 405
    for name in ("evil.example", "desk.example.org.evil.example"):
        came = await come(visitor, "GET", "/mine", headers={"Host": name})
        assert came.status == 421
        assert "not to be opened under this name" in came.text


async def test_a_no_is_said_in_the_language_that_somebody_chose(door: Console) -> None:
    visitor = await door.someone("Vira Example", "viewer")
    assert visitor.staff is not None
    for language in ("uk", "en"):
        door.office.book.accounts.set_language(visitor.staff.id, language)
        for path, expected in (("/mine", 200), ("/edit", 403), ("/nowhere", 404)):
            came = await come(visitor, "GET", path)
            assert came.status == expected
            assert (f'<html lang="{language}">' in came.text) is (expected != 200)


async def test_only_whoever_has_no_cookie_of_ours_is_given_one(door: Console) -> None:
    nobody, anna = door.browser(), await door.someone("Anna Example", "editor")
    async with ask(nobody, "GET", "/open") as answer:
        first = answer.headers.getall("Set-Cookie")
    async with ask(nobody, "GET", "/open") as answer:
        again = answer.headers.getall("Set-Cookie", [])
    async with ask(anna, "GET", "/mine") as answer:
        hers = answer.headers.getall("Set-Cookie", [])
    assert len(first) == 1
    parts = {part.strip().lower() for part in first[0].split(";")[1:]}
    assert parts == {"httponly", "path=/", "samesite=strict"}
    assert (again, hers) == ([], [])
    secure = {"Host": "desk.example.org"}
    async with ask(door.browser(), "GET", "/open", headers=secure) as answer:
        (named,) = answer.headers.getall("Set-Cookie")
    assert named.startswith("__Host-desk=")
    parts = {part.strip().lower() for part in named.split(";")[1:]}
    assert parts == {"httponly", "path=/", "samesite=strict", "secure"}


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text[:-1],
        lambda text: text + "A",
        lambda text: text[:-1] + "é",
        lambda text: "*" + text[1:],
        lambda text: "",
        lambda text: text[:-1] + chr(ord(text[-1]) + 1),
    ],
)
async def test_a_cookie_that_is_not_spelled_as_ours_is_none(
    door: Console, change: Callable[[str], str]
) -> None:
    anna = await door.someone("Anna Example", "editor")
    (cookie,) = list(anna.http.cookie_jar)
    other = door.browser()
    sent = {"Cookie": f"{cookie.key}={change(cookie.value)}"}
    assert await status(other, "GET", "/mine", headers=sent) == 303
    assert await status(anna, "GET", "/mine") == 200


async def test_a_script_is_told_which_field_is_not_right(door: Console) -> None:
    visitor = await door.someone("Anna Example", "editor")
    headers = {**visitor.headers(), "X-Token": visitor.token}
    came = await come(visitor, "POST", "/shaped", json={"number": 3}, headers=headers)
    assert (came.status, came.text) == (200, '{"number": 3}')
    came = await come(visitor, "POST", "/shaped", json={"number": "a word"}, headers=headers)
    assert came.status == 422
    told = json.loads(came.text)
    assert (told["refused"], told["field"]) == ("invalid", "number")
    assert "a word" not in came.text

"""Who comes in at the door of the console, and who is asked again who they are."""

from base64 import urlsafe_b64decode
from typing import Any

import pytest
from aiohttp import FormData
from structlog.testing import capture_logs

from bot.console.cookie import PLAIN, token_of
from bot.staff import Act
from tests.console_frame.doors import come, status
from tests.console_frame.visitors import Console

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_page_for_anyone_is_for_anyone_and_all_others_ask_who_it_is(
    door: Console,
) -> None:
    nobody = door.browser()
    assert (await come(nobody, "GET", "/open")).status == 200
    for path in ("/mine", "/begin", "/edit", "/people", "/again", "/quiet", "/script"):
        came = await come(nobody, "GET", f"{path}?a=b%20c&d=%C3%A9")
        assert (came.status, came.where) == (
            303,
            f"/sign-in?next={path}%3Fa%3Db%2520c%26d%3D%25C3%25A9",
        )


async def test_whoever_came_with_a_set_up_code_is_led_to_it_and_nobody_else(
    door: Console,
) -> None:
    begun = await door.someone("Begun Example", "administrator", stage="set_up")
    ready = await door.someone("Ready Example", "administrator")
    assert (await come(begun, "GET", "/begin")).status == 200
    assert (await come(begun, "GET", "/open")).status == 200
    for path in ("/mine", "/people", "/edit", "/again"):
        came = await come(begun, "GET", path)
        assert (came.status, came.where) == (303, "/set-up")
    came = await come(ready, "GET", "/begin")
    assert (came.status, came.where) == (303, "/")
    assert (await come(ready, "GET", "/people")).status == 200


@pytest.mark.parametrize(
    ("roles", "may_edit", "may_manage"),
    [
        (("viewer",), False, False),
        (("editor",), True, False),
        (("administrator",), False, True),
        (("editor", "administrator"), True, True),
    ],
)
async def test_a_page_opens_for_a_role_that_may(
    door: Console, roles: Any, may_edit: bool, may_manage: bool
) -> None:
    visitor = await door.someone(f"A {' '.join(roles)}", *roles)
    for path, may in (("/edit", may_edit), ("/people", may_manage), ("/mine", True)):
        with capture_logs() as noted:
            came = await come(visitor, "GET", path)
        assert came.status == (200 if may else 403)
        assert ("Your roles do not allow that" in came.text) is not may
        acts: dict[str, Act] = {"/edit": "directory.edit", "/people": "staff.manage"}
        told = [(one["event"], one["part"]) for one in noted]
        assert told == ([] if may else [("not_allowed", acts[path])])


async def test_a_form_needs_the_token_of_its_own_session_and_a_page_of_ours(
    door: Console,
) -> None:
    anna = await door.someone("Anna Example", "editor")
    boris = await door.someone("Boris Example", "editor")
    good = {"token": anna.token, "said": "a word"}
    came = await come(anna, "POST", "/edit", data=good, headers=anna.headers())
    assert came.status == 200
    assert '"said": "a word"' in came.text
    for token in ("", boris.token, anna.token[:-1], anna.token + "0", "Ā"):
        came = await come(
            anna, "POST", "/edit", data={**good, "token": token}, headers=anna.headers()
        )
        assert came.status == 403
        assert "This page was too old" in came.text
        assert "a word" in came.text
    for headers in ({"Origin": "https://evil.example"}, {"Origin": "null"}):
        came = await come(anna, "POST", "/edit", data=good, headers=headers)
        assert came.status == 403
        assert "did not come from a page of this console" in came.text
    large = {**good, "said": "x" * 3_000}
    assert (await come(anna, "POST", "/edit", data=large, headers=anna.headers())).status == 413


async def test_a_form_of_nobody_yet_carries_the_token_of_its_browser(door: Console) -> None:
    visitor = door.browser()
    await come(visitor, "GET", "/open")
    (cookie,) = [one for one in visitor.http.cookie_jar if one.key == PLAIN]
    token = token_of(urlsafe_b64decode(cookie.value + "="))
    headers = {"Origin": visitor.url, "Sec-Fetch-Site": "same-origin"}
    for said, expected in ((token, 200), (token[::-1], 403)):
        assert await status(visitor, "POST", "/open", data={"token": said}, headers=headers) == (
            expected
        )
    before = cookie.value
    await come(visitor, "GET", "/open")
    assert [one.value for one in visitor.http.cookie_jar if one.key == PLAIN] == [before]


async def test_what_was_typed_after_the_session_ended_is_shown_and_a_file_is_not_read(
    door: Console,
) -> None:
    nobody = door.browser()
    headers = {"Origin": nobody.url, "Sec-Fetch-Site": "same-origin"}
    for path, kept in (("/mine", True), ("/edit", True), ("/files", False)):
        came = await come(nobody, "POST", path, data={"said": "a word"}, headers=headers)
        assert came.status == 401
        assert "You were signed out meanwhile" in came.text
        assert ("a word" in came.text) is kept
    parts = FormData({"said": "a word"}, default_to_multipart=True)
    came = await come(nobody, "POST", "/mine", data=parts, headers=headers)
    assert (came.status, "a word" in came.text) == (415, False)
    came = await come(nobody, "POST", "/script", json={"said": "a word"}, headers=headers)
    assert came.status == 401
    assert '"refused": "signed_out"' in came.text

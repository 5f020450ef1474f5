"""The two cookies of the console: what a browser is told of them, and which it may send back."""

from http.cookies import Morsel

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from bot.console.cookie import (
    fits,
    give_cookie,
    give_known,
    new_secret,
    read_cookie,
    read_known,
    take_cookie,
    token_of,
)

SECRET = bytes(range(224, 256))


def told(answer: web.Response) -> Morsel[str]:
    (one,) = answer.cookies.values()
    return one


def sending(cookie: str) -> web.Request:
    return make_mocked_request("GET", "/", headers={"Cookie": cookie})


@pytest.mark.parametrize("secure", [True, False])
def test_a_cookie_is_out_of_reach_of_scripts_other_sites_and_other_paths(secure: bool) -> None:
    for give, name in ((give_cookie, "desk"), (give_known, "known")):
        answer = web.Response()
        give(answer, SECRET, secure=secure)
        one = told(answer)
        assert one.key == (f"__Host-{name}" if secure else name)
        assert one["path"] == "/"
        assert bool(one["secure"]) is secure
        assert one["httponly"] is True
        assert one["samesite"] == "Strict"
        assert not one.get("domain")
        assert str(one.get("max-age", "")) == ("" if name == "desk" else str(180 * 86_400))
        read = read_cookie if name == "desk" else read_known
        assert read(sending(f"{one.key}={one.value}"), secure=secure) == SECRET
        assert not read(sending(f"{one.key}={one.value}"), secure=not secure)


@pytest.mark.parametrize("secure", [True, False])
def test_a_cookie_is_taken_away_as_it_was_given(secure: bool) -> None:
    answer = web.Response()
    take_cookie(answer, secure=secure)
    one = told(answer)
    assert one.key == ("__Host-desk" if secure else "desk")
    assert (one.value, str(one["max-age"]), one["path"]) == ("", "0", "/")
    assert (bool(one["secure"]), one["httponly"], one["samesite"]) == (secure, True, "Strict")


def test_a_browser_without_a_cookie_of_ours_has_none() -> None:
    for cookie in ("", "desk=", "desk=short", "other=x", "desk=" + "*" * 43, "known=" + "=" * 43):
        assert read_cookie(sending(cookie), secure=False) is None
        assert read_known(sending(cookie), secure=False) == b""


def test_a_secret_is_new_each_time_and_long_enough() -> None:
    made = {new_secret() for _ in range(50)}
    assert {len(one) for one in made} == {32}
    assert len(made) == 50


def test_a_token_fits_its_own_session_and_nothing_else() -> None:
    token = token_of(SECRET)
    assert len(token) == 64
    assert token != SECRET.hex()
    assert fits(token, SECRET)
    for other in ("", token[:-1], token + "0", token.upper(), "ї" * 64, "\ud800"):
        assert not fits(other, SECRET)
    assert not fits(token, SECRET[::-1])

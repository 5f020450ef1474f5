"""What every answer carries, and under which names the console answers at all."""

from pathlib import Path

import pytest

from bot.console.cookie import SECURE
from bot.console.frame import ConsoleSettings
from tests.console_frame.visitors import Console, a_console, an_office


@pytest.mark.parametrize("path", ["/", "/sign-in", "/no-such-page", "/static/console.css", "/live"])
async def test_every_answer_forbids_foreign_scripts_frames_and_memory(
    console: Console, path: str
) -> None:
    async with console.browser().http.get(console.url + path, allow_redirects=False) as answer:
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'")
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "Server" not in answer.headers


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(tmp_path: Path) -> None:
    settings = ConsoleSettings(url="https://desk.example.org")
    async with a_console(an_office(tmp_path / "data", settings=settings)) as console:
        head = {"Host": "desk.example.org"}
        async with console.browser().http.get(f"{console.url}/sign-in", headers=head) as answer:
            said = answer.headers["Set-Cookie"]
    assert said.startswith(f"{SECURE}=")
    for part in ("HttpOnly", "Secure", "SameSite=Strict", "Path=/"):
        assert part in said
    assert "Domain" not in said
    assert "Max-Age" not in said


@pytest.mark.parametrize(
    ("url", "host", "status"),
    [
        ("", "127.0.0.1:8090", 200),
        ("", "localhost:8090", 200),
        ("", "evil.example:8090", 421),
        ("", "192.0.2.7:8090", 421),
        ("https://desk.example.org", "desk.example.org", 200),
        ("https://desk.example.org", "192.0.2.7", 421),
        ("http://desk.example.org", "desk.example.org", 421),
        ("", "[::1", 421),
    ],
)
async def test_the_console_answers_only_under_its_own_names_and_safely(
    tmp_path: Path, url: str, host: str, status: int
) -> None:
    office = an_office(tmp_path / "data", settings=ConsoleSettings(url=url))
    async with (
        a_console(office) as console,
        console.browser().http.get(f"{console.url}/sign-in", headers={"Host": host}) as answer,
    ):
        assert answer.status == status

"""Under which names the console answers, where a browser is safe, and from where a request came."""

import ssl
from typing import Final

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request
from multidict import CIMultiDict

from bot.console.frame import ConsoleSettings
from bot.console.host import Host, is_this_machine

UNNAMED: Final = ConsoleSettings()
NAMED: Final = ConsoleSettings(url="https://Desk.Example.org")
PORT: Final = ConsoleSettings(url="https://desk.example.org:8443")
HERE: Final = ConsoleSettings(url="http://localhost:8080")
UNSAFE: Final = ConsoleSettings(url="http://desk.example.org")
PROXY: Final = ConsoleSettings(url="https://desk.example.org", behind_proxy=True)
SOME_PROXY: Final = ConsoleSettings(behind_proxy=True)
TLS: Final = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)


def asking(host: str, *more: tuple[str, str], tls: bool = False) -> web.Request:
    """A request to that host, from an address that is kept for documents."""
    headers = CIMultiDict([("Host", host), *more])
    made = make_mocked_request("GET", "/", headers=headers, sslcontext=TLS if tls else None)
    return made.clone(remote="192.0.2.9")


def forwarded(scheme: str) -> tuple[str, str]:
    """What a proxy says of the way between it and the browser."""
    return "X-Forwarded-Proto", scheme


@pytest.mark.parametrize(
    ("settings", "request_", "origin", "problem"),
    [
        (UNNAMED, asking("127.0.0.1:8090"), "http://127.0.0.1:8090", ""),
        (UNNAMED, asking("127.8.9.1"), "http://127.8.9.1", ""),
        (UNNAMED, asking("[::1]:8090"), "http://[::1]:8090", ""),
        (UNNAMED, asking("LocalHost", tls=True), "https://localhost", ""),
        (UNNAMED, asking("desk.localhost:8090"), "http://desk.localhost:8090", ""),
        (UNNAMED, asking("localhost.example.org"), "http://localhost.example.org", "host"),
        (UNNAMED, asking("evil.example", tls=True), "https://evil.example", "host"),
        (UNNAMED, asking("192.0.2.7"), "http://192.0.2.7", "plain"),
        (UNNAMED, asking("192.0.2.7", tls=True), "https://192.0.2.7", ""),
        (UNNAMED, asking("192.0.2.7", forwarded("https")), "http://192.0.2.7", "plain"),
        (UNNAMED, asking("[2001:db8::7]", tls=True), "https://[2001:db8::7]", ""),
        (UNNAMED, asking("", tls=True), "https://", "plain"),
        (NAMED, asking("DESK.example.org"), "https://desk.example.org", ""),
        (NAMED, asking("desk.example.org:444"), "http://desk.example.org:444", "host"),
        (NAMED, asking("desk.example.org.evil.example"), None, "host"),
        (NAMED, asking("192.0.2.7", tls=True), "https://192.0.2.7", "host"),
        (NAMED, asking("127.0.0.1:8090"), "http://127.0.0.1:8090", ""),
        (PORT, asking("desk.example.org:8443"), "https://desk.example.org:8443", ""),
        (PORT, asking("desk.example.org"), "http://desk.example.org", "host"),
        (HERE, asking("localhost:8080"), "http://localhost:8080", ""),
        (HERE, asking("localhost:9"), "http://localhost:9", ""),
        (UNSAFE, asking("desk.example.org"), "http://desk.example.org", "plain"),
        (UNSAFE, asking("desk.example.org", tls=True), "http://desk.example.org", "plain"),
        (PROXY, asking("desk.example.org", forwarded("http")), "https://desk.example.org", ""),
        (SOME_PROXY, asking("192.0.2.7", forwarded("https")), "https://192.0.2.7", ""),
        (SOME_PROXY, asking("192.0.2.7", forwarded("http")), "http://192.0.2.7", "plain"),
        (SOME_PROXY, asking("192.0.2.7", tls=True), "http://192.0.2.7", "plain"),
    ],
    ids=lambda one: one.host if isinstance(one, web.Request) else None,
)
def test_the_console_knows_its_own_names_and_whether_one_is_safe_there(
    settings: ConsoleSettings, request_: web.Request, origin: str | None, problem: str
) -> None:
    host = Host(settings)
    assert host.problem(request_) == problem
    if origin is not None:
        assert host.origin(request_) == origin
        assert host.is_secure(request_) is origin.startswith("https")


def test_a_name_that_is_none_is_refused_as_a_foreign_one() -> None:
    for settings in (UNNAMED, NAMED, SOME_PROXY):
        assert Host(settings).problem(asking("[::1")) == "host"


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("Desk.Example.org:8443", "desk.example.org"),
        ("[::1]:8090", "::1"),
        ("127.0.0.1", "127.0.0.1"),
        ("", ""),
    ],
)
def test_a_passkey_is_asked_for_under_the_name_without_its_port(host: str, name: str) -> None:
    assert Host(UNNAMED).name(asking(host)) == name


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ((), ""),
        (("198.51.100.1",), "198.51.100.1"),
        (("203.0.113.5, 198.51.100.1",), "198.51.100.1"),
        (("203.0.113.5,198.51.100.1 ",), "198.51.100.1"),
        (("203.0.113.5", "203.0.113.6, 198.51.100.1"), "198.51.100.1"),
    ],
)
def test_where_a_request_came_from_is_what_our_own_proxy_wrote_and_nothing_before_it(
    said: tuple[str, ...], address: str
) -> None:
    request = asking("desk.example.org", *(("X-Forwarded-For", one) for one in said))
    assert Host(PROXY).address(request) == address
    # Without a proxy of ours anybody may have written it.
    assert Host(NAMED).address(request) == "192.0.2.9"
    assert Host(NAMED).address(request.clone(remote=None)) == ""  # type: ignore[arg-type]  # a socket


def test_only_names_that_browsers_take_for_their_own_machine_are_this_machine() -> None:
    for name in ("localhost", "a.localhost", "127.0.0.1", "127.255.0.3", "::1"):
        assert is_this_machine(name)
    for name in ("", "alocalhost", "localhost.", "127.0.0.1.example.org", "192.0.2.7", "::2"):
        assert not is_this_machine(name)

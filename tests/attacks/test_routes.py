"""Every route of the console: how its answer is guarded, what stands in its addresses, and what it
makes of words that mean something in SQL, in templates and in headers.
"""

import re
from html import unescape
from random import Random
from typing import Any, Final

import pytest
import pytest_asyncio

from bot.console.frame import Route
from bot.console.routes import ROUTES
from bot.staff import ROLES
from tests.console_frame.setting import Setting
from tests.console_frame.visitors import Visitor
from tests.trial import seed, size

pytestmark = pytest.mark.asyncio(loop_scope="session")

NEVER: Final = (
    "Server",
    "ETag",
    "Last-Modified",
    "Strict-Transport-Security",
    "X-Powered-By",
    "Via",
)
ALWAYS: Final = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
}
ADDRESS: Final = re.compile(r'\b(?:href|src|action|formaction|content)="([^"]*)"')
TITLE: Final = re.compile(r"<title>(.*?)</title>", re.DOTALL)
FIELD: Final = re.compile(r'<(?:input|select|textarea)\b[^>]*\bname="([^"]+)"')
PAYLOADS: Final = (
    "' OR '1'='1",
    "'; DROP TABLE staff; --",
    "1) UNION SELECT secret FROM session --",
    "{{1337*1337}}${1337*1337}<%= 1337*1337 %>#{1337*1337}",
    "x\r\nX-Injected: yes\r\n\r\n<b>",
    "../../../../etc/passwd\x00.html",
    "%s%n%x{0.__class__}",
    "\ufeff\u202e\x00" + "a" * 300,
)


@pytest_asyncio.fixture(loop_scope="session")
async def everything(setting: Setting) -> Visitor:
    """Somebody who may do all."""
    return await setting.console.someone("Everything Example", *ROLES)


async def asked(
    visitor: Visitor, method: str, path: str, data: Any = None
) -> tuple[int, dict[str, str], str]:
    async with visitor.http.request(
        method,
        visitor.url + path,
        data=data,
        headers=visitor.headers() if method == "POST" else None,
        allow_redirects=False,
    ) as answer:
        return answer.status, dict(answer.headers), await answer.text("utf-8", "replace")


async def test_every_answer_of_every_route_is_guarded_and_names_no_software(
    setting: Setting, everything: Visitor
) -> None:
    nobody = setting.console.browser()
    others = [Route(method, path, "anyone", None, "") for method, path in OTHERS]  # type: ignore[arg-type]
    for route in (*ROUTES, *others):
        for visitor in (everything, nobody):
            data = {"token": "wrong"} if route.method == "POST" else None
            status, headers, _ = await asked(visitor, route.method, setting.path(route), data)
            assert status < 500, route.path
            wrong = [name for name, value in ALWAYS.items() if headers.get(name) != value]
            assert not wrong, (route.path, wrong)
            assert headers["Content-Security-Policy"].startswith("default-src 'none'"), route.path
            assert "unsafe" not in headers["Content-Security-Policy"]
            assert not [name for name in NEVER if name in headers], route.path


OTHERS: Final = (
    *(("GET", "/static/console.css"), ("GET", "/static/none.js"), ("GET", "/wp-login.php")),
    *(("DELETE", "/"), ("OPTIONS", "/"), ("TRACE", "/"), ("PUT", "/listings"), ("HEAD", "/")),
)


async def test_no_address_and_no_title_of_any_page_holds_a_secret(
    setting: Setting, everything: Visitor
) -> None:
    (cookie,) = [one.value for one in everything.http.cookie_jar]
    secrets, seen = [everything.token, cookie], 0
    for route in ROUTES:
        if route.method != "GET":
            continue
        _, headers, page = await asked(everything, "GET", setting.path(route))
        told = [*ADDRESS.findall(page), *TITLE.findall(page), headers.get("Location", "")]
        seen += len(told)
        for one in map(unescape, told):
            assert not [secret for secret in secrets if secret in one], (route.path, one)
            assert "token=" not in one, (route.path, one)
            assert "Everything Example" not in one, (route.path, one)
    assert seen > 500


async def test_words_that_mean_something_elsewhere_are_only_words(
    setting: Setting, everything: Visitor
) -> None:
    chance, before = Random(seed()), tables(setting.dump())
    for route in chance.sample(ROUTES, size(few=30, whole=len(ROUTES))):
        path = setting.path(route)
        _, _, page = await asked(everything, "GET", path)
        names = set(FIELD.findall(page)) - {"token"}
        names |= {"text", "why", "name", "area", "language", "act", "id", "next", "label", "query"}
        for payload in chance.sample(PAYLOADS, size(few=1, whole=len(PAYLOADS))):
            given = dict.fromkeys(sorted(names), payload)
            if route.method == "GET":
                status, headers, page = await told(everything, path, given)
            else:
                data = {"token": everything.token, **given}
                status, headers, page = await asked(everything, "POST", path, data)
            assert status < 500, (route.method, route.path, payload)
            assert "X-Injected" not in headers, (route.path, payload)
            assert "\r" not in headers.get("Location", "")
            assert "1787569" not in page, (route.path, payload)
            assert "root:x:0:0" not in page, (route.path, payload)
            assert everything.staff is not None
            if setting.console.office.book.sessions.find(_secret(everything)) is None:
                # It signed itself out, or chose who it is anew.
                everything = await setting.console.someone("Everything Example", *ROLES)
    after = tables(setting.dump())
    assert after == before


async def told(visitor: Visitor, path: str, given: dict[str, str]) -> Any:
    async with visitor.http.get(visitor.url + path, params=given, allow_redirects=False) as answer:
        return answer.status, dict(answer.headers), await answer.text("utf-8", "replace")


def _secret(visitor: Visitor) -> bytes:
    assert visitor.opened is not None
    return visitor.opened.secret


def tables(dump: str) -> list[str]:
    """Which tables there are, and who may sign in."""
    kept = ("CREATE TABLE", "INSERT INTO role", "INSERT INTO passkey")
    return sorted(line for line in dump.splitlines() if line.startswith(kept))

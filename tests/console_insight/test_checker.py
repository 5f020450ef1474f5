"""Links are looked at only in public: a server on this machine hears nothing, whatever the way."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from ipaddress import ip_address

import pytest
from aiohttp import web

from bot.console.checker import Checker, Ip, Looked, is_public, look_up

OUTSIDE, INSIDE = "127.0.0.2", "127.0.0.1"
"""Two addresses of this machine; for these tests the first stands for the public network."""


class Hearing:
    """A server that remembers what it was asked."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, str]] = []
        self.answer: dict[str, web.Response] = {}
        self.port = 0

    async def handle(self, request: web.Request) -> web.Response:
        self.heard.append((request.method, request.path))
        said = self.answer.get(f"{request.method} {request.path}") or self.answer.get(request.path)
        if said is None:
            return web.Response(text="here")
        return web.Response(status=said.status, headers=said.headers, text="said")


async def serve(address: str, port: int = 0) -> tuple[Hearing, web.AppRunner]:
    server = Hearing()
    app = web.Application()
    app.router.add_route("*", "/{any:.*}", server.handle)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, address, port).start()
    server.port = runner.addresses[0][1]
    return server, runner


@pytest.fixture
async def inside() -> AsyncIterator[Hearing]:
    """What must hear nothing: it listens on this machine only."""
    server, runner = await serve(INSIDE)
    yield server
    await runner.cleanup()


@pytest.fixture
async def outside(inside: Hearing) -> AsyncIterator[Hearing]:
    """What stands for a public site, on the same port."""
    server, runner = await serve(OUTSIDE, inside.port)
    yield server
    await runner.cleanup()


def outside_only(ip: Ip) -> bool:
    return str(ip) == OUTSIDE


def checker(port: int, *answers: Sequence[str]) -> tuple[Checker, list[str]]:
    """A checker for which names have these addresses, one answer after the other."""
    asked: list[str] = []

    async def resolve(host: str, _: int) -> Sequence[str]:
        asked.append(host)
        await asyncio.sleep(0)
        return answers[min(len(asked), len(answers)) - 1]

    return Checker(resolve, outside_only, frozenset({port})), asked


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:{port}/",
        "http://[::1]:{port}/",
        "http://[::ffff:127.0.0.1]:{port}/",
        "http://0x7f.1:{port}/",
        "http://0x7f000001:{port}/",
        "http://2130706433:{port}/",
        "http://127.1:{port}/",
        "http://0:{port}/",
        "http://0.0.0.0:{port}/",
        "http://127。0。0。1:{port}/",
        "http://localhost:{port}/",
        "http://LOCALHOST.:{port}/",
        "http://a.localhost:{port}/",
        "http://user@127.0.0.1:{port}/",
        "http://example.org@127.0.0.1:{port}/",
        "file:///etc/hostname",
        "gopher://127.0.0.1:{port}/_GET",
        "ftp://127.0.0.1:{port}/",
        "http://abcdefghijklmnop.onion:{port}/",
        "http://printer.local:{port}/",
        "http://169.254.169.254:{port}/latest/meta-data/",
        "http://[fe80::1%25lo]:{port}/",
        "http://[2002:7f00:1::]:{port}/",
        "http://[64:ff9b::7f00:1]:{port}/",
        "//127.0.0.1:{port}/",
        "http:///",
        "",
    ],
)
async def test_no_way_of_writing_an_address_reaches_this_machine(inside: Hearing, url: str) -> None:
    real = Checker(ports=frozenset({inside.port, 80, 443, 21, 70}))
    (looked,) = await real.look([url.format(port=inside.port)])
    assert looked.code in {"not_public", "not_a_page", "no_such_name"}
    assert inside.heard == []


async def test_other_ports_than_those_of_pages_are_left_alone(inside: Hearing) -> None:
    (looked,) = await Checker(public=lambda _: True).look([f"http://127.0.0.1:{inside.port}/"])
    assert looked.code == "not_a_page"
    assert inside.heard == []


async def test_a_name_that_also_has_an_address_inside_is_not_visited(
    inside: Hearing, outside: Hearing
) -> None:
    there, _ = checker(inside.port, [OUTSIDE, INSIDE])
    (looked,) = await there.look([f"http://example.org:{inside.port}/"])
    assert looked.code == "not_public"
    assert inside.heard == outside.heard == []


async def test_a_name_that_changes_its_address_after_it_was_judged_gains_nothing(
    inside: Hearing, outside: Hearing
) -> None:
    there, asked = checker(inside.port, [OUTSIDE], [INSIDE])
    (looked,) = await there.look([f"http://example.org:{inside.port}/"])
    assert looked == Looked(looked.url, "answers", 200, "example.org")
    assert asked == ["example.org"], "looked up once, and that was visited"
    assert outside.heard == [("HEAD", "/")]
    assert inside.heard == []


@pytest.mark.parametrize(
    "to", ["http://127.0.0.1:{port}/", "http://inside.example.org:{port}/", "file:///etc/hostname"]
)
async def test_a_public_page_cannot_lead_inside(inside: Hearing, outside: Hearing, to: str) -> None:
    there, _ = checker(inside.port, [OUTSIDE], [INSIDE])
    outside.answer["/"] = web.Response(
        status=302, headers={"Location": to.format(port=inside.port)}
    )
    (looked,) = await there.look([f"http://example.org:{inside.port}/"])
    assert looked.code in {"not_public", "not_a_page"}
    assert inside.heard == []


async def test_a_chain_of_redirects_ends(inside: Hearing, outside: Hearing) -> None:
    there, _ = checker(inside.port, [OUTSIDE])
    outside.answer["/"] = web.Response(status=302, headers={"Location": "/"})
    (looked,) = await there.look([f"http://example.org:{inside.port}/"])
    assert looked.code == "too_many_redirects"
    assert len(outside.heard) == 5


async def test_what_came_of_each_address_is_said(inside: Hearing, outside: Hearing) -> None:
    there, _ = checker(inside.port, [OUTSIDE])
    outside.answer |= {
        "/gone": web.Response(status=404),
        "/broken": web.Response(status=500),
        "HEAD /page": web.Response(status=405),
        "/closed": web.Response(status=403),
        "/moved": web.Response(
            status=301, headers={"Location": f"http://elsewhere.example.org:{inside.port}/"}
        ),
    }
    site = f"http://www.example.org:{inside.port}"
    looked = await there.look(
        [f"{site}/{page}" for page in ("", "gone", "broken", "page", "closed", "moved")]
    )
    assert [one.code for one in looked] == [
        *("answers", "gone", "broken", "answers", "answers", "moved")
    ]
    assert looked[5].to == "elsewhere.example.org"
    assert inside.heard == []


async def test_a_site_that_does_not_answer_or_has_no_name_is_said_to_be_so(
    inside: Hearing,
) -> None:
    there, _ = checker(inside.port, [OUTSIDE])
    assert (await there.look([f"http://example.org:{inside.port}/"]))[0].code == "no_answer"
    nobody, _ = checker(inside.port, [])
    assert (await nobody.look([f"http://example.org:{inside.port}/"]))[0].code == "no_such_name"
    with pytest.raises(OSError, match=r".+"):
        await look_up("nobody.invalid", 80)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.215.14", True),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True),
        ("10.0.0.1", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("192.0.2.1", False),
        ("198.18.0.1", False),
        ("224.0.0.251", False),
        ("240.0.0.1", False),
        ("255.255.255.255", False),
        ("fc00::1", False),
        ("fe80::1", False),
        ("ff02::1", False),
        ("::", False),
        ("::127.0.0.1", False),
        ("::ffff:10.0.0.1", False),
        ("2001:db8::1", False),
        ("2001:0:7f00:1::", False),
    ],
)
def test_public_means_public_in_every_form(address: str, public: bool) -> None:
    assert is_public(ip_address(address)) is public

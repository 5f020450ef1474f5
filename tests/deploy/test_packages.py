"""What the service is made of can be told to others, and what is known against it can be asked."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.cli.advisories import run_advisories
from bot.cli.packages import LOCK, Locked, bill, read_lock

KNOWN = Locked("aiohttp", "3.9.0", "", ())
WELL = Locked("yarl", "1.24.0", "", ())


class Osv:
    """Answers as OSV does: ids first, in two pages, then each advisory on its own."""

    def __init__(self) -> None:
        self.asked: list[object] = []

    async def batch(self, request: web.Request) -> web.Response:
        said = await request.json()
        self.asked.append(said)
        return web.json_response({"results": [self._result(one) for one in said["queries"]]})

    def _result(self, query: dict[str, object]) -> dict[str, object]:
        if query["package"] != {"purl": KNOWN.purl}:
            return {}
        if query.get("page_token"):
            return {"vulns": [{"id": "GHSA-second"}]}
        return {"vulns": [{"id": "GHSA-first"}], "next_page_token": "more"}

    async def one(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        return web.json_response({"id": name, "aliases": ["CVE-1"], "summary": f"about {name}\x1b"})


@pytest.fixture
async def osv() -> AsyncIterator[tuple[Osv, str]]:
    """The service, and where it answers."""
    there, app = Osv(), web.Application()
    app.add_routes(
        [web.post("/v1/querybatch", there.batch), web.get("/v1/vulns/{name}", there.one)]
    )
    server = TestServer(app)
    await server.start_server()
    yield there, str(server.make_url("/"))
    await server.close()


def test_the_bill_names_every_locked_package_with_its_version_and_hashes() -> None:
    locked = read_lock()
    said = bill(locked)
    assert (said["bomFormat"], said["specVersion"]) == ("CycloneDX", "1.6")
    assert len(locked) == len(re.findall("(?m)^[a-z].*?==", LOCK.read_text("utf-8")))
    for one, component in zip(locked, said["components"], strict=True):
        assert component["purl"] == component["bom-ref"] == f"pkg:pypi/{one.name}@{one.version}"
        hashes = [each["content"] for each in component["externalReferences"][0]["hashes"]]
        assert hashes
        assert list(one.hashes) == hashes


def test_the_bill_is_the_same_each_time_and_every_reference_in_it_leads_somewhere() -> None:
    said = bill(read_lock())
    assert json.dumps(said) == json.dumps(bill(read_lock()))
    refs = [one["bom-ref"] for one in said["components"]]
    assert len(set(refs)) == len(refs)
    (ours,) = said["dependencies"]
    assert set(ours["dependsOn"]) < set(refs)
    assert any(ref.startswith("pkg:pypi/cryptography@") for ref in ours["dependsOn"])


def test_a_package_that_another_platform_needs_is_named_as_optional(tmp_path: Path) -> None:
    lock = tmp_path / "lock.txt"
    lock.write_text("colorama==0.4.6 ; sys_platform == 'win32' \\\n    --hash=sha256:" + "a" * 64)
    (one,) = read_lock(lock)
    assert (one.marker, one.hashes) == ("sys_platform == 'win32'", ("a" * 64,))
    (component,) = bill((one,))["components"]
    assert component["scope"] == "optional"


async def test_each_advisory_is_told_once_with_its_other_names(
    osv: tuple[Osv, str], capsys: pytest.CaptureFixture[str]
) -> None:
    there, url = osv
    assert await asyncio.to_thread(run_advisories, url, (KNOWN, WELL)) == 1
    assert capsys.readouterr().out.splitlines() == [
        "aiohttp 3.9.0  GHSA-first (CVE-1)  about GHSA-first ",
        "aiohttp 3.9.0  GHSA-second (CVE-1)  about GHSA-second ",
        "2 versions asked, 2 advisories against 1 of them",
    ]
    assert there.asked == [
        {"queries": [{"package": {"purl": one.purl}} for one in (KNOWN, WELL)]},
        {"queries": [{"package": {"purl": KNOWN.purl}, "page_token": "more"}]},
    ]


async def test_versions_that_nothing_is_known_against_pass(
    osv: tuple[Osv, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert await asyncio.to_thread(run_advisories, osv[1], (WELL,)) == 0
    assert "1 versions asked, 0 advisories" in capsys.readouterr().out


def test_no_answer_is_told_apart_from_nothing_known(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_advisories("http://127.0.0.1:9", (WELL,)) == 2
    assert run_advisories("file:///etc", (WELL,)) == 2
    said = capsys.readouterr().err
    assert "gave no answer: it cannot be reached from here" in said
    assert "neither good nor bad" in said
    assert "./quietline packages advisories" in said

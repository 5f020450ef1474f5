"""`quietline bench api`: the HSDS API with very many listings, over real HTTP.

The listings are those of the packs, again and again under other names. It prints milliseconds of
the clock and of the processor (the partner's part too); where others use the cores only the second
is steady. Then one listing is edited: how long until partners read it.
"""

import asyncio
import json
import statistics
import time
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

from aiohttp import ClientSession, web

from bot.channels.limits import Limits
from bot.channels.web_server import WebRunner
from bot.hsds.api import make_api
from bot.hsds.catalogue import Catalogue
from bot.hsds.following import Publication
from bot.ledger.model import PublishedRow
from referral_directory import Directory, load_packs, packs_in
from referral_directory.exchange.hsds_book import Book
from referral_directory.exchange.hsds_terms import term_id

TIMES = 15
"""Questions of each kind."""
ASKED = (
    "/services",
    "/services?page=900",
    "/services?per_page=500",
    "/services?search=hotline",
    "/services?search=lawyer%20kyiv",
    "/services?full=true",
    f"/services?taxonomy_term_id={term_id('needs', 'legal')}",
    f"/services?taxonomy_term_id={term_id('needs', 'legal')}&search=women&page=3",
    "/services?modified_after=2026-11-01",
    "/organizations",
    "/organizations?search=centre",
    "/service_at_locations",
    "/service_at_locations?full=true",
)


class _Unlimited(Limits):
    """Lets everything through."""

    def take(self, *_: Any) -> float:
        """Nothing to wait for."""
        return 0.0


def run_bench_api(listings: int, *, as_json: bool) -> int:
    """Measures, prints, and gives the exit code: 1 when a page took 100 ms of CPU or more."""
    told = asyncio.run(_measured(listings))
    if as_json:
        print(json.dumps(told))
    else:
        print(f"catalogue of {told['listings']} listings: {told['catalogue_s']} s")
        for path, (wall, cpu) in told["pages_ms"].items():
            print(f"{wall:7.1f} ms, CPU {cpu:6.1f}  {path}")
        print(f"an edit is read after {told['edit_s']} s; a page meanwhile: {told['worst_ms']} ms")
    return int(any(cpu >= 100 for _, cpu in told["pages_ms"].values()))


def _rows(count: int, directory: Directory) -> dict[str, PublishedRow]:
    """That many published listings."""
    packs = list(directory.entries.items())
    changed = datetime(2026, 11, 1, tzinfo=UTC)
    made = {}
    for number in range(count):
        name, entry = packs[number % len(packs)]
        said = entry.written.model_dump(mode="json", exclude_defaults=True, by_alias=True)
        said["names"]["en"] += f" {number}"
        said["organization"]["en"] += f" {number % (count // 14 + 1)}"
        text = json.dumps(said, ensure_ascii=False).encode()
        its = f"{name}-{number}"
        made[its] = PublishedRow(its, text, entry.country.country, None, None, changed)
    return made


async def _measured(count: int) -> dict[str, Any]:
    directory = load_packs(countries=packs_in())
    book, made = Book.of(directory), _rows(count, directory)
    published = [Publication(1, made, frozenset())]
    began = time.perf_counter()
    whole = Catalogue(published[0], book, date(2026, 11, 23))
    told: dict[str, Any] = {
        "listings": len(whole.entries),
        "catalogue_s": round(time.perf_counter() - began, 2),
    }
    key = SimpleNamespace(id="k", scopes=("hsds.read",))
    app = make_api(lambda: published[0], book, lambda _text: key, limits=_Unlimited())
    runner = WebRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    async with ClientSession(headers={"X-API-Key": "k"}) as session:
        told["pages_ms"] = {path: await _asked(session, url + path) for path in ASKED}
        name, row = next(iter(made.items()))
        new = PublishedRow(name, row.content, row.country, None, None, datetime.now(UTC))
        published[0] = Publication(2, {**made, name: new}, frozenset())
        began, worst, read = time.perf_counter(), 0.0, 0
        since = datetime.now(UTC).date()
        while not read:
            worst = max(worst, await _took(session, f"{url}/services"))
            async with session.get(f"{url}/services?modified_after={since}") as answer:
                read = (await answer.json())["total_items"]
        told["edit_s"] = round(time.perf_counter() - began, 2)
        told["worst_ms"] = round(worst, 1)
    await runner.cleanup()
    return told


async def _asked(session: ClientSession, url: str) -> tuple[float, float]:
    """Milliseconds of the clock (median) and of the processor (mean) for a question."""
    await _took(session, url)
    cpu = time.process_time()
    taken = [await _took(session, url) for _ in range(TIMES)]
    each = (time.process_time() - cpu) / TIMES * 1000
    return round(statistics.median(taken), 1), round(each, 1)


async def _took(session: ClientSession, url: str) -> float:
    began = time.perf_counter()
    async with session.get(url) as answer:
        await answer.read()
        if answer.status != 200:
            raise RuntimeError(f"the API answered {answer.status}")
    return (time.perf_counter() - began) * 1000

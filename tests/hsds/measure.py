"""Measures the API with a hundred thousand listings: `python -m tests.hsds.measure [count]`.

It is no test. It prints milliseconds of the clock and of the processor (of the partner too), over
real HTTP, from a catalogue of made-up rows; where others use the cores only the second is steady.
"""

import asyncio
import json
import statistics
import sys
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
from referral_directory.exchange.hsds_terms import term_id
from tests.hsds.helpers import book, contents, directory

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


def say(line: str) -> None:
    """Prints a line."""
    sys.stdout.write(f"{line}\n")


class Unlimited(Limits):
    """Lets everything through."""

    def take(self, *_: Any) -> float:
        """Nothing to wait for."""
        return 0.0


def rows(count: int) -> dict[str, PublishedRow]:
    """That many published listings."""
    packs = list(contents().items())
    made = {}
    for number in range(count):
        name, said = packs[number % len(packs)]
        texts = {
            "names": {**said["names"], "en": f"{said['names']['en']} {number}"},
            "organization": {"en": f"{said['organization']['en']} {number % (count // 14 + 1)}"},
        }
        text = json.dumps({**said, **texts}, ensure_ascii=False).encode()
        country = directory().entries[name].country.country
        its = f"{name}-{number}"
        made[its] = PublishedRow(its, text, country, None, None, datetime(2026, 11, 1, tzinfo=UTC))
    return made


async def main(count: int) -> None:
    """Prints how long everything takes."""
    made = rows(count)
    published = [Publication(1, made, frozenset())]
    began = time.perf_counter()
    before = Catalogue(published[0], book(), date(2026, 11, 23))
    say(f"catalogue of {len(before.entries)}: {time.perf_counter() - began:.2f} s")
    key = SimpleNamespace(id="k", scopes=("hsds.read",))
    app = make_api(lambda: published[0], book(), lambda _text: key, limits=Unlimited())
    runner = WebRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    async with ClientSession(headers={"X-API-Key": "k"}) as session:

        async def ask(path: str) -> float:
            began = time.perf_counter()
            async with session.get(url + path) as answer:
                await answer.read()
                assert answer.status == 200
            return (time.perf_counter() - began) * 1000

        for path in ASKED:
            await ask(path)
            cpu, taken = time.process_time(), sorted([await ask(path) for _ in range(15)])
            each = (time.process_time() - cpu) / 15 * 1000
            say(f"{statistics.median(taken):7.1f} ms, CPU {each:6.1f}  {path}")
        name = next(iter(made))
        row = made[name]
        new = PublishedRow(row.id, row.content, "UA", None, None, datetime.now(UTC))
        published[0] = Publication(2, {**made, name: new}, frozenset())
        began = time.perf_counter()
        worst = 0.0
        since = datetime.now(UTC).date()
        while True:
            worst = max(worst, await ask("/services"))
            async with session.get(f"{url}/services?modified_after={since}") as answer:
                if (await answer.json())["total_items"]:
                    break
        whole = time.perf_counter() - began
        say(f"an edit is read after {whole:.2f} s; pages meanwhile take {worst:.0f} ms at most")
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))

"""`quietline bench ledger`: how long it takes until what was decided holds for those who ask.

Made-up listings in a real ledger, which goes at the end; one process that keeps it and serves from
it. It measures the start, an edit that a second person approves, a suspension, what a look costs
when nothing happened, and the lists of the console.
"""

import itertools
import json
import resource
import tempfile
import time
from pathlib import Path
from typing import Final

from bot.cli.bench_pages import pages
from bot.ledger.known import Known
from bot.ledger.ledger import Ledger
from bot.ledger.model import Actor
from bot.serving import Serving
from bot.vault import SigningKeys
from referral_directory.bench import made_up
from referral_directory.directory import Entry
from referral_directory.keeping import critical
from referral_directory.pack import ListingShape

AT_ONCE: Final = 2_000
"""Listings that are taken in with one transaction."""
LOOKS: Final = 2_000
TIMES: Final = 5
"""Edits and suspensions; the middle one counts."""
_AUTHOR, _SECOND = Actor("author"), Actor("second")


def run_bench_ledger(listings: int, *, as_json: bool) -> int:
    """Measure and print the figures."""
    with tempfile.TemporaryDirectory(prefix="quietline-bench-", dir=".") as folder:
        figures = _measure(Path(folder).absolute(), listings)
    if as_json:
        print(json.dumps(figures))
        return 0
    for name, value in figures.items():
        print(f"{name:>22}  {value}")
    return 0


def _measure(folder: Path, listings: int) -> dict[str, float]:
    directory, made = made_up(listings)
    ledger = Ledger.open(
        folder / "directory.db", SigningKeys.open(folder / "keys"), known=Known.of(directory)
    )
    began = time.perf_counter()
    for some in iter(lambda: list(itertools.islice(made, AT_ONCE)), []):
        entries = {
            one.id: Entry(
                ListingShape.model_validate_json(one.content),
                directory.files[one.country],
                "bench",
                0,
            )
            for one in some
        }
        ledger.seed(entries, "pack:bench", publish_for_demo=True)
    seeded = time.perf_counter()
    told = ledger.published()
    read = time.perf_counter()
    worked = time.process_time()
    serving = Serving(ledger, directory, demo=True)
    started, busy = time.perf_counter(), time.process_time() - worked
    figures = {
        "listings": float(len(told.rows)),
        "taken_in_s": round(seeded - began, 1),
        "signatures_s": round(read - seeded, 2),
        "start_s": round(started - read, 2),
        "start_cpu_s": round(busy, 2),
    }
    del told
    serving.start()
    figures |= _changes(ledger, serving)
    began = time.perf_counter()
    for _ in range(LOOKS):
        serving.look()
    figures["look_us"] = round((time.perf_counter() - began) / LOOKS * 1e6, 1)
    figures |= pages(ledger, directory, serving, folder)
    serving.stop()
    ledger.close()
    figures["peak_rss_mib"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)
    return figures


def _changes(ledger: Ledger, serving: Serving) -> dict[str, float]:
    """Milliseconds, from the call that decides until it is so for everyone."""
    edits, stops = [], []
    ids = serving.live.ids()
    for name in ids[:: max(1, len(ids) // TIMES)][:TIMES]:
        stands = ledger.record(name, _AUTHOR)
        content = {**stands.content, "run_by": "un"}
        draft = ledger.propose(
            _AUTHOR, name, content, base=stands.revision, version=None, why="bench"
        )
        ledger.check(_AUTHOR, name, critical(draft.content), "call", draft.version)
        began = time.perf_counter()
        ledger.publish(_SECOND, name, draft.version, draft.digest)
        while (shown := serving.live.listing(name)) is None or shown.run_by != "un":
            time.sleep(0.001)
        edits.append(time.perf_counter() - began)
        began = time.perf_counter()
        ledger.suspend(_AUTHOR, [name], why="bench")
        serving.look()
        if serving.live.listing(name) is not None:
            raise RuntimeError("a listing that was stopped is still served")
        stops.append(time.perf_counter() - began)
    return {
        "edit_live_ms": round(sorted(edits)[TIMES // 2] * 1e3, 1),
        "suspended_ms": round(sorted(stops)[TIMES // 2] * 1e3, 1),
    }

"""`quietline bench web`: what one core carries of the two ways in.

    webhook    POST of an update → durable turn with its reply in the outbox → 200
    bare       the library's own server that reads JSON and says 200, in the same run: the ceiling
    pages      frames that stay open and idle, in bytes of memory each

The measured process has one core to itself, whoever loads it another one. It decides nothing about
what is good, and calls nobody outside this machine.
"""

import json
import multiprocessing
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

from bot.cli.bench_load import SAID, requests_of, run_load
from bot.cli.bench_sites import END, MOST_PEOPLE, chats_of, run_site

PEOPLE: Final = 1_000
PAGES: Final = 4_000
DRAIN_SECONDS: Final = 60
_SPAWN: Final = multiprocessing.get_context("spawn")

Figures = dict[str, Any]


def run_bench_web(as_json: bool, people: int = PEOPLE, pages: int = PAGES) -> int:
    """Measure and print. Returns 1 when an update was lost or refused.

    `people`: each sends eight updates; at most 1,000. `pages`: frames that stay open.
    """
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    pinned = len(cores) > 1
    site_core, load_core = (cores[0], cores[-1]) if pinned else (None, None)
    with tempfile.TemporaryDirectory(prefix="quietline-bench-", dir=".") as folder:
        with _child(run_load, load_core) as load:
            bare = [_bare(site_core, load, folder, people)]
            webhook = _webhook(site_core, load, folder, people)
            bare.append(_bare(site_core, load, folder, people))
        with _child(run_load, load_core) as load:
            per_page = _pages(site_core, load, folder, pages)
    ceiling, least = (sum(one[name] for one in bare) / len(bare) for name in ("rate", "cpu"))
    figures = {
        "webhook_updates_per_s": round(webhook["rate"]),
        "bare_json_posts_per_s": round(ceiling),
        "of_bare": round(webhook["rate"] / ceiling, 2),
        "webhook_p50_ms": round(webhook["p50"] * 1e3, 2),
        "webhook_p99_ms": round(webhook["p99"] * 1e3, 2),
        "webhook_cpu_us": round(webhook["cpu"] * 1e6, 1),
        "bare_cpu_us": round(least * 1e6, 1),
        "updates": webhook["updates"],
        "replies_taken_out": webhook["replies"],
        "replies_waiting_at_the_end": webhook["waiting"],
        "updates_with_replies_taken_out_per_s": round(webhook["whole_rate"]),
        "idle_page_kib": round(per_page / 1024, 1),
        "idle_pages": pages,
        "one_core_each": int(pinned),
    }
    if as_json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name:>38}  {value}")
    return 0 if webhook["whole"] else 1


def _bare(core: int | None, load: Connection, folder: str, people: int) -> Figures:
    updates = people * len(SAID)
    with _child(run_site, core, "bare", folder) as site:
        told = site.recv()
        _send(load, told, 1)
        cpu = _asked(site)["cpu"]
        went = _send(load, told, people)
        cpu = _asked(site)["cpu"] - cpu
        site.send(END)
    return {"rate": updates / went["seconds"], "cpu": cpu / updates}


def _webhook(core: int | None, load: Connection, folder: str, people: int) -> Figures:
    place = Path(folder) / "webhook"
    place.mkdir(mode=0o700)
    with _child(run_site, core, "webhook", str(place)) as site:
        told = site.recv()
        warm = min(people, MOST_PEOPLE - PEOPLE)
        _send(load, told, warm, skip=PEOPLE)
        before = _drained(site, warm * len(SAID))
        cpu, began = _asked(site)["cpu"], time.perf_counter()
        went = _send(load, told, people)
        waiting = _asked(site)["waiting"]
        updates = people * len(SAID)
        replies = _drained(site, before + updates) - before
        whole = time.perf_counter() - began
        cpu = _asked(site)["cpu"] - cpu
        site.send(END)
    taken = went["statuses"] == {200: updates}
    return went | {
        "rate": updates / went["seconds"],
        "whole_rate": updates / whole,
        "cpu": cpu / updates,
        "updates": updates,
        "replies": replies,
        "waiting": waiting,
        "whole": taken and replies == updates,
    }


def _drained(site: Connection, wanted: int) -> int:
    """Wait until as many replies were taken out of the outbox; gives how many there were."""
    end = time.monotonic() + DRAIN_SECONDS
    while True:
        replies = int(_asked(site)["replies"])
        if replies >= wanted or time.monotonic() > end:
            return replies
        time.sleep(0.02)


def _pages(core: int | None, load: Connection, folder: str, pages: int) -> float:
    place = Path(folder) / "pages"
    place.mkdir(mode=0o700)
    with _child(run_site, core, "pages", str(place)) as site:
        told = site.recv()
        before = _asked(site)
        load.send({"port": told["port"], "pages": pages})
        load.recv()
        after = _asked(site)
        load.send(None)
        site.send(END)
    if after["open"] != pages:
        raise RuntimeError(f"{after['open']} of {pages} pages stayed open")
    return float(after["rss"] - before["rss"]) / pages


def _asked(site: Connection) -> Figures:
    site.send("how much")
    told: Figures = site.recv()
    return told


def _send(load: Connection, site: Figures, people: int, *, skip: int = 0) -> Figures:
    chats = chats_of(MOST_PEOPLE)[skip : skip + people]
    requests, _ = requests_of(site, chats, first=1)
    load.send({"port": site["port"], "requests": requests})
    went: Figures = load.recv()
    return went


@contextmanager
def _child(run: Any, *given: Any) -> Iterator[Connection]:
    """A process of its own, and the pipe to it."""
    here, there = _SPAWN.Pipe()
    process = _SPAWN.Process(target=run, args=(there, *given), daemon=True)
    process.start()
    there.close()
    try:
        yield here
    finally:
        here.close()
        process.join(timeout=10)
        if process.is_alive():
            process.terminate()

"""Who loads `bench handoff`, in a process of its own: many people and operators at once, at the
pace of people. It must not share a process with what is measured.
"""

import asyncio
import contextlib
import json
import os
import statistics
import time
from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

import aiohttp

from bot.cli.bench_handoff_people import Operator, Person, Told

PATIENCE: Final = aiohttp.ClientTimeout(total=60)


def run_load(pipe: Connection) -> None:
    """The whole life of the process: one order after another."""
    with contextlib.suppress(EOFError):  # whoever measured has what they wanted
        while True:
            name, *given = pipe.recv()
            does = _talk(*given) if name == "talk" else _look(*given)
            pipe.send(asyncio.run(does))


def points(seconds: Sequence[float]) -> Told:
    """p50, p95, p99 and the largest, in milliseconds."""
    found = sorted(seconds)
    cuts = statistics.quantiles(found, n=100, method="inclusive") if len(found) > 1 else found * 99
    return {
        "p50": round(cuts[49] * 1e3, 1),
        "p95": round(cuts[94] * 1e3, 1),
        "p99": round(cuts[98] * 1e3, 1),
        "most": round(found[-1] * 1e3, 1),
        "count": len(found),
    }


async def _talk(site: Told, staff: list[Told], cookies: list[str], how: Told) -> Told:
    """Everybody in `cookies` talks with somebody of `staff`, at a person's pace."""
    operators = [_operator(site, one) for one in staff]
    people = [Person(_browser({"s": cookie}), site["page"]) for cookie in cookies]
    await asyncio.gather(*(one.begin(how["language"]) for one in operators))
    await asyncio.gather(*(one.open() for one in operators))
    running = [asyncio.create_task(one.listen()) for one in operators]
    await asyncio.gather(*(one.enter() for one in people))
    share = -(-len(people) // len(operators))
    left = len(people)
    for one in operators:
        await one.claim(min(share, left))
        left -= min(share, left)
    await asyncio.gather(*(one.enter() for one in people))
    running += [asyncio.create_task(one.listen()) for one in people]
    cpu, began = _cpu(site["pid"]), time.monotonic()
    spoken = [
        asyncio.create_task(_speak(one, number / len(people), how["every"], how["seconds"]))
        for number, one in enumerate(people)
    ]
    trouble = [repr(one) for one in await asyncio.gather(*spoken, return_exceptions=True) if one]
    until = time.monotonic() + how["patience"]
    while any(one.asked for one in people) and time.monotonic() < until:  # noqa: ASYNC110  # no event: it is somebody's process
        await asyncio.sleep(0.05)
    cpu, seconds = _cpu(site["pid"]) - cpu, time.monotonic() - began
    for task in running:
        if task.done() and not task.cancelled():
            trouble.append(repr(task.exception()))
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    for http in [*(one.http for one in operators), *(one.http for one in people)]:
        await http.close()
    trouble += [said for one in operators for said in one.trouble]
    took = [seconds for one in people for seconds in one.took]
    return {
        **points(took or [0.0]),
        "cpu_ms": round(cpu / max(len(took), 1) * 1e3, 1),
        "per_s": round(len(took) / seconds, 1),
        "unanswered": sum(len(one.asked) for one in people),
        "trouble": trouble[:5],
    }


async def _speak(person: Person, phase: float, every: float, seconds: float) -> None:
    """One message after another, each once the one before was answered."""
    await asyncio.sleep(phase * every)
    end = time.monotonic() + seconds - every
    number = 0
    while True:
        number += 1
        await person.say(f"Message {number}")
        if time.monotonic() > end:
            return
        await asyncio.sleep(every)


async def _look(site: Told, staff: Told, times: int) -> Told:
    """How long the desk takes: the page, and from opening a line to the picture of the queue."""
    page, queue, rows = [], [], 0
    async with _browser({"desk": staff["cookie"]}) as http:
        for _ in range(times):
            began = time.perf_counter()
            async with http.get(f"{site['console']}/desk") as answer:
                await answer.read()
                answer.raise_for_status()
            page.append(time.perf_counter() - began)
            began = time.perf_counter()
            line = await http.ws_connect(
                f"{site['console']}/desk/live", headers={"Origin": site["console"]}, max_msg_size=0
            )
            async for message in line:
                picture = json.loads(message.data)
                if picture["what"] == "queue":
                    queue.append(time.perf_counter() - began)
                    rows = picture["waiting"]
                    break
            await line.close()
    return {"page": points(page), "queue": points(queue), "waiting": rows}


def _operator(site: Told, staff: Told) -> Operator:
    http = _browser({"desk": staff["cookie"]})
    return Operator(http, site["console"], staff["token"], staff["name"])


def _browser(cookies: dict[str, str]) -> aiohttp.ClientSession:
    kept = "; ".join(f"{name}={value}" for name, value in cookies.items())
    return aiohttp.ClientSession(
        cookie_jar=aiohttp.DummyCookieJar(), headers={"Cookie": kept}, timeout=PATIENCE
    )


def _cpu(process: int) -> float:
    """Seconds of the processor that another process used; 0 where that is not to be seen."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

"""`quietline bench handoff`: what a desk carries on this machine, now.

    race   160 operators want 800 chats, and a thousand times two want one: who gets them, and when
           the others hear that they do not
    queue  2,000 people wait: how long the desk's page takes over HTTP, and the queue over its line
    talk   200 chats at once: from the moment that a person has written to the moment that the
           answer is open on the person's side, both sides sealed, over HTTP and WebSockets

The service, and whoever loads it, have a process each. It decides nothing about what is good.
"""

import json
import multiprocessing
import random
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

from bot.app import LOCALES
from bot.cli.bench_handoff_load import points, run_load
from bot.cli.bench_handoff_site import END, LANGUAGE, in_line, run_site
from bot.handoff.acting import untold
from bot.handoff.model import DeskRules, Refused
from bot.human import Human
from bot.storage import Store
from bot.vault import KeyRing, SigningKeys, Vault

STAFF, CHATS, TWICE = 160, 800, 1_000
WAITING: Final = 2_000
LOOKS: Final = 30
EVERY_SECONDS: Final = 10.0
"""Between two messages of one person: faster than people write."""
OF_ONE: Final = 3
"""Chats of one operator, as the rules have it."""
THREADS: Final = 32
PATIENCE_SECONDS: Final = 30.0
_SPAWN: Final = multiprocessing.get_context("spawn")

Figures = dict[str, Any]


def run_bench_handoff(chats: int, seconds: float, *, as_json: bool) -> int:
    """Measure and print. Returns 1 when a chat had two owners, or an answer did not come."""
    with tempfile.TemporaryDirectory(prefix="quietline-bench-", dir=".") as folder:
        race = _race(Path(folder) / "race")
        with _child(run_site, _made(folder, "queue")) as site, _child(run_load) as load:
            queue = _queue(site, load)
        with _child(run_site, _made(folder, "talk")) as site, _child(run_load) as load:
            talk = _talk(site, load, chats, seconds)
    trouble = talk.pop("trouble")
    figures = {
        **{f"race_{name}": value for name, value in race.items()},
        **{f"queue_{name}": value for name, value in queue.items()},
        **{f"talk_{name}": value for name, value in talk.items()},
    }
    if as_json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name:>26}  {value}")
        for said in trouble:
            print(f"{'trouble':>26}  {said}")
    well = race["owners_each"] == 1 and not race["others"] and not talk["unanswered"]
    return 0 if well and not trouble else 1


# --- the race -------------------------------------------------------------------------------------


def _race(folder: Path) -> Figures:
    human = _human(folder)
    staff = [f"op{number:03}" for number in range(STAFF)]
    for one in staff:
        human.shifts.connected(one, there=True)
        human.shifts.begin_shift(one, one, (LANGUAGE,), keys=(one.encode().ljust(8, b"."),))
    chance = random.Random(1)  # nosec B311  # noqa: S311  # nothing of it is secret
    in_line(human, CHATS)
    chats = [chat.id for chat in human.board.queue()]
    wanted = [(chance.choice(staff), chat) for chat in chats * 3]
    chance.shuffle(wanted)
    tries = _claimed(human, wanted)
    in_line(human, TWICE)
    more = [chat.id for chat in human.board.queue()]
    tries += _claimed(human, [(who, chat) for chat in more for who in chance.sample(staff, 2)])
    won = Counter(chat for _, chat, outcome, _ in tries if outcome == "won")
    owners = [human.board.get(chat) for chat in (*chats, *more)]
    late = [seconds for *_, outcome, seconds in tries if outcome == "taken"]
    told = points(late)
    human.store.close()
    return {
        "chats": len(owners),
        "claims": len(tries),
        "owners_each": max(won.values()) if len(won) == len(owners) and all(owners) else 0,
        "others": sum(outcome not in {"won", "taken"} for *_, outcome, _ in tries),
        "told_no_p95_ms": told["p95"],
        "told_no_most_ms": told["most"],
    }


Try = tuple[str, bytes, str, float]


def _claimed(human: Human, wanted: Sequence[tuple[str, bytes]]) -> list[Try]:
    """All threads begin together."""
    gate = threading.Barrier(THREADS)

    def run(mine: Sequence[tuple[str, bytes]]) -> list[Try]:
        gate.wait()
        return [_try(human, *one) for one in mine]

    with ThreadPoolExecutor(THREADS) as pool:
        parts = pool.map(run, [wanted[number::THREADS] for number in range(THREADS)])
        return [one for part in parts for one in part]


def _try(human: Human, staff: str, chat: bytes) -> Try:
    began, outcome = time.perf_counter(), "won"
    try:
        human.desk.claim(staff, chat)
    except Refused as refused:
        outcome = refused.code
    return staff, chat, outcome, time.perf_counter() - began


def _human(folder: Path) -> Human:
    (folder / "data").mkdir(mode=0o700, parents=True)
    ring = KeyRing.open(folder / "keys", time.time, 72)
    return Human.open(
        Store.open(folder / "data" / "quietline.db"),
        Vault(ring),
        ring,
        time.time,
        SigningKeys.open(folder / "signing"),
        LOCALES,
        audit=untold,
        rules=DeskRules(most_open=CHATS, most_heavy=CHATS),
    )


# --- the desk over HTTP ---------------------------------------------------------------------------


def _queue(site: Connection, load: Connection) -> Figures:
    where = site.recv()
    (staff,) = _asked(site, "staff", 1)
    _asked(site, "waiting", WAITING)
    told = _asked(load, "look", where, staff, LOOKS)
    site.send(END)
    page, line = told["page"], told["queue"]
    return {
        "waiting": told["waiting"],
        "page_p50_ms": page["p50"],
        "page_p95_ms": page["p95"],
        "line_p50_ms": line["p50"],
        "line_p95_ms": line["p95"],
    }


def _talk(site: Connection, load: Connection, chats: int, seconds: float) -> Figures:
    where = site.recv()
    staff = _asked(site, "staff", -(-chats // OF_ONE))
    cookies = _asked(site, "visitors", chats)
    how = {"language": LANGUAGE, "every": EVERY_SECONDS}
    how |= {"seconds": seconds, "patience": PATIENCE_SECONDS}
    told = _asked(load, "talk", where, staff, cookies, how)
    used = _asked(site, "used")
    site.send(END)
    return {
        "chats": chats,
        "operators": len(staff),
        "round_trips": told["count"],
        "per_s": told["per_s"],
        **{f"{name}_ms": told[name] for name in ("p50", "p95", "p99", "most")},
        "service_cpu_ms": told["cpu_ms"],
        "unanswered": told["unanswered"],
        "trouble": told["trouble"],
        **used,
    }


def _asked(pipe: Connection, *order: object) -> Any:
    pipe.send(order)
    return pipe.recv()


def _made(folder: str, name: str) -> str:
    place = Path(folder) / name
    place.mkdir(mode=0o700)
    return str(place)


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

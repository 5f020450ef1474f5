"""Claims from many threads at once, from one process or several on one file.

    python -m tests.handoff_desk.racing PLACE NUMBER CLAIMS CHATS_IN_HEX_BY_COMMA

is one of the processes: it says for each claim `staff chat outcome milliseconds`.
"""

import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from bot.handoff.model import DeskRules, Refused
from bot.storage import StoreError
from bot.storage.database import Database, database_at
from tests.handoff_desk.office import MONDAY, Clock, Office
from tests.postgres import server

UNLIMITED = DeskRules(most_open=10_000, most_heavy=10_000)


class Try(NamedTuple):
    staff: str
    chat: bytes
    outcome: str
    """`won`, or the code of the refusal."""
    seconds: float


def race(office: Office, pairs: Sequence[tuple[str, bytes]], threads: int) -> list[Try]:
    """Every pair claims as soon as a thread is free; all threads begin together."""
    gate = threading.Barrier(threads)

    def run(mine: Iterable[tuple[str, bytes]]) -> list[Try]:
        gate.wait()
        return [_try(office, staff, chat) for staff, chat in mine]

    with ThreadPoolExecutor(threads) as pool:
        parts = pool.map(run, [pairs[number::threads] for number in range(threads)])
        return [one for part in parts for one in part]


def _try(office: Office, staff: str, chat: bytes) -> Try:
    begun = time.monotonic()
    try:
        office.desk.claim(staff, chat)
        outcome = "won"
    except Refused as refused:
        outcome = refused.code
    except StoreError as error:
        outcome = type(error).__name__
    return Try(staff, chat, outcome, time.monotonic() - begun)


def contenders(
    staff: Sequence[str], chats: Sequence[bytes], claims: int, seed: int
) -> list[tuple[str, bytes]]:
    """At least two who want each chat, in an order that is the same for one seed."""
    chance = random.Random(seed)
    wanted = [chats[number % len(chats)] for number in range(claims)]
    chance.shuffle(wanted)
    return [(chance.choice(staff), chat) for chat in wanted]


def owners(office: Office, chats: Iterable[bytes]) -> dict[bytes, str]:
    return {chat: office.of(chat).owner for chat in chats}


def winners(tries: Iterable[Try]) -> dict[bytes, list[str]]:
    found: dict[bytes, list[str]] = {}
    for one in tries:
        found.setdefault(one.chat, []).extend([one.staff] if one.outcome == "won" else [])
    return found


def outcomes(tries: Iterable[Try]) -> Counter[str]:
    return Counter(one.outcome for one in tries)


def reached(database: Database | None) -> list[str]:
    """What another process is told, to find the same schema."""
    return [] if database is None else [database.name.split()[-1].rstrip(")")]


def main(place: str, number: str, claims: str, chats: str, schema: str = "") -> None:
    database = database_at(server(), schema) if schema else None
    office = Office(Path(place), Clock(MONDAY), UNLIMITED, database=database)
    known = [bytes.fromhex(chat) for chat in chats.split(",")]
    staff = [duty.staff for duty in office.shifts.on_duty()]
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    for one in race(office, contenders(staff, known, int(claims), int(number)), 8):
        sys.stdout.write(f"{one.staff} {one.chat.hex()} {one.outcome} {one.seconds}\n")
    office.close()


if __name__ == "__main__":
    main(*sys.argv[1:])

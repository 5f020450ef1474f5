"""Operators at two replicas want the same person at the same moment."""

from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from threading import Barrier, Thread

import pytest

from bot.storage.database import Database
from tests.handoff_desk.office import Office
from tests.handoff_desk.racing import UNLIMITED, Try, _try
from tests.postgres import schema_of_its_own
from tests.trial import size
from tests.trials_kills.site import tell


@pytest.fixture
def schema() -> Iterator[Database]:
    yield from schema_of_its_own()


def claims(office: Office, staff: str, chats: list[bytes], gate: Barrier, tries: list[Try]) -> None:
    for chat in chats:
        gate.wait()
        tries.append(_try(office, staff, chat))


@pytest.mark.timeout(300)
def test_of_two_who_want_one_person_at_two_replicas_one_gets_them_and_the_other_is_told(
    tmp_path: Path, schema: Database, record_property: Callable[[str, object], None]
) -> None:
    count = size(40, 1_000)
    here = Office(tmp_path, rules=UNLIMITED, database=schema)
    there = Office(tmp_path, rules=UNLIMITED, database=schema)
    here.on_duty("ann")
    there.on_duty("ben")
    chats = [here.ask().id for _ in range(count)]
    there.desk.look()
    gate, tries = Barrier(2), (list[Try](), list[Try]())
    both = [
        Thread(target=claims, args=(office, staff, chats, gate, found))
        for office, staff, found in zip((here, there), ("ann", "ben"), tries, strict=True)
    ]
    for one in both:
        one.start()
    for one in both:
        one.join()
    owners = [here.of(chat).owner for chat in chats]
    won = ["ann" if ours.outcome == "won" else "ben" for ours in tries[0]]
    assert owners == won
    assert all({one.outcome for one in pair} == {"won", "taken"} for pair in zip(*tries))  # noqa: B905
    waits = sorted(one.seconds for found in tries for one in found if one.outcome == "taken")
    record_property("claims", count)
    record_property("loser_waits_ms", round(median(waits) * 1000, 1))
    record_property("loser_waits_at_most_ms", round(waits[-1] * 1000, 1))
    tell(f"told after {median(waits) * 1000:.1f} ms, at most {waits[-1] * 1000:.1f} ms")
    here.close()
    there.close()

"""Many operators want the same chats at the same moment: each chat has exactly one owner."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.storage.database import Database
from tests.handoff_desk.office import Office, an_office
from tests.handoff_desk.racing import (
    UNLIMITED,
    Try,
    contenders,
    outcomes,
    owners,
    race,
    reached,
    winners,
)
from tests.postgres import server

WHOLE = os.environ.get("QUIETLINE_SUITE") == "1"
STAFF, CHATS = (160, 800) if WHOLE else (24, 60)


def staffed(office: Office, staff: int, chats: int) -> tuple[list[str], list[bytes]]:
    names = [f"op{number:03}" for number in range(staff)]
    office.on_duty(*names)
    return names, [office.ask().id for _ in range(chats)]


def judged(office: Office, chats: list[bytes], tries: list[Try]) -> None:
    won = winners(tries)
    assert {chat: len(names) for chat, names in won.items()} == dict.fromkeys(chats, 1)
    assert owners(office, chats) == {chat: names[0] for chat, names in won.items()}
    assert outcomes(tries) == {"won": len(chats), "taken": len(tries) - len(chats)}


def test_in_a_race_of_threads_each_chat_has_one_owner_and_all_others_are_told(
    tmp_path: Path, database: Database | None
) -> None:
    with an_office(tmp_path, rules=UNLIMITED, database=database) as office:
        staff, chats = staffed(office, STAFF, CHATS)
        claims = max(1_000 if WHOLE else 0, 3 * CHATS)
        tries = race(office, contenders(staff, chats, claims, 1), min(STAFF, 32))
        judged(office, chats, tries)
        assert all(len(office.board.of(name)) == office.board.load(name)[0] for name in staff)


def test_a_thousand_times_two_want_one_chat_and_one_gets_it(
    tmp_path: Path, database: Database | None
) -> None:
    with an_office(tmp_path, rules=UNLIMITED, database=database) as office:
        _, chats = staffed(office, 2, 1_000 if WHOLE else 80)
        pairs = [(name, chat) for chat in chats for name in ("op000", "op001")]
        judged(office, chats, race(office, pairs, 2))


@pytest.mark.timeout(300)
def test_in_a_race_of_two_processes_each_chat_has_one_owner(
    tmp_path: Path, database: Database | None
) -> None:
    with an_office(tmp_path, rules=UNLIMITED, database=database) as office:
        _, chats = staffed(office, STAFF, CHATS)
        given = ",".join(chat.hex() for chat in chats)
        program = [sys.executable, "-m", "tests.handoff_desk.racing"]
        more = {} if database is None else {"QUIETLINE_TEST_DATABASE_URL": server()}
        started = [
            subprocess.Popen(
                [*program, str(tmp_path), str(number), str(2 * CHATS), given, *reached(database)],
                env={**os.environ, **more},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for number in range(2)
        ]
        for one in started:
            assert one.stdout is not None
            assert one.stdout.readline() == "ready\n"
        for one in started:
            assert one.stdin is not None
            one.stdin.write("\n")
            one.stdin.flush()
        tries = []
        for one in started:
            out, _ = one.communicate()
            tries += [_read(line) for line in out.splitlines()]
            assert one.returncode == 0
        judged(office, chats, tries)
        office.desk.look()
        assert office.board.queue() == ()


def _read(line: str) -> Try:
    staff, chat, outcome, seconds = line.split()
    return Try(staff, bytes.fromhex(chat), outcome, float(seconds))

"""A database, its journal or a backup tell of no chat, no message and no hour."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.channels.contract import Address
from bot.clearing import Clearing
from bot.tasks import Noted
from bot.vault import Vault
from tests.canary import find
from tests.footprints.chats import Chats
from tests.footprints.conftest import BOT, CHANNEL, Parts, SetClock

ANN = b"7000000001"
CANARIES: list[str | bytes | int] = [
    7_000_000_001,
    700_123_456,
    700_123_457,
    "7000000001",
    "telegram",
]


def rows(parts: Parts, folder: Path) -> list[tuple[bytes, int, int, int]]:
    with closing(sqlite3.connect(folder / "data" / "quietline.db")) as looked:
        return looked.execute(
            "SELECT alias, epoch, sequence, length(sealed) FROM footprint ORDER BY epoch, alias"
        ).fetchall()


async def test_nothing_of_a_chat_is_in_what_a_thief_can_take(
    clearing: Clearing, parts: Parts, clock: SetClock, tmp_path: Path
) -> None:
    await clearing.note(ANN, [700_123_456])
    clock.wait(hours=1)
    await clearing.note(ANN, [700_123_457], soon=True)
    parts.store.backup(tmp_path / "data" / "backup.db")
    assert rows(parts, tmp_path) != []
    assert find([tmp_path / "data"], CANARIES) == []


async def test_rows_do_not_tell_how_much_was_said_or_when_or_whose_session_it_was(
    clearing: Clearing, parts: Parts, clock: SetClock, tmp_path: Path
) -> None:
    await clearing.note(b"1", [1])
    for number in range(60):
        await clearing.note(ANN, [700_000_000 + number])
        clock.wait(minutes=3)
    first, second = rows(parts, tmp_path)
    assert first[1] == second[1] == int(clock() // 86_400)
    assert first[3] == second[3] == 512 + 93
    assert abs(first[2] - second[2]) > 60
    vault = Vault(parts.ring)
    sessions = {vault.alias(parts.ring.today(), CHANNEL, BOT, chat) for chat in (b"1", ANN)}
    assert sessions.isdisjoint([first[0], second[0]])


async def test_rows_that_somebody_changed_harm_nobody_else(
    clearing: Clearing, parts: Parts, chats: Chats, clock: SetClock, tmp_path: Path
) -> None:
    names = [b"%d" % (700_000_000 + number) for number in range(8)]
    for name in names:
        await clearing.note(name, chats.send(name, 1))
    harmed = rows(parts, tmp_path)
    changes = [
        "SET sealed = zeroblob(605)",
        "SET sealed = 'words'",
        "SET sequence = 'words'",
        "SET epoch = 'today'",
        "SET epoch = epoch - 9",
        "SET alias = 'words'",
        "SET sealed = (SELECT sealed FROM footprint WHERE alias != :alias LIMIT 1)",
    ]
    with closing(sqlite3.connect(tmp_path / "data" / "quietline.db")) as database:
        for change, (alias, *_) in zip(changes, harmed, strict=False):
            database.execute(f"UPDATE footprint {change} WHERE alias = :alias", {"alias": alias})
        database.commit()
    for name in names:
        await clearing.note(name, chats.send(name, 2))
    clock.wait(hours=24)
    await clearing.sweep(chats)
    assert [chats.left(name) for name in names].count([]) == 1
    assert sorted(chats.left(name) for name in names if chats.left(name)) == [[1]] * 7
    clock.wait(hours=49)
    parts.tidy()
    assert parts.store.stats().footprints == 0


async def test_nothing_of_a_chat_is_shown_in_an_error_or_a_log(
    clearing: Clearing,
    parts: Parts,
    chats: Chats,
    clock: SetClock,
    capfd: pytest.CaptureFixture[str],
) -> None:
    await clearing.note(ANN, chats.send(ANN, 700_123_456))
    clock.wait(hours=24)
    for mood in ("broken", "down", "works"):
        chats.mood = mood
        await clearing.sweep(chats)
    shown = f"{parts.footprints} {clearing}"
    address = Address(CHANNEL, BOT, ANN)
    await clearing.note(ANN, [700_123_456])
    shown += f"{parts.footprints.of(address)} {Noted(address, (700_123_456,), 1e9)}"
    clock.wait(hours=24)
    shown += f"{parts.footprints.due(parts.footprints.aliases(), 3_600)}"
    said = capfd.readouterr()
    assert "messages_cleared" in said.out + said.err
    for canary in ("7000000001", "700123456", "1000000000"):
        assert canary not in shown + said.out + said.err

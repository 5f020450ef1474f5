"""Somebody who can write into the database swaps, moves, cuts and lengthens what is sealed there.

Of each table: nobody is shown what is not theirs, what was touched opens for nobody, those who run
the service are told, and the service goes on.
"""

import inspect
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from bot import report
from bot.channels.contract import Address
from bot.storage.tables import metadata
from tests.trial import seed, size
from tests.trials_seizure.readers import READERS, TAKES_AWAY, Seen
from tests.trials_seizure.scene import Scene, word

pytestmark = pytest.mark.asyncio(loop_scope="package")
Row = dict[str, Any]
Change = Callable[[Row, Row, bytes], Row]
"""(a row, another of its table, bytes of another table) → columns that the first one is given."""

BYTES = {"wrap": "wrapped", "code": "bound"}
"""The column that is sealed, where it is not `sealed`."""
TELLS_NOBODY = {"wrap"}
"""Only the browser of an operator opens a wrap: there it is seen that it does not."""


def cases(table: str, first: Row) -> dict[str, Change]:
    """All that is done to a row of that table."""
    sealed = BYTES.get(table, "sealed")
    made: dict[str, Change] = {
        "the seal of another": lambda row, other, _: {sealed: other[sealed]},
        "the seal of another table": lambda row, _, foreign: {sealed: foreign},
        "a byte less": lambda row, *_: {sealed: row[sealed][:-1]},
        "nothing": lambda *_: {sealed: b""},
        "a zero more": lambda row, *_: {sealed: row[sealed] + b"\0"},
        "filled up to the next size": lambda row, *_: {sealed: row[sealed] + bytes(512)},
        "twice as long": lambda row, *_: {sealed: row[sealed] * 2},
        "the first half": lambda row, *_: {sealed: row[sealed][: len(row[sealed]) // 2]},
        "another first byte": lambda row, *_: {sealed: b"\x02" + row[sealed][1:]},
        "another last byte": lambda row, *_: {
            sealed: row[sealed][:-1] + bytes([row[sealed][-1] ^ 1])
        },
        "zeros": lambda row, *_: {sealed: bytes(len(row[sealed]))},
    }
    for column in ("epoch", "sequence", "version", "number", "until"):
        if column in first:
            made[f"another {column}"] = lambda row, _, __, c=column: {c: row[c] + 7}  # type: ignore[misc]
    if table == "outbox":
        made["behind all others"] = lambda row, *_: {"id": row["id"] + (1 << 41)}
    if {"epoch", "sequence"} <= first.keys() or "version" in first:
        # All of another row under this name: somebody would be somebody else.
        mine = {"alias", "id", "staff"}
        made["all of another"] = lambda row, other, _: {
            name: value for name, value in other.items() if name not in mine
        }
    if "living" in first:
        made["over, and it is not"] = lambda row, *_: {"living": 1 - row["living"]}
    if table == "code":
        made["to another chat"] = lambda row, other, _: {"chat": other["chat"]}
        made["to another chat, bound to it"] = lambda row, other, _: {
            name: other[name] for name in ("chat", "bound")
        }
    if table == "staff_note":
        made["to another reader"] = lambda row, other, _: {"reader": other["reader"]}
    return made


@pytest.fixture
def heard() -> Iterator[list[str]]:
    """The names of all alarms."""
    events: list[str] = []
    stop = report.on_alarm(events.append)
    yield events
    stop()


async def seen(scene: Scene, table: str) -> Seen:
    """What the program gets to see of that table, and shows to whom."""
    before = scene.rows(table) if table in TAKES_AWAY else None
    found = READERS[table](scene)
    if inspect.isawaitable(found):
        found = await found
    if before is not None:
        scene.put_back(table, before)
    shown: Seen = found
    return shown


@pytest.mark.parametrize("table", READERS)
async def test_what_somebody_changed_in_a_row_opens_for_nobody(
    scene: Scene,
    heard: list[str],
    table: str,
    record_property: Callable[[str, object], None],
) -> None:
    chance = random.Random(seed())
    kept = scene.rows(table)
    well = await seen(scene, table)
    row, other = next(pair for pair in pairs(table, kept) if pair[0] != pair[1])
    foreign = scene.rows("chat" if table != "chat" else "session")[0]["sealed"]
    every = list(cases(table, row).items())
    tried = chance.sample(every, size(1, len(every)))
    for name, change in tried:
        new = change(row, other, foreign)
        assert new != {column: row[column] for column in new}, name
        heard.clear()
        scene.change(table, row, **new)
        now = await seen(scene, table)
        assert now.items() <= well.items(), f"{table}, {name}: somebody is shown another's"
        assert len(now) < len(well), f"{table}, {name}: it opened"
        assert heard or table in TELLS_NOBODY, f"{table}, {name}: nobody was told"
        scene.put_back(table, kept)
    assert await seen(scene, table) == well
    record_property("changes", len(tried))
    # Meanwhile, and after it, the service lives.
    await scene.pushes(Address("push", "trial", word().encode()))
    who = scene.pushed[-1]
    assert (await scene.service.look(who, "en")).mark != "0"


async def test_replies_of_one_person_that_changed_places_are_not_sent(
    scene: Scene, heard: list[str]
) -> None:
    kept = scene.rows("outbox")
    well = await seen(scene, "outbox")
    first, second = next(
        (one, two) for one in kept for two in kept if one["alias"] == two["alias"] and one != two
    )
    heard.clear()
    moved = [row for row in kept if row not in (first, second)]
    moved += [first | {"id": second["id"]}, second | {"id": first["id"]}]
    scene.put_back("outbox", moved)
    now = await seen(scene, "outbox")
    scene.put_back("outbox", kept)
    assert now.items() < well.items()
    assert len(now) == len(well) - 2
    assert heard == ["letter_unopenable"] * 2


def pairs(table: str, rows: list[Row]) -> Iterator[tuple[Row, Row]]:
    """Two rows of which the readers look at the first."""
    if table == "wrap":  # of a chat that is claimed, for the key of who has it
        rows = sorted(rows, key=lambda row: row["direction"])
        one = [row for row in rows if sum(o["chat"] == row["chat"] for o in rows) == 2]
        rows = [*one, *rows]
    for row in rows:
        for other in rows:
            # Of two people: two replies to the same one are both theirs.
            if row is not other and row.get("alias", 0) != other.get("alias", 1):
                yield row, other


async def test_every_table_that_is_sealed_is_tried(scene: Scene) -> None:
    sealed = {
        table.name
        for table in metadata.sorted_tables
        if {"sealed", "wrapped", "bound"} & set(table.columns.keys())
    }
    assert sealed == READERS.keys()

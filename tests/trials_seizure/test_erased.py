"""Somebody erases everything, and whoever takes the machine afterwards has older copies of it too.

the rows          gone with that turn, in every process
an older copy     of a page opens never without its cookie; of a messenger with the keys of its day,
                  until these are destroyed; words to a human only with a key of an operator's shift
"""

import shutil
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from itertools import product
from pathlib import Path

import pytest

from bot.app import Service
from bot.channels.contract import Address, Incoming, Poked, Words
from bot.persons import Person as Held
from bot.persons import open_session
from bot.sealing import Context, SealingError, open_at_desk
from bot.storage import Row
from bot.storage.tables import metadata
from bot.vault import Epoch, KeyRing, NoKey, Unopenable, Vault
from tests.trials_seizure.conftest import SUITE
from tests.trials_seizure.scene import Scene, Talk, word

pytestmark = pytest.mark.asyncio(loop_scope="package")
AT_ONCE = 2.0
"""Seconds: what is promised of the rows."""
DAY = 86_400
OF_CHATS = ("message", "wrap", "code")


@asynccontextmanager
async def another(scene: Scene, *, with_it: bool) -> AsyncIterator[Service]:
    """A second process of the same line; on a file there is only one."""
    # It takes a while to start: in a plain run one of the two kinds of people meets it.
    if not (with_it or SUITE) or scene.service.settings.database.get_secret_value() == "":
        yield scene.service
        return
    known = scene.service.settings
    other = Service(known, demo=True, signing=scene.signing, clock=scene.clock)
    await other.start()
    yield other
    await other.stop()


def names_of(scene: Scene, address: Address) -> set[bytes]:
    """All names of somebody of every day that lives."""
    vault, found = scene.service.vault, set()
    for epoch in scene.service.ring.live():
        for channel in (address.channel, f"footprint/{address.channel}"):
            found.add(bytes(vault.alias(epoch, channel, address.bot, address.person)))
    return found


def left_of(scene: Scene, address: Address, chat: bytes) -> dict[str, int]:
    """How many rows of them there are, by table."""
    names = names_of(scene, address)
    return {
        table.name: count
        for table in metadata.sorted_tables
        if (count := sum(1 for row in scene.rows(table.name) if ours(row, names, chat)))
    }


def ours(row: dict[str, object], names: set[bytes], chat: bytes) -> bool:
    return row.get("alias") in names or chat in {row.get("chat"), row.get("id")}


def opens(scene: Scene, row: dict[str, object], secret: bytes) -> bool:
    """Whether a copy of a session's row opens with the keys that live now."""
    held = Held(Address("", "", b"", secret), row["alias"])  # type: ignore[arg-type]
    held.row = Row(row["alias"], row["epoch"], row["sequence"], row["sealed"])  # type: ignore[arg-type]
    open_session(scene.service.vault, held)
    return held.session is not None


@pytest.mark.parametrize("channel", ["web", "telegram"])
async def test_who_erases_everything_is_gone_at_once_from_every_process(
    scene: Scene, channel: str, record_property: Callable[[str, object], None]
) -> None:
    talk = await scene.asks(channel)
    scene.talks.remove(talk)
    await scene.is_answered(talk, scene.operators[1])
    address, chat = talk.person.address, talk.chat.id
    before = left_of(scene, address, chat)
    assert {"session", "chat", "message", "wrap"} <= before.keys()
    copies = {name: scene.rows(name) for name in ("session", "message", "wrap")}
    async with another(scene, with_it=channel == "web") as elsewhere:
        began = time.monotonic()
        said = Incoming(address, Words("stop"), once=word(), push=channel != "web")
        farewell = await elsewhere.take(said)
        took = time.monotonic() - began
        assert farewell is not None
        assert farewell.forgotten
        # The last words wait to be sent, and marks of deliveries stay so that none counts twice.
        assert left_of(scene, address, chat).keys() <= {"outbox"}
        assert took < AT_ONCE
        record_property("seconds", round(took, 3))
        # No process serves what it held in memory.
        for service in (elsewhere, scene.service):
            assert (await service.look(address, "en")).mark == "0"
            assert service.human is not None
            service.human.board.look()
            assert chat not in service.human.board.picture.chats
        with pytest.raises(AssertionError):
            scene.operators[1].read(talk.chat)
    older_copies_tell_nothing_more(scene, talk, copies)


def older_copies_tell_nothing_more(
    scene: Scene, talk: Talk, copies: dict[str, list[dict[str, object]]]
) -> None:
    """A journal or a backup of before, with the keys that live now."""
    names, address = names_of(scene, talk.person.address), talk.person.address
    (kept,) = [row for row in copies["session"] if row["alias"] in names]
    if address.secret:
        assert not opens(scene, kept, b""), "without the cookie a page's session opens never"
        assert not opens(scene, kept, bytes(32))
    else:
        # Of a messenger the keys of the day open it: until they are destroyed, see below.
        assert opens(scene, kept, b"")
    # Words to a human: the second seal opens with the keys of the day, the first one does not.
    vault, found = scene.service.vault, 0
    for row in copies["message"]:
        if row["chat"] != talk.chat.id or row["direction"] != 1:
            continue
        place = ("message", talk.chat.id + b"\x01", Epoch(row["epoch"]), row["number"], b"")  # type: ignore[arg-type]
        body = vault.open(*place, row["sealed"])  # type: ignore[arg-type]
        wraps = [
            w for w in copies["wrap"] if (w["chat"], w["number"]) == (row["chat"], row["number"])
        ]
        where = Context(talk.chat.id, "in", row["number"])  # type: ignore[arg-type]
        with_key, without = scene.operators[1].prekey, scene.operators[0].prekey
        assert not any(said.encode() in body for said in talk.said)
        assert opened_by(where, body, wraps, without.private[1]) is None
        assert opened_by(where, body, wraps, with_key.private[1]) in talk.said
        found += 1
    assert found == len(talk.said)


def opened_by(
    where: Context, body: bytes, wraps: list[dict[str, object]], private: bytes
) -> str | None:
    for wrap in wraps:
        try:
            return open_at_desk(where, body, wrap["wrapped"], 1, private)  # type: ignore[arg-type]
        except SealingError:
            continue
    return None


async def test_with_the_keys_of_four_days_later_no_row_of_today_opens(
    scene: Scene, tmp_path: Path
) -> None:
    shutil.copytree(scene.folder / "keys", tmp_path / "keys")
    ring = KeyRing.open(tmp_path / "keys", lambda: scene.clock() + 4 * DAY)
    today = scene.service.ring.today()
    assert today in ring.destroy_expired()
    later, tried = Vault(ring), 0
    for table in metadata.tables:
        for row in scene.rows(table):
            if "sealed" not in row or table == "slip":
                continue
            tried += 1
            # However a row of that table may be bound, and under each of the keys that there are.
            alias = row.get("alias") or row.get("id") or row.get("chat") or row["staff"].encode()
            counts = {row.get(name, 0) for name in ("sequence", "version", "number")}
            for epoch, count in product((today, *ring.live()), counts):
                with pytest.raises(Unopenable):
                    later.open(table, alias, epoch, count, b"", row["sealed"])
    assert tried > 20
    for address in scene.pushed:
        with pytest.raises(NoKey):
            later.alias(today, address.channel, address.bot, address.person)


async def test_news_that_come_too_late_keep_nothing_of_who_left(scene: Scene) -> None:
    left = Address("telegram", "site", word().encode())
    assert await scene.service.take(Incoming(left, Poked(), push=True)) is None
    assert left_of(scene, left, b"") == {}


async def test_a_backup_with_all_keys_of_all_operators_opens_nothing(
    scene: Scene, tmp_path: Path
) -> None:
    """Without waiting: rows lie under the key of their day, and a backup holds none of them."""
    scene.service.store.backup(tmp_path / "backup.db")
    with closing(sqlite3.connect(tmp_path / "backup.db")) as copy:
        for table in ("chat", *OF_CHATS, "staff_note", "duty", "outbox", "footprint", "slip"):
            assert copy.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,), table
        assert copy.execute("SELECT count(*) FROM session").fetchone() != (0,)
    bodies, wraps = scene.rows("message"), scene.rows("wrap")
    tried = 0
    for row in bodies:
        of_it = [
            one for one in wraps if (one["chat"], one["number"]) == (row["chat"], row["number"])
        ]
        for operator in scene.operators:
            where = Context(row["chat"], "in", row["number"])
            assert opened_by(where, row["sealed"], of_it, operator.prekey.private[1]) is None
            tried += len(of_it)
    assert tried > len(bodies)

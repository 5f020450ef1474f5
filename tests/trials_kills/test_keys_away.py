"""No key service answers, for longer than replicas go on by themselves; then both are back.

With their folder in memory everything is as it was: who waits in line waits on, who was answered is
answered. Without it nothing of before can be read, and everybody is greeted anew.
"""

import asyncio
import secrets
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import aiohttp
import pytest

from bot.channels.contract import Opened, Unavailable, Words
from bot.keys import peering, remote_ring
from bot.keys.running import Place
from bot.vault import files
from tests.botapi import BotApi
from tests.handing.operators import Operator
from tests.handing.people import Person, said
from tests.keys.conftest import Site as KeySite
from tests.trials_kills.here import Here, running
from tests.trials_kills.load import bring

MEMORY = Path("/dev/shm")
PATIENCE = 10.0


@pytest.fixture
def memory() -> Iterator[Path]:
    """A folder that is not on a disk."""
    folder = MEMORY / f"quietline-test-{secrets.token_hex(6)}"
    folder.mkdir(mode=0o700)
    yield folder
    for file in sorted(folder.rglob("*"), reverse=True):
        file.rmdir() if file.is_dir() else file.unlink()
    folder.rmdir()


@pytest.fixture
def keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., list[KeySite]]]:
    """Two key services, on sockets of this machine."""
    monkeypatch.setattr(peering, "EVERY", 0.03)
    monkeypatch.setattr(remote_ring, "POLL", 0.05)
    # Ten minutes, for those who can wait.
    monkeypatch.setattr(remote_ring, "ALONE", 0.5)
    made: list[KeySite] = []

    def two(state: Path | None) -> list[KeySite]:
        sockets = [tmp_path / name / "keys.sock" for name in ("a", "b")]
        for number, socket in enumerate(sockets):
            peer = f"unix:{sockets[1 - number]}"
            folder = None if state is None else state / socket.parent.name
            # The first one begins with days of its own when there are none.
            place = Place(socket, peer=peer, alone=number == 0 and state is None, state=folder)
            made.append(KeySite(place))
        for one in made:
            one.start()
        return made

    yield two
    for one in made:
        one.stop()


async def until(so: Callable[[], object]) -> None:
    """Waits until it is so."""
    end = time.monotonic() + PATIENCE
    while not so():
        assert time.monotonic() < end, "it never came about"
        await asyncio.sleep(0.05)


def answers(here: Here) -> bool:
    """Whether keys are there."""
    try:
        return bool(here.service.ring.live())
    except Exception:  # noqa: BLE001 - whatever it is, they are not
        return False


def line_of(here: Here) -> list[tuple[bytes, str, str, float]]:
    """Who waits since when, and who is with whom."""
    assert here.service.human
    chats = here.service.human.board.picture.chats.values()
    return sorted((one.id, one.state, one.owner, one.asked) for one in chats)


async def says_where_help_is(here: Here, telegram: BotApi) -> None:
    """At the page and in Telegram, also to words of danger; and takes nothing."""
    chat = telegram.chat()
    chat.say("he will kill me")
    message = await chat.reply(2)
    assert any(character.isdigit() for character in "".join(chat.visible())), message.text
    assert telegram.updates.waiting
    async with aiohttp.ClientSession() as http:
        for words in ("hello", "he will kill me"):
            async with http.post(f"{here.url}/", data={"m": "0", "t": words}) as answer:
                assert answer.status == 503
                assert "tel:" in await answer.text()


@pytest.mark.skipif(not MEMORY.is_dir(), reason="this machine has no storage in memory")
async def test_who_waits_in_line_waits_on_when_both_key_services_were_away(
    tmp_path: Path, memory: Path, keys: Callable[..., list[KeySite]]
) -> None:
    assert files.in_memory(memory)
    sites = keys(memory)
    where = ",".join(one.where for one in sites)
    async with BotApi() as telegram, running(tmp_path, telegram, 0, key_service=where) as here:
        bring(telegram, [here.url])
        operator = Operator(here.service, "s1")
        talking, waiting = (Person(here.service, "terminal") for _ in range(2))
        for person in (talking, waiting):
            await person.ask()
        chat = operator.claim()
        await waiting.do(Words("first"))
        before, shown = line_of(here), said(await waiting.look())
        for one in sites:
            one.stop()
        # They go on by themselves for a while; then nothing can be opened or kept.
        await until(lambda: not answers(here))
        with pytest.raises(Unavailable):
            await waiting.do(Words("second"))
        await says_where_help_is(here, telegram)
        for one in sites:
            one.start()
        await until(lambda: answers(here))
        await telegram.taken()
        assert said(await waiting.look()) == shown
        assert line_of(here) == before
        talking.service.carry("terminal", talking._deliver)  # noqa: SLF001 - they have one phone each
        operator.say(chat, "to you: I am here")
        await talking.hears("I am here")
        assert operator.read(operator.claim()) == ["first"]


async def test_without_any_key_of_before_everybody_is_greeted_anew(
    tmp_path: Path, keys: Callable[..., list[KeySite]]
) -> None:
    sites = keys(None)
    where = ",".join(one.where for one in sites)
    async with BotApi() as telegram, running(tmp_path, telegram, 0, key_service=where) as here:
        await until(lambda: answers(here))
        person = Person(here.service)
        first = said(await person.do(Opened()))
        await person.do(Words("yes"))
        for one in sites:
            one.stop()
        await until(lambda: not answers(here))
        for one in sites:
            one.start()
        await until(lambda: answers(here))
        assert said(await person.look()) == first
        await person.do(Words("yes"))
        assert said(await person.look()) != first

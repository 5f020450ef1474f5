"""A thousand conversations full of words that must not stay, and then a search for them everywhere.

What is taken from the machine, without the keys and the cookies, tells nobody's name, words,
region, need, address or device; and with the keys nobody's words.
"""

import asyncio
import io
import random
import shutil
import string
from base64 import urlsafe_b64decode
from pathlib import Path

import aiohttp
import pytest

from bot.app import Service
from bot.channels.contract import (
    Address,
    Heard,
    Incoming,
    Opened,
    Outgoing,
    Pressed,
    Sent,
    Words,
)
from bot.channels.terminal import run_terminal
from bot.channels.web_request import address_of
from bot.dialogue.session import pack
from bot.pump import Pump
from tests.canary import Canary, find
from tests.trial import WHOLE
from tests.trials.conftest import Clock
from tests.trials.programs import make_service, session_of

WEB, PUSH, TERMINAL = (400, 400, 200) if WHOLE else (60, 60, 30)
AT_ONCE = 40
DAY = 24 * 3_600
CHOSEN: tuple[Canary, ...] = ("UA-63", "medical", "psychosocial", "find_help/", "welcome/")
"""What people chose, and where they are: kept, but only for who has the key."""


class Canaries:
    """Words and numbers that are nowhere else, and all that is to be searched for."""

    def __init__(self) -> None:
        self._chance = random.Random()
        self._words = [self._made(string.ascii_lowercase) for _ in range(100)]
        self._regions = [self._made("абвгґдеєжзиіїйклмнопрстуфхцчшщьюя") for _ in range(100)]
        self.all: list[Canary] = [*self._words, *self._regions]
        self.people: list[Address] = []
        """Everyone who did not leave."""

    def _made(self, letters: str) -> str:
        return "".join(self._chance.choices(letters, k=12))

    def word(self) -> str:
        return self._chance.choice(self._words)

    def region(self) -> str:
        return self._chance.choice(self._regions)

    def number(self) -> int:
        # Five bytes or more: what is shorter is met by chance in a few megabytes.
        self.all.append(number := self._chance.randrange(6 << 32, 1 << 46))
        return number


@pytest.fixture
def canaries() -> Canaries:
    return Canaries()


async def browse(url: str, made: Canaries, browser: aiohttp.ClientSession, leaves: bool) -> None:
    """A conversation on the page."""
    name, region, phone, cookie = made.word(), made.region(), made.number(), ""
    headers = {
        "User-Agent": f"Mozilla/5.0 {made.word()}",
        "Accept-Language": f"uk,{made.word()};q=0.9",
        "X-Forwarded-For": f"2001:db8::{made.word()}, {phone}",
        "X-Real-IP": made.word(),
        "Referer": f"{url}?{made.word()}",
    }
    forms = [
        {"m": "0", "c": "yes"},
        {"m": "1", "t": f"I am {name} from {region}, call {phone}"},
        {"m": "2", "c": "medical"},
        {"m": "3", "t": region},
        {"m": "4", "c": "=UA"},
        {"m": "5", "c": "=UA-63"},
        {"m": made.word(), "c": made.word(), "t": name},
        {"m": "7", "c": f"={region}"},
        {"m": "8", "t": region * 100},
        *([{"m": "9", "c": "!leave"}] if leaves else []),
    ]
    for form in forms:
        sent = headers | ({"Cookie": f"s={cookie}; other={made.word()}"} if cookie else {})
        asked = browser.post(f"{url}?n={name}", data=form, headers=sent, allow_redirects=False)
        async with asked as answer:
            assert answer.status == (200 if form.get("c") == "!leave" else 303), form
            cookie = cookie or answer.cookies["s"].value
    secret = urlsafe_b64decode(cookie + "=")
    made.all += [cookie, secret, address_of(secret, "web").person]
    if not leaves:
        made.people.append(address_of(secret, "web"))


async def chat(service: Service, made: Canaries, leaves: bool) -> None:
    """A conversation in a messenger, which tells us a number for each chat and update."""
    address = Address("push", made.word(), str(made.number()).encode())
    name, region, update = made.word(), made.region(), made.number()
    heard: list[Heard] = [
        Opened(),
        Words(f"{name} {region}"),
        Pressed("yes", "2"),
        Pressed("psychosocial", "3"),
        Words(region.upper()),
        Pressed("=UA", "5"),
        Pressed("=UA-63", "6"),
        Sent(made.word()),
        Pressed(made.word(), made.word()),
        *([Words("stop")] if leaves else []),
    ]
    for count, one in enumerate(heard):
        incoming = Incoming(address, one, once=str(update + count), language=made.word(), push=True)
        out = await service.take(incoming)
        assert out is not None
    if not leaves:
        made.people.append(address)


async def talk(service: Service, made: Canaries) -> None:
    """A conversation in the terminal, which leaves at its end."""
    lines = [made.word(), "yes", made.region(), "medical care", "Kharkiv", "#photo", made.word()]
    out = io.StringIO()
    script = io.StringIO("\n".join(lines))
    assert await run_terminal(service, "en", script, out, service.speech.words) == 0


async def test_a_thousand_conversations_leave_no_word_and_no_address_anywhere(
    service: Service, url: str, canaries: Canaries, tmp_path: Path
) -> None:
    def copies(name: str) -> Path:
        """Disk as a thief finds it, the program still running."""
        shutil.copytree(tmp_path / "data", tmp_path / name)
        service.store.backup(tmp_path / name / "backup.db")
        return tmp_path / name

    jar, limit = aiohttp.DummyCookieJar(), asyncio.Semaphore(AT_ONCE)

    async def limited(number: int, browser: aiohttp.ClientSession) -> None:
        async with limit:
            leaves = number % 4 == 0
            if number < WEB:
                await browse(url, canaries, browser, leaves)
            elif number < WEB + PUSH:
                await chat(service, canaries, leaves)
            else:
                await talk(service, canaries)

    async with aiohttp.ClientSession(cookie_jar=jar) as browser:
        await asyncio.gather(*(limited(n, browser) for n in range(WEB + PUSH + TERMINAL)))
    at_first = copies("at first")
    stats = service.store.stats()
    assert stats.sessions == len(canaries.people) == (WEB + PUSH) * 3 // 4
    assert stats.waiting > PUSH
    for address in canaries.people[::2]:
        await service.take(Incoming(address, Pressed("!leave", "")))
    later = copies("later")
    assert service.store.stats().sessions == len(canaries.people) // 2

    taken = [at_first, later, tmp_path / "data", tmp_path / "log", tmp_path / "temporary"]
    assert (at_first / "quietline.db-wal").stat().st_size > 0
    assert find(taken, [*CHOSEN, *canaries.all]) == []
    # With the keys and the cookies too there are no words, only what was chosen.
    opened = [session_of(service, address) for address in canaries.people[1::2]]
    plain = tmp_path / "plain"
    plain.write_bytes(b"".join(pack(session) for session in opened if session))
    assert {hit.canary for hit in find([plain], CHOSEN)} >= {"UA-63", "medical", "psychosocial"}
    assert find([plain], canaries.all) == []


@pytest.mark.parametrize("how", ["destroyed at once", "73 hours later"])
async def test_without_keys_nothing_opens_and_the_sweep_takes_all(
    service: Service, canaries: Canaries, clock: Clock, how: str
) -> None:
    for number in range(50):
        await chat(service, canaries, leaves=number % 5 == 0)
    assert all(session_of(service, address) for address in canaries.people)
    sealed = service.store.pending(1_000)
    assert len(sealed) > 50
    before = service.ring.live()
    if how == "destroyed at once":
        service.ring.destroy_all()
    else:
        clock.later = 73 * 3_600
        service.ring.destroy_expired()
    fresh = service.ring.live()
    vault = service.turns.vault
    for row in sealed:
        with pytest.raises(Exception, match="does not open"):
            vault.open("outbox", row.alias, before[0], row.sequence, b"", row.sealed)
    assert [session_of(service, address) for address in canaries.people] == [None] * 40
    if how == "73 hours later":
        assert not set(fresh) & set(before)
        service.sweep()
    else:
        service.store.sweep(())
    stats = service.store.stats()
    assert (stats.sessions, stats.marks, stats.waiting) == (0, 0, 0)
    # And whoever comes back begins anew.
    out = await service.take(Incoming(canaries.people[0], Pressed("yes", "0"), push=True))
    assert out is not None
    assert out.mark == "1"


async def test_an_old_backup_serves_nobody_and_sends_nothing(
    service: Service, canaries: Canaries, clock: Clock, tmp_path: Path
) -> None:
    sent: list[Address] = []

    async def deliver(address: Address, outgoing: Outgoing) -> None:
        assert outgoing.mark
        sent.append(address)

    for _ in range(20):
        await chat(service, canaries, leaves=False)
    old = tmp_path / "old"
    old.mkdir(mode=0o700)
    service.store.backup(old / "quietline.db")
    shutil.copytree(tmp_path / "data" / "keys", old / "keys")
    clock.later = 8 * DAY
    restored = make_service(old, clock)
    assert service.store.stats().waiting > 20
    assert restored.store.stats().waiting == 0
    await restored.start()
    assert [session_of(restored, who) for who in canaries.people] == [None] * 20
    turns = restored.turns
    pump = Pump(restored.store, turns.vault, restored.wording, clock, deliver)
    assert await pump.send_waiting() == 0
    stats = restored.store.stats()
    assert (stats.sessions, stats.marks, stats.waiting, sent) == (0, 0, 0, [])
    await restored.stop()


async def test_who_leaves_is_erased_under_the_names_of_other_days_too(
    service: Service, canaries: Canaries, clock: Clock
) -> None:
    service.ring.destroy_all()
    who = Address("push", "trial", str(canaries.number()).encode())
    for clock.later in (-2 * DAY, -DAY, 0):
        await service.take(Incoming(who, Words("menu"), push=True))
    assert len(service.ring.live()) == 3
    assert (service.store.stats().sessions, service.store.stats().waiting) == (1, 3)
    farewell = await service.take(Incoming(who, Words("stop")))
    assert farewell is not None
    assert farewell.forgotten
    assert (service.store.stats().sessions, service.store.stats().waiting) == (0, 0)

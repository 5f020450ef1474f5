"""Nobody learns a secret or a name from how long an answer takes."""

import asyncio
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bot.channels.telegram_webhook import SECRET_HEADER
from bot.staff import WrongProof
from bot.staff.passwords import FULL_COST
from tests.attacks.times import LIMIT, compared, welch
from tests.botapi import BotApi
from tests.staff.conftest import QUICK, Place
from tests.telegram.running import Running
from tests.trial import WHOLE, seed, size

Record = Callable[[str, object], None]


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    place = Place(tmp_path)
    yield place
    place.close()


def test_a_difference_is_seen_where_there_is_one() -> None:
    chance = random.Random(1)
    even = [[chance.gauss(100, 10) for _ in range(2_000)] for _ in range(2)]
    assert abs(welch(*even)) < LIMIT
    assert abs(welch(even[0], [one + 3 for one in even[1]])) > LIMIT


@pytest.mark.timeout(600)
async def test_a_secret_that_is_nearly_right_is_refused_as_quickly_as_any(
    tmp_path: Path, record_property: Record
) -> None:
    chance = random.Random(seed())
    async with BotApi() as telegram:
        bot = Running(telegram, tmp_path, "webhook")
        await bot.start()
        target = telegram.webhook.target
        assert target is not None
        parts = urlsplit(target.url)
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)

        async def ask(secret: str) -> None:
            head = f"POST {parts.path} HTTP/1.1\r\nHost: x\r\n{SECRET_HEADER}: {secret}\r\n"
            writer.write(f"{head}Content-Length: 0\r\n\r\n".encode())
            assert b" 403 " in await reader.readline()
            while (await reader.readline()).strip():
                pass

        right = target.secret
        last = "A" if right[-1] != "A" else "B"
        near, far = right[:-1] + last, "".join("A" if one != "A" else "B" for one in right)
        t = await compared(size(few=100, whole=10_000), chance, lambda: ask(near), lambda: ask(far))
        writer.close()
        await bot.stop()
    record_property("t of a secret that is nearly right", round(t, 2))
    assert abs(t) < LIMIT


@pytest.mark.timeout(3600)
async def test_a_name_that_somebody_has_is_refused_as_quickly_as_one_that_nobody_has(
    place: Place, record_property: Record
) -> None:
    chance = random.Random(seed())
    # A whole run as it is in use. A plain one at hardly any cost for the hash, which hides nothing.
    cost = FULL_COST if WHOLE else QUICK
    place.book = place.again(cost=cost)
    place.member("Anna Example")
    sign_in = place.book.signing_in.with_password

    async def guess(name: str) -> None:
        place.now += 120  # so that each try is looked at
        with pytest.raises(WrongProof):
            sign_in(name, "a password that is wrong", "000000")

    known, unknown = (lambda: guess("Anna Example")), (lambda: guess("Dora Example"))
    t = await compared(size(few=60, whole=2_000), chance, known, unknown)
    record_property("t of a name that somebody has", round(t, 2))
    # Without a hash that hides it, some thirty microseconds of reading an account are left.
    assert abs(t) < (LIMIT if WHOLE else 2 * LIMIT)

"""The disk has no byte or no name left for a file: a cry is answered, and what was taken counts."""

import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import aiohttp
import pytest

from bot.channels.contract import Address
from bot.channels.telegram_contract import CHANNEL
from bot.storage import Store, StoreError
from tests.botapi import BotApi
from tests.trials.programs import session_of
from tests.trials.test_faults import Person, full
from tests.trials_faults.standing import Standing

CRY = "I want to kill myself"
NAMES = 64


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 24 MB for 64 files, where the machine lets us mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    options = f"mode=700,size=24m,nr_inodes={NAMES}"
    mount = ["mount", "-t", "tmpfs", "-o", options, "none", str(folder)]
    mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    if not mounted:
        pytest.skip("this machine does not let us mount a disk")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


@contextmanager
def no_names(disk: Path) -> Iterator[None]:
    """No file can be made any more."""
    made = []
    for number in count():
        try:
            (disk / f"file{number}").touch()
        except OSError:
            break
        made.append(disk / f"file{number}")
    yield
    for one in made:
        one.unlink()


@pytest.fixture
async def standing(disk: Path) -> AsyncIterator[Standing]:
    async with BotApi() as telegram:
        standing = Standing(telegram, disk)
        await standing.start()
        yield standing
        await standing.stop()


async def test_on_a_full_disk_a_cry_is_answered_and_what_was_taken_counts(
    standing: Standing, disk: Path
) -> None:
    telegram, service = standing.telegram, standing.service
    chat = telegram.chat()
    chat.start()
    await chat.reply(2)
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as browser:
        person = Person(browser, standing.url)
        assert await person.say() == 303
        for room, fault in ((False, full(disk / "data" / "quietline.db")), (True, no_names(disk))):
            with fault:
                if room:
                    await person.say()  # it counts, or the page says where help is
                else:
                    await person.says_it_until_there_is_no_room()
                cries = sum("112" in one.text for one in chat.from_bot)
                cry = chat.say(CRY)
                await telegram.bell.until(
                    lambda cries=cries: sum("112" in one.text for one in chat.from_bot) > cries,  # type: ignore[misc]
                    "an answer to the cry",
                )
                assert room or cry in telegram.updates.waiting
            await telegram.taken()
            assert await person.say() == 303
            await person.sees_that_all_counts()
    ours = telegram.token.partition(":")[0]
    kept = session_of(service, Address(CHANNEL, ours, str(chat.id).encode()))
    assert kept is not None
    taken = [one for one in telegram.webhook.deliveries if one.status == 200]
    assert len(taken) == kept.turn == len(("start", "cry", "cry"))


def test_a_start_on_a_disk_without_a_name_left_says_so_and_a_later_one_goes_on(disk: Path) -> None:
    where = disk / "data"
    where.mkdir(mode=0o700)
    Store.open(where / "quietline.db").close()
    with no_names(disk), pytest.raises(StoreError) as said:
        Store.open(where / "quietline.db")
    assert said.value.mend
    Store.open(where / "quietline.db").close()

"""A new program with new tables replaces the old one, a replica at a time, while people write; and
the old one comes back.

Half of the way both run on the same tables. Nobody loses a word, whichever program took it.
"""

import asyncio
import random
import subprocess
import tarfile
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path

import pytest

from bot.cli.database import found, taken
from tests.botapi import BotApi
from tests.trial import seed
from tests.trials.programs import ROOT
from tests.trials_kills.load import People
from tests.trials_kills.site import Site
from tests.trials_kills.test_kills import RATE, RECOVERY_SECONDS, Figures, judged

NEWEST = "bot/storage/migrations/versions/0006_codes_bound.py"

pytestmark = [
    pytest.mark.whole,
    pytest.mark.timeout(900),
]


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    async with BotApi() as telegram, Site(tmp_path, telegram, 2, empty=True) as running:
        yield running


def before(file: str, folder: Path) -> Path:
    """The checkout as it was before that file came."""
    added = ["git", "log", "--diff-filter=A", "--format=%H", "--", file]
    commit = subprocess.run(added, cwd=ROOT, capture_output=True, text=True, check=True)
    if not commit.stdout.strip():
        pytest.skip("this checkout has no history")
    archive = ["git", "archive", f"{commit.stdout.split()[-1]}^"]
    packed = subprocess.run(archive, cwd=ROOT, capture_output=True, check=True).stdout
    with tarfile.open(fileobj=BytesIO(packed)) as files:
        files.extractall(folder, filter="data")
    return folder


async def test_nobody_loses_a_word_while_replicas_are_replaced_by_newer_ones_and_back(
    site: Site, tmp_path: Path, record_property: Figures
) -> None:
    old = await asyncio.to_thread(before, NEWEST, tmp_path / "old")
    for replica in site.replicas:
        await site.start_of(old, replica)
    settings = site.settings(site.replicas[0])
    versions = await asyncio.to_thread(found, settings)
    people = People.of(site, random.Random(seed()), RATE)
    await asyncio.sleep(3.0)
    for replica in site.replicas:
        await site.stop(replica)
        await site.start(replica)
        people.check()
        await asyncio.sleep(2.0)
    newer = await asyncio.to_thread(found, settings)
    assert newer != versions
    assert people.worst <= RECOVERY_SECONDS
    record_property("worst_seconds_until_taken_on_the_way_up", round(people.worst, 1))
    # Back: tables go down only while nobody serves.
    for replica in site.replicas:
        await site.stop(replica)
    listed = tmp_path / "versions"
    listed.write_text("".join(f"{name} {version}\n" for name, version in versions.items()), "utf-8")
    await asyncio.to_thread(lambda: list(taken(settings, listed)))
    for replica in site.replicas:
        await site.start_of(old, replica)
    people.check()
    await asyncio.sleep(3.0)
    await people.end()
    await judged(site, people, record_property)

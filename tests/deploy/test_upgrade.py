"""A new program takes up what an older one left, and the older one takes it up again.

The quick form goes back in the tables alone and on with the same program. With `QUIETLINE_SUITE=1`
the program of before the last tables is taken out of the history and runs for real.
"""

import contextlib
import io
import subprocess
import tarfile
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from authored import Mistakes
from bot.channels.web_server import WebRunner
from bot.cli.database import found, taken
from bot.cli.serve import page_of
from bot.settings import Settings
from tests.trials.programs import ROOT, make_service, start_page
from tests.trials.test_faults import Person

BEFORE = {"quietline": "0003", "directory": "0003", "staff": "0001", "audit": "0001"}
FIRST_AFTER = "bot/storage/migrations/versions/0004_reports_and_slips.py"


@pytest.fixture
async def browser() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield session


@contextlib.asynccontextmanager
async def of_now(data: Path) -> AsyncIterator[int]:
    """The service of this checkout within this process, which is quicker; gives its port."""
    service = make_service(data)
    runner = WebRunner(page_of(service))
    await service.start()
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()
        await service.stop()


@contextlib.asynccontextmanager
async def of(root: Path, data: Path, log: Path) -> AsyncIterator[int]:
    """The program of that checkout; gives its port."""
    program = await start_page(data, log, root=root)
    try:
        yield program.port
    finally:
        assert await program.stop() == 0


async def talks(person: Person, program: AbstractAsyncContextManager[int]) -> None:
    """The person finds their conversation as it was, and goes on with it."""
    async with program as port:
        person.url = f"http://127.0.0.1:{port}/"
        if person.count:
            await person.sees_that_all_counts()
        for _ in range(3):
            assert await person.say() == 303
        await person.sees_that_all_counts()


def written(file: Path, versions: dict[str, str]) -> Path:
    """As `quietline database versions` prints them."""
    file.write_text("".join(f"{name} {version}\n" for name, version in versions.items()), "utf-8")
    return file


async def test_a_conversation_goes_on_after_the_tables_went_back_and_came_again(
    tmp_path: Path, browser: aiohttp.ClientSession
) -> None:
    data, person = tmp_path / "data", Person(browser, "")
    await talks(person, of_now(data))
    settings = Settings(data=data)
    newest = found(settings)
    assert newest["quietline"] > BEFORE["quietline"]
    said = list(taken(settings, written(tmp_path / "before", BEFORE)))
    assert found(settings)["quietline"] == BEFORE["quietline"]
    assert f"quietline 0003: was {newest['quietline']}" in said
    await talks(person, of_now(data))
    assert found(settings) == newest


async def test_a_list_that_was_mistyped_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "list"
    file.write_text("quietlime 0003\nquietline 9999\nstaff 0001\n", "utf-8")
    with pytest.raises(Mistakes) as told:
        list(taken(Settings(data=tmp_path / "data"), file))
    assert "Did you mean 'quietline'?" in str(told.value)
    assert "'9999' is no version of quietline" in str(told.value)
    with pytest.raises(Mistakes):
        list(taken(Settings(data=tmp_path / "data"), tmp_path / "nowhere"))


async def test_a_look_at_versions_makes_no_database(tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert set(found(Settings(data=data)).values()) == {"-"}
    list(taken(Settings(data=data), written(tmp_path / "before", BEFORE)))
    assert not data.exists()


@pytest.mark.whole
async def test_the_program_of_before_and_the_one_of_now_take_turns(
    tmp_path: Path, browser: aiohttp.ClientSession
) -> None:
    old = older_program(tmp_path / "old")
    data, log, person = tmp_path / "data", tmp_path / "log", Person(browser, "")
    await talks(person, of(old, data, log))
    settings = Settings(data=data)
    before = found(settings)
    list_before = written(tmp_path / "before", before)
    await talks(person, of(ROOT, data, log))
    assert found(settings) != before
    list(taken(settings, list_before))
    await talks(person, of(old, data, log))
    await talks(person, of(ROOT, data, log))


def older_program(folder: Path) -> Path:
    """The checkout as it was before its newest tables."""
    added = ["git", "log", "--diff-filter=A", "--format=%H", "--", FIRST_AFTER]
    commit = subprocess.run(added, cwd=ROOT, capture_output=True, text=True, check=True)
    if not commit.stdout.strip():
        pytest.skip("this checkout has no history")
    archive = ["git", "archive", f"{commit.stdout.split()[-1]}^"]
    packed = subprocess.run(archive, cwd=ROOT, capture_output=True, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(packed)) as files:
        files.extractall(folder, filter="data")
    return folder

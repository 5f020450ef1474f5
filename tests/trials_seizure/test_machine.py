"""The machine while it runs, looked at by whoever owns it: memory, environments, files."""

import asyncio
import os
import re
import shutil
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from tests.trial import size
from tests.trials_seizure.machine import AT_DESK, NUMBERS, PEOPLE, STEM, Machine, running
from tests.trials_seizure.memory import family, holds, remembered, swapped

pytestmark = [
    pytest.mark.whole,
    pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace"),
    pytest.mark.timeout(1_800),
]
in_one_loop = pytest.mark.asyncio(loop_scope="module")
QUIET = size(75, 300)
"""Seconds after the last message; what is not used is looked for each minute."""
OPENED = re.compile(r'open(?:at)?\((?:AT_FDCWD, |\d+[^,]*, )?"([^"]*)", ([A-Z_|]+)')
MADE = re.compile(r'(?:mkdir|mkdirat|creat|rename\w*|link\w*|symlink\w*)\(.*?"([^"]*)"')
WRITING = {"O_WRONLY", "O_RDWR", "O_CREAT", "O_TMPFILE", "O_APPEND", "O_TRUNC"}
Figures = Callable[[str, object], None]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def machine(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Machine]:
    async with running(tmp_path_factory.mktemp("machine")) as machine:
        yield machine


@in_one_loop
async def test_some_time_after_the_last_message_the_memory_holds_nobodys_words(
    machine: Machine, record_property: Figures
) -> None:
    await asyncio.sleep(QUIET)
    found = remembered(machine.serve, STEM, machine.said)
    numbers = remembered(machine.serve, str(NUMBERS), [str(one) for one in machine.numbers])
    record_property("texts", len(found))
    record_property("numbers_of_chats", len(numbers))
    record_property("people", 2 * PEOPLE + AT_DESK)
    sys.stdout.write(f"{len(found)} texts of {len(machine.said)}, {len(numbers)} numbers\n")
    assert found == {}
    # A number is there while its chat has something that can be deleted or a pace to be kept.
    assert len(numbers) <= PEOPLE + AT_DESK


@in_one_loop
async def test_the_key_service_alone_knows_no_words_and_no_numbers_while_people_write(
    machine: Machine,
) -> None:
    assert remembered(machine.keys.pid, STEM, machine.said) == {}
    numbers = [str(one) for one in machine.numbers]
    assert remembered(machine.keys.pid, str(NUMBERS), numbers) == {}
    for number in machine.numbers:
        assert not holds(machine.keys.pid, number.to_bytes(8, "little"))
    # It is the right place that is looked into.
    key = machine.secrets["keys"][0]
    assert isinstance(key, bytes)
    assert holds(machine.keys.pid, key)


def test_no_environment_and_no_command_line_holds_a_key_a_token_or_a_password(
    machine: Machine,
) -> None:
    looked = 0
    for process in Path("/proc").glob("[0-9]*"):
        if int(process.name) == os.getpid():
            continue  # this one made them up
        for name in ("environ", "cmdline"):
            try:
                said = (process / name).read_bytes()
            except OSError:
                continue
            looked += 1
            for kind, forms in machine.secrets.items():
                for form in forms:
                    assert (form if isinstance(form, bytes) else form.encode()) not in said, kind
    assert looked > 4


def test_nothing_is_written_but_where_it_belongs(machine: Machine) -> None:
    lines = machine.traced.read_text("utf-8", "replace").splitlines()
    paths = {made[1] for line in lines if (made := MADE.search(line)) and "= -1" not in line}
    for line in lines:
        opened = OPENED.search(line)
        if opened and "= -1" not in line and WRITING & set(opened[2].split("|")):
            paths.add(opened[1])
    ours = {str(machine.folder / "data")}
    foreign = {
        path
        for path in paths
        if not any(path.startswith(place) for place in ours) and path != "/dev/null"
    }
    # What Python compiled of the program lies beside it on a machine that may keep that.
    assert {path for path in foreign if "__pycache__" not in path} == set()
    assert len(lines) > 100
    # What is swapped out would be written as well.
    assert (
        swapped(n for one in (machine.serve, machine.keys.pid, machine.server) for n in family(one))
        == 0
    )
    written = [p for p in (machine.folder / "data").rglob("*") if p.is_file()]
    assert not [p for p in written for one in machine.said if one.encode() in p.read_bytes()]

"""The machine while it runs, looked at by whoever owns it: memory, environments, files.

A service as it is deployed, with settings in a file: `serve` and `keys serve` as processes of their
own, a PostgreSQL server, Telegram over HTTP and people at the page. `strace` writes down each file.
"""

import asyncio
import os
import random
import re
import secrets
import shutil
import sys
from asyncio.subprocess import PIPE, Process
from base64 import b64encode
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio

from bot.keys import RemoteRing
from tests.botapi import BotApi
from tests.deploy.proxy import free_ports
from tests.postgres import Server
from tests.trial import size
from tests.trials.programs import PYTHON, ROOT, environment
from tests.trials_seizure.memory import holds, remembered

pytestmark = [
    pytest.mark.whole,
    pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace"),
    pytest.mark.timeout(900),
]
in_one_loop = pytest.mark.asyncio(loop_scope="module")
QUIET = size(75, 300)
"""Seconds after the last message; what is not used is looked for each minute."""
PEOPLE = size(5, 50)
"""In Telegram, and as many at the page."""
CALLS = "openat,open,creat,mkdir,mkdirat,rename,renameat,renameat2,link,linkat,symlink,symlinkat"
OPENED = re.compile(r'open(?:at)?\((?:AT_FDCWD, |\d+[^,]*, )?"([^"]*)", ([A-Z_|]+)')
MADE = re.compile(r'(?:mkdir|mkdirat|creat|rename\w*|link\w*|symlink\w*)\(.*?"([^"]*)"')
WRITING = {"O_WRONLY", "O_RDWR", "O_CREAT", "O_TMPFILE", "O_APPEND", "O_TRUNC"}
Figures = Callable[[str, object], None]


def word() -> str:
    return STEM + letters(9)


def letters(count: int) -> str:
    return "".join(random.choices("abcdefghijklmnopqrstuvwxyz", k=count))


STEM = letters(7)
NUMBERS = random.randrange(10**6, 9 * 10**6)
"""With what every word, and the number of every chat, begins."""


@dataclass
class Machine:
    """What runs, and what was said to it."""

    folder: Path
    keys: Process
    serve: int
    """The process of `serve`, below strace."""
    traced: Path
    secrets: dict[str, list[str | bytes]]
    said: list[str] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)


def tail(log: Path) -> str:
    """What was said last."""
    return log.read_text("utf-8")[-3_000:]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def machine(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Machine]:
    folder, password = tmp_path_factory.mktemp("machine"), secrets.token_hex(12)
    log = folder / "log"
    async with BotApi() as telegram:
        with Server() as server:
            (folder / "signing").mkdir(mode=0o700)
            (folder / "data").mkdir(mode=0o700)
            sock = folder / "keys.sock"
            with log.open("ab") as said:
                keys = await asyncio.create_subprocess_exec(
                    *(*PYTHON, "bot", "keys", "serve", "--socket", str(sock)),
                    *("--signing", str(folder / "signing")),
                    cwd=ROOT, env=environment(), stdin=PIPE, stdout=PIPE, stderr=said,
                )  # fmt: skip
                assert keys.stdout
                assert await keys.stdout.readline()
                (port,) = free_ports(1)
                written(folder, server, telegram, password, port)
                traced = folder / "traced"
                strace = await asyncio.create_subprocess_exec(
                    *("strace", "-f", "--seccomp-bpf", "-qq", "-e", f"trace={CALLS}"),
                    *("-o", str(traced), *PYTHON, "bot", "serve"),
                    *("--settings", str(folder / "settings.yaml")),
                    cwd=ROOT, env=as_deployed(), stdin=PIPE, stdout=PIPE, stderr=said,
                )  # fmt: skip
            try:
                made = Machine(folder, keys, 0, traced, {})
                await ready(f"http://127.0.0.1:{port}", log)
                made.serve = child_of(strace.pid)
                ring = RemoteRing(f"unix:{sock}")
                today = ring.today()
                held = (ring.key(today), ring.pepper(today))
                ring.close()
                made.secrets = {
                    "token": [telegram.token],
                    "password": [password],
                    "keys": [form for one in held for form in (one, one.hex(), b64encode(one))],
                }
                await talk(made, telegram, f"http://127.0.0.1:{port}")
                yield made
            finally:
                for process in (child_of(strace.pid), strace.pid, keys.pid):
                    if process:
                        os.kill(process, 9)
                await asyncio.gather(strace.wait(), keys.wait())


def as_deployed() -> dict[str, str]:
    """With what our unit tells the system to write over what is freed."""
    unit = (ROOT / "deploy" / "systemd" / "quietline.service").read_text("utf-8")
    (line,) = [one for one in unit.splitlines() if one.startswith("Environment=PYTHONMALLOC")]
    return environment() | dict(
        part.split("=") for part in line.removeprefix("Environment=").split()
    )


def written(folder: Path, server: Server, telegram: BotApi, password: str, port: int) -> None:
    """The settings as a person writes them, with what is secret in files of its own."""
    dsn = server.dsn().replace("postgres@", f"postgres:{password}@")
    for name, text in (("dsn", dsn), ("token", telegram.token)):
        (folder / name).touch(0o600)
        (folder / name).write_text(f"{text}\n")
    settings = f"""\
data: {folder}/data
database_file: {folder}/dsn
key_service: unix:{folder}/keys.sock
countries: ua,intl
web_port: {port}
staff_bind: "off"
telegram_mode: polling
telegram_token_file: {folder}/token
telegram_api_base: {telegram.base}
public_url: https://guide.example
"""
    (folder / "settings.yaml").touch(0o600)
    (folder / "settings.yaml").write_text(settings)


async def ready(url: str, log: Path) -> None:
    async with aiohttp.ClientSession() as http:
        for _ in range(1_200):
            try:
                async with http.get(f"{url}/readyz") as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.1)
    raise AssertionError(tail(log))


def child_of(process: int) -> int:
    try:
        said = Path(f"/proc/{process}/task/{process}/children").read_text("ascii").split()
    except OSError:
        return 0
    return int(said[0]) if said else 0


async def talk(made: Machine, telegram: BotApi, url: str) -> None:
    """People write at the page and in Telegram."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
        for _ in range(PEOPLE):
            cookie = ""
            for mark in range(3):
                made.said.append(word())
                form = {"m": str(mark), "t": f"I am {made.said[-1]}, please"}
                sent = {"Cookie": f"s={cookie}"} if cookie else {}
                async with http.post(url, data=form, headers=sent, allow_redirects=False) as got:
                    assert got.status == 303
                    cookie = cookie or got.cookies["s"].value
    for _ in range(PEOPLE):
        chat = telegram.chat(NUMBERS * 10**6 + random.randrange(10**6))
        made.numbers.append(chat.id)
        for _ in range(2):
            made.said.append(word())
            before = chat.sends
            chat.say(made.said[-1])
            async with asyncio.timeout(30):
                while chat.sends == before:  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
    await telegram.taken()


@in_one_loop
async def test_some_time_after_the_last_message_the_memory_holds_nobodys_words(
    machine: Machine, record_property: Figures
) -> None:
    await asyncio.sleep(QUIET)
    found = remembered(machine.serve, STEM, machine.said)
    numbers = remembered(machine.serve, str(NUMBERS), [str(one) for one in machine.numbers])
    record_property("texts", len(found))
    record_property("numbers_of_chats", len(numbers))
    record_property("people", 2 * PEOPLE)
    sys.stdout.write(f"{len(found)} texts of {len(machine.said)}, {len(numbers)} numbers\n")
    assert found == {}
    # A number is there while its chat has something that can be deleted or a pace to be kept.
    assert len(numbers) <= PEOPLE


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
    written = [p for p in (machine.folder / "data").rglob("*") if p.is_file()]
    assert not [p for p in written for one in machine.said if one.encode() in p.read_bytes()]

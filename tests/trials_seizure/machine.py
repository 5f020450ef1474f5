"""A service as it is deployed, with settings in a file, and the people who write to it.

`serve` and `keys serve` as processes, a PostgreSQL server, Telegram over HTTP, people at the page,
and an operator at another replica. `strace` writes down each file. It decides nothing.
"""

import asyncio
import json
import os
import random
import secrets
from asyncio.subprocess import PIPE, Process
from base64 import b64encode
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from bot.app import Service
from bot.handoff.model import Chat
from bot.keys import RemoteRing
from bot.settings import Settings
from bot.wiring import open_signing
from tests.botapi import BotApi
from tests.botapi.people import Chat as Talk
from tests.deploy.proxy import free_ports
from tests.handing.operators import Operator
from tests.postgres import Server
from tests.trial import size
from tests.trials.programs import PYTHON, ROOT, environment

PEOPLE = size(5, 500)
"""In Telegram, and as many at the page."""
AT_DESK = size(1, 6)
"""People in Telegram who talk with an operator."""
AT_ONCE = 20
CALLS = "openat,open,creat,mkdir,mkdirat,rename,renameat,renameat2,link,linkat,symlink,symlinkat"


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
    server: int
    """The first process of PostgreSQL."""
    secrets: dict[str, list[str | bytes]]
    said: list[str] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)


def tail(log: Path) -> str:
    """What was said last."""
    return log.read_text("utf-8")[-3_000:]


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[Machine]:
    """All of it, after everybody has written."""
    password, log = secrets.token_hex(12), folder / "log"
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
                known = written(folder, server, telegram, password, port)
                traced = folder / "traced"
                strace = await asyncio.create_subprocess_exec(
                    *("strace", "-f", "--seccomp-bpf", "-qq", "-e", f"trace={CALLS}"),
                    *("-o", str(traced), *PYTHON, "bot", "serve"),
                    *("--settings", str(folder / "settings.yaml")),
                    cwd=ROOT, env=as_deployed(), stdin=PIPE, stdout=PIPE, stderr=said,
                )  # fmt: skip
            try:
                pid = Path(server._folder) / "data" / "postmaster.pid"  # noqa: SLF001
                first = int(pid.read_text("utf-8").split()[0])
                made = Machine(folder, keys, 0, traced, first, {})
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
                await talk(made, telegram, f"http://127.0.0.1:{port}", known)
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
        part.split("=", 1) for part in line.removeprefix("Environment=").split()
    )


def written(
    folder: Path, server: Server, telegram: BotApi, password: str, port: int
) -> dict[str, object]:
    """The settings as a person writes them, with what is secret in files of its own."""
    dsn = server.dsn().replace("postgres@", f"postgres:{password}@")
    for name, text in (("dsn", dsn), ("token", telegram.token)):
        (folder / name).touch(0o600)
        (folder / name).write_text(f"{text}\n")
    known: dict[str, object] = {
        "data": f"{folder}/data",
        "database_file": f"{folder}/dsn",
        "key_service": f"unix:{folder}/keys.sock",
        "countries": "ua,intl",
        "web_port": port,
        "web_behind_proxy": True,
        "staff_bind": "off",
        "telegram_mode": "polling",
        "telegram_token_file": f"{folder}/token",
        "telegram_api_base": telegram.base,
        "public_url": "https://guide.example",
    }
    (folder / "settings.yaml").touch(0o600)
    lines = [f"{name}: {json.dumps(value)}\n" for name, value in known.items()]
    (folder / "settings.yaml").write_text("".join(lines))
    return known


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


async def talk(made: Machine, telegram: BotApi, url: str, known: dict[str, object]) -> None:
    """People write at the page and in Telegram, and some of them with an operator."""
    limit = asyncio.Semaphore(AT_ONCE)

    async def limited(number: int, http: aiohttp.ClientSession) -> None:
        async with limit:
            if number < PEOPLE:
                await at_page(made, url, http, number)
            else:
                await in_messenger(made, chat_of(made, telegram))

    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
        await asyncio.gather(*(limited(number, http) for number in range(2 * PEOPLE)))
    # The operator's replica is another process, so that it is the first one's memory that counts.
    (made.folder / "replica").mkdir(mode=0o700)
    settings = Settings.model_validate(known | {"data": made.folder / "replica"})
    replica = Service(settings, demo=False, signing=open_signing(settings))
    await replica.start()
    operator = Operator(replica, "s1")
    for _ in range(AT_DESK):
        await at_desk(made, chat_of(made, telegram), operator)
    await replica.stop()
    await telegram.taken()


async def at_page(made: Machine, url: str, http: aiohttp.ClientSession, number: int) -> None:
    """A conversation by forms."""
    cookie, place = "", {"X-Forwarded-For": f"2001:db8:{number:x}::1"}
    for mark in range(3):
        made.said.append(word())
        form = {"m": str(mark), "t": f"I am {made.said[-1]}, please"}
        sent = place | ({"Cookie": f"s={cookie}"} if cookie else {})
        async with http.post(url, data=form, headers=sent, allow_redirects=False) as got:
            assert got.status == 303
            cookie = cookie or got.cookies["s"].value


def chat_of(made: Machine, telegram: BotApi) -> Talk:
    """Somebody new in Telegram."""
    chat = telegram.chat(NUMBERS * 10**6 + random.randrange(10**6), "uk")
    made.numbers.append(chat.id)
    return chat


async def says(chat: Talk, text: str) -> None:
    """Something is said and answered."""
    before = chat.sends
    chat.say(text)
    await until(lambda: chat.sends > before)


async def in_messenger(made: Machine, chat: Talk) -> None:
    """A conversation in Telegram."""
    for _ in range(2):
        made.said.append(word())
        await says(chat, made.said[-1])


async def at_desk(made: Machine, chat: Talk, operator: Operator) -> None:
    """A chat in Telegram that an operator takes, answers and ends."""
    for text in ("/start", "людина", "так"):
        await says(chat, text)
    desk, person = operator.human.desk, str(chat.id).encode()
    made.said += [word(), word()]
    chat.say(made.said[-2])
    board = operator.human.board

    def waits() -> list[Chat]:
        board.look()
        every = board.picture.chats.values()
        return [one for one in every if one.address.person == person and one.number_in]

    await until(waits)
    claimed = desk.claim(operator.staff, waits()[0].id)
    assert operator.read(claimed) == [made.said[-2]]
    operator.say(claimed, made.said[-1])
    await until(lambda: made.said[-1] in chat.last.text)
    desk.close(operator.staff, claimed.id)


async def until(holds: Callable[[], object], seconds: float = 60) -> None:
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110 - whatever it is, it is no event
            await asyncio.sleep(0.05)

"""`./quietline telegram …` and `serve`, as they are typed, against a Bot API server of our own."""

import asyncio
import signal
import sys
from pathlib import Path

import pytest

from tests.botapi import BotApi, Fault
from tests.trials.programs import ROOT, environment
from tests.typed import typed


@pytest.fixture
def mode() -> str:
    return "polling"


async def quietline(
    telegram: BotApi, folder: Path, *arguments: str, **settings: str
) -> tuple[int, str]:
    """The end of a command, and all that it said."""
    done = await asyncio.to_thread(typed, *arguments, **ours(telegram, folder, settings))
    return done.returncode, done.stdout + done.stderr


def ours(telegram: BotApi, folder: Path, settings: dict[str, str]) -> dict[str, str]:
    """The environment of a service that talks to that Telegram."""
    token = folder / "token"
    token.write_text(telegram.token + "\n", encoding="utf-8")
    token.chmod(0o600)
    all_of_it = {
        "DATA": str(folder / "data"),
        "KEY_RING": str(folder / "keys"),
        "TELEGRAM_TOKEN_FILE": str(token),
        "TELEGRAM_API_BASE": telegram.base,
        "WEB_PORT": "0",
        "STAFF_BIND": "127.0.0.1:0",
        **settings,
    }
    return {f"QUIETLINE_{name}": value for name, value in all_of_it.items()}


async def start(
    telegram: BotApi, folder: Path, *arguments: str, **settings: str
) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *arguments),
        cwd=ROOT,
        env=environment() | ours(telegram, folder, settings),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )


async def test_a_webhook_is_set_looked_at_and_taken_back_and_nothing_secret_is_said(
    telegram: BotApi, tmp_path: Path
) -> None:
    telegram.chat().say("waits")
    end, said = await quietline(
        telegram, tmp_path, "telegram", "set-webhook", "http://127.0.0.1:9/"
    )
    assert (end, telegram.webhook.is_set) == (0, True), said
    assert telegram.webhook.target is not None
    path = telegram.webhook.target.url.removeprefix("http://127.0.0.1:9")
    assert len(path) == 33
    end, told = await quietline(telegram, tmp_path, "telegram", "info")
    assert end == 0, told
    assert "http://127.0.0.1:9/…" in told
    assert "Waiting:   1" in told
    end, last = await quietline(telegram, tmp_path, "telegram", "delete-webhook")
    assert (end, telegram.webhook.is_set) == (0, False), last
    assert len(telegram.updates.waiting) == 1
    for secret in (path[1:], telegram.token.partition(":")[2]):
        assert secret not in said + told + last


@pytest.mark.parametrize(
    ("wrong", "settings", "expected"),
    [
        ("refused", {}, "Telegram refuses the token"),
        ("away", {"TELEGRAM_API_BASE": "http://127.0.0.1:9"}, "Telegram said"),
        ("hours", {"TELEGRAM_CLEAR_HOURS": "46", "KEEP_HOURS": "24"}, "Raise keep_hours"),
        ("two", {"TELEGRAM_TOKEN": "1:a"}, "two tokens"),
        ("off", {"TELEGRAM_MODE": "off"}, "no token is set"),
        ("file", {"TELEGRAM_TOKEN_FILE": "nowhere"}, "nowhere"),
    ],
)
async def test_what_is_wrong_is_said_with_its_mend(
    telegram: BotApi, tmp_path: Path, wrong: str, settings: dict[str, str], expected: str
) -> None:
    if wrong == "refused":
        telegram.fail("getMe", Fault.refuse(401, "Unauthorized"))
    end, said = await quietline(telegram, tmp_path, "telegram", "info", **settings)
    assert end == 2
    assert expected in said
    assert "Traceback" not in said
    assert telegram.token.partition(":")[2] not in said


async def test_a_token_that_others_can_read_is_refused(telegram: BotApi, tmp_path: Path) -> None:
    open_to_all = tmp_path / "open"
    open_to_all.write_text(telegram.token, encoding="utf-8")
    open_to_all.chmod(0o644)
    settings = {"TELEGRAM_TOKEN_FILE": str(open_to_all)}
    end, said = await quietline(telegram, tmp_path, "telegram", "info", **settings)
    assert end == 2
    assert "chmod 600" in said


@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_serve_talks_to_people_and_ends_when_told(
    telegram: BotApi, tmp_path: Path, mode: str
) -> None:
    port = {"TELEGRAM_MODE": mode} | ({"TELEGRAM_WEBHOOK_PORT": "0"} if mode == "webhook" else {})
    process = await start(telegram, tmp_path, "serve", **port)
    assert process.stdout is not None
    line = b""
    while (b"webhook_listening" if mode == "webhook" else b"telegram_ready") not in line:
        line = await process.stdout.readline()
        assert line
    if mode == "webhook":
        listens = int(line.partition(b'"port": ')[2].partition(b",")[0].strip(b"} \n"))
        url = f"http://127.0.0.1:{listens}"
        assert (await quietline(telegram, tmp_path, "telegram", "set-webhook", url, **port))[0] == 0
    chat = telegram.chat(language="uk")
    chat.start()
    await chat.reply(2)
    chat.say("стоп")
    await chat.sees("оберіть «Видалити чат»")
    process.send_signal(signal.SIGTERM)
    said = (await process.stdout.read()).decode()
    assert await process.wait() == 0, said
    assert "Traceback" not in said
    assert telegram.token.partition(":")[2] not in said
    assert str(chat.id) not in said

"""What reaches a log: names of events and places in the code; nothing that a library was given."""

import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from bot import report

ROOT = Path(__file__).resolve().parents[2]
CANARY = "qzvarelkiwop"
NUMBER = 7_340_512_998
LIBRARIES = ("aiohttp.access", "alembic.runtime", "httpx", "psycopg.pool", "sqlalchemy.engine")

SPEAKS = f"""
import asyncio, logging, sys, threading, warnings
from bot import report
report.set_up(level=logging.DEBUG, whole=True)
for name in [*report.QUIETED, "psycopg.pool", "sqlalchemy.engine.Engine", "telegram.ext",
             "aiohttp.server", "quietline.web", "somebody.else", None]:
    logger = logging.getLogger(name)
    logger.setLevel(logging.DEBUG)
    for say in (logger.debug, logger.info, logger.warning, logger.error, logger.critical):
        say("said {CANARY} to %s", {NUMBER})
    try:
        raise ValueError("{CANARY}")
    except ValueError:
        logger.exception("it broke for %s", "{CANARY}")
logging.getLogger("telegram").error("%d is no number", "{CANARY}")
warnings.warn("about {CANARY}")
report.note("began", text="{CANARY}", count=3)
report.alarm("broke", ValueError("{CANARY}"), person="{CANARY}")
class Unraisable:
    def __del__(self):
        raise ValueError("{CANARY}")
gone = Unraisable()
del gone
def crash():
    raise LookupError("{CANARY} {NUMBER}")
thread = threading.Thread(target=crash, name="{CANARY}"); thread.start(); thread.join()
async def lost():
    async def broken():
        raise OSError("{CANARY}")
    task = asyncio.create_task(broken(), name="{CANARY}")
    await asyncio.sleep(0)
    del task
    asyncio.get_running_loop().call_soon(crash)
    await asyncio.sleep(0.01)
asyncio.run(lost())
raise RuntimeError("{CANARY}")
"""


@pytest.fixture(scope="module")
def spoken() -> list[dict[str, object]]:
    """What a service writes in which everything speaks at DEBUG and everything breaks."""
    done = subprocess.run(
        [sys.executable, "-P", "-c", SPEAKS],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(ROOT)},
    )
    assert done.stdout == ""
    assert done.returncode == 1
    return [json.loads(line) for line in done.stderr.splitlines()]


def test_no_word_and_no_number_is_in_any_line_at_whatever_level(
    spoken: list[dict[str, object]],
) -> None:
    written = json.dumps(spoken)
    assert CANARY not in written
    assert str(NUMBER) not in written


def test_every_line_holds_only_what_the_list_allows(spoken: list[dict[str, object]]) -> None:
    assert {name for line in spoken for name in line} <= report.ALLOWED | {"dropped"}


def test_what_a_library_complains_of_is_told_by_its_name_and_the_class_of_the_error(
    spoken: list[dict[str, object]],
) -> None:
    said = [line for line in spoken if line["event"] == "library_said"]
    assert {"psycopg", "sqlalchemy", "telegram", "aiohttp", "asyncio", "py", "other"} <= {
        str(line["part"]) for line in said
    }
    assert {"ValueError", "OSError"} <= {str(line.get("error")) for line in said}


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    """Other tests of this process log as if nothing had been set up here."""
    root = logging.getLogger()
    handlers = root.handlers
    kept = {name: _state(logging.getLogger(name)) for name in report.QUIETED}
    yield
    root.handlers = handlers
    for name, (level, own, propagate) in kept.items():
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = own, propagate
        logger.setLevel(level)
    structlog.reset_defaults()


def _state(logger: logging.Logger) -> tuple[int, list[logging.Handler], bool]:
    return logger.level, logger.handlers, logger.propagate


def test_a_crash_is_told_with_its_class_and_places(spoken: list[dict[str, object]]) -> None:
    crashes = [line for line in spoken if line["event"] == "crashed"]
    assert [line["error"] for line in crashes] == ["ValueError", "LookupError", "RuntimeError"]
    assert all(":" in str(line["where"]) for line in crashes)


def test_a_channel_is_heard_in_its_known_forms_and_in_no_other(
    capsys: pytest.CaptureFixture[str],
) -> None:
    report.set_up()
    log = logging.getLogger("quietline.telegram")
    log.error("%s %s at %s:%d", "not_sent", "TimedOut", "telegram_sending", 12)
    log.error("%s for %s", "not_sent", CANARY)
    first, second = map(json.loads, capsys.readouterr().err.splitlines())
    assert first["event"] == "telegram_fault"
    assert (first["part"], first["error"]) == ("not_sent", "TimedOut")
    assert first["where"] == "telegram_sending:12"
    assert second.keys() == {"event", "level", "timestamp"}


def test_whoever_counts_alarms_hears_of_them_by_name_until_they_stop(
    capsys: pytest.CaptureFixture[str],
) -> None:
    report.set_up()
    heard: list[str] = []
    stop = report.on_alarm(heard.append)
    report.alarm("store_failed", ValueError(CANARY))
    logging.getLogger("telegram.ext").error("to %s", CANARY)
    stop()
    report.alarm("another")
    assert heard == ["store_failed", "library_said"]
    assert CANARY not in capsys.readouterr().err


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_library_that_is_told_to_speak_stays_reduced(
    library: str, capsys: pytest.CaptureFixture[str]
) -> None:
    report.set_up(level=logging.DEBUG)
    logger = logging.getLogger(library)
    before = logger.level
    logger.setLevel(logging.DEBUG)
    logger.debug("SELECT %s", CANARY)
    logger.warning("GET /bot%s:%s/", NUMBER, CANARY)
    logger.setLevel(before)
    (line,) = capsys.readouterr().err.splitlines()
    assert json.loads(line)["event"] == "library_said"
    assert CANARY not in line

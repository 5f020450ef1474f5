"""The service with a clock that can be set, its page, and everything that it says in a log."""

import logging
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import structlog
from aiohttp import web

from bot import report
from bot.app import Service
from bot.channels.web import make_web
from bot.channels.web_page import Language, WebSettings
from bot.channels.web_server import WebRunner
from tests.trials.programs import make_service


class Clock:
    """The time, and whatever is put on top of it."""

    def __init__(self) -> None:
        self.later = 0.0
        """Seconds."""

    def __call__(self) -> float:
        return time.time() + self.later


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """All that any logger of this process says, at DEBUG, also those that we keep quiet."""
    path = tmp_path / "log"
    with path.open("w", encoding="utf-8", errors="surrogatepass", buffering=1) as file:
        monkeypatch.setattr(sys, "stderr", file)
        report.set_up(level=logging.DEBUG)
        names = [None, *report.QUIETED, *logging.root.manager.loggerDict]
        loggers = [logging.getLogger(name) for name in names]
        before = [(one, one.level, one.handlers, one.propagate) for one in loggers]
        for one in loggers:
            one.setLevel(logging.DEBUG)
            one.handlers, one.propagate = [logging.StreamHandler(file)], False
        yield path
        for one, level, handlers, propagate in before:
            one.setLevel(level)
            one.handlers, one.propagate = handlers, propagate
        structlog.reset_defaults()


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where every temporary file of this process goes."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setenv("SQLITE_TMPDIR", str(folder))
    return folder


@pytest.fixture
async def service(
    tmp_path: Path, log: Path, temporary: Path, clock: Clock
) -> AsyncIterator[Service]:
    service = make_service(tmp_path / "data", clock)
    await service.start()
    yield service
    await service.stop()


@pytest.fixture
async def url(service: Service) -> AsyncIterator[str]:
    """Where the page of that service is."""
    languages = tuple(Language(one.code, one.endonym, one.dir) for one in service.speech.languages)
    app = make_web(service, service.speech.words, languages, WebSettings(behind_proxy=True))
    runner = WebRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    await runner.cleanup()

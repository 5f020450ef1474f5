"""What this program says about itself: the only way anything reaches a log.

A line is an event with a fixed name and facts from the list below, all about the program and
never about a person: no text, name, id, phone, address or region. A fact that is not on the list
is dropped and counted. Of an exception only its class and where it was raised leave, never what
it says: messages carry values.
"""

import logging
import sys
from collections.abc import MutableMapping
from pathlib import Path
from traceback import extract_tb
from typing import Any

import structlog

ALLOWED = frozenset(
    {"event", "level", "timestamp", "count", "ms", "error", "where", "part", "port", "version"}
)
QUIETED = (
    "aiohttp",
    "alembic",
    "asyncio",
    "sqlalchemy",
    "transitions",
    "telegram",
    "httpx",
    "httpcore",
)

_log: Any = structlog.get_logger("quietline")


def _allow(_logger: Any, _method: str, facts: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    kept = {name: _plain(value) for name, value in facts.items() if name in ALLOWED}
    dropped = len(facts) - len(kept)
    return kept | ({"dropped": dropped} if dropped else {})


def _plain(value: Any) -> str | int | float:
    """Numbers as they are, short words of the program; nothing long enough to be a person's."""
    if isinstance(value, int | float):
        return value
    return str(value)[:80]


def set_up(*, level: int = logging.INFO) -> None:
    """Log JSON lines to standard error, and keep libraries from logging what they were given."""
    for name in QUIETED:
        logging.getLogger(name).setLevel(logging.WARNING)
        logging.getLogger(name).handlers = [logging.NullHandler()]
        logging.getLogger(name).propagate = False
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _allow,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def note(event: str, **facts: str | float) -> None:
    """Something worth knowing happened."""
    _log.info(event, **facts)


def alarm(event: str, error: BaseException | None = None, **facts: str | float) -> None:
    """Something is wrong that a person who runs the service should look at."""
    _log.error(event, **facts, **(_of(error) if error else {}))


def _of(error: BaseException) -> dict[str, str]:
    """The class of an error and where it was raised: `module:line`."""
    frames = extract_tb(error.__traceback__)
    where = f"{Path(frames[-1].filename).stem}:{frames[-1].lineno}" if frames else ""
    return {"error": type(error).__name__, "where": where}

"""What this program says about itself: the only way anything reaches a log.

A line is an event with a fixed name and facts from the list below, all about the program and
never about a person: no text, name, id, phone, address or region. A fact that is not on the list
is dropped and counted. Of an exception only its class and where it was raised leave, never what
it says: messages carry values. Of what a library says only its name, the place and the class of
the error leave, at whatever level it was told to speak.
"""

import logging
import re
import sys
import threading
from collections.abc import Callable, MutableMapping
from pathlib import Path
from traceback import extract_tb
from types import TracebackType
from typing import Any, Final

import structlog

ALLOWED = frozenset(
    {"event", "level", "timestamp", "count", "ms", "error", "where", "part", "port", "version"}
)
QUIETED = (
    "aiohttp",
    "alembic",
    "anyio",
    "asyncio",
    "concurrent",
    "httpcore",
    "httpx",
    "multipart",
    "prometheus_client",
    "psycopg",
    "py",
    "sqlalchemy",
    "telegram",
    "transitions",
    "urllib3",
)
"""Libraries that would log what they were given: values, addresses, a bot's token. `py` is for
warnings.
"""
CHANNELS: Final = {
    "%s %s at %s:%d": ("event", "error", "where", "line"),
    "%s at %s:%d": ("error", "where", "line"),
    "%s": ("error",),
}
"""How our channels, which may not know this module, say what broke: form → what its parts are."""
_EVENT = re.compile(r"[a-z][a-z0-9_]{0,39}\Z")
_DEEPEST = 5
"""Places of a crash that are named, the innermost first."""

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


def set_up(*, level: int = logging.INFO, whole: bool = False) -> None:
    """Log JSON lines to standard error, and keep libraries from logging what they were given.

    `whole`: this process is the service. Then what nobody catches, warnings and the logging of
    faults in logging are reduced to the same lines too.
    """
    reduced, stream = _Reduced(), sys.stderr
    for name in QUIETED:
        logger = logging.getLogger(name)
        logger.setLevel(logging.WARNING)
        logger.handlers, logger.propagate = [reduced], False
    root = logging.getLogger()
    root.handlers = [one for one in root.handlers if not isinstance(one, _Reduced)] + [reduced]
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _allow,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        # A stream that was closed meanwhile must not make a fault of everything that is said.
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr if stream.closed else stream),
        cache_logger_on_first_use=False,
    )
    if whole:
        logging.raiseExceptions = False  # it would print what could not be written
        logging.captureWarnings(capture=True)
        sys.excepthook = _crashed
        sys.unraisablehook = lambda told: _crashed(
            told.exc_type, told.exc_value, told.exc_traceback
        )
        threading.excepthook = lambda told: _crashed(
            told.exc_type, told.exc_value, told.exc_traceback
        )


def note(event: str, **facts: str | float) -> None:
    """Something worth knowing happened."""
    _log.info(event, **facts)


def alarm(event: str, error: BaseException | None = None, **facts: str | float) -> None:
    """Something is wrong that a person who runs the service should look at."""
    _log.error(event, **facts, **(_of(error) if error else {}))
    _tell(event)


def on_alarm(hear: Callable[[str], None]) -> Callable[[], None]:
    """From now on tell the name of every alarm; call what is given back to end it. `hear` may be
    called from any thread, and must not raise.
    """
    _listeners.append(hear)
    return lambda: _listeners.remove(hear) if hear in _listeners else None


_listeners: list[Callable[[str], None]] = []


def _tell(event: str) -> None:
    for hear in tuple(_listeners):
        hear(event)


class _Reduced(logging.Handler):
    """Says that something was said, by whom and where in the code, and never what."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)

    def emit(self, record: logging.LogRecord) -> None:
        room, _, part = record.name.partition(".")
        if room == "quietline":
            told = _of_channel(part, record)
        else:
            told = {
                "event": "library_said",
                "part": room if room in QUIETED else "other",
                "where": f"{record.module}:{record.lineno}",
            }
            if record.exc_info and record.exc_info[0]:
                told["error"] = record.exc_info[0].__name__
        _log.error(told.pop("event"), **told)
        _tell("library_said" if room != "quietline" else f"{_word(part)}_fault")


def _of_channel(part: str, record: logging.LogRecord) -> dict[str, str]:
    """What a channel said in one of its known forms; of any other form only that it spoke."""
    names = CHANNELS.get(str(record.msg), ())
    said = record.args if isinstance(record.args, tuple) else ()
    known = {name: str(value) for name, value in zip(names, said, strict=False)}
    told = {"event": f"{_word(part)}_fault", "part": _word(known.get("event", ""))}
    if "error" in known:
        told["error"] = known["error"]
    if "where" in known:
        told["where"] = f"{known['where']}:{known.get('line', '')}"
    return {name: value for name, value in told.items() if value}


def _word(text: str) -> str:
    return text if _EVENT.match(text) else ""


def _crashed(
    kind: type[BaseException], _: BaseException | None, trace: TracebackType | None
) -> None:
    """Nobody caught it: its class and the last places, without what it says."""
    if issubclass(kind, KeyboardInterrupt):
        return
    frames = extract_tb(trace)[-_DEEPEST:]
    where = " < ".join(f"{Path(one.filename).stem}:{one.lineno}" for one in reversed(frames))
    _log.critical("crashed", error=kind.__name__, where=where)
    _tell("crashed")


def _of(error: BaseException) -> dict[str, str]:
    """The class of an error and where it was raised: `module:line`."""
    frames = extract_tb(error.__traceback__)
    where = f"{Path(frames[-1].filename).stem}:{frames[-1].lineno}" if frames else ""
    return {"error": type(error).__name__, "where": where}

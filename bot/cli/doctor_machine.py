"""What the doctor asks of the machine: files, clock, disk, memory, and the log of the program.

It changes nothing.
"""

import contextlib
import io
import logging
import os
import resource
import secrets
import shlex
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bot import report
from bot.cli.backup_shelf import backup_folder
from bot.cli.doctor_model import Finding, Look, fail, ok, warn
from bot.clocks import asked
from bot.keys import wire
from bot.keys.line import lines_of
from bot.keys.wrapping import Asking
from bot.settings import PREFIX, Settings
from bot.vault import KeyRingError
from bot.vault.keyring import DAY
from bot.wiring import database_of

LEAST_MEGABYTES: Final = 500
LEAST_INODES: Final = 10_000
MOST_SECONDS_APART: Final = 60
SWITCHES: Final = ("PYTHONASYNCIODEBUG", "PYTHONFAULTHANDLER", "PYTHONDEVMODE")
"""Make Python write down more than our log would."""
SYNCHRONIZED: Final = Path("/run/systemd/timesync/synchronized")


def settings(known: Settings) -> Finding:
    """That they can be read is known by now; what else is unwise in them."""
    if f"{PREFIX}TELEGRAM_TOKEN" in os.environ:
        mend = "Put it into a file of mode 0600: QUIETLINE_TELEGRAM_TOKEN_FILE=FILE"
        return warn("the token stands in the environment, which other programs can read", mend)
    if on := [name for name in SWITCHES if os.environ.get(name)]:
        return warn(f"{on[0]} writes down more than our log would", f"unset {' '.join(on)}")
    return ok(f"data in {known.data}")


def files(known: Settings) -> Finding:
    """Data, token and address of the database are their owner's alone."""
    for path in _private(known):
        found = path.lstat()
        if found.st_uid != os.geteuid():
            mend = f"chown -R $(id -u) {shlex.quote(str(path))}, or run this as its owner"
            return fail(f"{path} belongs to another user", mend)
        if found.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            mode = "700" if path.is_dir() else "600"
            return fail(f"{path} is open to others", f"chmod {mode} {shlex.quote(str(path))}")
    return ok("data and secrets are their owner's alone")


def _private(known: Settings) -> Iterator[Path]:
    named = (known.data, known.telegram_token_file, known.database_file, backup_folder(known))
    yield from (path for path in named if path is not None and path.exists())
    if known.data.is_dir():
        yield from sorted(known.data.glob("*.db*"))


def clock(known: Settings) -> Finding:
    """Against the server's and the key services', where there are any, and what keeps it right."""
    database = database_of(known, "quietline")
    if database.backend == "postgresql":
        engine = database.engine()
        try:
            apart = abs(asked(database, engine) - time.time())
        finally:
            engine.dispose()
        if apart > MOST_SECONDS_APART:
            said = f"this clock and the database's are {apart:.0f} seconds apart"
            return fail(said, "timedatectl set-ntp true       (on both machines)")
    for line in lines_of(known.key_service, known.key_service_identity):
        try:
            days = line.ask("/ring", wire.Ask(Asking().public), wire.Days)
        except KeyRingError:
            continue  # that it does not answer is another check's to say
        finally:
            line.close()
        if days.today not in days.left:
            continue
        theirs = days.today * DAY + known.keep_hours * 3_600 - days.left[days.today]
        if abs(apart := theirs - time.time()) > MOST_SECONDS_APART:
            said = f"this clock and the key service's are {abs(apart):.0f} seconds apart"
            mend = (
                "timedatectl set-ntp true       (on both machines; keep_hours is the same on both)"
            )
            return fail(said, mend)
    if Path("/run/systemd/system").is_dir() and not SYNCHRONIZED.exists():
        return warn("nobody says that it is kept right", "timedatectl set-ntp true")
    return ok("right, as far as can be seen")


def disk(known: Settings) -> Finding:
    """Room for data and backups."""
    least = None
    for path in (known.data, backup_folder(known)):
        there = path.absolute()
        while not there.exists():
            there = there.parent
        free = os.statvfs(there)
        room = free.f_bavail * free.f_frsize // 1_000_000
        mend = f"df -h {shlex.quote(str(there))}"
        if room < LEAST_MEGABYTES:
            return (fail if room < LEAST_MEGABYTES // 10 else warn)(f"{room} MB free", mend)
        if free.f_files and free.f_favail < LEAST_INODES:
            return warn(f"{free.f_favail} inodes free", mend.replace("-h", "-i"))
        least = room if least is None else min(least, room)
    return ok(f"{least} MB free")


def memory(_: Settings) -> Finding:
    """What could write memory to a disk."""
    swaps = _read("/proc/swaps").splitlines()[1:]
    if any("zram" not in line for line in swaps):
        return warn("there is swap: keys in memory can reach a disk", "swapoff -a")
    pattern = _read("/proc/sys/kernel/core_pattern").strip()
    cores = resource.getrlimit(resource.RLIMIT_CORE)[0] != 0
    if cores and pattern and pattern not in {"|/bin/false", "|/usr/bin/false"}:
        mend = "sysctl -w 'kernel.core_pattern=|/bin/false'"
        return warn("a crash would write memory to a disk", mend)
    return ok("no swap, no core files")


def logs(_: Settings) -> Finding:
    """Put made-up secrets into every way to a log, and read what comes out."""
    canary, number = secrets.token_hex(8), str(secrets.randbelow(10**10) + 10**10)
    heard = io.StringIO()
    loggers = [logging.getLogger(name) for name in (*report.QUIETED, "quietline.doctor")]
    levels = [one.level for one in loggers]
    with contextlib.redirect_stderr(heard):
        report.set_up()
        for one in loggers:
            one.setLevel(logging.DEBUG)
            one.debug("%s %s", canary, number)
            one.error("about %s", canary, exc_info=ValueError(number))
        report.note("log_tried", text=canary, part="doctor")
        report.alarm("log_tried", ValueError(canary), person=number)
    for one, level in zip(loggers, levels, strict=True):
        one.setLevel(level)
    report.set_up()
    said = heard.getvalue()
    if canary in said or number in said:
        return fail("what was put in came out again", "Stop the service, and tell its makers.")
    if said.count("\n") < len(report.QUIETED):
        return fail("the log says nothing when something is wrong", "Tell its makers.")
    return ok(f"{said.count(chr(10))} lines, nothing of what was put in")


def _read(path: str) -> str:
    try:
        return Path(path).read_text("ascii", "replace")
    except OSError:
        return ""


LOOKS: Final[dict[str, Look]] = {
    "settings": settings,
    "files": files,
    "clock": clock,
    "disk": disk,
    "memory": memory,
    "logs": logs,
}

"""Starts replicas as processes of their own that have read the languages already.

    python -m tests.trials_kills.nursery FOLDER

stdin    one JSON object a line: `{"log": path, "environment": {…}}`
stdout   the number of each process, in that order

Reading all languages takes seconds of a processor, and a trial starts hundreds of replicas. What
runs in each process is `quietline serve` from its beginning: settings, stores, keys, ports.
"""

import ctypes
import json
import os
import signal
import sys
import traceback
from pathlib import Path

from bot.atlas import read_atlas
from bot.cli.main import main as quietline
from bot.cli.office import open_kept
from bot.cli.serve import page_of, service_of
from bot.settings import Settings

_DIE_WITH_PARENT = 1
COUNTRIES = "ua,intl"


def read_all(folder: Path) -> None:
    """What a start reads from files of the program stays in memory."""
    import bot.cli.telegram_link  # noqa: F401, PLC0415

    folder.mkdir(mode=0o700)
    known = {"data": folder, "key_ring": folder.with_name("nursery-keys"), "countries": COUNTRIES}
    settings = Settings.model_validate(
        known | {"signing_keys": folder.with_name("nursery-signing")}
    )
    kept = open_kept(settings, read_atlas(settings.countries).served)
    try:
        service = service_of(settings, kept)
        page_of(service)
        service.store.close()
        service.ring.close()
    finally:
        kept.close()


def be_a_replica(log: str, environment: dict[str, str]) -> None:
    """The whole life of one."""
    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    said = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    os.dup2(said, 2)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.environ.update(environment)
    sys.argv = ["quietline", "serve"]
    quietline()


def main(folder: str) -> None:
    """Until stdin ends."""
    read_all(Path(folder))
    # Nobody waits for those who were killed.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    _say("ready")
    for line in sys.stdin:
        asked = json.loads(line)
        process = os.fork()
        if process:
            _say(str(process))
            continue
        code = 1
        try:
            be_a_replica(asked["log"], asked["environment"])
            code = 0
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 0
        except BaseException:  # noqa: BLE001 - nothing of the parent's may run on in here
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(code)


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])

"""`quietline doctor`: looks at each part as `serve` would, and says how to mend what is wrong."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from bot.app import LIBRARY, LOCALES, check_key_ring, check_language, vocabulary_of
from bot.atlas import read_atlas
from bot.cli.faults import explained
from bot.cli.published import published_here
from bot.settings import Settings, read_settings
from bot.speech import read_speech
from bot.storage import Store
from bot.vault import KeyRing
from flows.reader import read_script

OK, WARN, FAIL = "ok", "warn", "fail"
Finding = tuple[str, str]
"""`ok`, `warn` or `fail`, and a sentence."""


def run_doctor(file: Path | None) -> int:
    """Print a line for each part. Returns 1 when one of them would stop the service."""
    worst = OK
    for name, (verdict, said) in _look(file):
        print(f"{verdict:<4}  {name:<10}  {said}")
        worst = FAIL if FAIL in (worst, verdict) else worst
    return 1 if worst == FAIL else 0


def _look(file: Path | None) -> Iterator[tuple[str, Finding]]:
    try:
        settings = read_settings(file)
    except ValueError as error:
        yield "settings", (FAIL, explained(error) or str(error))
        return
    yield "settings", (OK, f"data in {settings.data}")
    for name, part in PARTS.items():
        try:
            yield name, part(settings)
        except Exception as error:
            said = explained(error)
            if said is None:
                raise
            yield name, (FAIL, said)


def _words(settings: Settings) -> Finding:
    atlas, speech = read_atlas(settings.countries), read_speech(LOCALES)
    check_language(settings.language, speech)
    script = read_script(LIBRARY, vocabulary_of(atlas, speech))
    spoken = ", ".join(one.code for one in speech.languages)
    return OK, f"{len(script.flows)} flows, {len(script.steps)} steps, in {spoken}"


def _listings(settings: Settings) -> Finding:
    directory = read_atlas(settings.countries).served
    live = published_here(settings, directory)
    shown, known = len(live), len(directory.serving(None))
    if not shown:
        mend = "See what is to be called: ./quietline directory waiting"
        return FAIL, f"none is published: people are shown no service. {mend}"
    if live.unread:
        return WARN, f"{shown} published, {len(live.unread)} of them cannot be read by this version"
    return OK, f"{shown} published; the packs know {known}"


def _keys(settings: Settings) -> Finding:
    ring = KeyRing.open(check_key_ring(settings), keep_hours=settings.keep_hours)
    return OK, f"{len(ring.live())} live, kept at most {settings.keep_hours} hours"


def _store(settings: Settings) -> Finding:
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    store = Store.open(settings.data / "quietline.db")
    try:
        stats = store.stats()
    finally:
        store.close()
    free = os.statvfs(settings.data)
    room = free.f_bavail * free.f_frsize // 1_000_000
    said = f"{stats.sessions} sessions, {stats.file_bytes} bytes, {room} MB free"
    return (WARN if room < LEAST_ROOM else OK), said


LEAST_ROOM = 500
"""Megabytes on the disk below which a warning is due."""
PARTS: dict[str, Callable[[Settings], Finding]] = {
    "words": _words,
    "listings": _listings,
    "keys": _keys,
    "store": _store,
}

"""`quietline doctor`: looks at each part as `serve` would, and says how to mend what is wrong."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from bot.app import LIBRARY, LOCALES, check_language, vocabulary_of
from bot.atlas import read_atlas
from bot.cli.faults import explained
from bot.cli.office import BOOK
from bot.cli.published import published_here
from bot.settings import Settings, read_settings
from bot.speech import read_speech
from bot.staff import StaffBook, may
from bot.storage import Store
from bot.wiring import open_ring, open_signing
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
    ring = open_ring(settings)
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


def _staff(settings: Settings) -> Finding:
    """Whether there are two people for what needs two."""
    mend = "./quietline staff add NAME --role editor       (and another: approver)"
    if not (settings.data / BOOK).exists():
        return WARN, f"nobody has an account, so nothing can be published. {mend}"
    signing = open_signing(settings)
    book = StaffBook.open(settings.data / BOOK, signing.secret("staff"))
    try:
        everyone = [one for one in book.accounts.everyone() if one.active]
    finally:
        book.close()
    ready = [one for one in everyone if one.ready]
    first = {one.id for one in ready if may(one.roles, "directory.edit")}
    second = {one.id for one in ready if may(one.roles, "directory.approve")}
    said = f"{len(everyone)} accounts, {len(ready)} set up"
    # A change needs somebody who proposes it and another person who approves it.
    if not first or not second or len(first | second) < PEOPLE:
        return WARN, f"{said}: a change needs one who edits and another who approves. {mend}"
    return OK, said


PEOPLE = 2
"""How many people it takes to change what survivors see."""
LEAST_ROOM = 500
"""Megabytes on the disk below which a warning is due."""
PARTS: dict[str, Callable[[Settings], Finding]] = {
    "words": _words,
    "listings": _listings,
    "keys": _keys,
    "store": _store,
    "staff": _staff,
}

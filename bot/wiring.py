"""Parts of the composition root that not only the service needs: words, vocabulary, where keys are.

It decides nothing at run time. Whatever is wrong in a file or a folder stops the start with a
message that says where and how to mend it.
"""

import os
import shlex
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from pydantic import SecretStr

from authored import Mistake, Mistakes, did_you_mean
from bot.atlas import Atlas, read_atlas
from bot.cards import Cards
from bot.handing_words import Handed
from bot.keys import RemoteRing, RemoteSigning
from bot.keys.clock import since_boot
from bot.pack_words import worded
from bot.privacy import Promised
from bot.settings import Settings
from bot.speech import Emergencies, Speech, names_in, read_speech
from bot.storage import StoreError
from bot.storage.database import POSTGRESQL, Database, SqliteFile, database_at
from bot.vault import Clock, KeyRing, Ring, Signing, SigningKeys, files
from bot.vocabulary import vocabulary
from bot.wording import Tongue, Words
from flows.grammar import Script, Vocabulary
from referral_directory import Directory, Live

ROOT = Path(__file__).resolve().parent.parent
LIBRARY = ROOT / "flows" / "library"
LOCALES = ROOT / "locales"


def make_wording(
    script: Script,
    directory: Directory,
    speech: Speech,
    live: Callable[[], Live],
    at: datetime,
    *,
    facts: Promised | None = None,
    language: str = "en",
) -> Words:
    """What puts answers into words. `at`: when the emergency answer is made, once for all. `facts`:
    what the settings promise, or what they do by themselves.
    """
    names = {one.code: names_in(one.code, directory, speech) for one in speech.languages}
    serving = worded(live, speech.packs)
    cards = Cards(
        serving=serving,
        phrases=speech.phrases,
        places={code: known["places"] for code, known in names.items()},
        emergency=Emergencies(
            serving, speech.phrases, {code: known["places"] for code, known in names.items()}, at
        ),
        online_only={place.code for place in directory.places if place.online_only},
    )
    tongues = {
        one.code: Tongue(one.code, one.dir, speech.flows[one.code], names[one.code])
        for one in speech.languages
    }
    facts = facts or Promised()
    handed = Handed(speech.phrases, names, facts)
    fixed = {"keep_hours": str(facts.keep_hours)}
    return Words(script, tongues, cards, fixed, language, handed)


def check_language(language: str, speech: Speech) -> None:
    """Refuse a language of the settings that nothing is said in. Raises `Mistakes`."""
    spoken = [one.code for one in speech.languages]
    if language not in spoken:
        hint = did_you_mean(language, spoken)
        said = f"language: '{language}' is not spoken here"
        raise Mistakes([Mistake("settings", 0, 0, said, hint)])


def vocabulary_of(atlas: Atlas, speech: Speech) -> Vocabulary:
    """What flows may use, with these places and languages."""
    every = atlas.every
    return vocabulary(
        atlas.served.country_codes,
        {code: [place.code for place in every.regions(code)] for code in every.country_codes},
        (place.code for place in every.places if place.kind != "region"),
        (one.code for one in speech.languages),
    )


def read_vocabulary() -> Vocabulary:
    """The vocabulary of the flows as they are here, for checks. Raises `Mistakes`."""
    return vocabulary_of(read_atlas(), read_speech(LOCALES))


def key_ring_path(settings: Settings) -> Path:
    """Where keys are kept: as set, or in memory-backed storage, or beside the data as a last
    resort.

    Keys in memory are gone after a restart of the machine, and so is all that they open: that is
    the safe way to fail.
    """
    if settings.key_ring is not None:
        return settings.key_ring
    runtime = os.environ.get("RUNTIME_DIRECTORY") or os.environ.get("XDG_RUNTIME_DIR")
    if runtime and Path(runtime).is_dir():
        return Path(runtime) / "quietline-keys"
    shared = Path("/dev/shm")  # nosec B108  # noqa: S108 - memory, not a temporary file; the ring checks its mode
    if shared.is_dir() and os.access(shared, os.W_OK):
        return shared / f"quietline-keys-{os.getuid()}"
    mend = "Set QUIETLINE_KEY_RING to a folder that no backup of the data holds."
    raise Mistakes([Mistake("settings", 0, 0, "no memory-backed storage for keys", mend)])


def check_key_ring(settings: Settings) -> Path:
    """Where keys are kept; refused beside the data, where one copy would hold both."""
    path = key_ring_path(settings)
    if path.resolve().is_relative_to(settings.data.resolve()):
        mend = "Set QUIETLINE_KEY_RING to memory-backed storage, or leave it out."
        raise Mistakes([Mistake(str(path), 0, 0, "keys must not be kept beside the data", mend)])
    return path


def open_ring(settings: Settings, clock: Clock = time.time, *, demo: bool = False) -> Ring:
    """The keys by day, wherever the settings say that they are. Close it at the end.

    In a demonstration they may lie beside the data. Raises `KeyRingError` or `Mistakes`.
    """
    if settings.key_service:
        return RemoteRing(settings.key_service, settings.key_service_identity)
    path = key_ring_path(settings) if demo else check_key_ring(settings)
    ring = KeyRing.open(path, clock, settings.keep_hours)
    files.note_clock(path, time.time(), since_boot())
    return ring


def signing_path(settings: Settings) -> Path:
    """Where the folder of signing keys is on this machine: as set, or beside the data folder."""
    if settings.signing_keys is not None:
        return settings.signing_keys
    data = settings.data.absolute()
    return data.with_name(f"{data.name}-signing")


def open_signing(settings: Settings, *, create: bool = True, demo: bool = False) -> Signing:
    """The signing keys, wherever the settings say that they are; with `create` made when missing.

    In a demonstration they may lie inside the data. Raises `KeyRingError` or `Mistakes`.
    """
    if settings.key_service:
        return RemoteSigning(settings.key_service, settings.key_service_identity)
    outside = None if demo else settings.data
    return SigningKeys.open(signing_path(settings), create=create, outside=outside)


FILES: Mapping[str, str] = {
    "quietline": "quietline.db",
    "directory": "directory.db",
    "staff": "staff.db",
    "audit": "audit.db",
}
"""Our databases: the name of each schema on a server, and of each file in the data folder."""


def database_of(settings: Settings, name: str) -> Database:
    """One of our databases, wherever the settings say that it is. `name`: of `FILES`.

    It is not opened yet. Raises `Mistakes` for an address that cannot be used.
    """
    address = _database_address(settings)
    if not address:
        return SqliteFile(settings.data / FILES[name])
    if not POSTGRESQL.match(address):
        mend = "Write it like postgresql://USER@HOST/DATABASE, or leave it out for files."
        raise Mistakes([Mistake("settings", 0, 0, "database: is not one of PostgreSQL", mend)])
    try:
        return database_at(SecretStr(address), name)
    except StoreError as error:
        said = "database: its address cannot be read"
        raise Mistakes([Mistake("settings", 0, 0, said, error.mend)]) from None


def _database_address(settings: Settings) -> str:
    written, file = settings.database.get_secret_value().strip(), settings.database_file
    if file is None:
        if _has_password(written):
            # Settings are read by more people and programs than a file of one's own is.
            said = "database: a password stands in the settings"
            mend = "Put the address into a file of mode 0600, and name it as database_file."
            raise Mistakes([Mistake("settings", 0, 0, said, mend)])
        return written
    if written:
        said, mend = "there are two databases", "Set database or database_file."
        raise Mistakes([Mistake("settings", 0, 0, said, mend)])
    try:
        mode = file.stat().st_mode
        address = file.read_text("utf-8").strip()
    except (OSError, ValueError):
        said, mend = "database_file: it cannot be read", "Name a text file with the address in it."
        raise Mistakes([Mistake(str(file), 0, 0, said, mend)]) from None
    if mode & 0o077:
        mend = f"Close it: chmod 600 {shlex.quote(str(file))}"
        said = "others on this machine could read the database's password"
        raise Mistakes([Mistake(str(file), 0, 0, said, mend)])
    if not address:
        said, mend = "database_file: it is empty", "Write the address of the database into it."
        raise Mistakes([Mistake(str(file), 0, 0, said, mend)])
    return address


def _has_password(address: str) -> bool:
    parts = urlsplit(address)
    return parts.password is not None or "password" in parse_qs(parts.query)

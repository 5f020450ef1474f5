"""`quietline emergency`: writes the page with emergency numbers as files, for a proxy to serve.

    FOLDER/en.html, FOLDER/uk.html, …    what /now says, in each language

The files need no store, no keys and no running service: help now is there when these are not. They
are as old as this call: make them again when listings or words change.
"""

import time
from datetime import UTC, datetime
from pathlib import Path

from authored import Mistake, Mistakes
from bot.app import LOCALES
from bot.atlas import read_atlas
from bot.channels.contract import Outgoing
from bot.channels.web_page import Language, Pages, WebSettings
from bot.cli.published import published_here
from bot.pack_words import Worded
from bot.settings import Settings, read_settings
from bot.speech import emergency_blocks, names_in, read_speech


def run_emergency(folder: Path, file: Path | None) -> int:
    """Write the files. Raises `Mistakes`."""
    for path, page in emergency_pages(folder, read_settings(file)).items():
        try:
            folder.mkdir(parents=True, exist_ok=True)
            # Put in place whole: somebody may be reading it.
            beside = path.with_suffix(".new")
            beside.write_bytes(page)
            beside.replace(path)
        except OSError as error:
            mend = "Name a folder that can be written."
            raise Mistakes([Mistake(str(path), 0, 0, f"{error.strerror}", mend)]) from None
        print(path)
    return 0


def emergency_pages(folder: Path, settings: Settings) -> dict[Path, bytes]:
    """Where each page goes, and the page."""
    atlas = read_atlas(settings.countries)
    live = published_here(settings, atlas.served)
    speech, at = read_speech(LOCALES), datetime.fromtimestamp(time.time(), UTC)
    serving = Worded(live, speech.packs)
    languages = [Language(one.code, one.endonym, one.dir) for one in speech.languages]
    pages = Pages(speech.words, languages, WebSettings(exit_url=settings.exit_url))
    made = {}
    for one in languages:
        phrases = speech.phrases[one.code]
        places = names_in(one.code, atlas.every, speech)["places"]
        blocks = emergency_blocks(phrases, serving, at, places)
        out = Outgoing(one.code, one.dir, blocks)
        made[folder / f"{one.code}.html"] = pages.emergency(out, down=False)
    return made

"""A language from right to left, made of the English: Arabic letters in place of Latin ones.

It is nobody's language and shows itself as a test. Placeholders, addresses and figures stay as they
are. It is made anew for each run, so it is always whole.
"""

import re
import shutil
from pathlib import Path

from bot.app import LIBRARY, LOCALES
from flows.catalogue import DOMAINS, messages, po_path
from flows.translating import Sources, as_po, template, updated

HERE = Path(__file__).parent
LETTERS = str.maketrans(
    dict(zip("abcdefghijklmnopqrstuvwxyz", "ابكدهفغحيجقلمنوپرصستعڤشخيز", strict=True))
)
KEPT = re.compile(r"\{[^}]*\}|https?://\S+")


def make_locales(folder: Path) -> Path:
    """A folder of locales with English and this; gives it."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(HERE / "languages.toml", folder)
    shutil.copy(LOCALES / "ui.yaml", folder)
    for domain in DOMAINS:
        catalogue = updated(None, template(Sources(LIBRARY, folder), domain), "ar")
        for message, _, english, _ in messages(catalogue):
            message.string = arabic(english)
        path = po_path(folder, "ar", domain)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(as_po(catalogue))
    return folder


def arabic(english: str) -> str:
    """The same words in Arabic letters."""
    kept = KEPT.findall(english)
    parts = [part.lower().translate(LETTERS) for part in KEPT.split(english)]
    return "".join(part + name for part, name in zip(parts, [*kept, ""], strict=True))

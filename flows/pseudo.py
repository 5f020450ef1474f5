"""A language that is nobody's (`qps`): English with accents, a third longer, in brackets.

Whoever looks at a screen in it sees at once what is not translated, what is cut off and what is
put together from pieces. Placeholders, addresses, numbers and what people type stay as they are.
"""

import re
import shutil
from pathlib import Path

from flows.catalogue import messages, po_path
from flows.translating import Sources, as_po, template, updated

CODE = "qps"
LONGER = 3
"""One letter more for so many: translations into the languages here are up to a third longer."""

_ACCENTED = str.maketrans(
    dict(zip("aceginorsuyzACEGINORSUYZ", "áçéğïñöřšûýžÁÇÉĞÏÑÖŘŠÛÝŽ", strict=True))
)
_KEPT = re.compile(r"(\{[^}]*\}|https?://\S+)")
_LANGUAGE = """
[[language]]
code = "qps"
endonym = "[Þšéûðö]"
dir = "ltr"
script = "Latn"
fallback = []
started = true
"""


def pseudo(english: str) -> str:
    """The text as it stands in this language."""
    parts = _KEPT.split(english)
    said = "".join(part if i % 2 else part.translate(_ACCENTED) for i, part in enumerate(parts))
    letters = sum(map(str.isalpha, english))
    return f"[{said}{'~' * (letters // LONGER)}]"


def make_locales(sources: Sources, folder: Path) -> Path:
    """A folder of locales with the languages there are and this one; gives it.

    Raises `Mistakes`; `FileExistsError` when there is such a folder.
    """
    shutil.copytree(sources.locales, folder)
    with (folder / "languages.toml").open("a", encoding="utf-8") as file:
        file.write(_LANGUAGE)
    for domain in sources.domains:
        catalogue = updated(None, template(sources, domain, CODE), CODE)
        for message, context, english, _ in messages(catalogue):
            typed = domain == "flows" and context.endswith(".words")
            message.string = english if typed else pseudo(english)
        path = po_path(folder, CODE, domain)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(as_po(catalogue))
    return folder

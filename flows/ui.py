"""The words outside flows: reads `locales/ui.yaml`, from which pages and cards speak."""

from pathlib import Path
from typing import Literal

from pydantic import Field

from authored import Mistakes, read_file, shape
from flows.placeholders import BadBraces, placeholders
from flows.shapes import Shape

DOMAIN = "ui"


class _MessageShape(Shape):
    text: str = Field(min_length=1)
    note: str = ""


class _UiShape(Shape):
    format: Literal[1]
    messages: dict[str, str | _MessageShape]


def read_ui(locales: Path) -> dict[str, str]:
    """Key → English. Raises `Mistakes`."""
    file = read_file(locales / "ui.yaml")
    english: dict[str, str] = {}
    found = []
    for key, message in shape(_UiShape, file).messages.items():
        english[key] = (message if isinstance(message, str) else message.text).strip()
        try:
            placeholders(english[key])
        except BadBraces as fault:
            found.append(file.mistake(("messages", key), str(fault), rule="placeholder"))
    if found:
        raise Mistakes(found)
    return english

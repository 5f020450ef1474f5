"""How a chat looks on the simulator's page. It shows what the chat holds and changes nothing."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

if TYPE_CHECKING:
    from tests.botapi import BotApi, Chat, Message

HERE: Final = Path(__file__).parent
FILES: Final = {
    name: (kind, (HERE / name).read_bytes())
    for name, kind in (("page.css", "text/css"), ("page.js", "text/javascript"))
}
HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
ADDRESS: Final = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?)]")
TYPING_SECONDS: Final = 5.0
"""How long Telegram shows that somebody types, unless a message comes."""
KINDS: Final = {
    "voice": "Voice message",
    "photo": "Photo",
    "document": "File",
    "location": "Location",
    "contact": "Contact",
    "sticker": "Sticker",
}
"""What can be sent besides text, and how it is called."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text that looks the same."""

    text: str
    kind: str = ""
    href: str = ""


class Page:
    """Turns chats into HTML. Built once."""

    def __init__(self, api: "BotApi") -> None:
        self._api = api
        jinja = Environment(
            loader=FileSystemLoader(HERE),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        jinja.globals.update(kinds=KINDS, pieces=pieces, hour=_hour)
        self._whole, self._parts = jinja.get_template("page.html"), jinja.get_template("parts.html")

    def whole(self, chat: "Chat") -> str:
        """The page as it is first loaded."""
        return self._whole.render(parts=self.parts(chat))

    def parts(self, chat: "Chat") -> str:
        """What changes while one talks: the head, the chat and the foot."""
        language = chat.language.partition("-")[0]
        typing = self._api.clock() - chat.acted_at < TYPING_SECONDS
        shown = self._parts.render(
            chat=chat,
            name=self._said("name", language) or "Bot",
            about=self._said("description", language),
            commands=self._said("commands", language) or [],
            typing=typing,
            waiting={chat_id for chat_id, _ in self._api.queries.values()},
            locked=_first_line(chat),
        )
        return f'<div id="parts" data-version="{_digest(shown)}">\n{shown}</div>\n'

    def _said(self, what: str, language: str) -> Any:
        profile = self._api.profile
        return profile.get((what, language)) or profile.get((what, ""))


def version_of(parts: str) -> str:
    """What `data-version` says."""
    return parts.split('"', 4)[3]


def pieces(message: "Message") -> Iterator[Piece]:
    """The text of a message, cut where its look changes. Offsets count UTF-16 units."""
    raw = message.text.encode("utf-16-le")
    entities = [*message.entities, *_addresses(message.text)]
    edges = {0, len(raw) // 2}
    for one in entities:
        edges |= {one["offset"], one["offset"] + one["length"]}
    cuts = sorted(edges)
    for start, end in pairwise(cuts):
        text = raw[2 * start : 2 * end].decode("utf-16-le")
        over = [
            one
            for one in entities
            if one["offset"] <= start and end <= one["offset"] + one["length"]
        ]
        yield Piece(text, " ".join(sorted({one["type"] for one in over})), _href(over, text))


def _addresses(text: str) -> Iterator[dict[str, Any]]:
    """Web addresses, which the messenger makes links of by itself."""
    for found in ADDRESS.finditer(text):
        start, end = (len(text[:at].encode("utf-16-le")) // 2 for at in found.span())
        yield {"type": "url", "offset": start, "length": end - start}


def _href(entities: list[dict[str, Any]], text: str) -> str:
    for one in entities:
        if one["type"] == "phone_number":
            return "tel:" + "".join(sign for sign in text if sign.isdigit() or sign == "+")
        if one["type"] == "url" and text.startswith(("https://", "http://")):
            return text
        if one["type"] == "text_link" and str(one["url"]).startswith(("https://", "http://")):
            return str(one["url"])
    return ""


def _first_line(chat: "Chat") -> str:
    """What a locked phone shows of the newest message that came with a sound."""
    for message in reversed(chat.from_bot):
        if not message.silent:
            return " ".join(message.text.split())[:90]
    return ""


def _hour(message: "Message") -> str:
    return datetime.fromtimestamp(message.at, UTC).astimezone().strftime("%H:%M")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]

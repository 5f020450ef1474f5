"""From an update of Telegram to what a person did. All the rest of the update is dropped unread.

Of who wrote, one thing is read: the language their app is set to. Names, usernames, pictures and
everything that a message carries besides its words are not even decoded into a place of their
own. Whatever cannot be read is nobody's message: it gives None, never an error, because Telegram
would send again and again what is not taken.
"""

from dataclasses import dataclass, field
from typing import Any, Final, TypeGuard

import msgspec

ALLOWED_UPDATES: Final = ("message", "callback_query", "my_chat_member")
"""The kinds of update that are used; Telegram is asked for no other."""
MEDIA: Final = (
    *("voice", "photo", "video", "video_note", "audio", "animation", "document", "sticker"),
    *("location", "venue", "contact", "poll", "dice", "story", "game", "paid_media", "checklist"),
)
"""What a message may hold instead of words. Other messages without words are notes of the app."""
GONE: Final = ("kicked", "left")
"""How a person's app says that they blocked the bot."""
LARGEST: Final = 2**53
"""Of ids of chats and messages."""
LARGEST_UPDATE: Final = 2**64
"""Of ids of updates, which begin anywhere after a quiet week."""
MOST_TEXT: Final = 4_096


@dataclass(frozen=True, slots=True)
class Wrote:
    """Typed text."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Gave:
    """Something that is not text."""

    kind: str
    caption: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Tapped:
    """A button. The query waits for an answer, so that the app stops its spinner."""

    query: str = field(repr=False)
    data: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Blocked:
    """The person closed the chat to us."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """One thing that a person did in a private chat."""

    what: Wrote | Gave | Tapped | Blocked
    chat: int = field(repr=False)
    message: int
    """The message that it is, or that the button stands under; 0 for none."""
    once: str
    """Names this delivery. Made of the message too: update ids may begin anew."""
    language: str
    """A code such as `uk`, or nothing."""
    sent: float | None = field(default=None, repr=False)
    """When it was written, in seconds since 1970: it may have waited at Telegram."""


def number_of(update: Any) -> int | None:
    """The id of an update, as far as it has one."""
    number = update.get("update_id") if isinstance(update, dict) else None
    return number if type(number) is int and abs(number) <= LARGEST_UPDATE else None


def read_body(body: bytes) -> Arrival | None:
    """What a webhook was sent."""
    try:
        return read(msgspec.json.decode(body))
    except (msgspec.DecodeError, ValueError, RecursionError):
        return None


def read(update: Any) -> Arrival | None:
    """What a person did, or None: for groups, edits, notes of the app, and what is none."""
    number = number_of(update)
    if number is None:
        return None
    if isinstance(message := update.get("message"), dict):
        return _message(number, message)
    if isinstance(query := update.get("callback_query"), dict):
        return _query(number, query)
    if isinstance(member := update.get("my_chat_member"), dict):
        return _member(number, member)
    return None


def _message(number: int, message: dict[str, Any]) -> Arrival | None:
    chat, identity = _private(message.get("chat")), message.get("message_id")
    if chat is None or not _is_number(identity):
        return None
    what: Wrote | Gave
    text = message.get("text")
    if isinstance(text, str):
        what = Wrote(_sound(text))
    else:
        kind = next((kind for kind in MEDIA if message.get(kind)), "")
        if not kind:
            return None
        caption = message.get("caption")
        what = Gave(kind, _sound(caption) if isinstance(caption, str) else "")
    language, date = _language(message.get("from")), message.get("date")
    sent = float(date) if _is_number(date) and date > 0 else None
    return Arrival(what, chat, identity, f"{number}/{identity}", language, sent)


def _query(number: int, query: dict[str, Any]) -> Arrival | None:
    identity, data, message = query.get("id"), query.get("data"), query.get("message")
    if not isinstance(identity, str) or not isinstance(message, dict):
        return None
    chat, under = _private(message.get("chat")), message.get("message_id")
    if chat is None or not _is_number(under):
        return None
    what = Tapped(_sound(identity), _sound(data) if isinstance(data, str) else "")
    return Arrival(what, chat, under, f"{number}/q{what.query}", _language(query.get("from")))


def _member(number: int, member: dict[str, Any]) -> Arrival | None:
    chat, now = _private(member.get("chat")), member.get("new_chat_member")
    if chat is None or not isinstance(now, dict) or now.get("status") not in GONE:
        return None
    return Arrival(Blocked(), chat, 0, f"{number}/m", "")


def _private(chat: Any) -> int | None:
    """The id of a chat with one person; groups and channels are left alone."""
    if not isinstance(chat, dict) or chat.get("type") != "private":
        return None
    identity = chat.get("id")
    return identity if _is_number(identity) and identity > 0 else None


def _language(sender: Any) -> str:
    code = sender.get("language_code") if isinstance(sender, dict) else None
    first = code[:16].replace("_", "-").partition("-")[0].lower() if isinstance(code, str) else ""
    return first if first.isascii() and first.isalpha() else ""


def _is_number(value: Any) -> TypeGuard[int]:
    return type(value) is int and -LARGEST < value < LARGEST


def _sound(text: str) -> str:
    """Text without halves of characters, which nothing after this could write down."""
    return text[: 2 * MOST_TEXT].encode("utf-8", "replace").decode()

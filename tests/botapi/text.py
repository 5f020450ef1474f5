"""What Telegram does to a text, its entities and its buttons, and what of them it refuses.

Offsets and lengths count UTF-16 units. A text is cleaned before it is kept: spaces at its ends and
characters that Telegram does not keep go, and the entities move along.
"""

from collections.abc import Sequence
from typing import Any, Final

from tests.botapi.refusals import bad

MOST_TEXT: Final = 4096
"""UTF-16 units of a message, after cleaning."""
MOST_DATA: Final = 64
"""Bytes of a button's data in UTF-8."""
MOST_BUTTONS: Final = 100
MOST_IN_A_ROW: Final = 8
MOST_ENTITIES: Final = 100
"""Telegram keeps no more of one message, and says nothing about the others."""
ENTITIES: Final = frozenset(
    {
        *("mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number", "bold"),
        *("italic", "underline", "strikethrough", "spoiler", "blockquote", "code", "pre"),
        *("expandable_blockquote", "text_link", "text_mention", "custom_emoji", "date_time"),
    }
)
BUTTON_KINDS: Final = ("callback_data", "url", "web_app", "login_url", "switch_inline_query", "pay")
_DROPPED: Final = frozenset("\r\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u0333\u033f\u030a")
"""What Telegram takes out of a text: turners of writing direction among them."""

Entity = dict[str, Any]
Keyboard = list[list[dict[str, Any]]]


def units(text: str) -> int:
    """Length in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def checked_text(text: Any, entities: Any) -> tuple[str, list[Entity]]:
    """The text and entities as Telegram keeps them. Raises `Refused`."""
    if not isinstance(text, str) or not text:
        raise bad("message text is empty")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise bad("strings must be encoded in UTF-8") from None
    given = [_checked_entity(one, text) for one in _array(entities, "entities")]
    kept, moved = _clean(text)
    if not kept:
        raise bad("message text is empty")
    if units(kept) > MOST_TEXT:
        raise bad("message is too long")
    cleaned = []
    for one in given[:MOST_ENTITIES]:
        start, end = moved[one["offset"]], moved[one["offset"] + one["length"]]
        if end > start:
            cleaned.append({**one, "offset": start, "length": end - start})
    return kept, sorted(cleaned, key=lambda one: (one["offset"], -one["length"]))


def checked_keyboard(markup: Any) -> Keyboard:
    """The inline buttons of `reply_markup`; none when it is another kind. Raises `Refused`."""
    if markup is None:
        return []
    if not isinstance(markup, dict):
        raise bad("object expected as reply markup")
    if "inline_keyboard" not in markup:
        return []
    rows = _array(markup["inline_keyboard"], "inline_keyboard")
    if any(not isinstance(row, list) for row in rows):
        raise bad('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')
    if sum(map(len, rows)) > MOST_BUTTONS or any(len(row) > MOST_IN_A_ROW for row in rows):
        raise bad("reply markup is too long")
    return [[_checked_button(button) for button in row] for row in rows if row]


def part_of(text: str, entity: Entity) -> str:
    """The words that an entity covers."""
    raw = text.encode("utf-16-le")
    start = 2 * entity["offset"]
    return raw[start : start + 2 * entity["length"]].decode("utf-16-le")


def _array(value: Any, name: str) -> Sequence[Any]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise bad(f'field "{name}" must be of type Array')
    return value


def _checked_entity(one: Any, text: str) -> Entity:
    if not isinstance(one, dict):
        raise bad("can't parse MessageEntity: expected an Object")
    if one.get("type") not in ENTITIES:
        raise bad("can't parse MessageEntity: unsupported type specified")
    offset, length = one.get("offset"), one.get("length")
    if not isinstance(offset, int) or not isinstance(length, int):
        raise bad('can\'t parse MessageEntity: field "offset" must be of type Number')
    edges = {0}
    at = 0
    for character in text:
        at += 2 if ord(character) > 0xFFFF else 1
        edges.add(at)
    if length <= 0 or offset not in edges or offset + length not in edges:
        raise bad("ENTITY_BOUNDS_INVALID")
    if one["type"] == "text_link" and not str(one.get("url", "")).startswith(("http", "tg://")):
        raise bad("can't parse MessageEntity: unsupported URL")
    return dict(one)


def _checked_button(button: Any) -> dict[str, Any]:
    if not isinstance(button, dict):
        raise bad("can't parse inline keyboard button: expected an Object")
    if not isinstance(button.get("text"), str) or not button["text"].strip():
        raise bad('can\'t parse inline keyboard button: field "text" must be a non-empty String')
    kinds = [kind for kind in BUTTON_KINDS if button.get(kind) is not None]
    if len(kinds) != 1:
        raise bad(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    data = button.get("callback_data")
    if data is not None and not (
        isinstance(data, str) and 1 <= len(data.encode("utf-8", "replace")) <= MOST_DATA
    ):
        raise bad("BUTTON_DATA_INVALID")
    url = button.get("url")
    if url is not None and not str(url).startswith(("http://", "https://", "tg://")):
        raise bad("inline keyboard button URL is invalid: Wrong HTTP URL")
    return dict(button)


def _clean(text: str) -> tuple[str, list[int]]:
    """What is kept, and for each UTF-16 position of the text the position in what is kept."""
    spaced = [" " if one < " " and one not in "\n\r" else one for one in text]
    spaces = [one.isspace() or one in _DROPPED for one in spaced]
    first = spaces.index(False) if False in spaces else len(spaced)
    last = len(spaces) - spaces[::-1].index(False) if False in spaces else first
    moved, kept, at = [0], [], 0
    for index, one in enumerate(spaced):
        if first <= index < last and one not in _DROPPED:
            kept.append(one)
            at += units(one)
        moved.extend([at] * units(one))
    return "".join(kept), moved

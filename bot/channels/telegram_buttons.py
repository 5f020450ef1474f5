"""What a button carries in its 64 bytes, and which one we trust.

    v1:<seal of the rest>:<mark of the answer it stood under>:<key of the option>

Telegram and whoever writes their own app can see and send any bytes; the seal says that we showed
this button in this chat. It must not decide what a button leads to.
"""

from typing import Final, NamedTuple

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.channels.telegram_contract import Seal
from bot.channels.telegram_text import Rows

VERSION: Final = "v1"
MOST_DATA: Final = 64
"""Bytes, by Telegram's rule."""
SHORT_KEY: Final = "#"
"""Begins the seal of a key that is too long to be carried; the option is looked for by it."""


class Button(NamedTuple):
    """A button that we showed."""

    mark: str
    key: str


def keyboard(seal: Seal, chat: bytes, rows: Rows, mark: str) -> InlineKeyboardMarkup | None:
    """The buttons below a message."""
    made = [
        [
            InlineKeyboardButton(label, callback_data=data(seal, chat, mark, key))
            for label, key in row
        ]
        for row in rows
    ]
    return InlineKeyboardMarkup(made) if made else None


def data(seal: Seal, chat: bytes, mark: str, key: str) -> str:
    """What one button carries."""
    meant = f"{mark}:{key}"
    if len(f"{VERSION}:12345678:{meant}".encode()) > MOST_DATA:
        meant = f"{mark}:{SHORT_KEY}{seal.mac(chat, key)}"
    return f"{VERSION}:{seal.mac(chat, meant)}:{meant}"


def read_data(seal: Seal, chat: bytes, carried: str) -> Button | None:
    """The button that carries this; None when we never showed it in this chat."""
    version, _, rest = carried.partition(":")
    mac, _, meant = rest.partition(":")
    mark, colon, key = meant.partition(":")
    if version != VERSION or not colon or not seal.fits(chat, meant, mac):
        return None
    return Button(mark, key)

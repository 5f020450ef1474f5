"""The commands for authors and translators, given the real vocabulary and the real dialogue."""

import time
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import typer

from flows.commands import make_app
from flows.i18n_commands import make_app as make_i18n_app

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.dialogue.lexicon import Lexicon
    from flows.coverage import WatchedTable
    from flows.grammar import Vocabulary
    from flows.handed import Handed
    from flows.players import Player
    from flows.screen_words import Screens


def _vocabulary() -> "Vocabulary":
    from bot.app import read_vocabulary

    return read_vocabulary()


def _make_player() -> "Callable[[WatchedTable, str, datetime | None], Player]":
    """A maker of players on the words and the listings that people get."""
    from bot.app import LOCALES, make_wording
    from bot.atlas import read_atlas
    from bot.player import NOON, Player
    from bot.speech import read_lexicon, read_speech

    directory, speech = read_atlas().every, read_speech(LOCALES)
    live = directory.serving(None)
    read: dict[str, Lexicon] = {}

    def make(table: "WatchedTable", language: str, now: "datetime | None") -> "Player":
        wording = make_wording(table.script, directory, speech, lambda: live, now or NOON)
        if table.script.version not in read:
            read[table.script.version] = read_lexicon(table.script, directory, speech)
        return Player(table, read[table.script.version], wording, language, now)

    return make


def _numbers() -> "dict[str, frozenset[str]]":
    """Every number that a listing of any pack can be shown with, and the countries it works in."""
    from referral_directory import PACKS, load_packs

    countries = sorted(path.name for path in PACKS.iterdir() if (path / "pack.yaml").exists())
    live = load_packs(PACKS, countries=countries).serving(None)
    found: dict[str, frozenset[str]] = {}
    for name in live.ids():
        listing = live.listing(name)
        for contact in listing.phones if listing else ():
            for written in (contact.number, (contact.uri or "").partition(":")[2]):
                digits = "".join(letter for letter in written if letter.isdigit() or letter == "+")
                found[digits] = found.get(digits, frozenset()) | {contact.country}
    return found


def _pack_texts() -> "tuple[Handed, ...]":
    from bot.atlas import read_atlas
    from bot.pack_words import pack_texts

    return pack_texts(read_atlas().every)


def _today() -> date:
    return datetime.fromtimestamp(time.time(), UTC).date()


flows_app: typer.Typer = make_app(_vocabulary, _make_player, numbers=_numbers, today=_today)


def _screens() -> "Screens":
    from bot.app import LOCALES, ROOT
    from flows.screen_words import Screens

    rooms = ("bot/console", "bot/ledger", "referral_directory/exchange")
    return Screens(tuple(ROOT / room for room in rooms), LOCALES)


i18n_app: typer.Typer = make_i18n_app(packs=_pack_texts, today=_today, screens=_screens)

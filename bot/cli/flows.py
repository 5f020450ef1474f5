"""The commands for authors and translators, given the real vocabulary and the real dialogue."""

from typing import TYPE_CHECKING

import typer

from flows.commands import make_app
from flows.i18n_commands import make_app as make_i18n_app

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from flows.conversations import Player
    from flows.coverage import WatchedTable
    from flows.grammar import Vocabulary
    from flows.handed import Handed


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

    def make(table: "WatchedTable", language: str, now: "datetime | None") -> "Player":
        wording = make_wording(table.script, directory, speech, lambda: live, now or NOON)
        return Player(table, read_lexicon(table.script, directory, speech), wording, language, now)

    return make


def _pack_texts() -> "tuple[Handed, ...]":
    from bot.atlas import read_atlas
    from bot.pack_words import pack_texts

    return pack_texts(read_atlas().every)


flows_app: typer.Typer = make_app(_vocabulary, _make_player)
i18n_app: typer.Typer = make_i18n_app(packs=_pack_texts)

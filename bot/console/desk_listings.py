"""The directory at the desk: found by a word, and as plain lines to be sent into a chat.

It decides that only what survivors are served can be sent, in the very words that they would read,
and beside it the same in the operator's language. No service elsewhere translates anything.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from bot.cards import Cards
from bot.channels.contract import Block
from bot.ledger.model import ListQuery
from bot.pack_words import Worded, worded
from bot.said_hours import said_hours
from bot.speech import Speech, names_in
from referral_directory import Directory, Live
from referral_directory.model import Query

MOST: Final = 12
_LOOKED_AT: Final = 60
"""Listings that a word finds, of which some may not be served."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One listing that was found, as a line to choose from."""

    listing: str
    name: str
    """In the language of the chat."""
    own: str
    """In the operator's."""
    state: str
    """Whether it is open now, in the operator's language."""


class DeskListings:
    """What is served now, for the desk. Any thread may ask."""

    def __init__(self, directory: Directory, speech: Speech, live: Callable[[], Live]) -> None:
        self._serving: Callable[[], Worded] = worded(live, speech.packs)
        self._speech = speech
        self._places: Mapping[str, Mapping[str, str]] = {
            one.code: names_in(one.code, directory, speech)["places"] for one in speech.languages
        }
        self._cards = Cards(self._serving, speech.phrases, self._places, {})

    def known(self, language: str) -> str:
        """That language, or English when survivors are not answered in it."""
        return language if language in self._speech.phrases else "en"

    def find(
        self,
        named: Callable[[ListQuery], Any],
        asked: tuple[str, str],
        languages: tuple[str, str],
        at: datetime,
    ) -> list[Hit]:
        """At most twelve. `asked`: words and a need; `languages`: the chat's and the operator's.

        `named` finds listings by words: the ledger's `find` for who asks. `at` is aware.
        """
        text, need = asked
        theirs, own = map(self.known, languages)
        now = self._serving()
        if text:
            page = named(ListQuery(text=text, need=need, size=_LOOKED_AT))
            ids = [row.id for row in page.rows]
        else:
            found = now.live.search(Query(needs=(need,) if need else (), languages=(theirs,)), at)
            ids = [one.listing for one in (*found.found, *filter(None, [found.always]))]
        return [
            hit for id_ in dict.fromkeys(ids) if (hit := self._hit(now, id_, (theirs, own), at))
        ][:MOST]

    def text(self, listing: str, language: str, at: datetime) -> str:
        """The whole card as plain lines; empty when it is not served (any more)."""
        language = self.known(language)
        if self._serving().listing(listing, language) is None:
            return ""
        return _plain(self._cards.card(listing, language, at, whole=True))

    def direction(self, language: str) -> str:
        """`ltr` or `rtl`."""
        known = self.known(language)
        return next(one.dir for one in self._speech.languages if one.code == known)

    def _hit(self, now: Worded, id_: str, languages: tuple[str, str], at: datetime) -> Hit | None:
        theirs, own = languages
        listing, mine = now.listing(id_, theirs), now.listing(id_, own)
        if listing is None or mine is None:
            return None
        state = said_hours(mine, self._speech.phrases[own], at, None, self._places[own])
        return Hit(listing.id, listing.names[theirs], mine.names[own], state)


def _plain(card: Block) -> str:
    lines = []
    for line in card.lines:
        link = line.href if line.kind == "link" and line.href not in line.text else ""
        lines.append(" ".join(part for part in (line.text, link) if part))
    return "\n".join(lines)

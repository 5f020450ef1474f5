"""How sure a card is: who confirmed it and when, where it was read, and how old that is.

A short card says the oldest date of what is on it, so that a number never looks newer than it is. A
whole card names the site and the day of the listing, and of each number that comes from elsewhere.
"""

from collections.abc import Sequence
from datetime import date
from urllib.parse import urlsplit

from bot.phrases import Phrases
from referral_directory import Contact, Listing

NEW_ENOUGH = "2024"
"""What is older, or has no date, is said to be (the facts' own rule)."""


def short_assurance(
    listing: Listing, shown: Sequence[Contact], words: Phrases, today: date
) -> list[str]:
    """Pieces for one line: confirmed or not, the oldest date, a warning when it is old."""
    dates = [listing.source_date, *(contact.source_date for contact in shown)]
    known = [date for date in dates if date is not None]
    said = [_confirmed(listing, words, today)]
    if known and len(known) == len(dates):
        said.append(words("card.source_date", date=words.partial_date(min(known))))
    if listing.recheck or any(map(_is_old, dates)):
        said.append(words("card.old"))
    return said


def whole_assurance(listing: Listing, words: Phrases, today: date) -> list[str]:
    """Lines for a whole card."""
    said = [
        _confirmed(listing, words, today),
        source(listing.source_url, listing.source_date, words),
    ]
    if listing.recheck or _is_old(listing.source_date):
        said.append(words("card.old"))
    return said


def own_source(contact: Contact, listing: Listing, words: Phrases) -> list[str]:
    """Where a number was read, when that is not where its listing was."""
    if contact.source_url == listing.source_url:
        return []
    said = [source(contact.source_url, contact.source_date, words)]
    return [*said, words("card.old")] if contact.recheck else said


def source(url: str, date: str | None, words: Phrases) -> str:
    """The site and the day of a page, or that it has none."""
    site = (urlsplit(url).hostname or url).removeprefix("www.")
    if date is None:
        return words("card.source_undated", site=site)
    return words("card.source", site=site, date=words.partial_date(date))


def _confirmed(listing: Listing, words: Phrases, today: date) -> str:
    if listing.confirmed is None:
        return words("card.unconfirmed")
    on = words.day(listing.confirmed.on)
    if listing.overdue(today):
        return words("card.overdue", date=on)
    return words("card.confirmed", date=on, how=words(f"how.{listing.confirmed.how}"))


def _is_old(date: str | None) -> bool:
    return date is None or date < NEW_ENOUGH

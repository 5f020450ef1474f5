"""The privacy notice: the same for everyone, in one language, for the page and for every chat.

It decides which sentences there are and in which order; their words are `privacy.…` in the
catalogue, and what each rests on stands in `docs/privacy.md`. It must not say anything that depends
on who reads, nor name an organisation that nobody has named.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from bot.channels.contract import Block, Line
from bot.phrases import Phrases
from bot.settings import Settings
from bot.speech import Speech

DAY_HOURS: Final = 24
CHAT_DAYS: Final = 4
"""Days after which no key of an operator is left that opens a copy of a chat: 80 hours."""
PARTS: Final = (
    ("", ("short", "duty")),
    ("kept_title", ("kept", "typed", "network")),
    ("human_title", ("human", "human_kept")),
    ("leave_title", ("leave", "phone")),
    ("telegram_title", ("telegram",)),
    ("others_title", ("slip", "figures", "nobody")),
    ("limits_title", ("limits",)),
)
"""Heading and paragraphs of every part but the last, which says who runs the service."""


@dataclass(frozen=True, slots=True)
class Promised:
    """What the notice says that a setting decides."""

    keep_hours: int = 72
    clear_hours: int = 24
    organisation: str = ""
    contact: str = ""

    @property
    def copy_days(self) -> int:
        """Days after which what was erased can be opened in no copy any more."""
        return max(CHAT_DAYS, -(-self.keep_hours // DAY_HOURS) + 1)


def promised(settings: Settings) -> Promised:
    """What the settings promise."""
    return Promised(
        settings.keep_hours,
        settings.telegram_clear_hours,
        settings.organisation,
        settings.contact,
    )


def notice(words: Phrases, facts: Promised) -> tuple[Block, ...]:
    """The notice in the language of these words: one block a part."""
    fields = {
        "hours": str(facts.keep_hours),
        "days": str(facts.copy_days),
        "clear": str(facts.clear_hours),
    }
    parts = []
    for title, keys in PARTS:
        said = [Line("title", words(f"privacy.{title}"))] if title else []
        said += [Line("text", words(f"privacy.{key}", **fields)) for key in keys]
        parts.append(Block("say", tuple(said)))
    return (*parts, _who(words, facts))


def _who(words: Phrases, facts: Promised) -> Block:
    organisation, contact = facts.organisation, facts.contact
    return Block(
        "say",
        (
            Line("title", words("privacy.who_title")),
            Line(
                "text",
                words("privacy.who", organisation=organisation)
                if organisation
                else words("privacy.who_unknown"),
            ),
            Line(
                "text",
                words("privacy.contact", contact=contact)
                if contact
                else words("privacy.contact_unknown"),
            ),
            Line("text", words("privacy.rights")),
        ),
    )


def notices(speech: Speech, settings: Settings) -> Callable[[str], tuple[Block, ...]]:
    """Language → the notice, for the page. Raises `KeyError` for a language that is not spoken."""
    facts = promised(settings)
    return lambda language: notice(speech.phrases[language], facts)

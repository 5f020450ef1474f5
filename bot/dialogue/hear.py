"""From what came in to an event. Free text goes in, an event without text comes out, and the text
is gone.

    hear_words(script, lexicon, session, text)   typed text
    hear_button(script, session, key, mark)      a button, perhaps an old one, perhaps a forged one
    hear_media(kind)                             a voice message, photo, file, location, contact

What is heard is decided in one fixed order: the safety exit and help first, so that a safe word
works in every state; then what stands on the screen; then languages, then the other commands;
then beginnings of names. It never guesses: two equally good readings are unclear. It keeps, logs
and returns no words.
"""

from collections.abc import Mapping

from bot.dialogue.events import Arrived, Asked, Chose, ChoseLanguage, Event, Picked, Unclear
from bot.dialogue.lexicon import FILLERS, START_WORDS, Lexicon, Words, alike, apart
from bot.dialogue.offers import COMMAND, LANGUAGE, VALUE, Offer, can_pick, offers
from bot.dialogue.session import Session
from flows.grammar import Script

MOST_CHARACTERS = 1_000
"""Longer text is not read at all: it is likely a story, and we never ask for one."""
MOST_LOOKED_THROUGH = 4_096
"""Letters of a long text in which a cry for help is looked for."""
LEAST_PREFIX = 3
"""Letters that the beginning of a label or name must have to stand for it."""
URGENT = ("leave", "help_now")


def hear_media(kind: str) -> Event:
    """Nothing that is not text is taken; what it was plays no part in the answer."""
    del kind
    return Unclear("media")


def hear_button(script: Script, session: Session, key: str, mark: str) -> Event:
    """A button. Commands and languages are good whenever they come; the rest only under today's
    mark.
    """
    if key.startswith(COMMAND):
        return _command(script, key[1:])
    if key.startswith(LANGUAGE):
        return _language(script, key[1:])
    if mark == session.mark and can_pick(script, session, key):
        return Picked(key[1:]) if key.startswith(VALUE) else Chose(key)
    return Unclear("stale")


def hear_words(script: Script, lexicon: Lexicon, session: Session, text: str) -> Event:
    """Typed text."""
    if len(text) > MOST_CHARACTERS:
        # Likely a story, which nobody asked for; but nobody is left alone in danger.
        cries = _cries_for_help(lexicon, alike(text[:MOST_LOOKED_THROUGH]))
        return _command(script, "help_now") if cries else Unclear("long")
    words = alike(text)
    if not words:
        return Unclear("unclear")
    asked = _asked(lexicon, session.language, words)
    if asked in URGENT:
        return _command(script, asked)
    open_now = offers(script, session)
    event = _on_screen(lexicon, session, open_now, words)
    if event is not None:
        return event
    if words in lexicon.languages:
        return _language(script, lexicon.languages[words])
    if _cries_for_help(lexicon, words):
        return _command(script, "help_now")
    if asked:
        return _command(script, asked)
    if words in START_WORDS:
        return Arrived(session.language)
    return _by_beginning(lexicon, session, open_now, words) or Unclear("unclear")


def is_urgent(lexicon: Lexicon, text: str) -> bool:
    """Whether typed text asks for help now, or to leave, in any of our languages."""
    words = alike(text[:MOST_LOOKED_THROUGH])
    return _asked(lexicon, "", words) in URGENT or _cries_for_help(lexicon, words)


def _asked(lexicon: Lexicon, language: str, words: str) -> str:
    """The command that the whole text means, as it is or without words of politeness."""
    plain = " ".join(part for part in apart(words) if part not in FILLERS)
    for said in (words, plain):
        for known in lexicon.spoken_first(language):
            if said in known.commands:
                return known.commands[said]
    return ""


def _cries_for_help(lexicon: Lexicon, words: str) -> bool:
    """Whether a phrase of danger stands anywhere in the text, word for word.

    One wrong hit is better than one miss: what follows is a help page with a way back.
    """
    said = apart(words)
    return any(
        tuple(said[place : place + len(cry)]) == cry
        for place, word in enumerate(said)
        for cry in lexicon.cries.get(word, ())
    )


def _command(script: Script, name: str) -> Event:
    command = script.commands.get(name)
    return Asked(command.name) if command else Unclear("stale")


def _language(script: Script, code: str) -> Event:
    if code in script.options.get("languages", ()):
        return ChoseLanguage(code)
    return Unclear("stale")


def _picked(offer: Offer) -> Event:
    return Chose(offer.key) if offer.kind == "choice" else Picked(offer.key)


def _on_screen(
    lexicon: Lexicon, session: Session, open_now: tuple[Offer, ...], words: str
) -> Event | None:
    """A number, a label or a name that stands on the screen, word for word."""
    if words.isdecimal() and len(words) < LEAST_PREFIX:
        number = int(words)
        return _picked(open_now[number - 1]) if 0 < number <= len(open_now) else None
    for known in lexicon.spoken_first(session.language):
        for names in _shown(known, session.state):
            if words in names:
                return _open(open_now, names[words])
    return None


def _by_beginning(
    lexicon: Lexicon, session: Session, open_now: tuple[Offer, ...], words: str
) -> Event | None:
    """The beginning of exactly one label or name on the screen, in the person's language first."""
    if len(words) < LEAST_PREFIX:
        return None
    for known in lexicon.spoken_first(session.language):
        labels = known.choices.get(session.state, {}).items()
        meant = {key for label, key in labels if label.startswith(words)}
        meant |= {
            offer.key
            for offer in open_now
            for name in known.names.get(offer.key, ())
            if name.startswith(words)
        }
        events = {event for key in meant if (event := _open(open_now, key))}
        if len(events) == 1:
            return events.pop()
    return None


def _shown(known: Words, state: str) -> tuple[Mapping[str, str], ...]:
    return (known.choices.get(state, {}), *known.entries.values())


def _open(open_now: tuple[Offer, ...], key: str) -> Event | None:
    """The event of picking this, when it is open here."""
    for offer in open_now:
        if offer.key == key:
            return _picked(offer)
    return None

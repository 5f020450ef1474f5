"""From what came in to an event. Free text goes in, an event without text comes out, and the text
is gone.

    hear_words(script, lexicon, session, text)   typed text
    hear_button(script, session, key, mark)      a button, perhaps an old one, perhaps a forged one
    hear_media(kind)                             a voice message, photo, file, location, contact

What is heard is decided in one fixed order: the safety exit and help first, so that a safe word
works in every state; then what stands on the screen; then languages; then a crisis, whatever the
state; then the other commands; then beginnings of names; then a need or a place that was named.
Two equally good readings are unclear, and what was only understood is an event of its own
(`Meant`), so that it can be shown and corrected. It keeps, logs and returns no words.
"""

from collections.abc import Mapping
from typing import cast

from bot.dialogue.events import (
    Arrived,
    Asked,
    Chose,
    ChoseLanguage,
    Event,
    Meant,
    Picked,
    Taken,
    Unclear,
)
from bot.dialogue.lexicon import (
    FILLERS,
    PRIVACY_WORDS,
    START_WORDS,
    Lexicon,
    Sensed,
    Words,
    alike,
    apart,
)
from bot.dialogue.offers import COMMAND, LANGUAGE, VALUE, Offer, can_pick, offers
from bot.dialogue.session import Session
from flows.grammar import HANDOFF_SLOT, TALKING, Script, Sense

MOST_CHARACTERS = 1_000
"""Longer text is not taken as an answer: it is likely a story, and we never ask for one."""
MOST_LOOKED_THROUGH = 4_096
"""Letters of a long text in which a cry for help is looked for."""
LEAST_PREFIX = 3
"""Letters that the beginning of a label or name must have to stand for it."""
URGENT = ("leave", "help_now")
HEARD = {"heard": "yes"}
"""The slot that says: need or place came from free text, so offer to correct it."""
AT_WORK = ("suicide", "immediate_danger")
"""What is answered at once also in flows for people at work: it may be about themselves. The rest
is likely about somebody who did not agree to be written about.
"""
COMMAND_OF = {"erase": "leave", "exit": "leave"}
"""Understood commands that have another name here; leaving erases."""


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
    if session.slots.get(HANDOFF_SLOT) == TALKING:
        return _while_talking(script, lexicon, session, text)
    takes = script.steps[session.state].takes
    if len(text) > MOST_CHARACTERS and takes != "person":
        # Likely a story, which nobody asked for; but nobody is left alone in danger.
        sensed = lexicon.understanding.hear(text[:MOST_LOOKED_THROUGH], session.language)
        return _crisis(script, sensed) or Unclear("long")
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
    sensed = lexicon.understanding.hear(text[:MOST_LOOKED_THROUGH], session.language)
    staff = script.flows[script.steps[session.state].flow].staff
    event = _crisis(script, sensed)
    if event is not None and (not staff or sensed.crisis in AT_WORK):
        return event
    if asked:
        return _command(script, asked)
    if takes:
        return Taken(takes)
    if words in START_WORDS:
        return Arrived(session.language)
    if words in PRIVACY_WORDS and "privacy" in script.hears:
        return Meant("privacy")
    event = _by_beginning(lexicon, session, open_now, words) or _asked_for(script, sensed)
    if event is not None:
        return event
    if staff:
        # Whatever it was, it may be about a person who did not agree to it.
        return Unclear("staff" if "staff" in script.notes else "unclear")
    return _meant(script, open_now, sensed) or Unclear("unclear")


def _while_talking(script: Script, lexicon: Lexicon, session: Session, text: str) -> Event:
    """A human has the chat. Only what is written exactly so is ours: the exit and help, a label
    on the screen, a command with its stroke. All else is theirs to hear, a crisis too, and a
    number or a word such as "English" that may be an answer to them.
    """
    words = alike(text[: MOST_CHARACTERS + 1])
    asked = _asked(lexicon, session.language, words) if words else ""
    if asked and (asked in URGENT or text.strip().startswith("/")):
        return _command(script, asked)
    if text.strip().startswith("/") and words in PRIVACY_WORDS and "privacy" in script.hears:
        return Meant("privacy")
    in_chat = script.steps[session.state].takes == "person"
    if words and not (in_chat and words.isdecimal()):
        event = _on_screen(lexicon, session, offers(script, session), words)
        if event is not None:
            return event
    return Taken("person") if text.strip() else Unclear("unclear")


def is_urgent(lexicon: Lexicon, text: str) -> bool:
    """Whether typed text asks for help now, or to leave, or tells of a crisis, in any of our
    languages.
    """
    cut = text[:MOST_LOOKED_THROUGH]
    if _asked(lexicon, "", alike(cut)) in URGENT:
        return True
    # A crisis and a command are understood in every language, whichever is tried first.
    sensed = lexicon.understanding.hear(cut, next(iter(lexicon.order), ""), needs=False)
    asked = COMMAND_OF.get(sensed.command, sensed.command) if sensed.command else ""
    return sensed.crisis is not None or asked in URGENT


def _crisis(script: Script, sensed: Sensed) -> Event | None:
    """A crisis that a state is there for. The need that was chosen stays as it was."""
    if sensed.crisis is None or sensed.crisis not in script.hears:
        return None
    return Meant(cast("Sense", sensed.crisis), _told(script, "place", sensed.place))


def _asked_for(script: Script, sensed: Sensed) -> Event | None:
    """A command in free text."""
    if sensed.command is None:
        return None
    if sensed.command == "menu":
        return Meant("menu") if "menu" in script.hears else None
    return _command(script, COMMAND_OF.get(sensed.command, sensed.command))


def _meant(script: Script, open_now: tuple[Offer, ...], sensed: Sensed) -> Event | None:
    """A need or a place in free text, when the script has a state for it."""
    place = _told(script, "place", sensed.place)
    need = _told(script, "need", sensed.need)
    if need and "need" in script.hears:
        return Meant("need", {**need, **place, **HEARD})
    if place:
        asked_here = _open(open_now, place["place"])
        if asked_here is not None:
            return asked_here
        if "place" in script.hears:
            return Meant("place", {**place, **HEARD})
    return None


def _told(script: Script, name: str, value: str | None) -> dict[str, str]:
    """The slot with this value, when the script has such a slot and it may hold the value."""
    if value is None:
        return {}
    for flow in script.flows.values():
        slot = flow.slots.get(name)
        if slot is not None:
            allowed = slot.values or script.options.get(slot.options, ())
            return {name: value} if value in allowed else {}
    return {}


def _asked(lexicon: Lexicon, language: str, words: str) -> str:
    """The command that the whole text means, as it is or without words of politeness."""
    plain = " ".join(part for part in apart(words) if part not in FILLERS)
    for said in (words, plain):
        for known in lexicon.spoken_first(language):
            if said in known.commands:
                return known.commands[said]
    return ""


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

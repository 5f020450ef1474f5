"""What a person can pick in a state, in order and numbered: the same list for hearing and for
wording.

Keys are what a button carries back: a choice by its key, an item or list entry as `=value`, a
command as `!name`, a language as `@code`. They hold nothing of a person and are safe in a button
that a channel can see.
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from bot.dialogue.session import Session
from flows.grammar import Script, Step

VALUE, COMMAND, LANGUAGE = "=", "!", "@"


Kind = Literal["choice", "item", "entry"]


class Offer(NamedTuple):
    """One thing to pick. `number` counts from 1 and is what may be typed instead."""

    kind: Kind
    key: str
    """The choice's key, or the value of an item or list entry."""
    number: int


def offers(script: Script, session: Session) -> tuple[Offer, ...]:
    """All that can be picked now: items found, then choices, then the long list."""
    here = script.steps[session.state]
    found: list[tuple[Kind, str]] = []
    if here.each is not None:
        found += [("item", value) for value in session.values.get(here.each.value, ())]
    found += [("choice", key) for key in open_choices(here, session.slots)]
    if here.ask is not None:
        found += [("entry", value) for value in script.options[here.ask.options]]
    return tuple([Offer(kind, key, number) for number, (kind, key) in enumerate(found, 1)])


def open_choices(here: Step, slots: Mapping[str, str]) -> tuple[str, ...]:
    """The keys of the choices that are open in a step, in order."""
    return tuple(
        [
            choice.key
            for choice in here.choices
            if choice.shown_if is None or choice.shown_if.holds(slots)
        ]
    )


def can_pick(script: Script, session: Session, button: str) -> bool:
    """Whether a button with this key is among them. Quicker than making the list."""
    here = script.steps[session.state]
    if button.startswith(VALUE):
        value = button[1:]
        if here.each is not None and value in session.values.get(here.each.value, ()):
            return True
        return here.ask is not None and value in script.options[here.ask.options]
    return any(
        choice.key == button and (choice.shown_if is None or choice.shown_if.holds(session.slots))
        for choice in here.choices
    )

"""Puts what a turn decided into a person's language: prompts, labels, cards, the bar.

It decides nothing about where a conversation goes. Every word it says is fixed: a flow's text, a
phrase, or a listing's own names and numbers. What holds no placeholder is worded once and kept.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.cards import Cards
from bot.channels.contract import Block, Line, Option, Outgoing
from bot.dialogue.offers import COMMAND, VALUE, offers, open_choices
from bot.dialogue.session import Session
from bot.handing_words import SHOWN, Handed
from bot.phrases import END_ISOLATE, ISOLATE
from bot.screens import Screen, Screens
from flows.grammar import Script, Step
from flows.placeholders import placeholders

Text = Callable[[str, str], str]
"""`(context, English) → the text in one language`, of the catalogue of flows."""

_Picks = tuple[tuple[Option, ...], tuple[Option, ...]]
"""What can be picked: the choices, the long list."""


@dataclass(frozen=True, slots=True)
class Tongue:
    """One language to word in."""

    code: str
    direction: str
    flows: Text
    names: Mapping[str, Mapping[str, str]]
    """Option set (or `needs`) → key → its name in this language."""


class Words:
    """Words answers in every language of the service."""

    def __init__(
        self,
        script: Script,
        tongues: Mapping[str, Tongue],
        cards: Cards,
        fixed: Mapping[str, str],
        fallback: str,
        handed: Handed,
    ) -> None:
        """`fixed`: fillers that are the same for everyone, such as `keep_hours`. `handed` words
        what is told of a chat with a human.
        """
        self._handed = handed
        self._script, self._tongues, self._cards = script, tongues, cards
        self._fixed, self._fallback = fixed, fallback
        self._kept: dict[tuple[str, str], Block] = {}
        """Prompts that are the same for everyone."""
        self._bars = {code: self._bar(tongue) for code, tongue in tongues.items()}
        self._labels: dict[tuple[str, str, str], str] = {}
        self._picks: dict[tuple[str, str, tuple[str, ...]], _Picks] = {}
        """What can be picked in a state, by the choices that are open: the same for everyone."""
        self._screens = Screens(script)

    def word(
        self, session: Session, said: Sequence[str], at: datetime, *, forgotten: bool = False
    ) -> Outgoing:
        """The answer: all that was said in this turn, and what can be picked now."""
        tongue = self._tongue(session.language)
        blocks, options, listed = self._screens.screen(
            session, said, self._cards.served(at), lambda: self._screen(tongue, session, said, at)
        )
        direction: Literal["ltr", "rtl"] = "rtl" if tongue.direction == "rtl" else "ltr"
        bar = () if forgotten else self._bars[tongue.code]
        return Outgoing(
            *(tongue.code, direction, blocks, options, listed, bar, session.mark),
            forgotten=forgotten,
        )

    def _screen(
        self, tongue: Tongue, session: Session, said: Sequence[str], at: datetime
    ) -> Screen:
        here = self._script.steps[session.state]
        options, listed = self._pickable(tongue, here, session)
        blocks: list[Block] = []
        for name in said:
            blocks += self._say(tongue, session, name, at)
        # A card that cannot be picked here, such as the one line that is always open, has no
        # button; the others have the very button that stands among the choices.
        if any(block.option for block in blocks):
            by_key = {option.key: option for option in options}
            blocks = [
                Block(block.kind, block.lines, by_key.get(block.option.key))
                if block.option
                else block
                for block in blocks
            ]
        return Screen(tuple(blocks), options, listed)

    def _pickable(self, tongue: Tongue, here: Step, session: Session) -> _Picks:
        if here.each is not None:
            return self._listed(tongue, here, session)
        place = tongue.code, here.name, open_choices(here, session.slots)
        kept = self._picks.get(place)
        if kept is None:
            kept = self._picks[place] = self._listed(tongue, here, session)
        return kept

    def _listed(self, tongue: Tongue, here: Step, session: Session) -> _Picks:
        options: list[Option] = []
        listed: list[Option] = []
        for offer in offers(self._script, session):
            if offer.kind == "choice":
                label = self._label(tongue, here.name, offer.key)
                options.append(Option(offer.key, label, offer.number))
            elif offer.kind == "item":
                if name := self._cards.name(offer.key, tongue.code):
                    options.append(Option(VALUE + offer.key, name, offer.number))
            elif here.ask is not None:
                name = tongue.names[here.ask.options].get(offer.key, offer.key)
                listed.append(Option(VALUE + offer.key, name, offer.number))
        return tuple(options), tuple(listed)

    def emergency(self, language: str) -> Outgoing:
        """Where to get help now, made of fixed words and the pack alone."""
        tongue = self._tongue(language)
        return Outgoing(
            language=tongue.code,
            direction="rtl" if tongue.direction == "rtl" else "ltr",
            blocks=self._cards.emergency(tongue.code),
        )

    def _tongue(self, language: str) -> Tongue:
        return self._tongues.get(language) or self._tongues[self._fallback]

    def _bar(self, tongue: Tongue) -> tuple[Option, ...]:
        return tuple(
            Option(
                COMMAND + command.name,
                tongue.flows(f"always.commands.{command.name}.label", command.label),
            )
            for command in self._script.commands.values()
        )

    def _say(self, tongue: Tongue, session: Session, name: str, at: datetime) -> list[Block]:
        if name.startswith("#"):
            note = self._script.notes[name[1:]]
            return [self._prompt(tongue, session, f"always.notes.{name[1:]}.say", note, "note")]
        step = self._script.steps[name]
        blocks = []
        if step.say:
            blocks.append(self._prompt(tongue, session, _context(name), step.say, "say"))
        if step.shows:
            listings = [value for value in step.shows if value not in SHOWN]
            blocks.extend(self._cards.show(listings, session, tongue.code, at))
            blocks.extend(self._handed.show(step.shows, session, tongue.code, at))
        return blocks

    def _prompt(
        self, tongue: Tongue, session: Session, context: str, english: str, kind: str
    ) -> Block:
        kept = self._kept.get((tongue.code, context))
        if kept is not None:
            return kept
        text = tongue.flows(context, english)
        block = _block(kind, text.format_map(self._fillers(tongue, session)))
        if placeholders(text) <= self._fixed.keys():
            self._kept[tongue.code, context] = block
        return block

    def _fillers(self, tongue: Tongue, session: Session) -> "_Fillers":
        return _Fillers(self._fixed, tongue.names, session.slots)

    def _label(self, tongue: Tongue, state: str, key: str) -> str:
        place = (tongue.code, state, key)
        kept = self._labels.get(place)
        if kept is None:
            choice = next(c for c in self._script.steps[state].choices if c.key == key)
            context = f"{state.replace('/', '.')}.choices.{key}.label"
            kept = self._labels[place] = tongue.flows(context, choice.label)
        return kept


class _Fillers(dict[str, str]):
    """What stands for `{name}`: a fixed filler, the name of a place or need, or the slot as it
    is.
    """

    def __init__(
        self,
        fixed: Mapping[str, str],
        names: Mapping[str, Mapping[str, str]],
        slots: Mapping[str, str],
    ) -> None:
        super().__init__(fixed)
        self._names, self._slots = names, slots

    def __missing__(self, name: str) -> str:
        if name in ("place", "place_name"):
            return self._isolated("places", self._slots.get("place", ""))
        if name in ("need", "need_name"):
            return self._isolated("needs", self._slots.get("need", ""))
        return self._slots.get(name, "")

    def _isolated(self, names: str, key: str) -> str:
        name = self._names[names].get(key, "")
        return f"{ISOLATE}{name}{END_ISOLATE}" if name else ""


def _context(state: str) -> str:
    return f"{state.replace('/', '.')}.say"


def _block(kind: str, text: str) -> Block:
    lines = tuple(Line("text", part.strip()) for part in text.split("\n") if part.strip())
    return Block("note" if kind == "note" else "say", lines)

"""How a chat with a human is told of: what is passed on, the place in line, the six words, who.

It decides nothing about where a conversation goes. What is not known is said to be unknown, or not
said: a wait that was never measured is no number. It never sees what a person or an operator wrote.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final

from bot.channels.contract import Block, Line
from bot.dialogue.session import Session
from bot.phrases import Phrases
from bot.privacy import Promised, notice
from bot.said_hours import day_and_time

Names = Mapping[str, Mapping[str, str]]
"""`needs` and `places` → key → its name in one language."""
LEFT_OUT: Final = "no"
DUTY: Final = "duty"
NOTICE: Final = "notice"
AT_HOME: Final = {"occupied": "UA"}
"""Places that are no region of a country by their name, and whose law is that of a country."""


def passed(slots: Mapping[str, str], language: str, channel: str) -> tuple[str, ...]:
    """What goes along when a human is asked for, as codes: `need:legal`, `place:UA-63`,
    `urgency:now`, `prefer:woman`, `language:uk`, `channel:telegram`.

    Of what a person told us nothing goes that they left out (`pass_need` and the like hold `no`).
    """
    told = [
        f"{name}:{slots[name]}"
        for name in ("need", "place", "urgency")
        if name in slots and slots.get(f"pass_{name}") != LEFT_OUT
    ]
    wished = [f"prefer:{slots['prefer']}"] if "prefer" in slots else []
    return (*told, *wished, f"language:{language}", f"channel:{channel}")


class Handed:
    """Words for what the errands of a chat with a human bring."""

    def __init__(
        self, phrases: Mapping[str, Phrases], names: Mapping[str, Names], facts: Promised
    ) -> None:
        """The first two by language."""
        self._phrases, self._names = phrases, names
        self._facts = facts

    def show(
        self, values: Sequence[str], session: Session, language: str, at: datetime
    ) -> list[Block]:
        """The blocks of these values, in order; those that are not ours are passed over."""
        words, names = self._phrases[language], self._names[language]
        blocks: list[Block] = []
        for value in values:
            brought = session.values.get(value, ())
            if value == DUTY:
                blocks.append(self._duty(session.slots.get("place", ""), words))
            if value == NOTICE:
                blocks += notice(words, self._facts)
            if value in SHOWN and brought:
                blocks += SHOWN[value](brought, words, names, at)
        return blocks

    def _duty(self, place: str, words: Phrases) -> Block:
        """What may have to be reported where the person is, as far as a public page says it; and
        how long words are kept.
        """
        country = AT_HOME.get(place, place.partition("-")[0])
        key = f"handing.duty.{country}"
        said = words(key if key in words else "handing.duty.unknown")
        kept = words("handing.kept", hours=str(self._facts.keep_hours))
        return Block("say", (Line("text", said), Line("text", kept)))


def _passed(codes: tuple[str, ...], words: Phrases, names: Names, at: datetime) -> list[Block]:
    del at
    parts = [said for code in codes if (said := _one(code, words, names))]
    listed = Line("title", words("handing.passed")), *(Line("text", part) for part in parts)
    return [Block("say", (*listed, Line("fine", words("handing.not_passed"))))]


def _one(code: str, words: Phrases, names: Names) -> str:
    """One thing that goes along; empty when there is no word for it any more."""
    kind, _, about = code.partition(":")
    match kind:
        case "need":
            name = names["needs"].get(about, "")
        case "place":
            name = names["places"].get(about, "")
        case "language":
            name = words.language_name(about)
        case _:
            key = f"handing.{kind}.{about}"
            return words(key) if key in words else ""
    return words(f"handing.{kind}", name=name) if name else ""


def _in_line(known: tuple[str, ...], words: Phrases, names: Names, at: datetime) -> list[Block]:
    """The place, and how long people waited at this hour where that was measured."""
    del names, at
    place, half, most = (*known, "", "", "")[:3]
    lines = [Line("text", words("handing.in_line", place=place))] if place else []
    if half and most:
        lines.append(Line("text", words("handing.wait", half=half, most=most)))
    else:
        lines.append(Line("text", words("handing.wait_unknown")))
    return [Block("say", tuple(lines))]


def _opens(instants: tuple[str, ...], words: Phrases, names: Names, at: datetime) -> list[Block]:
    """When somebody is here again, by the desk's clock. Nothing for what is no instant."""
    del names
    try:
        instant = datetime.fromisoformat(instants[0])
    except ValueError:
        return []
    if instant.tzinfo is None:
        return []
    day, time = day_and_time(instant, words, at)
    said = words("handing.opens", day=day, time=time, zone=_zone(instant))
    return [Block("say", (Line("text", said),))]


def _zone(instant: datetime) -> str:
    """`UTC+2`, `UTC+5:30`: whose clock the time is of."""
    offset = instant.utcoffset()
    minutes = int(offset.total_seconds()) // 60 if offset else 0
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    sign = "+" if minutes > 0 else "-"
    return f"UTC{sign}{hours}" + (f":{rest:02}" if rest else "")


def _code(parts: tuple[str, ...], words: Phrases, names: Names, at: datetime) -> list[Block]:
    """The words of a code or a slip in their order, also where a line runs the other way."""
    del names, at
    return [Block("card", (Line("title", words.isolated(" ".join(parts))),))]


def _who(parts: tuple[str, ...], words: Phrases, names: Names, at: datetime) -> list[Block]:
    del names, at
    return [Block("say", (Line("text", words("handing.who", who=parts[0])),))]


def _fixed(prefix: str) -> "Worded":
    """The phrase of a code; nothing for a code that has none."""

    def worded(codes: tuple[str, ...], words: Phrases, names: Names, at: datetime) -> list[Block]:
        del names, at
        key = f"{prefix}.{codes[0]}"
        return [Block("say", (Line("text", words(key)),))] if key in words else []

    return worded


def _not_brought(parts: tuple[str, ...], words: Phrases, names: Names, at: datetime) -> list[Block]:
    """Nothing: what there is to say depends on the place, or on nothing but the settings."""
    del parts, words, names, at
    return []


Worded = Callable[[tuple[str, ...], Phrases, Names, datetime], list[Block]]
SHOWN: Final[Mapping[str, Worded]] = {
    DUTY: _not_brought,
    NOTICE: _not_brought,
    "passed": _passed,
    "secrecy": _fixed("handing.secrecy"),
    "in_line": _in_line,
    "opens": _opens,
    "desk_message": _fixed("desk"),
    "code": _code,
    "slip": _code,
    "who": _who,
}

"""A small conversation that counts turns, for trying channels without the rest of the service."""

from dataclasses import dataclass, field, replace

from bot.channels.contract import (
    LEAVE,
    SWITCH,
    Address,
    Block,
    Incoming,
    Line,
    Opened,
    Option,
    Outgoing,
    Pressed,
    Sent,
    TalkAsked,
    TalkTold,
    Unavailable,
)

PLACES = tuple(Option(f"=UA-{n:02}", f"Region {n}", n) for n in range(3, 30))
BAR = {
    "en": (Option("!help_now", "Help now"), Option("!back", "Back"), Option(LEAVE, "Leave")),
    "uk": (Option("!help_now", "Допомога зараз"), Option("!back", "Назад"), Option(LEAVE, "Вийти")),
    "ar": (Option("!help_now", "المساعدة الآن"), Option("!back", "رجوع"), Option(LEAVE, "مغادرة")),
}
HELLO = {
    "en": "Hello. I am an automatic guide to services, not a person.",
    "uk": "Вітаю. Я автоматичний довідник служб, а не людина.",
    "ar": "مرحبًا. أنا دليل آلي للخدمات ولست إنسانًا.",
}
CARD = Block(
    "card",
    (
        Line("title", "Центр допомоги <врятованим>"),
        Line("text", "Free · day and night"),
        Line("phone", "0 800 000 000", "tel:+380800000000"),
        Line("link", "help.example", "https://help.example/"),
        Line("link", "A link that must not be one", "javascript:alert(1)"),
        Line("fine", "Confirmed 3 Nov 2026. Source: a test."),
    ),
)
OPENS = Option("=centre", "Центр допомоги <врятованим>", 1)


@dataclass(slots=True)
class Counted:
    language: str
    turn: int = 0
    note: str = ""


@dataclass(slots=True)
class CountingConversation:
    """Keeps a turn number for each person. `failing` is raised by every turn and look."""

    sessions: dict[bytes, Counted] = field(default_factory=dict)
    taken: list[Incoming] = field(default_factory=list)
    seen: set[tuple[bytes, str]] = field(default_factory=set)
    failing: Exception | None = None
    live: bool = False
    """Whether more may come by itself."""

    async def take(self, incoming: Incoming) -> Outgoing | None:
        if self.failing:
            raise self.failing
        person = incoming.address.person
        if incoming.once and (person, incoming.once) in self.seen:
            return None
        self.seen.add((person, incoming.once))
        self.taken.append(incoming)
        kept = self.sessions.get(person, Counted(incoming.language or "en"))
        heard = incoming.heard
        if isinstance(heard, Pressed) and heard.key == LEAVE:
            self.sessions.pop(person, None)
            return _out(kept, (Line("text", "Done. What I remembered is gone."),), forgotten=True)
        kept.note = ""
        if isinstance(heard, Pressed) and heard.key.startswith(SWITCH):
            kept.language = heard.key[1:] if heard.key[1:] in HELLO else kept.language
        elif isinstance(heard, Pressed) and heard.mark != str(kept.turn):
            kept.note = "That button was from an earlier answer."
        elif isinstance(heard, Sent):
            kept.note = "I can only read words."
        elif isinstance(heard, Opened):
            kept.turn = -1
        kept.turn += 1
        self.sessions[person] = kept
        return _shown(kept)

    async def look(self, address: Address, language: str) -> Outgoing:
        if self.failing:
            raise self.failing
        out = _shown(self.sessions.get(address.person, Counted(language or "en")))
        return replace(out, live=self.live)

    async def talk(self, address: Address, asked: TalkAsked) -> TalkTold:
        return TalkTold("none")

    def emergency(self, language: str) -> Outgoing:
        return _out(Counted(language), (Line("phone", "112", "tel:112"),))


def _shown(kept: Counted) -> Outgoing:
    lines = (Line("text", f"{HELLO[kept.language]}\nTurn {kept.turn}."),)
    notes = (Block("note", (Line("text", kept.note),)),) if kept.note else ()
    if kept.turn == 0:
        options = (Option("yes", "Yes <now>", 1), Option("unsure", "Not sure & alone", 2))
        return _out(kept, lines, notes, options=options)
    if kept.turn == 1:
        return _out(kept, lines, notes, options=(Option("abroad", "Abroad", 1),), listed=PLACES)
    card = replace(CARD, option=OPENS)
    return _out(kept, lines, (*notes, card), options=(OPENS, Option("again", "Look again", 2)))


def _out(
    kept: Counted,
    lines: tuple[Line, ...],
    more: tuple[Block, ...] = (),
    *,
    options: tuple[Option, ...] = (),
    listed: tuple[Option, ...] = (),
    forgotten: bool = False,
) -> Outgoing:
    return Outgoing(
        kept.language,
        "rtl" if kept.language == "ar" else "ltr",
        (Block("say", lines), *more),
        options=options,
        listed=listed,
        bar=BAR[kept.language],
        mark=str(kept.turn),
        forgotten=forgotten,
    )


DOWN = Unavailable()

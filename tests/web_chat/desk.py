"""A small desk for trying the page: real sealing, real signatures, operators in Python.

It keeps what it was handed, so that tests can see that no word was ever in it. What a dishonest
server would do is done through `forge`: it changes what the page is told, just before it is.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from bot.channels.contract import (
    HELP_NOW,
    LEAVE,
    SWITCH,
    Address,
    Again,
    Block,
    Chat,
    Enter,
    Hear,
    Incoming,
    Line,
    Option,
    Outgoing,
    Plain,
    Pressed,
    Say,
    Sealed,
    Spoken,
    TalkAsked,
    TalkTold,
    Typing,
    Unavailable,
    Words,
)
from bot.channels.web_live import Live
from bot.sealing import Organisation, SignedRoster
from bot.vault.signing import SigningKeys
from tests.web_chat.on_duty import CHAT, Operator

HELLO = {"en": "You asked for a person.", "uk": "Ви попросили людину.", "ar": "طلبت إنسانًا."}
BAR = (Option(HELP_NOW, "Help now"), Option(LEAVE, "Leave"))


@dataclass
class Desk:
    """One person's chat, as a service would keep it."""

    folder: Path
    now: Callable[[], float]
    live: Live | None = None
    person: bytes = b""
    who: str = ""
    state: str = "waiting"
    mode: str = "door"
    suite: int = 1
    public: bytes = b""
    version: int = 1
    news: int = 1
    read: int = 0
    reader: str = ""
    typed: int = 0
    """Signs that the person is writing."""
    language: str = "en"
    ended: bool = False
    left: bool = False
    down: bool = False
    """Nothing is taken, as when the service is gone."""
    deaf: int = 0
    """So many more messages are taken without an answer coming back."""
    lines: list[Spoken] = field(default_factory=list)
    """What was sealed at the door, as the server opens it with the cookie's session."""
    said: list[Say] = field(default_factory=list)
    heard: list[Incoming] = field(default_factory=list)
    replies: list[Sealed] = field(default_factory=list)
    acked: int = 0
    note: str = ""
    readers: list[Operator] = field(default_factory=list)
    rosters: dict[int, SignedRoster] = field(default_factory=dict)
    forge: Callable[[TalkTold], TalkTold] = lambda told: told

    def __post_init__(self) -> None:
        self.organisation = Organisation(SigningKeys.open(self.folder))
        self.maple = Operator("Maple", int(self.now()) + 3600)
        self.birch = Operator("Birch", int(self.now()) + 3600)
        self.readers = [self.maple, self.birch]
        self.serial = 1_000_000

    # What happens at the desk.

    def changed(self, *, news: bool = True) -> None:
        self.version += 1
        self.news += news
        if self.live is not None and self.person:
            self.live.wake(self.person)

    def claim(self, operator: Operator) -> None:
        self.who, self.state, self.readers = operator.who, "talking", [operator]
        self.serial += 1
        self.changed()

    def write(self, text: str, by: Operator | None = None) -> None:
        by = by or self.maple
        if self.mode == "door":
            number = sum(line.by == "them" for line in self.lines) + 1
            self.lines.append(Spoken("them", text, number))
        else:
            number = len(self.replies) + 1
            self.replies.append(by.write(text, number, self.suite, self.public))
        self.changed(news=False)

    def has_read(self) -> None:
        self.read, self.reader = len(self.said), self.who
        self.changed(news=False)

    def writes(self) -> None:
        """An operator is writing."""
        assert self.live is not None
        self.live.sign(self.person)

    def end(self) -> None:
        self.ended = True
        self.changed()

    def roster(self) -> SignedRoster:
        """The same until the serial grows."""
        if self.serial not in self.rosters:
            on_duty = [one.on_duty(self.organisation) for one in (self.maple, self.birch)]
            signed = self.organisation.roster(on_duty, int(self.now()), self.serial)
            self.rosters[self.serial] = signed
        return self.rosters[self.serial]

    # What the page asks.

    async def take(self, incoming: Incoming) -> Outgoing | None:
        if self.down:
            raise Unavailable
        self.person = incoming.address.person
        self.heard.append(incoming)
        heard = incoming.heard
        if isinstance(heard, Pressed) and heard.key == LEAVE:
            self.left = self.ended = True
            said = Block("say", (Line("text", "Done. What I remembered is gone."),))
            return Outgoing(self.language, "ltr", (said,), forgotten=True)
        self.note = ""
        if isinstance(heard, Pressed) and heard.key == HELP_NOW:
            self.note = "These answer now: 112"
        if isinstance(heard, Pressed) and heard.key.startswith(SWITCH):
            self.language = heard.key[1:]
        if isinstance(heard, Words) and not self.ended:
            self.note = self._words(heard.text)
        return self._page(self.note)

    def _words(self, text: str) -> str:
        if self.mode == "device":
            return "This chat is sealed by its page. Nothing was taken."
        number = sum(line.by == "me" for line in self.lines) + 1
        self.lines.append(Spoken("me", text, number))
        self.changed(news=False)
        return ""

    async def look(self, address: Address, language: str) -> Outgoing:
        if self.down:
            raise Unavailable
        self.person = address.person
        return self._page(self.note)

    def emergency(self, language: str) -> Outgoing:
        line = Line("phone", "112", "tel:112")
        return Outgoing(language, "ltr", (Block("say", (line,)),))

    async def talk(self, address: Address, asked: TalkAsked) -> TalkTold:
        if self.down:
            raise Unavailable
        if address.person != self.person or self.left:
            return TalkTold("none")
        refused = ""
        match asked:
            case Typing():
                self.typed += 1
            case Again():
                refused = self._again(asked)
            case Enter(suite, public):
                if not self.ended:
                    self.mode, self.suite, self.public = "device", suite, public
            case Say():
                refused = self._say(asked)
                if self.deaf:
                    self.deaf -= 1
                    raise Unavailable
            case Plain():
                self.mode = "door"
                self.changed()
            case Hear(_, acked):
                self.acked = max(self.acked, acked)
        after = asked.after if isinstance(asked, Hear) else len(self.replies)
        return self.forge(self._told(after, refused))

    def _say(self, said: Say) -> str:
        if self.mode == "door":
            return "door"
        if self.said and said.number == self.said[-1].number and said.body == self.said[-1].body:
            return ""
        if said.number != len(self.said) + 1:
            return "number"
        if set(said.wraps) != {one.prekey.public.id.hex() for one in self.readers}:
            return "receivers"
        self.said.append(said)
        return ""

    @property
    def lost(self) -> tuple[int, ...]:
        """What nobody has read and nobody who is there can open."""
        keys = {one.prekey.public.id.hex() for one in self.readers}
        unread = [one for one in self.said if one.number > self.read]
        return tuple(one.number for one in unread if keys and not keys & set(one.wraps))

    def _again(self, again: Again) -> str:
        if again.number not in self.lost:
            return "number"
        if set(again.wraps) != {one.prekey.public.id.hex() for one in self.readers}:
            return "receivers"
        self.said[again.number - 1] = Say(again.number, again.body, again.wraps)
        return ""

    def _told(self, after: int, refused: str) -> TalkTold:
        status = "over" if self.ended else self.state
        if self.mode == "door":
            return TalkTold(status, "door", version=self.version, news=self.news, refused=refused)  # type: ignore[arg-type]
        roster = self.roster()
        keys = self.organisation.keys
        return TalkTold(
            status,  # type: ignore[arg-type]
            chat=CHAT,
            public=self.public,
            next_in=len(self.said) + 1,
            last_out=len(self.replies),
            read=self.read,
            reader=self.reader,
            again=self.lost,
            version=self.version,
            news=self.news,
            who=self.who,
            receivers=tuple(one.prekey.public.id for one in self.readers),
            roster=roster.data,
            signature=roster.signature,
            organisation={"ed25519": keys.ed25519, "p256": keys.p256},
            replies=tuple(one for one in self.replies if one.number > after),
            refused=refused,
        )

    def _page(self, note: str) -> Outgoing:
        said = Block("say", (Line("text", HELLO[self.language]), *self._how()))
        notes = (Block("note", (Line("text", note),)),) if note else ()
        chat = Chat(
            number=self.version,
            who=self.who,
            state="talking" if self.state == "talking" else "waiting",
            mode="device" if self.mode == "device" else "door",
            lines=() if self.mode == "device" else tuple(self.lines),
            news=self.news,
            exits=("stop", "стоп"),
            helps=("help now",),
        )
        return Outgoing(
            self.language,
            "rtl" if self.language == "ar" else "ltr",
            (said, *notes),
            options=(Option("later", "Read something meanwhile", 1),),
            bar=BAR,
            mark=str(len(self.heard)),
            live=not self.ended,
            chat=None if self.ended else chat,
        )

    def _how(self) -> tuple[Line, ...]:
        if self.ended:
            return (Line("text", "The chat has ended. I am here again."),)
        return (Line("text", f"{self.who} is here." if self.who else "You are third in line."),)


def in_clear(desk: Desk) -> str:
    """Everything that reached the server as words."""
    typed = [one.heard.text for one in desk.heard if isinstance(one.heard, Words)]
    return "\n".join(typed + [line.text for line in desk.lines])


def swapped(told: TalkTold, **others: object) -> TalkTold:
    """The same with something else in it."""
    return replace(told, **others)  # type: ignore[arg-type]

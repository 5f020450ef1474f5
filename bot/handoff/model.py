"""What the rooms around a handoff say to each other: chats, staff on duty, refusals. No behaviour.

No field may hold a person's words or name. Times are seconds since 1970. `Chat` is the whole of
what is known of a chat; it is stored sealed under the epoch key.
"""

from dataclasses import dataclass, field
from typing import Final, Literal

import msgspec

State = Literal["waiting", "claimed", "parked", "closed", "abandoned"]
"""`waiting`: in the queue. `claimed`: one operator has it. `parked`: the operator keeps it, answers
later, and the person was told. The last two are the end.
"""
Mode = Literal["door", "device"]
"""Who seals for the person: the server at the door, which forgets, or their own browser."""
Kind = Literal["telegram", "web", "terminal"]
"""The kind of channel, which is all that an operator learns of it."""
Severity = Literal[0, 1, 2]
"""2: danger now or thoughts of ending life; 1: a child, captivity, the last days; 0: the rest."""
Direction = Literal["in", "out", "own"]
"""`in`: person to desk. `out`: desk to person. `own`: the person's own words, kept for their page
without JavaScript and sealed to a key in their cookie's session.
"""
Ending = Literal["by_person", "by_operator", "idle", "left", "keys_gone"]


class Address(msgspec.Struct, frozen=True, array_like=True):
    """Where the person is reached. Only ever inside a sealed row."""

    channel: str
    bot: str
    person: bytes

    def __repr__(self) -> str:
        return "Address()"


class Transfer(msgspec.Struct, frozen=True, array_like=True):
    """A chat on its way from one operator to another; the first keeps it until it is taken."""

    to: str
    """A staff id, or a queue: `queue:` and a language."""
    warm: bool
    """Both are present until the first leaves."""
    step: Literal["asking_person", "offered", "joined"]
    since: float


class Chat(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """All that is known of one chat. Sealed whole; `id` and `version` are columns too.

    Packed in the order of its fields: a new one goes to the end, with a default.
    """

    id: bytes
    """16 random bytes."""
    version: int
    """Grows by one over all chats with every change, so that a reader can ask for what is newer."""
    state: State
    owner: str = ""
    """Staff id; empty while it waits."""
    name: str
    """A random word of a neutral list, for staff (`Maple`)."""
    language: str
    need: str = ""
    """Empty when the person left it out."""
    place: str = ""
    kind: Kind
    severity: Severity = 0
    skills: tuple[str, ...] = ()
    """What the person asked for of who answers: `child`, `legal`, `woman`, `man`."""
    address: Address
    mode: Mode = "door"
    suite: Literal[1, 2] = 1
    """Of `public`; see `bot.sealing`."""
    public: bytes = b""
    """What replies are sealed to. Its private half: in the session (door) or the browser
    (device).
    """
    door: bytes = b""
    """That private half, where replies are sent when the person is not there (Telegram, terminal).
    Empty on the web.
    """
    asked: float
    since: float
    """When the present state began; waiting keeps counting from `asked`."""
    last_in: float = 0.0
    last_out: float = 0.0
    number_in: int = 0
    number_out: int = 0
    """Numbers of the last message each way; the first is 1."""
    acked: int = 0
    """The last reply that the person's side has shown or Telegram has taken."""
    transfer: Transfer | None = None
    helper: str = ""
    """A second member of staff in the chat: a lead who joined, or who gets a warm transfer."""
    heavy: bool = False
    warned: float = 0.0
    """When the person was last told that it is quiet here; 0 when not."""
    offered: str = ""
    """Who is asked first to take it, and until when. Anybody else may still be quicker."""
    offered_until: float = 0.0
    passed_by: tuple[str, ...] = ()
    """Who let an offer go by, so that it goes on."""
    parked_until: float = 0.0
    ending: Ending | Literal[""] = ""
    news: int = 0
    """Grows with every change that the person is to be told of; see `told`."""
    told: str = ""
    """The newest such change: `joined`, `changed`, `paused`, `resumed`, `in_line_again`,
    `transfer_asked`, `quiet`, `ended`, `desk_paused`.
    """
    who: str = ""
    """The pseudonym of who answers, as the person sees it."""
    seen: float = 0.0
    """When the person last looked, to the minute: who waits and looks is not given up."""
    told_at: float = 0.0
    """When the person last heard of us; nobody waits longer than `told_seconds` without a word."""
    owed: float = 0.0
    """Since when somebody here owes the person a word; 0 when nobody does."""
    met: float = 0.0
    """When the first operator came; 0 before."""
    read: int = 0
    """The last message of the person that somebody here had on their screen."""
    reader: str = ""
    """The pseudonym of who had it there first."""
    missed: tuple[int, ...] = ()
    """Messages before it that nobody here had on a screen: no key there opened them."""
    back: float = 0.0
    """When somebody last came in with the six words, from another place than before; 0 when nobody
    did. Whoever holds the words is believed, so staff are told.
    """

    def __repr__(self) -> str:
        return "Chat()"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person wants of the desk, and what they let us pass on."""

    language: str
    address: Address
    kind: Kind
    need: str = ""
    place: str = ""
    severity: Severity = 0
    skills: tuple[str, ...] = ()
    mode: Mode = "door"
    suite: Literal[1, 2] = 1
    public: bytes = b""
    door: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Changed:
    """A chat is another than it was. Said after it is kept, in every process that looks."""

    chat_id: bytes = field(repr=False)
    version: int
    kind: str
    """`asked`, the new state (`claimed`, `waiting`, …), `owner`, `transfer`, `helper`, `offered`,
    `said`, `replied`, `news`, `other`, or `gone` when nothing of it is left.
    """
    now: Chat | None = field(repr=False)
    """None when it is gone."""
    was: Chat | None = field(repr=False)
    """None when it is new to us."""

    @property
    def news(self) -> bool:
        """Whether the person is to be told of it: wake their page, or poke their session."""
        return self.now is not None and self.now.news > (self.was.news if self.was else 0)


class Refused(Exception):
    """Something that cannot be done, said to staff. `code` is stable; words are the console's."""

    def __init__(self, code: str, **values: str) -> None:
        super().__init__(code)
        self.code, self.values = code, values


class NoSuchChat(Refused):
    """There is none with that id, or it is not theirs: one answer for both."""

    def __init__(self) -> None:
        super().__init__("no_such_chat")


class TakenAlready(Refused):
    """Somebody else was quicker."""

    def __init__(self) -> None:
        super().__init__("taken")


@dataclass(frozen=True, slots=True)
class Duty:
    """One member of staff on duty."""

    staff: str
    who: str
    """The pseudonym that people see."""
    languages: tuple[str, ...]
    skills: tuple[str, ...] = ()
    connected: bool = True
    paused: bool = False
    open: int = 0
    """As the board counts them (`Board.load`); who keeps shifts need not fill these two in."""
    heavy: int = 0
    most_open: int = 3
    most_heavy: int = 1
    keys: tuple[bytes, ...] = ()
    """Ids of their live prekeys."""


@dataclass(frozen=True, slots=True)
class DeskRules:
    """Times and limits of a desk, in seconds where they are times."""

    offer_seconds: float = 45.0
    drop_seconds: float = 60.0
    """An operator whose line is gone for so long has lost their chats."""
    quiet_seconds: float = 15 * 60.0
    """Nobody wrote for so long: the person is asked gently."""
    idle_seconds: float = 45 * 60.0
    """Then it ends, and the bot takes over."""
    told_seconds: float = 10 * 60.0
    """Nobody waits longer without a word from us."""
    waiting_hours: float = 12.0
    """A waiting chat that its person has not looked at for so long is abandoned."""
    parked_seconds: float = 30 * 60.0
    most_open: int = 3
    most_heavy: int = 1
    most_waiting: int = 2_000
    """With so many in line, only who may be in danger is let in; the others are told what else
    answers now.
    """
    pause_after_heavy_seconds: float = 15 * 60.0
    pause_due_seconds: float = 2 * 3600.0


ENDED: Final = frozenset({"closed", "abandoned"})

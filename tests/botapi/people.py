"""A person in front of their chat: says, presses, sends, blocks, and sees what is left to see.

A chat holds what both sides see. Names and ids are made up and marked, so that a test can look for
them where they must not be.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from tests.botapi.text import Entity, Keyboard, units
from tests.botapi.updates import Update

if TYPE_CHECKING:
    from tests.botapi.server import BotApi

FILE: Final = {"file_id": "AwACAgIAAxkBAAIB", "file_unique_id": "AgADbQ", "file_size": 4096}
SENT: Final[dict[str, Any]] = {
    "voice": {**FILE, "duration": 3, "mime_type": "audio/ogg"},
    "photo": [{**FILE, "width": 90, "height": 90}],
    "document": {**FILE, "file_name": "report.pdf"},
    "video_note": {**FILE, "length": 240, "duration": 3},
    "sticker": {**FILE, "type": "regular", "width": 512, "height": 512, "is_animated": False}
    | {"is_video": False},
    "location": {"latitude": 50.45, "longitude": 30.52},
    "contact": {"phone_number": "+380440000000", "first_name": "Contact"},
}
"""What each kind of a message that is not text holds."""


@dataclass(slots=True)
class Message:
    """One message, as both sides see it now."""

    id: int
    at: float
    text: str
    from_bot: bool
    entities: list[Entity] = field(default_factory=list)
    keyboard: Keyboard = field(default_factory=list)
    kind: str = "text"
    silent: bool = False
    """Came without a sound: `disable_notification`."""
    protected: bool = False
    """Cannot be forwarded or saved: `protect_content`."""
    previews: bool = True
    """Whether a link in it would be fetched by Telegram."""
    edited: int = 0

    @property
    def labels(self) -> list[str]:
        """The words on its buttons."""
        return [button["text"] for row in self.keyboard for button in row]


class Chat:
    """The private chat of one person with the bot, seen from the person's side."""

    def __init__(self, api: "BotApi", chat_id: int, language: str, kind: str = "private") -> None:
        self.id, self.language, self.kind = chat_id, language, kind
        self.first_name = f"First-{chat_id}"
        self.last_name = f"Last-{chat_id}"
        self.username = f"user_{chat_id}"
        self.messages: dict[int, Message] = {}
        """All that is still there, of both sides."""
        self.toasts: list[str] = []
        """What was shown for a moment after a button was pressed."""
        self.actions: list[str] = []
        """"typing" and the like."""
        self.acted_at = 0.0
        """When the last of them was; 0 once a message came."""
        self.known = False
        """Whether the bot may write: the person wrote first."""
        self.blocked = False
        self.deactivated = False
        self.sends = 0
        """How many messages the bot sent or edited so far."""
        self._api = api
        self._seen = 0

    # --- what a person does ---

    def start(self, payload: str = "") -> Update:
        """Press Start, or open a link with a payload."""
        return self.say(f"/start {payload}".strip())

    def say(self, text: str) -> Update:
        """Write a text."""
        return self._wrote("text", text)

    def send(self, kind: str, caption: str = "") -> Update:
        """Send what is not text: `kind` is one of `SENT`."""
        return self._wrote(kind, caption)

    def send_voice(self) -> Update:
        """Send a voice message."""
        return self.send("voice")

    def edit(self, message: Message, text: str) -> Update:
        """Change an own message."""
        message.text, message.edited = text, message.edited + 1
        return self._happened("edited_message", self._api.shape(self, message))

    def press(self, label: str, message: Message | None = None) -> Update:
        """Press the newest button with these words (or the one under `message`)."""
        for one in [message] if message else reversed(list(self.messages.values())):
            for button in (button for row in one.keyboard for button in row):
                if button["text"] == label and "callback_data" in button:
                    return self.press_data(button["callback_data"], one)
        raise AssertionError(f"no button {label!r}; there are {self.labels}")

    def press_data(self, data: str, message: Message | None = None) -> Update:
        """Press with any data, as a client that was tampered with can."""
        under = message or self.last
        self._seen = self.sends
        return self._api.pressed(self, under, data)

    def block(self) -> Update:
        """Block the bot: it may not write any more."""
        self.blocked = True
        return self._membership("member", "kicked")

    def unblock(self) -> Update:
        """Let the bot write again."""
        self.blocked = False
        return self._membership("kicked", "member")

    def delete(self, message: Message) -> None:
        """Delete one message for both. The bot is not told."""
        self.messages.pop(message.id, None)
        self._api.bell.ring()

    def clear(self) -> None:
        """Delete the chat by hand, for both. The bot is not told."""
        self.messages.clear()
        self._api.bell.ring()

    # --- what a person sees ---

    def visible(self) -> list[str]:
        """The texts that are there, of both sides, in order."""
        return [message.text for message in self.messages.values()]

    @property
    def from_bot(self) -> list[Message]:
        """What the bot sent and is still there."""
        return [message for message in self.messages.values() if message.from_bot]

    @property
    def last(self) -> Message:
        """The newest message of the bot."""
        if not self.from_bot:
            raise AssertionError("the bot has sent nothing that is still there")
        return self.from_bot[-1]

    @property
    def labels(self) -> list[str]:
        """The words on all buttons that can be seen."""
        return [label for message in self.messages.values() for label in message.labels]

    async def reply(self, count: int = 1) -> Message:
        """Wait until the bot sent or edited so many messages since the person last did something;
        gives the newest.
        """
        wanted = self._seen + count
        await self._api.bell.until(lambda: self.sends >= wanted, f"{count} replies")
        return self.last

    async def until(self, wanted: Callable[["Chat"], bool], what: str = "as wanted") -> None:
        """Wait until the chat is like that."""
        await self._api.bell.until(lambda: wanted(self), what)

    async def sees(self, text: str) -> Message:
        """Wait for a message of the bot with these words in it; gives it."""
        await self.until(
            lambda chat: any(text in one.text for one in chat.from_bot), f"a message with {text!r}"
        )
        return next(one for one in reversed(self.from_bot) if text in one.text)

    # --- inside ---

    def person(self) -> dict[str, Any]:
        """`from`."""
        return {
            "id": abs(self.id),
            "is_bot": False,
            "first_name": self.first_name,
            "last_name": self.last_name,
            "username": self.username,
            "language_code": self.language,
        }

    def json(self) -> dict[str, Any]:
        """`chat`."""
        if self.kind != "private":
            return {"id": self.id, "type": self.kind, "title": f"Group {self.first_name}"}
        person = self.person()
        names = {name: person[name] for name in ("id", "first_name", "last_name", "username")}
        return names | {"type": "private"}

    def _wrote(self, kind: str, text: str) -> Update:
        self.known = True
        message = self._api.keep(self, Message(0, 0, text, from_bot=False, kind=kind))
        if kind == "text" and text.startswith("/"):
            command = units(text.split(maxsplit=1)[0])
            message.entities = [{"type": "bot_command", "offset": 0, "length": command}]
        return self._happened("message", self._api.shape(self, message))

    def _happened(self, kind: str, content: dict[str, Any]) -> Update:
        self._seen = self.sends
        return self._api.updates.add(kind, content, self.id)

    def _membership(self, before: str, after: str) -> Update:
        bot = self._api.me()
        return self._happened(
            "my_chat_member",
            {
                "chat": self.json(),
                "from": self.person(),
                "date": int(self._api.clock()),
                "old_chat_member": {"user": bot, "status": before}
                | ({"until_date": 0} if before == "kicked" else {}),
                "new_chat_member": {"user": bot, "status": after}
                | ({"until_date": 0} if after == "kicked" else {}),
            },
        )

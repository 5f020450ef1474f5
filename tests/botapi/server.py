"""The Bot API over HTTP: who may call, what goes wrong on demand, and a record of every call.

It stands in for Telegram towards one bot. It must not talk to anything but that bot.
"""

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from tests.botapi.bell import Bell
from tests.botapi.faults import Fault, Faults, Waiting
from tests.botapi.methods import METHODS
from tests.botapi.pace import Pace
from tests.botapi.people import SENT, Chat, Message
from tests.botapi.refusals import NO_METHOD, NOT_FOUND, UNAUTHORIZED, Refused
from tests.botapi.updates import Update, Updates
from tests.botapi.webhook import Webhook
from tests.botapi.wire import Page, cut, params_of

SPEEDY = frozenset({"sendMessage", "editMessageText", "editMessageReplyMarkup"})
"""What counts as a message for Telegram's limits of speed."""
TOKEN = "7000000001:AAfake-token_of-a-bot-that-does-not-exist"


@dataclass(slots=True)
class Call:
    """One call of the bot."""

    method: str
    params: dict[str, Any] = field(repr=False)
    at: float
    """When, by the server's clock."""
    result: Any = field(default=None, repr=False)
    refused: Refused | None = None
    fault: Fault | None = None

    @property
    def done(self) -> bool:
        """Whether it had its effect."""
        return self.refused is None and (self.fault is None or self.fault.kind == "lose")


class BotApi:
    """A Bot API server for one bot, and the people who write to it."""

    def __init__(
        self,
        *,
        token: str = TOKEN,
        clock: Callable[[], float] = time.time,
        retry_seconds: float = 0.05,
    ) -> None:
        """`clock`: seconds since 1970. `retry_seconds`: before a webhook is tried again."""
        self.token, self.clock = token, clock
        self.bell = Bell()
        self.updates = Updates(self.bell, clock)
        self.webhook = Webhook(self.updates, self.bell, retry_seconds)
        self.faults = Faults()
        self.chats: dict[int, Chat] = {}
        self.calls: list[Call] = []
        """Every call with the right token, in order; a call that hangs is there at once."""
        self.strangers = 0
        """Calls with a wrong token."""
        self.queries: dict[str, tuple[int, float]] = {}
        """Pressed buttons that are not answered: chat and time."""
        self.pace: Pace | None = None
        """Telegram's own limits of speed; none unless they are set."""
        self.profile: dict[tuple[str, str], Any] = {}
        """Name, descriptions and commands, by (what, language)."""
        self.port = 0
        self._messages = 0
        self._queries = 0
        self._runner: web.AppRunner | None = None
        self._stopping = asyncio.Event()

    # --- running ---

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    async def start(self, port: int = 0) -> None:
        """Listen on this machine. After a `stop` it goes on with all that it knew."""
        self._stopping.clear()
        app = web.Application(client_max_size=16 * 1024 * 1024)
        app.router.add_route("*", "/bot{token}/{method}", self._answer)
        self._runner = web.AppRunner(
            app, access_log=None, handler_cancellation=True, shutdown_timeout=0.5
        )
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port or self.port).start()
        self.port = self._runner.addresses[0][1]
        await self.webhook.start()

    async def stop(self) -> None:
        """Stop listening, as when the network is gone."""
        self._stopping.set()
        await self.webhook.stop()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    @property
    def base(self) -> str:
        """What `QUIETLINE_TELEGRAM_API_BASE` is set to."""
        return f"http://127.0.0.1:{self.port}"

    # --- for tests ---

    def chat(self, chat_id: int = 0, language: str = "en", kind: str = "private") -> Chat:
        """A person with a phone, new or known."""
        chat_id = chat_id or 5_100_000_001 + len(self.chats)
        if chat_id not in self.chats:
            self.chats[chat_id] = Chat(self, chat_id, language, kind)
        return self.chats[chat_id]

    def fail(
        self, method: str, fault: Fault, *, times: int = 1, chat: Chat | None = None
    ) -> Waiting:
        """Let the next calls go wrong; `"*"` is every method."""
        return self.faults.add(method, fault, times, chat.id if chat else None)

    def called(self, *methods: str) -> list[Call]:
        """The calls of these methods, in order."""
        return [call for call in self.calls if call.method in methods]

    def sent(self, chat: Chat | None = None) -> list[Call]:
        """Messages that were sent or edited, to one chat or to all."""
        wanted = self.called("sendMessage", "editMessageText")
        return [
            call
            for call in wanted
            if call.done and (chat is None or str(call.params["chat_id"]) == str(chat.id))
        ]

    def refusals(self) -> list[str]:
        """What was refused by the rules of Telegram, not by a fault on demand."""
        return [
            f"{call.method}: {call.refused.description}"
            for call in self.calls
            if call.refused is not None and call.fault is None
        ]

    async def until(self, wanted: Callable[[], bool], what: str = "as wanted") -> None:
        """Wait until it is so."""
        await self.bell.until(wanted, what)

    async def taken(self) -> None:
        """Wait until the bot took every update."""
        await self.until(lambda: not self.updates.waiting, "every update taken")

    async def replay(self, update: Update, times: int = 5) -> list[int]:
        """Send one update to the webhook so many times at once; gives the statuses."""
        body = json.dumps(update.json()).encode()
        return list(await asyncio.gather(*(self.webhook.post(body) for _ in range(times))))

    def revoke(self, secret: str = "AAnew-token_after-the-old-one-was-revoked") -> str:
        """A new token for the same bot; the old one is worth nothing from now on."""
        self.token = f"{self.token.partition(':')[0]}:{secret}"
        return self.token

    # --- inside ---

    def me(self) -> dict[str, Any]:
        """The bot itself, as a user."""
        name = self.profile.get(("name", ""), "") or "Bot"
        bot_id = int(self.token.partition(":")[0])
        return {"id": bot_id, "is_bot": True, "first_name": name, "username": "trial_bot"}

    def keep(self, chat: Chat, message: Message) -> Message:
        """Put a message into a chat, with its id and time."""
        self._messages += 1
        message.id, message.at = self._messages, self.clock()
        chat.messages[message.id] = message
        return message

    def shape(self, chat: Chat, message: Message) -> dict[str, Any]:
        """A message as JSON."""
        shaped: dict[str, Any] = {
            "message_id": message.id,
            "from": self.me() if message.from_bot else chat.person(),
            "chat": chat.json(),
            "date": int(message.at),
        }
        if message.kind == "text":
            shaped["text"] = message.text
        else:
            shaped |= {message.kind: SENT[message.kind]}
            shaped |= {"caption": message.text} if message.text else {}
        if message.entities:
            shaped["entities"] = message.entities
        if message.keyboard:
            shaped["reply_markup"] = {"inline_keyboard": message.keyboard}
        if message.protected:
            shaped["has_protected_content"] = True
        if message.edited:
            shaped["edit_date"] = int(self.clock())
        return shaped

    def pressed(self, chat: Chat, message: Message, data: str) -> Update:
        """A callback query."""
        self._queries += 1
        query = f"{4_382_000_000_000 + self._queries}"
        self.queries[query] = (chat.id, self.clock())
        there = message.id in chat.messages
        under = (
            self.shape(chat, message)
            if there
            else {"chat": chat.json(), "message_id": message.id, "date": 0}
        )
        content = {
            "id": query,
            "from": chat.person(),
            "message": under,
            "chat_instance": f"-{chat.id * 7}",
            "data": data,
        }
        return self.updates.add("callback_query", content, chat.id)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["method"]
        try:
            if request.match_info["token"] != self.token:
                self.strangers += 1
                right = ":" in request.match_info["token"]
                raise Refused(401, UNAUTHORIZED) if right else Refused(404, NOT_FOUND)
            params = await params_of(request)
            call = Call(name, params, self.clock())
            self.calls.append(call)
            self.bell.ring()
            result = await self._do(request, call)
        except Refused as refused:
            headers = {"Retry-After": str(refused.retry_after)} if refused.retry_after else None
            return web.json_response(refused.answer(), status=refused.code, headers=headers)
        except Page as page:
            text = f"<html><head><title>{page.status}</title></head><body>nginx</body></html>"
            return web.Response(text=text, status=page.status, content_type="text/html")
        return web.json_response({"ok": True, "result": result})

    async def _do(self, request: web.Request, call: Call) -> Any:
        fault = call.fault = self.faults.take(call.method, call.params)
        if fault is not None and fault.kind != "lose":
            await self._go_wrong(request, call, fault)
        method = METHODS.get(call.method.lower())
        try:
            if method is None:
                raise Refused(404, NO_METHOD)
            if self.pace is not None and call.method in SPEEDY:
                self.pace.take(str(call.params.get("chat_id")))
            call.result = await method(self, call.params)
        except Refused as refused:
            call.refused = refused
            raise
        if fault is not None:
            await cut(request)
        return call.result

    async def _go_wrong(self, request: web.Request, call: Call, fault: Fault) -> None:
        if fault.kind == "refuse" and fault.refused is not None:
            call.refused = fault.refused
            raise fault.refused
        if fault.kind == "page":
            raise Page(fault.status)
        if fault.kind == "hang":
            try:
                async with asyncio.timeout(fault.seconds):
                    await self._stopping.wait()
            except TimeoutError:
                pass
        await cut(request)

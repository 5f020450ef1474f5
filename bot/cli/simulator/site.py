"""Who sits before the simulator's page, and what they do. Each browser is a person with a chat of
their own, kept in memory until the demo ends.

    GET  /       the chat        GET /view   the chat again, once it has changed
    POST /say /press /send /start /clear /block      what a person does; then back to the chat

It must not decide anything about the conversation, and takes forms of its own page alone.
"""

import contextlib
import secrets
from collections.abc import Awaitable, Callable, Mapping
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

from aiohttp import hdrs, web

from bot.cli.simulator.page import FILES, HEADERS, Page, version_of

if TYPE_CHECKING:
    from tests.botapi import Chat

COOKIE: Final = "simulator"
MOST_CHATS: Final = 200
FIRST_CHAT: Final = 5_000_000_000
"""Ids of people begin here: larger than 32 bits, as the newest of Telegram are."""
MOST_TEXT: Final = 4096
FOLLOW_SECONDS: Final = 25.0
"""How long a page waits for a change before it asks again."""
ANSWER_SECONDS: Final = 2.0
"""How long a page without JavaScript waits for the bot after a person did something."""
LOCAL_NAMES: Final = frozenset({"127.0.0.1", "localhost", "[::1]"})


def is_here() -> bool:
    """Whether this is a checkout, with the Bot API server that the simulator stands on."""
    try:
        return find_spec("tests.botapi") is not None
    except ModuleNotFoundError:
        return False


class Simulator:
    """A Telegram of one bot, with a page for the people."""

    def __init__(self) -> None:
        from tests.botapi import BotApi

        self._api: BotApi = BotApi()
        # A demo that keeps its data meets new people and new messages each time.
        self._api.updates.next_id = secrets.randbelow(2**30) + 1
        self._page = Page(self._api)
        self._chats: dict[str, Chat] = {}
        self._runner: web.AppRunner | None = None
        self.port = 0

    @property
    def token(self) -> str:
        """The bot's token here."""
        return self._api.token

    @property
    def base(self) -> str:
        """Where the bot finds the Bot API: what QUIETLINE_TELEGRAM_API_BASE is set to."""
        return self._api.base

    @property
    def address(self) -> str:
        """Where a person finds the page."""
        return f"http://127.0.0.1:{self.port}/"

    async def start(self, port: int) -> None:
        """Listen on this machine alone; 0 takes any free port. Raises `OSError`."""
        app = web.Application(client_max_size=64 * 1024, middlewares=[_only_here])
        app.on_response_prepare.append(_guard)
        app.add_routes(
            [
                web.get("/", self._show),
                web.get("/view", self._follow),
                web.get("/{file:page\\.css|page\\.js}", _file),
                *(web.post(f"/{name}", self._do(act)) for name, act in ACTS.items()),
            ]
        )
        self._runner = web.AppRunner(
            app, access_log=None, handler_cancellation=True, shutdown_timeout=0.5
        )
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, "127.0.0.1", port).start()
        except OSError:
            await self._runner.cleanup()
            raise
        self.port = self._runner.addresses[0][1]
        await self._api.start()

    async def stop(self) -> None:
        """Let go of both ports; every chat is gone."""
        if self._runner is not None:
            await self._runner.cleanup()
        await self._api.stop()

    async def _show(self, request: web.Request) -> web.Response:
        name, chat = self._chat_of(request)
        answer = _html(self._page.whole(chat))
        answer.set_cookie(COOKIE, name, httponly=True, samesite="Strict", path="/")
        return answer

    async def _follow(self, request: web.Request) -> web.Response:
        _, chat = self._chat_of(request)
        seen = request.query.get("seen", "")
        with contextlib.suppress(AssertionError):
            await self._api.bell.until(
                lambda: version_of(self._page.parts(chat)) != seen, "a change", FOLLOW_SECONDS
            )
        return _html(self._page.parts(chat))

    def _do(
        self, act: Callable[["Chat", Mapping[str, Any]], None]
    ) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def done(request: web.Request) -> web.Response:
            if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
                raise web.HTTPForbidden
            _, chat = self._chat_of(request)
            before = chat.sends
            awaited = act not in {_clear, _block}
            try:
                act(chat, await request.post())
            except (AssertionError, LookupError, ValueError):
                awaited = False  # what stands on an old page is gone by now: nothing happens
            if request.headers.get("Sec-Fetch-Mode") == "cors":
                return web.Response(status=204)
            if awaited:
                with contextlib.suppress(AssertionError):
                    await self._api.bell.until(
                        lambda: chat.sends > before, "an answer", ANSWER_SECONDS
                    )
            return web.Response(status=303, headers={hdrs.LOCATION: "/#end"})

        return done

    def _chat_of(self, request: web.Request) -> tuple[str, "Chat"]:
        name = request.cookies.get(COOKIE, "")
        if name not in self._chats:
            name = secrets.token_urlsafe(16)
            if len(self._chats) >= MOST_CHATS:
                self._chats.pop(next(iter(self._chats)))
            asked = request.headers.get(hdrs.ACCEPT_LANGUAGE, "en")
            language = asked.split(",")[0].split(";")[0].strip()[:12] or "en"
            self._chats[name] = self._api.chat(FIRST_CHAT + secrets.randbelow(2**30), language)
        return name, self._chats[name]


def _say(chat: "Chat", form: Mapping[str, Any]) -> None:
    text = str(form.get("text", "")).strip()[:MOST_TEXT]
    if text:
        chat.say(text)


def _press(chat: "Chat", form: Mapping[str, Any]) -> None:
    message = chat.messages[int(form["message"])]
    row, column = (int(part) for part in str(form["button"]).split("."))
    chat.press_data(message.keyboard[row][column]["callback_data"], message)


def _send(chat: "Chat", form: Mapping[str, Any]) -> None:
    chat.send(str(form["kind"]))


def _start(chat: "Chat", form: Mapping[str, Any]) -> None:
    del form
    if chat.blocked:
        chat.unblock()
    chat.start()


def _clear(chat: "Chat", form: Mapping[str, Any]) -> None:
    del form
    chat.clear()


def _block(chat: "Chat", form: Mapping[str, Any]) -> None:
    del form
    chat.block()


ACTS: Final[dict[str, Callable[["Chat", Mapping[str, Any]], None]]] = {
    "say": _say,
    "press": _press,
    "send": _send,
    "start": _start,
    "clear": _clear,
    "block": _block,
}
"""What a person does, by the address of its form."""


async def _file(request: web.Request) -> web.Response:
    kind, body = FILES[request.match_info["file"]]
    return web.Response(body=body, content_type=kind, charset="utf-8")


@web.middleware
async def _only_here(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """A name that a foreign page made to lead here is not ours."""
    if request.host.rpartition(":")[0] not in LOCAL_NAMES:
        raise web.HTTPForbidden
    return await handler(request)


async def _guard(request: web.Request, response: web.StreamResponse) -> None:
    del request
    response.headers.update(HEADERS)
    response.headers.popall(hdrs.SERVER, None)


def _html(page: str) -> web.Response:
    return web.Response(text=page, content_type="text/html")

"""A chat with a human that the page seals by itself: what its script asks and says, as JSON.

    POST /talk/enter   the page seals from now on, with this public key
    POST /talk/say     one sealed message
    POST /talk/again   one of before, sealed anew because nobody could read it
    POST /talk/typing  a sign that the person is writing, of which nothing is kept
    POST /talk/plain   the page does not seal any more; also by a form, without the script
    GET  /talk/hear    answered as soon as there is something new, and after 25 seconds
    GET  /chat/NAME    the scripts that only such a page needs

It carries sealed bytes and refuses everything that is not sealed before anybody else sees it. It
must not open or keep anything, or believe what a body says of itself: only its shape counts.
Answers are filled up, so that their size does not tell what came.
"""

import asyncio
import hashlib
from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Final, Literal, TypeVar

import msgspec
from aiohttp import hdrs, web
from msgspec import Meta

from bot.channels.contract import (
    Address,
    Again,
    Conversation,
    Enter,
    Hear,
    Plain,
    Say,
    TalkAsked,
    TalkTold,
    Typing,
)
from bot.channels.web_answer import PART, see_other
from bot.channels.web_cookie import Cookie
from bot.channels.web_live import Ear, Heard, Live
from bot.channels.web_request import MOST_SECONDS, Refused, address_of, read_form, same_site
from bot.channels.web_whole import Whole

HEAR_SECONDS: Final = 25.0
"""How long a page is kept waiting. Networks let go of what is silent for half a minute."""
TALK_BYTES: Final = 8 * 1024
"""Every answer is filled up to a multiple of this."""
MOST_BYTES: Final = 64 * 1024
"""The largest request: the longest message, with its key for three hundred receivers."""
PUBLIC_BYTES: Final = {1: 32, 2: 65}
BODY_BYTES: Final = frozenset(49 + size for size in (256, 1024, 4096))
"""A version, a commitment and a tag around the padded text. In step with `bot.sealing.envelope`."""
WRAP_BYTES: Final = {1: 81, 2: 114}
"""The suite, a key, 32 bytes and a tag. In step with `bot.sealing.suites`."""
NEWEST: Final = "/#newest"
"""The page, at what was said last."""

_Number = Annotated[int, Meta(ge=0, le=2**53 - 1)]
_KeyId = Annotated[str, Meta(pattern="^[0-9a-f]{16}$")]


class _Enter(msgspec.Struct, forbid_unknown_fields=True):
    suite: Literal[1, 2]
    public: bytes


class _Say(msgspec.Struct, forbid_unknown_fields=True):
    number: Annotated[int, Meta(ge=1, le=2**53 - 1)]
    body: bytes
    wraps: Annotated[dict[_KeyId, bytes], Meta(min_length=1, max_length=320)]


class _Nothing(msgspec.Struct, forbid_unknown_fields=True):
    pass


class _Hear(msgspec.Struct, forbid_unknown_fields=True):
    after: _Number
    acked: _Number
    known: Annotated[str, Meta(max_length=16)] = ""
    """What this page was told last, as `known` in the answer."""
    roster: Annotated[str, Meta(max_length=16)] = ""
    """The roster that it has, as `known_roster` in the answer."""


_Shape = TypeVar("_Shape", _Enter, _Say, _Nothing)


class Talk:
    """The handlers. They hold no person: only their parts."""

    def __init__(
        self,
        conversation: Conversation,
        live: Live,
        cookie: Cookie,
        whole: Whole,
        site: str,
        scripts: Mapping[str, str],
    ) -> None:
        """`scripts`: name → text of what stands under `/chat`."""
        self._conversation, self._live, self._cookie = conversation, live, cookie
        self._whole, self._site, self._scripts = whole, site, scripts

    @property
    def routes(self) -> list[web.RouteDef]:
        """What an application is to hand in here."""
        return [
            web.post("/talk/enter", self.enter),
            web.post("/talk/say", self.say),
            web.post("/talk/again", self.again),
            web.post("/talk/typing", self.typing),
            web.post("/talk/plain", self.plain),
            web.get("/talk/hear", self.hear, allow_head=False),
            web.get("/chat/{name}", self.script),
        ]

    async def enter(self, request: web.Request) -> web.Response:
        """The page makes keys of its own and seals from now on."""
        _check_page(request)
        asked = await _read(request, _Enter)
        if len(asked.public) != PUBLIC_BYTES[asked.suite]:
            raise Refused(HTTPStatus.BAD_REQUEST, "unreadable")
        return _answer(await self._ask(request, Enter(asked.suite, asked.public)))

    async def say(self, request: web.Request) -> web.Response:
        """One message. What is not sealed is refused, and nobody else has seen it."""
        asked = await _read_sealed(request)
        return _answer(await self._ask(request, Say(asked.number, asked.body, asked.wraps)))

    async def again(self, request: web.Request) -> web.Response:
        """One message of before, under its number, for who is there now."""
        asked = await _read_sealed(request)
        return _answer(await self._ask(request, Again(asked.number, asked.body, asked.wraps)))

    async def typing(self, request: web.Request) -> web.Response:
        """The person is writing. No turn is taken for it, and the answer is always the same."""
        _check_page(request)
        await _read(request, _Nothing)
        address = self._address(request)
        if address is not None:
            await self._conversation.talk(address, Typing())
        return web.Response(status=HTTPStatus.NO_CONTENT, headers={PART: "1"})

    async def plain(self, request: web.Request) -> web.Response:
        """The page does not seal any more, because the person said so."""
        if PART in request.headers:
            _check_page(request)
            await _read(request, _Nothing)
            return _answer(await self._ask(request, Plain()))
        await read_form(request)  # raises where it comes from another site
        await self._ask(request, Plain())
        return see_other(NEWEST)

    async def hear(self, request: web.Request) -> web.Response:
        """What is new, as soon as there is something."""
        _check_page(request)
        asked = _query(request)
        address = self._address(request)
        if address is None:
            return _answer(TalkTold("none"))
        typing = False
        if self._live.is_full:
            told = await self._conversation.talk(address, Hear(asked.after, asked.acked))
        else:
            with self._live.listen(address.person) as ear:
                told, typing = await self._wait(address, asked, ear)
        return _answer(told, roster=asked.roster, typing=typing)

    async def script(self, request: web.Request) -> web.Response:
        """One of our scripts: the same for everyone."""
        text = self._scripts.get(request.match_info["name"])
        if text is None:
            raise Refused(HTTPStatus.NOT_FOUND, "not_found")
        return web.Response(text=text, content_type="text/javascript", charset="utf-8")

    async def _wait(self, address: Address, asked: _Hear, ear: Ear) -> tuple[TalkTold, bool]:
        """What there is to say, and whether it is only that somebody is writing."""
        until = asyncio.get_running_loop().time() + HEAR_SECONDS
        heard: Heard = "new"
        while True:
            told = await self._conversation.talk(address, Hear(asked.after, asked.acked))
            if told.replies or heard == "end" or known(told) != asked.known:
                return told, False
            try:
                async with asyncio.timeout_at(until):
                    heard = await ear.heard()
            except TimeoutError:
                return told, False
            if heard == "sign":
                return told, True

    async def _ask(self, request: web.Request, asked: TalkAsked) -> TalkTold:
        """A change, taken whole even when the browser has gone."""
        address = self._address(request)
        if address is None:
            return TalkTold("none")
        told = await self._whole.of(self._conversation.talk(address, asked))
        # Another page of the same person is to see that it has the chat no more.
        self._live.wake(address.person)
        return told

    def _address(self, request: web.Request) -> Address | None:
        secret = self._cookie.read(request)
        return None if secret is None else address_of(secret, self._site)


def known(told: TalkTold) -> str:
    """A short name of all that a page shows of how a chat stands, messages left out. The roster is
    signed anew from time to time, which is no news.
    """
    read = (told.read, told.reader, told.again)
    shown = (told.status, told.mode, told.public, read, told.news, told.who, told.receivers)
    number = told.version if told.mode == "door" else 0  # there the lines are of the page
    return _name(msgspec.json.encode((shown, number)))


def _name(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


def _answer(told: TalkTold, *, roster: str = "", typing: bool = False) -> web.Response:
    """JSON, filled up. A roster that the page has by that name is not sent again. `typing`: it is
    an answer because somebody is writing to the person.
    """
    said = msgspec.to_builtins(told, builtin_types=())
    name = _name(told.roster)
    if name == roster:
        del said["roster"], said["signature"]
    more = {"known": known(told), "known_roster": name, "typing": typing}
    body = msgspec.json.encode({**said, **more})
    answer = web.Response(body=body + b" " * (-len(body) % TALK_BYTES))
    answer.content_type = "application/json"
    answer.headers[PART] = "1"
    return answer


def _is_body(body: bytes) -> bool:
    if len(body) not in BODY_BYTES or body[0] != 1:
        return False
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return True
    return False  # whatever else it may be, it is text that anyone can read


def _is_wrap(wrap: bytes) -> bool:
    return bool(wrap) and WRAP_BYTES.get(wrap[0]) == len(wrap)


def _check_page(request: web.Request) -> None:
    """Only our own script, on our own page: no form of another site can send that header."""
    if PART not in request.headers or not same_site(request):
        raise Refused(HTTPStatus.FORBIDDEN, "refused")


async def _read(request: web.Request, shape: type[_Shape]) -> _Shape:
    """What was sent, when it is exactly that. The error holds nothing of it."""
    if request.content_type != "application/json" or hdrs.CONTENT_ENCODING in request.headers:
        raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "unreadable")
    body = await _body(request)
    try:
        return msgspec.json.decode(body, type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Refused(HTTPStatus.BAD_REQUEST, "unreadable") from None


async def _read_sealed(request: web.Request) -> _Say:
    """A message that is sealed, as far as its shape tells."""
    _check_page(request)
    asked = await _read(request, _Say)
    if not (_is_body(asked.body) and all(map(_is_wrap, asked.wraps.values()))):
        raise Refused(HTTPStatus.BAD_REQUEST, "unreadable")
    return asked


async def _body(request: web.Request) -> bytes:
    body = bytearray()
    try:
        async with asyncio.timeout(MOST_SECONDS):
            async for piece in request.content.iter_any():
                body += piece
                if len(body) > MOST_BYTES:
                    raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_much")
    except TimeoutError:
        raise Refused(HTTPStatus.REQUEST_TIMEOUT, "slow") from None
    except web.RequestPayloadError:
        raise Refused(HTTPStatus.BAD_REQUEST, "unreadable") from None
    return bytes(body)


def _query(request: web.Request) -> _Hear:
    try:
        return msgspec.convert(dict(request.query), _Hear, strict=False)
    except msgspec.ValidationError:
        raise Refused(HTTPStatus.BAD_REQUEST, "unreadable") from None

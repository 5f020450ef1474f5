"""Members of staff at the desk, in browsers that seal, sign and open as their page does."""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientWebSocketResponse

from bot.handoff.model import Chat
from bot.sealing import (
    Context,
    IdentityPair,
    PrekeyPair,
    make_prekey,
    open_at_desk,
    rewrap,
    seal_for_desk,
    seal_for_person,
    sign_reply,
)
from tests.console_frame.visitors import Visitor

JSON = {"Content-Type": "application/json"}


@dataclass(slots=True)
class Answer:
    """What the console said to a script."""

    status: int
    body: bytes
    headers: Mapping[str, str]

    def __getitem__(self, name: str) -> Any:
        return json.loads(self.body)[name]


@dataclass
class Operator:
    """A member of staff in a browser of their own."""

    clock: Callable[[], float]
    wire: list[bytes]
    """Where everything is put that the console answered."""
    visitor: Visitor
    identity: IdentityPair
    keys: dict[bytes, PrekeyPair] = field(default_factory=dict)

    @property
    def id(self) -> str:
        assert self.visitor.staff is not None
        return self.visitor.staff.id

    async def post(
        self, path: str, headers: Mapping[str, str] | None = None, **said: Any
    ) -> Answer:
        """What a page's script asks."""
        head = {**JSON, **self.visitor.headers(), "X-Token": self.visitor.token, **(headers or {})}
        url, data = self.visitor.url + path, json.dumps(said).encode()
        async with self.visitor.http.post(
            url, data=data, headers=head, allow_redirects=False
        ) as answer:
            body = await answer.read()
            self.wire.append(body)
            kept = {name: value for name, value in answer.headers.items() if name != "Date"}
            return Answer(answer.status, body, kept)

    async def does(self, path: str, **said: Any) -> Answer:
        """The same where it must be well."""
        answer = await self.post(path, **said)
        assert answer.status == 200, (path, answer.status, answer.body)
        return answer

    async def enrols(self) -> None:
        public = self.identity.public
        await self.does("/desk/keys/enrol", ed25519=_b(public.ed25519), p256=_b(public.p256))

    def prekey(self, hours: float = 20) -> dict[str, Any]:
        """A key of a shift, as the page hands it in."""
        pair = make_prekey(self.identity, int(self.clock() + hours * 3600))
        self.keys[pair.public.id] = pair
        one = pair.public
        return {
            "x25519": _b(one.x25519),
            "p256": _b(one.p256),
            "until": one.until,
            "identity": one.identity.hex(),
            "signature": _b(one.signature),
        }

    async def begins(self, *languages: str, who: str = "", **more: Any) -> Answer:
        assert self.visitor.staff is not None
        name = who or self.visitor.staff.name
        spoken = languages or ("uk",)
        return await self.does(
            "/desk/shift/begin", who=name, languages=spoken, prekey=self.prekey(), **more
        )

    async def claims(self, chat: Chat) -> dict[str, Any]:
        found: dict[str, Any] = (await self.does("/desk/claim", chat=chat.id.hex()))["chat"]
        return found

    async def reads(self, chat: Chat, own: bool = False) -> list[str]:
        """The messages of one side, opened as the page opens them; `?` for what does not open."""
        told = await self.does("/desk/messages", chat=chat.id.hex())
        return [self._opened(chat, row, own) for row in told["own" if own else "messages"]]

    def _opened(self, chat: Chat, row: dict[str, Any], own: bool) -> str:
        if row["wrap"] is None:
            return "?"
        key = self.keys[bytes.fromhex(row["key"])]
        suite = row["suite"]
        where = Context(chat.id + b"copy", "note", row["number"]) if own else None
        context = where or Context(chat.id, "in", row["number"])
        body, wrap = b64decode(row["body"]), b64decode(row["wrap"])
        return open_at_desk(context, body, wrap, suite, key.private[suite])

    def sealed(self, chat: Chat, number: int, text: str, copies: bool = True) -> dict[str, Any]:
        """A reply as the page hands it in."""
        context = Context(chat.id, "out", number)
        body = seal_for_person(context, text, chat.suite, chat.public)
        said: dict[str, Any] = {
            "chat": chat.id.hex(),
            "number": number,
            "sealed": _b(body),
            "signature": _b(sign_reply(context, body, self.identity)),
            "signer": self.identity.public.id.hex(),
            "public": _b(chat.public),
        }
        if copies:
            receivers = [one.public.receiver() for one in self.keys.values()]
            made = seal_for_desk(Context(chat.id + b"copy", "note", number), text, receivers)
            said["copy"] = {"body": _b(made.body), "wraps": wraps_of(made.wraps)}
        return said

    async def replies(self, chat: Chat, number: int, text: str) -> Answer:
        return await self.does("/desk/reply", **self.sealed(chat, number, text))

    async def passes_on(self, chat: Chat, *to: "Operator") -> Answer:
        """Both sides of a chat, wrapped anew for colleagues as the page does it."""
        told = await self.does("/desk/messages", chat=chat.id.hex())
        receivers = [key.public.receiver() for one in to for key in one.keys.values()]
        made: dict[str, list[dict[str, Any]]] = {"messages": [], "own": []}
        for side, rows in made.items():
            for row in told[side]:
                made_of, way = (
                    (chat.id, "in") if side == "messages" else (chat.id + b"copy", "note")
                )
                context = Context(made_of, way, row["number"])  # type: ignore[arg-type]  # one of two
                key = self.keys[bytes.fromhex(row["key"])].private[row["suite"]]
                wraps = rewrap(context, b64decode(row["wrap"]), row["suite"], key, receivers)
                rows.append({"number": row["number"], "wraps": wraps_of(wraps)})
        return await self.does(
            "/desk/rewrap", chat=chat.id.hex(), wraps=made["messages"], own=made["own"]
        )

    async def line(self, **headers: str) -> ClientWebSocketResponse:
        head = {"Origin": self.visitor.url, **headers}
        return await self.visitor.http.ws_connect(f"{self.visitor.url}/desk/live", headers=head)


def _b(data: bytes) -> str:
    return b64encode(data).decode()


def wraps_of(wraps: Mapping[bytes, bytes]) -> dict[str, str]:
    """Wraps as a page sends them."""
    return {key.hex(): _b(wrap) for key, wrap in wraps.items()}

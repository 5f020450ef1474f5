"""Who takes part in `bench handoff`: a person at a page that seals, and an operator at a desk, as
their browsers speak over HTTP and WebSockets. They seal and open for themselves.

It measures from the moment a person has written something to the moment the answer to it is open
on the person's side. It decides nothing.
"""

import asyncio
import json
import time
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

import aiohttp

from bot.sealing import (
    Context,
    IdentityPair,
    OrganisationKeys,
    Pair,
    PrekeyPair,
    Receiver,
    Roster,
    generate,
    make_identity,
    make_prekey,
    open_at_desk,
    open_for_person,
    read_roster,
    seal_for_desk,
    seal_for_person,
    sign_reply,
)

Told = dict[str, Any]
SUITE: Final = 1
PART: Final = "X-Part"
ANSWER: Final = "Answer to: "
MOST_TRIES: Final = 3


# --- operators ------------------------------------------------------------------------------------


@dataclass(slots=True)
class Operator:
    """Somebody at the desk."""

    http: aiohttp.ClientSession
    url: str
    token: str
    name: str
    identity: IdentityPair = field(default_factory=make_identity)
    key: PrekeyPair | None = None
    line: aiohttp.ClientWebSocketResponse | None = None
    busy: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    mine: dict[str, Told] = field(default_factory=dict)
    read: dict[str, int] = field(default_factory=dict)
    out: dict[str, int] = field(default_factory=dict)
    trouble: list[str] = field(default_factory=list)

    async def post(self, path: str, **said: Any) -> Told:
        """What the page asks. Raises `RuntimeError` when it is refused."""
        head = {"X-Token": self.token, "Origin": self.url}
        async with self.http.post(self.url + path, json=said, headers=head) as answer:
            told: Told = await answer.json()
            if answer.status != 200:
                raise RuntimeError(f"{path}: {answer.status} {told.get('refused')}")
            return told

    async def begin(self, language: str) -> None:
        """Keys, and a shift."""
        public = self.identity.public
        await self.post("/desk/keys/enrol", ed25519=_b(public.ed25519), p256=_b(public.p256))
        self.key = make_prekey(self.identity, int(time.time()) + 20 * 3600)
        one = self.key.public
        prekey = {
            "x25519": _b(one.x25519),
            "p256": _b(one.p256),
            "until": one.until,
            "identity": one.identity.hex(),
            "signature": _b(one.signature),
        }
        await self.post("/desk/shift/begin", who=self.name, languages=[language], prekey=prekey)

    async def open(self) -> None:
        """A line."""
        self.line = await self.http.ws_connect(
            f"{self.url}/desk/live", headers={"Origin": self.url}, max_msg_size=0
        )

    async def claim(self, most: int) -> None:
        """The first so many in line."""
        for _ in range(most):
            chat = (await self.post("/desk/claim"))["chat"]
            self.mine[chat["chat"]] = chat

    async def listen(self) -> None:
        """Answers whatever is written."""
        if self.line is None:
            raise RuntimeError("no line is open")
        async for message in self.line:
            picture = json.loads(message.data)
            if picture["what"] != "chats":
                continue
            for chat in picture["chats"]:
                name = chat["chat"]
                self.mine[name] = chat
                if chat["number_in"] > self.read.get(name, 0) and name not in self.busy:
                    self.busy[name] = asyncio.create_task(self._answer(name))

    async def _answer(self, name: str) -> None:
        try:
            while self.mine[name]["number_in"] > (after := self.read.get(name, 0)):
                told = await self.post("/desk/messages", chat=name, after=after, after_own=2**52)
                for row in told["messages"]:
                    await self._reply(self.mine[name], self._opened(name, row))
                    self.read[name] = row["number"]
        except Exception as error:  # noqa: BLE001 - counted, and shown at the end
            self.trouble.append(f"{type(error).__name__}: {error}")
        finally:
            self.busy.pop(name, None)

    def _opened(self, name: str, row: Told) -> str:
        if self.key is None:
            raise RuntimeError("no shift was begun")
        context = Context(bytes.fromhex(name), "in", row["number"])
        body, wrap = b64decode(row["body"]), b64decode(row["wrap"])
        return open_at_desk(context, body, wrap, SUITE, self.key.private[SUITE])

    async def _reply(self, chat: Told, text: str) -> None:
        if self.key is None:
            raise RuntimeError("no shift was begun")
        name, public = chat["chat"], b64decode(chat["person"]["public"])
        # A picture may be older than an answer of ours: the page counts for itself, too.
        number = max(self.out.get(name, 0), chat["number_out"]) + 1
        place = Context(bytes.fromhex(name), "out", number)
        sealed = seal_for_person(place, ANSWER + text, SUITE, public)
        own = Context(place.chat + b"copy", "note", number)
        copy = seal_for_desk(own, text, [self.key.public.receiver(SUITE)])
        await self.post(
            "/desk/reply",
            chat=name,
            number=number,
            sealed=_b(sealed),
            signature=_b(sign_reply(place, sealed, self.identity)),
            signer=self.identity.public.id.hex(),
            public=_b(public),
            copy={"body": _b(copy.body), "wraps": {k.hex(): _b(v) for k, v in copy.wraps.items()}},
        )
        self.out[name] = number


# --- people ---------------------------------------------------------------------------------------


@dataclass(slots=True)
class Person:
    """Somebody whose page seals."""

    http: aiohttp.ClientSession
    url: str
    pair: Pair = field(default_factory=lambda: generate(SUITE))
    told: Told = field(default_factory=dict)
    roster: Roster | None = None
    asked: dict[str, float] = field(default_factory=dict)
    """What was written and is not answered, and when."""
    took: list[float] = field(default_factory=list)
    seen: int = 0

    async def enter(self) -> None:
        """The page seals from now on."""
        self._hear(await self._post("/talk/enter", suite=SUITE, public=_b(self.pair.public)))

    async def listen(self) -> None:
        """Hears replies as they come."""
        while True:
            query = {"after": self.seen, "acked": self.seen}
            query |= {"known": self.told["known"], "roster": self.told["known_roster"]}
            async with self.http.get(
                f"{self.url}/talk/hear", params=query, headers={PART: "1"}
            ) as answer:
                self._hear(await answer.json())

    async def say(self, text: str) -> None:
        """Writes, sealed to whoever may read it; again when somebody else may by now."""
        self.asked[text], refused = time.perf_counter(), ""
        for _ in range(MOST_TRIES):
            place = Context(b64decode(self.told["chat"]), "in", self.told["next_in"])
            envelope = seal_for_desk(place, text, self._readers())
            wraps = {key.hex(): _b(wrap) for key, wrap in envelope.wraps.items()}
            body = _b(envelope.body)
            told = await self._post("/talk/say", number=place.number, body=body, wraps=wraps)
            self._hear(told)
            if not (refused := told["refused"]):
                return
        raise RuntimeError(f"/talk/say: {refused}")

    def _hear(self, told: Told) -> None:
        if told["status"] == "none":
            raise RuntimeError("the chat is not there")
        self.told = {**self.told, **told}
        if told.get("roster"):
            keys = OrganisationKeys(**{k: b64decode(v) for k, v in told["organisation"].items()})
            data, signature = b64decode(told["roster"]), b64decode(told["signature"])
            self.roster = _read(data, signature, keys)
        for reply in told["replies"]:
            if reply["number"] <= self.seen:
                continue
            place = Context(b64decode(told["chat"]), "out", reply["number"])
            sealed = b64decode(reply["sealed"])
            text = open_for_person(place, sealed, SUITE, self.pair.private, seen=self.seen)
            self.seen = reply["number"]
            began = self.asked.pop(text.removeprefix(ANSWER), None)
            if began is not None:
                self.took.append(time.perf_counter() - began)

    def _readers(self) -> list[Receiver]:
        if self.roster is None:
            raise RuntimeError("no roster came")
        wanted = {b64decode(one) for one in self.told["receivers"]}
        known = self.roster.receivers(SUITE, int(time.time()))
        return [one for one in known if one.key in wanted]

    async def _post(self, path: str, **said: Any) -> Told:
        async with self.http.post(self.url + path, json=said, headers={PART: "1"}) as answer:
            told: Told = await answer.json()
            return told


@lru_cache(maxsize=8)
def _read(data: bytes, signature: bytes, keys: OrganisationKeys) -> Roster:
    # Each browser checks it for itself; here one processor would do that for all of them.
    return read_roster(data, signature, keys, int(time.time()))


def _b(data: bytes) -> str:
    return b64encode(data).decode()

"""Operators: each takes whoever is first in line, answers each line that they read, and ends a chat
when the person says goodbye.

They seal, open and count as `talk.js` does: an answer that was refused for its number or its key is
made anew, one that had no answer goes again as it was. What they see they write down.
"""

import asyncio
import random
import time
from base64 import b64decode
from collections.abc import Sequence
from typing import Final

from bot.sealing import Context, open_at_desk, seal_for_desk, seal_for_person, sign_reply
from tests.trials_kills.desks import Desk, LineLost, Refusal, Told, b64
from tests.trials_kills.talks import Talks

MOST_TRIES: Final = 5
SUITE: Final = 1
TO: Final = "to "
"""Begins every answer; the line that it answers follows."""
GOODBYE: Final = "!"
"""Ends the last line of a person who wants the operator to end the chat."""


class Operator(Desk):
    """Somebody at the desk."""

    def __init__(self, name: str, urls: Sequence[str], talks: Talks, chance: random.Random) -> None:
        """`urls`: as of a desk."""
        super().__init__(name, urls)
        self._talks, self._chance = talks, chance
        self.mine: dict[str, Told] = {}
        self._known: dict[str, int] = {}
        """By chat, the last line that was read."""
        self._own: dict[str, int] = {}
        """By chat, the last answer that was taken."""
        self._over: set[str] = set()
        self._working: dict[str, asyncio.Task[None]] = {}
        self._claiming: asyncio.Task[None] | None = None

    def _heard(self, picture: Told, *, first: bool) -> None:
        if picture["what"] == "queue":
            self._wants(picture["rows"])
        if picture["what"] != "chats":
            return
        for chat in picture["chats"]:
            self._came(chat)
        there = {chat["chat"] for chat in picture["chats"]}
        for name in [name for name in self.mine if name not in there]:
            if first or self.mine[name]["version"] <= picture["stand"]:
                self._gone(name)

    def _came(self, chat: Told) -> None:
        name = chat["chat"]
        if name in self._over or chat["version"] < self.mine.get(name, chat)["version"]:
            return
        self._talks.owned(name, self.name)
        self.mine[name] = chat
        if name not in self._working:
            self._working[name] = asyncio.create_task(self._work(name))

    def _gone(self, name: str) -> None:
        """It is not theirs any more: the person ended it, or it is with somebody else."""
        del self.mine[name]
        self._over.add(name)

    # --- in line --------------------------------------------------------------------------------

    def _wants(self, rows: list[Told]) -> None:
        theirs = [row["chat"] for row in rows if row["mine"]]
        if theirs and (self._claiming is None or self._claiming.done()):
            self._claiming = asyncio.create_task(self._claim(theirs[0]))

    async def _claim(self, chat: str) -> None:
        await asyncio.sleep(self._chance.uniform(0.0, 0.3))
        try:
            told = await self.post("/desk/claim", chat=chat)
        except LineLost:
            return  # whether it was taken is told by the next picture
        except Refusal as refused:
            if refused.code == "no_such_chat":
                self._talks.late += 1
            elif refused.code != "limit_open":
                self._talks.trouble.append(f"{self.name} claims: {refused.code}")
            return
        self._came(told["chat"])

    # --- a chat ---------------------------------------------------------------------------------

    async def _work(self, name: str) -> None:
        """Answers whatever is written, until it is over."""
        try:
            while name in self.mine:
                if self.mine[name]["number_in"] > self._known.get(name, 0):
                    await self._load(name)
                await asyncio.sleep(0.03)
                await self._stand.wait()
        except Exception as error:  # noqa: BLE001 - told of by whoever waits
            self._talks.trouble.append(f"{self.name}: {type(error).__name__}: {error}")

    async def _load(self, name: str) -> None:
        asked = {"chat": name, "after": self._known.get(name, 0), "after_own": 2**30}
        asked["keys"] = [self.key.public.id.hex()]
        try:
            told = await self.post("/desk/messages", **asked)
        except LineLost:
            return
        except Refusal as refused:
            if refused.code != "no_such_chat":
                raise
            await asyncio.sleep(1.0)  # the picture that says so is on its way
            return
        for row in told["messages"]:
            assert row["number"] == self._known.get(name, 0) + 1, "a number is left out"
            place = Context(bytes.fromhex(name), "in", row["number"])
            body, wrap = b64decode(row["body"]), b64decode(row["wrap"])
            text = open_at_desk(place, body, wrap, SUITE, self.key.private[SUITE])
            self._known[name] = row["number"]
            talk = self._talks.read(name, text)
            await self.surely("/desk/read", chat=name, number=row["number"], missed=[])
            await self._reply(name, TO + text)
            talk.replied[TO + text] = time.monotonic()
            if text.endswith(GOODBYE):
                await self._end(name)

    async def _reply(self, name: str, text: str) -> None:
        """One answer: as it was while there is no answer to it, anew when it was refused."""
        made: Told | None = None
        for _ in range(MOST_TRIES):
            made = made or self._sealed(name, text)
            try:
                await self.surely("/desk/reply", **made)
            except Refusal as refused:
                if refused.code == "number":
                    self._own[name] = int(refused.told["next"]) - 1
                elif refused.code == "person_changed":
                    self.mine[name] = self.mine[name] | {"person": refused.told["person"]}
                else:
                    raise
                made = None
                continue
            self._own[name] = made["number"]
            return
        raise AssertionError("a reply is never taken")

    def _sealed(self, name: str, text: str) -> Told:
        chat = self.mine[name]
        number = max(self._own.get(name, 0), chat["number_out"]) + 1
        public = b64decode(chat["person"]["public"])
        place = Context(bytes.fromhex(name), "out", number)
        sealed = seal_for_person(place, text, chat["person"]["suite"], public)
        own = Context(place.chat + b"copy", "note", number)
        copy = seal_for_desk(own, text, [self.key.public.receiver(SUITE)])
        wraps = {key.hex(): b64(wrap) for key, wrap in copy.wraps.items()}
        return {
            "chat": name,
            "number": number,
            "sealed": b64(sealed),
            "public": b64(public),
            "signature": b64(sign_reply(place, sealed, self.identity)),
            "signer": self.identity.public.id.hex(),
            "copy": {"body": b64(copy.body), "wraps": wraps},
        }

    async def _end(self, name: str) -> None:
        try:
            await self.surely("/desk/close", chat=name, need="", outcome="", referral="")
        except Refusal as refused:
            # The first try had ended it, and only its answer was lost.
            if refused.code != "no_such_chat":
                raise

    async def leaves(self) -> None:
        """Closes the browser."""
        tasks = [*self._working.values(), *([self._claiming] if self._claiming else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.http.close()

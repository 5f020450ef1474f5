"""People at the page whose script seals what they write, who ask for a human again and again.

They believe, seal and count as `chat.js`, `believe.js` and `sending.js` do: a line goes again as it
was until there is an answer, and is sealed anew when it was refused; a roster that is older than
the one of before, a reader who is not on it, and a reply that is not the next one end the trial,
as they would end the talk.
"""

import asyncio
import itertools
import time
from base64 import b64decode
from typing import Any, Final

import aiohttp

from bot.sealing import (
    Context,
    OrganisationKeys,
    Receiver,
    Roster,
    check_reply,
    generate,
    open_for_person,
    read_roster,
    seal_for_desk,
)
from tests.trials_kills.askers import AtForm, World
from tests.trials_kills.desks import b64
from tests.trials_kills.talks import Talk

Told = dict[str, Any]
SUITE: Final = 1
GOES_ON: Final = {"waiting", "talking"}
TIRED: Final = {408, 425, 429}
"""Answers after which it is asked again."""
PATIENCE: Final = aiohttp.ClientTimeout(total=40)
SOON, QUICK, QUIET = 0.5, 1.0, 5.0
"""Seconds: until it is asked again; an answer without news comes later than that; and if not."""


NETWORKS = itertools.count(1)


class Sealed(AtForm):
    """At the page with its script."""

    def __init__(self, world: World, name: str) -> None:
        super().__init__(world, name)
        self._urls = itertools.cycle(world.urls)
        self._from = f"10.200.{next(NETWORKS)}.1"
        self.roster: Roster | None = None

    async def asks(self, talk: Talk) -> None:
        """As at the form; then the page makes keys."""
        self.pair = generate(SUITE)
        await self.waits_in_line()
        self.told = await self.asked("enter", suite=SUITE, public=b64(self.pair.public))
        assert self.told["status"] in GOES_ON, f"{talk.tag}: {self.told['status']}"
        self.chat, self.after = b64decode(self.told["chat"]), int(self.told["last_out"])
        self.next = int(self.told["next_in"])
        self.take(talk, self.told)
        self.listens(talk)

    async def says(self, talk: Talk, text: str) -> None:
        made: Told | None = None
        while True:
            made = made or self.sealed(text)
            told = await self.asked("say", **made)
            assert told["status"] in GOES_ON, f"{talk.tag}: {told['status']}"
            self.next = int(told["next_in"])
            if not told["refused"]:
                return
            assert told["refused"] != "size"
            made = None
            self.take(talk, told)
            await asyncio.sleep(SOON)

    async def reads(self, talk: Talk) -> None:
        """Listens, whatever happens to the connection."""
        while True:
            began, known = time.monotonic(), self.told["known"]
            query = {"after": self.after, "acked": self.after, "known": known}
            told = await self.asked("hear", query | {"roster": self.told["known_roster"]})
            news = bool(told["replies"]) or told["known"] != known
            if told["status"] != "none":  # the last words may come together with the end
                self.take(talk, told)
            self.told = told
            if not news and time.monotonic() - began < QUICK:
                await asyncio.sleep(QUIET)

    def take(self, talk: Talk, told: Told) -> None:
        """What an answer tells, once it holds."""
        assert b64decode(told["chat"]) == self.chat
        if "roster" in told:
            self.believe(told)
        for reply in told["replies"]:
            if reply["number"] <= self.after:
                continue
            assert reply["number"] == self.after + 1, f"{talk.tag}: not the next reply"
            place = Context(self.chat, "out", reply["number"])
            sealed, signature = b64decode(reply["sealed"]), b64decode(reply["signature"])
            assert self.roster is not None
            by = self.roster.signer(b64decode(reply["signer"])).identity
            check_reply(place, sealed, signature, by)
            talk.heard.append(
                open_for_person(place, sealed, SUITE, self.pair.private, seen=self.after)
            )
            self.after = reply["number"]
        self.told = told
        self.readers()

    def believe(self, told: Told) -> None:
        """Whom the organisation says to be on duty, if it is not older than what was known."""
        keys = OrganisationKeys(**{k: b64decode(v) for k, v in told["organisation"].items()})
        data, signature = b64decode(told["roster"]), b64decode(told["signature"])
        before = self.roster.serial if self.roster else 0
        self.roster = read_roster(data, signature, keys, int(time.time()), after=before)

    def readers(self) -> list[Receiver]:
        """Who may read what is written now: each is on the roster."""
        assert self.roster is not None
        known = {one.key: one for one in self.roster.receivers(SUITE, int(time.time()))}
        return [known[b64decode(one)] for one in self.told["receivers"]]

    def sealed(self, text: str) -> Told:
        """A line as it goes out; it stays so until the desk has answered."""
        made = seal_for_desk(Context(self.chat, "in", self.next), text, self.readers())
        wraps = {key.hex(): b64(wrap) for key, wrap in made.wraps.items()}
        return {"number": self.next, "body": b64(made.body), "wraps": wraps}

    async def is_told(self, talk: Talk) -> None:
        while self.told["status"] in GOES_ON:
            assert not self.reading.done()
            await asyncio.sleep(0.1)
        await super().is_told(talk)

    async def asked(self, what: str, query: Told | None = None, **said: Any) -> Told:
        """Until there is an answer."""
        head = {"X-Part": "1", "X-Forwarded-For": self._from, "Cookie": f"s={self.cookie}"}
        how = "GET" if query is not None else "POST"
        sent: Told = {"params": query} if query is not None else {"json": said}
        while True:
            url = f"{next(self._urls)}/talk/{what}"
            try:
                async with self.world.web.request(
                    how, url, headers=head, timeout=PATIENCE, **sent
                ) as answer:
                    gone = answer.status >= 500 or answer.status in TIRED
                    if "X-Part" in answer.headers and not gone:
                        assert answer.status == 200, (what, answer.status)
                        told: Told = await answer.json()
                        return told
            except (aiohttp.ClientError, TimeoutError):
                pass
            self.world.again += 1
            await asyncio.sleep(SOON * self.world.chance.uniform(0.5, 1.0))

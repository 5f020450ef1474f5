"""People at real browsers, as far as the program can tell: each keeps a cookie and reads a page.

Each knows how many of their answers count by now, and checks that on every page they read. An
answer that nobody acknowledged they send again.
"""

import asyncio
import random
from base64 import urlsafe_b64decode

import aiohttp

from bot.channels.contract import LEAVE, Address, Incoming, Pressed, Words
from bot.channels.web_request import address_of
from tests.channels.html import Page

TYPED = ("legal", "hm", "menu", "help", "Харківська", "medical")
LEAVING = (LEAVE, "leave", "erase")
"""Keys with which a person leaves, in every flow."""
PATIENCE = 0.05
"""Seconds until somebody tries again."""
Form = dict[str, str]
Answer = tuple[int, str, str]
"""Status, page, new cookie."""


class Crowd:
    """Many people, and the program that they all write to."""

    def __init__(self, chance: random.Random, people: int) -> None:
        self.chance = chance
        self.said: dict[Address, list[Incoming]] = {}
        """What counts of everyone who did not leave, in order."""
        self.left: list[Address] = []
        self.acknowledged = self.again = self.twice = 0
        self._people = people
        self._url = ""
        self._ended = False

    def to(self, port: int) -> None:
        """From now on the page is there."""
        self._url = f"http://127.0.0.1:{port}/"

    def end(self) -> None:
        """Everyone stops after the answer they are at."""
        self._ended = True

    def figures(self) -> str:
        """What they did, in a line."""
        return (
            f"{self.acknowledged} answers acknowledged, {self.again} sent again, "
            f"{self.twice} sent twice at once, {len(self.left)} people left"
        )

    async def walk(self) -> None:
        """Everyone at the same time, until the end. Raises when something is not as told."""
        jar, connector = aiohttp.DummyCookieJar(), aiohttp.TCPConnector(limit=0)
        async with (
            aiohttp.ClientSession(cookie_jar=jar, connector=connector) as web,
            asyncio.TaskGroup() as all_of_them,
        ):
            for _ in range(self._people):
                all_of_them.create_task(self._one(web))

    async def _one(self, web: aiohttp.ClientSession) -> None:
        person = Browser(self, web)
        while not self._ended:
            await person.answer()

    async def ask(
        self, web: aiohttp.ClientSession, cookie: str, form: Form | None = None
    ) -> Answer | None:
        """What came back, None when the program is not there or went away before it answered."""
        headers = {"Cookie": f"s={cookie}"} if cookie else {}
        how = "GET" if form is None else "POST"
        asked = web.request(how, self._url, data=form, headers=headers, allow_redirects=False)
        try:
            async with asked as answer:
                given = answer.cookies.get("s")
                return answer.status, await answer.text(), given.value if given else ""
        except aiohttp.ClientError:
            await asyncio.sleep(PATIENCE)
            return None


class Browser:
    """One person, with or without a cookie yet."""

    def __init__(self, crowd: Crowd, web: aiohttp.ClientSession) -> None:
        self._crowd, self._web = crowd, web
        self._cookie = ""
        self._said: list[Form] = []

    async def answer(self) -> None:
        """Read the page, pick something on it, send it until it is acknowledged."""
        form = self._pick(await self._read())
        answer = await self._send(form)
        again = answer is None
        while answer is None:
            self._crowd.again += 1
            answer = await self._send(form)
        status, _, cookie = answer
        self._crowd.acknowledged += 1
        if form.get("c") in LEAVING:
            # A farewell that was taken already has no second effect, and so no page of its own.
            assert status == 200 or (again and status == 303), status
            await self._leave()
            return
        assert status == 303, status
        if cookie:
            assert not self._cookie
            self._cookie = cookie
        self._said.append(form)
        self._crowd.said[self._address()] = [self._incoming(one) for one in self._said]

    async def _read(self) -> Page:
        """The page, which shows that exactly the answers that were acknowledged count."""
        while (answer := await self._crowd.ask(self._web, self._cookie)) is None:
            pass
        status, text, _ = answer
        assert status == 200
        page = Page(text)
        assert {form.fields["m"] for form in page.forms} == {str(len(self._said))}
        return page

    async def _send(self, form: Form) -> Answer | None:
        copies = 1
        if self._cookie and form.get("c") not in LEAVING and self._crowd.chance.random() < 0.1:
            # Pressed twice in a hurry: both are acknowledged, one counts.
            copies, self._crowd.twice = 2, self._crowd.twice + 1
        asked = (self._crowd.ask(self._web, self._cookie, form) for _ in range(copies))
        answers = await asyncio.gather(*asked)
        return next((one for one in answers if one is not None), None)

    def _pick(self, page: Page) -> Form:
        chance, mark = self._crowd.chance, page.forms[0].fields["m"]
        if chance.random() < 0.15:
            return {"m": mark, "t": chance.choice(TYPED)}
        forms = [form.fields for form in page.forms if "c" in form.fields]
        listed = [place for form in page.forms for place in form.options.values() if place]
        if listed and chance.random() < 0.5:
            return {"m": mark, "c": chance.choice(listed)}
        # Not a listing: which ones were found depends on the hour, and this is compared later.
        plain = [form for form in forms if not form["c"].startswith("=")]
        keys = [form for form in plain if form["c"][0] not in "!@"]
        form = chance.choice(keys if keys and chance.random() < 0.7 else plain)
        may_leave = form["c"] not in LEAVING or chance.random() < 0.3
        return form if may_leave else {"m": mark, "t": "menu"}

    async def _leave(self) -> None:
        """Nothing is left of the one who left; the browser begins anew, and is unknown."""
        if self._cookie:
            self._crowd.left.append(self._address())
            self._crowd.said.pop(self._address(), None)
        self._said.clear()
        await self._read()
        self._cookie = ""

    def _address(self) -> Address:
        return address_of(urlsafe_b64decode(self._cookie + "="), "web")

    def _incoming(self, form: Form) -> Incoming:
        heard = Pressed(form["c"], form["m"]) if "c" in form else Words(form["t"])
        return Incoming(self._address(), heard, once=f"{form['m']}:{form.get('c', 't')}")

"""A person at a browser without JavaScript: reads the page, sends its forms, keeps its cookie."""

from http import HTTPStatus

import aiohttp

from bot.channels.contract import SWITCH, Address
from tests.channels.html import Element, Page
from tests.contract.hands import Hands, Refused, Seen, seen
from tests.contract.house import House

BLOCKS = {"say", "note", "card"}
Form = dict[str, str]


class OnPage(Hands):
    """One person. The cookie is all that makes them the same one."""

    def __init__(self, house: House, language: str) -> None:
        self._house, self._language = house, language
        self._http: aiohttp.ClientSession | None = None
        self._forms: list[list[Form]] = []
        self._mark = ""

    async def come(self) -> Seen:
        await self.go()
        jar = aiohttp.CookieJar(unsafe=True)
        headers = {"Accept-Language": self._language}
        self._http = aiohttp.ClientSession(self._house.page, cookie_jar=jar, headers=headers)
        return await self._ask("GET", None)

    async def press(self, place: int) -> Seen:
        return await self._ask("POST", self._forms[-1][place])

    async def say(self, text: str) -> Seen:
        return await self._ask("POST", {"m": self._mark, "t": text})

    async def send_voice(self) -> Refused:
        assert self._http is not None
        form = aiohttp.FormData({"m": self._mark})
        form.add_field("t", b"OggS", filename="voice.ogg", content_type="audio/ogg")
        async with self._http.post("/", data=form) as answer:
            assert answer.status == HTTPStatus.UNSUPPORTED_MEDIA_TYPE
        return Refused()

    async def press_old(self, place: int, answers_ago: int) -> Seen:
        return await self._ask("POST", self._forms[-1 - answers_ago][place])

    async def press_forged(self, key: str, mark: str) -> Seen:
        return await self._ask("POST", {"m": mark, "c": key})

    @property
    def address(self) -> Address:
        return self._house.last("web")

    async def go(self) -> None:
        if self._http is not None:
            await self._http.close()
            self._http = None

    async def _ask(self, how: str, form: Form | None) -> Seen:
        assert self._http is not None
        async with self._http.request(how, "/", data=form) as answer:
            assert answer.status == HTTPStatus.OK
            page = Page(await answer.text())
        forms = list(_forms(page))
        self._forms.append([sent for sent, _ in forms])
        self._mark = page.forms[0].fields.get("m", "") if page.forms else ""
        return seen(_blocks(page), [label for _, label in forms])


def _blocks(page: Page) -> list[str]:
    """What was said: the paragraphs and headings of each piece, links with where they lead."""
    blocks: list[list[str]] = []
    elements = iter(page.elements)
    for element in elements:
        kind = set(element.attrs.get("class", "").split())
        if element.tag in ("div", "article") and kind & BLOCKS:
            blocks.append([])
        elif element.tag in ("p", "h2") and element.inside[-1:] in (("div",), ("article",)):
            blocks[-1].append(element.text)
            if "link" in kind:
                href = next(elements).attrs["href"]
                blocks[-1] += [] if href == element.text else [href]
    return [" ".join(lines) for lines in blocks]


def _forms(page: Page) -> list[tuple[Form, str]]:
    """What can be pressed, and what that sends, without the languages below the bar: elsewhere
    they are behind a button of the bar.
    """
    # A list stands above the buttons here; elsewhere it is numbered after them.
    choices: list[tuple[Form, str]] = []
    listed: list[tuple[Form, str]] = []
    bar: list[tuple[Form, str]] = []
    fields: Form = {}
    for element in page.elements:
        if element.tag == "form":
            fields = {}
        elif element.tag == "input" and element.attrs["type"] == "hidden":
            fields[element.attrs["name"]] = element.attrs["value"]
        elif element.tag == "option" and element.attrs["value"]:
            listed.append((fields | {"c": element.attrs["value"]}, element.text))
        elif element.tag == "input" and element.attrs["type"] == "submit" and "c" in fields:
            in_nav = "nav" in element.inside
            if not (in_nav and fields["c"].startswith(SWITCH)):
                (bar if in_nav else choices).append((fields, _label(element)))
    return [*choices, *listed, *bar]


def _label(button: Element) -> str:
    short, heard = button.attrs["value"], button.attrs.get("aria-label", "")
    return heard.removeprefix(f"{short}: ") if heard else short

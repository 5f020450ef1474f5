"""Every page in a language from right to left: its language and direction are said, nothing is
bound to the left or right, and a name in other letters does not turn a sentence round.
"""

import random
import re
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from http import HTTPStatus

import aiohttp
import pytest
import pytest_asyncio
from aiohttp.abc import AbstractCookieJar
from playwright.async_api import Browser

from bot.channels.contract import HELP_NOW
from bot.channels.web_page import TEMPLATES, Language, Pages, WebSettings
from bot.dialogue.session import Session
from tests.channels.html import Element, Page
from tests.contract.arabic import arabic, make_locales
from tests.contract.at_terminal import AtTerminal
from tests.contract.hands import Hands
from tests.contract.house import House, open_house
from tests.contract.in_telegram import InTelegram
from tests.contract.on_page import OnPage
from tests.contract.test_channels import Press, Say, act, come
from tests.web.conftest import picture

SESSION = pytest.mark.asyncio(loop_scope="session")
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC).timestamp()
WIDTH = 320
BOXES = """(all) => all.map((one) => {
    const box = one.getBoundingClientRect();
    return [box.left, box.right];
})"""
STEPS = 60
ISOLATED = re.compile("\u2068[^\u2068\u2069]*\u2069")
ARABIC, LATIN = re.compile(r"[\u0600-\u06ff]"), re.compile(r"[A-Za-zА-Яа-яІіЇїЄє]")
TWO_LANGUAGES = arabic("Language / Мова")
"""A label on its own: both words may stand in any order."""
BOUND = re.compile(
    r"(?<![\w-])(?:(?:margin|padding|border|inset|scroll-(?:margin|padding))-)?(?:left|right)\b"
    r"|float|translate|(?:margin|padding|inset|border-width):[^\s;}]+(?: [^\s;}]+){3}"
)
"""What a style says about one side of the screen, and not about where a line begins or ends."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    folder = tmp_path_factory.mktemp("house")
    async with open_house(folder, lambda: NOW, make_locales(folder / "locales")) as house:
        yield house


@pytest_asyncio.fixture(loop_scope="session")
async def http(house: House) -> AsyncIterator[aiohttp.ClientSession]:
    async with _browser(house, aiohttp.CookieJar(unsafe=True)) as http:
        yield http


def _browser(house: House, jar: AbstractCookieJar) -> aiohttp.ClientSession:
    headers = {"Accept-Language": "ar"}
    return aiohttp.ClientSession(house.page, cookie_jar=jar, headers=headers)


def holds(page: Page) -> None:
    """A page is Arabic as a whole, and reads in the right order."""
    html = page.all("html")[0]
    assert (html.attrs["lang"], html.attrs["dir"]) == ("ar", "rtl")
    for main in page.all("main"):
        assert main.attrs.get("lang", "ar") == "ar"
        assert main.attrs.get("dir", "rtl") == "rtl"
    assert not [one for one in page.elements if "style" in one.attrs or "align" in one.attrs]
    for element in page.elements:
        turned = list(_turned_round(element, page))
        assert turned == []


def _turned_round(element: Element, page: Page) -> Iterator[str]:
    """Words in other letters that stand unmarked in an Arabic sentence."""
    texts = []
    holds_others = any(one.inside[-1:] == (element.tag,) for one in page.elements)
    if element.tag in ("p", "label", "h1", "h2", "option", "a") and not holds_others:
        texts.append(element.text)
    if element.tag == "input" and element.attrs["type"] == "submit":
        texts.append(element.attrs["value"])
    for text in texts:
        if _is_mixed(text) and text != TWO_LANGUAGES:
            yield text


def _is_mixed(text: str) -> bool:
    """Whether other letters stand in it beside Arabic ones and not in an isolate."""
    while (bare := ISOLATED.sub("", text)) != text:
        text = bare
    return bool(ARABIC.search(text) and LATIN.search(text))


@SESSION
async def test_every_page_that_can_be_walked_to_reads_from_right_to_left(
    http: aiohttp.ClientSession,
) -> None:
    chance = random.Random("arabic")
    seen: set[str] = set()
    page = await _read(http, "GET", "/")
    for _ in range(STEPS):
        holds(page)
        seen.add(page.all("main")[0].text)
        ways = [form.fields for form in page.forms if "c" in form.fields]
        ways += [
            form.fields | {"c": key} for form in page.forms for key in form.options.values() if key
        ]
        ways = [fields for fields in ways if fields["c"] not in ("@en", "=en")]
        page = await _read(http, "POST", "/", chance.choice(ways) if ways else {"m": "", "t": "ا"})
        if not page.forms:
            holds(page)
            page = await _read(http, "GET", "/")
    assert len(seen) > STEPS // 3
    assert any("0 800" in text or "116" in text for text in seen), "cards of listings were seen"


async def _read(
    http: aiohttp.ClientSession, how: str, path: str, data: dict[str, str] | None = None
) -> Page:
    async with http.request(how, path, data=data) as answer:
        assert answer.status == HTTPStatus.OK
        return Page(await answer.text())


@SESSION
async def test_the_pages_beside_the_conversation_do_too(house: House) -> None:
    # Without a cookie: a live part would stay open for who has one.
    http = _browser(house, aiohttp.DummyCookieJar())
    for how, path, data in (
        ("GET", "/now", None),
        ("GET", "/now/ar", None),
        ("GET", "/nothing", None),
        ("DELETE", "/", None),
        ("POST", "/", {"m": "\u202e", "c": "x"}),
        ("POST", "/", {"m": "", "t": "x" * 20_000}),
        ("POST", "/", {"m": "", "c": HELP_NOW}),
        ("GET", "/live", None),
        ("GET", "/live/soon", None),
    ):
        async with http.request(how, path, data=data) as answer:
            holds(Page(await answer.text()))
    await http.close()


@SESSION
async def test_the_pages_that_only_trouble_brings_do_too(house: House) -> None:
    service = house.service
    languages = [Language(one.code, one.endonym, one.dir) for one in service.speech.languages]
    pages = Pages(service.speech.words, languages, WebSettings(demo=True))
    out = service.emergency("ar")
    for made in (
        pages.emergency(out, down=True),
        pages.refusal("ar", "many"),
        pages.refusal("ar", "slow", part=True),
        pages.gone(out),
        pages.answer(out, cookie_lost=True),
    ):
        holds(Page(made.decode()))


@SESSION
@pytest.mark.parametrize("whole", [False, True])
async def test_no_listing_turns_a_sentence_of_its_card_round(house: House, whole: bool) -> None:
    entries, cards = house.service.directory.entries, house.service.wording._cards  # noqa: SLF001
    why = ("in:UA-63 speaks:en welcomes:woman elsewhere:UA-32",)
    at, lines = datetime.fromtimestamp(NOW, UTC), 0
    for listing in entries:
        for place in ("abroad", "UA-63", "occupied"):
            slots = {"place": place} | ({"chosen": listing} if whole else {})
            values: dict[str, tuple[str, ...]] = {"found": (listing,), "found_why": why}
            session = Session("", "ar", ("",), slots=slots, values=values)
            for block in cards.show(["chosen" if whole else "found"], session, "ar", at):
                assert [line.text for line in block.lines if _is_mixed(line.text)] == []
                lines += len(block.lines)
    assert lines > len(entries)


@SESSION
async def test_the_terminal_and_telegram_say_the_same_as_the_page(house: House) -> None:
    everyone: list[Hands] = [kind(house, "ar") for kind in (AtTerminal, OnPage, InTelegram)]
    last = await come(everyone)
    for do in (Press(0), Press(0), Press(3), Press(0), Press(0), Say("help")):
        last = await act(house, everyone, do, last)
        assert house.given("telegram").direction == "rtl"
    for hands in everyone:
        await hands.go()


def test_no_style_is_bound_to_the_left_or_the_right() -> None:
    for path in sorted(TEMPLATES.glob("*")):
        text = path.read_text("utf-8")
        style = text if path.suffix == ".css" else " ".join(re.findall(r'style="([^"]*)"', text))
        assert BOUND.findall(style) == [], path.name


@pytest.mark.parametrize(
    "style",
    [
        "margin-left:1px",
        "{left:0}",
        "text-align:right",
        "float:inline-start",
        "padding:0 1px 0 2px",
    ],
)
def test_a_style_that_is_bound_to_a_side_is_found(style: str) -> None:
    assert BOUND.search(style)


@SESSION
async def test_on_a_narrow_screen_lines_begin_at_the_right_and_nothing_is_cut_off(
    house: House, chromium: Browser
) -> None:
    context = await chromium.new_context(
        java_script_enabled=False,
        viewport={"width": WIDTH, "height": 640},
        base_url=house.page,
        locale="ar",
    )
    page = await context.new_page()
    await page.goto("/")
    for step in range(5):
        await picture(page, f"arabic-{step}")
        assert await page.evaluate("document.documentElement.scrollWidth") <= WIDTH
        assert (
            await page.evaluate("getComputedStyle(document.querySelector('main')).direction")
            == "rtl"
        )
        boxes = await page.locator("a.exit, .choices form, .write label").evaluate_all(BOXES)
        assert boxes
        for left, right in boxes:
            assert 0 <= left < right
            # The edge of the page is 16 px wide at most on this screen.
            assert WIDTH - 20 <= right <= WIDTH
        await page.locator(".choices input[type=submit], .card input[type=submit]").first.click()
        await page.wait_for_load_state()
    await context.close()

"""The page for services: what they see, what they can answer, and what they cannot find out."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from html import unescape
from importlib.resources import files

import pytest
import pytest_asyncio
from aiohttp import ClientSession, web
from playwright.async_api import Browser

from bot.app import Service
from bot.channels.web import Language, WebRunner, WebSettings, make_web
from bot.handoff.code_words import TELLING as TELLING_LETTERS
from bot.slipping import Slipping
from bot.slips.pace import MOST_EACH

pytestmark = pytest.mark.asyncio(loop_scope="session")
AXE = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
PLAIN, TELLING = "ua-vona", "ua-lastrada-nhl"
"""Career hubs; and a line whose name says what people call it for."""
ANSWERS = ("arrived", "full", "refused", "closed")


@dataclass
class Desk:
    """A service at its browser, with no script and no cookie."""

    url: str
    http: ClientSession
    slips: Slipping
    service: Service
    hints: list[tuple[str, str]]
    network: int = 0

    def words(self, listing: str = PLAIN) -> str:
        """What a person brought along."""
        with self.service.store.group() as group:
            words = self.slips.slips.make(group, listing, "en")
        assert words is not None
        return " ".join(words)

    async def post(self, path: str = "/slip/en", **fields: str) -> tuple[int, str, str]:
        """Status, the page, and where it leads."""
        headers = {"X-Forwarded-For": f"198.51.{self.network}.7"}
        form = self.http.post(self.url + path, data=fields, headers=headers, allow_redirects=False)
        async with form as answer:
            assert not answer.cookies
            assert answer.headers["Cache-Control"] == "no-store"
            page = unescape(await answer.text())
            return answer.status, page, answer.headers.get("Location", "")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def desk(service: Service) -> AsyncIterator[Desk]:
    assert service.slips is not None
    hints: list[tuple[str, str]] = []

    def noted(listing: str, problem: str) -> None:
        hints.append((listing, problem))

    slips = replace(service.slips, noted=noted)
    spoken = tuple(Language(one.code, one.endonym, one.dir) for one in service.speech.languages)
    settings = WebSettings(behind_proxy=True)
    app = make_web(service, service.speech.words, spoken, settings, slips=slips)
    runner = WebRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with ClientSession() as http:
        yield Desk(f"http://127.0.0.1:{runner.addresses[0][1]}", http, slips, service, hints)
    await runner.cleanup()


@pytest.fixture(autouse=True)
def another_network(desk: Desk) -> None:
    """Each test comes from a network of its own."""
    desk.network += 1


@pytest.mark.parametrize("said", ANSWERS)
async def test_a_service_types_the_words_and_answers_once(desk: Desk, said: str) -> None:
    words = desk.words()
    status, page, _ = await desk.post(w=words.upper().replace(" ", ", "))
    assert status == 200
    assert "VONA" in page
    assert page.count('name="a"') == 4
    status, _, leads = await desk.post(w=words, a=said)
    assert (status, leads) == (303, "/slip/en/done")
    async with desk.http.get(desk.url + leads) as answer:
        assert "It is counted" in await answer.text()
    again = (await desk.post(w=words, a=said))[1]
    assert "open nothing now" in again
    hints = {"full": [(PLAIN, "no_answer")], "closed": [(PLAIN, "wrong")]}
    assert [hint for hint in desk.hints if hint[0] == PLAIN][-1:] == hints.get(said, [])
    desk.hints.clear()


async def test_words_that_were_typed_wrong_are_mended_and_shown(desk: Desk) -> None:
    words = desk.words().split()
    # One letter too many at the end is near no other word: no two begin with the same four.
    long = next(word for word in words if len(word) >= TELLING_LETTERS)
    wrong = [word + "q" if word == long else word for word in words]
    _, page, _ = await desk.post(w=" ".join(wrong))
    assert f"<bdi>{' '.join(words)}</bdi>" in page


async def test_what_was_typed_stays_in_the_field_when_it_is_no_slip(desk: Desk) -> None:
    _, page, _ = await desk.post(w='acorn "><script>qqqqqq</script> anise apple')
    assert "in no list" in page or "not five words" in page
    raw = desk.http.post(desk.url + "/slip/en", data={"w": '"><script>qq</script>'})
    async with raw as answer:
        text = await answer.text()
    assert "<script>qq" not in text
    assert "&lt;script&gt;qq" in text


async def test_whoever_finds_a_paper_does_not_read_what_a_telling_service_is_called(
    desk: Desk,
) -> None:
    _, page, _ = await desk.post(w=desk.words(TELLING))
    assert "A referral to your service" in page
    listing = desk.slips.listing(TELLING, "en")
    assert listing is not None
    names = {*listing.names.values(), *listing.organization.values(), TELLING}
    assert [name for name in names if name in page] == []
    # The words themselves are on it, and one of them is "grape".
    assert not re.search(r"\b(violence|survivor|assault|abuse|rape|насил)", page.lower())


async def test_used_wrong_and_foreign_words_get_one_answer(desk: Desk) -> None:
    used = desk.words()
    await desk.post(w=used, a="arrived")
    foreign = desk.words("ua-not-listed")
    pages = [
        (await desk.post(w=one))[1].replace(one, "").rstrip()
        for one in (used, foreign, never_drawn(desk))
    ]
    assert len(set(pages)) == 1
    assert "open nothing now" in pages[0]


async def test_guessing_is_slowed_down_for_one_network_and_not_for_another(desk: Desk) -> None:
    words, wrong = desk.words(), never_drawn(desk)
    for _ in range(MOST_EACH):
        assert (await desk.post(w=wrong))[0] == 200
    status, page, _ = await desk.post(w=words)
    assert status == 429
    assert "rests for up to an hour" in page
    desk.network += 1
    assert (await desk.post(w=words))[0] == 200


@pytest.mark.parametrize(
    ("headers", "fields", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, {"w": "a b c d e"}, 403),
        ({"Origin": "https://elsewhere.example"}, {"w": "a b c d e"}, 403),
        ({}, {"w": "a b c d e", "a": "maybe"}, 400),
        ({"Content-Type": "text/plain"}, {}, 415),
    ],
)
async def test_nothing_is_taken_from_other_pages_or_in_other_forms(
    desk: Desk, headers: dict[str, str], fields: dict[str, str], status: int
) -> None:
    sent = desk.http.post(desk.url + "/slip", data=fields or b"w=x", headers=headers)
    async with sent as answer:
        assert answer.status == status


async def test_words_in_an_address_are_not_looked_at(desk: Desk) -> None:
    words = desk.words()
    async with desk.http.get(desk.url + "/slip", params={"w": words, "a": "arrived"}) as answer:
        assert words not in await answer.text()
    assert (await desk.post(w=words))[1].count('name="a"') == 4


async def test_the_page_speaks_every_language_and_no_other(desk: Desk) -> None:
    titles = set()
    for one in desk.service.speech.languages:
        async with desk.http.get(f"{desk.url}/slip/{one.code}") as answer:
            page = await answer.text()
        assert f'lang="{one.code}"' in page
        titles.update(re.findall("<h1>(.*?)</h1>", page))
    assert len(titles) == len(desk.service.speech.languages)
    async with desk.http.get(f"{desk.url}/slip/xx") as answer:
        assert answer.status == 404


async def test_when_the_keys_cannot_be_used_the_page_says_so_and_uses_nothing_up(
    desk: Desk, service: Service
) -> None:
    words = desk.words()
    (key,) = (service.settings.data.parent / "signing").glob("slip-2*")
    key.chmod(0o644)  # others could read it, so it is not used
    assert (await desk.post(w=words))[0] == 503
    assert (await desk.post(w=words, a="full"))[0] == 503
    key.chmod(0o600)
    assert (await desk.post(w=words, a="full"))[0] == 303


async def test_without_slips_there_is_no_page(service: Service) -> None:
    spoken = (Language("en", "English"),)
    app = make_web(service, service.speech.words, spoken, WebSettings())
    routes = [route.resource.canonical for route in app.router.routes() if route.resource]
    assert not [one for one in routes if "slip" in one]


async def test_everybody_can_use_the_page_narrow_with_and_without_script(
    desk: Desk, chromium: Browser
) -> None:
    narrow = {"width": 320, "height": 640}
    context = await chromium.new_context(viewport=narrow, bypass_csp=True, locale="uk")  # type: ignore[arg-type]
    page = await context.new_page()
    await page.goto(desk.url + "/slip")
    for step in ("empty", "wrong", "good"):
        if step != "empty":
            await page.fill("#words", desk.words() if step == "good" else "acorn almond")
            await page.click("form.write input[type=submit]")
        assert await page.evaluate("document.documentElement.scrollWidth") <= 320, step
        await page.evaluate(AXE)
        found = await page.evaluate("axe.run(document)")
        assert [(one["id"], one["help"]) for one in found["violations"]] == []
    await context.close()
    plain = await chromium.new_context(java_script_enabled=False, locale="fr")
    page = await plain.new_page()
    await page.goto(desk.url + "/slip")
    await page.fill("#words", desk.words())
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await page.click('form:has(input[value="arrived"]) input[type=submit]')
    assert page.url.endswith("/slip/fr/done")
    await plain.close()


def never_drawn(desk: Desk) -> str:
    """Five words of the list that are nobody's slip."""
    return " ".join(desk.slips.slips.lists.draw("en").words)

"""Paper and files for the field, as they come from the console: only what survivors are shown."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from itertools import product
from pathlib import Path

import pytest

from bot.app import LOCALES
from bot.console import paper
from bot.console.frame import Office
from bot.console.paper import Papers
from bot.ledger.model import Actor
from bot.phrases import Phrases
from bot.serving import Serving
from bot.speech import Speech
from flows.ui import read_ui
from referral_directory.offline.field import checked
from tests.console_frame.visitors import NOON, a_console
from tests.console_insight.offices import EVERY, ledger_of, office_with, speech
from tests.contract.arabic import arabic
from tests.directory.helpers import CHAT, HOTLINE, directory, listing

TODAY = datetime.fromtimestamp(NOON, UTC).date()
SECRET = (
    "+380440009911",
    "0440009911",
    "CANARY-ADDRESS",
    "CANARY-NOTE",
    "CANARY-HIDDEN",
    "Canaria",
)
HIDDEN = (
    listing("ua-hidden", visibility="operator_only", names="{en: CANARY-HIDDEN}"),
    listing("ua-stopped", status="suspended", names="{en: CANARY-HIDDEN}"),
    listing(
        "ua-partly",
        notes="CANARY-NOTE",
        needs=HOTLINE,
        address="{line: CANARY-ADDRESS 1, city: Canaria, visibility: operator_only}",
        contacts='[{kind: phone, number: "+380441234567", hours: "24/7", notes: CANARY-NOTE},'
        ' {kind: phone, number: "+380440009911", visibility: operator_only}]',
    ),
)
TAGS = {
    *("html", "head", "meta", "title", "link", "style", "body", "main", "header", "section"),
    *("article", "h1", "h2", "h3", "p", "bdi", "span", "script"),
}


class Tags(HTMLParser):
    """Every element of a page with its attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with office_with(tmp_path, *HIDDEN) as office:
        yield office


async def test_a_leaflet_shows_nothing_that_a_survivor_is_not_shown(office: Office) -> None:
    async with a_console(office, EVERY) as console:
        viewer = await console.someone("Vera Example", "viewer")
        pages = [
            await viewer.get(f"/offline/leaflet?area=UA-63&lang={language}&size={size}")
            for language in ("uk", "en")
            for size in ("A4", "A6")
        ]
    for page in pages:
        assert "044 123 45 67" in page
        assert [word for word in SECRET if word in page] == []
        assert "<script" not in page


async def test_a_signed_file_is_ours_and_holds_nothing_hidden(office: Office) -> None:
    async with a_console(office, EVERY) as console:
        editor = await console.someone("Edna Example", "editor")
        text = await editor.get("/offline/file?area=UA-63&lang=uk")
        viewer = await console.someone("Vera Example", "viewer")
        await viewer.get("/offline/file?area=UA-63&lang=uk", status=403)
    verdict = checked(text.encode(), office.parts["signing"].verify, TODAY)
    assert verdict.good
    assert (verdict.place, verdict.language, verdict.listings) == ("UA-63", "uk", 1)
    assert [word for word in SECRET if word in text] == []
    found = re.search(r'id="directory">(.*?)</script>', text)
    assert found is not None
    (told,) = json.loads(found[1])["listings"]
    assert [contact["number"] for contact in told["contacts"]] == ["044 123 45 67"]


async def test_a_place_or_a_language_that_is_not_known_is_a_missing_page(office: Office) -> None:
    async with a_console(office, EVERY) as console:
        lead = await console.someone("Lena Example", "lead")
        for asked in ("area=UA-99&lang=uk", "area=UA-63&lang=tlh", "", "area=&lang="):
            await lead.get(f"/offline/leaflet?{asked}", status=404)
            await lead.get(f"/offline/file?{asked}", status=404)


async def test_the_page_that_offers_papers_names_places_and_keys(office: Office) -> None:
    async with a_console(office, EVERY) as console:
        lead = await console.someone("Lena Example", "lead")
        page = await lead.get("/offline")
    assert 'value="UA-63"' in page
    (raw,) = office.parts["signing"].public().values()
    assert raw.hex() in page


OPENINGS = (
    *("<script>", "<img src=x onerror=alert(1)>", "</p><svg onload=alert(1)>", "\"'>", "{{7*7}}"),
    *("<style>@import 'https://example.org'</style>", "javascript:alert(1)//", "&lt;b&gt;"),
    *("<!--", "]]>", "</title><h1>", "\u202e", "<base href=//example.org>"),
    *("<meta http-equiv=refresh content=0>", "<a href=//example.org>"),
)
ENDINGS = ("alert(1)</script>", " autofocus onfocus=alert(1) x=", "%00", "`${1}`")
PAYLOADS = [f"{opening}{ending}" for opening, ending in product(OPENINGS, ENDINGS)]
"""Sixty; each stands in five fields of a listing."""


def quoted(text: str) -> str:
    return json.dumps(text)


def test_whatever_is_typed_into_a_listing_stays_text_on_paper(tmp_path: Path) -> None:
    there = directory(
        tmp_path,
        *(
            listing(
                f"ua-x{i}",
                names=f"{{en: {quoted(payload)}}}",
                organization=f"{{en: {quoted(f'{i} {payload}')}}}",
                summary=f"{{en: {quoted(payload)}}}",
                contacts=f'[{{kind: phone, number: "+380441234567", label: {{en: {quoted(payload)}'
                f"}}, hours: {{printed: {quoted(payload)}}}}}]",
            )
            for i, payload in enumerate(PAYLOADS)
        ),
    )
    live = there.serving(None)
    papers = Papers(speech(), there, lambda: live)
    leaflet = papers.leaflet("UA-63", "en", "A4", TODAY)
    file = papers.file("UA-63", "en", TODAY, lambda _: ("key", b"signature")).decode()
    for page, scripts in ((leaflet, 0), (file, 1)):
        tags = Tags(page).found
        assert {tag for tag, _ in tags} <= TAGS
        assert sum(tag == "script" for tag, _ in tags) == scripts
        assert sum(tag == "article" for tag, _ in tags) == len(PAYLOADS)
        assert [names for _, names in tags if any(name.startswith("on") for name in names)] == []
        assert [names for tag, names in tags if "href" in names and tag != "link"] == []


def test_the_cover_says_nothing_of_what_it_is_about(tmp_path: Path) -> None:
    there = directory(tmp_path, listing("ua-a"))
    papers = Papers(speech(), there, lambda: there.serving(None))
    for language in papers.languages:
        page = papers.leaflet("UA-63", language, "A6", TODAY)
        cover = page[page.index("<header") : page.index("</header>")].casefold()
        title = page[page.index("<title>") : page.index("</title>")].casefold()
        for word in ("rape", "violen", "насил", "згвалт", "изнасил", "viol", "zorak", "prievart"):
            assert word not in cover + title
        assert "2026" in cover


def test_what_was_suspended_is_on_no_paper_from_then_on(tmp_path: Path) -> None:
    with office_with(tmp_path, listing("ua-a", names="{en: Harbour}")) as office:
        serving = Serving(ledger_of(office), office.parts["directory"], office.clock)
        papers = Papers(speech(), office.parts["directory"], lambda: serving.live)
        signing = office.parts["signing"]
        assert "Harbour" in papers.leaflet("UA-63", "en", "A4", TODAY)
        assert b"Harbour" in papers.file("UA-63", "en", TODAY, signing.sign)
        ledger_of(office).suspend(Actor("duty"), ["ua-a"], why="taken over")
        serving.look()
        assert "Harbour" not in papers.leaflet("UA-63", "en", "A4", TODAY)
        assert b"Harbour" not in papers.file("UA-63", "en", TODAY, signing.sign)
        office.book.close()


def test_no_paper_says_that_who_holds_it_lives_under_occupation(tmp_path: Path) -> None:
    there = directory(tmp_path, listing("ua-a", occupied="yes", contacts=CHAT))
    live = there.serving(None)
    papers = Papers(speech(), there, lambda: live)
    page = papers.leaflet("occupied", "uk", "A6", TODAY)
    assert "example.org/chat" in page
    assert "Окупація" not in page
    assert "Коли ви телефонуєте" not in page, "there is no number to call on it"
    assert "Україна" in papers.leaflet("abroad", "uk", "A6", TODAY)


def test_a_paper_has_no_more_than_three_services_of_a_need_on_a_leaflet(tmp_path: Path) -> None:
    there = directory(tmp_path, *(listing(f"ua-{name}") for name in "abcde"))
    live = there.serving(None)
    papers = Papers(speech(), there, lambda: live)
    assert papers.leaflet("UA", "uk", "A4", TODAY).count("<article>") == 5
    assert papers.leaflet("UA", "uk", "A6", TODAY).count("<article>") == 3
    assert papers.leaflet("UA", "uk", "A4", TODAY, wanted=("legal",)).count("<article>") == 0


def from_right_to_left() -> Speech:
    """English in Arabic letters, as a language of its own."""
    english = read_ui(LOCALES)
    languages = {one.code: one for one in speech().languages}
    ar = replace(languages["en"], code="ar", endonym="عربي", dir="rtl")
    words = Phrases("ar", english, lambda _, text: arabic(text), "rtl")
    return Speech((ar,), {}, {"ar": words}, {"ar": lambda _, text: arabic(text.get("en", ""))})


def test_a_paper_from_right_to_left_keeps_numbers_in_their_order(tmp_path: Path) -> None:
    there = directory(tmp_path, listing("ua-a"))
    papers = Papers(from_right_to_left(), there, lambda: there.serving(None))
    page = papers.leaflet("UA-63", "ar", "A6", date(2026, 11, 23))
    assert '<html lang="ar" dir="rtl"' in page
    assert '<bdi class="number" dir="ltr">044 123 45 67</bdi>' in page
    css = (paper.HERE / "static" / "leaflet.css").read_text(encoding="utf-8")
    assert not re.search(r"(?:left|right)\s*[:)]", css), "nothing is bound to the left or right"

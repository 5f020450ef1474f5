"""Duplicates, coverage and web addresses at the console, with a real ledger behind it."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from bot.console.checker import Checker
from bot.console.coverage import nobody_at_night
from bot.console.frame import ConsoleSettings, Office
from bot.ledger.model import Actor
from tests.console_frame.visitors import Fields, a_console
from tests.console_insight.offices import EVERY, ledger_of, office_with
from tests.console_insight.test_checker import INSIDE, serve
from tests.directory.helpers import HOTLINE, listing

PHONE = '[{kind: phone, number: "+380440000001", hours: "daily 09:00-18:00"}]'
TWICE = (
    listing("ua-one", names="{en: Women's Shelter Kyiv}", contacts=PHONE, area="[UA-63]"),
    listing("ua-two", names="{en: Kyiv Women Shelter (NGO)}", contacts=PHONE, area="[UA-63]",
            cost="free"),
    listing("ua-far", names="{en: A lawyer}", needs="[legal]", area="[UA-65]"),
)  # fmt: skip
XSS = "<img src=x onerror=alert(1)>"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with office_with(tmp_path, *TWICE) as office:
        yield office


def text(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


async def test_two_that_look_alike_are_shown_with_the_reasons(office: Office) -> None:
    async with a_console(office, EVERY) as console:
        editor = await console.someone("Edna Example", "editor")
        page = await editor.get("/duplicates")
        assert "the same name" in page
        assert "the same telephone number" in page
        assert '"/duplicates/ua-one/ua-two"' in page
        assert "ua-far" not in page
        pair = await editor.get("/duplicates/ua-one/ua-two")
        assert "Kyiv Women Shelter (NGO)" in pair
        assert Fields(pair).values["keep"] == "ua-one"
        await editor.get("/duplicates/ua-one/ua-one", status=303)
        await editor.get("/duplicates/ua-one/ua-none", status=404)


async def test_who_keeps_other_areas_sees_neither_the_pair_nor_its_listings(
    office: Office,
) -> None:
    async with a_console(office, EVERY) as console:
        elsewhere = await console.someone("Olga Example", "editor", areas=("UA-65",))
        assert "ua-one" not in await elsewhere.get("/duplicates")
        await elsewhere.get("/duplicates/ua-one/ua-two", status=404)
        answer = await elsewhere.post("/duplicates/merge", keep="ua-one", gone="ua-two")
        assert answer.status == 404
        answer = await elsewhere.post("/duplicates/dismiss", keep="ua-one", gone="ua-two", why="no")
        assert answer.status == 404
    assert ledger_of(office).dismissed() == frozenset()
    assert ledger_of(office).drafts(Actor("other")) == ()


async def test_merging_makes_a_draft_with_what_was_picked_and_takes_nothing_down(
    office: Office,
) -> None:
    async with a_console(office, EVERY) as console:
        editor = await console.someone("Edna Example", "editor")
        answer = await editor.post(
            "/duplicates/merge",
            {"keep": "ua-one", "gone": "ua-two", "pick:cost": "gone", "pick:names.en": "keep",
             "why": "One house"},
        )  # fmt: skip
        assert (answer.status, answer.headers["Location"]) == (303, "/drafts/ua-one")
        again = await editor.post("/duplicates/merge", keep="ua-one", gone="ua-two")
        assert again.status == 409, "there is an open draft already"
    (draft,) = ledger_of(office).drafts(Actor("other"))
    assert draft.absorbs == ("ua-two",)
    assert draft.content["cost"] == "free"
    assert draft.content["names"]["en"] == "Women's Shelter Kyiv"
    assert ledger_of(office).resolve("ua-two") == "ua-two", "only a second person ends it"
    ledger_of(office).publish(Actor("other"), "ua-one", draft.version, draft.digest)
    assert ledger_of(office).resolve("ua-two") == "ua-one"
    served = {row.id: row for row in ledger_of(office).published().rows}
    assert served["ua-two"].content is None
    assert served["ua-two"].redirect_to == "ua-one"


async def test_what_was_said_to_be_different_is_not_asked_again(office: Office) -> None:
    async with a_console(office, EVERY) as console:
        editor = await console.someone("Edna Example", "editor")
        without = await editor.post("/duplicates/dismiss", keep="ua-one", gone="ua-two")
        assert without.status == 422
        assert "Say how you know." in await without.text()
        answer = await editor.post(
            "/duplicates/dismiss", keep="ua-one", gone="ua-two", why="Two doors in one house"
        )
        assert answer.status == 303
        page = await editor.get("/duplicates")
        assert "/duplicates/ua-one/ua-two" not in page
        assert "Two doors in one house" in page
        elsewhere = await console.someone("Olga Example", "editor", areas=("UA-65",))
        assert "Two doors" not in await elsewhere.get("/duplicates")
        again = await editor.post("/duplicates/again", one="ua-one", other="ua-two")
        assert again.status == 303
        assert "/duplicates/ua-one/ua-two" in await editor.get("/duplicates")


async def test_words_of_a_listing_stay_words_on_these_pages(tmp_path: Path) -> None:
    bad = f'{{en: "{XSS}"}}'
    both = [
        listing(f"ua-{name}", names=bad, organization=bad, summary=bad, contacts=PHONE)
        for name in ("one", "two")
    ]
    settings = ConsoleSettings(demo=True, link_checker=True)
    with office_with(tmp_path, both[0], both[1].replace("uk]", "en]"), settings=settings) as office:
        async with a_console(office, EVERY) as console:
            lead = await console.someone("Lena Example", "lead")
            for path in ("/duplicates", "/duplicates/ua-one/ua-two", "/links"):
                page = await lead.get(path)
                assert "&lt;img src=x" in page
                assert "<img" not in page


async def test_coverage_shows_who_is_missing_where_as_a_picture_and_a_table(
    office: Office,
) -> None:
    async with a_console(office, EVERY) as console:
        viewer = await console.someone("Vera Example", "viewer")
        page = await viewer.get("/coverage?country=UA")
        assert 'role="img"' in page
        assert "style=" not in page
        row = re.search(r'<tr><th scope="row">Kharkiv</th>(.*?)</tr>', page, re.DOTALL)
        assert row is not None
        assert text(row[1]).split() == ["0", ",", "nobody", "2", "0", ",", "nobody"]
        at_night = await viewer.get("/coverage?country=UA&for=night")
        row = re.search(r'<tr><th scope="row">Kharkiv</th>(.*?)</tr>', at_night, re.DOTALL)
        assert row is not None
        assert "2" not in text(row[1])
        assert ">Lawyer<" in await viewer.get("/coverage?country=UA&need=legal")
        odd = await viewer.get("/coverage?country=%3Cb%3E&need=x&speaks=%22&for=y&own=z")
        assert "<b>" not in odd


async def test_searches_that_found_nothing_are_shown_from_five_on(office: Office) -> None:
    for _ in range(5):
        ledger_of(office).count_unmet("legal.advice", "UA-63", "fr")
    for _ in range(4):
        ledger_of(office).count_unmet("medical.pep", "UA-63", "az")
    ledger_of(office).flush_unmet()
    async with a_console(office, EVERY) as console:
        viewer = await console.someone("Vera Example", "viewer")
        page = text(await viewer.get("/coverage?country=UA"))
    assert re.search(r"2026-W\d\d Lawyer Kharkiv Français 5", page)
    assert "PEP" not in page


def test_the_first_page_can_say_in_how_many_places_nobody_answers_at_night(tmp_path: Path) -> None:
    line = listing("ua-a", needs=HOTLINE, area="[UA-63]")
    with office_with(tmp_path, line) as office:
        # All but Kharkiv: the country, Kherson, Crimea, abroad and occupied.
        assert nobody_at_night(office) == 5
        office.book.close()


async def test_no_address_is_visited_unless_an_administrator_turned_that_on(
    tmp_path: Path,
) -> None:
    server, runner = await serve(INSIDE)
    url = f"http://one.example.org:{server.port}/"
    site = listing("ua-a", contacts=f"[{{kind: web, url: '{url}'}}]")

    async def here(_: str, __: int) -> Sequence[str]:
        return [INSIDE]

    checker = Checker(here, lambda _: True, frozenset({server.port, 443}))
    try:
        for on in (False, True):
            settings = ConsoleSettings(demo=True, link_checker=on)
            folder = tmp_path / str(on)
            folder.mkdir()
            with office_with(folder, site, settings=settings, checker=checker) as office:
                async with a_console(office, EVERY) as console:
                    editor = await console.someone("Edna Example", "editor")
                    await editor.get("/links?id=ua-a")
                    assert server.heard == []
                    answer = await editor.post("/links", id="ua-a")
                    assert answer.status == (200 if on else 409)
                    assert bool(server.heard) is on
                    assert ("✓ answers" in await answer.text()) is on
                    other = await console.someone("Olga Example", "editor", areas=("LT",))
                    server.heard.clear()
                    await other.post("/links", id="ua-a")
                    assert server.heard == [], "out of her areas: as if it were not there"
    finally:
        await runner.cleanup()

"""What the survivor sees, and why a listing stands where it stands: by the parts that serve it."""

from datetime import UTC, datetime

import pytest

from bot.cards import Cards
from bot.pack_words import worded
from bot.speech import names_in
from referral_directory import Query
from tests.console_frame.visitors import Console, Visitor
from tests.console_listings.reading import Seen
from tests.console_listings.rooms import DIRECTORY, Rooms, content

pytestmark = pytest.mark.asyncio(loop_scope="session")


def seeded(rooms: Rooms) -> None:
    """The listings of the pack, as the demonstration shows them."""
    if "ua-la-strada" not in set(rooms.ledger.plan_base()):
        rooms.ledger.seed(DIRECTORY.entries, "pack:ua", publish_for_demo=True)


async def test_the_preview_is_the_card_that_is_served_in_every_language(
    anna: Visitor, rooms: Rooms
) -> None:
    seeded(rooms)
    at = datetime.fromtimestamp(rooms.clock(), UTC)
    id_ = rooms.live.search(Query(needs=("medical",)), at).found[0].listing
    speech = rooms.speech
    places = {one.code: names_in(one.code, DIRECTORY, speech)["places"] for one in speech.languages}
    cards = Cards(worded(lambda: rooms.live, speech.packs), speech.phrases, places, {})
    assert len(places) == 7
    pages = {
        channel: await anna.get(f"/listings/{id_}/preview?reads=all&channel={channel}")
        for channel in ("web", "telegram", "terminal")
    }
    for language in places:
        for whole in (False, True):
            said = [line.text for line in cards.card(id_, language, at, whole=whole).lines]
            for channel, page in pages.items():
                text = Seen(page).text
                if channel == "terminal":
                    # Lines are wrapped there, each behind the edge of the card.
                    text, said = text.replace("| ", ""), [" ".join(one.split()) for one in said]
                assert [one for one in said if " ".join(one.split()) not in text] == []


async def test_a_long_list_is_turned_page_by_page(anna: Visitor, rooms: Rooms) -> None:
    seeded(rooms)
    first, second = [await anna.get(f"/listings?area=UA&page={number}") for number in (1, 2)]
    rows = [
        {a["value"] for _, a in Seen(page).tags if a.get("name") == "id"}
        for page in (first, second)
    ]
    assert (len(rows[0]), rows[0] & rows[1]) == (50, set())
    assert rows[1]
    assert "/listings?area=UA&page=2" in [a.get("href") for _, a in Seen(first).tags]


async def test_the_draft_is_shown_as_it_would_be_before_anybody_approves_it(
    anna: Visitor, rooms: Rooms
) -> None:
    id_ = rooms.published(content(names={"en": "Shown now"}))
    rooms.draft(content(names={"en": "Shown later"}), id_)
    stands = Seen(await anna.get(f"/listings/{id_}/preview?reads=uk")).text
    drafted = Seen(await anna.get(f"/listings/{id_}/preview?reads=uk&of=draft")).text
    assert "Shown later" not in stands
    assert "Shown later Україна · Безоплатно" in drafted


async def test_what_no_survivor_would_ever_see_says_why(anna: Visitor, rooms: Rooms) -> None:
    said = content(names={"en": "Not for all"}, visibility="operator_only")
    id_ = rooms.draft(said).record
    for path in ("preview?of=draft", "why"):
        page = Seen(await anna.get(f"/listings/{id_}/{path}")).text
        assert "who sees it: operators only" in page


async def test_the_page_shows_the_very_search_and_what_stands_before(
    anna: Visitor, rooms: Rooms
) -> None:
    seeded(rooms)
    at = datetime.fromtimestamp(rooms.clock(), UTC)
    query = Query(needs=("medical",), place="UA-63", languages=("uk",))
    given = [one.listing for one in rooms.live.search(query, at).found]
    asked = "need=medical&place=UA-63&reads=uk&at=2026-11-18T11:06"
    first = Seen(await anna.get(f"/listings/{given[0]}/why?{asked}")).text
    assert "It is given as number 1." in first
    last = await anna.get(f"/listings/{given[-1]}/why?{asked}")
    assert f"It is given as number {len(given)}." in Seen(last).text
    links = [a.get("href") for tag, a in Seen(last).tags if tag == "a"]
    assert [f"/listings/{one}" in links for one in given[:-1]] == [True] * (len(given) - 1)


async def test_a_later_place_is_found_too(anna: Visitor, rooms: Rooms) -> None:
    seeded(rooms)
    at = datetime.fromtimestamp(rooms.clock(), UTC)
    live, query = rooms.live, Query(needs=("legal",), languages=("uk",))
    before = [one.listing for one in live.search(query, at).found]
    following = live.without(before).search(query, at).found[0].listing
    page = Seen(
        await anna.get(f"/listings/{following}/why?need=legal&reads=uk&at=2026-11-18T11:06")
    )
    assert f"It is given as number {len(before) + 1}." in page.text


@pytest.mark.parametrize(
    ("asked", "because"),
    [
        ("need=legal&place=UA-63", "It does not help with that."),
        ("need=psychosocial&place=occupied", "It is not for that place"),
        ("need=psychosocial&place=UA-63&who=under18", "It says no to people like that."),
        ("need=psychosocial&place=UA-63&only=no_police", "It cannot be used in that way."),
        ("need=legal&place=UA-63&who=under18", "Several parts of the question"),
    ],
)
async def test_what_keeps_a_listing_away_is_named(
    anna: Visitor, rooms: Rooms, asked: str, because: str
) -> None:
    said = content(
        names={"en": "Kept away"},
        who={"woman": "yes", "under18": "no"},
        reports_to_police="yes",
    )
    id_ = rooms.published(said)
    page = Seen(await anna.get(f"/listings/{id_}/why?{asked}")).text
    assert "It is not given for this question." in page
    assert because in page


async def test_what_nobody_checked_for_long_is_labelled_and_then_hidden(
    rooms: Rooms, desk: tuple[Rooms, Console]
) -> None:
    # It is the last of this file: nobody else stays signed in so long.
    id_ = rooms.published(content(names={"en": "Long ago"}))
    began = rooms.clock.now
    seen = []
    for days in (60, 90, 125, 185):
        rooms.clock.now = began + days * 86_400
        later = await desk[1].someone("Later", "viewer")
        seen.append(Seen(await later.get(f"/listings/{id_}")).text)
    assert [text.split("Counselling ")[1].split(" ·")[0] for text in seen] == [
        "verified",
        "to be checked",
        "overdue, labelled",
        "overdue, hidden",
    ]
    assert "Confirmed 18 Nov 2026" in seen[1]
    assert "Not confirmed since 18 Nov 2026" in seen[2]
    assert "seen by survivors: no (overdue, hidden)" in seen[3]

"""What an operator sends with two keys: fixed texts, and listings in the person's language."""

import json
import re

import pytest

from bot.console.desk_canned import canned
from bot.console.desk_pictures import SURGE
from bot.console.desk_shown import NEEDS, OUTCOMES, REFERRALS
from bot.handoff.counts import KINDS
from bot.handoff.surge import MESSAGES
from bot.sealing import MOST_BYTES
from referral_directory.served import Served
from tests.console_desk.desk import ADesk
from tests.console_listings.rooms import DIRECTORY, NUMBER, content

pytestmark = pytest.mark.asyncio(loop_scope="package")
NEVER = re.compile(
    r"\b(why|promise|guarantee|must|should|too late|calm down|be strong|victim|safe with us)\b|!",
    re.IGNORECASE,
)


async def test_fixed_texts_ask_little_promise_nothing_and_are_told_apart() -> None:
    found = canned()
    assert len(found) >= 12
    slashes = [one.slash for one in found.values()]
    assert len(set(slashes)) == len(slashes)
    for code, one in found.items():
        text = one.texts["en"]
        assert not NEVER.search(text), code
        assert text.count("?") <= 1, code
        assert len(re.findall(r"[.?](?:\s|$)", text)) <= 3, code
        assert max(len(part.split()) for part in re.split(r"[.?]", text)) <= 20, code
        assert not re.search(r"\d{3}", text), "numbers of services come from the directory"
        for said in one.texts.values():
            assert len(said.encode()) <= MOST_BYTES


async def test_codes_of_the_end_and_of_the_switch_are_those_that_are_counted_and_known() -> None:
    assert set(NEEDS) == set(KINDS["need"])
    assert set(OUTCOMES) == set(KINDS["outcome"])
    assert set(REFERRALS) == set(KINDS["referral"])
    assert set(SURGE) == set(MESSAGES)


async def test_a_listing_is_found_by_a_word_and_sent_in_the_language_of_the_chat(
    desk: ADesk,
) -> None:
    anna = await desk.operator("Anna")
    listing = desk.rooms.published()
    hidden = desk.rooms.published(content(names={"en": "Quiet Cove"}))
    served = json.dumps(desk.rooms.record(listing).content).encode()
    desk.rooms.live = DIRECTORY.live([Served(listing, served, "UA")])
    found = (await anna.does("/desk/search", text="quiet", language="uk"))["found"]
    assert [(one["listing"], one["name"], one["own"]) for one in found] == [
        (listing, "Тиха гавань", "Quiet Harbour")
    ]
    card = await anna.does("/desk/listing", listing=listing, language="uk")
    assert card["text"].startswith("Тиха гавань\n")
    assert card["own"].startswith("Quiet Harbour\n")
    assert all(NUMBER[-4:] in card[side].replace(" ", "") for side in ("text", "own"))
    assert "https://harbour.example.org/" in card["text"]
    for gone in (hidden, "nothing-of-that-name"):
        refused = await anna.post("/desk/listing", listing=gone, language="uk")
        assert (refused.status, refused["refused"]) == (409, "gone")


async def test_without_a_word_the_need_of_the_chat_finds_what_suits(desk: ADesk) -> None:
    anna = await desk.operator("Anna")
    told = await anna.does("/desk/search", need="legal", language="uk")
    assert told["found"]
    assert all(one["state"] for one in told["found"])


async def test_a_page_begins_with_texts_in_both_languages_and_the_keys_to_compare(
    desk: ADesk,
) -> None:
    anna = await desk.operator("Anna")
    async with anna.visitor.http.get(f"{anna.visitor.url}/desk/begin") as answer:
        begin = await answer.json()
    assert begin["me"] == {
        "staff": anna.id,
        "name": anna.visitor.staff.name if anna.visitor.staff else "",
        "lead": False,
        "language": "en",
    }
    assert [one["id"] for one in begin["devices"]] == [anna.identity.public.id.hex()]
    roster = await anna.visitor.get("/desk/roster")
    assert begin["fingerprint"] in roster
    assert begin["canned"][0]["texts"]["en"]

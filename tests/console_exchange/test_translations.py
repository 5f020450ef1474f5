"""A text is written by one person and found right by another; only then do survivors read it."""

import json
from typing import Any

import pytest

from bot.console.translations import catalogue_words
from bot.ledger.model import TextCell
from tests.console_exchange.bringing import lead
from tests.console_frame.visitors import Console, Visitor
from tests.console_listings.payloads import PAYLOADS
from tests.console_listings.reading import Seen, Sent
from tests.console_listings.rooms import AUTHOR, DIRECTORY, SECOND, Rooms, content

pytestmark = pytest.mark.asyncio(loop_scope="session")


def served(rooms: Rooms, id_: str) -> dict[str, Any]:
    row = next(row for row in rooms.ledger.published().rows if row.id == id_)
    found: dict[str, Any] = json.loads(row.content or b"{}")
    return found


async def test_two_people_bring_a_text_to_survivors_and_one_alone_does_not(
    anna: Visitor, ben: Visitor, rooms: Rooms
) -> None:
    id_ = rooms.published(content(names={"en": "Two people"}))
    page = await anna.get(f"/translations/{id_}?language=uk")
    assert "Two people" in page
    assert "missing" in page
    told = {"language": "uk", "part": "names", "words": "Двоє"}
    await lead(anna, f"/translations/{id_}/write", told)
    page = await anna.get(f"/translations/{id_}?language=uk")
    assert "Двоє" in page
    assert "Approve" not in page
    answer = await anna.post(f"/translations/{id_}/review", {**told, "state": "approved"})
    assert answer.status == 409
    assert "Nobody approves their own work" in await answer.text()
    assert "uk" not in served(rooms, id_)["names"]
    page = await ben.get("/translations?language=uk&state=draft")
    assert "Approve" in page
    fields = Sent(page, f"/translations/{id_}/review").fields
    where = await lead(ben, f"/translations/{id_}/review", {**fields, "state": "approved"})
    assert where.startswith("/translations?language=uk&state=draft#text-")
    assert served(rooms, id_)["names"]["uk"] == "Двоє"


async def test_a_text_that_was_changed_after_it_was_looked_at_is_not_approved(
    anna: Visitor, ben: Visitor, rooms: Rooms
) -> None:
    id_ = rooms.published(content(names={"en": "Changed text"}))
    told = {"language": "uk", "part": "names", "words": "Перша"}
    await lead(anna, f"/translations/{id_}/write", told)
    await lead(anna, f"/translations/{id_}/write", {**told, "words": "Друга"})
    answer = await ben.post(f"/translations/{id_}/review", {**told, "state": "approved"})
    assert answer.status == 409
    assert "uk" not in served(rooms, id_)["names"]


async def test_what_may_not_stand_in_a_text_comes_back_with_the_fault_beside_it(
    anna: Visitor, rooms: Rooms
) -> None:
    id_ = rooms.published(content(names={"en": "With a number"}))
    words = "Дзвоніть +380 44 000 00 99"
    told = {"language": "uk", "part": "summary", "words": words}
    answer = await anna.post(f"/translations/{id_}/write", told)
    page = await answer.text()
    assert answer.status == 422
    assert words in page
    assert "a number or an address that the English does not have" in page
    assert 'aria-invalid="true"' in page
    answer = await anna.post(f"/translations/{id_}/write", {**told, "words": " "})
    assert "Write something." in await answer.text()


async def test_what_is_out_of_date_comes_first_and_the_board_counts_it(
    anna: Visitor, rooms: Rooms
) -> None:
    fresh = rooms.published(content(names={"en": "Aaa fresh", "uk": "Свіжа"}))
    said = {"names": {"en": "Zzz old", "uk": "Стара"}}
    old = rooms.published(content(**said))
    said["names"]["en"] = "Zzz old and renamed"
    draft = rooms.draft(content(**said), old)
    rooms.ledger.publish(SECOND, old, draft.version, draft.digest)
    page = await anna.get("/translations?language=uk")
    assert page.index(f"/translations/{old}?") < page.index(f"/translations/{fresh}?")
    assert "the English changed" in page
    board = await anna.get("/translations?text=zzz")
    assert "the English changed, 1" in board
    assert "Zzz old" in board
    assert "Aaa fresh" not in board


async def test_what_the_catalogues_say_already_is_shown_beside_the_text(
    anna: Visitor, rooms: Rooms
) -> None:
    rooms.ledger.seed(DIRECTORY.entries, "pack:ua", publish_for_demo=True)
    packs = rooms.speech.packs
    found = []
    for name in DIRECTORY.entries:
        cells = rooms.ledger.texts_of(AUTHOR, name, ("ru", "es", "fr"))
        found += [cell for cell in cells if catalogue_words(packs, cell)]
    assert found, "a catalogue says some text of a pack"
    cell = found[0]
    page = await anna.get(f"/translations/{cell.record}?language={cell.language}")
    assert "The catalogue says:" in page
    assert catalogue_words(packs, cell) in Seen(page).text
    unknown = TextCell("ua-none", "names", "ru", "missing", "Nothing known", "")
    assert catalogue_words(packs, unknown) == ""


async def test_who_only_approves_finds_a_text_right_and_writes_none(
    anna: Visitor, rooms: Rooms, desk: tuple[Rooms, Console]
) -> None:
    id_ = rooms.published(content(names={"en": "Approver reads"}))
    told = {"language": "uk", "part": "names", "words": "Читає"}
    await lead(anna, f"/translations/{id_}/write", {**told, "machine": "yes"})
    eva = await desk[1].someone("Eva", "approver")
    page = await eva.get(f"/translations/{id_}?language=uk")
    assert "by a machine" in page
    assert "<textarea" not in page
    assert (await eva.post(f"/translations/{id_}/write", told)).status == 403
    await lead(eva, f"/translations/{id_}/review", {**told, "state": "reviewed"})
    assert "looked at" in await eva.get(f"/translations/{id_}?language=uk")
    assert "uk" not in served(rooms, id_)["names"]
    fred = await desk[1].someone("Fred", "translator", areas=("UA-32",))
    await fred.get(f"/translations/{id_}?language=uk", 404)
    assert (await fred.post(f"/translations/{id_}/write", told)).status == 404


async def test_whatever_is_typed_into_a_translation_is_text(anna: Visitor, rooms: Rooms) -> None:
    id_ = rooms.published(content(names={"en": "Typed into"}))
    for payload in PAYLOADS[::30]:
        told = {"language": "uk", "part": "names", "words": payload, "next": payload}
        answer = await anna.post(f"/translations/{id_}/write", told)
        assert answer.status in {303, 422}
        page = Seen(await answer.text() or await anna.get(f"/translations/{id_}?language=uk"))
        assert [tag for tag, _ in page.tags if tag in {"img", "svg", "iframe"}] == []
        assert [1 for tag, has in page.tags if tag == "script" and "src" not in has] == []

"""The history of a listing on its page, the way back, and what is taken out for good."""

import pytest

from tests.console_frame.visitors import Visitor
from tests.console_listings.reading import Seen, Sent
from tests.console_listings.rooms import AUTHOR, SECOND, Rooms, content

pytestmark = pytest.mark.asyncio(loop_scope="session")
LEAKED = "Hidden Street 7"


def with_address(name: str) -> dict[str, object]:
    return content(names={"en": name}, address={"line": LEAKED, "city": "Kharkiv"})


async def test_every_act_is_there_with_who_when_and_what_it_changed(
    anna: Visitor, rooms: Rooms
) -> None:
    id_ = rooms.published(content(names={"en": "Remembered"}))
    rooms.ledger.suspend(AUTHOR, (id_,), why="no answer for days")
    rooms.draft(content(names={"en": "Remembered"}, cost="paid"), id_)
    page = Seen(await anna.get(f"/listings/{id_}/history")).text.split("Nothing is ever")[1]
    newest_first = ["proposed a change", "suspended", "published", "checked"]
    places = [page.index(said) for said in newest_first]
    assert places == sorted(places)
    assert "no answer for days" in page
    assert "second look: second" in page
    assert "phone +380440000001, web page harbour.example.org/: call" in page
    assert "cost free paid" in page


async def test_the_way_back_is_a_draft_like_any_other(anna: Visitor, rooms: Rooms) -> None:
    id_ = rooms.published(content(names={"en": "Way back"}))
    draft = rooms.draft(content(names={"en": "Way forward"}), id_)
    rooms.ledger.publish(SECOND, id_, draft.version, draft.digest)
    path = f"/listings/{id_}/revert"
    assert Sent(await anna.get(f"/listings/{id_}/history"), path).fields == {"number": "1"}
    assert (await anna.post(path, number="1")).headers["Location"] == f"/drafts/{id_}"
    record = rooms.record(id_)
    assert (record.row.name, record.revision) == ("Way forward", 2)
    assert record.draft is not None
    assert record.draft.content["names"] == {"en": "Way back"}


async def test_what_leaked_is_taken_out_for_good_by_two_people_and_not_by_one(
    anna: Visitor, ben: Visitor, rooms: Rooms
) -> None:
    said = with_address("Leaked")
    id_ = rooms.published(said)
    path = f"/listings/{id_}/purge"
    assert LEAKED in Seen(await anna.get(path)).text
    asked = {"step": "ask", "field": "address", "why": "it is the house itself"}
    assert (await anna.post(path, asked)).status == 303
    page = await anna.get(path)
    assert "Somebody else has to open this page" in Seen(page).text
    seq = Sent(await ben.get(path), path).fields["seq"]
    own = await anna.post(path, step="do", seq=seq)
    assert own.status == 409
    assert "A second person has to agree" in Seen(await own.text()).text
    assert (await ben.post(path, step="do", seq="999999")).status == 303
    assert "address" in rooms.record(id_).content
    assert (await ben.post(path, step="do", seq=seq)).headers["Location"].endswith("/history")
    assert "address" not in rooms.record(id_).content
    history = await anna.get(f"/listings/{id_}/history")
    assert LEAKED not in history
    assert "Taken out for good:" in Seen(history).text
    assert LEAKED not in await anna.get(path)


async def test_a_purge_that_nobody_wants_any_more_is_not_done(
    anna: Visitor, ben: Visitor, rooms: Rooms
) -> None:
    id_ = rooms.published(with_address("Kept after all"))
    path = f"/listings/{id_}/purge"
    await anna.post(path, step="ask", field="address", why="a mistake")
    seq = Sent(await ben.get(path), path).fields["seq"]
    await ben.post(path, step="drop")
    await ben.post(path, step="do", seq=seq)
    assert rooms.record(id_).content["address"]["line"] == LEAKED
    bad = await anna.post(path, step="ask", field="needs", why="x")
    assert bad.status == 409


async def test_taking_out_for_good_asks_again_who_one_is(anna: Visitor, rooms: Rooms) -> None:
    id_ = rooms.published(with_address("Asks again"))
    rooms.clock.now += 400
    path = f"/listings/{id_}/purge"
    answer = await anna.post(path, step="ask", field="address", why="kept while asked")
    assert answer.status == 401
    fields = Sent(await answer.text(), path).fields
    assert {"step": "ask", "field": "address", "why": "kept while asked"}.items() <= fields.items()
    assert rooms.ledger.purges_asked(AUTHOR) == ()

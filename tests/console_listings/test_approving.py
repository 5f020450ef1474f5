"""The second look on its page: who may, what they saw, and what is refused kindly."""

import pytest

from bot.ledger.model import Actor
from tests.console_frame.visitors import Console, Visitor
from tests.console_listings.reading import Seen, Sent
from tests.console_listings.rooms import NUMBER, Rooms, content

pytestmark = pytest.mark.asyncio(loop_scope="session")
NEW = "+380440000009"


def other_number(name: str) -> dict[str, object]:
    phone = {"kind": "phone", "number": NEW}
    return content(names={"en": name}, contacts=[phone])


def actor_of(visitor: Visitor) -> Actor:
    assert visitor.staff is not None
    return Actor(visitor.staff.id, restricted=True)


def proposed(rooms: Rooms, by: Visitor, name: str) -> str:
    """A published listing for which somebody proposes another number."""
    id_ = rooms.published(content(names={"en": name}))
    said = other_number(name)
    rooms.ledger.propose(actor_of(by), id_, said, base=1, version=None, why="")
    return id_


async def press(visitor: Visitor, id_: str, act: str, **more: str) -> tuple[int, str]:
    """One of the buttons of the page of a draft, as it is on that page."""
    path = f"/drafts/{id_}/{act}"
    fields = Sent(await visitor.get(f"/drafts/{id_}"), path).fields
    answer = await visitor.post(path, {**fields, **more})
    return answer.status, answer.headers.get("Location") or Seen(await answer.text()).text


async def test_a_number_changes_only_after_a_call_and_a_second_look(
    anna: Visitor, ben: Visitor, rooms: Rooms
) -> None:
    id_ = proposed(rooms, anna, "Second look")
    page = Seen(await ben.get(f"/drafts/{id_}")).text
    assert "phone 1: number second person" in page
    status, said = await press(ben, id_, "publish")
    assert (status, "Nobody has checked this yet" in said) == (409, True)
    status, _ = await press(ben, id_, "check", which="all", how="call")
    assert status == 303
    assert "✓ phone +380440000009: call" in Seen(await anna.get(f"/drafts/{id_}")).text
    assert (await press(ben, id_, "publish"))[0] == 303
    record = rooms.record(id_)
    assert (record.draft, record.content["contacts"][0]["number"]) == (None, NEW)


async def test_nobody_finds_a_button_to_approve_their_own_work_and_forging_it_is_refused(
    anna: Visitor, rooms: Rooms
) -> None:
    id_ = proposed(rooms, anna, "Own work")
    page = await anna.get(f"/drafts/{id_}")
    assert "a second person has to look" in Seen(page).text
    assert f"/drafts/{id_}/publish" not in page
    draft = rooms.record(id_).draft
    assert draft is not None
    answer = await anna.post(f"/drafts/{id_}/publish", version=draft.version, digest=draft.digest)
    assert answer.status == 409
    assert "Nobody approves their own work" in Seen(await answer.text()).text
    assert rooms.record(id_).draft == draft


async def test_what_was_changed_after_the_look_is_not_published(
    anna: Visitor, ben: Visitor, rooms: Rooms
) -> None:
    id_ = proposed(rooms, anna, "Changed since")
    seen = Sent(await ben.get(f"/drafts/{id_}"), f"/drafts/{id_}/publish").fields
    said = other_number("Changed since") | {"notes": "slipped in"}
    rooms.ledger.propose(actor_of(anna), id_, said, base=1, version=1, why="")
    answer = await ben.post(f"/drafts/{id_}/publish", seen)
    assert answer.status == 409
    assert "changed after you looked" in Seen(await answer.text()).text
    assert rooms.record(id_).draft is not None


async def test_a_hand_without_the_role_looks_and_cannot_press(
    anna: Visitor, rooms: Rooms, desk: tuple[Rooms, Console]
) -> None:
    id_ = proposed(rooms, anna, "Only looks")
    viewer = await desk[1].someone("Vera", "viewer")
    page = await viewer.get(f"/drafts/{id_}")
    assert "Somebody who approves finds it" in Seen(page).text
    assert f"/drafts/{id_}/" not in page
    draft = rooms.record(id_).draft
    assert draft is not None
    seen = {"version": str(draft.version), "digest": draft.digest}
    await viewer.post(f"/drafts/{id_}/publish", seen)
    for act in ("discard", "rebase", "check"):
        assert (await viewer.post(f"/drafts/{id_}/{act}", seen)).status == 403
    assert rooms.record(id_).draft == draft


async def test_words_that_lead_nobody_astray_are_published_by_who_wrote_them(
    anna: Visitor, rooms: Rooms
) -> None:
    id_ = rooms.published(content(names={"en": "Typing error"}))
    said = content(names={"en": "Typing errors"})
    rooms.ledger.propose(actor_of(anna), id_, said, base=1, version=None, why="")
    page = Seen(await anna.get(f"/drafts/{id_}")).text
    assert "None of this needs a second person" in page
    assert (await press(anna, id_, "publish"))[0] == 303
    assert rooms.record(id_).row.name == "Typing errors"


async def test_a_draft_behind_what_stands_is_put_together_and_says_what_met(
    anna: Visitor, ben: Visitor, rooms: Rooms
) -> None:
    # Only what was published meanwhile leaves a draft behind: an import that is taken back.
    id_ = proposed(rooms, anna, "Left behind")
    with rooms.ledger.books.writing() as tx:
        from dataclasses import replace  # noqa: PLC0415

        held = tx.held(id_)
        assert held.kept is not None
        kept = tx.keep(id_, {**held.kept.content, "notes": "meanwhile", "cost": "paid"})
        tx.act(id_, "publish", "x", second="y", number=2, kept=kept)
        tx.put(replace(held, revision=2, kept=kept))
    assert "cannot be approved as it is" in Seen(await ben.get(f"/drafts/{id_}")).text
    assert (await press(ben, id_, "rebase"))[0] == 200
    draft = rooms.record(id_).draft
    assert draft is not None
    assert (draft.base, draft.content["notes"]) == (2, "meanwhile")
    assert draft.content["contacts"][0]["number"] == NEW


async def test_a_draft_is_discarded_once_and_the_next_is_told_kindly(
    anna: Visitor, ben: Visitor, rooms: Rooms
) -> None:
    id_ = proposed(rooms, anna, "Thrown away")
    fields = Sent(await ben.get(f"/drafts/{id_}"), f"/drafts/{id_}/discard").fields
    assert (await press(anna, id_, "discard"))[0] == 303
    answer = await ben.post(f"/drafts/{id_}/discard", fields)
    assert answer.headers["Location"] == f"/listings/{id_}"
    assert rooms.record(id_).draft is None


async def test_drafts_are_listed_with_those_that_wait_for_oneself_first(
    anna: Visitor, ben: Visitor, rooms: Rooms
) -> None:
    proposed(rooms, anna, "Waits for Ben")
    page = Seen(await ben.get("/drafts")).text
    assert page.index("Wait for your second look") < page.index("Waits for Ben")
    own = Seen(await anna.get("/drafts")).text
    assert own.index("Yours, wait for somebody else") < own.index("Waits for Ben")


async def test_what_was_suspended_comes_back_only_with_a_second_person(
    anna: Visitor, ben: Visitor, rooms: Rooms
) -> None:
    id_ = rooms.published(content(names={"en": "Comes back"}))
    await anna.post(f"/listings/{id_}/suspend", why="somebody else answers there")
    assert rooms.record(id_).row.stage == "suspended"
    assert "somebody else answers there" in Seen(await ben.get(f"/listings/{id_}")).text
    answer = await anna.post(f"/listings/{id_}/lift", why="I called, it is them")
    assert answer.headers["Location"] == f"/drafts/{id_}"
    page = Seen(await anna.get(f"/drafts/{id_}")).text
    assert "a second person has to look" in page
    # All of it is shown again, so all of it is on the page; and the old call counts for nothing.
    assert (NUMBER in page, "not checked" in page) == (True, True)
    assert (await press(ben, id_, "publish"))[0] == 409
    assert (await press(ben, id_, "check", which="all", how="call"))[0] == 303
    assert (await press(ben, id_, "publish"))[0] == 303
    assert rooms.record(id_).row.stage == "verified"


async def test_an_approval_of_something_else_than_the_draft_is_refused(
    anna: Visitor, ben: Visitor, rooms: Rooms
) -> None:
    id_ = proposed(rooms, anna, "Another digest")
    answer = await ben.post(f"/drafts/{id_}/publish", version="1", digest="0" * 64)
    assert answer.status == 409
    assert "changed after you looked" in Seen(await answer.text()).text


async def test_a_check_of_the_draft_is_void_once_the_draft_says_something_else(
    anna: Visitor, ben: Visitor, rooms: Rooms
) -> None:
    id_ = proposed(rooms, anna, "Void check")
    assert (await press(ben, id_, "check", which="all", how="visit"))[0] == 303
    assert "✓ phone +380440000009: visit" in Seen(await ben.get(f"/drafts/{id_}")).text
    said = other_number("Void check")
    said["contacts"] = [{"kind": "phone", "number": NEW, "free": "yes"}]
    rooms.ledger.propose(actor_of(anna), id_, said, base=1, version=1, why="")
    assert "phone +380440000009 not checked" in Seen(await ben.get(f"/drafts/{id_}")).text

"""Adding and changing listings: drafts, faults beside fields, two people at once."""

import pytest

from tests.console_frame.visitors import Console, Visitor
from tests.console_listings.reading import Seen, Sent
from tests.console_listings.rooms import AUTHOR, NUMBER, Rooms, content

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def form_of(visitor: Visitor, path: str) -> dict[str, str]:
    return Sent(await visitor.get(path), path).fields


async def send(visitor: Visitor, path: str, fields: dict[str, str], **more: str) -> tuple[int, str]:
    answer = await visitor.post(path, {**fields, "do": "save", **more})
    return answer.status, answer.headers.get("Location") or await answer.text()


async def test_a_listing_is_added_as_a_draft_that_nobody_sees_yet(
    anna: Visitor, rooms: Rooms
) -> None:
    fields = await form_of(anna, "/listings/new")
    fields |= {
        "names.en": "Blue Door",
        "organization.en": "Blue Door (example)",
        "summary.en": "A counsellor answers.",
        "needs:legal": "on",
        "area:UA-63": "on",
        "languages": "Ukrainian",
        "contacts.0.to": "+380 44 000 00 02",
        "source.url": "https://door.example.org/",
        "who.man": "yes",
    }
    status, place = await send(anna, "/listings/new", fields, why="They wrote to us.")
    assert (status, place) == (303, "/drafts/ua-blue-door")
    record = rooms.record("ua-blue-door")
    assert record.draft is not None
    assert (record.revision, record.published, record.draft.why) == (0, None, "They wrote to us.")
    assert record.draft.content["contacts"][0]["number"] == "+380440000002"
    assert record.draft.content["who"] == {"man": "yes"}


async def test_a_fault_keeps_all_that_was_typed_and_saves_nothing(
    anna: Visitor, rooms: Rooms
) -> None:
    fields = await form_of(anna, "/listings/new")
    fields |= {"names.en": "Half <b>done</b>", "notes": "two\nlines", "needs:legal": "on"}
    before = rooms.ledger.generation()
    status, page = await send(anna, "/listings/new", fields, why="because")
    assert status == 422
    back = Sent(page, "/listings/new").fields
    assert (back["names.en"], back["notes"], back["why"]) == (
        "Half <b>done</b>",
        "two\nlines",
        "because",
    )
    assert back["needs:legal"] == "on"
    marked = {a["name"] for _, a in Seen(page).tags if a.get("aria-invalid") == "true"}
    assert {"languages", "summary.en", "organization.en"} <= marked
    assert rooms.ledger.generation() == before


async def test_buttons_in_the_form_change_the_form_and_nothing_else(
    anna: Visitor, rooms: Rooms
) -> None:
    name = rooms.published(content(names={"en": "Buttons"}))
    path = f"/listings/{name}/edit"
    fields = {**await form_of(anna, path), "names.en": "Typed already"}
    before = rooms.ledger.generation()
    status, page = await send(anna, path, fields, do="add:contacts")
    more = Sent(page, path).fields
    assert (status, more["names.en"], more["contacts.2.kind"]) == (200, "Typed already", "phone")
    _, page = await send(anna, path, more, do="remove:contacts.0")
    assert "contacts.0.to" not in Sent(page, path).fields
    assert rooms.ledger.generation() == before


async def test_what_the_form_does_not_show_survives_an_edit(anna: Visitor, rooms: Rooms) -> None:
    carried = {"service": {"id": "x", "name": "As it came"}}
    name = rooms.published(content(names={"en": "Carried"}, carried=carried, notes="n"))
    path = f"/listings/{name}/edit"
    fields = {**await form_of(anna, path), "names.uk": "Інша назва"}
    status, _ = await send(anna, path, fields)
    draft = rooms.record(name).draft
    assert (status, draft and draft.content["carried"]) == (303, carried)
    assert [one.field for one in rooms.ledger.changes_of(name, AUTHOR)] == ["names.uk"]


async def test_two_people_at_once_see_both_values_and_lose_nothing(
    anna: Visitor, ben: Visitor, rooms: Rooms
) -> None:
    name = rooms.published(content(names={"en": "At once"}))
    path = f"/listings/{name}/edit"
    mine, theirs = await form_of(anna, path), await form_of(ben, path)
    theirs |= {"names.uk": "Їхня назва", "languages": "uk, en", "contacts.0.to": "+380440000007"}
    assert (await send(ben, path, theirs))[0] == 303
    mine |= {"names.uk": "Моя назва", "notes": "I asked."}
    status, page = await send(anna, path, mine)
    assert status == 422
    text = Seen(page).text
    assert "name: Ukrainian" in text
    assert "Моя назва" in text
    assert "Їхня назва" in text
    again = Sent(page, path).fields
    assert (again["names.uk"], again["notes"]) == ("Моя назва", "I asked.")
    assert (again["languages"], again["contacts.0.to"]) == ("uk, en", "+380440000007")
    assert (await send(anna, path, again))[0] == 303
    draft = rooms.record(name).draft
    assert draft is not None
    assert set(draft.authors) == {anna.staff.id, ben.staff.id}  # type: ignore[union-attr]
    assert draft.content["contacts"][0]["number"] == "+380440000007"


async def test_what_the_other_person_wrote_is_taken_over_field_by_field(
    anna: Visitor, ben: Visitor, rooms: Rooms
) -> None:
    name = rooms.published(content(names={"en": "Taken over", "uk": "Було"}))
    path = f"/listings/{name}/edit"
    mine, theirs = await form_of(anna, path), await form_of(ben, path)
    theirs |= {"names.uk": "Їхнє", "hours.rules": "24/7", "contacts.0.to": "+380440000007"}
    theirs |= {"needs:legal": "on", "contacts.1.label.en": "Their page"}
    await send(ben, path, theirs)
    mine |= {"names.uk": "Моє", "hours.rules": "Mo-Fr 10:00-12:00", "notes": "Mine alone"}
    mine |= {"contacts.0.to": "+380440000008", "needs:medical": "on"}
    mine |= {"contacts.1.label.en": "My page"}
    # Mine come the other way round; each is still known for what it is.
    _, page = await send(anna, path, mine, do="up:contacts.1")
    _, page = await send(anna, path, Sent(page, path).fields)
    found = [a["value"] for _, a in Seen(page).tags if a.get("value", "").startswith("take:")]
    assert set(found) >= {
        *("take:names.uk", "take:hours", "take:contacts[phone 1].number", "take:needs"),
        "take:contacts[web 1].label.en",
    }, found
    assert "Mo-Fr 10:00-12:00" in Seen(page).text
    assert "24/7" in Seen(page).text
    for one in found:
        if one != "take:contacts[web 1].label.en":
            status, page = await send(anna, path, Sent(page, path).fields, do=one)
            assert (status, f'value="{one}"' in page) == (422 if "take:" in page else 200, False)
    assert (await send(anna, path, Sent(page, path).fields))[0] == 303
    draft = rooms.record(name).draft
    assert draft is not None
    said = draft.content
    assert (said["names"]["uk"], said["notes"], said["hours"]["rules"]) == (
        "Їхнє",
        "Mine alone",
        "24/7",
    )
    assert said["needs"] == ["psychosocial.counselling", "legal"]
    web, phone = said["contacts"]
    assert (web["label"]["en"], phone["number"]) == ("My page", "+380440000007")


async def test_who_writes_sees_what_deserves_a_doubt(anna: Visitor, rooms: Rooms) -> None:
    name = rooms.published(content(names={"en": "Doubtful"}))
    path = f"/listings/{name}/edit"
    # The а in it is Cyrillic.
    fields = {**await form_of(anna, path), "contacts.1.to": "https://hаrbour.example.org/"}
    assert (await send(anna, path, fields))[0] == 303
    page = await anna.get(path)
    assert any("doubt-contacts.1.to-1" in a.get("aria-describedby", "") for _, a in Seen(page).tags)
    assert "mixes letters" in Seen(await anna.get(f"/drafts/{name}")).text


async def test_who_may_not_see_a_contact_changes_the_rest_and_takes_nothing_away(
    rooms: Rooms, desk: tuple[Rooms, Console]
) -> None:
    hidden = {"kind": "phone", "number": "+380440000088", "visibility": "operator_only"}
    name = rooms.published(
        content(names={"en": "Partly hidden"}, contacts=[hidden, *content()["contacts"]])
    )
    editor = await desk[1].someone("Edit", "editor")
    path = f"/listings/{name}/edit"
    page = await editor.get(path)
    assert "+380440000088" not in page
    fields = {**Sent(page, path).fields, "names.uk": "Частково"}
    assert (await send(editor, path, fields))[0] == 303
    for place in (f"/drafts/{name}", f"/listings/{name}", f"/listings/{name}/history"):
        assert "440000088" not in await editor.get(place)
    draft = rooms.record(name).draft
    assert draft is not None
    numbers = {one.get("number") for one in draft.content["contacts"]}
    assert numbers == {"+380440000088", NUMBER, None}


async def test_a_form_that_changes_nothing_says_so(anna: Visitor, rooms: Rooms) -> None:
    name = rooms.published(content(names={"en": "The same"}))
    path = f"/listings/{name}/edit"
    status, page = await send(anna, path, await form_of(anna, path))
    assert status == 422
    assert "says what stands already" in Seen(page).text


async def test_somebody_of_another_area_finds_no_such_listing(
    rooms: Rooms, desk: tuple[Rooms, Console], anna: Visitor
) -> None:
    name = rooms.published(content(names={"en": "Out of reach"}))
    console = desk[1]
    lviv = await console.someone("Lviv", "lead", areas=("UA-46",))
    for path in ("", "/edit", "/history", "/preview", "/why", "/purge"):
        theirs = await lviv.get(f"/listings/{name}{path}", status=404)
        unknown = await lviv.get(f"/listings/nothing{path}", status=404)
        assert Seen(theirs).text == Seen(unknown).text
    assert NUMBER not in await lviv.get("/listings?text=reach")
    before = rooms.ledger.generation()
    for act in ("check", "suspend", "lift", "revert", "report", "edit"):
        assert (await lviv.post(f"/listings/{name}/{act}", do="save", why="x")).status == 404
    for act in ("publish", "discard", "rebase", "check"):
        assert (await lviv.post(f"/drafts/{name}/{act}", version="1")).status == 404
    assert rooms.ledger.generation() == before

"""What lies in areas of others is not there, and what somebody may no longer do they cannot do."""

import pytest

from bot.ledger.model import Actor
from tests.console_frame.visitors import Console
from tests.console_listings.rooms import AUTHOR, SECOND, Rooms, content

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_where_a_listing_went_is_told_to_nobody_who_may_not_see_it(
    desk: tuple[Rooms, Console],
) -> None:
    rooms, console = desk
    keep = rooms.published(content(names={"en": "One of two"}))
    gone = rooms.published(content(names={"en": "The other of two"}))
    draft = rooms.ledger.merge(AUTHOR, keep, gone, {})
    rooms.ledger.publish(SECOND, keep, draft.version, draft.digest)
    near = await console.someone("Near", "editor", areas=("UA-63",))
    far = await console.someone("Far", "editor", areas=("UA-46",))
    await near.get(f"/listings/{gone}", status=303)
    asked = (keep, gone, "nothing")
    pages = {(await far.get(f"/listings/{one}", status=404)).replace(one, "…") for one in asked}
    assert len(pages) == 1


async def test_an_author_who_edits_no_more_publishes_nothing_of_what_they_wrote(
    desk: tuple[Rooms, Console],
) -> None:
    rooms, console = desk
    gus = await console.someone("Gus", "editor")
    assert gus.staff is not None
    record = rooms.published(content(names={"en": "A word mended"}))
    said = content(names={"en": "A word mended"}, summary={"en": "A counsellor answers."})
    author = Actor(gus.staff.id)
    draft = rooms.ledger.propose(author, record, said, base=1, version=None)
    rooms.office.book.accounts.set_roles(gus.staff.id, ("viewer",), ())
    gus = await console.someone("Gus", "viewer")
    given = {"version": str(draft.version), "digest": draft.digest}
    assert (await gus.post(f"/drafts/{record}/publish", given)).status == 200
    assert rooms.record(record).revision == 1
    rooms.office.book.accounts.set_roles(author.id, ("editor",), ())
    gus = await console.someone("Gus", "editor")
    assert (await gus.post(f"/drafts/{record}/publish", given)).status == 303
    assert rooms.record(record).revision == 2

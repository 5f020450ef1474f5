"""What was said of listings is looked at, answered, and what was suspended goes on by two."""

from typing import get_args

import pytest

from bot.ledger.model import Told
from referral_directory.keeping import parts
from tests.console_frame.visitors import Console, Visitor
from tests.console_listings.reading import Seen, Sent
from tests.console_listings.rooms import AUTHOR, NUMBER
from tests.console_work.week import Week

pytestmark = pytest.mark.asyncio(loop_scope="session")
PHONE = f"contact:phone:{NUMBER}"


def cards(page: str) -> list[str]:
    """The text of each report, in order."""
    return [Seen(part).text for part in page.split('<section class="card')[1:]]


async def test_reports_are_counted_the_unsafe_ones_first(anna: Visitor, week: Week) -> None:
    quiet = week.listed("Nobody there")
    wrong = week.listed("Wrong number")
    unsafe = week.listed("A bad place")
    week.ledger.report(quiet, "no_answer", "survivor", PHONE)
    for _ in range(3):
        week.ledger.report(wrong, "wrong", "survivor", PHONE)
    week.ledger.report(unsafe, "unsafe", "survivor")
    first, second, third = cards(await anna.get("/tasks"))
    assert "A bad place" in first
    assert "it was unsafe" in first
    assert "suspended" in first
    assert "Wrong number" in second
    assert f"phone {NUMBER}" in second
    assert "told by a survivor" in second
    assert "said 3 times" in second
    assert "Nobody there" in third
    (only,) = cards(await anna.get("/tasks?problem=wrong"))
    assert "Wrong number" in only
    (only,) = cards(await anna.get(f"/tasks?record={quiet}"))
    assert "Nobody there" in only


async def test_a_report_is_closed_with_what_was_found_and_not_without(
    anna: Visitor, week: Week
) -> None:
    id_ = week.listed("To be answered")
    task = week.ledger.report(id_, "no_answer", "operator").task
    path = f"/tasks/{task.id}/close"
    fields = Sent(await anna.get(f"/tasks?record={id_}"), path).fields
    answer = await anna.post(path, {**fields, "answer": "   "})
    page = await answer.text()
    assert answer.status == 422
    assert "Write what was found" in Seen(page).text
    assert 'aria-invalid="true"' in page
    assert len(week.record(id_).tasks) == 1
    answer = await anna.post(path, {**fields, "answer": "They answer again since noon"})
    assert answer.headers["Location"] == f"/tasks?record={id_}"
    assert week.record(id_).tasks == ()
    (closed, *_) = cards(await anna.get("/tasks?done=yes"))
    assert "To be answered" in closed
    assert "They answer again since noon · Anna" in closed
    # Somebody else closes it again: it is said that nothing is left to do.
    answer = await anna.post(path, {**fields, "answer": "Again"})
    assert answer.status == 422
    assert week.ledger.tasks(AUTHOR, still_open=False)[0].answer.startswith("They")


async def test_a_suspended_listing_is_shown_again_only_by_a_second_person(
    anna: Visitor, ben: Visitor, week: Week
) -> None:
    id_ = week.listed("Suspended by a report")
    week.serving.catch_up()
    assert id_ in week.serving.live.ids()
    await anna.post(f"/listings/{id_}/report", problem="unsafe")
    week.serving.look()
    assert id_ not in week.serving.live.ids()
    lift = f"/listings/{id_}/lift"
    Sent(await anna.get(f"/tasks?record={id_}"), lift)
    # Closing the report alone shows nothing again.
    task = week.record(id_).tasks[0]
    await anna.post(f"/tasks/{task.id}/close", answer="A mistake, it is safe")
    assert "stays suspended" in Seen(await anna.get("/tasks")).text
    assert week.record(id_).row.stage == "suspended"
    await anna.post(lift, why="A mistake, it is safe")
    check = f"/drafts/{id_}/check"
    fields = Sent(await anna.get(f"/drafts/{id_}"), check).fields
    await anna.post(check, {**fields, "which": "all"})
    draft = week.record(id_).draft
    assert draft is not None
    sent = {"version": str(draft.version), "digest": draft.digest}
    answer = await anna.post(f"/drafts/{id_}/publish", sent)
    assert answer.status == 409
    assert (await ben.post(f"/drafts/{id_}/publish", sent)).status == 303
    week.serving.catch_up()
    assert id_ in week.serving.live.ids()


async def test_a_report_of_another_place_is_not_there(desk: tuple[Week, Console]) -> None:
    week, console = desk
    id_ = week.listed("Of another place", area=["UA-46"])
    task = week.ledger.report(id_, "wrong", "operator").task
    carol = await console.someone("Carol", "operator", areas=("UA-14",))
    assert "Of another place" not in await carol.get("/tasks")
    assert (await carol.post(f"/tasks/{task.id}/close", answer="x")).status == 404
    assert len(week.record(id_).tasks) == 1
    # An empty answer tells no more than a full one.
    page = await (await carol.post(f"/tasks/{task.id}/close", answer="")).text()
    assert "Of another place" not in page
    dora = await console.someone("Dora", "operator")
    page = await dora.get("/tasks")
    assert "Of another place" in page
    assert "/lift" not in page


async def test_many_reports_come_in_pages(anna: Visitor, week: Week) -> None:
    for name in ("Often 1", "Often 2", "Often 3", "Often 4"):
        id_ = week.listed(name)
        for part in ("", *parts(week.record(id_).content)):
            for told in get_args(Told):
                week.ledger.report(id_, "no_answer", told, part)
    page = await anna.get("/tasks?problem=no_answer")
    assert len(cards(page)) == 50
    assert "problem=no_answer&amp;page=2" in page
    assert cards(await anna.get("/tasks?problem=no_answer&page=2"))
    assert cards(await anna.get("/tasks?problem=no_answer&page=99")) == cards(
        await anna.get("/tasks?problem=no_answer&page=2")
    )

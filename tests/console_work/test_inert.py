"""What is typed into an answer, a reason or a name is text on the pages of the week."""

from urllib.parse import quote

import pytest

from tests.console_frame.visitors import Visitor
from tests.console_listings.payloads import TRIED
from tests.console_listings.reading import Seen
from tests.console_listings.rooms import AUTHOR
from tests.console_listings.test_inert import harm as harm_of
from tests.console_listings.test_inert import hostile
from tests.console_work.week import Week

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_three_hundred_scripts_are_text_on_every_page_of_the_week(
    anna: Visitor, week: Week
) -> None:
    names = []
    for first in range(0, len(TRIED), 30):
        some = TRIED[first : first + 30]
        said = hostile(some)
        id_ = week.published(said)
        names.append(said["organization"]["en"])
        task = week.ledger.report(id_, "wrong", "operator", "contact:phone:+380440000077").task
        week.ledger.report(id_, "unsafe" if first else "no_answer", "operator")
        if first % 60:
            week.ledger.close_task(AUTHOR, task.id, some[0])
    shown = week.published(hostile(TRIED[:30]))
    week.ledger.mark_organization(AUTHOR, TRIED[40], do_not_list=True, why=TRIED[41])
    week.later(85)
    paths = [
        *("/", "/due", "/tasks", "/tasks?done=yes", "/organizations", f"/tasks?record={shown}"),
        *(f"/organizations/one?name={quote(name, safe='')}" for name in names),
        *(f"/due?when={quote(one)}&class={quote(one)}&area={quote(one)}" for one in TRIED[:9]),
        *(f"/tasks?record={quote(one)}&problem={quote(one)}" for one in TRIED[9:18]),
        *(f"/organizations?text={quote(one)}" for one in TRIED[18:27]),
    ]
    pages = {path: await anna.get(path) for path in paths}
    assert [(path, harm_of(page)) for path, page in pages.items() if harm_of(page)] == []
    assert shown in pages["/due"]
    assert TRIED[41] in " ".join(Seen(pages["/organizations"]).text.split())


async def test_what_was_typed_comes_back_as_text_with_its_fault(anna: Visitor, week: Week) -> None:
    id_ = week.listed("Typed at")
    task = week.ledger.report(id_, "wrong", "operator").task
    for payload in TRIED[::30]:
        sent = {"answer": " ", "record": payload, "problem": payload}
        answers = [await anna.post(f"/tasks/{task.id}/close", sent)]
        for act in ("suspend", "mark", "unmark"):
            sent = {"name": payload, "why": " "}
            answers.append(await anna.post(f"/organizations/{act}", sent))
        for answer in answers:
            # A page that asks who is there carries what was typed as well.
            assert answer.status in {401, 422}
            assert harm_of(await answer.text()) == []

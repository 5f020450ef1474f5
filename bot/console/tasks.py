"""Reports: what survivors and operators said of listings, until somebody has looked and answered.

It decides how they are listed. A report says nothing of who sent it. An answer closes it; what was
suspended stays so until a second person agrees that it is shown again.
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Final, get_args

from aiohttp import web

from bot.console.frame import Route, Visit
from bot.console.listing_desk import known, no, people, shared
from bot.console.said import N_
from bot.ledger.model import Problem, Refused, Row, Task

SIZE: Final = 50
_PROBLEMS: Final = get_args(Problem)
NO_ANSWER: Final = N_("Write what was found, so that whoever looks next knows.")


async def tasks(visit: Visit) -> web.StreamResponse:
    """What waits, or what was answered."""
    return await _show(visit)


async def _show(visit: Visit, *, wrong: int = 0, fault: str = "") -> web.StreamResponse:
    """`wrong`: the task whose answer was not taken, and why."""
    asked = visit.form if wrong else visit.query
    problem, record = asked.get("problem", ""), asked.get("record", "")[:200]
    done = asked.get("done", "") == "yes"
    every: Sequence[Task] = await visit.run(visit.ledger.tasks, visit.actor, still_open=not done)
    wanted = [
        task
        for task in every
        if (problem not in _PROBLEMS or task.problem == problem)
        and (not record or task.record == record)
    ]
    pages = max(1, -(-len(wanted) // SIZE))
    said = asked.get("page", "1")
    number = min(pages, max(1, int(said))) if said.isascii() and said.isdecimal() else 1
    some = wanted[(number - 1) * SIZE : number * SIZE]
    if wrong and all(task.id != wrong for task in some):
        some = [*(task for task in every if task.id == wrong), *some]
    rows: Mapping[str, Row] = await visit.run(
        visit.ledger.rows, visit.actor, [task.record for task in some]
    )
    return visit.page(
        "tasks.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if fault else HTTPStatus.OK,
        **shared(visit, known(visit), await people(visit)),
        tasks=some,
        rows=rows,
        figures=await visit.run(visit.ledger.task_counts, visit.actor),
        total=len(wanted),
        page=number,
        pages=pages,
        problem=problem if problem in _PROBLEMS else "",
        record=record,
        done=done,
        wrong=wrong,
        fault=fault,
    )


async def close(visit: Visit) -> web.StreamResponse:
    """What was found; the report is closed with it."""
    words, id_ = visit.words, visit.path["id"]
    number = int(id_) if id_.isascii() and id_.isdecimal() and len(id_) < 16 else 0
    answer = visit.form.get("answer").strip()
    if not answer:
        return await _show(visit, wrong=number, fault=words(NO_ANSWER))
    try:
        task: Task = await visit.run(visit.ledger.close_task, visit.actor, number, answer[:1000])
    except Refused as error:
        return await _show(visit, wrong=number, fault=no(visit, error).said)
    said = words(N_("The report is closed."))
    rows: Mapping[str, Row] = await visit.run(visit.ledger.rows, visit.actor, [task.record])
    if task.record in rows and rows[task.record].stage == "suspended":
        said += " " + words(N_("The listing stays suspended until a second person agrees."))
    where = f"/tasks?record={task.record}" if visit.form.get("record") else "/tasks"
    return visit.see_other(where, said)


ROUTES: Final = (
    Route("GET", "/tasks", "directory.tasks", tasks, "tasks"),
    Route("POST", "/tasks/{id}/close", "directory.tasks", close, "task_close"),
)

"""Takes a group of turns again when another process was quicker: nothing of it was kept.

It decides how often, and no more. What a turn did in memory before it was undone is done again.
"""

import time
from collections.abc import Callable, Sequence
from typing import Final

from bot import report
from bot.storage.errors import Behind, Conflict
from bot.tasks import Answer, Task
from bot.writer import Take

MOST_TIMES: Final = 6
REST_SECONDS: Final = 0.02
"""Before it is taken the second time; then twice as long, and so on: 0.6 s in all."""


def taken_again(take: Take, refresh: Callable[[], object] = lambda: None) -> Take:
    """The same, up to `MOST_TIMES`. Raises `StoreError` as `take` does, and the last `Conflict`.

    `refresh` learns the day anew, when another process already lives in the next one.
    """

    def taking(tasks: Sequence[Task]) -> list[Answer]:
        for time_ in range(1, MOST_TIMES):
            try:
                return take(tasks)
            except Conflict as lost:
                if isinstance(lost, Behind):
                    refresh()
                report.note("group_taken_again", count=len(tasks))
                time.sleep(REST_SECONDS * 2 ** (time_ - 1))
        return take(tasks)

    return taking

"""Whose replies leave before those of others: of who cried for help now, and of who leaves.

It decides about people, not about replies: what waits for somebody leaves in its order, the answer
to a cry after what was said to them before it. It looks at each new reply of the outbox once, so it
knows them after a restart and from every replica too. It is a hint and no more: who sends finds
every row without it. It must not keep anything of a reply but its number and alias.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from typing import Final

from bot.storage import Group, Posted, tables

MOST_AT_A_LOOK: Final = 256
"""Replies that are looked at before the next one may leave: some ten milliseconds."""
LATE: Final = 256
"""Numbers below the newest among which one may still turn up: of a replica that committed later."""


class Foremost:
    """Those who come first, of one outbox. One thread may use it."""

    def __init__(self, is_urgent: Callable[[Posted], bool]) -> None:
        """`is_urgent` opens a reply and says whether it answers a cry, or a wish to leave."""
        self._is_urgent = is_urgent
        self._looked: OrderedDict[int, None] = OrderedDict()
        """The newest numbers that were looked at."""
        self._newest = -1
        self._people: dict[bytes, int] = {}
        """Alias → the number of their last urgent reply, in the order of their cries."""

    def look(self, group: Group) -> None:
        """Look at what is new."""
        ((last,),) = group.ask(tables.LAST_POSTED, ())
        if last is None or last < self._newest:
            # Numbers begin anew on SQLite where nothing waited for a moment.
            self._newest = -1
            self._looked.clear()
            self._people.clear()
        if last is None:
            return
        after = max(self._newest - LATE, -1)
        found = group.ask(tables.NUMBERS, (after, LATE + MOST_AT_A_LOOK, 0))
        new = [number for (number,) in found if number not in self._looked][:MOST_AT_A_LOOK]
        if not new:
            return
        wanted = set(new)
        for one in group.ask(tables.WAITING, (new[0] - 1, LATE + MOST_AT_A_LOOK, 0)):
            row = Posted(*one)
            if row.id in wanted:
                self._see(row)

    def _see(self, row: Posted) -> None:
        self._newest = max(self._newest, row.id)
        self._looked[row.id] = None
        while len(self._looked) > 2 * (LATE + MOST_AT_A_LOOK):
            self._looked.popitem(last=False)
        if self._is_urgent(row):
            self._people[row.alias] = row.id

    def rows(self, group: Group) -> Iterator[Posted]:
        """The oldest reply of each of them, who cried first first."""
        for alias, urgent in list(self._people.items()):
            found = [Posted(*row) for row in group.ask(tables.PENDING_OF, (alias, 1, 0))]
            if found and found[0].id <= urgent:
                yield found[0]
            else:
                del self._people[alias]

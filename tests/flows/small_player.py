"""Somebody who walks the small library of this room, for tests of conversations in files."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from flows.coverage import WatchedTable
from flows.grammar import RETURN, Way


class SmallPlayer:
    """Just enough of a dialogue to walk the small library: state, slots, one place to return to."""

    def __init__(self, table: WatchedTable, language: str, now: datetime | None) -> None:
        self.table = table
        self.state = table.script.start
        self.then = ""
        self.slots: dict[str, str] = {}
        self.note = ""
        self.ended = False
        self.said = f"{language} {now.isoformat() if now else 'now'}"

    @property
    def choices(self) -> Sequence[str]:
        step = self.table.script.steps[self.state]
        return [c.key for c in step.choices if not c.shown_if or c.shown_if.holds(self.slots)]

    def _go(self, way: Way | None) -> None:
        while way is not None:
            self.then = way.then or self.then
            self.state = self.then if way.to == RETURN else way.to
            step = self.table.script.steps[self.state]
            self.slots |= {name: value for name, value in step.sets.items() if value is not None}
            self.said = f"{self.said} {step.say}" if not self.said else step.say or self.said
            self.ended = step.forgets
            way = self.table.way(self.state, "pass", self.slots)

    def happened(self, news: str, values: Mapping[str, tuple[str, ...]]) -> None:
        if news not in self.table.script.news:
            raise LookupError(f"no step tells of '{news}'")
        self.then = self.then or self.state
        self._go(Way(self.table.script.news[news]))
        self.said = f"{self.said} {values}"

    def words(self, text: str) -> None:
        if self.table.script.steps[self.state].takes:
            self.said = ""
            return
        self._go(self.table.way(self.state, {"stop": "leave", "5": "human"}[text], self.slots))

    def choose(self, key: str) -> None:
        way = self.table.way(self.state, f"choose.{key}", self.slots)
        step = self.table.script.steps[self.state]
        sets = next(choice.sets for choice in step.choices if choice.key == key)
        self.slots |= {name: value for name, value in sets.items() if value is not None}
        self._go(way)

    def pick(self, value: str) -> None:
        step = self.table.script.steps[self.state]
        trigger = "pick" if step.ask else "each"
        self.slots["place" if step.ask else "chosen"] = value
        self._go(self.table.way(self.state, trigger, self.slots))

    def returned(self, outcome: str, values: Mapping[str, tuple[str, ...]]) -> None:
        way = self.table.way(self.state, f"outcome.{outcome}", self.slots)
        if way is None and outcome == "sent":
            self.said = ""
            return
        if way is None:
            raise LookupError(f"{self.state} waits for no errand that returns '{outcome}'")
        self.said = f"found {values}"
        self._go(way)

    def press_stale(self) -> None:
        self.note = "stale"

    def send(self, kind: str) -> None:
        self.note = "media" if kind == "voice" else ""

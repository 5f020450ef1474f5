"""The further acts and looks of the ledger: reports, organisations, merges, texts, counts, views.

It decides nothing: each is one transaction, or one picture, around a function of another module.
`Ledger` is made of this and of its own.
"""

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime

from bot.ledger import (
    board,
    counting,
    listing,
    merging,
    organizations,
    reading,
    reports,
    texts,
    views,
    work,
)
from bot.ledger.books import Books
from bot.ledger.model import Actor, Draft, Problem, Row, Task, TextCell, TextState, Told
from bot.ledger.views import View
from bot.ledger.work import Wanted, When, WorkPage
from referral_directory.keeping import Change


class Further:
    """What the ledger does besides records. Every one may raise `StoreError` and `Tampered`."""

    def __init__(self, books: Books) -> None:
        """Use `Ledger.open`."""
        self.books = books
        self._counting = counting.Counting(books.known)

    @property
    def today(self) -> date:
        """The day, in UTC."""
        return datetime.fromtimestamp(self.books.clock(), UTC).date()

    @contextlib.contextmanager
    def look(self, actor: Actor) -> Iterator[reading.Look]:
        """One picture of the ledger for that person, for the functions that only look."""
        books = self.books
        with books.reading() as connection:
            head = books.believed(connection).row
            yield reading.Look(connection, head, books.known, actor, self.today)

    # --- reports and tasks ---

    def report(
        self,
        record: str,
        problem: Problem,
        told: Told,
        contact: str = "",
        actor: Actor | None = None,
    ) -> reports.Reported:
        """What was said of a listing: a task, and a suspension when it was unsafe.

        `actor`: who of the staff says it; None for what a survivor said.
        """
        with self.books.writing() as tx:
            return reports.report(tx, record, problem, told, contact, actor)

    def close_task(self, actor: Actor, task: int, answer: str) -> Task:
        """Closes a task with what was found."""
        with self.books.writing() as tx:
            return reports.close_task(tx, actor, task, answer)

    def tasks(self, actor: Actor, *, still_open: bool = True) -> tuple[Task, ...]:
        """The tasks, unsafe first."""
        with self.books.reading() as connection:
            return reports.tasks(connection, actor, still_open=still_open)

    def task_counts(self, actor: Actor) -> Mapping[str, int]:
        """How many tasks are open for each problem: `no_answer`, `wrong`, `unsafe`."""
        with self.books.reading() as connection:
            return reports.counts(connection, actor)

    # --- what is to be called ---

    def work(
        self,
        actor: Actor,
        *,
        when: When | None = None,
        area: str = "",
        page: int = 1,
        urgent: bool | None = None,
    ) -> WorkPage:
        """Whom to call and what to ask there, the longest overdue first."""
        with self.books.reading() as connection:
            known = self.books.known
            wanted = Wanted(when, area, page, urgent)
            return work.work(connection, actor, known, self.today, wanted)

    def work_counts(self, actor: Actor) -> Mapping[When, int]:
        """How many listings are unchecked, hidden, stale, overdue, due this week and soon."""
        with self.books.reading() as connection:
            return work.counts(connection, actor, self.today)

    def rows(self, actor: Actor, records: Sequence[str]) -> Mapping[str, Row]:
        """Those records as lines of a list, of what this person may see."""
        with self.books.reading() as connection:
            return listing.some(connection, actor, records, self.today)

    # --- organisations ---

    def organizations(self, actor: Actor, text: str = "", page: int = 1) -> organizations.OrgPage:
        """Organisations with how many listings they have, and those not to be listed."""
        with self.books.reading() as connection:
            return organizations.organizations(connection, actor, text, page)

    def mark_organization(self, actor: Actor, name: str, *, do_not_list: bool, why: str) -> int:
        """Sets or takes back the mark of who is not to be listed; gives how many it suspended."""
        with self.books.writing() as tx:
            return organizations.mark(tx, actor, name, do_not_list=do_not_list, why=why)

    def do_not_list(self) -> frozenset[str]:
        """Marked names, as `organizations.key` writes them."""
        with self.books.reading() as connection:
            return organizations.do_not_list(connection)

    # --- two records that are one, or are not ---

    def differences(self, actor: Actor, keep: str, gone: str) -> tuple[Change, ...]:
        """In which fields the second record differs from the first."""
        with self.look(actor) as look:
            first, second = (reading.the_record(look, one) for one in (keep, gone))
            return merging.differences(actor, first, second)

    def merge(
        self,
        actor: Actor,
        keep: str,
        gone: str,
        picks: Mapping[str, merging.Pick],
        why: str = "",
    ) -> Draft:
        """A draft of the first with picked fields of the second, which it takes in."""
        with self.books.writing() as tx:
            return merging.merge(tx, actor, keep, gone, picks, why)

    def dismiss_pair(self, actor: Actor, one: str, other: str, why: str) -> None:
        """Remembers that the two are not the same."""
        with self.books.writing() as tx:
            merging.dismiss_pair(tx, actor, one, other, why)

    def ask_again(self, actor: Actor, one: str, other: str) -> None:
        """Forgets that somebody found them not to be the same."""
        with self.books.writing() as tx:
            merging.ask_again(tx, actor, one, other)

    def dismissed(self) -> frozenset[frozenset[str]]:
        """Pairs that are not to be asked about."""
        with self.books.reading() as connection:
            return merging.dismissed(connection)

    def dismissals(self, actor: Actor) -> tuple[merging.Dismissal, ...]:
        """Those pairs, with who said so and why."""
        with self.books.reading() as connection:
            return merging.dismissals(connection, actor)

    # --- texts ---

    def cells(
        self, actor: Actor, language: str, state: TextState | None = None, after: str = ""
    ) -> board.CellPage:
        """A part of the translators' board. `after`: that of the page before, or empty."""
        with self.books.reading() as connection:
            return board.cells(connection, actor, language, state, after)

    def texts_of(self, actor: Actor, record: str, languages: Sequence[str]) -> tuple[TextCell, ...]:
        """Every text of one record in those languages."""
        with self.look(actor) as look:
            held = reading.the_record(look, record)
            return board.of_record(look.connection, actor, held, languages)

    def write_text(
        self, actor: Actor, spot: texts.Spot, words: str, state: texts.Written = "draft"
    ) -> TextCell:
        """Keeps a translation, to be reviewed by somebody else."""
        with self.books.writing() as tx:
            return texts.write_text(tx, actor, spot, words, state)

    def review_text(
        self, actor: Actor, spot: texts.Spot, words: str, state: texts.Reviewed = "approved"
    ) -> TextCell:
        """A second person found that text right; approved, it goes into the listing."""
        with self.books.writing() as tx:
            return texts.review_text(tx, actor, spot, words, state)

    # --- searches that found nothing ---

    def count_unmet(self, need: str, area: str, language: str) -> None:
        """Counts one in memory; once an hour what is five and more together is written down."""
        self._counting.count(need, area, language, self.today)
        if self._counting.is_time(self.books.clock()):
            self.flush_unmet()

    def flush_unmet(self) -> int:
        """Writes down what are five and more together; gives how many."""
        ripe = self._counting.ripe()
        try:
            if ripe:
                with self.books.writing() as tx:
                    counting.flush(tx, ripe)
        except BaseException:
            self._counting.put_back(ripe)
            raise
        return sum(ripe.values())

    def unmet(self, k: int = counting.TOGETHER) -> tuple[counting.Unmet, ...]:
        """What was looked for in vain, from `k` times on, at least five."""
        with self.books.reading() as connection:
            return counting.unmet(connection, k)

    # --- views ---

    def views(self, owner: str) -> tuple[View, ...]:
        """The saved views of a person."""
        with self.books.reading() as connection:
            return views.views(connection, owner)

    def save_view(self, owner: str, name: str, query: Mapping[str, str]) -> View:
        """Saves a view under a name of their own."""
        with self.books.writing() as tx:
            return views.save_view(tx, owner, name, query)

    def drop_view(self, owner: str, name: str) -> bool:
        """Drops a view; False when there was none."""
        with self.books.writing() as tx:
            return views.drop_view(tx, owner, name)

"""Whatever people, operators, leads, the clock and restarts do in whatever order: nobody is lost.

Two processes stand on one file, each with its own board; what is true is read from the table.
"""

from hypothesis import HealthCheck, settings
from hypothesis.stateful import invariant

from bot.handoff.board import Board
from bot.handoff.model import ENDED
from tests.handoff_desk.walking import Walk
from tests.often import often

ENDINGS = {"by_person", "by_operator", "idle", "left", "keys_gone"}


class Desks(Walk):
    """What holds after every step."""

    @invariant()
    def a_chat_waits_or_has_one_owner_or_is_over(self) -> None:
        for chat in self.all():
            if chat.state in ENDED:
                assert chat.ending in ENDINGS
                assert (chat.transfer, chat.helper, chat.offered) == (None, "", "")
            else:
                assert not chat.ending
                assert bool(chat.owner) == (chat.state != "waiting")
                assert chat.owner != chat.helper or not chat.owner
                assert not chat.offered or chat.state == "waiting"

    @invariant()
    def nobody_has_more_than_they_may(self) -> None:
        for duty in self.offices[0].shifts.on_duty() if self.offices else ():
            many, heavy = self.offices[0].board.load(duty.staff)
            if not many:
                self.beyond.discard(duty.staff)
                self.marked.discard(duty.staff)
            assert many <= duty.most_open or duty.staff in self.beyond
            assert heavy <= duty.most_heavy or duty.staff in self.beyond | self.marked

    @invariant()
    def a_person_is_told_whenever_who_answers_changes(self) -> None:
        for chat in self.all():
            was = self.last.get(chat.id)
            if was and (chat.owner, chat.helper) != (was.owner, was.helper):
                assert chat.news > was.news or chat.ending in {"by_person", "left"}
            self.last[chat.id] = chat

    @invariant()
    def every_board_is_what_the_table_is(self) -> None:
        for office in self.offices:
            office.desk.look()
            fresh = Board(office.store, office.rows).picture
            assert office.board.picture == fresh
            queue = [(-chat.severity, chat.asked) for chat in office.board.queue()]
            assert queue == sorted(queue)
            assert {chat.id for chat in self.living()} == fresh.chats.keys()


TestDesks = Desks.TestCase
TestDesks.settings = settings(
    max_examples=often(12),
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)

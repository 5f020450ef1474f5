"""Which sessions are there, which one ends, and what is told of it."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.staff import StaffBook
from bot.staff.model import Opened
from bot.storage.database import database_at
from tests.staff.conftest import PASSWORD, PEPPER, QUICK, Member, Place


@pytest.fixture
def anna(place: Place) -> Member:
    return place.member()


def elsewhere(place: Place, member: Member) -> Opened:
    """The same person in another browser, a minute later."""
    place.now += 60
    given = (member.staff.name, PASSWORD, place.digits(member))
    return place.book.signing_in.with_password(*given)


@contextmanager
def by_hand(place: Place) -> Iterator[Any]:
    """The database itself, in which a test looks or writes."""
    where = database_at(place.server or place.folder / "staff.db", "staff")
    with closing(where.engine().raw_connection()) as there:
        yield there.cursor()
        there.commit()


def rows(place: Place) -> int:
    with by_hand(place) as cursor:
        cursor.execute("SELECT count(*) FROM session")
        (count,) = cursor.fetchone()
    return int(count)


def test_signing_out_ends_this_session_and_no_other(place: Place, anna: Member) -> None:
    other = elsewhere(place, anna)
    bo = place.member("Bo Example")
    place.book.sessions.end(anna.opened.secret)
    assert place.session(anna.opened) is None
    assert place.session(other) is not None
    assert place.session(bo.opened) is not None
    # In every process, at its next request.
    assert place.again().sessions.find(anna.opened.secret) is None
    assert rows(place) == 2


def test_signing_out_everywhere_leaves_only_what_is_kept(place: Place, anna: Member) -> None:
    bo = place.member("Bo Example")
    for keep in (True, False):
        here, there = elsewhere(place, anna), elsewhere(place, anna)
        place.book.sessions.end_others(anna.staff.id, here.secret if keep else None)
        assert (place.session(here) is not None) is keep
        assert place.session(there) is None
        assert place.session(anna.opened) is None
        assert place.session(bo.opened) is not None


def test_the_sessions_of_somebody_are_shown_newest_first_and_only_while_they_last(
    place: Place, anna: Member
) -> None:
    bo = place.member("Bo Example")
    first = anna.opened.session
    second = elsewhere(place, anna).session
    third = elsewhere(place, anna).session
    of = place.book.sessions.of
    assert [one.mark for one in of(anna.staff.id)] == [third.mark, second.mark, first.mark]
    assert [one.mark for one in of(bo.staff.id)] == [bo.opened.session.mark]
    assert {len(one.mark) for one in of(anna.staff.id)} == {12}
    place.now = first.seen + 15 * 60
    assert [one.mark for one in of(anna.staff.id)] == [third.mark, second.mark]


def test_a_session_that_somebody_wrote_by_hand_is_not_shown_and_opens_nothing(
    place: Place, anna: Member
) -> None:
    place.now += 100
    with by_hand(place) as cursor:
        cursor.execute("UPDATE session SET seen = seen + 100")
    assert place.book.sessions.of(anna.staff.id) == ()
    assert place.session(anna.opened) is None
    assert place.book.sessions.prove(anna.opened.secret) is None


def test_a_proof_begins_nothing_for_a_session_that_is_over(place: Place, anna: Member) -> None:
    place.now += 15 * 60
    assert place.book.sessions.prove(anna.opened.secret) is None
    assert place.book.sessions.prove(b"of nobody") is None
    assert rows(place) == 1


def test_a_proof_counts_from_now_and_is_a_sign_of_life(place: Place, anna: Member) -> None:
    before = anna.opened.session
    place.now += 800
    proven = place.book.sessions.prove(anna.opened.secret)
    assert proven is not None
    after = proven.session
    assert (after.proved, after.seen) == (int(place.now), int(place.now))
    assert (after.began, after.stage, after.staff) == (before.began, "signed_in", before.staff)
    assert (before.proved, before.seen) == (before.began, before.began)
    assert rows(place) == 1
    assert place.session(anna.opened) is None
    assert place.session(proven) == after


@pytest.mark.parametrize(("waited", "left"), [(899, 2), (900, 1)])
def test_rows_of_sessions_that_are_over_go_when_the_next_one_begins(
    place: Place, anna: Member, waited: int, left: int
) -> None:
    place.now += waited
    place.book.sessions.enter(anna.staff.id)
    assert rows(place) == left


def test_a_row_goes_after_twelve_hours_however_busy_it_was(place: Place, anna: Member) -> None:
    began = place.now
    while place.now < began + 12 * 3_600 - 600:
        place.now += 600
        assert place.session(anna.opened) is not None
    place.now = began + 12 * 3_600 - 1
    place.book.sessions.enter(anna.staff.id)
    assert rows(place) == 2
    place.now += 1
    place.book.sessions.enter(anna.staff.id)
    assert rows(place) == 2


def test_who_is_let_in_to_try_it_has_a_session_as_any_other(place: Place, anna: Member) -> None:
    entered = place.book.sessions.enter(anna.staff.id)
    assert entered.session.stage == "signed_in"
    assert entered.session.staff == anna.staff
    assert place.session(entered) == entered.session


def test_nobody_is_let_in_under_an_account_that_is_closed(place: Place, anna: Member) -> None:
    place.book.accounts.revoke(anna.staff.id)
    with pytest.raises(RuntimeError, match="ended as it began"):
        place.book.sessions.enter(anna.staff.id)
    assert rows(place) == 0


def test_a_session_that_ends_between_two_looks_is_over(place: Place, anna: Member) -> None:
    place.now += 60
    sessions = place.book.sessions
    other = place.again()
    living = vars(type(sessions))["_living"]

    def and_then_it_ends(self: object, *asked: object) -> object:
        found = living(self, *asked)
        other.sessions.end(anna.opened.secret)
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(sessions), "_living", and_then_it_ends)
        assert sessions.find(anna.opened.secret) is None


def test_that_somebody_came_in_is_told_and_how(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    place = Place(tmp_path)
    told: list[tuple[str, str, str, str]] = []
    place.book.close()
    place.book = StaffBook.open(
        tmp_path / "staff.db",
        PEPPER,
        lambda: place.now,
        cost=QUICK,
        tell=lambda *what: told.append(what),
    )
    member = place.member()
    someone = member.staff.id
    mine = [one[1:] for one in told if one[0] == someone]
    assert mine == [
        *(("account.set_up", "", ""), ("account.set-up", someone, "")),
        ("account.signed_in", "", ""),
    ]
    assert len(member.opened.session.csrf) == len(member.opened.secret) == 32
    place.book.close()

"""How long a session lasts, in the minutes and hours that were promised."""

import pytest

from bot.staff.sessions import PROOF_SECONDS
from tests.staff.conftest import Member, Place


@pytest.fixture
def anna(place: Place) -> Member:
    return place.member()


@pytest.mark.parametrize("busy", [True, False])
def test_a_quarter_of_an_hour_and_twelve_hours_are_what_was_promised(
    place: Place, anna: Member, busy: bool
) -> None:
    began = place.now
    quarter, half_a_day = 15 * 60, 12 * 60 * 60
    if not busy:
        place.now = began + quarter - 1
        assert place.book.sessions.lives(anna.opened.secret)
        place.now = began + quarter
        assert not place.book.sessions.lives(anna.opened.secret)
        return
    while place.now < began + half_a_day - 1:
        assert place.session(anna.opened) is not None
        place.now = min(place.now + 800, began + half_a_day - 1)
    assert place.session(anna.opened) is not None
    place.now += 1
    assert place.session(anna.opened) is None


def test_whoever_came_with_a_set_up_code_has_an_hour(place: Place) -> None:
    _, code = place.book.accounts.add("Bo Example", ["editor"])
    begun = place.book.signing_in.with_code("Bo Example", code)
    began = place.now
    for minutes in (14, 28, 42, 56):
        place.now = began + minutes * 60
        assert place.session(begun) is not None
    place.now = began + 3_599
    assert place.session(begun) is not None
    place.now = began + 3_600
    assert place.session(begun) is None


def test_a_sign_of_life_is_written_down_every_half_minute_and_not_oftener(
    place: Place, anna: Member
) -> None:
    began = int(place.now)
    place.now = began + 29
    found = place.session(anna.opened)
    assert found is not None
    assert found.seen == began
    place.now = began + 30
    found = place.session(anna.opened)
    assert found is not None
    assert found.seen == began + 30
    (again,) = [one for one in place.book.sessions.of(anna.staff.id) if one.mark == found.mark]
    assert again.seen == began + 30


def test_a_proof_counts_for_five_minutes_as_was_promised(place: Place, anna: Member) -> None:
    place.now += 800
    proven = place.book.sessions.prove(anna.opened.secret)
    assert proven is not None
    assert proven.session.proved + PROOF_SECONDS == place.now + 5 * 60

"""One browser asks as a desk does, not as a flood."""

from bot.console.pace import A_SECOND, AT_ONCE, Pace


def test_a_desk_that_opens_asks_at_once_and_a_flood_is_cut_and_let_in_again() -> None:
    now = [0.0]
    pace = Pace(lambda: now[0])
    assert all(pace.may(b"one") for _ in range(AT_ONCE))
    assert not pace.may(b"one")
    assert pace.may(b"another")
    now[0] += 1.0
    assert sum(pace.may(b"one") for _ in range(AT_ONCE)) == A_SECOND

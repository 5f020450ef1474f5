"""Guessing and repeating at the sign-in of staff, also at two replicas at the same moment."""

import random
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from bot.staff import StaffBook, WrongProof
from tests.postgres import fresh
from tests.staff.conftest import PASSWORD, Place
from tests.trial import seed, size


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    with ExitStack() as ends:
        server = request.param == "postgresql"
        place = Place(
            tmp_path, server=ends.enter_context(contextmanager(fresh)()) if server else ""
        )
        ends.callback(place.close)
        yield place


def at_once(books: list[StaffBook], second: str) -> list[bool]:
    """Whether each of them lets somebody in who shows the same digits at the same moment."""
    barrier, let_in = threading.Barrier(len(books)), [False] * len(books)

    def sign_in(number: int) -> None:
        barrier.wait()
        try:
            books[number].signing_in.with_password("Anna Example", PASSWORD, second)
        except WrongProof:
            return
        let_in[number] = True

    threads = [threading.Thread(target=sign_in, args=(number,)) for number in range(len(books))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return let_in


def test_digits_and_codes_count_once_though_replicas_are_asked_at_the_same_moment(
    place: Place,
) -> None:
    anna = place.member()
    books = [place.book, place.again(), place.again()]
    for number in range(size(few=3, whole=200)):
        place.now += 120
        assert sum(at_once(books, place.digits(anna))) == 1
        if number < 3:
            assert sum(at_once(books, anna.codes[number])) == 1


@pytest.mark.timeout(600)
def test_whoever_guesses_ten_thousand_times_is_hardly_looked_at_and_the_owner_comes_in(
    tmp_path: Path,
) -> None:
    place, chance = Place(tmp_path), random.Random(seed())
    anna, looks = place.member(), 0
    fits = place.book.signing_in.passwords.fits

    def counted(password: str, kept: str | None) -> bool:
        nonlocal looks
        looks += 1
        return fits(password, kept)

    place.book.signing_in.passwords.fits = counted  # type: ignore[method-assign]
    here = place.book.signing_in.browsers.mark(anna.staff.id)
    tries, hours = size(few=250, whole=10_000), 2
    for guess in range(tries):
        place.now += hours * 3_600 / tries
        with pytest.raises(WrongProof):
            place.book.signing_in.with_password(
                "Anna Example", f"guess {guess}", f"{chance.randrange(10**6):06}"
            )
    assert looks <= 10 + hours * 60
    sign_in = place.book.signing_in.with_password
    with pytest.raises(WrongProof):
        sign_in("Anna Example", PASSWORD, place.digits(anna))
    # From a browser in which they signed in before, and with a recovery code from any.
    assert sign_in("Anna Example", PASSWORD, place.digits(anna), here).session.staff == anna.staff
    assert sign_in("Anna Example", PASSWORD, anna.codes[0]).session.staff == anna.staff
    place.close()

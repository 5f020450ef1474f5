"""Who gets in, and who does not."""

from itertools import product

import pyotp
import pytest

from bot import report
from bot.staff import StaffBook, WeakPassword, WrongProof
from bot.staff.passwords import FULL_COST, Cost, Passwords, check_password
from tests.often import often
from tests.staff.conftest import PASSWORD, PEPPER, QUICK, Place


def test_the_same_digits_count_once_in_whichever_process(place: Place) -> None:
    anna = place.member()
    place.now += 60
    other = place.again()
    digits = place.digits(anna)
    place.book.signing_in.with_password("Anna Example", PASSWORD, digits)
    for book in (place.book, other):
        with pytest.raises(WrongProof):
            book.signing_in.with_password("Anna Example", PASSWORD, digits)


@pytest.mark.parametrize(("later", "counts"), [(-60, False), (-30, True), (30, True), (60, False)])
def test_a_clock_that_is_half_a_minute_off_is_close_enough(
    place: Place, later: int, counts: bool
) -> None:
    anna = place.member()
    place.now += 300
    digits = place.digits(anna, later)
    if counts:
        opened = place.book.signing_in.with_password("anna  EXAMPLE", PASSWORD, digits)
        assert opened.session.staff.id == anna.staff.id
    else:
        with pytest.raises(WrongProof):
            place.book.signing_in.with_password("Anna Example", PASSWORD, digits)


def test_digits_of_a_step_before_the_last_one_that_was_used_count_no_more(place: Place) -> None:
    anna = place.member()
    place.now += 300
    before, now = place.digits(anna, -30), place.digits(anna)
    place.book.signing_in.with_password("Anna Example", PASSWORD, now)
    with pytest.raises(WrongProof):
        place.book.signing_in.with_password("Anna Example", PASSWORD, before)


def test_each_recovery_code_counts_once_and_new_ones_replace_the_old(place: Place) -> None:
    anna = place.member()
    sign_in = place.book.signing_in.with_password
    sign_in("Anna Example", PASSWORD, anna.codes[0].upper().replace("-", " "))
    with pytest.raises(WrongProof):
        sign_in("Anna Example", PASSWORD, anna.codes[0])
    assert place.book.accounts.ways(anna.staff.id).recovery_codes == 9
    new = place.book.signing_in.new_recovery_codes(anna.staff)
    with pytest.raises(WrongProof):
        sign_in("Anna Example", PASSWORD, anna.codes[1])
    assert sign_in("Anna Example", PASSWORD, new[9]).session.staff.id == anna.staff.id


def test_a_recovery_code_of_somebody_else_opens_nothing(place: Place) -> None:
    anna, boris = place.member("Anna Example"), place.member("Boris Example")
    with pytest.raises(WrongProof):
        place.book.signing_in.with_password("Anna Example", PASSWORD, boris.codes[0])
    assert place.book.accounts.ways(boris.staff.id).recovery_codes == 10
    assert place.book.accounts.ways(anna.staff.id).recovery_codes == 10


def test_a_stranger_who_guesses_slows_nobody_down_who_has_a_recovery_code(place: Place) -> None:
    anna = place.member()
    place.now += 60
    sign_in = place.book.signing_in.with_password
    for guess in range(500):
        with pytest.raises(WrongProof):
            sign_in("ANNA EXAMPLE", f"guess number {guess}", "123456")
    with pytest.raises(WrongProof):
        sign_in("Anna Example", PASSWORD, place.digits(anna))
    assert sign_in("Anna Example", PASSWORD, anna.codes[0]).session.staff.id == anna.staff.id


def test_a_stranger_who_guesses_all_day_keeps_nobody_out_of_a_browser_they_used_before(
    place: Place,
) -> None:
    anna, boris = place.member("Anna Example"), place.member("Boris Example")
    place.now += 60
    book = place.book
    here = book.signing_in.browsers.mark(anna.staff.id)
    elsewhere = book.signing_in.browsers.mark(boris.staff.id)
    _, code = book.accounts.add("Vera Example", ["editor"])
    for guess in range(200):
        place.now += 1
        for name in ("Anna Example", "Vera Example"):
            with pytest.raises(WrongProof):
                book.signing_in.with_password(name, f"guess number {guess}", "123456")
            with pytest.raises(WrongProof):
                book.signing_in.with_code(name, f"guess number {guess}")
    for browser in (b"", elsewhere, here[:-1] + bytes([here[-1] ^ 1])):
        with pytest.raises(WrongProof):
            book.signing_in.with_password("Anna Example", PASSWORD, place.digits(anna), browser)
    digits = place.digits(anna)
    opened = book.signing_in.with_password("anna example", PASSWORD, digits, here)
    assert opened.session.staff.id == anna.staff.id
    # Whoever is signed in shows again who they are, and whoever is new begins with their code.
    place.now += 60
    later = book.signing_in.prove(anna.staff, opened.secret, PASSWORD, place.digits(anna))
    assert later.session.staff.id == anna.staff.id
    assert book.signing_in.with_code("Vera Example", code).session.stage == "set_up"


def test_a_browser_they_used_before_may_guess_no_more_often_than_a_stranger(place: Place) -> None:
    anna = place.member()
    place.now += 60
    sign_in = place.book.signing_in.with_password
    here = place.book.signing_in.browsers.mark(anna.staff.id)
    assert place.book.signing_in.browsers.mark(anna.staff.id, here) == here
    for _ in range(10):
        with pytest.raises(WrongProof):
            sign_in("Anna Example", "wrong password here", "123456", here)
    with pytest.raises(WrongProof):
        sign_in("Anna Example", PASSWORD, place.digits(anna), here)


def test_after_ten_wrong_answers_in_an_hour_one_a_minute_is_looked_at(place: Place) -> None:
    anna = place.member()
    place.now += 60
    sign_in = place.book.signing_in.with_password
    for _ in range(10):
        with pytest.raises(WrongProof):
            sign_in("Anna Example", "wrong password here", "123456")
    with pytest.raises(WrongProof):
        sign_in("Anna Example", PASSWORD, place.digits(anna))
    place.now += 60
    assert sign_in("Anna Example", PASSWORD, place.digits(anna)).session.staff.id == anna.staff.id


def test_thousands_of_guesses_come_to_a_few_hashes_an_hour(place: Place) -> None:
    place.member()
    counting = Counting(place.book)
    guesses = often(1800)
    for guess in range(guesses):
        place.now += 3600 / guesses
        with pytest.raises(WrongProof):
            place.book.signing_in.with_password("Anna Example", f"guess {guess}", "000000")
    assert counting.looks <= 10 + 60


def test_a_name_that_nobody_has_costs_the_same_one_hash(place: Place) -> None:
    anna = place.member()
    gone = place.member("Boris Example")
    place.book.accounts.revoke(gone.staff.id)
    place.book.accounts.add("Not Ready", ["editor"])
    counting = Counting(place.book)
    names = ("Anna Example", "Boris Example", "Not Ready", "Nobody Example")
    costs = {}
    for name, password, second in product(names, (PASSWORD, "wrong"), ("000000", anna.codes[0])):
        if (name, password, second) == ("Anna Example", PASSWORD, anna.codes[0]):
            continue
        before = counting.looks
        with pytest.raises(WrongProof):
            place.book.signing_in.with_password(name, password, second)
        costs[name, password, second] = counting.looks - before
    assert set(costs.values()) == {1}


def test_the_full_cost_is_what_was_promised() -> None:
    passwords = Passwords(PEPPER)
    kept = passwords.hash(PASSWORD)
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert Cost(65536, 3, 4) == FULL_COST
    assert passwords.fits(PASSWORD, kept)
    assert not passwords.fits(PASSWORD + "x", kept)
    assert not Passwords(bytes(32), FULL_COST).fits(PASSWORD, kept)


def test_the_first_look_after_a_start_takes_as_long_for_a_name_that_nobody_has() -> None:
    class Counted(Passwords):
        made = 0

        def hash(self, password: str) -> str:
            self.made += 1
            return super().hash(password)

    kept = Passwords(PEPPER, QUICK).hash(PASSWORD)
    known, unknown = Counted(PEPPER, QUICK), Counted(PEPPER, QUICK)
    assert known.fits(PASSWORD, kept)
    assert not unknown.fits(PASSWORD, None)
    assert (known.made, unknown.made) == (1, 1)


def test_without_the_pepper_the_file_opens_no_account(place: Place) -> None:
    anna = place.member()
    place.now += 60
    stolen = place.again(pepper=bytes(32))
    for second in (place.digits(anna), anna.codes[0]):
        with pytest.raises(WrongProof):
            stolen.signing_in.with_password("Anna Example", PASSWORD, second)
    file = (place.folder / "staff.db").read_bytes() + (place.folder / "staff.db-wal").read_bytes()
    for secret in (anna.secret, PASSWORD, anna.codes[0], anna.opened.secret.hex()):
        assert secret.encode() not in file
    assert anna.opened.secret not in file


def test_the_set_up_is_done_once_even_from_two_windows(place: Place) -> None:
    _, code = place.book.accounts.add("Anna Example", ["editor"])
    signing_in = place.book.signing_in
    one = signing_in.with_code("Anna Example", code)
    two = signing_in.with_code("Anna Example", code)
    for begun in (one, two):
        secret = signing_in.authenticator(begun.session)
        given = begun.session, PASSWORD, pyotp.TOTP(secret).at(int(place.now)), begun.secret
        if begun is one:
            signing_in.choose(*given)
        else:
            with pytest.raises(WrongProof):
                signing_in.choose(*given)
    with pytest.raises(WrongProof):
        signing_in.with_code("Anna Example", code)


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("fourteen chars", "short"),
        ("x" * 129, "long"),
        ("aaaaaaaaaaaaaaaaaaaa", "common"),
        ("passwordpassword1", "common"),
        ("Quietline-Helpline-2026", "common"),
        ("qwertyqwerty12345", "common"),
        ("1234567890123456", "common"),
        ("abcdefghijklmnopqrst", "common"),
        ("anna example anna example", "common"),
        ("абвгабвгабвгабвг", "common"),
    ],
)
def test_a_password_that_is_guessed_easily_is_refused(password: str, code: str) -> None:
    with pytest.raises(WeakPassword) as refused:
        check_password(password, ("Anna Example",))
    assert refused.value.code == code


@pytest.mark.parametrize(
    "password",
    [PASSWORD, "сім тихих річок у полі", "x9$Lq2!vTz8#mRk4", "ёжик в тумане ушёл далеко"],
)
def test_a_sentence_of_ones_own_is_taken(place: Place, password: str) -> None:
    check_password(password, ("Anna Example",))
    anna = place.member()
    place.book.signing_in.change_password(anna.staff, password, anna.opened.secret)
    place.now += 60
    sign_in = place.book.signing_in.with_password
    assert sign_in("Anna Example", password, place.digits(anna)).session.staff.id == anna.staff.id


def test_another_authenticator_makes_the_old_one_useless(place: Place) -> None:
    anna = place.member()
    signing_in = place.book.signing_in
    session = place.session(anna.opened)
    assert session is not None
    secret = signing_in.authenticator(session)
    assert secret != anna.secret
    with pytest.raises(WrongProof):
        signing_in.change_authenticator(session, "000000", anna.opened.secret)
    digits = pyotp.TOTP(secret).at(int(place.now))
    signing_in.change_authenticator(session, digits, anna.opened.secret)
    place.now += 60
    with pytest.raises(WrongProof):
        signing_in.with_password("Anna Example", PASSWORD, place.digits(anna))
    new = pyotp.TOTP(secret).at(int(place.now))
    assert signing_in.with_password("Anna Example", PASSWORD, new).session.staff.id == anna.staff.id


class Counting:
    """Counts how often a password was looked at."""

    def __init__(self, book: StaffBook) -> None:
        self.looks = 0
        passwords = book.signing_in.passwords
        looked = passwords.fits

        def fits(password: str, kept: str | None) -> bool:
            self.looks += 1
            return looked(password, kept)

        passwords.fits = fits  # type: ignore[method-assign]  # counts, and does the same


def test_whoever_keeps_the_service_hears_of_guessing_and_not_at_whom(place: Place) -> None:
    place.member()
    heard: list[str] = []
    end = report.on_alarm(heard.append)
    try:
        for number in range(40):
            with pytest.raises(WrongProof):
                place.book.signing_in.with_password(f"Name {number % 2}", "x" * 20, "000000")
    finally:
        end()
    assert heard == ["sign_in_guessed"]

"""What somebody has to bring to come in, what is used up by it, and what a wrong answer costs."""

from dataclasses import replace
from pathlib import Path

import pyotp
import pytest

from bot.staff import StaffBook, WeakPassword, WrongProof
from bot.staff.model import Opened
from bot.staff.passwords import Cost
from tests.staff.conftest import PASSWORD, PEPPER, QUICK, Member, Place

OTHER_WORDS = "nine grey geese fly home"


@pytest.fixture
def anna(place: Place) -> Member:
    return place.member()


def begun(place: Place, name: str = "Vera Example") -> tuple[Opened, str]:
    """Somebody new, who came with their code; and what their authenticator shows."""
    _, code = place.book.accounts.add(name, ["editor"])
    opened = place.book.signing_in.with_code(name, code)
    secret = place.book.signing_in.authenticator(opened.session)
    return opened, pyotp.TOTP(secret).at(int(place.now))


def refused(place: Place, name: str, password: str, second: str, *, browser: bytes = b"") -> bool:
    """Whether name, password and second proof let nobody in."""
    try:
        place.book.signing_in.with_password(name, password, second, browser)
    except WrongProof:
        return True
    return False


def acts(place: Place) -> list[str]:
    return [entry.act for entry in place.book.accounts.history()]


def test_a_set_up_code_counts_for_a_day_for_its_own_name_and_while_the_account_is_open(
    place: Place,
) -> None:
    staff, code = place.book.accounts.add("Vera Example", ["editor"])
    place.book.accounts.add("Bo Example", ["editor"])
    with_code = place.book.signing_in.with_code
    for name, given in (
        ("Nobody Example", code),
        ("Bo Example", code),
        ("Vera Example", code[:-1]),
        ("Vera Example", ""),
    ):
        with pytest.raises(WrongProof):
            with_code(name, given)
    place.now += 24 * 3_600 - 1
    assert with_code(" vera  EXAMPLE", code.upper().replace("-", "")).session.staff.id == staff.id
    place.now += 1
    with pytest.raises(WrongProof):
        with_code("Vera Example", code)
    again = place.book.accounts.reset(staff.id)
    assert with_code("Vera Example", again).session.stage == "set_up"
    with place.book.store.transaction() as connection:
        place.book.accounts.rows.change(connection, staff.id, active=False)
    with pytest.raises(WrongProof):
        with_code("Vera Example", again)


def test_whoever_sets_up_shows_that_the_authenticator_works_and_its_digits_are_used_then(
    place: Place,
) -> None:
    opened, digits = begun(place)
    choose = place.book.signing_in.choose
    for wrong in ("", "000000", digits[:-1]):
        with pytest.raises(WrongProof):
            choose(opened.session, PASSWORD, wrong, opened.secret)
    assert place.book.accounts.ways(opened.session.staff.id).password is False
    chosen, codes = choose(opened.session, PASSWORD, digits, opened.secret)
    assert (chosen.session.stage, len(set(codes))) == ("signed_in", 10)
    assert place.session(opened) is None
    assert refused(place, "Vera Example", PASSWORD, digits)
    assert acts(place)[0] == "set-up"


def test_a_set_up_is_finished_by_its_own_browser_alone(place: Place, anna: Member) -> None:
    opened, digits = begun(place)
    place.now += 1
    boris, _ = begun(place, "Boris Example")
    for secret in (anna.opened.secret, b"of nobody"):
        with pytest.raises(WrongProof):
            place.book.signing_in.choose(opened.session, PASSWORD, digits, secret)
    for one in (opened, boris, anna.opened):
        assert place.session(one) is not None
    ways = place.book.accounts.ways(opened.session.staff.id)
    assert (ways.password, ways.authenticator, ways.recovery_codes) == (False, False, 0)


def test_no_password_is_made_of_ones_own_name_or_of_the_name_of_the_organisation(
    tmp_path: Path,
) -> None:
    tmp_path.chmod(0o700)
    place = Place(tmp_path)
    words = ("Quiet Harbour Foundation",)
    place.book.close()
    place.book = StaffBook.open(
        tmp_path / "staff.db", PEPPER, lambda: place.now, cost=QUICK, words=words
    )
    opened, digits = begun(place)
    weak = ("vera example vera example", "harbour foundation quiet")
    for password in weak:
        with pytest.raises(WeakPassword):
            place.book.signing_in.choose(opened.session, password, digits, opened.secret)
    chosen, _ = place.book.signing_in.choose(opened.session, PASSWORD, digits, opened.secret)
    for password in weak:
        with pytest.raises(WeakPassword):
            place.book.signing_in.change_password(chosen.session.staff, password, chosen.secret)
    place.book.close()


def test_digits_with_which_an_authenticator_was_changed_are_used_and_others_are_signed_out(
    place: Place, anna: Member
) -> None:
    place.now += 60
    signing_in, session = place.book.signing_in, anna.opened.session
    elsewhere = signing_in.with_password("Anna Example", PASSWORD, place.digits(anna))
    place.now += 60
    shown = signing_in.authenticator(session)
    # A page that is loaded again shows the same one.
    assert signing_in.authenticator(session) == shown
    digits = pyotp.TOTP(shown).at(int(place.now))
    signing_in.change_authenticator(session, digits, anna.opened.secret)
    assert signing_in.authenticator(session) != shown
    assert place.session(elsewhere) is None
    assert place.session(anna.opened) is not None
    assert refused(place, "Anna Example", PASSWORD, digits)
    place.now += 60
    assert not refused(place, "Anna Example", PASSWORD, pyotp.TOTP(shown).at(int(place.now)))
    assert acts(place)[0] == "authenticator"


def test_other_words_and_other_codes_are_written_down_and_the_old_words_open_nothing(
    place: Place, anna: Member
) -> None:
    place.book.signing_in.change_password(anna.staff, OTHER_WORDS, anna.opened.secret)
    assert acts(place)[0] == "password"
    place.book.signing_in.new_recovery_codes(anna.staff)
    last = place.book.accounts.history()[0]
    assert (last.act, last.by, last.about) == ("recovery-codes", anna.staff.id, anna.staff.id)
    place.now += 60
    assert refused(place, "Anna Example", PASSWORD, place.digits(anna))
    assert not refused(place, "Anna Example", OTHER_WORDS, place.digits(anna))


def test_a_wrong_password_uses_up_no_second_proof(place: Place, anna: Member) -> None:
    place.now += 60
    for second in (place.digits(anna), anna.codes[0]):
        assert refused(place, "Anna Example", "wrong password here", second)
        assert not refused(place, "Anna Example", PASSWORD, second)
        assert refused(place, "Anna Example", PASSWORD, second)
    assert acts(place)[0] == "recovery-code"


def test_without_an_authenticator_a_password_opens_nothing_with_whatever_else(
    place: Place, anna: Member
) -> None:
    place.now += 60
    with place.book.store.transaction() as connection:
        place.book.accounts.rows.change(connection, anna.staff.id, totp=None)
    for second in (place.digits(anna), anna.codes[0], ""):
        assert refused(place, "Anna Example", PASSWORD, second)


def test_whoever_comes_in_has_all_their_tries_again(place: Place, anna: Member) -> None:
    for _ in range(3):
        for _ in range(9):
            assert refused(place, "Anna Example", "wrong password here", "000000")
        place.now += 30
        assert not refused(place, "Anna Example", PASSWORD, place.digits(anna))


def test_each_browser_they_used_before_has_tries_of_its_own(place: Place, anna: Member) -> None:
    place.now += 60
    signing_in = place.book.signing_in
    home, work = (signing_in.browsers.mark(anna.staff.id) for _ in range(2))
    for _ in range(10):
        assert refused(place, "Anna Example", "wrong password here", "000000", browser=home)
    digits = place.digits(anna)
    assert refused(place, "Anna Example", PASSWORD, digits, browser=home)
    assert not refused(place, "Anna Example", PASSWORD, digits, browser=work)


def test_a_browser_is_known_for_the_one_who_came_in_there_and_for_nobody_else(
    place: Place, anna: Member
) -> None:
    place.member("Boris Example")
    signing_in = place.book.signing_in
    here = signing_in.browsers.mark(anna.staff.id)
    assert signing_in.knows("anna  EXAMPLE", here)
    for name, browser in (
        ("Boris Example", here),
        ("Nobody Example", here),
        ("Anna Example", b""),
        ("Anna Example", here[::-1]),
        ("Nobody Example", signing_in.browsers.mark("")),
    ):
        assert not signing_in.knows(name, browser)


def test_at_an_open_session_a_password_is_guessed_no_oftener_than_elsewhere(
    place: Place, anna: Member
) -> None:
    place.now += 60
    prove = place.book.signing_in.prove
    for _ in range(10):
        with pytest.raises(WrongProof):
            prove(anna.staff, anna.opened.secret, "wrong password here", "000000")
    digits = place.digits(anna)
    with pytest.raises(WrongProof):
        prove(anna.staff, anna.opened.secret, PASSWORD, digits)
    # Who came in elsewhere is not kept waiting by it.
    assert not refused(place, "Anna Example", PASSWORD, digits)


def test_the_proof_of_somebody_else_and_a_session_that_is_over_prove_nothing(
    place: Place, anna: Member
) -> None:
    boris = place.member("Boris Example")
    place.now += 60
    prove = place.book.signing_in.prove
    # As if the name had gone to somebody else meanwhile.
    renamed = replace(anna.staff, name="Boris Example")
    with pytest.raises(WrongProof):
        prove(renamed, anna.opened.secret, PASSWORD, place.digits(boris))
    assert place.session(anna.opened) is not None
    place.book.sessions.end(anna.opened.secret)
    with pytest.raises(WrongProof):
        prove(anna.staff, anna.opened.secret, PASSWORD, place.digits(anna))


def test_a_hash_of_another_cost_is_made_anew_when_its_owner_comes_in(
    place: Place, anna: Member
) -> None:
    def kept() -> str:
        with place.book.store.look() as connection:
            return str(connection.exec_driver_sql("SELECT password FROM staff").scalar_one())

    dearer = place.again(cost=Cost(16, 1, 1))
    assert "m=8," in kept()
    place.now += 60
    dearer.signing_in.with_password("Anna Example", PASSWORD, place.digits(anna))
    assert "m=16," in kept()
    opened = place.book.signing_in.with_password("Anna Example", PASSWORD, anna.codes[0])
    assert opened.session.stage == "signed_in"


def test_signing_out_is_heard_by_every_page_that_is_open(place: Place, anna: Member) -> None:
    before = place.again().generation()
    place.book.sessions.end(anna.opened.secret)
    assert place.again().generation() > before

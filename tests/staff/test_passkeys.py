"""Passkeys: what a device signs counts here, now, once, and only with the person verified."""

import json

import pytest

from bot.staff import NotAllowed, WrongProof
from bot.staff.passkeys import Site
from tests.staff.conftest import PASSWORD, Member, Place
from tests.staff.device import Device

SITE = Site("desk.example.org", "https://desk.example.org")
BROWSER = b"a browser of nobody yet"


@pytest.fixture
def anna(place: Place) -> Member:
    return place.member()


def device(place: Place, member: Member) -> Device:
    """A device that holds a passkey of theirs."""
    made = Device(SITE.name, SITE.origin)
    keys, session = place.book.passkeys, member.opened.session
    answer = made.add(keys.begin_adding(session, SITE))
    keys.add(session, member.opened.secret, answer, "key ring", SITE)
    return made


def test_a_passkey_signs_in_without_a_name(place: Place, anna: Member) -> None:
    held = device(place, anna)
    options = place.book.passkeys.begin(BROWSER, SITE)
    assert (
        "allowCredentials" not in json.loads(options) or not json.loads(options)["allowCredentials"]
    )
    opened = place.book.passkeys.sign_in(BROWSER, held.show(options), SITE)
    assert opened.session.staff.id == anna.staff.id
    (key,) = place.book.passkeys.of(anna.staff.id)
    assert (key.label, key.sign_count, key.used is not None) == ("key ring", held.count, True)


def test_somebody_new_may_begin_with_a_passkey_and_no_password(place: Place) -> None:
    staff, code = place.book.accounts.add("Clara Example", ["viewer"])
    begun = place.book.signing_in.with_code("Clara Example", code)
    held, keys = Device(SITE.name, SITE.origin), place.book.passkeys
    answer = held.add(keys.begin_adding(begun.session, SITE))
    opened = keys.add(begun.session, begun.secret, answer, "", SITE)
    assert (opened.session.stage, opened.session.staff.ready) == ("signed_in", True)
    assert place.session(begun) is None
    shown = held.show(keys.begin(BROWSER, SITE))
    assert keys.sign_in(BROWSER, shown, SITE).session.staff.id == staff.id
    with pytest.raises(NotAllowed):
        keys.drop(opened.session.staff, held.id)


def test_an_answer_counts_once(place: Place, anna: Member) -> None:
    held = device(place, anna)
    answer = held.show(place.book.passkeys.begin(BROWSER, SITE))
    place.book.passkeys.sign_in(BROWSER, answer, SITE)
    with pytest.raises(WrongProof):
        place.book.passkeys.sign_in(BROWSER, answer, SITE)


def test_an_answer_counts_for_five_minutes_and_for_the_browser_that_asked(
    place: Place, anna: Member
) -> None:
    held, keys = device(place, anna), place.book.passkeys
    with pytest.raises(WrongProof):
        keys.sign_in(b"another browser", held.show(keys.begin(BROWSER, SITE)), SITE)
    answer = held.show(keys.begin(BROWSER, SITE))
    place.now += 301
    with pytest.raises(WrongProof):
        keys.sign_in(BROWSER, answer, SITE)


@pytest.mark.parametrize(
    "change",
    [
        {"origin": "https://desk.example.org.evil.example"},
        {"name": "evil.example"},
        {"verifies": False},
        {"count": 0},
        {"id": b"unknown"},
    ],
)
def test_a_device_of_another_site_or_without_its_person_or_copied_opens_nothing(
    place: Place, anna: Member, change: dict[str, object]
) -> None:
    held, keys = device(place, anna), place.book.passkeys
    keys.sign_in(BROWSER, held.show(keys.begin(BROWSER, SITE)), SITE)
    for name, value in change.items():
        setattr(held, name, value)
    with pytest.raises(WrongProof):
        keys.sign_in(BROWSER, held.show(keys.begin(BROWSER, SITE)), SITE)


@pytest.mark.parametrize("answer", ["", "{", "[]", "{}", '{"id": 7}', '{"id": "é"}', "[" * 9000])
def test_what_is_no_answer_of_a_device_is_only_wrong(place: Place, answer: str) -> None:
    place.book.passkeys.begin(BROWSER, SITE)
    with pytest.raises(WrongProof):
        place.book.passkeys.sign_in(BROWSER, answer, SITE)


def test_a_passkey_of_a_revoked_account_opens_nothing(place: Place, anna: Member) -> None:
    held, keys = device(place, anna), place.book.passkeys
    place.book.accounts.revoke(anna.staff.id)
    with pytest.raises(WrongProof):
        keys.sign_in(BROWSER, held.show(keys.begin(BROWSER, SITE)), SITE)


def test_whatever_is_left_of_an_account_that_is_not_active_opens_nothing(
    place: Place, anna: Member
) -> None:
    held, keys = device(place, anna), place.book.passkeys
    place.now += 60
    with place.book.store.transaction() as connection:
        place.book.accounts.rows.change(connection, anna.staff.id, active=False)
    assert place.session(anna.opened) is None
    with pytest.raises(WrongProof):
        keys.sign_in(BROWSER, held.show(keys.begin(BROWSER, SITE)), SITE)
    for second in (place.digits(anna), anna.codes[0]):
        with pytest.raises(WrongProof):
            place.book.signing_in.with_password("Anna Example", PASSWORD, second)


def test_strangers_who_guess_never_slow_a_passkey_down(place: Place, anna: Member) -> None:
    held, keys = device(place, anna), place.book.passkeys
    for guess in range(50):
        with pytest.raises(WrongProof):
            place.book.signing_in.with_password("Anna Example", f"guess {guess}", "123456")
    shown = held.show(keys.begin(BROWSER, SITE))
    assert keys.sign_in(BROWSER, shown, SITE).session.staff.id == anna.staff.id


def test_only_ones_own_passkey_proves_who_one_is(place: Place, anna: Member) -> None:
    boris, keys = place.member("Boris Example"), place.book.passkeys
    held, foreign = device(place, anna), device(place, boris)
    session = anna.opened.session
    shown = foreign.show(keys.begin(session.csrf, SITE))
    with pytest.raises(WrongProof):
        keys.prove(session, anna.opened.secret, shown, SITE)
    place.now += 400
    proven = keys.prove(
        session, anna.opened.secret, held.show(keys.begin(session.csrf, SITE)), SITE
    )
    assert proven.session.proved == int(place.now)
    assert place.session(anna.opened) is None
    assert place.session(proven) is not None


def test_a_passkey_can_be_taken_away_while_there_is_another_way_in(
    place: Place, anna: Member
) -> None:
    held, keys = device(place, anna), place.book.passkeys
    boris = place.member("Boris Example")
    keys.drop(boris.staff, held.id)
    assert len(keys.of(anna.staff.id)) == 1
    keys.drop(anna.staff, held.id)
    assert keys.of(anna.staff.id) == ()
    place.now += 60
    digits = place.digits(anna)
    opened = place.book.signing_in.with_password("Anna Example", PASSWORD, digits)
    assert opened.session.staff.id == anna.staff.id

"""What a device that holds passkeys is asked for, and which of its answers are taken."""

import json
import re
from datetime import date
from typing import Any

import pytest
from webauthn.helpers import base64url_to_bytes

from bot.staff import NotAllowed, WrongProof
from bot.staff.model import Opened
from bot.staff.passkeys import MOST_CHALLENGES, Challenges, Site
from tests.staff.conftest import Member, Place
from tests.staff.device import Device

SITE = Site("desk.example.org", "https://desk.example.org")
BROWSER = b"a browser of nobody yet"


@pytest.fixture
def anna(place: Place) -> Member:
    return place.member()


def give(place: Place, opened: Opened, device: Device | None = None, label: str = "") -> Device:
    """A passkey for whoever opened that session."""
    device, keys = device or Device(SITE.name, SITE.origin), place.book.passkeys
    answer = device.add(keys.begin_adding(opened.session, SITE))
    keys.add(opened.session, opened.secret, answer, label, SITE)
    return device


def shows(place: Place, device: Device) -> bool:
    """Whether somebody comes in with it."""
    keys = place.book.passkeys
    try:
        opened = keys.sign_in(BROWSER, device.show(keys.begin(BROWSER, SITE)), SITE)
    except WrongProof:
        return False
    return opened.session.stage == "signed_in"


def test_a_device_is_asked_for_a_key_of_this_site_that_asks_for_its_person_each_time(
    place: Place, anna: Member
) -> None:
    first = give(place, anna.opened)
    asked = json.loads(place.book.passkeys.begin_adding(anna.opened.session, SITE))
    assert asked["rp"] == {"id": SITE.name, "name": "Quietline"}
    assert asked["user"]["name"] == "Anna Example"
    # The same each time: a device knows by it whose keys it holds.
    assert base64url_to_bytes(asked["user"]["id"]) == anna.staff.id.encode()
    assert asked["authenticatorSelection"] == {
        "residentKey": "required",
        "requireResidentKey": True,
        "userVerification": "required",
    }
    # One that is held already is not made once more.
    (held,) = asked["excludeCredentials"]
    assert base64url_to_bytes(held["id"]) == first.id
    shown = json.loads(place.book.passkeys.begin(BROWSER, SITE))
    assert (shown["rpId"], shown["userVerification"]) == (SITE.name, "required")
    assert len({asked["challenge"], shown["challenge"]}) == 2


def test_what_is_kept_of_a_key_is_its_day_and_a_short_label(place: Place, anna: Member) -> None:
    held = give(place, anna.opened, label=f"  key \n ring {'x' * 60}")
    (key,) = place.book.passkeys.of(anna.staff.id)
    assert (key.id, key.staff) == (held.id, anna.staff.id)
    assert key.label == f"key ring {'x' * 31}"
    assert (key.added, key.used, key.sign_count) == (date(2026, 11, 18), None, 1)
    place.now += 86_400
    assert shows(place, held)
    (key,) = place.book.passkeys.of(anna.staff.id)
    assert (key.added, key.used, key.sign_count) == (date(2026, 11, 18), date(2026, 11, 19), 2)
    assert place.book.accounts.history()[0].act == "passkey"


@pytest.mark.parametrize(
    "change",
    [
        {"origin": "https://desk.example.org.evil.example"},
        {"name": "evil.example"},
        {"verifies": False},
    ],
)
def test_no_key_is_taken_of_another_site_or_without_its_person(
    place: Place, anna: Member, change: dict[str, Any]
) -> None:
    wrong = Device(**({"name": SITE.name, "origin": SITE.origin} | change))
    with pytest.raises(WrongProof):
        give(place, anna.opened, wrong)
    assert place.book.passkeys.of(anna.staff.id) == ()


def test_a_key_is_made_once_and_for_the_session_that_asked(place: Place, anna: Member) -> None:
    boris, keys = place.member("Boris Example"), place.book.passkeys
    held = give(place, anna.opened)
    with pytest.raises(WrongProof):
        give(place, boris.opened, held)
    other = Device(SITE.name, SITE.origin)
    answer = other.add(keys.begin_adding(anna.opened.session, SITE))
    for opened in (boris.opened, anna.opened):
        if opened is anna.opened:
            keys.add(opened.session, opened.secret, answer, "", SITE)
        with pytest.raises(WrongProof):
            keys.add(opened.session, opened.secret, answer, "", SITE)
    assert [len(keys.of(one.staff.id)) for one in (anna, boris)] == [2, 0]


def test_ten_keys_are_enough_for_anybody(place: Place, anna: Member) -> None:
    for _ in range(10):
        give(place, anna.opened)
    with pytest.raises(NotAllowed, match="too many"):
        give(place, anna.opened)
    assert len(place.book.passkeys.of(anna.staff.id)) == 10


def test_adding_a_key_leaves_the_session_as_it_is(place: Place, anna: Member) -> None:
    keys = place.book.passkeys
    answer = Device(SITE.name, SITE.origin).add(keys.begin_adding(anna.opened.session, SITE))
    opened = keys.add(anna.opened.session, anna.opened.secret, answer, "", SITE)
    assert opened == anna.opened
    assert place.session(anna.opened) is not None


def test_one_of_two_keys_may_go_and_the_last_way_in_may_not(place: Place) -> None:
    _, code = place.book.accounts.add("Clara Example", ["viewer"])
    begun, keys = place.book.signing_in.with_code("Clara Example", code), place.book.passkeys
    first, second = Device(SITE.name, SITE.origin), Device(SITE.name, SITE.origin)
    answer = first.add(keys.begin_adding(begun.session, SITE))
    opened = keys.add(begun.session, begun.secret, answer, "", SITE)
    staff = opened.session.staff
    with pytest.raises(NotAllowed, match="only way in"):
        keys.drop(staff, first.id)
    give(place, opened, second)
    generation = place.book.generation()
    keys.drop(staff, first.id)
    assert place.book.generation() > generation
    assert place.book.accounts.history()[0].act == "passkey-drop"
    assert (shows(place, first), shows(place, second)) == (False, True)
    with pytest.raises(NotAllowed, match="only way in"):
        keys.drop(staff, second.id)


@pytest.mark.parametrize("missing", ["password", "totp"])
def test_half_a_way_in_beside_it_is_none(place: Place, anna: Member, missing: str) -> None:
    held = give(place, anna.opened)
    with place.book.store.transaction() as connection:
        place.book.accounts.rows.change(connection, anna.staff.id, **{missing: None})
    with pytest.raises(NotAllowed, match="only way in"):
        place.book.passkeys.drop(anna.staff, held.id)
    assert shows(place, held)


def test_the_key_of_somebody_else_is_not_taken_away(place: Place, anna: Member) -> None:
    boris, keys = place.member("Boris Example"), place.book.passkeys
    held = give(place, anna.opened)
    before = (place.book.accounts.history(), place.book.generation())
    keys.drop(boris.staff, held.id)
    assert (place.book.accounts.history(), place.book.generation()) == before
    assert shows(place, held)


def test_a_session_that_is_over_is_proven_by_no_key(place: Place, anna: Member) -> None:
    held, keys, session = give(place, anna.opened), place.book.passkeys, anna.opened.session
    shown = held.show(keys.begin(session.csrf, SITE))
    place.book.sessions.end(anna.opened.secret)
    with pytest.raises(WrongProof):
        keys.prove(session, anna.opened.secret, shown, SITE)


@pytest.mark.parametrize(("seconds", "counts"), [(0, True), (300, True), (301, False)])
def test_a_challenge_counts_for_five_minutes(place: Place, seconds: int, counts: bool) -> None:
    challenges = Challenges(lambda: place.now)
    given = challenges.give("show", BROWSER)
    assert len(given) == 32
    assert repr(challenges).partition("(")[2].startswith("clock=")
    assert not {"_open", "_lock"} & set(re.findall(r"\w+(?==)", repr(challenges)))
    place.now += seconds
    if counts:
        assert challenges.take("show", BROWSER) == given
    with pytest.raises(WrongProof):
        challenges.take("show", BROWSER)


def test_of_many_challenges_the_oldest_go_and_one_that_is_asked_for_again_is_young(
    place: Place,
) -> None:
    challenges = Challenges(lambda: place.now)
    browsers = [number.to_bytes(4, "big") for number in range(MOST_CHALLENGES)]
    given = [challenges.give("show", browser) for browser in browsers]
    again = challenges.give("show", browsers[0])
    assert again != given[0]
    challenges.give("add", BROWSER)
    with pytest.raises(WrongProof):
        challenges.take("show", browsers[1])
    assert challenges.take("show", browsers[0]) == again
    assert challenges.take("show", browsers[2]) == given[2]
    assert MOST_CHALLENGES == 4_096

"""Who can write to `staff.db`, but does not hold the pepper, gets nobody in."""

import hashlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.staff import StaffError, WrongProof
from bot.staff.passkeys import Site
from tests.staff.conftest import PASSWORD, Member, Place
from tests.staff.device import Device

SITE = Site("desk.example.org", "https://desk.example.org")
BROWSER = b"a browser of nobody yet"
MINE = bytes(range(100, 132))
"""A secret that whoever writes to the file chose."""
Edit = Callable[[Place, Member, Member], None]


def by_hand(place: Place, statement: str, *values: object) -> int:
    """Run a statement on the file, and say how many rows it changed."""
    with place.book.store.transaction() as connection:
        return connection.exec_driver_sql(statement, values).rowcount


@pytest.fixture
def anna(place: Place) -> Member:
    return place.member("Anna Example", "approver", "administrator")


@pytest.fixture
def boris(place: Place) -> Member:
    return place.member("Boris Example", "editor")


@pytest.fixture
def alarms() -> Iterator[list[Any]]:
    with capture_logs() as said:
        yield said


def alarmed(alarms: list[Any]) -> bool:
    """Whether it was said that something was changed by hand, and nothing of whom."""
    said = {"event": "staff_changed_by_hand", "count": 1, "log_level": "error"}
    assert all(one == said for one in alarms)
    return bool(alarms)


def held_by(place: Place, member: Member) -> Device:
    """A device that holds a passkey of theirs."""
    made, keys = Device(SITE.name, SITE.origin), place.book.passkeys
    answer = made.add(keys.begin_adding(member.opened.session, SITE))
    keys.add(member.opened.session, member.opened.secret, answer, "", SITE)
    return made


def nobody_shows(place: Place, held: Device) -> None:
    """That device opens nothing."""
    keys = place.book.passkeys
    with pytest.raises(WrongProof):
        keys.sign_in(BROWSER, held.show(keys.begin(BROWSER, SITE)), SITE)


@pytest.mark.parametrize("knows", [False, True])
def test_a_session_that_was_written_by_hand_is_none(
    place: Place, anna: Member, knows: bool
) -> None:
    # Neither a hash that they make nor, if they came by one of ours, a seal of another row fits.
    plain = hashlib.sha256(b"session/v1" + MINE).digest()
    kept = place.book.sessions.hash(MINE) if knows else plain
    columns = "staff, stage, csrf, began, seen, proved, seal"
    copied = f"INSERT INTO session (hash, {columns}) SELECT ?, {columns} FROM session"
    assert by_hand(place, copied, kept) == 1
    assert place.book.sessions.find(MINE) is None
    assert not place.book.sessions.lives(MINE)
    assert place.book.sessions.prove(MINE) is None
    assert len(place.book.sessions.of(anna.staff.id)) == 1
    assert place.session(anna.opened) is not None


@pytest.mark.parametrize(
    "change",
    [
        "staff = (SELECT id FROM staff WHERE name = 'Anna Example')",
        "proved = proved + 9999",
        "began = began + 9999",
        "seen = seen + 60",
        "csrf = randomblob(32)",
        "stage = 'set_up'",
        "seal = x''",
        "seal = 'text'",
        "stage = x'00'",
    ],
)
def test_a_session_of_ones_own_that_was_changed_by_hand_ends(
    place: Place, anna: Member, boris: Member, alarms: list[Any], change: str
) -> None:
    mine = boris.staff.id
    assert by_hand(place, f"UPDATE session SET {change} WHERE staff = ?", mine) == 1
    assert place.session(boris.opened) is None
    assert alarmed(alarms)
    assert place.session(anna.opened) is not None


@pytest.mark.parametrize(
    "edit",
    [
        "INSERT INTO role SELECT id, 'administrator' FROM staff WHERE name = 'Boris Example'",
        "UPDATE role SET role = 'approver' WHERE role = 'editor'",
        "DELETE FROM role WHERE role = 'editor'",
        "DELETE FROM area WHERE area = 'UA-63'",
        "UPDATE area SET area = 'UA' WHERE area = 'UA-63'",
        "UPDATE staff SET name = 'Clara Example' WHERE name = 'Boris Example'",
        (
            "UPDATE staff SET password = (SELECT password FROM staff WHERE name = 'Anna Example')"
            " WHERE name = 'Boris Example'"
        ),
        "UPDATE staff SET totp = NULL WHERE name = 'Boris Example'",
        "UPDATE staff SET totp_step = 0 WHERE name = 'Boris Example'",
        "UPDATE staff SET code_until = 9999999999 WHERE name = 'Boris Example'",
        (
            "UPDATE staff SET seal = (SELECT seal FROM staff WHERE name = 'Anna Example')"
            " WHERE name = 'Boris Example'"
        ),
    ],
)
def test_an_account_that_was_changed_by_hand_counts_as_not_there(
    place: Place, anna: Member, alarms: list[Any], edit: str
) -> None:
    accounts, keys = place.book.accounts, place.book.passkeys
    boris = place.member("Boris Example", "editor")
    someone = boris.staff.id
    accounts.set_roles(someone, ["editor"], ["UA-63"])
    held = held_by(place, boris)
    opened = keys.sign_in(BROWSER, held.show(keys.begin(BROWSER, SITE)), SITE)
    place.now += 60
    assert by_hand(place, edit) == 1

    assert place.session(opened) is None
    assert accounts.find(someone) is None
    assert [one.id for one in accounts.everyone()] == [anna.staff.id]
    nobody_shows(place, held)
    for second in (place.digits(boris), boris.codes[0]):
        with pytest.raises(WrongProof):
            place.book.signing_in.with_password("Boris Example", PASSWORD, second)
    acts: tuple[Callable[[], object], ...] = (
        lambda: accounts.named("Boris Example"),
        lambda: accounts.ways(someone),
        # Nothing makes good what was changed by hand.
        lambda: accounts.set_roles(someone, ["viewer"], []),
        lambda: accounts.reset(someone),
        lambda: accounts.revoke(someone),
    )
    for act in acts:
        with pytest.raises(StaffError):
            act()
    accounts.set_language(someone, "uk")
    assert accounts.find(someone) is None
    assert alarmed(alarms)
    assert place.session(anna.opened) is not None


def test_an_account_that_was_revoked_is_not_opened_by_hand(place: Place, boris: Member) -> None:
    kept = "SELECT password, totp FROM staff WHERE id = ?"
    with place.book.store.look() as connection:
        password, totp = connection.exec_driver_sql(kept, (boris.staff.id,)).one()
    place.book.accounts.revoke(boris.staff.id)
    place.now += 60
    again = "UPDATE staff SET active = 1, password = ?, totp = ? WHERE id = ?"
    assert by_hand(place, again, password, totp, boris.staff.id) == 1
    with pytest.raises(WrongProof):
        place.book.signing_in.with_password("Boris Example", PASSWORD, place.digits(boris))
    assert place.book.accounts.find(boris.staff.id) is None


def set_up_code(place: Place, anna: Member, _boris: Member) -> None:
    """A code of one's own, as one who knows this program would write it."""
    kept = hashlib.sha256(b"code/v1" + b"mycode").digest()
    until = "UPDATE staff SET code = ?, code_until = 9999999999 WHERE id = ?"
    assert by_hand(place, until, kept, anna.staff.id) == 1


def code_of_another(place: Place, anna: Member, boris: Member) -> None:
    """The code of an account of one's own, copied."""
    copied = (
        "UPDATE staff SET (code, code_until) = (SELECT code, code_until FROM staff WHERE id = ?)"
        " WHERE id = ?"
    )
    assert by_hand(place, copied, boris.staff.id, anna.staff.id) == 1


@pytest.mark.parametrize("edit", [set_up_code, code_of_another])
def test_a_set_up_code_that_was_written_by_hand_opens_nothing(
    place: Place, anna: Member, boris: Member, edit: Edit
) -> None:
    code = place.book.accounts.reset(boris.staff.id)
    edit(place, anna, boris)
    for given in ("mycode", code):
        with pytest.raises(WrongProof):
            place.book.signing_in.with_code("Anna Example", given)
    assert place.book.signing_in.with_code("Boris Example", code).session.stage == "set_up"


def test_a_recovery_code_that_was_written_or_copied_by_hand_opens_nothing(
    place: Place, anna: Member, boris: Member
) -> None:
    copied = "INSERT INTO recovery SELECT ?, hash FROM recovery WHERE staff = ?"
    assert by_hand(place, copied, anna.staff.id, boris.staff.id) == len(boris.codes)
    plain = hashlib.sha256(b"code/v1" + b"mycode").digest()
    by_hand(place, "INSERT INTO recovery VALUES (?, ?)", anna.staff.id, plain)
    sign_in = place.book.signing_in.with_password
    for code in (*boris.codes, "mycode"):
        with pytest.raises(WrongProof):
            sign_in("Anna Example", PASSWORD, code)
    assert sign_in("Boris Example", PASSWORD, boris.codes[0]).session.staff.id == boris.staff.id


def test_a_recovery_code_is_no_set_up_code(place: Place, boris: Member) -> None:
    seals = place.book.accounts.rows.seals
    kept = {seals.kept(what, MINE, boris.staff.id) for what in ("set-up", "recovery", "key")}
    kept |= {seals.kept("recovery", MINE), seals.kept("session", MINE)}
    assert len(kept) == len(("set-up", "recovery", "key", "recovery of nobody", "session"))


def test_a_passkey_that_was_written_by_hand_opens_nothing(
    place: Place, anna: Member, boris: Member, alarms: list[Any]
) -> None:
    held = held_by(place, boris)
    foreign = Device(SITE.name, SITE.origin, key=held.key)
    columns = "public_key, sign_count, label, added, used, seal"
    copied = f"INSERT INTO passkey (id, staff, {columns}) SELECT ?, ?, {columns} FROM passkey"
    assert by_hand(place, copied, foreign.id, anna.staff.id) == 1
    nobody_shows(place, foreign)
    assert place.book.passkeys.of(anna.staff.id) == ()
    assert place.book.accounts.ways(anna.staff.id).passkeys == 0
    assert alarmed(alarms)
    # One's own, given to somebody else.
    assert by_hand(place, "UPDATE passkey SET staff = ? WHERE id = ?", anna.staff.id, held.id) == 1
    nobody_shows(place, held)
    assert by_hand(place, "UPDATE passkey SET staff = ? WHERE id = ?", boris.staff.id, held.id) == 1
    keys = place.book.passkeys
    opened = keys.sign_in(BROWSER, held.show(keys.begin(BROWSER, SITE)), SITE)
    assert opened.session.staff.id == boris.staff.id


@pytest.mark.parametrize("change", ["revoked = 0", "hash = ?", "name = 'Other Example', hash = ?"])
def test_a_key_that_was_written_by_hand_reads_nothing(
    place: Place, alarms: list[Any], change: str
) -> None:
    keys = place.book.keys
    key, text = keys.create("Partner Example", ["hsds.read"], "s1")
    mine = "ql_" + "m" * 43
    plain = hashlib.sha256(b"key/v1" + mine.encode()).digest()
    if "?" in change:
        assert by_hand(place, f"UPDATE api_key SET {change}", plain) == 1
    else:
        assert keys.revoke(key.id, "s1")
        assert by_hand(place, f"UPDATE api_key SET {change}") == 1
    assert keys.verify(mine) is None
    assert keys.verify(text) is None
    assert keys.every() == ()
    assert not keys.revoke(key.id, "s1")
    assert alarmed(alarms)

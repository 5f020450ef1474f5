"""Sessions end: by time, by hand, and by whatever is done to an account."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot.staff import NotAllowed, StaffError
from bot.staff.model import NameTaken, NoSuchStaff, Opened
from bot.staff.sessions import IDLE_SECONDS, LONGEST_SECONDS
from bot.storage import StoreError
from tests.often import often
from tests.staff.conftest import PASSWORD, Member, Place


@pytest.fixture
def anna(place: Place) -> Member:
    return place.member()


def test_a_session_ends_after_a_quarter_of_an_hour_without_anybody(
    place: Place, anna: Member
) -> None:
    for _ in range(10):
        place.now += IDLE_SECONDS - 1
        assert place.session(anna.opened) is not None
    place.now += IDLE_SECONDS
    assert place.session(anna.opened) is None


def test_an_open_page_is_no_sign_of_life(place: Place, anna: Member) -> None:
    sessions = place.book.sessions
    for _ in range(3):
        place.now += IDLE_SECONDS / 3
        sessions.lives(anna.opened.secret)
        sessions.find(anna.opened.secret, touch=False)
    assert not sessions.lives(anna.opened.secret)


def test_a_session_ends_after_twelve_hours_in_any_case(place: Place, anna: Member) -> None:
    while place.now + 600 < anna.opened.session.began + LONGEST_SECONDS:
        place.now += 600
        assert place.session(anna.opened) is not None
    place.now = anna.opened.session.began + LONGEST_SECONDS
    assert place.session(anna.opened) is None


def test_whatever_is_done_to_an_account_ends_its_sessions_in_every_process(place: Place) -> None:
    accounts, other = place.book.accounts, place.again()
    acts: dict[str, Callable[[str], object]] = {
        "revoke": accounts.revoke,
        "reset": accounts.reset,
        "roles": lambda who: accounts.set_roles(who, ["viewer"], []),
        "everywhere": place.book.sessions.end_others,
    }
    for name, act in acts.items():
        member = place.member(f"{name} example")
        before = other.generation()
        act(member.staff.id)
        assert other.sessions.find(member.opened.secret) is None, name
        assert other.generation() > before, name


def test_another_password_ends_every_session_but_this_one(place: Place, anna: Member) -> None:
    place.now += 60
    other = place.book.signing_in.with_password("Anna Example", PASSWORD, place.digits(anna))
    words = "nine grey geese fly home"
    place.book.signing_in.change_password(anna.staff, words, anna.opened.secret)
    assert place.session(other) is None
    assert place.session(anna.opened) is not None


def test_a_proof_changes_the_secret_and_keeps_what_forms_carry(place: Place, anna: Member) -> None:
    place.now += 400
    given = anna.staff, anna.opened.secret, PASSWORD, place.digits(anna)
    proven = place.book.signing_in.prove(*given)
    assert place.session(anna.opened) is None
    assert proven.secret != anna.opened.secret
    assert proven.session.csrf == anna.opened.session.csrf
    assert proven.session.began == anna.opened.session.began


def test_a_role_counts_at_once_and_nobody_changes_their_own(place: Place) -> None:
    admin = place.member("Admin Example", "administrator")
    accounts = place.book.accounts
    for act in (
        lambda: accounts.set_roles(admin.staff.id, ["lead"], [], admin.staff.id),
        lambda: accounts.revoke(admin.staff.id, admin.staff.id),
        lambda: accounts.reset(admin.staff.id, admin.staff.id),
    ):
        with pytest.raises(NotAllowed):
            act()
    session = place.session(admin.opened)
    assert session is not None
    assert session.staff.roles == ("administrator",)


def test_a_revoked_account_keeps_its_name_and_opens_again_with_a_new_code(
    place: Place, anna: Member
) -> None:
    accounts = place.book.accounts
    accounts.revoke(anna.staff.id)
    with pytest.raises(NameTaken):
        accounts.add("ANNA  example", ["viewer"])
    code = accounts.reset(anna.staff.id)
    begun = place.book.signing_in.with_code("Anna Example", code)
    assert begun.session.staff.id == anna.staff.id


@pytest.mark.parametrize(
    ("name", "roles", "areas"),
    [
        ("", ["viewer"], []),
        ("x" * 61, ["viewer"], []),
        ("two\u2028lines\u0007", ["viewer"], []),
        ("Anna", ["root"], []),
        ("Anna", ["viewer"], ["'; drop"]),
    ],
)
def test_what_is_no_name_role_or_area_is_refused_and_nothing_is_kept(
    place: Place, name: str, roles: list[str], areas: list[str]
) -> None:
    with pytest.raises(StaffError):
        place.book.accounts.add(name, roles, areas)  # type: ignore[arg-type]  # that is the test
    assert place.book.accounts.everyone() == ()


def test_nobody_is_found_under_a_name_or_an_id_that_nobody_has(place: Place) -> None:
    accounts = place.book.accounts
    assert accounts.find("s0") is None
    for act in (accounts.named, accounts.revoke, accounts.reset, accounts.ways):
        with pytest.raises(NoSuchStaff):
            act("nobody")


def test_what_was_done_is_written_down_without_a_name_or_a_secret(
    place: Place, anna: Member
) -> None:
    place.book.accounts.set_roles(anna.staff.id, ["lead"], ["UA-63"], "s1")
    entries = place.book.accounts.history()
    assert [(entry.by, entry.act) for entry in entries] == [
        ("s1", "roles"),
        (anna.staff.id, "set-up"),
        ("command", "add"),
    ]
    assert entries[0].facts == "lead; UA-63"


def test_no_repr_holds_a_name_a_code_or_a_secret(place: Place, anna: Member) -> None:
    _, text = place.book.keys.create("Partner Example", ["hsds.read"], anna.staff.id)
    shown = repr(
        (
            *(anna.staff, anna.opened, place.session(anna.opened), place.book),
            *(place.book.keys.every(), place.book.accounts.history(), place.book.passkeys),
            *(place.book.signing_in, place.book.signing_in.sealed, place.book.store),
        )
    )
    for secret in ("Anna", "Partner", text, anna.secret, anna.opened.secret.hex(), PASSWORD):
        assert secret not in shown
    assert repr(anna.opened.secret) not in shown


def test_a_key_of_a_partner_counts_until_it_is_revoked(place: Place) -> None:
    keys = place.book.keys
    key, text = keys.create("Partner Example", ["hsds.read"], "s1")
    assert keys.verify(text) is not None
    assert [one.used is not None for one in keys.every()] == [True]
    for wrong in ("", text[:-1], text + "x", text[:-1] + "ß", "ql_" + "x" * 43):
        assert keys.verify(wrong) is None
    assert keys.revoke(key.id, "s1")
    assert keys.verify(text) is None
    assert not keys.revoke(key.id, "s1")
    with pytest.raises(StaffError):
        keys.create("Partner Example", ["everything"], "s1")


def test_a_file_that_others_could_read_is_not_opened(place: Place) -> None:
    path = place.folder / "staff.db"
    place.book.close()
    path.chmod(0o644)
    with pytest.raises(StoreError):
        place.again()


class Desk(RuleBasedStateMachine):
    """Sessions of two people, whatever happens in whatever order."""

    folder: Path

    def __init__(self) -> None:
        super().__init__()
        self.place = Place(self.folder)
        for name in ("Anna", "Boris"):
            self.place.book.accounts.reset(self._id(name)) if self._has(name) else None
            if not self._has(name):
                self.place.book.accounts.add(name, ["editor"])
        self.living: dict[bytes, tuple[str, float, float]] = {}
        self.dead: set[bytes] = set()

    def _has(self, name: str) -> bool:
        return any(one.name == name for one in self.place.book.accounts.everyone())

    def _id(self, name: str) -> str:
        return self.place.book.accounts.named(name).id

    def _end(self, secrets: list[bytes]) -> None:
        for secret in secrets:
            del self.living[secret]
            self.dead.add(secret)

    def _of(self, name: str) -> list[bytes]:
        return [secret for secret, (whose, *_) in self.living.items() if whose == name]

    @rule(name=st.sampled_from(["Anna", "Boris"]))
    def signs_in(self, name: str) -> None:
        book, now = self.place.book, self.place.now
        with book.store.transaction() as connection:
            opened: Opened = book.sessions.begin(connection, self._id(name), "signed_in")
        self.living[opened.secret] = name, now, now

    @rule(seconds=st.integers(1, 20_000))
    def time_goes_by(self, seconds: int) -> None:
        self.place.now += seconds
        now = self.place.now
        over = [
            secret
            for secret, (_, began, seen) in self.living.items()
            if now - seen >= IDLE_SECONDS or now - began >= LONGEST_SECONDS
        ]
        self._end(over)

    @precondition(lambda self: self.living)
    @rule(data=st.data())
    def signs_out(self, data: st.DataObject) -> None:
        secret = data.draw(st.sampled_from(list(self.living)))
        self.place.book.sessions.end(secret)
        self._end([secret])

    @precondition(lambda self: self.living)
    @rule(data=st.data())
    def proves(self, data: st.DataObject) -> None:
        secret = data.draw(st.sampled_from(list(self.living)))
        opened = self.place.book.sessions.prove(secret)
        assert opened is not None
        whose, began, _ = self.living[secret]
        self._end([secret])
        self.living[opened.secret] = whose, began, self.place.now

    @rule(name=st.sampled_from(["Anna", "Boris"]))
    def gets_other_roles(self, name: str) -> None:
        self.place.book.accounts.set_roles(self._id(name), ["viewer"], [])
        self._end(self._of(name))

    @invariant()
    def whoever_is_in_is_in_and_nobody_else(self) -> None:
        for secret in self.dead:
            assert not self.place.book.sessions.lives(secret)
        for secret, (whose, began, _) in list(self.living.items()):
            session = self.place.book.sessions.find(secret)
            assert session is not None
            assert session.staff.name == whose
            self.living[secret] = whose, began, session.seen

    def teardown(self) -> None:
        self.place.book.close()


def test_sessions_end_exactly_when_they_should_whatever_happens(tmp_path: Path) -> None:
    class Here(Desk):
        folder = tmp_path

    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=often(12),
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )

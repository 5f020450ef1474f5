"""Who is not let in, and what a wrong clock or a silent service comes to."""

import http.client
import ssl
import stat
from pathlib import Path

import pytest

from bot.keys import RemoteRing, RemoteSigning, enrolment, remote_ring
from bot.keys.authority import Authority, Codes, proof_of
from bot.keys.clock import SteadyClock, since_boot
from bot.keys.days import Days
from bot.keys.line import Line
from bot.keys.wire import Ask, Code, Data, Name, Nothing, Status, unpack
from bot.keys.wrapping import Asking, Unwrappable, wrap
from bot.vault import KeyRingError, SigningKeys
from tests.keys.conftest import SetClock, Site, Sites, enrolled, eventually, free_port

HOUR = 3_600


@pytest.fixture
def site(tmp_path: Path, sites: Sites) -> Site:
    one = sites(
        "a",
        SigningKeys.open(tmp_path / "signing"),
        listen=("127.0.0.1", free_port()),
        authority=tmp_path / "ca",
    )
    one.start()
    return one


def test_the_local_socket_is_of_one_user_alone(site: Site) -> None:
    assert stat.S_IMODE(site.place.socket.stat().st_mode) == 0o600


def test_who_has_no_certificate_does_not_come_in(site: Site, tmp_path: Path) -> None:
    host, port = site.place.listen or ("", 0)
    plain = http.client.HTTPConnection(host, port, timeout=2)
    assert shut_out(plain)
    open_ = ssl.create_default_context()
    open_.check_hostname, open_.verify_mode = False, ssl.CERT_NONE
    line = http.client.HTTPSConnection(host, port, timeout=2, context=open_)
    assert shut_out(line)
    with pytest.raises(KeyRingError):
        RemoteRing(site.where, patience=0)
    with pytest.raises(KeyRingError):
        RemoteRing(site.where, tmp_path, patience=0)


def shut_out(line: http.client.HTTPConnection) -> bool:
    try:
        line.request("POST", "/ring", b"")
        line.getresponse()
    except (OSError, http.client.HTTPException):
        return True
    finally:
        line.close()
    return False


def test_a_certificate_of_another_authority_does_not_come_in(
    site: Site, tmp_path: Path, sites: Sites
) -> None:
    other = sites("b", listen=("127.0.0.1", free_port()), authority=tmp_path / "ca2")
    other.start()
    foreign = enrolled(other, tmp_path / "foreign")
    (foreign / "authority.pem").write_bytes((tmp_path / "ca" / "authority.pem").read_bytes())
    with pytest.raises(KeyRingError):
        RemoteRing(site.where, foreign, patience=0)


def test_a_revoked_replica_is_let_in_no_more(site: Site, tmp_path: Path) -> None:
    identity = enrolled(site, tmp_path / "identity")
    ring = RemoteRing(site.where, identity)
    site.line.ask("/revoke", Code("replica-1"), Nothing)
    with pytest.raises(KeyRingError) as refused:
        ring.refresh()
    assert "not-allowed" in str(refused.value)
    ring.close()
    with pytest.raises(KeyRingError):
        site.line.ask("/revoke", Code("replica-1"), Nothing)
    with pytest.raises(KeyRingError):
        site.line.ask("/code", Code("replica-1"), Data)


def test_a_replica_may_not_do_what_is_for_the_service_or_its_keeper(
    site: Site, tmp_path: Path
) -> None:
    line = Line(site.where, enrolled(site, tmp_path / "identity"))
    for path, message in (
        ("/status", Code("")),
        ("/code", Code("x")),
        ("/keys", Ask(b"", have=(20_000,))),
        ("/nowhere", Nothing()),
    ):
        with pytest.raises(KeyRingError) as refused:
            line.ask(path, message, Nothing)
        assert "not-allowed" in str(refused.value)
    for name in ("../x", "current.sign", "", ".x"):
        with pytest.raises(KeyRingError):
            line.ask("/kept", Name(name), Data)
    with pytest.raises(KeyRingError) as malformed:
        line.ask("/ring", Name("x"), Data)
    assert "malformed" in str(malformed.value)
    line.close()


def test_a_code_counts_once_and_for_ten_minutes() -> None:
    now = [0.0]
    codes = Codes(lambda: now[0])
    code = codes.new("replica-1")
    proof = proof_of(code, b"client", b"request", b"server")
    assert codes.use(proof, b"another request", b"server") is None
    assert codes.use(proof, b"request", b"another server") is None
    assert codes.use(proof, b"request", b"server") == (code.replace("-", ""), "replica-1")
    assert codes.use(proof, b"request", b"server") is None
    late = codes.new("replica-2")
    now[0] = 601
    assert not codes.any
    assert codes.use(proof_of(late, b"client", b"r", b"s"), b"r", b"s") is None


def test_guessing_makes_every_code_void() -> None:
    codes = Codes()
    code = codes.new("replica-1")
    for _ in range(5):
        assert codes.use(bytes(32), b"r", b"s") is None
    assert codes.use(proof_of(code, b"client", b"r", b"s"), b"r", b"s") is None


def test_a_wrong_code_makes_no_identity(site: Site, tmp_path: Path) -> None:
    site.line.ask("/code", Code("replica-1"), Data)
    eventually(lambda: _refused(site, tmp_path / "identity") == "code")
    assert not (tmp_path / "identity").exists()
    with pytest.raises(KeyRingError):
        enrolment.enrol("nowhere", "zz", tmp_path / "identity")


def _refused(site: Site, folder: Path) -> str:
    with pytest.raises(KeyRingError) as refused:
        enrolment.enrol(site.where, "00" * 16, folder)
    return str(getattr(refused.value, "word", ""))


def test_a_name_is_plain_and_new(tmp_path: Path) -> None:
    authority = Authority(tmp_path / "ca")
    authority.enrol("replica-1")
    for name in ("replica-1", "service", "", "a b", "x" * 41):
        with pytest.raises(ValueError):
            authority.enrol(name)
    assert not authority.revoke("service")
    assert Authority(tmp_path / "ca").enrolled() == ("replica-1",)
    (tmp_path / "ca" / "names.json").write_text("?")
    with pytest.raises(KeyRingError):
        authority.enrolled()
    (tmp_path / "ca" / "authority.key").write_text("?")
    with pytest.raises(KeyRingError):
        Authority(tmp_path / "ca")


@pytest.mark.parametrize("skew", [48 * HOUR, -48 * HOUR])
def test_a_clock_that_jumps_changes_nothing_until_a_person_says_so(site: Site, skew: int) -> None:
    ring = RemoteRing(f"unix:{site.place.socket}")
    before = ring.key(ring.today())
    site.clock.now += skew
    ring.refresh()
    assert ring.live() == (20_000,)
    assert ring.key(ring.today()) == before
    said = site.line.ask("/status", Code(""), Status)
    assert said.step == skew
    site.clock.now -= skew
    assert site.line.ask("/status", Code(""), Status).step == 0
    ring.close()


def test_small_corrections_are_followed_and_believed_ones_too() -> None:
    machine = SetClock()
    clock = SteadyClock(machine, machine.steady)
    machine.now += 1_800
    assert clock() == machine.now
    machine.now += 50 * HOUR
    assert clock() == machine.now - 50 * HOUR
    clock.believe()
    assert clock() == machine.now
    assert clock.step == 0


def test_a_key_is_destroyed_on_time_though_nobody_asks(site: Site) -> None:
    ring = RemoteRing(f"unix:{site.place.socket}")
    site.clock.later(3 * 24 * HOUR)
    eventually(lambda: site.held.days.over == 20_000)
    ring.refresh()
    assert 20_000 not in ring.live()
    assert 20_000 in ring.destroy_expired()
    ring.close()


def test_a_replica_goes_on_for_ten_minutes_without_a_service(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring, signing = RemoteRing(f"unix:{site.place.socket}"), RemoteSigning(site.line.where)
    name, signature = signing.sign(b"said")
    signing.raise_mark("ledger", 3)
    assert signing.mark("ledger") == 3
    today = ring.today()
    site.stop()
    with pytest.raises(KeyRingError):
        ring.refresh()
    assert len(ring.key(today)) == 32
    assert signing.verify(name, b"said", signature)
    assert signing.mark("ledger") == 3
    for nothing in (lambda: signing.mark("other"), lambda: signing.sign(b"more")):
        with pytest.raises(KeyRingError):
            nothing()
    monkeypatch.setattr(remote_ring, "since_boot", lambda: since_boot() + 601)
    with pytest.raises(KeyRingError):
        ring.live()
    ring.close()


def test_what_does_not_open_is_refused() -> None:
    asking = Asking()
    days = Days(72, alone=True)
    days.look(0.0)
    public, sealed = wrap(asking.public, days.slots([0]))
    for theirs, said in ((public, sealed[:-1]), (b"", sealed), (public, bytes(len(sealed)))):
        with pytest.raises(Unwrappable):
            asking.open(theirs, said, [days.arena.take()])
    with pytest.raises(Unwrappable):
        wrap(b"short", [])
    with pytest.raises(ValueError):
        unpack(bytes(300_000), Nothing)
    with pytest.raises(ValueError):
        Days(23, alone=True)


def test_a_second_service_on_the_same_socket_is_refused(site: Site) -> None:
    second = Site(site.place)
    with pytest.raises(KeyRingError) as refused:
        second.start()
    assert "runs there already" in str(refused.value)

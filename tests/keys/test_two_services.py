"""Two services keep each other: a key is at both, and what one loses the other gives back."""

from functools import partial
from pathlib import Path

import pytest

from bot.keys import RemoteRing
from bot.keys.peering import Peer
from bot.vault import Epoch, KeyRingError
from tests.keys.conftest import Site, Sites, eventually

DAY = 86_400


@pytest.fixture
def two(tmp_path: Path, sites: Sites) -> tuple[Site, Site]:
    """Two that were started for the first time, and found each other."""
    one = sites("a", peer=f"unix:{tmp_path / 'b' / 'keys.sock'}")
    other = sites("b", peer=f"unix:{tmp_path / 'a' / 'keys.sock'}")
    one.start()
    other.start()
    eventually(lambda: both_ready(one, other))
    return one, other


def both_ready(*sites: Site) -> bool:
    return all(site.held.days.ready and site.held.days.agreed > 0 for site in sites)


def ring_of(*sites: Site) -> RemoteRing:
    return RemoteRing(", ".join(site.where for site in sites), patience=5)


def state_is(peer: Peer, state: str) -> bool:
    return peer.state == state


def not_given(ring: RemoteRing, old: bytes) -> bool:
    try:
        return ring.key(ring.today()) != old
    except KeyRingError:
        return True


def key_at(site: Site, epoch: int | None = None) -> bytes:
    ring = ring_of(site)
    try:
        return ring.key(ring.today() if epoch is None else Epoch(epoch))
    finally:
        ring.close()


def test_both_give_the_same_key_today_and_tomorrow(two: tuple[Site, Site]) -> None:
    today = key_at(two[0])
    assert key_at(two[1]) == today
    for site in two:
        site.clock.later(DAY)
    eventually(lambda: both_ready(*two) and {s.held.days.opened for s in two} == {20_001})
    assert key_at(two[0]) == key_at(two[1]) != today
    assert key_at(two[0], 20_000) == today


def test_one_that_comes_back_empty_is_given_what_it_had(two: tuple[Site, Site]) -> None:
    before = key_at(two[0])
    two[0].stop()
    assert key_at(two[1]) == before
    two[0].start()
    eventually(lambda: both_ready(*two))
    assert key_at(two[0]) == before


def test_a_replica_goes_to_the_other_when_one_is_gone(two: tuple[Site, Site]) -> None:
    ring = ring_of(*two)
    before = ring.key(ring.today())
    two[0].stop()
    ring.refresh()
    assert ring.key(ring.today()) == before
    ring.close()


def test_one_that_is_started_without_the_other_gives_no_key_of_its_own(
    two: tuple[Site, Site],
) -> None:
    for site in two:
        site.stop()
    two[0].start()
    with pytest.raises(KeyRingError) as refused:
        RemoteRing(two[0].where, patience=0.5)
    assert "waiting" in str(refused.value)
    assert "--alone" in str(refused.value)


def test_destroying_at_one_destroys_at_both_and_at_replicas(two: tuple[Site, Site]) -> None:
    for site in two:
        key_at(site)
    ring, orderer = ring_of(*two), ring_of(*two)
    old = ring.key(ring.today())
    orderer.destroy_all()
    orderer.close()
    eventually(lambda: not_given(ring, old), 5)
    eventually(lambda: both_ready(*two))
    assert key_at(two[0]) == key_at(two[1]) != old
    ring.close()


def test_one_whose_clock_is_two_days_off_is_not_listened_to(two: tuple[Site, Site]) -> None:
    before = key_at(two[0])
    two[1].stop()
    for skew in (2 * DAY, -2 * DAY):
        two[1].clock.now += skew
        two[1].start()
        peer = two[1].held.peer
        assert peer is not None
        eventually(partial(state_is, peer, "clock"))
        with pytest.raises(KeyRingError):
            RemoteRing(two[1].where, patience=0)
        assert key_at(two[0]) == before
        two[1].stop()
        two[1].clock.now -= skew

"""A ring and signing keys do the same wherever they are: a folder, a socket, a network."""

import threading

import pytest

from bot.vault import Epoch, NoKey, Ring, Signing, Unopenable, Vault

Held = tuple[Ring, Signing]


def test_today_has_a_key_and_names_are_made_with_it(held: Held) -> None:
    ring = held[0]
    today = ring.today()
    assert ring.live() == (today,) == (20_000,)
    assert len(ring.key(today)) == len(ring.pepper(today)) == 32
    assert ring.key(today) != ring.pepper(today)
    ring.refresh()
    assert ring.key(today) == ring.key(today)


def test_a_day_without_a_key_gives_none(held: Held) -> None:
    ring = held[0]
    with pytest.raises(NoKey):
        ring.key(Epoch(5))
    assert ring.destroy_expired() == ()


def test_what_was_sealed_before_all_was_destroyed_never_opens(held: Held) -> None:
    ring = held[0]
    vault, today = Vault(ring), ring.today()
    sealed = vault.seal("session", b"n" * 16, today, 1, b"", b"words")
    assert vault.open("session", b"n" * 16, today, 1, b"", sealed) == b"words"
    ring.destroy_all()
    ring.refresh()
    assert ring.today() == today
    with pytest.raises(Unopenable):
        vault.open("session", b"n" * 16, today, 1, b"", sealed)


def test_a_signature_is_known_again_also_after_a_new_key(held: Held) -> None:
    signing = held[1]
    name, signature = signing.sign(b"a listing")
    assert signing.current == name
    assert name in signing.public()
    assert signing.rotate() != name
    assert signing.verify(name, b"a listing", signature)
    assert not signing.verify(name, b"another", signature)
    assert not signing.verify("nobody", b"a listing", signature)


def test_small_things_are_kept_counted_and_dropped(held: Held) -> None:
    signing = held[1]
    assert signing.kept("audit.key") is None
    signing.keep("audit.key", b"forty bytes")
    assert signing.kept("audit.key") == b"forty bytes"
    signing.drop("audit.key")
    assert signing.kept("audit.key") is None
    signing.raise_mark("ledger", 7)
    signing.raise_mark("ledger", 3)
    assert signing.mark("ledger") == 7
    signing.lower_mark("ledger", 2)
    assert signing.mark("ledger") == 2
    assert len(signing.secret("staff")) == 32
    assert signing.secret("staff") == signing.secret("staff") != signing.secret("other")


def test_what_would_not_be_given_back_whole_is_not_taken(held: Held) -> None:
    signing = held[1]
    signing.keep("audit.key", bytes(64))
    assert signing.kept("audit.key") == bytes(64)
    with pytest.raises(ValueError, match="64 bytes"):
        signing.keep("audit.key", bytes(65))
    assert signing.kept("audit.key") == bytes(64)


def test_only_one_at_a_time_is_alone(held: Held) -> None:
    signing, inside, most = held[1], [0], [0]

    def one() -> None:
        with signing.alone("audit"):
            inside[0] += 1
            most[0] = max(most[0], inside[0])
            signing.keep("count", str(int(signing.kept("count") or b"0") + 1).encode())
            inside[0] -= 1

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1]
    assert signing.kept("count") == b"4"


def test_nothing_shows_itself(held: Held) -> None:
    ring, signing = held
    assert repr(ring).endswith("Ring()")
    assert "Signing" in repr(signing)
    assert "=" not in repr(ring) + repr(signing)

"""What is sealed opens in its own place, under its own key, unchanged, or not at all."""

import hashlib
import hmac
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.vault import (
    LARGEST,
    SIZES,
    Alias,
    Epoch,
    KeyRing,
    NoKey,
    TooLong,
    Unopenable,
    Vault,
    first_sequence,
    sealing,
)
from tests.trial import size

FLIPPED = int(os.environ.get("QUIETLINE_FLIPS", size(60, 1000)))  # blobs, each byte
PLAIN = b"need=medical place=UA-63"
SECRET = b"what only the device holds"
KEY = bytes(range(32))
WHERE = sealing.place("session", b"a" * 16, 20_000, 7)


def hkdf(key: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    """RFC 5869, written down once more so that the library does not judge itself."""
    extracted = hmac.new(salt, key, hashlib.sha256).digest()
    block, out = b"", b""
    for number in range(1, 1 + -(-length // 32)):
        block = hmac.new(extracted, block + info + bytes([number]), hashlib.sha256).digest()
        out += block
    return out[:length]


def lp(part: bytes) -> bytes:
    return len(part).to_bytes(4, "big") + part


def refusal(attempt: Callable[[], object]) -> tuple[object, ...]:
    """Everything an attacker could see of a refusal."""
    with pytest.raises(Unopenable) as refused:
        attempt()
    error = refused.value
    return type(error), str(error), error.args, error.__cause__, error.__suppress_context__


def test_our_own_derivation_agrees_with_the_first_vector_of_the_rfc() -> None:
    out = hkdf(b"\x0b" * 22, bytes(range(13)), bytes(range(0xF0, 0xFA)), 42)
    assert out.hex() == (
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
    )


def test_a_blob_is_built_exactly_as_it_is_described(ring: KeyRing, vault: Vault) -> None:
    epoch = ring.today()
    alias = vault.alias(epoch, "web", "site", b"cookie hash")
    blob = vault.seal("session", alias, epoch, 7, SECRET, PLAIN)
    version, salt, nonce, commitment, box = (
        *(blob[:1], blob[1:33], blob[33:45], blob[45:77]),
        blob[77:],
    )
    where = (
        *(bytes([7]), b"session", bytes([16]), alias),
        *(epoch.to_bytes(4, "big"), (1).to_bytes(2, "big"), (7).to_bytes(8, "big")),
    )
    place = b"".join(where)
    derived = hkdf(
        ring.key(epoch) + hashlib.sha256(SECRET).digest(), salt, b"session/v1" + place, 64
    )
    assert version == b"\x01"
    assert commitment == derived[32:]
    padded = AESGCMSIV(derived[:32]).decrypt(nonce, box, place)
    assert padded == len(PLAIN).to_bytes(4, "big") + PLAIN + bytes(508 - len(PLAIN))


def test_an_alias_and_a_mark_are_built_exactly_as_they_are_described(
    ring: KeyRing, vault: Vault
) -> None:
    epoch = ring.today()
    pepper = ring.pepper(epoch)
    told = b"alias/v1" + lp(b"telegram") + lp(b"bot") + lp(b"700000001")
    alias = vault.alias(epoch, "telegram", "bot", b"700000001")
    assert alias == hmac.new(pepper, told, hashlib.sha256).digest()[:16]
    told = b"mark/v1" + lp(b"telegram") + lp(b"bot") + lp(b"12")
    assert vault.mark(epoch, "telegram", "bot", "12") == hmac.digest(pepper, told, "sha256")[:16]


def test_the_same_person_has_another_name_in_each_channel_at_each_bot_and_on_each_day(
    ring: KeyRing, vault: Vault, clock: Any
) -> None:
    first = ring.today()
    clock.wait(hours=24)
    names = {
        vault.alias(epoch, channel, bot, person)
        for epoch in (first, ring.today())
        for channel, bot, person in [
            ("web", "a", b"1"),
            ("web", "b", b"1"),
            ("telegram", "a", b"1"),
            ("web", "a", b"2"),
            ("we", "ba", b"1"),
            ("web", "a1", b""),
        ]
    }
    assert len(names) == 12
    assert vault.mark(first, "web", "a", "1") not in names


def test_a_delivery_may_carry_any_text_as_its_name(ring: KeyRing, vault: Vault) -> None:
    marks = {vault.mark(ring.today(), "web", "site", once) for once in ("", "\0", "\ud800", "їжак")}
    assert len(marks) == 4


@settings(deadline=None)
@given(plain=st.binary(max_size=LARGEST), secret=st.binary(max_size=64), number=st.integers(0, 99))
def test_what_is_sealed_opens_again_and_shows_only_its_size(
    plain: bytes, secret: bytes, number: int
) -> None:
    where = sealing.place("session", b"a" * 16, 20_000, number)
    blob = sealing.seal(KEY, secret, where, plain)
    assert sealing.unseal(KEY, secret, where, blob) == plain
    assert len(blob) - 93 == min(size for size in SIZES if size >= len(plain) + 4)


@pytest.mark.parametrize("size", SIZES)
def test_a_size_is_filled_to_its_last_byte(size: int) -> None:
    assert len(sealing.pad(b"x" * (size - 4))) == size
    assert sealing.unpad(sealing.pad(b"x" * (size - 4))) == b"x" * (size - 4)


def test_more_than_the_largest_size_is_refused_without_a_word_of_it() -> None:
    with pytest.raises(TooLong) as refused:
        sealing.seal(KEY, b"", WHERE, b"canary" * 2_000)
    assert "canary" not in str(refused.value)


@pytest.fixture
def unwatched() -> Iterator[None]:
    """Coverage looks away: it saw these lines in other tests, and would make this one take long."""
    watching = sys.gettrace()
    sys.settrace(None)
    yield
    sys.settrace(watching)


@pytest.mark.timeout(600)
def test_a_changed_byte_anywhere_in_a_thousand_blobs_is_refused_always_the_same(
    ring: KeyRing, vault: Vault, unwatched: None
) -> None:
    epoch, tried, refused = ring.today(), 0, Counter[tuple[object, ...]]()
    alias = Alias(os.urandom(16))
    for number in range(FLIPPED):
        blob = vault.seal("session", alias, epoch, number, b"", PLAIN)
        changed = bytearray(blob)
        for position in range(len(blob)):
            changed[position] ^= 1 + (number + position) % 255
            tried += 1
            try:
                vault.open("session", alias, epoch, number, b"", bytes(changed))
            except Unopenable as error:
                shown = error.__context__ is not None and not error.__suppress_context__
                refused[type(error), str(error), error.args, shown] += 1
            changed[position] = blob[position]
        assert vault.open("session", alias, epoch, number, b"", bytes(changed)) == PLAIN
    said = "What is sealed here does not open."
    assert refused == {(Unopenable, said, (said,), False): tried}
    assert tried == FLIPPED * (512 + 93)


def test_every_bit_of_a_blob_counts() -> None:
    blob = sealing.seal(KEY, b"", WHERE, PLAIN)
    for position in range(len(blob) * 8):
        changed = bytearray(blob)
        changed[position // 8] ^= 1 << position % 8
        with pytest.raises(Unopenable):
            sealing.unseal(KEY, b"", WHERE, bytes(changed))


def test_a_row_put_in_another_place_is_refused_like_any_other(
    ring: KeyRing, vault: Vault, clock: Any
) -> None:
    yesterday = ring.today()
    clock.wait(hours=24)
    today, alias = ring.today(), Alias(b"a" * 16)
    blob = vault.seal("session", alias, today, 7, SECRET, PLAIN)
    wrong: list[tuple[Any, ...]] = [
        ("outbox", alias, today, 7, SECRET, blob),
        ("session", Alias(b"b" * 16), today, 7, SECRET, blob),
        ("session", alias, yesterday, 7, SECRET, blob),
        ("session", alias, Epoch(today + 1), 7, SECRET, blob),
        ("session", alias, today, 8, SECRET, blob),
        ("session", alias, today, 7, b"another device", blob),
        ("session", alias, today, -1, SECRET, blob),
        ("session", alias, today, 1 << 64, SECRET, blob),
        ("session", alias, today, None, SECRET, blob),
        ("session", b"a" * 300, today, 7, SECRET, blob),
        ("session", None, today, 7, SECRET, blob),
        ("session", alias, "today", 7, SECRET, blob),
        ("session", alias, today, 7, SECRET, blob[:-1]),
        ("session", alias, today, 7, SECRET, blob + b"\0"),
        ("session", alias, today, 7, SECRET, blob + bytes(512)),
        ("session", alias, today, 7, SECRET, b""),
        ("session", alias, today, 7, SECRET, "a" * len(blob)),
        ("session", alias, today, 7, SECRET, None),
    ]
    told = {refusal(partial(vault.open, *row)) for row in wrong}
    assert len({each[:3] for each in told}) == 1
    assert vault.open("session", alias, today, 7, SECRET, blob) == PLAIN


PLACES = st.tuples(
    st.text("ab", max_size=3), st.binary(max_size=2), st.integers(0, 2), st.integers(0, 2)
)


@settings(deadline=None)
@given(one=PLACES, two=PLACES)
def test_no_two_places_have_the_same_bytes(
    one: tuple[str, bytes, int, int], two: tuple[str, bytes, int, int]
) -> None:
    assert (sealing.place(*one) == sealing.place(*two)) == (one == two)


@pytest.mark.parametrize(
    "padded",
    [
        b"\0\0\0\1x" + bytes(506) + b"\1",
        b"\0\0\1\375" + bytes(508),
        b"\377\377\377\377" + bytes(508),
        b"\0\0\0\0" + b"y" + bytes(507),
    ],
)
def test_a_fill_that_is_not_zeros_or_a_length_that_lies_is_refused(padded: bytes) -> None:
    """Sealed with the right key, as only someone who holds it could."""
    head = os.urandom(44)
    derived = hkdf(KEY + hashlib.sha256(b"").digest(), head[:32], b"session/v1" + WHERE, 64)
    box = AESGCMSIV(derived[:32]).encrypt(head[32:], padded, WHERE)
    with pytest.raises(Unopenable):
        sealing.unseal(KEY, b"", WHERE, b"\x01" + head + derived[32:] + box)


def test_a_blob_made_to_open_under_two_keys_is_refused_by_its_commitment() -> None:
    """The encryption is right for this key; the commitment is to the other one."""
    head = os.urandom(44)
    mine = hkdf(KEY + hashlib.sha256(b"").digest(), head[:32], b"session/v1" + WHERE, 64)
    other = hkdf(bytes(32) + hashlib.sha256(b"").digest(), head[:32], b"session/v1" + WHERE, 64)
    box = AESGCMSIV(mine[:32]).encrypt(head[32:], sealing.pad(PLAIN), WHERE)
    assert sealing.unseal(KEY, b"", WHERE, b"\x01" + head + mine[32:] + box) == PLAIN
    in_vain = AESGCMSIV(mine[:32]).encrypt(head[31:43], sealing.pad(PLAIN), WHERE)
    for key, one in ((KEY, box), (bytes(32), box), (KEY, in_vain)):
        with pytest.raises(Unopenable):
            sealing.unseal(key, b"", WHERE, b"\x01" + head + other[32:] + one)


def test_no_salt_nonce_or_blob_comes_twice_even_for_the_same_words() -> None:
    blobs = [sealing.seal(KEY, b"", WHERE, PLAIN) for _ in range(5_000)]
    assert len({blob[1:33] for blob in blobs}) == 5_000
    assert len({blob[33:45] for blob in blobs}) == 5_000
    assert len({blob[77:] for blob in blobs}) == 5_000


def test_nothing_opens_and_nobody_is_named_after_the_keys_are_destroyed(
    ring: KeyRing, vault: Vault, clock: Any
) -> None:
    rows = []
    for day in range(3):
        for person in range(50):
            epoch = ring.today()
            alias = vault.alias(epoch, "telegram", "bot", b"%d" % person)
            rows.append((alias, epoch, day, vault.seal("session", alias, epoch, day, b"", PLAIN)))
        clock.wait(hours=24)
    clock.wait(hours=48)
    ring.destroy_expired()
    for alias, epoch, sequence, blob in rows:
        refusal(partial(vault.open, "session", alias, epoch, sequence, b"", blob))
        with pytest.raises(NoKey):
            vault.seal("session", alias, epoch, sequence, b"", PLAIN)
        with pytest.raises(NoKey):
            vault.alias(epoch, "telegram", "bot", b"1")


def test_a_session_counts_from_a_number_that_tells_nothing() -> None:
    numbers = [first_sequence() for _ in range(200)]
    assert len(set(numbers)) == 200
    assert all(0 <= number < 1 << 40 for number in numbers)
    assert max(numbers) > 1 << 38

"""A message opens for whom it was sealed to, where it belongs, and nowhere else."""

import os
from dataclasses import replace

import pytest
from cryptography.hazmat.bindings._rust import openssl
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from hypothesis import given
from hypothesis import strategies as st

from bot import sealing
from bot.sealing import BadKey, Context, Pair, Receiver, TooLong, Unopenable, generate
from bot.sealing.envelope import _material, pad, unpad
from bot.sealing.suites import hpke_seal
from tests.sealing.vectors import AAD, INFO, PLAINTEXT, VECTORS, Vector

CHAT = bytes(range(16))
IN, OUT = Context(CHAT, "in", 3), Context(CHAT, "out", 3)
WORDS = "Чи можна до лікаря сьогодні?"
both = pytest.mark.parametrize("suite", sealing.SUITES)


def receiver(pair: Pair, key: bytes = b"operator") -> Receiver:
    return Receiver(key, pair.suite, pair.public)


@pytest.mark.parametrize("vector", [one for one in VECTORS if one.receiver], ids=str)
def test_what_the_standard_prints_is_opened(vector: Vector) -> None:
    suite = Suite({1: KEM.X25519, 2: KEM.P256}[vector.suite], KDF.HKDF_SHA256, AEAD.AES_128_GCM)
    raw = bytes.fromhex(vector.receiver)
    key = (
        X25519PrivateKey.from_private_bytes(raw)
        if vector.suite == 1
        else derive_private_key(int.from_bytes(raw, "big"), SECP256R1())
    )
    sealed = bytes.fromhex(vector.enc + vector.sealed)
    # The library's own way leaves the additional data out, and the printed ones have some.
    opened = openssl.hpke._decrypt_with_aad(  # noqa: SLF001
        suite, sealed, key, bytes.fromhex(INFO), bytes.fromhex(AAD)
    )
    assert opened.hex() == PLAINTEXT


@both
def test_whoever_may_answer_reads_and_whoever_may_not_does_not(suite: sealing.Suite) -> None:
    first, second, other = generate(suite), generate(suite), generate(suite)
    sent = sealing.seal_for_desk(IN, WORDS, [receiver(first, b"1"), receiver(second, b"2")])
    assert sealing.open_at_desk(IN, sent.body, sent.wraps[b"1"], suite, first.private) == WORDS
    assert sealing.open_at_desk(IN, sent.body, sent.wraps[b"2"], suite, second.private) == WORDS
    for wrap, pair in ((b"1", second), (b"2", first), (b"1", other)):
        with pytest.raises(Unopenable):
            sealing.open_at_desk(IN, sent.body, sent.wraps[wrap], suite, pair.private)


def test_one_message_goes_to_keys_of_both_suites() -> None:
    pairs = {b"1": generate(1), b"2": generate(2)}
    sent = sealing.seal_for_desk(IN, WORDS, [receiver(pair, key) for key, pair in pairs.items()])
    for key, pair in pairs.items():
        opened = sealing.open_at_desk(IN, sent.body, sent.wraps[key], pair.suite, pair.private)
        assert opened == WORDS


@both
def test_a_chat_that_is_handed_over_can_be_read_by_the_colleague(suite: sealing.Suite) -> None:
    first, colleague = generate(suite), generate(1)
    sent = sealing.seal_for_desk(IN, WORDS, [receiver(first)])
    to = [receiver(colleague, b"next")]
    wraps = sealing.rewrap(IN, sent.wraps[b"operator"], suite, first.private, to)
    assert sealing.open_at_desk(IN, sent.body, wraps[b"next"], 1, colleague.private) == WORDS
    with pytest.raises(Unopenable):
        sealing.rewrap(replace(IN, number=4), sent.wraps[b"operator"], suite, first.private, to)


@both
@pytest.mark.parametrize(
    "elsewhere",
    [
        Context(bytes(16), "in", 3),
        Context(CHAT, "in", 4),
        Context(CHAT, "note", 3),
        Context(CHAT + b"\0", "in", 3),
    ],
)
def test_a_message_opens_only_where_it_belongs(suite: sealing.Suite, elsewhere: Context) -> None:
    pair = generate(suite)
    sent = sealing.seal_for_desk(IN, WORDS, [receiver(pair)])
    wrap = sent.wraps[b"operator"]
    with pytest.raises(Unopenable):
        sealing.open_at_desk(elsewhere, sent.body, wrap, suite, pair.private)


@both
@pytest.mark.parametrize(
    "elsewhere",
    [Context(bytes(16), "out", 3), Context(CHAT, "out", 4), Context(CHAT, "own", 3)],
)
def test_a_reply_opens_only_where_it_belongs(suite: sealing.Suite, elsewhere: Context) -> None:
    person, other = generate(suite), generate(suite)
    sealed = sealing.seal_for_person(OUT, WORDS, suite, person.public)
    assert sealing.open_for_person(OUT, sealed, suite, person.private) == WORDS
    with pytest.raises(Unopenable):
        sealing.open_for_person(elsewhere, sealed, suite, person.private)
    with pytest.raises(Unopenable):
        sealing.open_for_person(OUT, sealed, suite, other.private)


def test_a_wrong_suite_is_refused() -> None:
    one, two = generate(1), generate(2)
    sealed = sealing.seal_for_person(OUT, WORDS, 1, one.public)
    with pytest.raises(Unopenable):
        sealing.open_for_person(OUT, sealed, 2, two.private)
    with pytest.raises(Unopenable):
        sealing.open_for_person(OUT, b"\x02" + sealed[1:], 1, one.private)
    sent = sealing.seal_for_desk(IN, WORDS, [receiver(one)])
    with pytest.raises(Unopenable):
        sealing.open_at_desk(IN, sent.body, sent.wraps[b"operator"], 2, two.private)


@both
def test_what_was_read_before_is_not_read_again(suite: sealing.Suite) -> None:
    pair = generate(suite)
    sent = sealing.seal_for_desk(IN, WORDS, [receiver(pair)])
    sealed = sealing.seal_for_person(OUT, WORDS, suite, pair.public)
    wrap = sent.wraps[b"operator"]
    assert sealing.open_at_desk(IN, sent.body, wrap, suite, pair.private, seen=2) == WORDS
    assert sealing.open_for_person(OUT, sealed, suite, pair.private, seen=2) == WORDS
    for seen in (3, 4):
        with pytest.raises(Unopenable):
            sealing.open_at_desk(IN, sent.body, wrap, suite, pair.private, seen=seen)
        with pytest.raises(Unopenable):
            sealing.open_for_person(OUT, sealed, suite, pair.private, seen=seen)


@both
def test_no_byte_can_be_changed(suite: sealing.Suite) -> None:
    pair = generate(suite)
    sent = sealing.seal_for_desk(IN, WORDS, [receiver(pair)])
    body, wrap = sent.body, sent.wraps[b"operator"]
    reply = sealing.seal_for_person(OUT, WORDS, suite, pair.public)
    for at in range(len(body)):
        with pytest.raises(Unopenable):
            sealing.open_at_desk(IN, flipped(body, at), wrap, suite, pair.private)
    for at in range(len(wrap)):
        with pytest.raises(Unopenable):
            sealing.open_at_desk(IN, body, flipped(wrap, at), suite, pair.private)
    for at in range(0, len(reply), 3):
        with pytest.raises(Unopenable):
            sealing.open_for_person(OUT, flipped(reply, at), suite, pair.private)
    for cut in (body[:-1], body + b"\0", b"", WORDS.encode()):
        with pytest.raises(Unopenable):
            sealing.open_at_desk(IN, cut, wrap, suite, pair.private)
        with pytest.raises(Unopenable):
            sealing.open_at_desk(IN, body, cut, suite, pair.private)


def test_a_body_made_to_open_under_two_keys_is_refused_by_its_commitment() -> None:
    """The writer knows the key, and commits to another one."""
    pair, key, where = generate(), os.urandom(32), IN.encode()
    wrap = hpke_seal(1, pair.public, where + b"\1", key)
    mine, other = (_material(one, where) for one in (key, bytes(32)))

    def opened(commitment: bytes, nonce: bytes) -> str:
        box = AESGCM(mine[:32]).encrypt(nonce, pad(WORDS), where)
        return sealing.open_at_desk(IN, b"\1" + commitment + box, wrap, 1, pair.private)

    assert opened(mine[44:], mine[32:44]) == WORDS
    for nonce in (mine[32:44], mine[33:45]):  # with the second one it is decrypted in vain
        with pytest.raises(Unopenable):
            opened(other[44:], nonce)


def flipped(sealed: bytes, at: int) -> bytes:
    return sealed[:at] + bytes((sealed[at] ^ 0x80,)) + sealed[at + 1 :]


@given(st.text(max_size=2000))
def test_a_length_is_one_of_three(text: str) -> None:
    padded = pad(text)
    assert len(padded) in {256, 1024, 4096}
    assert unpad(padded) == text


def test_what_is_too_long_is_refused_and_says_how_much_fits() -> None:
    assert len(pad("я" * 2047)) == 4096
    with pytest.raises(TooLong) as refused:
        pad("я" * 2048)
    assert refused.value.most == 4094


@pytest.mark.parametrize(
    "padded",
    [
        pad("a")[:-1] + b"\1",
        pad("a") + b"\0",
        pad("a")[:-1],
        b"\xff\xff" + bytes(254),
        b"\0\1\xff" + bytes(253),
        b"",
    ],
)
def test_a_filling_that_is_not_ours_is_refused(padded: bytes) -> None:
    with pytest.raises(Unopenable) as refused:
        unpad(padded)
    assert refused.value.__context__ is None


@both
def test_a_key_that_is_none_is_refused_before_anything_is_sealed(suite: sealing.Suite) -> None:
    bad = [
        b"",
        bytes(32),
        bytes(65),
        b"\4" + bytes(64),
        b"\4" + b"\1" * 64,
        generate(suite).public[1:],
    ]
    for public in bad:
        with pytest.raises(BadKey):
            sealing.check_public(suite, public)
        with pytest.raises(BadKey):
            sealing.seal_for_person(OUT, WORDS, suite, public)
    with pytest.raises(BadKey):
        sealing.check_public(3, generate(1).public)
    assert sealing.check_public(suite, generate(suite).public) == suite


@both
def test_a_private_half_that_is_none_opens_nothing(suite: sealing.Suite) -> None:
    sealed = sealing.seal_for_person(OUT, WORDS, suite, generate(suite).public)
    for private in (b"", bytes(32), bytes(33)):
        with pytest.raises(Unopenable):
            sealing.open_for_person(OUT, sealed, suite, private)


def test_what_nobody_could_read_is_not_sealed() -> None:
    with pytest.raises(ValueError):
        sealing.seal_for_desk(IN, WORDS, [])


def test_a_reply_never_passes_for_a_wrap_and_a_number_is_never_below_one() -> None:
    pair = generate()
    with pytest.raises(ValueError):
        sealing.seal_for_desk(OUT, WORDS, [receiver(pair)])
    with pytest.raises(ValueError):
        sealing.seal_for_person(IN, WORDS, 1, pair.public)
    for wrong in (
        Context(CHAT, "out", 0),
        Context(CHAT, "out", 2**53),
        Context(bytes(256), "out", 1),
    ):
        with pytest.raises(ValueError):
            sealing.seal_for_person(wrong, WORDS, 1, pair.public)


@both
def test_the_door_knows_what_is_sealed_from_what_is_in_the_clear(suite: sealing.Suite) -> None:
    pair = generate(suite)
    sent = sealing.seal_for_desk(IN, WORDS, [receiver(pair)])
    reply = sealing.seal_for_person(OUT, WORDS, suite, pair.public)
    assert sealing.looks_sealed(sent.body)
    assert sealing.looks_wrapped(sent.wraps[b"operator"])
    assert sealing.looks_sealed_for_person(reply)
    for plain in (b"", WORDS.encode(), b"x" * 305, os.urandom(255)):
        assert not sealing.looks_sealed(plain)
        assert not sealing.looks_wrapped(plain)
        assert not sealing.looks_sealed_for_person(plain)


def test_nothing_secret_shows_when_it_is_printed() -> None:
    pair = generate()
    sent = sealing.seal_for_desk(IN, WORDS, [receiver(pair)])
    shown = repr((pair, IN, sent, receiver(pair)))
    for secret in (pair.private, pair.public, sent.body, CHAT):
        assert repr(secret)[2:-1] not in shown
        assert secret.hex() not in shown

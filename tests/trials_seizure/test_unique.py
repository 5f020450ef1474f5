"""No salt and no nonce comes twice: not from several replicas, not from a process that was copied
with all its memory. And when they do, all that shows is whether two texts are the same.
"""

import multiprocessing
import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.sealing import Context, Receiver, generate, seal_for_desk
from bot.vault import Alias, KeyRing, Unopenable, Vault, sealing
from tests.slips.room import LISTS
from tests.trial import size

WRITES = size(3_000, 1_000_000)
REPLICAS = 4
FORKED = size(500, 50_000)
"""Writes of each copy whose system draws what the others' do."""
COPIES = 1
"""Processes that go on from the same memory, as a machine that was put back from a snapshot."""
HEAD = slice(1, 45)
"""Salt and nonce of a blob."""
PLAIN = b"the same words each time"
NOW = 1_795_000_000.0


def write(vault: Vault, count: int, to: Path, *, drawn: random.Random | None = None) -> None:
    """Seals the same words again and again, and keeps salt and nonce of each.

    `drawn`: what the system draws, where its memory was copied as well.
    """
    if drawn is not None:
        os.urandom = drawn.randbytes  # in a process of its own that ends after it
    alias = Alias(b"a" * 16)
    epoch = vault._ring.today()  # noqa: SLF001
    with to.open("wb") as file:
        for number in range(count):
            file.write(vault.seal("session", alias, epoch, number, b"", PLAIN)[HEAD])


def test_nothing_that_must_be_new_comes_twice_from_replicas_or_from_a_copy_of_one(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    ring = KeyRing.open(tmp_path / "keys", lambda: NOW)
    vault = Vault(ring)
    # The key is in memory and random numbers were drawn: a copy has the very same state.
    write(vault, 100, tmp_path / "before")
    # Threads of ours are not copied along, so a fork is a copy at rest, as a snapshot is.
    context = multiprocessing.get_context("fork")
    each = WRITES // (REPLICAS + COPIES)
    files = [tmp_path / str(number) for number in range(REPLICAS + COPIES)]
    workers = [context.Process(target=write, args=(vault, each, file)) for file in files]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
        assert worker.exitcode == 0
    whole = b"".join(file.read_bytes() for file in [tmp_path / "before", *files])
    drawn = [whole[at : at + 44] for at in range(0, len(whole), 44)]
    assert len(drawn) == 100 + each * len(files)
    # Also each of the two by itself: 2^256 and 2^96 are both far from a million squared.
    for part in (slice(None), slice(0, 32), slice(32, 44)):
        assert len({one[part] for one in drawn}) == len(drawn)
    record_property("writes", len(drawn))
    record_property("repeats", 0)


def test_copies_of_a_whole_machine_whose_systems_draw_the_same_repeat_nothing_either(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """A snapshot of a virtual machine, put back twice: also the system's own numbers are a copy."""
    vault = Vault(KeyRing.open(tmp_path / "keys", lambda: NOW))
    context = multiprocessing.get_context("fork")
    files = [tmp_path / str(number) for number in range(REPLICAS)]
    workers = [
        context.Process(
            target=write, args=(vault, FORKED, file), kwargs={"drawn": random.Random(1)}
        )
        for file in files
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
        assert worker.exitcode == 0
    whole = b"".join(file.read_bytes() for file in files)
    drawn = [whole[at : at + 44] for at in range(0, len(whole), 44)]
    for part in (slice(None), slice(0, 32), slice(32, 44)):
        assert len({one[part] for one in drawn}) == FORKED * REPLICAS
    # They were given the same: what the moment does not reach.
    assert len({one[:24] for one in drawn}) == FORKED
    record_property("writes", FORKED * REPLICAS)


@pytest.mark.parametrize("kind", ["messages", "prekeys", "slips"])
def test_a_copied_process_draws_other_keys_for_everything_else_too(
    tmp_path: Path, kind: str
) -> None:
    pair, to = generate(1), tmp_path / "drawn"
    place = Context(bytes(16), "in", 1)

    def draw(write_to: int) -> None:
        made = {
            "messages": lambda: (
                seal_for_desk(place, "x", [Receiver(bytes(8), 1, pair.public)]).body
            ),
            "prekeys": lambda: generate(1).public,
            "slips": lambda: " ".join(LISTS.draw("en").words).encode(),
        }[kind]()
        os.write(write_to, made.hex().encode() + b"\n")

    file = os.open(to, os.O_CREAT | os.O_APPEND | os.O_WRONLY)
    context = multiprocessing.get_context("fork")
    workers = [context.Process(target=draw, args=(file,)) for _ in range(4)]
    for worker in workers:
        worker.start()
    draw(file)
    for worker in workers:
        worker.join()
    os.close(file)
    drawn = to.read_bytes().split()
    assert len(set(drawn)) == len(drawn) == 5


def test_salts_and_nonces_that_are_forced_to_repeat_show_only_that_texts_are_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    key, where = bytes(range(32)), sealing.place("session", b"a" * 16, 20_000, 7)
    monkeypatch.setattr(os, "urandom", bytes)
    monkeypatch.setattr(sealing, "time_ns", lambda: 1)
    texts = [b"one text", b"one text", b"another!", b"one texu"]
    first, again, other, near = (sealing.seal(key, b"", where, text) for text in texts)
    assert first == again
    for one in (other, near):
        assert one[:77] == first[:77]
        # As different as by chance: no stream that could be taken off by adding the two up.
        bits = sum((a ^ b).bit_count() for a, b in zip(one[77:], first[77:], strict=True))
        assert abs(bits / (8 * len(one[77:])) - 0.5) < 0.05
        mixed = first[:77] + one[77:-16] + first[-16:]
        with pytest.raises(Unopenable):
            sealing.unseal(key, b"", where, mixed)
        assert sealing.unseal(key, b"", where, one) in texts

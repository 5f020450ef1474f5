"""A byte of anything that is sealed is changed: it is refused, always the same, in the same time.

The plain form changes some bytes of a few of each kind; the whole one every byte of a thousand.
"""

import gc
import os
import random
import secrets
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from pathlib import Path
from time import thread_time_ns

import numpy as np
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV

from bot.reports.tally import TABLE as TALLY
from bot.sealing import (
    Context,
    Receiver,
    generate,
    open_at_desk,
    open_for_person,
    seal_for_desk,
    seal_for_person,
)
from bot.sealing.suites import Suite
from bot.slips import slips
from bot.slips.keys import WEEK
from bot.slips.words import keys_of
from bot.vault import Alias, KeyRing, Vault
from tests.attacks.times import LIMIT, welch
from tests.slips.room import LISTS, MONDAY
from tests.trial import WHOLE, seed, size

BLOBS = size(2, 1_000)
BYTES = size(30, 10_000)
"""Of each blob; all of them where there are fewer."""
TIMES = size(250, 5_000)
"""Refusals of each part of a blob whose time is taken."""
NOW = 1_795_000_000.0
pytestmark = pytest.mark.timeout(3_000)


@dataclass
class Kind:
    """One blob, and how it is opened when its bytes are these."""

    blob: bytes
    opens: Callable[[bytes], object]


def of_vault(table: str, vault: Vault) -> Kind:
    alias, number = Alias(os.urandom(16)), random.randrange(1 << 40)
    epoch = vault._ring.today()  # noqa: SLF001
    place = (table, alias, epoch, number, os.urandom(32))
    blob = vault.seal(*place, os.urandom(random.randrange(400)))
    return Kind(blob, partial(vault.open, *place))


def of_message(part: str, suite: Suite) -> Kind:
    """What is sealed to an operator, its wrap, or what is sealed to a person."""
    pair, chat = generate(suite), os.urandom(16)
    if part == "reply":
        place = Context(chat, "out", 1)
        sealed = seal_for_person(place, secrets.token_hex(20), suite, pair.public)
        return Kind(sealed, lambda one: open_for_person(place, one, suite, pair.private))
    place = Context(chat, "in", 1)
    made = seal_for_desk(place, secrets.token_hex(20), [Receiver(bytes(8), suite, pair.public)])
    (wrap,) = made.wraps.values()
    if part == "wrap":
        return Kind(wrap, lambda one: open_at_desk(place, made.body, one, suite, pair.private))
    return Kind(made.body, lambda one: open_at_desk(place, one, wrap, suite, pair.private))


def of_slip() -> Kind:
    drawn, until = LISTS.draw("en"), MONDAY + 3 * WEEK
    lookup, seal = keys_of(drawn, os.urandom(32))
    nonce = os.urandom(12)
    plain = slips._padded("ua-npa", first=True)  # noqa: SLF001 - as a slip is made
    where = slips._bound(lookup, until)  # noqa: SLF001
    box = AESGCMSIV(seal).encrypt(nonce, plain, where)

    def opens(one: bytes) -> object:
        found = slips._opened(drawn, lookup, seal, until, one)  # noqa: SLF001
        if found is None:
            raise ValueError("it does not open")
        return found

    return Kind(nonce + box, opens)


KINDS = (
    *("session", "outbox", "footprint", "chat", "message", "note", "duty", "figure", TALLY),
    *("body 1", "body 2", "wrap 1", "wrap 2", "reply 1", "reply 2", "slip"),
)


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Vault:
    place: Path = tmp_path_factory.mktemp("flips") / "keys"
    return Vault(KeyRing.open(place, lambda: NOW))


def made(kind: str, vault: Vault) -> Kind:
    part, _, suite = kind.partition(" ")
    if suite:
        return of_message(part, 1 if suite == "1" else 2)
    return of_slip() if kind == "slip" else of_vault(kind, vault)


@pytest.mark.parametrize("kind", KINDS)
def test_a_changed_byte_is_refused_wherever_it_is_and_always_the_same(
    kind: str, vault: Vault, record_property: Callable[[str, object], None]
) -> None:
    chance, refused, tried = random.Random(seed()), Counter[tuple[object, ...]](), 0
    for _ in range(BLOBS):
        one = made(kind, vault)
        one.opens(one.blob)
        places = chance.sample(range(len(one.blob)), min(BYTES, len(one.blob)))
        for place in places:
            changed = bytearray(one.blob)
            changed[place] ^= chance.randrange(1, 256)
            tried += 1
            with pytest.raises(Exception) as caught:
                one.opens(bytes(changed))
            shown = caught.value.__context__ is not None and not caught.value.__suppress_context__
            refused[type(caught.value), str(caught.value), shown] += 1
    record_property("flips", tried)
    record_property("refused", sum(refused.values()))
    assert list(refused.values()) == [tried], "one error for all"


OF_VAULT = {
    "the version": (0, 1),
    "the salt": (1, 33),
    "the nonce": (33, 45),
    "the check of the key": (45, 77),
    "the words": (77, -16),
    "the seal at the end": (-16, None),
}
OF_BODY = {
    "the version": (0, 1),
    "the check of the key": (1, 33),
    "the words": (33, -16),
    "the seal at the end": (-16, None),
}
OF_HPKE = {
    suite: {
        "the suite": (0, 1),
        "the first half of the key": (1, half),
        "the second half of the key": (half, end),
        "the words": (-30, -16),
        "the seal at the end": (-16, None),
    }
    for suite, half, end in ((1, 17, 33), (2, 33, 66))
}
OF_SLIP = {"the nonce": (0, 12), "the words": (12, -16), "the seal at the end": (-16, None)}
PARTS: Mapping[str, Mapping[str, tuple[int, int | None]]] = {
    **{kind: OF_VAULT for kind in KINDS if " " not in kind},
    **{f"body {suite}": OF_BODY for suite in (1, 2)},
    **{f"{kind} {suite}": OF_HPKE[suite] for kind in ("wrap", "reply") for suite in (1, 2)},
    "slip": OF_SLIP,
}
TIMED = PARTS if WHOLE else ("session", "slip", "body 1", "wrap 2")


@pytest.mark.parametrize("kind", TIMED)
def test_how_long_a_refusal_takes_does_not_tell_which_byte_was_changed(
    kind: str, vault: Vault, record_property: Callable[[str, object], None]
) -> None:
    parts, chance = list(PARTS[kind].values()), np.random.default_rng(seed())
    # Who else uses the machine moves all of them alike, but not always at once, and where a blob
    # lies in memory counts for some billionths of a second: three looks, each at another blob.
    worst = min_of(lambda: told_apart(made(kind, vault), parts, chance), looks=3)
    record_property("t", round(worst, 2))
    assert worst < LIMIT


def told_apart(
    one: Kind, parts: Sequence[tuple[int, int | None]], chance: np.random.Generator
) -> float:
    """How well any two of those parts can be told apart by the time of a refusal: Welch's t.

    Each try is made in the same way, so that nothing but the byte itself differs.
    """
    whole = np.frombuffer(one.blob, np.uint8)
    part = chance.permutation(np.repeat(np.arange(len(parts)), TIMES))
    places = [chance.choice(np.arange(len(whole))[slice(*parts[of])]) for of in part]
    changes = chance.integers(1, 256, len(part), np.uint8)
    took: list[list[float]] = [[] for _ in parts]
    gc.disable()
    for of, place, change in zip(part.tolist(), places, changes, strict=True):
        changed = whole.copy()
        changed[place] ^= change
        tried = changed.tobytes()
        began = thread_time_ns()
        with suppress(Exception):
            one.opens(tried)
        took[of].append(thread_time_ns() - began)
    gc.enable()
    return max(abs(welch(*two)) for two in combinations(took, 2))


def min_of(look: Callable[[], float], *, looks: int) -> float:
    """The least of so many looks, or the first that is good enough."""
    found = look()
    while found >= LIMIT and (looks := looks - 1):
        found = min(found, look())
    return found

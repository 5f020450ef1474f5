"""What somebody can tell of people who has the database and none of its keys.

Whether one of a list of known numbers is among them, and whether two rows of different days are of
the same person: no better than by chance, whatever is compared.
"""

import asyncio
import hashlib
import hmac
import itertools
import math
import random
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any, Final

import numpy as np
import pytest
import pytest_asyncio
from numpy.typing import NDArray

from bot.channels.contract import Address, Incoming, Pressed, Words
from bot.sealing import SIZES as MESSAGES
from bot.tasks import Noted
from tests.handing.operators import Operator
from tests.handing.people import Person
from tests.trial import seed, size
from tests.trials_seizure.conftest import BACKENDS, SUITE, address_of
from tests.trials_seizure.scene import Scene, nowhere

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(900)]
LINKED = size(24, 100)
"""People who come on each day."""
PEOPLE = size(60, 5_000)
"""People who come on the last one."""
ASKING = size(2, 20)
"""People who ask for a human on each day."""
LISTED = size(2_000, 1_000_000)
"""Known numbers, with theirs among them."""
DAY: Final = 86_400
DAYS: Final = 3
SURE: Final = 4.5
"""Deviations of a guess at chance: about once in a hundred thousand trials."""
Table = list[dict[str, Any]]
TABLES = ("session", "outbox", "footprint")
OF_DESK = ("chat", "message", "wrap", "code")
CHOICES = (("medical", "=UA"), ("legal", "=UA"), ("psychosocial", "=UA"), ("!help_now", "!back"))
"""What people have come for. Who comes again comes for the same, and says as much."""


def allowed(same: int) -> float:
    """How far from a half the area under the curve of guessing may be, with so many to find."""
    return max(0.02, SURE * math.sqrt(1 / (12 * same)))


def area(found: NDArray[np.float64], others: NDArray[np.float64]) -> float:
    """The chance that one of those to be found has a higher score than one of the others."""
    both = np.concatenate([found, others])
    # What is equal is in no order: noise that is smaller than any difference decides.
    order = np.lexsort((np.random.default_rng().random(len(both)), both))
    ranks = np.empty(len(both))
    ranks[order] = np.arange(1, len(both) + 1)
    sum_of = ranks[: len(found)].sum() - len(found) * (len(found) + 1) / 2
    return float(sum_of / (len(found) * len(others)))


class Days:
    """The same people on three days, and what lay in the database on each."""

    def __init__(self, scene: Scene, chance: random.Random) -> None:
        self.scene, self.chance = scene, chance
        self.linked = [chance.randrange(1 << 32, 1 << 33) for _ in range(LINKED)]
        self.asking = [chance.randrange(1 << 32, 1 << 33) for _ in range(ASKING)]
        self.others = [chance.randrange(1 << 32, 1 << 33) for _ in range(PEOPLE)]
        self.kept: list[dict[str, Table]] = []
        """By day and table."""
        self.names: list[dict[str, dict[bytes, int]]] = []
        """By day and table: whose a name is. Only the trial knows."""

    async def pass_by(self) -> "Days":
        self.scene.service.carry("push", nowhere, ready=lambda _: 3_600.0)
        for day in range(DAYS):
            self.scene.clock.later = day * DAY
            self.scene.service.ring.live()
            await self.come(self.linked)
            if day == DAYS - 1:
                await self.come(self.others)
            Operator(self.scene.service, f"s{day}", f"Oksana {day}")
            at_desk = [await self.asks(number) for number in self.asking]
            self.kept.append({table: self.scene.rows(table) for table in (*TABLES, *OF_DESK)})
            self.names.append(self.owners())
            for person in at_desk:
                await person.do(Words("stop"))
            self.kept[-1]["seen"] = self.scene.rows("seen")
        return self

    async def come(self, numbers: Sequence[int]) -> None:
        """In any order; each does what they always do, more of it or less."""
        anyhow = self.chance.sample(numbers, len(numbers))
        for some in itertools.batched(anyhow, 50) if hasattr(itertools, "batched") else [anyhow]:
            await asyncio.gather(*map(self.comes, some))

    async def comes(self, number: int) -> None:
        address = self.address(number)
        keys = ("yes", *CHOICES[number % len(CHOICES)])[: self.chance.randrange(1, 4)]
        for mark, key in enumerate(keys):
            once = f"{number}{mark}{self.scene.clock.later}"
            pressed = Pressed(key, str(mark))
            await self.scene.service.take(Incoming(address, pressed, once=once, push=True))
        messages = tuple(self.chance.randrange(1 << 30) for _ in range(self.chance.randrange(1, 9)))
        await self.scene.service.writer.hand_in(Noted(address, messages))

    async def asks(self, number: int) -> Person:
        """Somebody waits for a human, and writes as much as ever."""
        person = Person(self.scene.service, "telegram")
        person.address = Address("telegram", "site", str(number).encode())
        await person.ask()
        for _ in range(1 + number % 3):
            await person.do(Words("x" * (number % 700)))
        return person

    def address(self, number: int) -> Address:
        return Address("push", "trial", str(number).encode())

    def owners(self) -> dict[str, dict[bytes, int]]:
        """Whose name each is today."""
        vault, today = self.scene.service.vault, self.scene.service.ring.today()
        every = [(number, self.address(number)) for number in (*self.linked, *self.others)]
        plain = {vault.alias(today, a.channel, a.bot, a.person): number for number, a in every}
        trodden = {
            vault.alias(today, f"footprint/{a.channel}", a.bot, a.person): number
            for number, a in every
        }
        return {"session": plain, "outbox": plain, "footprint": trodden}  # type: ignore[dict-item]


@pytest_asyncio.fixture(
    scope="module", loop_scope="module", params=BACKENDS if SUITE else BACKENDS[:1]
)
async def days(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Days]:
    with address_of(request.param) as address:
        scene = await Scene.open(tmp_path_factory.mktemp("linked"), address)
        yield await Days(scene, random.Random(seed())).pass_by()
        await scene.service.stop()


async def test_no_value_of_one_day_is_there_on_another(days: Days) -> None:
    for first, second in itertools.combinations(range(DAYS), 2):
        for table in TABLES:
            old = [
                row for row in days.kept[first][table] if row["alias"] in days.names[first][table]
            ]
            new = [
                row for row in days.kept[second][table] if row["alias"] in days.names[second][table]
            ]
            assert len(old) >= LINKED
            assert len(new) >= LINKED
            for column in ("alias", "sealed", "sequence"):
                both = {row[column] for row in old} & {row[column] for row in new}
                assert both == set(), f"{table}.{column}"
    for table in (*OF_DESK, "seen"):
        for name in (n for n, value in days.kept[0][table][0].items() if isinstance(value, bytes)):
            found: list[set[Any]] = [{row[name] for row in day[table]} for day in days.kept]
            # What still lies there of a day before is no new value.
            later = [some - before for before, some in itertools.pairwise(found)]
            assert all([found[0], *later]), f"{table}.{name}"
            assert sum(map(len, [found[0], *later])) == len(set().union(*found))
    names = [set(day["session"]) | set(day["footprint"]) for day in days.names]
    assert len(set.union(*names)) == sum(map(len, names))


FEATURES: dict[str, Callable[[dict[str, Any], int], float]] = {
    "size": lambda row, _: len(row["sealed"]),
    "counter": lambda row, _: row["sequence"],
    "name as a number": lambda row, _: int.from_bytes(row["alias"][:6], "big"),
    "last bytes": lambda row, _: int.from_bytes(row["sealed"][-6:], "big"),
    "salt": lambda row, _: int.from_bytes(row["sealed"][1:7], "big"),
    "place among the rows": lambda _, place: place,
}  # fmt: skip


async def test_what_waits_for_people_is_of_one_sequence_of_sizes_whatever_they_always_do(
    days: Days,
) -> None:
    for rows, owners in zip(days.kept, days.names, strict=True):
        sizes: dict[int, list[int]] = defaultdict(list)
        for row in rows["outbox"]:
            if row["alias"] in owners["outbox"]:
                sizes[owners["outbox"][row["alias"]]].append(len(row["sealed"]))
        assert len(sizes) >= LINKED
        assert len({one for some in sizes.values() for one in some}) == 1
        assert len({len(row["sealed"]) for row in rows["message"]}) <= len(MESSAGES)


@pytest.mark.parametrize("feature", FEATURES)
async def test_rows_of_two_days_are_matched_no_better_than_by_chance(
    days: Days, feature: str, record_property: Callable[[str, object], None]
) -> None:
    of, worst = FEATURES[feature], 0.0
    for (first, second), table in itertools.product(
        itertools.combinations(range(DAYS), 2), ("session", "footprint")
    ):
        valued: list[dict[int, float]] = []
        for day in (first, second):
            owners, rows = days.names[day][table], days.kept[day][table]
            mine = [
                (owners[row["alias"]], of(row, n))
                for n, row in enumerate(rows)
                if row["alias"] in owners
            ]
            valued.append({who: value for who, value in mine if who in set(days.linked)})
        people = [who for who in valued[0] if who in valued[1]]
        assert len(people) >= LINKED * 0.9
        old = np.array([valued[0][who] for who in people], np.float64)
        new = np.array([valued[1][who] for who in people], np.float64)
        alike = -np.abs(old[:, None] - new[None, :])
        same = np.eye(len(people), dtype=bool)
        far = abs(area(alike[same], alike[~same]) - 0.5)
        assert far <= allowed(len(people)), f"{table}, {feature}: {far:.3f} from chance"
        worst = max(worst, far)
    record_property("most_from_chance", round(worst, 4))


def told(number: bytes) -> bytes:
    """What a name is made of; see `Vault.alias`."""
    parts = (b"push", b"trial", number)
    return b"alias/v1" + b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def hashed(key: bytes) -> Callable[[bytes], bytes]:
    return lambda number: hmac.digest(key, told(number), "sha256")[:16]


GUESSES: dict[str, Callable[[bytes], bytes]] = {
    "no secret at all": lambda number: hashlib.sha256(number).digest()[:16],
    "what a name is made of": lambda number: hashlib.sha256(told(number)).digest()[:16],
    "a key of zeros": hashed(bytes(32)),
    "a key that is a label": hashed(b"alias/v1"),
    "the number itself": lambda number: int(number).to_bytes(8, "big").ljust(16, b"\0"),
    "a known family of digests": lambda number: hashlib.blake2b(number, digest_size=16).digest(),
}  # fmt: skip


@pytest.mark.parametrize("guess", [*GUESSES, "the day as a key"])
async def test_whether_a_known_number_is_among_them_is_guessed_no_better_than_by_chance(
    days: Days, guess: str, record_property: Callable[[str, object], None]
) -> None:
    made = GUESSES.get(guess) or hashed(days.scene.service.ring.today().to_bytes(4, "big"))
    rows = days.kept[-1]
    names = {row["alias"] for table in TABLES for row in rows[table]}
    drawn = np.random.default_rng().integers(1 << 32, 1 << 33, LISTED).tolist()
    theirs = {*days.linked, *days.others}
    lists = [list(theirs), [number for number in drawn if number not in theirs]]
    known = np.sort(np.array([int.from_bytes(name[:8], "big") for name in names], np.uint64))
    scores = []
    for numbers in lists:
        digests = [made(str(number).encode()) for number in numbers]
        assert names.isdisjoint(digests)
        tried = np.array([int.from_bytes(one[:8], "big") for one in digests], np.uint64)
        at = np.searchsorted(known, tried) % len(known)
        near = np.minimum(known[at] - tried, tried - known[at - 1])  # around the end of the numbers
        scores.append(-near.astype(np.float64))
    far = abs(area(scores[0], scores[1]) - 0.5)
    record_property("from_chance", round(far, 4))
    assert far <= allowed(len(theirs))


async def test_the_trial_would_notice_names_without_a_secret(days: Days) -> None:
    plain = GUESSES["no secret at all"]
    known = np.sort(
        np.array(
            [int.from_bytes(plain(str(number).encode())[:8], "big") for number in days.linked],
            np.uint64,
        )
    )
    tried = np.array(known, np.uint64)
    found = -(known[np.searchsorted(known, tried)] - tried).astype(np.float64)
    others = -np.random.default_rng().integers(1, 1 << 40, 1_000).astype(np.float64)
    assert area(found, others) > 0.99

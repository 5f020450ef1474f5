"""Nobody gets more than their bucket, nobody is held back for less, and nothing is remembered."""

import tracemalloc
from collections import Counter, defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.limits import (
    MOST_PLACES,
    RENEW_SECONDS,
    SIZES,
    Limits,
    Place,
    Size,
    place_of,
    whole_seconds,
)

NETWORK = Place("network", b"\xcb\x00\x71")
CIRCUIT = Place("circuit", b"\xfc" + b"\x01" * 15)


class Clock:
    """A clock that is set by hand, in seconds."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def limits(clock: Clock) -> Limits:
    return Limits(clock=clock)


def empty(limits: Limits, place: Place, route: str = "take") -> int:
    """Takes until there is none; gives how many there were."""
    for taken in range(10_000):
        if limits.take(place, route):
            return taken
    raise AssertionError("there was no end to it")


@pytest.mark.parametrize("place", [NETWORK, CIRCUIT])
def test_a_full_bucket_holds_its_burst(limits: Limits, place: Place) -> None:
    assert empty(limits, place) == SIZES[place.kind].burst


def test_a_bucket_fills_again_no_faster_than_it_says(limits: Limits, clock: Clock) -> None:
    empty(limits, CIRCUIT)
    each = 60 / SIZES["circuit"].per_minute
    clock.now += each * 0.99
    assert limits.take(CIRCUIT, "take") == pytest.approx(each * 0.01)
    clock.now += each * 0.01
    assert limits.take(CIRCUIT, "take") == 0
    assert limits.take(CIRCUIT, "take") == pytest.approx(each)


def test_who_comes_again_when_told_is_let_in(limits: Limits, clock: Clock) -> None:
    empty(limits, NETWORK)
    clock.now += whole_seconds(limits.take(NETWORK, "take"))
    assert limits.take(NETWORK, "take") == 0


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.floats(0, 20), max_size=120),
    st.sampled_from(["circuit", "network"]),
    st.floats(0, 1e6),
)
def test_never_more_than_the_bucket_over_any_window(
    pauses: list[float], kind: str, start: float
) -> None:
    clock, place = Clock(), NETWORK if kind == "network" else CIRCUIT
    clock.now = start
    limits, size = Limits(clock=clock), SIZES[kind]
    taken: list[float] = []
    for pause in pauses:
        # A second flood after each pause, of more than the bucket can hold.
        clock.now += pause
        if clock.now - start >= RENEW_SECONDS:
            break
        asked = range(size.burst + 1)
        taken.extend(clock.now for _ in asked if limits.take(place, "take") == 0)
    for first in range(len(taken)):
        for last in range(first, len(taken), 7):
            window = taken[last] - taken[first]
            assert last - first + 1 <= size.burst + window * size.per_minute / 60 + 1e-6


@settings(deadline=None, max_examples=40)
@given(st.lists(st.floats(0, 2), max_size=300))
def test_who_keeps_to_the_pace_is_never_refused(pauses: list[float]) -> None:
    clock = Clock()
    limits, size = Limits(clock=clock), SIZES["circuit"]
    each = 60 / size.per_minute
    for pause in pauses:
        clock.now += each + pause
        assert limits.take(CIRCUIT, "take") == 0


def test_one_place_does_not_use_up_the_bucket_of_another(limits: Limits) -> None:
    empty(limits, NETWORK)
    for other in (CIRCUIT, Place("network", b"\xcb\x00\x72"), Place("network", NETWORK.name * 2)):
        assert limits.take(other, "take") == 0


def test_one_kind_of_request_does_not_use_up_the_bucket_of_another(limits: Limits) -> None:
    empty(limits, NETWORK, "take")
    assert limits.take(NETWORK, "look") == 0


def test_asking_takes_nothing(limits: Limits) -> None:
    for _ in range(1000):
        assert limits.peek(CIRCUIT, "take") == 0
    assert empty(limits, CIRCUIT) == SIZES["circuit"].burst
    assert limits.peek(CIRCUIT, "take") == limits.take(CIRCUIT, "take") > 0


def test_being_refused_does_not_make_the_wait_longer(limits: Limits, clock: Clock) -> None:
    empty(limits, CIRCUIT)
    first = limits.take(CIRCUIT, "take")
    for _ in range(100):
        assert limits.take(CIRCUIT, "take") == first


def test_a_new_key_forgets_all_that_was_counted(limits: Limits, clock: Clock) -> None:
    empty(limits, NETWORK)
    clock.now += RENEW_SECONDS
    assert empty(limits, NETWORK) == SIZES["network"].burst
    limits.renew()
    assert len(limits) == 0
    assert limits.take(NETWORK, "take") == 0


def test_the_key_is_new_after_ten_minutes_and_the_names_with_it(clock: Clock) -> None:
    made: list[bytes] = []

    def key() -> bytes:
        made.append(bytes([len(made)]) * 32)
        return made[-1]

    limits = Limits(clock=clock, key=key)
    names = []
    for seconds in (0, RENEW_SECONDS - 1, 1):
        clock.now += seconds
        limits.take(NETWORK, "take")
        names.append(next(iter(limits._full_at)))  # noqa: SLF001 - what lies in memory is meant
    assert len(made) == 2
    assert names[0] == names[1] != names[2]


def test_no_address_lies_in_memory(limits: Limits) -> None:
    place = place_of("203.0.113.77")
    assert place is not None
    limits.take(place, "take")
    kept = repr(vars(limits)) + repr(place)
    for trace in ("203", repr(place.name)[2:-1], place.name.hex()):
        assert trace not in kept.replace(repr(limits._key), "")  # noqa: SLF001


def test_a_hundred_thousand_places_are_kept_and_no_more(clock: Clock) -> None:
    tracemalloc.start()
    limits = Limits(clock=clock)
    before, _ = tracemalloc.get_traced_memory()
    for number in range(MOST_PLACES + 5_000):
        limits.take(Place("network", number.to_bytes(4, "big")), "take")
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(limits) == MOST_PLACES
    assert (after - before) / MOST_PLACES < 300, "bytes for one place"


def test_the_place_that_was_quiet_longest_is_forgotten_first(clock: Clock) -> None:
    limits = Limits(clock=clock, most=3)
    flood, *others = (Place("network", bytes([n])) for n in range(5))
    empty(limits, flood)
    for other in others[:2]:
        limits.take(other, "take")
        assert limits.take(flood, "take") > 0, "who goes on is remembered"
    limits.take(others[2], "take")
    limits.take(others[3], "take")
    assert len(limits) == 3
    assert limits.take(flood, "take") > 0


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.tuples(st.sampled_from("abcde"), st.sampled_from(["take", "look"]), st.floats(0, 90)),
        max_size=200,
    )
)
def test_buckets_hold_what_a_plain_count_of_tokens_says(
    steps: list[tuple[str, str, float]],
) -> None:
    clock = Clock()
    limits, size = Limits(clock=clock), SIZES["circuit"]
    start = clock.now
    tokens: dict[tuple[str, str], float] = defaultdict(lambda: float(size.burst))
    seen: Counter[tuple[str, str]] = Counter()
    for who, route, pause in steps:
        clock.now += pause
        if clock.now - start >= RENEW_SECONDS:
            start, tokens = clock.now, defaultdict(lambda: float(size.burst))
        elif pause:
            for one in tokens:
                tokens[one] = min(size.burst, tokens[one] + pause * size.per_minute / 60)
        for _ in range(7):
            left = tokens[who, route]
            if abs(left - 1) < 1e-6:
                break  # too close to tell: fractions were added
            allowed = limits.take(Place("circuit", who.encode()), route) == 0
            assert allowed == (left > 1)
            tokens[who, route] -= allowed
            seen[who, route] += allowed
    assert sum(seen.values()) <= 7 * len(steps)


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("203.0.113.7", Place("network", bytes([203, 0, 113]))),
        (" 203.0.113.250 ", Place("network", bytes([203, 0, 113]))),
        ("::ffff:203.0.113.7", Place("network", bytes([203, 0, 113]))),
        ("2001:db8:1:2300::1", Place("network", bytes.fromhex("20010db8000123"))),
        ("2001:db8:1:23ff:9::1", Place("network", bytes.fromhex("20010db8000123"))),
        ("[2001:db8:1:2300::1]", Place("network", bytes.fromhex("20010db8000123"))),
        ("fe80::1%eth0", Place("network", bytes.fromhex("fe800000000000"))),
        (
            "fc00:dead:beef:4dad::aabb:ccdd",
            Place("circuit", bytes.fromhex("fc00deadbeef4dad00000000aabbccdd")),
        ),
        ("127.0.0.1", None),
        ("::1", None),
        ("::ffff:127.0.0.1", None),
        ("0.0.0.0", None),
        ("::", None),
        ("", None),
        ("unknown", None),
        ("203.0.113.7:80", None),
        ("1" * 10_000, None),
    ],
)
def test_an_address_is_read_as_its_network_or_circuit(address: str, place: Place | None) -> None:
    assert place_of(address) == place


def test_two_circuits_are_two_people() -> None:
    assert place_of("fc00:dead:beef:4dad::1") != place_of("fc00:dead:beef:4dad::2")


def test_a_wait_is_told_in_whole_seconds_and_never_too_short() -> None:
    assert [whole_seconds(wait) for wait in (0.01, 1.0, 1.01, 2.9)] == [1, 1, 2, 3]


def test_a_network_holds_many_people() -> None:
    person, many = SIZES["circuit"], SIZES["network"]
    assert person == Size(20, 20)
    assert many.burst >= 10 * person.burst
    assert many.per_minute >= 10 * person.per_minute

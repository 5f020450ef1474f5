"""Figures of the program: what a monitoring system reads, and that it cannot follow one person."""

import asyncio
import re
from pathlib import Path

import pytest
from aiohttp import ClientSession, UnixConnector, web
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.web_health import add_health
from bot.channels.web_server import WebRunner
from bot.figures import STEPS, TENS, Figures, step
from bot.health import Health
from bot.metrics import NAMES, Metrics, Now, listen_on

SAMPLE = re.compile(r"^(?P<name>[a-z_]+?)(_total|_bucket|_sum|_count|_created)?(\{|\s)")


def read(figures: Figures, now: Now | None = None) -> str:
    return Metrics(figures, lambda: now or Now({}), "0.0").written().decode()


def sample(text: str, name: str) -> float:
    (line,) = [line for line in text.splitlines() if line.startswith(f"{name} ")]
    return float(line.split()[-1])


def test_every_name_is_on_the_list_and_every_label_is_a_word_of_the_program() -> None:
    figures = Figures()
    for _ in range(TENS):
        figures.group(1, 0.02)
    figures.alarm("store_failed")
    now = Now({"database": True, "keys": False}, 3, 4, 5, 6, 7, 8)
    lines = [line for line in read(figures, now).splitlines() if not line.startswith("#")]
    assert {found["name"] for line in lines if (found := SAMPLE.match(line))} == set(NAMES)
    labels = {found for line in lines for found in re.findall(r'(\w+)="([^"]*)"', line)}
    assert {name for name, _ in labels} == {"event", "le", "outcome", "part", "version"}


def test_what_one_person_does_moves_no_figure() -> None:
    figures = Figures()
    for _ in range(20):
        figures.group(1, 0.01)
    before = read(figures)
    for _ in range(TENS - 1):
        figures.group(1, 0.02)
        figures.sent("handed_over")
    now = read(figures)
    ours = [line for line in now.splitlines() if line.startswith("quietline_")]
    assert ours == [line for line in before.splitlines() if line.startswith("quietline_")]
    figures.group(1, 0.02)
    assert sample(read(figures), "quietline_turns_total") == 30


@given(st.lists(st.tuples(st.integers(1, 64), st.floats(0, 20)), max_size=60))
def test_the_figures_of_turns_are_tens_that_never_go_back_and_never_lead(
    groups: list[tuple[int, float]],
) -> None:
    figures, taken, last = Figures(), 0, 0
    for turns, seconds in groups:
        figures.group(turns, seconds)
        taken += turns
        shown = figures.shown()
        assert shown.turns % TENS == 0
        assert last <= shown.turns <= taken < shown.turns + TENS
        assert sum(shown.seconds) == sum(shown.groups.values())
        last = shown.turns


@given(st.integers(0, 100_000))
def test_how_many_people_there_are_is_told_as_a_step(people: int) -> None:
    assert step(people) in STEPS
    assert step(people) <= people
    assert step(people % 10) == 0


def test_two_and_nine_people_who_wait_look_the_same() -> None:
    two = read(Figures(), Now({}, 2, 2, 100, 2, 2, 1)).splitlines()
    nine = read(Figures(), Now({}, 9, 9, 100, 9, 9, 9)).splitlines()
    assert [one for one in two if one.startswith("quietline_")] == [
        one for one in nine if one.startswith("quietline_")
    ]


def test_an_alarm_and_a_failed_group_are_counted() -> None:
    figures = Figures()
    figures.alarm("group_not_saved")
    figures.alarm("group_not_saved")

    def fails(_: object) -> None:
        raise OSError

    with pytest.raises(OSError):
        figures.timed(fails)([1] * TENS)
    text = read(figures)
    assert 'quietline_alarms_total{event="group_not_saved"} 2.0' in text
    assert 'quietline_groups_total{outcome="failed"} 1.0' in text
    assert figures.failing_for() < 10


async def test_a_part_that_fails_or_hangs_makes_the_process_unready_until_it_is_back() -> None:
    well = [True]

    def look() -> None:
        if not well[0]:
            raise ConnectionError

    health = Health({"database": look, "keys": lambda: True})
    assert await health.ready()
    well[0] = False
    health.forget()
    assert not await health.ready()
    assert health.up == {"database": False, "keys": True}
    well[0] = True
    health.forget()
    assert await health.ready()


async def test_many_who_ask_at_once_cause_one_look() -> None:
    looks: list[int] = []
    health = Health({"database": lambda: looks.append(1)})
    assert all(await asyncio.gather(*(health.ready() for _ in range(50))))
    assert looks == [1]


async def test_the_socket_of_figures_is_its_owners_alone_and_a_stale_one_is_replaced(
    tmp_path: Path,
) -> None:
    path = tmp_path / "private" / "metrics.sock"
    for _ in range(2):
        app = web.Application()

        async def ready() -> bool:
            return False

        add_health(app, ready)
        runner = WebRunner(app)
        await runner.setup()
        await listen_on(runner, path)
        assert path.stat().st_mode & 0o777 == 0o600
        async with (
            ClientSession(connector=UnixConnector(str(path))) as asking,
            asking.get("http://here/readyz") as answer,
        ):
            assert (answer.status, await answer.text()) == (503, "not ready\n")
        await runner.cleanup()

"""The index with more listings than a block or a first look holds, and the measurement of it."""

from datetime import datetime
from pathlib import Path

from referral_directory import Query
from referral_directory.bench import bench_directory
from tests.directory.helpers import directory, listing

NOON = datetime.fromisoformat("2026-11-23T12:00+02:00")


def test_every_listing_of_many_can_be_opened_as_it_was_put(tmp_path: Path) -> None:
    names = [f"ua-n{i}" for i in range(70)]
    live = directory(
        tmp_path, *[listing(name, priority=str(i % 10)) for i, name in enumerate(names)]
    )
    serving = live.serving(None)
    assert serving.ids() == tuple(sorted(names))
    for i, name in enumerate(names):
        opened = serving.listing(name)
        assert opened is not None
        assert (opened.id, opened.priority) == (name, i % 10)
        assert opened.state(NOON).always
    assert serving.listing("ua-n700") is None


def test_one_organization_with_many_services_leaves_room_for_another(tmp_path: Path) -> None:
    same = "{en: One, uk: Одна}"
    many = [listing(f"ua-n{i}", organization=same, priority="9") for i in range(70)]
    live = directory(tmp_path, *many, listing("ua-other")).serving(None)
    found = [f.listing for f in live.search(Query(needs=("medical",)), NOON).found]
    assert len(found) == 3
    assert "ua-other" in found


def test_the_measurement_runs_on_made_up_services_and_gives_its_figures() -> None:
    told = bench_directory(300, queries=50)
    assert told["services"] == 300
    assert {"p50_us", "p99_us", "build_s", "peak_rss_mib"} <= told.keys()

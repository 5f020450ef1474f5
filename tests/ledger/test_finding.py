"""Lists find what somebody types, covers and keeps, in any script; the day decides the stage."""

from datetime import timedelta
from typing import get_args

import pytest

from bot.ledger.model import Actor, ListQuery, Stage
from referral_directory.keeping import stage_of
from tests.ledger.conftest import ANNA, BORYS, Office, listing


@pytest.fixture
def full(office: Office) -> Office:
    office.published(name="Centre Élan", names={"en": "Centre Élan", "uk": "Центр «Підтримка»"})
    office.published(
        name="Shelter North",
        needs=["shelter"],
        area=["UA"],
        languages=["uk", "en"],
        contacts=[{"kind": "phone", "number": "+380800500335", "shown": "0 800 500 335"}],
    )
    draft = office.proposed(
        listing("West", area=["UA-46"], address={"line": "Вулиця Прикладна 3", "city": "Приклад"})
    )
    assert draft.record == "ua-west"
    office.published(name="Vilnius", area=["LT"], organization={"en": "Įstaiga"})
    return office


@pytest.mark.parametrize(
    ("query", "names"),
    [
        (ListQuery(), ["Centre Élan", "Shelter North", "Vilnius", "West"]),
        (ListQuery(text="ELAN"), ["Centre Élan"]),
        (ListQuery(text="підтримка центр"), ["Centre Élan"]),
        (ListQuery(text="0 800 500-335"), ["Shelter North"]),
        (ListQuery(text="+380 800 500 335"), ["Shelter North"]),
        (ListQuery(text="٥٠٠٣٣٥"), ["Shelter North"]),
        (ListQuery(text="istaiga"), ["Vilnius"]),
        (ListQuery(text="прикладна"), ["West"]),
        (ListQuery(text="100%"), []),
        (ListQuery(text="_"), []),
        (ListQuery(need="legal"), ["Centre Élan", "Vilnius", "West"]),
        (ListQuery(need="legal.advice"), ["Centre Élan", "Vilnius", "West"]),
        (ListQuery(need="shelter"), ["Shelter North"]),
        (ListQuery(area="UA-63"), ["Centre Élan", "Shelter North"]),
        (ListQuery(area="UA"), ["Centre Élan", "Shelter North", "West"]),
        (ListQuery(language="en"), ["Shelter North"]),
        (ListQuery(organization="ĮSTAIGA"), ["Vilnius"]),
        (ListQuery(draft=True), ["West"]),
        (ListQuery(stage=("draft",)), ["West"]),
        (
            ListQuery(stage=("verified", "draft"), text="e"),
            ["Centre Élan", "Shelter North", "West"],
        ),
        (ListQuery(task=True), []),
        (ListQuery(source="console", size=2, page=2), ["Vilnius", "West"]),
        (ListQuery(page=99, size=3), ["West"]),
    ],
)
def test_a_list_shows_what_was_asked_for(full: Office, query: ListQuery, names: list[str]) -> None:
    assert [row.name for row in full.ledger.find(query, ANNA).rows] == names


def test_a_page_says_how_many_there_are(full: Office) -> None:
    page = full.ledger.find(ListQuery(size=3, page=2), ANNA)
    assert (page.total, page.page, page.pages, len(page.rows)) == (4, 2, 2, 1)
    row = full.ledger.find(ListQuery(text="north"), ANNA).rows[0]
    assert (row.area, row.needs, set(row.languages)) == (("UA",), ("shelter",), {"uk", "en"})


def test_what_is_due_first_comes_first(full: Office) -> None:
    query = ListQuery(stage=("verified", "due"), order="due")
    assert full.ledger.find(query, ANNA).rows[0].name == "Shelter North"
    early = full.ledger.find(ListQuery(due_before=full.ledger.today + timedelta(31)), ANNA)
    assert [row.name for row in early.rows] == ["Shelter North"]


def test_the_stage_follows_the_day_in_lists_as_in_words(full: Office) -> None:
    """The SQL of a list and the rule of `keeping` are two writings of one thing."""
    full.ledger.suspend(ANNA, ["lt-vilnius"], why="unsafe")
    for days in (0, 29, 30, 59, 60, 90, 119, 120, 180, 400):
        full.now = 1_790_000_000.0
        full.later(days)
        today = full.ledger.today
        stages = [full.ledger.find(ListQuery(stage=(one,)), ANNA) for one in get_args(Stage)]
        assert sum(page.total for page in stages) == 4
        for row in full.ledger.find(ListQuery(), ANNA).rows:
            found = full.ledger.find(ListQuery(stage=(row.stage,)), ANNA).rows
            assert row in found
            expected = stage_of(
                published=row.published or row.stage in {"suspended", "hidden"},
                suspended=row.id == "lt-vilnius",
                retired=False,
                due_on=row.due_on,
                today=today,
            )
            assert row.stage == expected


def test_the_home_page_counts_what_is_to_do(full: Office) -> None:
    full.ledger.suspend(ANNA, ["lt-vilnius"], why="unsafe")
    counts = full.ledger.counts(BORYS)
    assert (counts["records"], counts["suspended"], counts["due"]) == (4, 1, 0)
    assert (counts["drafts"], counts["drafts_waiting"]) == (1, 1)
    assert counts["unpublished"] == full.ledger.find(ListQuery(stage=("draft",)), BORYS).total
    assert full.ledger.counts(ANNA)["drafts_waiting"] == 0
    full.later(25)
    assert full.ledger.counts(BORYS)["due"] == 1
    full.later(120)
    counts = full.ledger.counts(BORYS)
    assert (counts["hidden"], counts["stale"]) == (1, 1)


def test_a_keeper_of_one_region_finds_only_that(full: Office) -> None:
    north = Actor("nadiia", areas=("UA-63",))
    assert [row.name for row in full.ledger.find(ListQuery(), north).rows] == ["Centre Élan"]
    whole = Actor("oleh", areas=("UA",))
    assert full.ledger.find(ListQuery(), whole).total == 3


def test_importers_start_from_everything_that_stands(full: Office) -> None:
    base = full.ledger.plan_base()
    assert set(base) == {"ua-centre-elan", "ua-shelter-north", "lt-vilnius"}
    revision, content = base["ua-shelter-north"]
    assert (revision, content["needs"]) == (1, ["shelter"])

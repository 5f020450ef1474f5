"""What a call verifies, when that is void, and on which day somebody is to call again."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from referral_directory.keeping import (
    critical,
    due_on,
    hashes,
    parts,
    review_days,
    stage_of,
)
from tests.keeping.helpers import PHONE, SECOND_PHONE, SITE, content

TODAY = date(2026, 11, 23)
ADDRESS = {"line": "Example street 1", "city": "Kharkiv"}


@dataclass(frozen=True)
class Call:
    part: str
    on: date


def test_every_answer_that_one_question_gets_is_a_part() -> None:
    listing = content(hours="Mo-Fr 09:00-18:00", cost="free", address=ADDRESS, only=["woman"])

    assert set(parts(listing)) == {
        *("contact:phone:+380440000001", "contact:web:https://example.org/help", "hours", "who"),
        *("area", "languages", "cost", "address"),
    }


def test_a_number_that_stands_twice_is_one_part_and_both_hours_count() -> None:
    twice = content(contacts=[PHONE, PHONE | {"hours": "Mo-Fr 09:00-18:00"}])
    other = content(contacts=[PHONE, PHONE | {"hours": "Mo-Fr 09:00-17:00"}])

    assert len([part for part in parts(twice) if part.startswith("contact:")]) == 1
    assert hashes(twice) != hashes(other)


@pytest.mark.parametrize("field", ["number", "shown", "hours", "free", "languages", "abroad"])
def test_a_verification_of_a_contact_is_void_when_what_it_says_changes(field: str) -> None:
    changed = {
        "number": "+380440000003",
        "shown": "044 000 00 03",
        "hours": "Mo-Fr 09:00-18:00",
        "free": "yes",
        "languages": ["en"],
        "abroad": "no",
    }
    before = hashes(content())["contact:phone:+380440000001"]

    after = hashes(content(contacts=[PHONE | {field: changed[field]}, SITE]))

    assert before not in after.values()


def test_words_beside_a_number_and_its_place_leave_the_verification_standing() -> None:
    labelled = PHONE | {"label": {"en": "From a mobile"}, "notes": "Ask for the duty desk"}

    assert hashes(content(contacts=[SITE, labelled])) == hashes(content())


def test_every_contact_that_survivors_would_see_must_be_verified_and_no_other() -> None:
    kept_back = SECOND_PHONE | {"visibility": "operator_only"}
    unsure = {"kind": "email", "email": "help@example.org", "confidence": "unverified"}

    listing = content(contacts=[PHONE, kept_back, unsure, SITE], address=ADDRESS)

    assert critical(listing) == (
        *("contact:phone:+380440000001", "contact:web:https://example.org/help", "address"),
    )


def test_an_address_that_is_not_public_need_not_be_verified_to_show_the_rest() -> None:
    hidden = content(address=ADDRESS | {"visibility": "coordinator_only"})

    assert "address" not in critical(hidden)
    assert critical(content(visibility="operator_only", address=ADDRESS)) == ()


@pytest.mark.parametrize(
    ("given", "days"),
    [
        ({"needs": ["emergency.hotline"]}, 30),
        ({"needs": ["legal", "shelter"]}, 30),
        ({"needs": ["medical.pep"], "run_by": "state"}, 30),
        ({"needs": ["legal"], "run_by": "police"}, 180),
        ({"needs": ["legal"], "run_by": "state"}, 180),
        ({"needs": ["legal"], "run_by": "ngo"}, 90),
        ({"needs": ["emergency"]}, 90),
    ],
)
def test_what_a_wrong_number_would_cost_decides_how_soon_it_is_checked(
    given: dict[str, object], days: int
) -> None:
    assert review_days(content(**given)) == days


def test_a_setting_may_ask_for_other_intervals() -> None:
    assert review_days(content(needs=["shelter"]), {"urgent": 14, "state": 60, "other": 30}) == 14


def test_the_part_that_was_checked_longest_ago_decides_the_day() -> None:
    phone = "contact:phone:+380440000001"
    checks = [
        Call(phone, date(2026, 9, 1)),
        Call(phone, date(2026, 11, 20)),
        Call("contact:web:https://example.org/help", date(2026, 11, 2)),
        Call("hours", date(2020, 1, 1)),
    ]

    assert due_on(content(), checks, TODAY) == date(2026, 11, 2) + timedelta(days=90)


def test_a_contact_that_nobody_called_is_due_today() -> None:
    assert due_on(content(), [Call("contact:phone:+380440000001", TODAY)], TODAY) == TODAY


def test_what_only_operators_see_is_due_as_well_since_they_rely_on_it() -> None:
    assert due_on(content(visibility="operator_only"), [], TODAY) == TODAY
    assert due_on(content(contacts=[]), [], TODAY) is None


@pytest.mark.parametrize(
    ("overdue", "stage"),
    [(-1, "verified"), (0, "due"), (29, "due"), (30, "stale"), (89, "stale"), (90, "hidden")],
)
def test_a_listing_ages_by_the_day(overdue: int, stage: str) -> None:
    due = TODAY - timedelta(days=overdue)

    assert (
        stage_of(published=True, suspended=False, retired=False, due_on=due, today=TODAY) == stage
    )


@pytest.mark.parametrize(
    ("published", "suspended", "retired", "stage"),
    [
        (False, False, False, "draft"),
        (True, True, False, "suspended"),
        (False, True, False, "suspended"),
        (True, True, True, "retired"),
        (True, False, False, "due"),
    ],
)
def test_what_people_decided_outweighs_the_day(
    published: bool, suspended: bool, retired: bool, stage: str
) -> None:
    found = stage_of(
        published=published, suspended=suspended, retired=retired, due_on=None, today=TODAY
    )

    assert found == stage

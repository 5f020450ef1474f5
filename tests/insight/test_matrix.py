"""Where nobody is, and for whom, as the search would find it."""

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from referral_directory import PACKS, Directory, Live, Query, load_packs
from referral_directory.insight.matrix import (
    CONDITIONS,
    Matrix,
    gaps,
    matrix,
)
from referral_directory.insight.picture import picture
from referral_directory.served import Served
from tests.directory.helpers import NOON, directory, listing
from tests.often import often

KHARKIV = "[UA-63]"
TODAY = NOON.date()


def counted(directory: Directory, **how: object) -> Matrix:
    return counted_of(directory, directory.serving(None), **how)


def counted_of(directory: Directory, live: Live, **how: object) -> Matrix:
    return matrix(
        live.held,
        directory.needs,
        directory.places,
        country="UA",
        today=TODAY,
        **how,  # type: ignore[arg-type]
    )


def test_what_serves_a_whole_country_counts_in_every_region(tmp_path: Path) -> None:
    there = directory(tmp_path, listing("ua-a"), listing("ua-b", area=KHARKIV))
    found = counted(there)
    assert [found.count(place, "medical").all for place in ("UA", "UA-63", "UA-65")] == [1, 2, 1]
    own = counted(there, own=True)
    assert [own.count(place, "medical").all for place in ("UA", "UA-63", "UA-65")] == [1, 1, 0]
    assert found.count("UA-63", "medical").state == "several"
    assert found.count("UA-63", "legal").state == "none"


def test_a_service_that_says_no_to_men_is_no_help_for_men(tmp_path: Path) -> None:
    found = counted(
        directory(
            tmp_path,
            listing("ua-a", who="{man: no}", area=KHARKIV),
            listing("ua-b", only="[woman]", area=KHARKIV),
            listing("ua-c", area="[UA-65]"),
        )
    )
    assert found.count("UA-63", "medical").all == 2
    assert found.count("UA-63", "medical", "men").state == "none"
    assert found.count("UA-65", "medical", "men").state == "one", "not known is not no"


@pytest.mark.parametrize(
    ("hours", "night"),
    [
        ("24/7", True),
        ("daily 22:00-06:00", True),
        ("daily 20:00-09:00", True),
        ("daily 09:00-23:00", False),
        ("Mo-Fr 00:00-24:00", False),
        ("daily 22:00-05:59", False),
    ],
)
def test_a_night_is_every_night_from_its_first_to_its_last_minute(
    tmp_path: Path, hours: str, night: bool
) -> None:
    contacts = f'[{{kind: phone, number: "+380441234567", hours: "{hours}"}}]'
    found = counted(directory(tmp_path, listing("ua-a", contacts=contacts)))
    assert (found.count("UA", "medical", "night").all == 1) is night


def test_two_numbers_of_one_service_can_share_the_night(tmp_path: Path) -> None:
    contacts = (
        '[{kind: phone, number: "+380441234567", hours: "daily 06:00-24:00"},'
        ' {kind: phone, number: "+380441234568", hours: "daily 00:00-06:00"}]'
    )
    found = counted(directory(tmp_path, listing("ua-a", contacts=contacts)))
    assert found.count("UA", "medical", "night").state == "one"


def test_hours_that_nobody_knows_are_no_night(tmp_path: Path) -> None:
    contacts = '[{kind: phone, number: "+380441234567", hours: {printed: цілодобово}}]'
    found = counted(directory(tmp_path, listing("ua-a", contacts=contacts)))
    assert found.count("UA", "medical", "night").state == "none"


def test_in_occupied_territory_only_help_that_comes_online_counts(tmp_path: Path) -> None:
    chat = "[{kind: chat, url: 'https://example.org/chat', hours: '24/7'}]"
    found = counted(
        directory(
            tmp_path,
            listing("ua-a", occupied="yes"),
            listing("ua-b", occupied="yes", contacts=chat, needs="[legal]"),
        )
    )
    assert found.count("occupied", "medical").state == "none"
    assert found.count("occupied", "legal", "night").state == "one"
    assert found.count("UA-43", "legal").state == "one", "no calls work there either"


def test_help_whose_checks_are_all_overdue_is_shown_as_stale(tmp_path: Path) -> None:
    there = directory(tmp_path, listing("ua-a"), listing("ua-b"))

    def state(*late: bool) -> str:
        days = (TODAY - timedelta(days=30 if old else 29) for old in late)
        served = [
            Served(name, entry.content, "UA", due_on=day)
            for (name, entry), day in zip(there.entries.items(), days, strict=True)
        ]
        return counted_of(there, there.live(served)).count("UA", "medical").state

    assert [state(True, True), state(True, False), state(False, False)] == [
        *("stale", "one", "several")
    ]


def test_who_speaks_the_language_counts_and_who_brings_an_interpreter_too(tmp_path: Path) -> None:
    there = directory(
        tmp_path,
        listing("ua-a"),
        listing("ua-b", interpreted="[fr]"),
        listing("ua-c", languages="[fr]"),
    )
    assert counted(there, language="fr").count("UA", "medical").all == 2
    assert counted(there, language="az").count("UA", "medical").all == 0


def test_gaps_name_the_places_where_nobody_answers_at_night(tmp_path: Path) -> None:
    day = '[{kind: phone, number: "+380441234567", hours: "daily 09:00-18:00"}]'
    found = counted(
        directory(
            tmp_path,
            listing("ua-a", needs="[medical, emergency.hotline]", contacts=day),
            listing("ua-b", needs="[medical, emergency.hotline]", area=KHARKIV),
        )
    )
    places = {gap.place for gap in gaps(found, "night", ("medical",))}
    assert places == {"UA", "UA-65", "UA-43", "abroad", "occupied"}
    assert gaps(found, "any", ("medical",)) != ()


ANSWERS = st.sampled_from(["yes", "no", "unknown"])
LISTINGS = st.lists(
    st.tuples(
        st.sampled_from(["UA", "UA-63", "UA-65"]),
        st.sampled_from(["legal.advice", "medical.pep", "medical.sti"]),
        ANSWERS,
        ANSWERS,
        ANSWERS,
    ),
    min_size=1,
    max_size=5,
)


@settings(max_examples=often(25), deadline=None)
@given(LISTINGS)
def test_a_cell_is_empty_exactly_where_a_search_would_find_nobody(
    tmp_path_factory: pytest.TempPathFactory, written: list[tuple[str, str, str, str, str]]
) -> None:
    there = directory(
        tmp_path_factory.mktemp("packs"),
        *(
            listing(
                f"ua-{i}",
                area=f"[{area}]",
                needs=f"[{need}]",
                who=f"{{man: {man}, under18: {child}, disability: {disability}}}",
            )
            for i, (area, need, man, child, disability) in enumerate(written)
        ),
    )
    live = there.serving(None)
    needs = ("legal.advice", "medical.pep", "medical.sti")
    found = counted(there, columns=needs)
    people = {"men": {"man", "adult"}, "child": {"under18"}, "disability": {"disability"}}
    for place in ("UA-63", "UA-65"):
        for need in needs:
            for condition, who in people.items():
                referral = live.search(Query((need,), place, who=frozenset(who)), NOON)
                direct = bool(referral.found) and not {"need", "region"} & set(referral.relaxed)
                assert (found.count(place, need, condition).all > 0) is direct  # type: ignore[arg-type]


def test_the_picture_has_a_mark_for_every_condition_of_every_cell_inside_its_frame() -> None:
    there = load_packs(PACKS, ("ua",))
    found = counted(there)
    drawn = picture(found)
    assert len(drawn.marks) == len(found.places) * len(found.needs) * len(CONDITIONS)
    assert all(0 <= mark.x < drawn.width and 0 <= mark.y < drawn.height for mark in drawn.marks)
    assert len({(mark.x, mark.y) for mark in drawn.marks}) == len(drawn.marks)
    assert {mark.state for mark in drawn.marks} >= {"none", "one", "several"}

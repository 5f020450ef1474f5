"""What looks listed twice, and what only looks so at first."""

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referral_directory.insight.duplicates import (
    DUPLICATE,
    REASONS,
    Base,
    Pair,
    likeness,
    pairs,
    suspects,
)


def shelter(**said: Any) -> dict[str, Any]:
    """A listing as the ledger keeps it, with what is said besides."""
    usual: dict[str, Any] = {
        "names": {"en": "Women's Shelter Kyiv"},
        "organization": {"en": "Harbour"},
        "needs": ["shelter"],
        "area": ["UA-30"],
        "contacts": [{"kind": "phone", "number": "+380440000001"}],
    }
    return usual | said


def phone(number: str) -> dict[str, str]:
    return {"kind": "phone", "number": number}


def pair(one: dict[str, Any], other: dict[str, Any], *more: dict[str, Any]) -> Pair | None:
    """The pair that the first two make in a directory that has more."""
    contents = {"ua-a": one, "ua-b": other} | {f"ua-c{i}": said for i, said in enumerate(more)}
    found = [p for p in pairs(Base.of(contents)) if (p.a, p.b) == ("ua-a", "ua-b")]
    assert len(found) < 2
    return found[0] if found else None


def test_a_shelter_entered_again_under_its_name_in_another_order_is_a_duplicate() -> None:
    found = pair(shelter(), shelter(names={"en": "Kyiv Women Shelter (NGO)"}))
    assert found is not None
    assert found.verdict == "duplicate"
    assert found.reasons[:2] == ("same_name", "same_phone")


def test_a_slip_of_the_pen_in_a_name_is_seen() -> None:
    found = pair(
        shelter(names={"uk": "Кризова кімната Прилуки"}),
        shelter(names={"uk": "Кризова кімнта Прилуки"}),
    )
    assert found is not None
    assert found.verdict == "duplicate"
    assert "like_name" in found.reasons


def test_one_number_under_two_names_is_only_asked_about() -> None:
    found = pair(
        shelter(organization={"en": "Harbour"}),
        shelter(names={"en": "Night refuge Podil"}, organization={"en": "Harbour"}),
    )
    assert found is not None
    assert found.verdict == "maybe"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (shelter(names={"en": "School 5"}), shelter(names={"en": "School 7"})),
        (
            shelter(names={"uk": "Поліклініка № 3"}),
            shelter(names={"uk": "Поліклініка № 12"}),
        ),
        (
            shelter(area=["UA-63"], contacts=[phone("+380570000001")]),
            shelter(area=["UA-65"], contacts=[phone("+380550000001")]),
        ),
        (shelter(), shelter(area=["LT"])),
        (
            shelter(names={"en": "Social services centre of Lubny"}, contacts=[phone("112")]),
            shelter(names={"en": "Social services centre of Lutsk"}, contacts=[phone("112")]),
        ),
    ],
    ids=["schools", "clinics", "regions", "countries", "towns"],
)
def test_services_that_only_sound_alike_are_left_alone(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    assert pair(one, other) is None


def test_a_service_that_moved_to_another_region_with_its_number_is_seen() -> None:
    assert pair(shelter(area=["UA-65"]), shelter(area=["UA-63"])) is not None


def test_the_number_of_a_switchboard_says_little() -> None:
    many = [shelter(names={"en": f"Ward {word}"}) for word in ("amber", "birch", "cedar")]
    assert pair(shelter(names={"en": "Desk one"}), shelter(names={"en": "Porter"}), *many) is None


def test_a_short_number_that_everybody_has_says_little() -> None:
    one = shelter(names={"en": "Amber"}, contacts=[phone("112")])
    assert pair(one, shelter(names={"en": "Birch"}, contacts=[phone("112")])) is None


def test_two_pages_on_one_social_network_are_two_pages() -> None:
    def on(page: str) -> dict[str, Any]:
        return shelter(
            names={"en": page}, contacts=[{"kind": "web", "url": f"https://facebook.com/{page}"}]
        )

    assert pair(on("amber"), on("birch")) is None


def test_one_house_that_helps_with_different_things_counts_less() -> None:
    same = pair(shelter(), shelter())
    other = pair(shelter(), shelter(needs=["legal.advice"]))
    assert same is not None
    assert other is not None
    assert other.score < same.score
    assert other.reasons[-1] == "other_needs"


def test_every_reason_has_words() -> None:
    address = {"line": "1 Example Street", "city": "Kyiv"}
    contacts = [
        phone("+380440000001"),
        {"kind": "email", "email": "help@example.org"},
        {"kind": "web", "url": "https://example.org/shelter"},
    ]
    found = pair(
        shelter(address=address, contacts=contacts), shelter(address=address, contacts=contacts)
    )
    assert found is not None
    assert {"same_phone", "same_email", "same_page", "same_address"} <= set(found.reasons)
    assert set(found.reasons) <= set(REASONS)


def test_what_was_dismissed_stays_away_until_a_name_or_a_contact_changes() -> None:
    contents = {"ua-a": shelter(), "ua-b": shelter()}
    dismissed = frozenset({frozenset(("ua-a", "ua-b"))})
    assert pairs(Base.of(contents), dismissed) == ()
    assert suspects(shelter(), Base.of(contents), id="ua-a", dismissed=dismissed) == ()
    assert likeness(shelter()) == likeness(shelter(needs=["medical"], summary={"en": "New."}))
    assert likeness(shelter()) != likeness(shelter(contacts=[phone("+380440000002")]))
    assert likeness(shelter()) != likeness(shelter(names={"en": "Harbour House"}))


def test_a_row_that_is_about_to_be_imported_is_compared_with_what_is_there() -> None:
    base = Base.of({"ua-a": shelter(), "ua-z": shelter(names={"en": "Birch"}, contacts=[])})
    found = suspects(shelter(), base)
    assert [(one.b, one.score >= DUPLICATE) for one in found] == [("ua-a", True)]
    assert suspects(shelter(), base, id="ua-a") == ()


def test_misshapen_parts_of_a_content_are_taken_as_not_said() -> None:
    odd = {"contacts": [{"url": "http://[broken"}, "text"], "address": "street", "names": {}}
    assert suspects(odd, Base.of({"ua-a": shelter(), "ua-odd": odd})) == ()


@given(st.permutations(["ua-a", "ua-b", "ua-c", "ua-d"]))
def test_the_order_in_which_listings_come_changes_nothing(order: list[str]) -> None:
    contents = {
        "ua-a": shelter(),
        "ua-b": shelter(names={"en": "Kyiv Women Shelter"}),
        "ua-c": shelter(names={"en": "Birch"}),
        "ua-d": shelter(names={"en": "Women's Shelter Kyiv"}, contacts=[]),
    }
    assert pairs(Base.of({name: contents[name] for name in order})) == pairs(Base.of(contents))


def test_of_many_listings_only_those_that_share_something_are_compared() -> None:
    chance = random.Random(7)
    towns = [f"{chance.choice('BDKLMPRST')}{i}ka".replace("0", "o") for i in range(400)]
    contents = {
        f"ua-{i}": shelter(
            names={"en": f"Social services centre {chance.choice(towns)}"},
            organization={"en": f"Council {i}"},
            area=[f"UA-{chance.randint(1, 24):02d}"],
            contacts=[phone(f"+38044{i:07d}"), phone("112")],
        )
        for i in range(2_000)
    }
    base = Base.of(contents | {"ua-again": contents["ua-7"]})
    compared = sum(1 for _ in base.candidates())
    assert compared < 40 * len(contents)
    assert ("ua-7", "ua-again") in {(one.a, one.b) for one in pairs(base)}

"""Every difference between two versions is named as people see the fields."""

from typing import Any

from referral_directory.keeping import changes
from tests.keeping.helpers import PHONE, SECOND_PHONE, SITE, content


def seen(old: dict[str, Any], new: dict[str, Any]) -> list[tuple[str, str, Any, Any]]:
    return [(one.field, one.kind, one.old, one.new) for one in changes(old, new)]


def test_a_corrected_number_stands_beside_the_one_before() -> None:
    new = content(contacts=[PHONE | {"number": "+380440000009"}, SITE])

    assert seen(content(), new) == [
        ("contacts[phone 1].number", "changed", "+380440000001", "+380440000009")
    ]


def test_texts_and_hours_are_named_by_language_and_part() -> None:
    old = content(hours="Mo-Fr 09:00-18:00")
    new = content(
        names={"en": "A quiet place", "uk": "Затишне місце", "ru": "Тихое место"},
        hours={"printed": "by day", "rules": "Mo-Fr 09:00-18:00"},
    )

    assert seen(old, new) == [
        ("names.ru", "added", None, "Тихое место"),
        ("names.uk", "changed", "Тихе місце", "Затишне місце"),
        ("hours.printed", "changed", "Mo-Fr 09:00-18:00", "by day"),
    ]


def test_a_contact_is_known_by_its_address_when_another_before_it_goes() -> None:
    three = [PHONE, SECOND_PHONE, SITE]
    later = [SECOND_PHONE | {"free": "yes"}, SITE]

    found = seen(content(contacts=three), content(contacts=later))

    assert [one[:2] for one in found] == [
        ("contacts[phone 1].free", "added"),
        ("contacts[phone 1 before]", "removed"),
    ]


def test_contacts_of_the_same_number_are_told_apart_by_their_order() -> None:
    twice = [PHONE, PHONE | {"label": {"en": "At night"}}]
    fewer = [PHONE]

    assert [one.field for one in changes(content(contacts=twice), content(contacts=fewer))] == [
        "contacts[phone 2]"
    ]


def test_what_went_and_what_came_is_told_whole() -> None:
    found = seen(content(), content(contacts=None, area=["UA-63", "UA-65"]))

    assert found[0] == ("area", "changed", ["UA-63"], ["UA-63", "UA-65"])
    assert [one[:2] for one in found[1:]] == [
        ("contacts[phone 1]", "removed"),
        ("contacts[web 1]", "removed"),
    ]


def test_the_same_content_has_no_change() -> None:
    assert changes(content(), content()) == ()


def test_no_word_of_a_listing_is_in_the_picture_of_a_change() -> None:
    (change,) = changes(content(), content(names={"en": "A quiet place", "uk": "Таємне місце"}))

    assert "місце" not in repr(change)

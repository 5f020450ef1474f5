"""Columns are known by what people call them, and one that is not known is never passed over."""

import pytest

from referral_directory.exchange.column_names import (
    FIXED,
    KINDS_OF_CONTACT,
    PARTS_OF_CONTACT,
    WHO_TITLES,
)
from referral_directory.exchange.columns import column, title
from referral_directory.exchange.headers import key_of
from referral_directory.exchange.rows import Refused
from tests.exchange.conftest import Planned
from tests.exchange.files import GOOD

KEYS = (
    *FIXED,
    *(f"who_{word}" for word in WHO_TITLES),
    *("name_en", "name_uk", "organization_fr", "summary_sw"),
    *(f"{kind}_{number}" for kind in KINDS_OF_CONTACT for number in (1, 2, 12)),
    *(f"{kind}_2_{part}" for kind in KINDS_OF_CONTACT for part in PARTS_OF_CONTACT),
    *(f"{kind}_1_label_{language}" for kind in KINDS_OF_CONTACT for language in ("en", "uk")),
)


@pytest.mark.parametrize("language", ["en", "uk"])
def test_every_header_that_we_write_is_read_back_as_its_column(language: str) -> None:
    assert {key: key_of(title(key, language)) for key in KEYS} == {key: key for key in KEYS}


@pytest.mark.parametrize("key", ["phones", "phone_0", "phone_1_colour", "name", "who_cat", ""])
def test_there_is_no_column_for_what_a_listing_does_not_have(key: str) -> None:
    assert column(key) is None


@pytest.mark.parametrize(
    ("header", "key"),
    [
        ("Телефон", "phone_1"),
        ("  ТЕЛЕФОН:  ", "phone_1"),
        ("Тел.", "phone_1"),
        ("Телефон 2", "phone_2"),
        ("Телефон №2", "phone_2"),
        ("phone2", "phone_2"),
        ("Phone hours", "phone_1_hours"),
        ("E-mail", "email_1"),
        ("Ел. пошта", "email_1"),
        ("Веб-сайт", "web_1"),
        ("Назва послуги (англ)", "name_en"),
        ("Name uk", "name_uk"),
        ("name_uk", "name_uk"),
        ("Графік роботи", "hours"),
        ("Область", "area"),
        ("Кого приймають", "who"),
        ("Опис", "summary_uk"),
        ("Безбар’єрно", "accessible"),
    ],
)
def test_people_name_their_columns_in_many_ways(header: str, key: str) -> None:
    assert key_of(header) == key


def test_a_column_that_is_not_known_stops_the_file_and_names_the_nearest(planned: Planned) -> None:
    plan = planned([GOOD | {"Lanuages spoken": "uk", "Adress": "Example street 1"}])
    assert not plan.ready
    assert {fault.column for fault in plan.faults} == {"Lanuages spoken", "Adress"}
    said = next(fault for fault in plan.faults if fault.column == "Adress")
    assert "Did you mean 'address'?" in said.mend
    assert said.row == 1


def test_a_person_maps_a_column_or_passes_it_over(planned: Planned) -> None:
    rows = [GOOD | {"Гаряча лінія (нова)": "+380440000002", "Our number": "17"}]
    mapped = {"Гаряча лінія (нова)": "phone_2", "Our number": "ignore"}
    plan = planned(rows, mapped=mapped)
    assert plan.ready
    content = plan.items[0].content
    assert content is not None
    assert [one["number"] for one in content["contacts"]] == ["+380440000001", "+380440000002"]


def test_mapping_a_column_that_is_not_there_is_refused_with_the_nearest(planned: Planned) -> None:
    with pytest.raises(Refused) as refused:
        planned([GOOD], mapped={"Phome": "phone_1"})
    assert "phone" in refused.value.mend.casefold()


def test_two_columns_of_one_name_are_two_numbers_but_no_two_names(planned: Planned) -> None:
    text = (
        "Name,Organisation,Needs,Area,Телефон,Телефон,Languages,Summary,Source\n"
        "Example,Org,legal.advice,UA,+380440000001,+380440000002,uk,It helps.,https://example.org\n"
    )
    content = planned(text).items[0].content
    assert content is not None
    assert [one["number"] for one in content["contacts"]] == ["+380440000001", "+380440000002"]
    plan = planned(text.replace("Телефон,Телефон", "Phone,Name"))
    assert ["same column" in fault.said for fault in plan.faults] == [True]


def test_a_column_with_cells_and_no_header_is_named_by_its_letter(planned: Planned) -> None:
    plan = planned("Name,Area,\nExample,UA,something\n")
    assert [(fault.column, fault.row) for fault in plan.faults] == [("C", 1)]

"""HSDS records that come in: nothing lost, nothing guessed, no person, and back as they came."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from referral_directory.exchange.hsds import Facts, ReadAs, contents_from, service_from
from referral_directory.exchange.rows import Content, Refused, Row
from tests.hsds.helpers import TODAY, book, contents, facts, hsds, listing
from tests.often import often

EXAMPLES = ("service_full", "service_list", "organization_full", "service_at_location_full")


def rows(*records: Any, **said: Any) -> tuple[Row, ...]:
    return contents_from(json.dumps(records).encode(), book(), **said)


def example(name: str) -> Any:
    return json.loads(hsds(f"examples/{name}.json").read_text(encoding="utf-8"))


def back(content: Content | None) -> dict[str, Any]:
    assert content is not None
    return service_from("ua-example", content, Facts("UA"), book(), TODAY)


def without_persons(value: Any, inside: str = "") -> Any:
    """A record as it may come back: no change log, nobody's name."""
    if isinstance(value, list):
        return [without_persons(one, inside) for one in value]
    if isinstance(value, dict):
        gone = {"metadata", "attention"} | ({"name"} if inside == "contacts" else set())
        return {key: without_persons(part, key) for key, part in value.items() if key not in gone}
    return value


def expected(name: str) -> list[Any]:
    """The services of an example, each whole."""
    value = example(name)
    if "contents" in value:
        return [without_persons(one) for one in value["contents"]]
    if "services" in value:
        owner = {key: part for key, part in value.items() if key != "services"}
        return [without_persons({"organization": owner} | one) for one in value["services"]]
    if "service" in value:
        place = {key: part for key, part in value.items() if key != "service"}
        whole = {**value["service"]}
        whole.setdefault("service_at_locations", [place])
        return [without_persons(whole)]
    return [without_persons(value)]


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_of_the_standard_comes_back_with_the_same_fields_and_values(name: str) -> None:
    data = json.dumps(example(name)).encode()
    read = contents_from(data, book())
    assert [row.rejected for row in read] == [False]
    assert [back(row.content) for row in read] == expected(name)


def test_what_is_understood_of_a_record_is_a_listing_of_ours() -> None:
    (row,) = rows(example("service_full"), as_=ReadAs(country="GB"))
    assert row.content is not None
    assert row.content["names"] == {"en": "Community Counselling"}
    assert row.content["contacts"][0] == {
        "kind": "phone",
        "number": "+441234234567",
        "languages": ["ur"],
    }
    assert row.content["area"] == ["GB"]
    assert row.content["needs"] == ["information"]
    assert row.content["cost"] == "paid"
    assert "rules" not in row.content["hours"]
    said = {fault.column: fault.severity for fault in row.faults}
    assert {"attributes", "schedules", "service_areas", "metadata", "contacts"} <= said.keys()
    assert set(said.values()) == {"warning"}
    kept = json.dumps(row.content)
    assert "Ann Persona" not in kept
    assert "A. Persona" not in kept
    assert '"metadata"' not in kept


def test_a_persons_own_number_and_mail_are_not_kept() -> None:
    record = example("service_full")
    for one in (record["contacts"][0], record["organization"]["contacts"][0]):
        one["email"] = "ann.persona@example.org"
        one["phones"] = [{"id": "8d1a7a3c-0000-4000-8000-000000000001", "number": "+380500000009"}]
    record["assurer_email"] = "ann.persona@example.org"
    kept = json.dumps(rows(record)[0].content)
    assert "ann.persona" not in kept
    assert "+380500000009" not in kept


def test_a_number_that_is_mended_here_is_nowhere_given_as_it_was() -> None:
    (row,) = rows(example("service_full"), as_=ReadAs(country="GB"))
    assert row.content is not None
    phone = {**row.content["contacts"][0], "number": "+441234000000"}
    record = back({**row.content, "contacts": [phone, *row.content["contacts"][1:]]})
    assert record["phones"][0]["number"] == "+441234000000"
    said = json.dumps(record)
    assert [old for old in ("1234 234567", "1234234567") if old in said] == []
    assert record["schedules"] == expected("service_full")[0]["schedules"]
    assert record["organization"]["funding"]


def test_an_address_that_is_hidden_here_is_nowhere_in_what_was_carried() -> None:
    (row,) = rows(example("service_full"))
    assert row.content is not None
    hidden = {**row.content["address"], "visibility": "operator_only"}
    said = json.dumps(back({**row.content, "address": hidden}))
    assert [
        word for word in ("Main Street", "MyVillage", "latitude", "ABC 1234") if word in said
    ] == []


def test_the_address_of_a_shelter_is_never_taken_for_public() -> None:
    record = example("service_full")
    record["attributes"][0]["taxonomy_term"]["name"] = "A safe place to stay"
    (row,) = rows(record)
    assert row.content is not None
    assert row.content["needs"] == ["shelter"]
    assert row.content["address"]["visibility"] == "operator_only"
    assert "Main Street" not in json.dumps(back(row.content))


def test_our_own_records_come_back_as_no_change() -> None:
    base = {name: (1, content) for name, content in contents().items()}
    records = []
    for name, content in contents().items():
        if content.get("visibility") is None and content.get("confidence") != "unverified":
            records.append(service_from(name, content, facts(name), book(), TODAY))
    read = rows(*records, base=base)
    assert len(read) > 150
    assert [row.id for row in read if row.content != base[row.id or ""][1]] == []


def test_a_partner_who_corrects_a_number_changes_nothing_else() -> None:
    stands = listing(
        contacts=[
            {"kind": "phone", "number": "+380440000001", "label": {"en": "Day", "uk": "Вдень"}},
            {"kind": "phone", "number": "+380440000002", "visibility": "operator_only"},
        ],
        notes="Ask for the night number.",
    )
    record = service_from("ua-harbour", stands, Facts("UA"), book(), TODAY)
    record["phones"][0]["number"] = "+380 44 000-00-05"
    (row,) = rows(record, base={"ua-harbour": (3, stands)})
    assert row.id == "ua-harbour"
    assert row.content is not None
    numbers = [one["number"] for one in row.content["contacts"]]
    assert numbers == ["+380440000005", "+380440000002"]
    same = {key: value for key, value in row.content.items() if key != "contacts"}
    assert same == {key: value for key, value in stands.items() if key != "contacts"}


def test_a_record_without_a_name_is_rejected_and_the_others_are_read() -> None:
    good = {"id": "8d1a7a3c-0000-4000-8000-000000000001", "name": "One", "status": "active"}
    bad = {"id": "8d1a7a3c-0000-4000-8000-000000000002", "name": "", "status": "active"}
    read = rows(good, bad, good)
    assert [row.rejected for row in read] == [False, True, True]
    assert "names.en" in {fault.column for fault in read[1].faults}
    assert read[2].faults[0].said == "It has the same id as row 1."


def test_arabic_digits_and_marks_that_turn_a_line_are_read_as_the_number_they_are() -> None:
    record = {
        "id": "8d1a7a3c-0000-4000-8000-000000000001",
        "name": "One",
        "status": "active",
        "phones": [{"number": "\u200e+٣٨٠ ٤٤ ٠٠٠ ٠٠ ٠١"}, {"number": "call me"}],
    }
    (row,) = rows(record)
    assert row.content is not None
    assert [one["number"] for one in row.content["contacts"]] == ["+380440000001"]
    assert "A number cannot be read." in {fault.said for fault in row.faults}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\xff\xfe{}", "encoding"),
        (b"{", "kind"),
        (b"[" * 100_000, "bomb"),
        (b'{"a": NaN}', "kind"),
        (b'{"id": 1, "name": "\\ud800", "status": "active"}', "kind"),
        (b'{"id": 1, "id": 2}', "kind"),
        (b"[1, 2]", "kind"),
        (b"{}", "kind"),
        (b" " * (33 * 1024 * 1024), "too_large"),
    ],
)
def test_a_file_that_is_no_list_of_services_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        contents_from(data, book())
    assert refused.value.code == code


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["id", "name", "number", "url", "email", "code", "byday", "opens_at", "addresses"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)
FIELDS = (
    *("name", "phones", "schedules", "service_areas", "service_at_locations", "languages", "url"),
    *("organization", "attributes", "contacts", "cost_options", "additional_urls", "minimum_age"),
    *("description", "email", "last_modified", "location"),
)


@settings(max_examples=often(100))
@given(st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=6))
def test_whatever_a_record_holds_it_is_read_or_its_fault_is_named(record: dict[str, Any]) -> None:
    (row,) = rows({**record, "status": "active"})
    if row.content is None:
        assert row.rejected
        assert row.faults
    else:
        back(row.content)

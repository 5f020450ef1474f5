"""Records that come in every form, and again: only what a partner changed is a change."""

import json
from typing import Any

import pytest

from referral_directory.exchange.hsds import Facts, contents_from, service_from
from referral_directory.exchange.hsds_tables import Broken
from referral_directory.exchange.rows import Content, Refused, Row
from tests.hsds.helpers import TODAY, book, hsds, listing

ONE = {"id": "8d1a7a3c-0000-4000-8000-000000000001", "name": "One", "status": "active"}
TWO = {"id": "8d1a7a3c-0000-4000-8000-000000000002", "name": "Two", "status": "active"}
OWNER = {"id": "8d1a7a3c-0000-4000-8000-000000000003", "name": "Harbour", "description": "Helps."}


def names(data: bytes) -> list[tuple[str, str, str]]:
    """Place, name and organisation of every service in a file."""
    found = []
    for row in contents_from(data, book()):
        assert row.content is not None, row.faults
        content = row.content
        found.append((row.where, content["names"]["en"], content["organization"]["en"]))
    return found


def again(stands: Content, **said: Any) -> Row:
    """A listing that stands, and our own record of it with something said otherwise."""
    record = service_from("ua-harbour", stands, Facts("UA"), book(), TODAY)
    record = {key: value for key, value in (record | said).items() if value is not None}
    (row,) = contents_from(json.dumps(record).encode(), book(), base={"ua-harbour": (1, stands)})
    assert row.id == "ua-harbour"
    return row


def test_services_are_found_in_every_form_that_a_file_has() -> None:
    owned = {**ONE, "organization_id": OWNER["id"]}
    assert names(json.dumps(ONE).encode()) == [("service", "One", "One")]
    assert [where for where, *_ in names(json.dumps([ONE, TWO]).encode())] == ["[0]", "[1]"]
    lines = f"{json.dumps(ONE)}\n\n{json.dumps(TWO)}\n".encode()
    assert [name for _, name, _ in names(lines)] == ["One", "Two"]
    package: dict[str, Any] = {
        "organizations": [{**OWNER, "services": [TWO]}],
        "services": [owned, {**ONE, **TWO}],
    }
    package["services"][1]["id"] = "8d1a7a3c-0000-4000-8000-000000000009"
    assert names(json.dumps(package).encode()) == [
        ("organizations[0].services[0]", "Two", "Harbour"),
        ("services[0]", "One", "Harbour"),
        ("services[1]", "Two", "Two"),
    ]
    tables = {"services.csv": [owned], "organizations.csv": [OWNER], "other": "x"}
    assert names(json.dumps(tables).encode()) == [("services.csv, row 2", "One", "Harbour")]
    with pytest.raises(Broken):
        contents_from(json.dumps({"services.csv": [owned]}).encode(), book())
    with pytest.raises(Refused):
        contents_from(f"{json.dumps(ONE)}\n{{\n".encode(), book())


def test_what_a_partner_says_otherwise_is_taken_and_the_rest_stays() -> None:
    stands = listing(
        needs=["psychosocial.counselling", "lgbt"],
        who={"woman": "yes", "lgbtqi": "yes", "man": "yes"},
        hours={"printed": "9-18", "rules": "Mo-Fr 09:00-18:00", "zone": "Europe/Kyiv"},
        cost="free",
        run_by="ngo",
    )
    assert again(stands).content == stands
    row = again(
        stands,
        name="Harbour House for all",
        schedules=None,
        cost_options=[{"id": ONE["id"], "amount": 5}],
        status="temporarily closed",
        attributes=[{"id": TWO["id"], "taxonomy_term": {"id": ONE["id"], "name": "A lawyer"}}],
    )
    assert row.content is not None
    changed = {key: v for key, v in row.content.items() if stands.get(key) != v}
    assert changed == {
        "names": {"en": "Harbour House for all", "uk": "Гавань"},
        "needs": ["legal.advice", "lgbt"],
        "who": {"lgbtqi": "yes"},
        "cost": "paid",
        "status": "temporarily_closed",
    }
    assert set(stands) - set(row.content) == {"hours"}


def test_a_contact_that_is_not_public_is_not_made_so_by_a_partner_who_names_it() -> None:
    hidden = {"kind": "phone", "number": "+380440000002", "visibility": "operator_only"}
    stands = listing(contacts=[{"kind": "phone", "number": "+380440000001"}, hidden])
    row = again(stands, phones=[{"id": ONE["id"], "number": "+380440000002"}])
    assert row.content is not None
    assert row.content["contacts"] == [hidden]


def test_a_record_of_a_partner_that_comes_again_as_it_was_is_no_change() -> None:
    data = hsds("examples/service_full.json").read_bytes()
    (first,) = contents_from(data, book())
    assert first.content is not None
    base = {"ua-example": (1, first.content)}
    (second,) = contents_from(data, book(), base=base)
    assert (second.id, second.content) == ("ua-example", first.content)
    given = service_from("ua-example", first.content, Facts("UA"), book(), TODAY)
    (third,) = contents_from(json.dumps(given).encode(), book(), base=base)
    assert third.content == first.content
    changed = json.loads(data) | {"wait_time": "Two weeks"}
    (fourth,) = contents_from(json.dumps(changed).encode(), book(), base=base)
    assert fourth.content is not None
    assert fourth.content["carried"]["hsds"]["wait_time"] == "Two weeks"
    assert {k: v for k, v in fourth.content.items() if k != "carried"} == {
        k: v for k, v in first.content.items() if k != "carried"
    }


def test_a_record_too_large_to_carry_is_taken_without_what_is_not_ours() -> None:
    large = {**ONE, "funding": [{"id": TWO["id"], "source": "x" * 50_000}]}
    (row,) = contents_from(json.dumps(large).encode(), book())
    assert row.content is not None
    assert "carried" not in row.content
    assert "The record is too large to be carried." in {fault.said for fault in row.faults}

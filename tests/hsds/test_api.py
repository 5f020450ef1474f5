"""What partners may read: as the standard says, and only what is public at this moment."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.channels import limits as limits_room
from bot.channels.limits import Limits, Size
from referral_directory.exchange.hsds_ids import uuid_of
from tests.hsds.helpers import directory, faults_of
from tests.hsds.partners import Partner, an_api, first

LISTS = ("services", "organizations", "taxonomies", "taxonomy_terms", "service_at_locations")
SCHEMAS = {
    "services": ("service_list", "service"),
    "organizations": ("organization_list", "organization"),
    "service_at_locations": ("service_at_location_list", "service_at_location"),
}
PAGE = {
    *("total_items", "total_pages", "page_number", "size", "first_page", "last_page", "empty"),
    "contents",
}


async def every(api: Partner, path: str) -> list[Any]:
    """All records of a list, page by page, with every page as it must be."""
    records: list[Any] = []
    page = {"total_pages": 1}
    number = 0
    while number < page["total_pages"]:
        number += 1
        page = await api.get(f"{path}{'&' if '?' in path else '?'}page={number}")
        assert page.keys() == PAGE
        assert page["page_number"] == number
        assert page["size"] == len(page["contents"])
        assert (page["first_page"], page["empty"]) == (number == 1, not page["contents"])
        assert page["last_page"] == (number == page["total_pages"])
        records += page["contents"]
    assert len(records) == page["total_items"]
    assert len({one["id"] for one in records}) == len(records)
    return records


async def test_every_page_and_every_record_of_all_packs_is_as_the_standard_says(
    tmp_path: Path,
) -> None:
    async with an_api(tmp_path, directory().entries) as api:
        full: list[Any] = []
        for name in ("services", "organizations", "service_at_locations"):
            listed, whole = SCHEMAS[name]
            records = await every(api, f"/{name}")
            full = await every(api, f"/{name}?full=true")
            assert [one["id"] for one in full] == [one["id"] for one in records]
            faults = [fault for one in records for fault in faults_of(listed, one)]
            faults += [fault for one in full for fault in faults_of(whole, one)]
            assert faults == []
            assert [k for one in records for k, v in one.items() if isinstance(v, list)] == []
        for record in full[::7]:
            for name, its in (
                ("services", record["service"]["id"]),
                ("organizations", record["service"]["organization"]["id"]),
                ("service_at_locations", record["id"]),
            ):
                one = await api.get(f"/{name}/{its}")
                assert one["id"] == its
                assert faults_of(SCHEMAS[name][1], one) == []
        for name in ("taxonomies", "taxonomy_terms"):
            for record in await every(api, f"/{name}"):
                assert await api.get(f"/{name}/{record['id']}") == record
        assert len(await every(api, "/services?per_page=500")) > 150


async def test_the_root_says_what_it_is_and_where_it_is_described(
    reader: Partner,
) -> None:
    about = await reader.get("/")
    assert about["version"] == "3.1"
    assert about["openapi_url"] == f"{reader.url}/openapi.json"
    described = await reader.get("/openapi.json")
    assert described["openapi"].startswith("3.1")
    assert set(described["paths"]) == {
        "/",
        *(f"/{name}" for name in LISTS),
        *(f"/{name}/{{id}}" for name in LISTS),
    }


async def test_a_search_in_the_body_finds_what_one_in_the_address_finds(reader: Partner) -> None:
    asked = {"search": "HOTLINE", "per_page": 3, "full": False}
    post = await reader.ask("POST", "/services", json=asked)
    assert post.status == 200
    assert post.record == await reader.get("/services?search=hotline&per_page=3&full=false")
    assert (await reader.ask("POST", "/services")).record == await reader.get("/services")


async def test_filters_add_up_and_a_term_stands_for_those_below_it(reader: Partner) -> None:
    services = (await reader.get("/services?full=true"))["contents"]
    terms = await every(reader, "/taxonomy_terms")
    legal = next(one for one in terms if one["code"] == "legal")
    codes = {
        one["id"]: {a["taxonomy_term"]["code"].partition(".")[0] for a in one["attributes"]}
        for one in services
    }
    wanted = {name for name, its in codes.items() if "legal" in its}
    assert 0 < len(wanted) < len(services)
    assert await reader.ids(f"/services?taxonomy_term_id={legal['id']}") == wanted
    owner = services[0]["organization"]["id"]
    its = {one["id"] for one in services if one["organization"]["id"] == owner}
    assert await reader.ids(f"/services?organization_id={owner}") == its
    both = f"/services?organization_id={owner}&taxonomy_term_id={legal['id']}"
    assert await reader.ids(both) == its & wanted
    top = await every(reader, "/taxonomy_terms?top_only=true")
    assert "parent_id" not in {key for one in top for key in one}
    below = await every(reader, f"/taxonomy_terms?parent_id={legal['id']}")
    assert {one["code"].partition(".")[0] for one in below} == {"legal"}
    none = await reader.get(f"/services?taxonomy_term_id={uuid_of('none')}")
    assert (none["empty"], none["total_items"], none["contents"]) == (True, 0, [])
    assert none.keys() == PAGE


async def test_a_short_list_for_comparing_is_one_page_of_ids_and_days(reader: Partner) -> None:
    page = await reader.get("/services?minimal=true")
    assert page["size"] == page["total_items"] == 12
    assert {tuple(one) for one in page["contents"]} == {("id", "name", "status", "modified_date")}
    assert [fault for one in page["contents"] for fault in faults_of("service_list", one)] == []
    assert (await reader.get("/services?modified_after=2026-11-23"))["total_items"] == 12
    assert (await reader.get("/services?modified_after=2026-11-23T23:59:59Z"))["total_items"] == 12
    assert (await reader.get("/services?modified_after=2026-11-24T00:00:00%2B00:00"))["empty"]


async def test_all_records_come_one_a_line_when_asked_for_so(reader: Partner) -> None:
    answer = await reader.ask("GET", "/services?format=ndjson&full=true")
    assert answer.headers["Content-Type"].startswith("application/x-ndjson")
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert lines == (await reader.get("/services?full=true"))["contents"]


ILL_ASKED = (
    ("/services?page=0", "page"),
    ("/services?page=x", "page"),
    ("/services?per_page=501", "per_page"),
    ("/services?per_page=101&full=true", "per_page"),
    ("/services?full=maybe", "full"),
    ("/services?format=xml", "format"),
    ("/services?modified_after=yesterday", "modified_after"),
    ("/services?minimum_age=18", "minimum_age"),
    ("/services?page=1&page=2", "query"),
    ("/services?search=" + "x" * 300, "search"),
    ("/taxonomies?taxonomy_id=x", "taxonomy_id"),
    ("/service_at_locations?postcode=01001&proximity=500", "postcode"),
    ("/services/x?full=true", "full"),
)
ILL_SENT = (
    ("{", "application/json", 400),
    ("[]", "application/json", 400),
    ('{"search": ["a"]}', "application/json", 400),
    ('{"page": true}', "application/json", 400),
    ('{"search": "\\ud800"}', "application/json", 400),
    ('{"page": ' + "9" * 5000 + "}", "application/json", 400),
    ("[" * 9000, "application/json", 400),
    ("search=a", "application/x-www-form-urlencoded", 415),
    ('{"search": "' + "x" * 20_000 + '"}', "application/json", 413),
)


async def test_what_cannot_be_answered_is_refused_with_what_helps(reader: Partner) -> None:
    for path, field in ILL_ASKED:
        answer = await reader.ask("GET", path)
        assert (answer.status, answer.record["field"]) == (400, field), path
        assert answer.record["error"]
        assert answer.record["mend"]
        assert "yesterday" not in answer.text
    for data, kind, status in ILL_SENT:
        answer = await reader.ask("POST", "/services", data=data, headers={"Content-Type": kind})
        assert answer.status == status, data[:30]
        assert answer.record["mend"]


async def test_only_a_key_that_counts_opens_anything(reader: Partner) -> None:
    paths = [f"/{name}" for name in LISTS] + [f"/{name}/{uuid_of('x')}" for name in LISTS]
    revoked, text = reader.staff.keys.create("Old partner", ["hsds.read"], "anna")
    reader.staff.keys.revoke(revoked.id, "anna")
    for path in paths:
        for key in ("", "ql_" + "x" * 43, text, reader.key[:-1]):
            answer = await reader.ask("GET", path, headers={"Authorization": f"Bearer {key}"})
            assert answer.status == 401
            assert answer.headers["WWW-Authenticate"] == "Bearer"
    own = {"Authorization": "", "X-API-Key": reader.key}
    assert (await reader.ask("GET", "/services", headers=own)).status == 200
    two = {"Authorization": f"Bearer {text}", "X-API-Key": reader.key}
    assert (await reader.ask("GET", "/services", headers=two)).status == 401


async def test_every_answer_lets_no_other_origin_in(
    reader: Partner,
) -> None:
    for method, path, status in (
        ("GET", "/", 200),
        ("GET", "/services", 200),
        ("GET", "/services?format=ndjson", 200),
        ("GET", "/services?page=0", 400),
        ("GET", f"/services/{uuid_of('none')}", 404),
        ("GET", "/nowhere", 404),
        ("PUT", "/services", 405),
        ("OPTIONS", "/services", 405),
    ):
        answer = await reader.ask(method, path, headers={"Origin": "https://elsewhere.example.org"})
        assert answer.status == status, path
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert not {"Access-Control-Allow-Origin", "Server", "Set-Cookie"} & answer.headers.keys()


async def test_one_key_may_not_ask_without_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(limits_room.SIZES, "network", Size(5, 1))
    async with an_api(tmp_path, first(1), Limits(clock=lambda: 0.0)) as api:
        answers = [await api.ask("GET", "/taxonomies") for _ in range(6)]
        assert [one.status for one in answers] == [200] * 5 + [429]
        assert int(answers[-1].headers["Retry-After"]) >= 1
        _, api.key = api.staff.keys.create("Another partner", ["hsds.read"], "anna")
        assert (await api.ask("GET", "/taxonomies")).status == 200


async def test_a_key_for_something_else_opens_nothing(tmp_path: Path) -> None:
    @dataclass
    class Other:
        id: str = "k1"
        scopes: tuple[str, ...] = ("something.else",)

    async with an_api(tmp_path, first(1), verify=lambda _text: Other()) as api:
        answer = await api.ask("GET", "/services")
        assert (answer.status, answer.record["mend"]) == (403, "It needs hsds.read.")

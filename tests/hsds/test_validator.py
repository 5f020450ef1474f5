"""What a validator of Open Referral looks at, done by its rules on the description that we serve.

As checks 2 to 4 of the ORUK validator: collections first, then each record by its id; the first,
the middle and the last page; every body against the schema that the description names for it.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from referral_directory import Directory
from tests.hsds.helpers import directory
from tests.hsds.partners import Partner, an_api

Spec = Mapping[str, Any]


def against(spec: Spec, schema: Mapping[str, Any], body: Any) -> list[str]:
    """What a schema of the description has against a body."""
    whole = {**schema, "components": spec["components"]}
    checker = Draft202012Validator(whole, format_checker=Draft202012Validator.FORMAT_CHECKER)
    return [f"{fault.json_path}: {fault.message}" for fault in checker.iter_errors(body)]


def schema_of(spec: Spec, path: str) -> Mapping[str, Any]:
    answer = spec["paths"][path]["get"]["responses"]["200"]
    schema: Mapping[str, Any] = answer["content"]["application/json"]["schema"]
    return schema


async def test_a_validator_finds_nothing_to_say(tmp_path: Path) -> None:
    whole: Directory = directory()
    entries = dict(list(whole.entries.items())[::5])
    async with an_api(tmp_path, entries) as api:
        spec = await api.get("/openapi.json")
        found = [f"/: {one}" for one in against(spec, schema_of(spec, "/"), await api.get("/"))]
        lists = [path for path in spec["paths"] if path != "/" and "{id}" not in path]
        assert len(lists) == 5
        for path in lists:
            first = await api.get(path)
            assert first["total_items"] > 0, "an empty feed is a warning"
            last = first["total_pages"]
            for number in {1, max(1, last // 2), last}:
                page = await api.get(f"{path}?page={number}")
                found += [f"{path}: {one}" for one in against(spec, schema_of(spec, path), page)]
                assert page["first_page"] == (number == 1)
                assert page["last_page"] == (number == last)
            schema = schema_of(spec, f"{path}/{{id}}")
            for record in first["contents"][::10]:
                body = await api.get(f"{path}/{record['id']}")
                found += [f"{path}/…: {one}" for one in against(spec, schema, body)]
            assert (await api.ask("GET", f"{path}/nothing")).status == 404
        assert found == []


async def test_the_description_says_everything_that_a_reader_needs(reader: Partner) -> None:
    spec = await reader.get("/openapi.json")
    assert spec["openapi"] == "3.1.0"
    assert {"title", "version", "description", "license"} <= spec["info"].keys()
    operations = [
        (path, method, one) for path, its in spec["paths"].items() for method, one in its.items()
    ]
    assert len({one["operationId"] for _, _, one in operations}) == len(operations) == 16
    for path, method, one in operations:
        assert one["summary"], path
        assert one["description"], path
        assert one["tags"] in (["Required"], ["Optional"])
        assert "200" in one["responses"]
        if path != "/":
            assert {"400", "401", "403", "429", "503"} <= one["responses"].keys()
        assert ("requestBody" in one) == (method == "post")
    assert [ref for ref in refs(spec) if not resolves(spec, ref)] == []
    Draft202012Validator.check_schema({"$defs": spec["components"]["schemas"]})


def refs(value: Any) -> list[str]:
    """Everything that a description refers to."""
    if isinstance(value, dict):
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [ref for part in value.values() for ref in refs(part)]
    return [ref for part in value for ref in refs(part)] if isinstance(value, list) else []


def resolves(spec: Spec, ref: str) -> bool:
    """Whether it leads to something in the description itself."""
    here: Any = spec
    for part in ref.removeprefix("#/").split("/"):
        here = here.get(part) if isinstance(here, dict) else None
    return ref.startswith("#/") and here is not None

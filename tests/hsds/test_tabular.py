"""Tabular packages: refused when they do not hold together, and the same records both ways."""

import csv
import io
import json
import zipfile
from pathlib import Path

import pytest

from referral_directory.exchange.hsds import NotPublic, rows_from, service_from
from referral_directory.exchange.hsds_tables import Broken
from referral_directory.exchange.rows import Refused
from referral_directory.exchange.tabular import package_files, package_zip, read_package
from tests.hsds.helpers import TODAY, book, contents, facts, hsds, listing

FOUR = {
    ("contacts.csv, organization_id", 2, "ae67a707-5893-4225-b0b1-320ab9cb596b"),
    ("contacts.csv, service_at_location_id", 2, "93eaf18d-1cd2-4ec7-bffb-3c9172ee5070"),
    ("locations.csv, organization_id", 2, "985e4a42-bd9f-4edc-911d-0243a4640aca"),
    ("taxonomy_terms.csv, taxonomy_id", 2, "07ff6aee-a219-438c-b694-d2fcb6c5373b"),
}
ONE = b"id,name,status\n8d1a7a3c-0000-4000-8000-000000000001,One,active\n"


def zipped(files: dict[str, bytes]) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return whole.getvalue()


def named(broken: Broken) -> set[tuple[str, int, str]]:
    return {(fault.column, fault.row, fault.said.split("'")[1]) for fault in broken.faults}


def test_the_broken_package_is_refused_with_its_four_keys_named() -> None:
    folder = hsds("csv-3.0-broken")
    with pytest.raises(Broken) as broken:
        read_package(folder)
    assert named(broken.value) == FOUR
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(Broken) as broken:
        read_package(zipped(files))
    assert named(broken.value) == FOUR
    assert all(value in str(broken.value) for _, _, value in FOUR)


def test_the_same_package_mended_is_the_example_of_the_standard(tmp_path: Path) -> None:
    for path in hsds("csv-3.0-broken").iterdir():
        text = path.read_text(encoding="utf-8")
        for wrong, right in (
            ("ae67a707-5893-4225-b0b1-320ab9cb596b", "d9d5e0f5-d3ce-4f73-9a2f-4dd0ecc6c610"),
            ("93eaf18d-1cd2-4ec7-bffb-3c9172ee5070", "e94c9f38-1e8f-4564-91d4-d53501ab1765"),
            ("985e4a42-bd9f-4edc-911d-0243a4640aca", "d9d5e0f5-d3ce-4f73-9a2f-4dd0ecc6c610"),
            ("07ff6aee-a219-438c-b694-d2fcb6c5373b", "5c4d79d7-cc55-470e-9f1f-8cad074e4892"),
            ("f28dd44b-0c4d-479f-8e90-4c52219a8b3c", "ac148810-d857-441c-9679-408f346de14b"),
        ):
            text = text.replace(wrong, right)
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    ((where, record),) = read_package(tmp_path)
    assert where == "services.csv, row 2"
    example = json.loads(hsds("examples/service_full.json").read_text(encoding="utf-8"))
    for key in (
        "name",
        "status",
        "minimum_age",
        "schedules",
        "languages",
        "cost_options",
        "program",
    ):
        assert record[key] == example[key], key
    assert record["organization"]["locations"][0]["addresses"][0]["city"] == "MyCity"
    assert record["attributes"][0]["taxonomy_term"]["name"] == "name"
    (row,) = rows_from([(where, record)], book())
    assert row.content is not None
    assert "Ann Persona" not in json.dumps(row.content)


def test_the_packs_go_out_as_a_package_and_come_back_the_same() -> None:
    records = {}
    for name, content in contents().items():
        try:
            record = service_from(name, content, facts(name), book(), TODAY)
        except NotPublic:
            continue
        records[record["id"]] = record
    package = package_zip(records.values())
    assert package == package_zip(records.values())
    back = {record["id"]: record for _, record in read_package(package)}
    assert back.keys() == records.keys()
    for name, record in records.items():
        assert without_ids(back[name]) == without_ids(record)


def without_ids(value: object) -> object:
    """What is said, without the names of its parts and where they hang."""
    if isinstance(value, list):
        return [without_ids(one) for one in value]
    if isinstance(value, dict):
        return {key: without_ids(part) for key, part in value.items() if not key.endswith("id")}
    return value


def test_cells_are_inert_in_a_spreadsheet_and_read_as_they_were() -> None:
    formula = '=HYPERLINK("https://example.org";"x")'
    content = listing(names={"en": formula}, summary={"en": "-2+3 cmd|' /C calc'!A0"})
    record = service_from("ua-x", content, facts("ua-src-kyiv"), book(), TODAY)
    files = package_files([record])
    cells = list(csv.reader(io.StringIO(files["services.csv"].decode())))
    assert [cell for row in cells for cell in row if cell[:1] in {"=", "@", "-", "\t"}] == []
    phones = list(csv.DictReader(io.StringIO(files["phones.csv"].decode())))
    assert phones[0]["number"] == "+380440000001"
    ((_, back),) = read_package(zipped(files))
    assert (back["name"], back["description"]) == (formula, content["summary"]["en"])


def test_a_descriptor_declares_the_keys_that_hold() -> None:
    record = service_from("ua-x", listing(), facts("ua-src-kyiv"), book(), TODAY)
    files = package_files([record])
    described = json.loads(files["datapackage.json"])
    assert {one["path"] for one in described["resources"]} == files.keys() - {"datapackage.json"}
    phones = next(one for one in described["resources"] if one["name"] == "phones")
    reference = {"resource": "services", "fields": "id"}
    assert {"fields": "service_id", "reference": reference} in phones["schema"]["foreignKeys"]


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({"phones.csv": b"id,number\n1,2\n"}, "kind"),
        ({"services.csv": b"\xff\xff"}, "encoding"),
        ({"services.csv": b"name\nOne\n"}, "kind"),
        ({"services.csv": ONE + b"a,b\n"}, "kind"),
        ({"services.csv": b'id,name,status\n"'}, "kind"),
        ({"../services.csv": ONE}, "paths"),
        ({"a/services.csv": ONE, "b/phones.csv": ONE}, "paths"),
        ({"services.csv": b"\x00" * (40 * 1024 * 1024)}, "bomb"),
        ({f"t{number}.csv": ONE for number in range(70)}, "bomb"),
    ],
)
def test_a_package_that_is_none_is_refused(files: dict[str, bytes], code: str) -> None:
    with pytest.raises(Refused) as refused:
        read_package(zipped(files))
    assert refused.value.code == code


def test_a_link_in_a_zip_or_a_folder_is_not_followed(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("services.csv")
    link.external_attr = 0o120777 << 16
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(Refused) as refused:
        read_package(whole.getvalue())
    assert refused.value.code == "paths"
    (tmp_path / "services.csv").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Refused):
        read_package(tmp_path)


def test_rows_that_are_wrong_are_named_with_table_and_place() -> None:
    text = b"id,name,status,minimum_age\na,One,active,old\na,,active,\n"
    with pytest.raises(Broken) as broken:
        read_package(zipped({"services.csv": text}))
    said = {(fault.column, fault.row, fault.said) for fault in broken.value.faults}
    assert said == {
        ("services.csv, minimum_age", 2, "'old' is no number."),
        ("services.csv, name", 3, "It is empty."),
        ("services.csv, id", 3, "'a' stands twice."),
    }

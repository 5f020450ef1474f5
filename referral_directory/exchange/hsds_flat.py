"""Full service records as the tables of a package: the way back of `hsds_tables.py`.

It decides how a part that stands in several records is written once. It adds nothing but keys.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from referral_directory.exchange.hsds_ids import uuid_of
from referral_directory.exchange.hsds_shape import ENTITIES

Rows = dict[str, dict[str, dict[str, Any]]]
"""The rows of each entity by their id."""


def tables_of(services: Iterable[Mapping[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """The rows of every entity that the records hold, in the order in which they were met."""
    rows: Rows = {}
    for service in services:
        _put(rows, "service", service, {})
    return {entity: list(its.values()) for entity, its in rows.items()}


def columns_of(entity: str) -> tuple[str, ...]:
    """The columns of a table, as the standard orders them."""
    shape = ENTITIES[entity]
    return (shape.fields[0], *shape.keys, *shape.fields[1:])


def _put(rows: Rows, entity: str, record: Mapping[str, Any], above: Mapping[str, str]) -> str:
    """Writes a record and all that stands in it; the id under which it was written."""
    shape = ENTITIES[entity]
    row = {**{key: record[key] for key in shape.fields if key in record}, **above}
    for key, other in shape.one.items():
        if key in record:
            column = next(column for column, of in shape.keys.items() if of == other)
            row[column] = _put(rows, other, record[key], {})
    name = _merge(rows.setdefault(entity, {}), row)
    for key, other in shape.many.items():
        for part in record.get(key, ()):
            _put(rows, other, part, _key_to(entity, name, other))
    return name


def _key_to(entity: str, name: str, child: str) -> dict[str, str]:
    if child == "attribute":
        return {"link_id": name, "link_entity": entity}
    return {column: name for column, of in ENTITIES[child].keys.items() if of == entity}


def _merge(there: dict[str, dict[str, Any]], row: dict[str, Any]) -> str:
    """One row for one id, with the keys of all places it stands in.

    A table has room for one key of a kind: what stands under two services is written twice.
    """
    name = str(row["id"])
    known = there.get(name)
    if known is not None and any(known.get(key, value) != value for key, value in row.items()):
        own = [str(value) for key, value in sorted(row.items()) if key.endswith("_id")]
        row = row | {"id": uuid_of("row", name, *own)}
        name = row["id"]
        known = there.get(name)
    there[name] = {**(known or {}), **row}
    return name

"""The tables of an HSDS package: checked for what they refer to, then nested, and flattened again.

It decides whether a package holds together. A key that leads nowhere refuses the whole package:
which organisation a number belongs to is not a thing to guess.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from referral_directory.exchange.hsds_shape import BY_TABLE, ENTITIES, NUMBERS, REQUIRED
from referral_directory.exchange.rows import Fault, Refused

TableRow = Mapping[str, Any]
Tables = Mapping[str, Sequence[TableRow]]
"""The rows of each table by its name without `.csv`; a value is a text or a number."""
MOST_FAULTS: Final = 1_000
_FIRST_ROW: Final = 2
"""As a person sees it: the header is line 1."""


class Broken(Refused):
    """A package that does not hold together. `faults`: table, row, column and value of each."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(
            "keys",
            f"The package has {len(faults)} faults; nothing of it was taken.",
            "Mend the rows that are named, and read the package again.",
        )
        self.faults = tuple(faults[:MOST_FAULTS])

    def __str__(self) -> str:
        return "\n".join([super().__str__(), *(f"    {fault}" for fault in self.faults)])


def services_of(tables: Tables) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every service of a package as a full record, with where it stands. Raises `Broken`."""
    known = {BY_TABLE[name]: rows for name, rows in tables.items() if name in BY_TABLE}
    if faults := list(_faults(known)):
        raise Broken(faults)
    nest = _Nest(known)
    for number, row in enumerate(known.get("service", ()), start=_FIRST_ROW):
        yield f"services.csv, row {number}", nest.record("service", str(row["id"]))


def _faults(known: Mapping[str, Sequence[TableRow]]) -> Iterator[Fault]:
    ids = {entity: _ids(rows) for entity, rows in known.items()}
    for entity, rows in known.items():
        shape = ENTITIES[entity]
        seen: set[str] = set()
        for number, row in enumerate(rows, start=_FIRST_ROW):
            for column in ("id", *REQUIRED.get(entity, ())):
                if _empty(row.get(column)):
                    yield _fault(shape.table, number, column, "It is empty.", "It is required.")
            name = str(row.get("id"))
            if name in seen:
                yield _fault(shape.table, number, "id", f"'{name}' stands twice.", "Keep one.")
            seen.add(name)
            for column, other in shape.keys.items():
                value = row.get(column)
                if not _empty(value) and str(value) not in ids.get(other, ()):
                    table = ENTITIES[other].table
                    said = f"'{value}' is the id of no row in {table}.csv."
                    yield _fault(
                        shape.table, number, column, said, "Add that row, or mend the key."
                    )
            for column in NUMBERS & row.keys():
                if not _empty(row[column]) and _number(row[column]) is None:
                    said = f"'{str(row[column])[:40]}' is no number."
                    yield _fault(shape.table, number, column, said, "Write digits alone.")


def _fault(table: str, row: int, column: str, said: str, mend: str) -> Fault:
    return Fault(row, f"{table}.csv, {column}", said, mend)


def _ids(rows: Sequence[TableRow]) -> frozenset[str]:
    return frozenset(str(row["id"]) for row in rows if not _empty(row.get("id")))


def _empty(value: object) -> bool:
    return value is None or value == ""


def _number(value: object) -> int | float | None:
    if isinstance(value, int | float):
        return value
    try:
        made = float(str(value))
    except ValueError:
        return None
    if made != made or made in {float("inf"), float("-inf")}:  # noqa: PLR0124  (not a number)
        return None
    return int(made) if made == int(made) else made


@dataclass
class _Nest:
    """Tables on the way to records. Equal parts are made once and shared."""

    tables: Mapping[str, Sequence[TableRow]]
    _rows: dict[str, dict[str, TableRow]] = field(init=False)
    _below: dict[tuple[str, str, str], list[str]] = field(init=False)
    _made: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._rows = {
            entity: {str(row["id"]): row for row in rows} for entity, rows in self.tables.items()
        }
        self._below = {}
        for entity, rows in self._rows.items():
            for name, row in rows.items():
                for parent, above in _parents(entity, row):
                    self._below.setdefault((parent, above, entity), []).append(name)

    def record(self, entity: str, name: str) -> dict[str, Any]:
        """One record with all that stands in it."""
        if (entity, name) in self._made:
            return self._made[entity, name]
        shape, row = ENTITIES[entity], self._rows[entity][name]
        made: dict[str, Any] = {}
        for key in shape.fields:
            value = row.get(key)
            if not _empty(value):
                made[key] = _number(value) if key in NUMBERS else str(value)
        for key, other in shape.one.items():
            column = next(column for column, of in shape.keys.items() if of == other)
            if not _empty(row.get(column)):
                made[key] = self.record(other, str(row[column]))
        for key, other in shape.many.items():
            owner = "" if other == "attribute" else entity
            below = self._below.get((owner, name, other), ())
            if below:
                made[key] = [self.record(other, one) for one in below]
        self._made[entity, name] = made
        return made


def _parents(entity: str, row: TableRow) -> Iterator[tuple[str, str]]:
    if entity == "attribute":
        yield "", str(row.get("link_id"))
        return
    for column, other in ENTITIES[entity].keys.items():
        if not _empty(row.get(column)):
            yield other, str(row[column])

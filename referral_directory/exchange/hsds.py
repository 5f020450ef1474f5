"""HSDS in and out: a listing as a full service record, and records as rows to be planned.

It decides what of a record counts as a change to a listing that stands: only what differs from
what we would write of it ourselves. It confirms nothing, and gives out nothing that is not public.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from pydantic import ValidationError

from referral_directory.exchange.hsds_book import Book, Facts, NotPublic, hidden_values
from referral_directory.exchange.hsds_carried import kept, restored, too_large, without_places
from referral_directory.exchange.hsds_forms import services_in
from referral_directory.exchange.hsds_ids import CARRIED, as_uuid, carried, service_id, uuid_of
from referral_directory.exchange.hsds_in import listing_from
from referral_directory.exchange.hsds_merge import taken_over
from referral_directory.exchange.hsds_out import service_record
from referral_directory.exchange.hsds_reading import ReadAs, Said
from referral_directory.exchange.rows import Base, Content, Fault, Row
from referral_directory.pack import AddressShape, ListingShape

READ_AS: Final = "read_as"
"""Under this key of `carried` stands what was said for the file when it was read."""
_OF_THE_DAY: Final = frozenset({"last_modified", "assured_date", "assurer_email", "alert"})
"""Follows from the day and from checks; it makes no other listing."""


def service_from(
    name: str, content: Content, facts: Facts, book: Book, today: date
) -> dict[str, Any]:
    """A listing as a full service record, with what it carries where nobody changed it here.

    Raises `NotPublic`, and pydantic's error for content that is no listing.
    """
    now = service_record(name, content, facts, book, today)
    came = carried(content)
    if not came:
        return now
    written = ListingShape.model_validate(content)
    read, then = _then(name, content, facts, book, today)
    if written.address != read or (read is not None and read.visibility != "public"):
        # Wherever else it said where the place is: that was taken back, or was never public.
        came = without_places(came)
    given = restored(
        came,
        {key: value for key, value in then.items() if key not in _OF_THE_DAY},
        {key: value for key, value in now.items() if key not in _OF_THE_DAY},
        hidden_values(written),
    )
    for key in ("assured_date", "alert"):
        if key in now:
            given[key] = now[key]
    untouched = {k: v for k, v in given.items() if k in came} == {
        k: came[k] for k in given if k in came
    }
    if "last_modified" in now and not untouched:
        given["last_modified"] = now["last_modified"]
    return given


def contents_from(
    data: bytes, book: Book, *, base: Base | None = None, as_: ReadAs | None = None
) -> tuple[Row, ...]:
    """The rows of a JSON file of services, in whatever form: one, many, a page, a package.

    Raises `Refused` for a file that is none of these.
    """
    return rows_from(services_in(data), book, base=base, as_=as_)


def rows_from(
    services: Sequence[tuple[str, Mapping[str, Any]]],
    book: Book,
    *,
    base: Base | None = None,
    as_: ReadAs | None = None,
) -> tuple[Row, ...]:
    """A row for each service (where it stands, record), in their order."""
    base = base or {}
    known = {service_id(name, content): name for name, (_, content) in base.items()}
    seen: dict[str, int] = {}
    rows = []
    for number, (where, record) in enumerate(services, start=1):
        its = as_uuid(record.get("id"))
        if its is not None and its in seen:
            said = f"It has the same id as row {seen[its]}."
            fault = Fault(number, "id", said, "Keep one of them.")
            rows.append(Row(number, where, None, (fault,)))
            continue
        if its is not None:
            seen[its] = number
        name = known.get(its or "")
        stands = base[name][1] if name is not None else None
        rows.append(_row(number, where, record, book, as_ or ReadAs(), name, stands))
    return tuple(rows)


def _row(  # noqa: PLR0917  (a record, where it stands, and what it is compared with)
    number: int,
    where: str,
    record: Mapping[str, Any],
    book: Book,
    as_: ReadAs,
    name: str | None,
    stands: Content | None,
) -> Row:
    found, said = listing_from(record, book, as_)
    faults = [Fault(number, *one, severity="warning") for one in (*said, *_left_out(record))]
    if name is not None and stands is not None:
        whole = taken_over(stands, found, _read_back(name, stands, book, as_))
    else:
        whole = found
    if record.get("id") and (name is None or service_id(name, {}) != as_uuid(record["id"])):
        came = kept("service", record)
        if too_large(came):
            large = "The record is too large to be carried."
            faults.append(Fault(number, "", large, "It cannot be given back.", "warning"))
        elif stands is None or not _same(came, name or "", stands, book):
            whole["carried"] = {CARRIED: came, READ_AS: as_.written()}
    try:
        listing = ListingShape.model_validate(whole)
    except ValidationError as error:
        faults += [_fault(number, one) for one in error.errors(include_input=False)]
        return Row(number, where, None, tuple(faults), name)
    content = listing.model_dump(mode="json", exclude_defaults=True, by_alias=True)
    return Row(number, where, content, tuple(faults), name)


def _then(
    name: str, content: Content, facts: Facts, book: Book, today: date
) -> tuple[AddressShape | None, Mapping[str, Any]]:
    """The address of a listing as it was when it came, and what we would write of it."""
    kept_as = (content.get("carried") or {}).get(READ_AS)
    as_ = ReadAs.read(kept_as if isinstance(kept_as, Mapping) else {})
    found, _ = listing_from(carried(content), book, as_)
    found["carried"] = content["carried"]
    try:
        listing = ListingShape.model_validate(found)
        as_read = listing.model_dump(mode="json", exclude_defaults=True, by_alias=True)
        record = service_record(name, as_read, Facts(facts.country, facts.zone), book, today)
    except (NotPublic, ValidationError):
        return None, {}
    return listing.address, record


def _read_back(name: str, stands: Content, book: Book, as_: ReadAs) -> Mapping[str, Any]:
    """What we would read out of our own record of a listing; nothing when it is not public."""
    try:
        record = service_from(name, stands, Facts(as_.country), book, date(2000, 1, 1))
    except (NotPublic, ValidationError):
        return {}
    return listing_from(record, book, as_)[0]


def _same(came: Mapping[str, Any], name: str, stands: Content, book: Book) -> bool:
    """Whether a record brings nothing but what we would give out of the listing ourselves."""
    try:
        ours = kept("service", service_from(name, stands, Facts(), book, date(2000, 1, 1)))
    except (NotPublic, ValidationError):
        return False
    return _lasting(ours) == _lasting(came) or _lasting(came) == _lasting(carried(stands))


def _lasting(record: Mapping[str, Any]) -> Mapping[str, Any]:
    return {key: value for key, value in record.items() if key not in _OF_THE_DAY}


def _left_out(record: Mapping[str, Any]) -> Iterator[Said]:
    text = json.dumps(record, ensure_ascii=False)
    if '"metadata": [{' in text:
        yield "metadata", "The change log is not kept.", "It names who changed what."
    if '"attention":' in text or any(_names_person(record)):
        yield "contacts", "Names of persons are not kept.", "Services are listed, not people."


def _names_person(value: Any) -> Iterator[bool]:
    if isinstance(value, Mapping):
        for key, part in value.items():
            if key == "contacts" and isinstance(part, list):
                yield from (bool(one.get("name")) for one in part if isinstance(one, Mapping))
            yield from _names_person(part)
    elif isinstance(value, list):
        for part in value:
            yield from _names_person(part)


def _fault(number: int, error: Mapping[str, Any]) -> Fault:
    field = ".".join(str(part) for part in error["loc"])
    return Fault(number, field, _sentence(str(error["msg"])), "Mend the record.")


def _sentence(said: str) -> str:
    said = said.removeprefix("Value error, ")
    return said if said.endswith(".") else f"It {said}." if said[:1].islower() else f"{said}."


__all__ = [
    "READ_AS",
    "Book",
    "Facts",
    "NotPublic",
    "ReadAs",
    "contents_from",
    "rows_from",
    "service_from",
    "uuid_of",
]

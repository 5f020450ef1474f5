"""What a record brought that is not ours to use: kept as it came, and given back.

It decides what is never kept (`metadata`, a person's name, an address or number of one person
alone) and which of the record's fields still stand: those that nobody here has changed since.
Whatever was taken back or hidden here is taken out of all the rest as well.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from referral_directory.exchange.hsds_shape import ENTITIES

Record = Mapping[str, Any]
MOST_LETTERS: Final = 40_000
"""Of one carried record as JSON. The example of the standard, filled to the brim, has 15,000."""
_DIGITS: Final = re.compile(r"[^0-9]+")
_NUMBER: Final = re.compile(r"[+(\"]*[0-9][0-9 ()\"./-]*\Z")
_LONG: Final = 8
"""Digits by which a number is known in any text, however it is written there."""
_NAMED: Final = frozenset({"name", "location_type", "description"})
"""What has one of these is something without its web address as well."""


def kept(entity: str, record: Record) -> dict[str, Any]:
    """A record as it may be kept: only what HSDS names, and nobody's name, number or mail.

    What is under `contacts` is a person's; their e-mail and numbers stay where the service or
    organisation itself gives the same ones.
    """
    public = _texts(record, ("email", "number"), skip=("contacts",))
    kept_record = _kept(entity, record, public)
    if kept_record.get("assurer_email") not in public:
        kept_record.pop("assurer_email", None)
    return kept_record


def too_large(record: Record) -> bool:
    """Whether a record is too large to be carried."""
    return len(json.dumps(record, ensure_ascii=False)) > MOST_LETTERS


def restored(came: Record, then: Record, now: Record, hidden: frozenset[str]) -> dict[str, Any]:
    """The record as it is given back.

    `came` is what is carried; `then` what we would write of the listing as it was read; `now` what
    we write of it as it stands. `hidden`: texts that must be nowhere in it.
    """
    out: dict[str, Any] = {}
    for key in (*came, *(key for key in now if key not in came)):
        if then.get(key) == now.get(key):
            if key in came:
                out[key] = came[key]
        elif isinstance(value := _changed(came.get(key), then.get(key), now.get(key)), list):
            if value:
                out[key] = value
        elif value is not None:
            out[key] = value
    gone = frozenset(_addresses(then) - _addresses(now)) | hidden
    if not gone:
        return out
    cleaned = without(out, gone)
    needed = {key: now[key] for key in ("id", "name", "status", "organization") if key in now}
    return needed | cleaned


def without_places(record: Record) -> dict[str, Any]:
    """The record with no place in it that has an address or stands on a map."""
    return {k: part for k, v in record.items() if (part := _nowhere(v)) is not None}


def _nowhere(value: Any) -> Any:
    if isinstance(value, list):
        return [part for one in value if (part := _nowhere(one)) is not None]
    if not isinstance(value, Mapping):
        return value
    if value.get("addresses") or value.get("latitude") or value.get("address_1"):
        return None
    cleaned = {k: part for k, v in value.items() if (part := _nowhere(v)) is not None}
    return None if "location" in value.keys() - cleaned.keys() else cleaned


def without(record: Record, gone: frozenset[str]) -> dict[str, Any]:
    """The record with every part left out that tells one of these texts."""
    tells = _teller(gone)
    return {k: part for k, v in record.items() if (part := _without(v, tells)) is not None}


def _kept(entity: str, record: Record, public: frozenset[str]) -> dict[str, Any]:
    shape = ENTITIES[entity]
    out: dict[str, Any] = {}
    for key, value in record.items():
        if key in shape.fields and isinstance(value, str | int | float) and value != "":
            out[key] = value
        elif key in shape.one and isinstance(value, Mapping):
            out[key] = _kept(shape.one[key], value, public)
        elif key in shape.many and isinstance(value, list):
            parts = [_kept(shape.many[key], one, public) for one in value if _is_record(one)]
            if shape.many[key] == "contact":
                parts = [one for one in (_impersonal(p, public) for p in parts) if len(one) > 1]
            out[key] = parts
    return out


def _impersonal(contact: dict[str, Any], public: frozenset[str]) -> dict[str, Any]:
    if contact.get("email") not in public:
        contact.pop("email", None)
    if "phones" in contact:
        contact["phones"] = [one for one in contact["phones"] if one.get("number") in public]
        if not contact["phones"]:
            del contact["phones"]
    return contact


def _is_record(value: object) -> bool:
    return isinstance(value, Mapping)


def _changed(came: Any, then: Any, now: Any) -> Any:
    """A field that was changed here: ours, but for the parts of a list that nobody touched."""
    if not (isinstance(came, list) and isinstance(now, list) and isinstance(then, list)):
        return now
    if len(came) != len(then):
        return now
    as_it_came = {json.dumps(one, sort_keys=True): came[at] for at, one in enumerate(then)}
    return [as_it_came.get(json.dumps(one, sort_keys=True), one) for one in now]


def _addresses(record: Record) -> frozenset[str]:
    return _texts(record, ("number", "url", "email", "address_1"))


def _texts(value: Any, keys: tuple[str, ...], skip: tuple[str, ...] = ()) -> frozenset[str]:
    return frozenset(_walk(value, keys, skip))


def _walk(value: Any, keys: tuple[str, ...], skip: tuple[str, ...]) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, part in value.items():
            if key in keys and isinstance(part, str):
                yield part
            elif key not in skip:
                yield from _walk(part, keys, skip)
    elif isinstance(value, list):
        for part in value:
            yield from _walk(part, keys, skip)


def _teller(gone: frozenset[str]) -> Callable[[str], bool]:
    texts = [" ".join(text.split()).casefold() for text in gone if not _NUMBER.match(text)]
    numbers = [_DIGITS.sub("", text) for text in gone if _NUMBER.match(text)]
    short = [re.compile(f"(?<![0-9]){one}(?![0-9])") for one in numbers if len(one) < _LONG]
    # However the country or area code is written, the end of a number is the same.
    long = [one[-_LONG:] for one in numbers if len(one) >= _LONG]

    def tells(text: str) -> bool:
        plain = " ".join(text.split()).casefold()
        digits = _DIGITS.sub("", text)
        return (
            any(one in plain for one in texts)
            or any(one in digits for one in long)
            or any(one.search(text) for one in short)
        )

    return tells


def _without(value: Any, tells: Callable[[str], bool]) -> Any:
    """The value, or None when it is, or stands for, what is gone."""
    if isinstance(value, str):
        return None if tells(value) else value
    if isinstance(value, list):
        return [part for one in value if (part := _without(one, tells)) is not None]
    if not isinstance(value, Mapping):
        return value
    cleaned = {k: v if k.endswith("id") else _without(v, tells) for k, v in value.items()}
    cleaned = {key: part for key, part in cleaned.items() if part is not None}
    lost = value.keys() - cleaned.keys()
    nameless = "url" in lost and not _NAMED & value.keys()
    return None if nameless or lost & {"number", "location"} else cleaned

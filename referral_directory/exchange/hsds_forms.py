"""The forms in which HSDS services come as JSON, brought to one: a list of full services.

It decides which form a file has, and refuses what is none. It reads no field of a service but
those that say where it belongs.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from referral_directory.exchange.hsds_tables import services_of
from referral_directory.exchange.limits import check_size
from referral_directory.exchange.rows import Refused

Placed = tuple[str, Mapping[str, Any]]
"""Where a service stands in the file, and the service."""
MOST_SERVICES: Final = 200_000
_KINDS: Final = "one service, a list of services, a page of them, or a package"


def services_in(data: bytes) -> Sequence[Placed]:
    """Every service of a JSON file, each with its organisation. Raises `Refused`."""
    check_size(data)
    found = list(_services(_read(data)))
    if not found:
        raise Refused("kind", "There is no service in this file.", f"It may hold {_KINDS}.")
    if len(found) > MOST_SERVICES:
        raise Refused("too_large", f"The file has more than {MOST_SERVICES} services.", "Split it.")
    return found


def _read(data: bytes) -> Any:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused("encoding", "The file is not UTF-8.", "JSON is always UTF-8.") from None
    try:
        return _parsed(text)
    except RecursionError:
        raise Refused("bomb", "The file is nested too deeply.", f"It may hold {_KINDS}.") from None
    except ValueError as error:
        lines = text.splitlines()
        if len(lines) > 1 and lines[0].strip().endswith("}"):
            return _lines(lines)
        if isinstance(error, json.JSONDecodeError):
            place = f"line {error.lineno}, column {error.colno}"
            raise Refused("kind", f"The file is not JSON: {place}.", "Export it again.") from None
        raise Refused("kind", f"The file is not plain JSON: {error}.", "Export it again.") from None


def _lines(lines: Sequence[str]) -> list[Any]:
    """Services one a line (ndjson)."""
    found = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            found.append(_parsed(line))
        except (ValueError, RecursionError):
            raise Refused("kind", f"Line {number} is not JSON.", "Export it again.") from None
    return found


def _parsed(text: str) -> Any:
    """What JSON says, with no key twice and in whole characters. Raises `ValueError`."""
    value = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    if "\\ud" in text.lower():
        try:
            json.dumps(value, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            raise ValueError("it holds half a character") from None
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise ValueError("a key stands twice in one record")
    return made


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number")


def _services(value: Any) -> Iterator[Placed]:
    if isinstance(value, list):
        for at, one in enumerate(value):
            yield from _of(one, f"[{at}]")
    elif isinstance(value, Mapping) and any(str(key).endswith(".csv") for key in value):
        tables = {
            str(key).removesuffix(".csv"): rows
            for key, rows in value.items()
            if isinstance(rows, list)
        }
        yield from services_of(tables)
    elif isinstance(value, Mapping):
        yield from _of(value, "")


def _of(value: Any, where: str) -> Iterator[Placed]:
    """The services in one record: itself, or those that stand in it."""
    if not isinstance(value, Mapping):
        raise Refused("kind", f"{where or 'The file'} is no record.", f"It may hold {_KINDS}.")
    dot = "." if where else ""
    if isinstance(value.get("contents"), list):
        for at, one in enumerate(value["contents"]):
            yield from _of(one, f"{where}{dot}contents[{at}]")
    elif isinstance(value.get("organizations"), list) and "name" not in value:
        yield from _package(value, where + dot)
    elif isinstance(value.get("services"), list):
        organization = {key: part for key, part in value.items() if key != "services"}
        for at, one in enumerate(value["services"]):
            place = f"{where}{dot}services[{at}]"
            for inner, service in _of(one, place):
                own = {"organization": organization} if "name" in organization else {}
                yield inner, own | dict(service)
    elif isinstance(value.get("service"), Mapping):
        at_location = {key: part for key, part in value.items() if key != "service"}
        service = dict(value["service"])
        service.setdefault("service_at_locations", [at_location])
        yield f"{where}{dot}service", service
    elif "status" in value:
        yield where or "service", value


def _package(value: Mapping[str, Any], where: str) -> Iterator[Placed]:
    """Organisations and services beside one another."""
    organizations = {
        str(one.get("id")): one for one in value["organizations"] if isinstance(one, Mapping)
    }
    for at, one in enumerate(value["organizations"]):
        if isinstance(one, Mapping) and isinstance(one.get("services"), list):
            yield from _of(one, f"{where}organizations[{at}]")
    services = value.get("services")
    for at, one in enumerate(services if isinstance(services, list) else []):
        for place, service in _of(one, f"{where}services[{at}]"):
            owner = organizations.get(str(service.get("organization_id")))
            if owner is None or "organization" in service:
                yield place, service
            else:
                plain = {key: part for key, part in owner.items() if key != "services"}
                yield place, {**service, "organization": plain}

"""What a list shows of a full HSDS record: its one-to-one fields. It decides nothing else."""

from collections.abc import Mapping
from typing import Any

from referral_directory.exchange.hsds_shape import ENTITIES


def service_base(record: Mapping[str, Any]) -> dict[str, Any]:
    """A full service as a list shows it."""
    base = _own("service", record)
    for field, entity in ENTITIES["service"].one.items():
        if field in record:
            base[field] = _own(entity, record[field])
    return base


def organization_base(record: Mapping[str, Any]) -> dict[str, Any]:
    """A full organisation as a list shows it."""
    return _own("organization", record)


def place_base(record: Mapping[str, Any], service: Mapping[str, Any]) -> dict[str, Any]:
    """A service at a location as a list shows it, with the service it belongs to."""
    base = _own("service_at_location", record)
    if "location" in record:
        base["location"] = _own("location", record["location"])
    return base | {"service": service_base(service)}


def _own(entity: str, record: Mapping[str, Any]) -> dict[str, Any]:
    return {key: record[key] for key in ENTITIES[entity].fields if key in record}

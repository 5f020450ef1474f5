"""The entities of HSDS 3.1: their fields, their tables, and how one stands in another.

Written out from the standard (Open Referral, CC BY-SA 4.0), whose files are not part of this
program. It decides nothing; what it does not name is not HSDS and is not kept. `metadata` is left
out on purpose: it holds what was there before, and who changed it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True, slots=True)
class Entity:
    """One kind of record."""

    table: str
    """Its file in a tabular package, without `.csv`."""
    fields: tuple[str, ...]
    """Its own values, in the order of the standard."""
    one: Mapping[str, str] = field(default_factory=dict)
    """What stands in it once: field to entity."""
    many: Mapping[str, str] = field(default_factory=dict)
    """What stands in it as a list: field to entity."""
    keys: Mapping[str, str] = field(default_factory=dict)
    """Columns that name a record of another table: column to entity."""


NUMBERS: Final = frozenset(
    {
        *("minimum_age", "maximum_age", "extension", "timezone", "count", "interval", "amount"),
        *("latitude", "longitude", "year_incorporated", "available", "maximum"),
    }
)
REQUIRED: Final[Mapping[str, tuple[str, ...]]] = {
    "service": ("name", "status"),
    "organization": ("name",),
    "phone": ("number",),
    "taxonomy_term": ("name",),
    "taxonomy": ("name",),
    "url": ("url",),
}
"""Without these a record is of no use here. The standard asks for more; it is not missed."""
_SERVICE: Final = {"service_id": "service"}
_LOCATION: Final = {"location_id": "location"}
_AT: Final = {"service_at_location_id": "service_at_location"}
_ORGANIZATION: Final = {"organization_id": "organization"}
_ATTRIBUTES: Final = {"attributes": "attribute"}


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


ENTITIES: Final[Mapping[str, Entity]] = {
    "organization": Entity(
        "organizations",
        _words(
            "id name alternate_name description email website tax_status tax_id year_incorporated"
            " legal_status logo uri parent_organization_id"
        ),
        many={
            "additional_websites": "url",
            "funding": "funding",
            "contacts": "contact",
            "phones": "phone",
            "locations": "location",
            "programs": "program",
            "organization_identifiers": "organization_identifier",
            **_ATTRIBUTES,
        },
    ),
    "program": Entity(
        "programs", _words("id name alternate_name description"), {}, _ATTRIBUTES, _ORGANIZATION
    ),
    "service": Entity(
        "services",
        _words(
            "id name alternate_name description url email status interpretation_services"
            " application_process fees_description wait_time fees accreditations"
            " eligibility_description minimum_age maximum_age assured_date assurer_email licenses"
            " alert last_modified"
        ),
        one={"organization": "organization", "program": "program"},
        many={
            "additional_urls": "url",
            "phones": "phone",
            "schedules": "schedule",
            "service_areas": "service_area",
            "service_at_locations": "service_at_location",
            "languages": "language",
            "funding": "funding",
            "cost_options": "cost_option",
            "required_documents": "required_document",
            "contacts": "contact",
            "capacities": "service_capacity",
            **_ATTRIBUTES,
        },
        keys={**_ORGANIZATION, "program_id": "program"},
    ),
    "service_at_location": Entity(
        "service_at_locations",
        _words("id description"),
        one={"location": "location"},
        many={
            "service_areas": "service_area",
            "contacts": "contact",
            "phones": "phone",
            "schedules": "schedule",
            **_ATTRIBUTES,
        },
        keys={**_SERVICE, **_LOCATION},
    ),
    "location": Entity(
        "locations",
        _words(
            "id location_type url name alternate_name description transportation latitude"
            " longitude external_identifier external_identifier_type"
        ),
        many={
            "languages": "language",
            "addresses": "address",
            "contacts": "contact",
            "accessibility": "accessibility",
            "phones": "phone",
            "schedules": "schedule",
            **_ATTRIBUTES,
        },
        keys=_ORGANIZATION,
    ),
    "address": Entity(
        "addresses",
        _words(
            "id address_1 address_2 city region state_province postal_code country address_type"
        ),
        many=_ATTRIBUTES,
        keys=_LOCATION,
    ),
    "phone": Entity(
        "phones",
        _words("id number extension type description"),
        many={"languages": "language", **_ATTRIBUTES},
        keys={**_LOCATION, **_SERVICE, **_ORGANIZATION, "contact_id": "contact", **_AT},
    ),
    "contact": Entity(
        "contacts",
        _words("id title department email"),
        many={"phones": "phone", **_ATTRIBUTES},
        keys={**_ORGANIZATION, **_SERVICE, **_AT, **_LOCATION},
    ),
    "schedule": Entity(
        "schedules",
        _words(
            "id valid_from valid_to dtstart timezone until count wkst freq interval byday byweekno"
            " bymonthday byyearday description opens_at closes_at schedule_link attending_type"
            " notes"
        ),
        many=_ATTRIBUTES,
        keys={**_SERVICE, **_LOCATION, **_AT},
    ),
    "funding": Entity("funding", ("id", "source"), {}, _ATTRIBUTES, {**_ORGANIZATION, **_SERVICE}),
    "service_area": Entity(
        "service_areas",
        _words("id name description extent extent_type uri"),
        many=_ATTRIBUTES,
        keys={**_SERVICE, **_AT},
    ),
    "required_document": Entity(
        "required_documents", _words("id document uri"), {}, _ATTRIBUTES, _SERVICE
    ),
    "language": Entity(
        "languages",
        _words("id name code note"),
        many=_ATTRIBUTES,
        keys={**_SERVICE, **_LOCATION, "phone_id": "phone"},
    ),
    "accessibility": Entity(
        "accessibility", _words("id description details url"), {}, _ATTRIBUTES, _LOCATION
    ),
    "cost_option": Entity(
        "cost_options",
        _words("id valid_from valid_to option currency amount amount_description"),
        many=_ATTRIBUTES,
        keys=_SERVICE,
    ),
    "organization_identifier": Entity(
        "organization_identifiers",
        _words("id identifier_scheme identifier_type identifier"),
        many=_ATTRIBUTES,
        keys=_ORGANIZATION,
    ),
    "url": Entity("urls", _words("id label url"), {}, _ATTRIBUTES, {**_ORGANIZATION, **_SERVICE}),
    "service_capacity": Entity(
        "service_capacities",
        _words("id available maximum description updated"),
        one={"unit": "unit"},
        many=_ATTRIBUTES,
        keys={**_SERVICE, "unit_id": "unit"},
    ),
    "unit": Entity("units", _words("id name scheme identifier uri"), {}, _ATTRIBUTES),
    "attribute": Entity(
        "attributes",
        _words("id link_id link_type link_entity value label"),
        one={"taxonomy_term": "taxonomy_term"},
        keys={"taxonomy_term_id": "taxonomy_term"},
    ),
    "taxonomy_term": Entity(
        "taxonomy_terms",
        _words("id code name description parent_id taxonomy language term_uri"),
        one={"taxonomy_detail": "taxonomy"},
        keys={"taxonomy_id": "taxonomy"},
    ),
    "taxonomy": Entity("taxonomies", _words("id name description uri version")),
}
"""`contact.name` and `address.attention` are left out as well: they are a person's name. A parent
(`parent_id`, `parent_organization_id`) may stand in another package, so it is a plain field."""
BY_TABLE: Final[Mapping[str, str]] = {
    **{entity.table: name for name, entity in ENTITIES.items()},
    "service_at_location": "service_at_location",  # its file's name in HSDS 3.0
    "service_capacity": "service_capacity",
}

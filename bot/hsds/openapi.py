"""The description of the API as OpenAPI 3.1, with the shapes of all records in it.

It decides nothing: it is made from the same tables that answer. It refers to nothing outside.
"""

from collections.abc import Mapping
from typing import Any, Final

from bot.hsds.asked import LONGEST, MOST_A_PAGE, PAGE_SIZE
from bot.hsds.lists import LISTS
from referral_directory.exchange.hsds_shape import ENTITIES, NUMBERS

VERSION: Final = "3.1"
PROFILE: Final = "https://docs.openreferral.org/en/latest/hsds/overview.html"
_LICENCE: Final = {"name": "CC BY-SA 4.0", "identifier": "CC-BY-SA-4.0"}
_NAMES: Final = ("service", "organization", "taxonomy", "taxonomy_term", "service_at_location")
_ONE: Final = {ENTITIES[name].table: name for name in _NAMES}
_REQUIRED: Final = {
    "service": ["id", "name", "status"],
    "organization": ["id", "name", "description"],
    "location": ["id", "location_type"],
    "phone": ["id", "number"],
    "taxonomy": ["id", "name", "description"],
    "taxonomy_term": ["id", "name", "description"],
    "url": ["id", "url"],
    "address": [
        *("id", "address_1", "city", "state_province", "postal_code", "country"),
        "address_type",
    ],
}
_FORMATS: Final = {
    **dict.fromkeys(("url", "website", "schedule_link", "term_uri"), "uri"),
    **dict.fromkeys(("email", "assurer_email"), "email"),
    **dict.fromkeys(("id", "parent_id", "parent_organization_id", "link_id"), "uuid"),
    "last_modified": "date-time",
    "modified_date": "date-time",
}
_STATUS: Final = ["active", "inactive", "defunct", "temporarily closed"]
_PARAMS: Final[Mapping[str, tuple[str, Mapping[str, Any]]]] = {
    "search": (
        "Words that must all be found. In a POST they stay out of the address.",
        {"type": "string", "maxLength": LONGEST},
    ),
    "page": ("The number of the page, from 1.", {"type": "integer", "minimum": 1}),
    "per_page": (
        f"Records on a page, {PAGE_SIZE} when left out.",
        {"type": "integer", "minimum": 1, "maximum": MOST_A_PAGE},
    ),
    "format": (
        "json gives pages, ndjson all records at once, one a line.",
        {"type": "string", "enum": ["json", "ndjson"]},
    ),
    "taxonomy_term_id": (
        "Records that have this term, or one below it.",
        {"type": "string", "maxLength": LONGEST},
    ),
    "taxonomy_id": (
        "Records that have a term of this taxonomy.",
        {"type": "string", "maxLength": LONGEST},
    ),
    "organization_id": (
        "Records of this organization.",
        {"type": "string", "maxLength": LONGEST},
    ),
    "modified_after": (
        "Records that changed on that day or later: 2026-11-01 or 2026-11-01T10:00:00Z.",
        {"type": "string", "maxLength": LONGEST},
    ),
    "minimal": (
        "Only id, modified_date and what the schema requires; all on one page.",
        {"type": "boolean"},
    ),
    "full": ("Fully nested records; at most 100 a page.", {"type": "boolean"}),
    "full_service": ("Organizations with their services in full.", {"type": "boolean"}),
    "top_only": ("Only terms that have no parent.", {"type": "boolean"}),
    "parent_id": ("Terms below this one.", {"type": "string", "maxLength": LONGEST}),
}
_FAULTS: Final = {
    "400": "What was asked cannot be answered; `mend` says what helps.",
    "401": "There is no key, or none that counts.",
    "403": "The key is not for reading the directory.",
    "429": "Too many requests with this key; `Retry-After` says how long to wait.",
    "503": "What is published cannot be read at this moment.",
}


def description(url: str = "/") -> dict[str, Any]:
    """The whole description. `url`: where the API is reached."""
    paths: dict[str, Any] = {"/": {"get": _about()}}
    for name in LISTS:
        paths[f"/{name}"] = {"get": _list(name, post=False), "post": _list(name, post=True)}
        paths[f"/{name}/{{id}}"] = {"get": _single(name)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Quietline directory",
            "version": VERSION,
            "summary": "Services for survivors, read only, in the shape of HSDS 3.1.",
            "description": (
                "Only what is published and public at this moment. A search belongs into the body "
                "of a POST, so that it is in no address and no log."
            ),
            "license": _LICENCE,
            "contact": {"name": "The organization that runs this service"},
        },
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "servers": [{"url": url}],
        "security": [{"bearer": []}, {"header": []}],
        "tags": [{"name": "Required"}, {"name": "Optional"}],
        "paths": paths,
        "components": {
            "schemas": _schemas(),
            "parameters": {name: _param(name) for name in _PARAMS},
            "responses": _faults(),
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer", "description": _KEY},
                "header": {
                    "type": "apiKey",
                    "in": "header",
                    "name": "X-API-Key",
                    "description": _KEY,
                },
            },
        },
    }


_KEY: Final = "A key with the scope hsds.read, from the people who run the directory."
_MISSING: Final = ("404", "There is no such record, or it is not published now.")


def _about() -> dict[str, Any]:
    text = {"type": "string"}
    shape = {
        "type": "object",
        "required": ["version", "profile", "openapi_url"],
        "properties": {
            "version": text,
            "profile": {**text, "format": "uri"},
            "openapi_url": {**text, "format": "uri"},
        },
    }
    return {
        "operationId": "getAPIMetaInformation",
        "summary": "What this API is.",
        "description": "The version of HSDS, its profile, and where this description is.",
        "tags": ["Required"],
        "security": [],
        "responses": {"200": _answer("About this API.", shape)},
    }


def _list(name: str, *, post: bool) -> dict[str, Any]:
    params = sorted(LISTS[name].params, key=list(_PARAMS).index)
    entity = _ONE[name]
    some = "A page" if entity != "service" else "A page of services"
    shape = {
        "allOf": [
            {"$ref": "#/components/schemas/Page"},
            {
                "properties": {
                    "contents": {"type": "array", "items": {"$ref": _ref(f"{entity}_list")}}
                }
            },
        ]
    }
    made: dict[str, Any] = {
        "operationId": f"{'search' if post else 'list'}_{name}",
        "summary": f"{some} of {name}, as they are published now.",
        "description": "All filters must hold. Lists have one-to-one fields; full=true nests.",
        "tags": ["Required" if name == "services" and not post else "Optional"],
        "responses": {
            "200": {
                "description": "A page; complete also when it is empty.",
                "content": {
                    "application/json": {"schema": shape},
                    "application/x-ndjson": {"schema": {"type": "string"}},
                },
            },
            **_refs(_FAULTS),
        },
    }
    if post:
        body = {
            "type": "object",
            "additionalProperties": False,
            "properties": {one: _PARAMS[one][1] for one in params},
        }
        made["requestBody"] = {
            "required": False,
            "description": "The same filters as those of the address.",
            "content": {"application/json": {"schema": body}},
        }
        made["responses"] |= {
            "413": {"description": "The body is too large."},
            "415": {"description": "The body is not JSON."},
        }
    else:
        made["parameters"] = [{"$ref": f"#/components/parameters/{one}"} for one in params]
    return made


def _single(name: str) -> dict[str, Any]:
    own = {
        "name": "id",
        "in": "path",
        "required": True,
        "description": "The id of the record.",
        "schema": {"type": "string"},
    }
    more = [{"$ref": "#/components/parameters/full_service"}] if name == "organizations" else []
    return {
        "operationId": f"get_{name}",
        "summary": f"One of {name}, with all that belongs to it.",
        "description": "Fully nested. What was suspended or is overdue is not found.",
        "tags": ["Required" if name == "services" else "Optional"],
        "parameters": [own, *more],
        "responses": {
            "200": _answer("The record.", {"$ref": _ref(_ONE[name])}),
            "301": {"description": "It was merged into another; `Location` says which."},
            **_refs({**_FAULTS, _MISSING[0]: ""}),
        },
    }


def _param(name: str) -> dict[str, Any]:
    said, schema = _PARAMS[name]
    return {"name": name, "in": "query", "required": False, "description": said, "schema": schema}


def _schemas() -> dict[str, Any]:
    made = {name: _entity(name) for name in ENTITIES}
    base = {f"{name}_list": _entity(name) for name in _ONE.values()}
    made["organization"]["properties"]["services"] = _array("service")
    made["service_at_location"]["properties"]["service"] = {"$ref": _ref("service")}
    base["service_list"]["properties"]["modified_date"] = _value("modified_date")
    base["organization_list"]["properties"]["services"] = _array("service")
    base["service_at_location_list"]["properties"]["service"] = {"$ref": _ref("service")}
    flags = {name: {"type": "boolean"} for name in ("first_page", "last_page", "empty")}
    counts = ("total_items", "total_pages", "page_number", "size")
    page = {
        **{name: {"type": "integer", "minimum": 0} for name in counts},
        **flags,
        "contents": {"type": "array"},
    }
    fault = {name: {"type": "string"} for name in ("error", "field", "mend")}
    return {
        **made,
        **base,
        "Page": {"type": "object", "required": list(page), "properties": page},
        "Fault": {"type": "object", "required": ["error", "mend"], "properties": fault},
    }


def _entity(name: str) -> dict[str, Any]:
    shape = ENTITIES[name]
    properties: dict[str, Any] = {field: _value(field) for field in shape.fields}
    properties |= {field: {"$ref": _ref(other)} for field, other in shape.one.items()}
    properties |= {field: _array(other) for field, other in shape.many.items()}
    if name == "service":
        properties["status"] = {"type": "string", "enum": _STATUS}
    if name in {"service_area", "unit"}:
        properties["uri"] = {"type": "string"}
    return {
        "type": "object",
        "required": _REQUIRED.get(name, ["id"]),
        "properties": properties,
    }


def _value(field: str) -> dict[str, Any]:
    if field in NUMBERS:
        return {"type": "number"}
    known = {"format": _FORMATS[field]} if field in _FORMATS else {}
    return {"type": "string", **known}


def _array(entity: str) -> dict[str, Any]:
    return {"type": "array", "items": {"$ref": _ref(entity)}}


def _ref(name: str) -> str:
    return f"#/components/schemas/{name}"


def _refs(codes: Mapping[str, str]) -> dict[str, Any]:
    return {code: {"$ref": f"#/components/responses/{code}"} for code in codes}


def _answer(said: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"description": said, "content": {"application/json": {"schema": schema}}}


def _faults() -> dict[str, Any]:
    shape = {"$ref": _ref("Fault")}
    made = {code: _answer(said, shape) for code, said in (*_FAULTS.items(), _MISSING)}
    # What is too long or too broken to be a request at all is answered below the API, in words.
    made["400"]["content"]["text/plain"] = {"schema": {"type": "string"}}
    return made

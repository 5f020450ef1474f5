"""The JSON Schema of flow files, for editors: made from the shapes that the reader itself uses."""

from typing import Any

from flows.shapes import AlwaysShape, FlowShape


def flow_schema() -> dict[str, Any]:
    """The schema of a flow file, `always.yaml` included (draft 2020-12)."""
    from pydantic.json_schema import models_json_schema  # noqa: PLC0415  # slow to load

    refs, schema = models_json_schema(
        [(AlwaysShape, "validation"), (FlowShape, "validation")],
        by_alias=True,
        ref_template="#/$defs/{model}",
    )
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Quietline flow",
        "if": {"properties": {"id": {"const": "always"}}, "required": ["id"]},
        "then": refs[AlwaysShape, "validation"],
        "else": refs[FlowShape, "validation"],
        **schema,
    }

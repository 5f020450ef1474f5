"""Gives a file's values the shape of a pydantic model, and turns its complaints into places and mends.

It decides how a shape error is worded; which shapes there are is decided by the rooms that own them.
"""

from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from authored.mistakes import Mistake, Mistakes, did_you_mean
from authored.reading import Authored, Path_

Model = TypeVar("Model", bound=BaseModel)


def shape(model: type[Model], authored: Authored) -> Model:
    """The file as `model`. Raises `Mistakes` with every fault, each at its line and column."""
    try:
        return model.model_validate(authored.value)
    except ValidationError as error:
        raise Mistakes(_mistakes(model, authored, error)) from None


def _mistakes(model: type[BaseModel], authored: Authored, error: ValidationError) -> list[Mistake]:
    found = []
    for fault in error.errors(include_url=False, include_context=True):
        path = _real_path(authored.value, fault["loc"])
        name = ".".join(str(part) for part in path) or "the file"
        if fault["type"] == "extra_forbidden":
            hint = did_you_mean(str(fault["loc"][-1]), _fields(model, fault["loc"][:-1]))
            found.append(authored.mistake(path, f"'{fault['loc'][-1]}' is not known here", hint))
        elif fault["type"] == "missing":
            found.append(authored.mistake(path, f"'{fault['loc'][-1]}' is missing", "Add it."))
        else:
            said = fault["msg"].removeprefix("Value error, ")
            found.append(authored.mistake(path, f"{name}: {said}"))
    return found


def _real_path(value: Any, loc: tuple[str | int, ...]) -> Path_:
    """The part of a pydantic location that is in the file: union tags and model names are not."""
    path: list[str | int] = []
    for part in loc:
        if isinstance(value, dict) and part in value:
            value = value[part]
        elif isinstance(value, list) and isinstance(part, int) and part < len(value):
            value = value[part]
        else:
            continue
        path.append(part)
    return tuple(path)


def _fields(model: type[BaseModel], loc: tuple[str | int, ...]) -> list[str]:
    """The field names of the model that stands at a location, as far as it can be followed."""
    here: Any = model
    for part in loc:
        fields = getattr(here, "model_fields", {})
        if isinstance(part, str) and part in fields:
            here = _inner(fields[part].annotation)
    fields = getattr(here, "model_fields", {})
    return [field.alias or name for name, field in fields.items()]


def _inner(annotation: Any) -> Any:
    """The model inside `dict[str, M]`, `list[M]` or `M | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for argument in get_args(annotation):
        inner = _inner(argument)
        if inner is not None:
            return inner
    return None

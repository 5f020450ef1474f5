"""Gives a file's values the shape of a pydantic model; its complaints become places and mends.

It decides how a shape error is worded; which shapes there are is decided by the rooms that own
them.
"""

import types
from collections.abc import Mapping
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, RootModel, ValidationError

from authored.mistakes import Mistake, Mistakes, did_you_mean
from authored.reading import Authored, Path_

Model = TypeVar("Model", bound=BaseModel)

# pydantic's word for a fault → what is said of it, and how it is mended.
_WORDED: Mapping[str, tuple[str, str]] = {
    "string_type": ("should be text", "Put it in quotes."),
    "bool_type": ("should be true or false", ""),
    "int_type": ("should be a whole number", ""),
    "float_type": ("should be a number", ""),
    "list_type": ("should be a list", "Write [one, two], or one '- item' a line."),
    "tuple_type": ("should be a list", "Write [one, two], or one '- item' a line."),
    "dict_type": ("should be a mapping", "Write 'name: value' lines below it."),
    "model_type": ("should be a mapping", "Write 'name: value' lines below it."),
    "model_attributes_type": ("should be a mapping", "Write 'name: value' lines below it."),
    "too_short": ("is empty", "Write at least one."),
    "string_too_short": ("is empty", "Write something here."),
}


def shape(model: type[Model], authored: Authored) -> Model:
    """The file as `model`. Raises `Mistakes` with every fault, each at its line and column."""
    try:
        return model.model_validate(authored.value)
    except ValidationError as error:
        raise Mistakes(_mistakes(model, authored, error)) from None


def _mistakes(model: type[BaseModel], authored: Authored, error: ValidationError) -> list[Mistake]:
    found = []
    for fault in error.errors(include_url=False, include_context=True):
        loc = fault["loc"]
        path = _real_path(authored.value, loc)
        name = ".".join(str(part) for part in path) or "the file"
        if fault["type"] == "extra_forbidden":
            hint = did_you_mean(str(loc[-1]), _fields(model, loc[:-1]))
            found.append(authored.mistake(path, f"'{loc[-1]}' is not known here", hint, "shape"))
        elif fault["type"] == "missing":
            message = f"'{loc[-1]}' is missing" + (f" in {name}" if path else "")
            found.append(authored.mistake(path, message, "Add it.", "shape"))
        else:
            said, mend = _WORDED.get(fault["type"], (fault["msg"], ""))
            said = said.removeprefix("Value error, ").removeprefix("Input ")
            found.append(authored.mistake(path, f"{name}: {said}", mend, "shape"))
    return found


def _real_path(value: Any, loc: tuple[str | int, ...]) -> Path_:
    """The part of a pydantic location that is in the file: union tags and model names are not."""
    path: list[str | int] = []
    for part in loc:
        if (isinstance(value, dict) and part in value) or (
            isinstance(value, list) and isinstance(part, int) and part < len(value)
        ):
            value = value[part]  # type: ignore[index]  # checked above: a key of it, or a place in it
            path.append(part)
    return tuple(path)


def _fields(model: type[BaseModel], loc: tuple[str | int, ...]) -> list[str]:
    """The keys that may stand at a location: those of every model that may stand there."""
    here: list[Any] = [model]
    for part in loc:
        here = [inner for one in here for inner in _step_into(one, part)] or here
    models = (one for one in here if isinstance(one, type) and issubclass(one, BaseModel))
    return [field.alias or name for one in models for name, field in one.model_fields.items()]


def _step_into(annotation: Any, part: str | int) -> list[Any]:
    """What may stand under `part` of a value with this annotation, without unions and wrappers."""
    if isinstance(annotation, type) and issubclass(annotation, RootModel):
        annotation = annotation.model_fields["root"].annotation
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        for name, field in annotation.model_fields.items():
            if part in (name, field.alias):
                return _bare(field.annotation)
        return []
    arguments = get_args(annotation)
    return _bare(arguments[-1 if get_origin(annotation) is dict else 0]) if arguments else []


def _bare(annotation: Any) -> list[Any]:
    """The alternatives of an annotation."""
    if get_origin(annotation) in (Union, types.UnionType):
        return [bare for one in get_args(annotation) for bare in _bare(one)]
    if get_origin(annotation) is Annotated:
        return _bare(get_args(annotation)[0])
    return [annotation]

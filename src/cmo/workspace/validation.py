"""A document held against a model, with one sentence per error."""

import difflib
import types
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from cmo.measures import Problem
from cmo.workspace.document import Document

Model = TypeVar("Model", bound=BaseModel)


def validated(document: Document, model: type[Model]) -> Model:
    """The document as a model.

    Args:
        document: What was written.
        model: What was expected.

    Raises:
        Problem: One sentence per error: file, line, key, what was expected, nearest valid name.
    """
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        sentences = [_sentence(details, document=document, model=model) for details in error.errors()]
        raise Problem(*dict.fromkeys(sentences)) from error
    except RecursionError as error:
        raise Problem(f"{document.name}: the values nest too deep; flatten them") from error


def nearest(name: str, among: Iterable[str]) -> str:
    """' Did you mean …?' for a name that is close to a valid one, or nothing."""
    close = difflib.get_close_matches(
        name.casefold(), {known.casefold(): known for known in among}, n=1, cutoff=0.6
    )
    known = {known.casefold(): known for known in among}
    return f" Did you mean {known[close[0]]}?" if close else ""


def _sentence(details: ErrorDetails, *, document: Document, model: type[BaseModel]) -> str:
    place = _written(details["loc"], document=document)
    where = document.where(place)
    kind, context = details["type"], details.get("ctx", {})
    if kind == "extra_forbidden":
        name = str(details["loc"][-1])
        allowed = _fields_at(model, details["loc"][:-1])
        valid = f"; the keys here are {', '.join(allowed)}" if allowed else ""
        return f"{where}: the key {name} is not known here{valid}.{nearest(name, allowed)}"
    if kind == "missing":
        return f"{where}: the key {details['loc'][-1]} is missing; add it."
    got = f"{str(details['input'])[:60]!r}"
    if kind in {"literal_error", "enum"}:
        expected = str(context.get("expected", ""))
        names = [name.strip(" '\"") for name in expected.replace(" or ", ", ").split(",")]
        return f"{where}: {got} was given, {expected} was expected.{nearest(str(details['input']), names)}"
    if kind == "value_error":
        said = str(context["error"])
        return f"{where}: {got} was given; {said if said.endswith(('.', '?')) else said + '.'}"
    if kind in {"model_type", "dict_type", "model_attributes_type"}:
        return f"{where}: {got} was given, keys with values were expected."
    message = details["msg"].removeprefix("Input should be ").removeprefix("Value error, ")
    return f"{where}: {got} was given, {_lowered(message)} was expected."


def _lowered(message: str) -> str:
    return message[:1].lower() + message[1:].rstrip(".")


def _written(location: Sequence[str | int], *, document: Document) -> tuple[str | int, ...]:
    """The steps of a validation error that were written; a single value may stand where a list is allowed."""
    place: tuple[str | int, ...] = ()
    value: Any = document.data
    for step in location:
        if (isinstance(value, Mapping) and step in value) or (
            isinstance(value, list) and isinstance(step, int) and step < len(value)
        ):
            value = value[step]  # type: ignore[index] # the kind of step was just checked
            place = (*place, step)
    return place


def _fields_at(model: type[BaseModel], location: Sequence[str | int]) -> tuple[str, ...]:
    """Names of the keys that the model allows at a place."""
    here: list[Any] = [model]
    for step in location:
        here = [below for annotation in here for below in _below(annotation, step)]
    models = [annotation for each in here for annotation in _models(each)]
    return tuple(dict.fromkeys(name for each in models for name in _keys(each)))


def _keys(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def _models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    if get_origin(annotation) in {Union, types.UnionType}:
        return [model for part in get_args(annotation) for model in _models(part)]
    if hasattr(annotation, "__metadata__"):
        return _models(get_args(annotation)[0])
    return []


def _below(annotation: Any, step: str | int) -> list[Any]:
    """The annotations one step below."""
    if hasattr(annotation, "__metadata__"):
        return _below(get_args(annotation)[0], step)
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin in {Union, types.UnionType}:
        return [below for part in parts for below in _below(part, step)]
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [
            field.annotation for name, field in annotation.model_fields.items() if step in {name, field.alias}
        ]
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return [parts[1]]
    if isinstance(origin, type) and issubclass(origin, Sequence):
        return [parts[0]]
    return []

"""What every part of the strategy document is made of: frozen values, and refusals that name their place."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from difflib import get_close_matches
from typing import Annotated, NoReturn

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    InstanceOf,
    ValidationError,
    WithJsonSchema,
)
from pydantic_core import InitErrorDetails

from cmo.measures import MEASURES, Claim, Text, Window

_ID = r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}"
_WHOLE = 2.0**53  # up to here a float holds every whole number

Place = tuple[str | int, ...]


def nearest(name: str, known: Sequence[str]) -> str:
    """What to write instead of an unknown name: the nearest known one, or all where none is near."""
    near = get_close_matches(name, known, n=1, cutoff=0.6)
    return f"did you mean {near[0]}?" if near else f"known are {', '.join(sorted(known))}"


def _id(value: str) -> str:
    if not re.fullmatch(_ID, value):
        raise ValueError(
            f"{value!r} cannot be an id: write letters, digits, hyphens, dots or underscores, at most 64"
        )
    return value


def _text(value: object) -> Text:
    if isinstance(value, Text):
        return value
    if isinstance(value, str) and value.strip():
        return Text.same(value)
    if isinstance(value, Mapping) and value and set(value) <= {"en", "fr"}:
        en, fr = value.get("en", value.get("fr")), value.get("fr", value.get("en"))
        if isinstance(en, str) and isinstance(fr, str) and en.strip() and fr.strip():
            return Text(en, fr)
    raise ValueError("expected a text, or one for each language: {fr: …, en: …}")


def _day(value: object) -> object:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise ValueError(f"{value!s:.40} is no day: write it as 2027-12-31") from None


def _measure(value: str) -> str:
    if value not in MEASURES:
        raise ValueError(f"no measure is called {value}: {nearest(value, tuple(MEASURES))}")
    return value


def _claim(value: object) -> Claim:
    if isinstance(value, Claim):
        return value
    if not isinstance(value, Mapping):
        raise ValueError("expected a claim, such as {measure: media.roi, of: tv, is: highest}")  # noqa: TRY004 - pydantic places only a ValueError
    return Claim.parse(value)


def _period(value: object) -> Window:
    return value if isinstance(value, Window) else Window.parse(value)


def listed(value: object) -> object:
    """A list as the document gives it; `beliefs:` with every line below commented out reads as nothing."""
    if value is None:
        return ()
    if not isinstance(value, list | tuple):
        raise ValueError("expected a list, each item behind a hyphen")  # noqa: TRY004 - see _claim
    return value


_TEXT_SCHEMA = {
    "description": "A text for both languages, or one for each.",
    "anyOf": [
        {"type": "string", "minLength": 1},
        {
            "type": "object",
            "properties": {"fr": {"type": "string"}, "en": {"type": "string"}},
            "minProperties": 1,
            "additionalProperties": False,
        },
    ],
}
_PERIOD_SCHEMA = {
    "description": "2027, 2027-Q1, 2027-03, or a pair of days.",
    "anyOf": [
        {"type": "integer"},
        {"type": "string", "pattern": r"^\d{4}(-(Q[1-4]|0[1-9]|1[0-2]))?$"},
        {"type": "array", "items": {"type": "string", "format": "date"}, "minItems": 2, "maxItems": 2},
    ],
}
_COMPARED = {
    "type": "object",
    "properties": {"of": {"type": "string"}, "by": {"type": "number"}, "times": {"type": "number"}},
    "required": ["of"],
}
_CLAIM_SCHEMA = {
    "description": "A statement on one measure that the data can judge: one predicate besides of and during.",
    "type": "object",
    "properties": {
        "measure": {"type": "string", "enum": sorted(MEASURES)},
        "of": {"description": "The subject: a channel, a segment, an attribute …"},
        "during": {"description": "The window the claim speaks of."},
        "at_least": {"type": "number"},
        "at_most": {"type": "number"},
        "between": {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2},
        "is": {"enum": ["highest", "lowest"]},
        "top": {"type": "integer", "minimum": 1},
        "above": _COMPARED,
        "below": _COMPARED,
        "rising": {"const": True},
        "falling": {"const": True},
    },
    "required": ["measure"],
}

Identifier = Annotated[str, AfterValidator(_id), WithJsonSchema({"type": "string", "pattern": f"^{_ID}$"})]
Saying = Annotated[InstanceOf[Text], BeforeValidator(_text), WithJsonSchema(_TEXT_SCHEMA)]
Day = Annotated[date, BeforeValidator(_day)]
Period = Annotated[InstanceOf[Window], BeforeValidator(_period), WithJsonSchema(_PERIOD_SCHEMA)]
MeasureName = Annotated[
    str, AfterValidator(_measure), WithJsonSchema({"type": "string", "enum": sorted(MEASURES)})
]
Statement = Annotated[InstanceOf[Claim], BeforeValidator(_claim), WithJsonSchema(_CLAIM_SCHEMA)]
Probability = Annotated[float, Field(ge=0, le=1)]
Money = Annotated[float, Field(ge=0)]


class Part(BaseModel):
    """A part of the document: unknown keys are refused, and a text is never taken for a number."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    def as_mapping(self) -> dict[str, object]:
        """Plain values as strategy.yaml writes them; what is empty is left out."""
        fields = type(self).model_fields.items()
        given = ((field.alias or name, _plain(getattr(self, name))) for name, field in fields)
        return {key: value for key, value in given if value not in (None, [], {})}


def refusal(place: Place, given: object, sentence: str) -> InitErrorDetails:
    """One thing that is wrong, at the place of its key below the part that is checked."""
    return InitErrorDetails(type="value_error", loc=place, input=given, ctx={"error": ValueError(sentence)})


def refuse(*refusals: InitErrorDetails) -> NoReturn:
    """Refuse a part, in a form that pydantic places in the whole document.

    Raises:
        ValidationError: Always.
    """
    raise ValidationError.from_exception_data("Strategy", list(refusals))


def _plain(value: object) -> object:
    """Return the value as YAML and JSON know it; dates stay dates, whole numbers lose their point."""
    if isinstance(value, float) and value.is_integer() and abs(value) < _WHOLE:
        return int(value)
    if isinstance(value, Text):
        return value.en if value.en == value.fr else {"fr": value.fr, "en": value.en}
    if isinstance(value, Window):
        return _period_name(value)
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, Part | Claim):
        value = value.as_mapping()
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    return value


def _period_name(window: Window) -> object:
    year, month = window.start.year, window.start.month
    for name in (year, f"{year:04d}-Q{(month + 2) // 3}", f"{year:04d}-{month:02d}"):
        if Window.parse(name) == window:
            return name
    return [window.start, window.end]

"""The strategy document: what strategy.yaml may say, checked once, as frozen values.

Every refusal is a sentence at a place (the path of keys that leads there), so that whoever reads the file
can name the line. A part that is left out is empty; nothing is invented in its stead.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from difflib import get_close_matches
from typing import Annotated, NoReturn, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    InstanceOf,
    ValidationError,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import InitErrorDetails

from cmo.measures import MEASURES, Claim, Text, Window

_ID = r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}"
_WHOLE = 2.0**53  # up to here a float holds every whole number

Place = tuple[str | int, ...]


def _nearest(name: str, known: Sequence[str]) -> str:
    """Return what to write instead of an unknown name: the nearest known one, or all where none is near."""
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
        raise ValueError(f"no measure is called {value}: {_nearest(value, tuple(MEASURES))}")
    return value


def _claim(value: object) -> Claim:
    if isinstance(value, Claim):
        return value
    if not isinstance(value, Mapping):
        raise ValueError("expected a claim, such as {measure: media.roi, of: tv, is: highest}")  # noqa: TRY004 - pydantic places only a ValueError
    return Claim.parse(value)


def _period(value: object) -> Window:
    return value if isinstance(value, Window) else Window.parse(value)


def _listed(value: object) -> object:
    # "beliefs:" with every line below it commented out reads as nothing
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


def _refusal(place: Place, given: object, sentence: str) -> InitErrorDetails:
    return InitErrorDetails(type="value_error", loc=place, input=given, ctx={"error": ValueError(sentence)})


def _refuse(*refusals: InitErrorDetails) -> NoReturn:
    """Raise what pydantic places in the whole document: a key below the part that is checked."""
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


class Objective(Part):
    """A goal: a measure, how far it shall come, and by when."""

    id: Identifier
    says: Saying
    measure: MeasureName
    at_least: float | None = None
    at_most: float | None = None
    by: Day

    @model_validator(mode="after")
    def _one_target(self) -> Self:
        if (self.at_least is None) == (self.at_most is None):
            sentence = "an objective takes exactly one of at_least and at_most"
            _refuse(_refusal(("at_least",), self.at_least, sentence))
        return self


class Positioning(Part):
    """For whom we are what, why, and unlike whom."""

    for_: Saying | None = Field(default=None, alias="for")
    who: Saying | None = None
    we_are: Saying | None = None
    that: Saying | None = None
    unlike: Saying | None = None


class ChannelPlan(Part):
    """Money planned for one channel over the period, and how far it may be moved."""

    spend: Money
    min: Money | None = None
    max: Money | None = None

    @model_validator(mode="after")
    def _within_its_bounds(self) -> Self:
        if self.min is not None and self.max is not None and self.min > self.max:
            _refuse(_refusal(("min",), self.min, f"min is above max {_amount(self.max)}"))
        if self.min is not None and self.spend < self.min:
            _refuse(_refusal(("spend",), self.spend, f"spend is below min {_amount(self.min)}"))
        if self.max is not None and self.spend > self.max:
            _refuse(_refusal(("spend",), self.spend, f"spend is above max {_amount(self.max)}"))
        return self


class Plan(Part):
    """The budget in force and how it is shared among channels."""

    period: Period
    budget: Money
    channels: dict[str, ChannelPlan] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _within_the_budget(self) -> Self:
        spent = sum(channel.spend for channel in self.channels.values())
        if spent > self.budget * (1 + 1e-12):
            sentence = (
                f"the channels spend {_amount(spent)}, which is {_amount(spent - self.budget)} more than the "
                f"budget of {_amount(self.budget)}: raise it or lower a spend"
            )
            _refuse(_refusal(("budget",), self.budget, sentence))
        return self


class Belief(Part):
    """What somebody holds to be true, how surely, and the claim by which the data can judge it."""

    id: Identifier
    says: Saying
    owner: Annotated[str, Field(min_length=1)] | None = None
    confidence: Probability | None = None
    claim: Statement | None = None


class FieldTest(Part):
    """A test that ran, runs or will run in the field."""

    id: Identifier
    kind: Identifier
    channel: str | None = None
    treated: Annotated[tuple[str, ...], Field(strict=False)] = ()
    start: Day
    end: Day

    @model_validator(mode="after")
    def _can_be_read(self) -> Self:
        if self.end < self.start:
            sentence = f"the test ends on {self.end}, before it starts on {self.start}"
            _refuse(_refusal(("end",), self.end, sentence))
        if self.kind == "geo" and not self.treated:
            sentence = "a geo test needs treated: the regions where the channel was changed"
            _refuse(_refusal(("treated",), self.treated, sentence))
        return self


class Member(Part):
    """Somebody of the team: what they can do and how much time they have."""

    id: Identifier
    name: Annotated[str, Field(min_length=1)]
    role: str | None = None
    skills: dict[str, Annotated[float, Field(ge=0)]] = Field(default_factory=dict)
    hours_per_week: Annotated[float, Field(ge=0, le=168)] | None = None


class Idea(Part):
    """Something that could be tried."""

    id: Identifier
    says: Saying
    kind: Identifier


class Strategy(Part):
    """What the company wants, believes and plans."""

    objectives: Annotated[tuple[Objective, ...], Field(strict=False), BeforeValidator(_listed)] = ()
    positioning: Positioning | None = None
    plan: Plan | None = None
    beliefs: Annotated[tuple[Belief, ...], Field(strict=False), BeforeValidator(_listed)] = ()
    tests: Annotated[tuple[FieldTest, ...], Field(strict=False), BeforeValidator(_listed)] = ()
    team: Annotated[tuple[Member, ...], Field(strict=False), BeforeValidator(_listed)] = ()
    ideas: Annotated[tuple[Idea, ...], Field(strict=False), BeforeValidator(_listed)] = ()

    @model_validator(mode="after")
    def _names_are_of_one_thing(self) -> Self:
        wrong = [*self._repeated_ids(), *self._unknown_owners()]
        if wrong:
            _refuse(*wrong)
        return self

    def _repeated_ids(self) -> list[InitErrorDetails]:
        wrong: list[InitErrorDetails] = []
        for section in LISTS:
            taken: set[str] = set()
            for i, part in enumerate(getattr(self, section)):
                if part.id in taken:
                    sentence = f"{part.id} is the id of two {section}: give each its own"
                    wrong.append(_refusal((section, i, "id"), part.id, sentence))
                taken.add(part.id)
        return wrong

    def _unknown_owners(self) -> list[InitErrorDetails]:
        team = [member.id for member in self.team]
        wrong: list[InitErrorDetails] = []
        for i, belief in enumerate(self.beliefs):
            if team and belief.owner is not None and belief.owner not in team:
                sentence = f"{belief.owner} is nobody of the team: {_nearest(belief.owner, team)}"
                wrong.append(_refusal(("beliefs", i, "owner"), belief.owner, sentence))
        return wrong


LISTS = ("objectives", "beliefs", "tests", "team", "ideas")


def _amount(value: float) -> str:
    return f"{value:,.2f}".removesuffix(".00")

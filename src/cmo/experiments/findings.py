"""What the analysis of a test found, as every face shows it and the ledger keeps it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from cmo.experiments.batches import Batch
from cmo.experiments.checks import Check
from cmo.experiments.contrast import Effect
from cmo.experiments.registration import Conclusion, Kind
from cmo.experiments.second_readings import Second
from cmo.experiments.shrinkage import ShrunkEffect
from cmo.measures import Grade, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The effect on one metric of one variant, read in three ways.

    Attributes:
        variant: The variant, or the treated regions.
        metric: The metric.
        control: Its value without the change.
        treated: Its value with it.
        effect: The relative effect as promised: interval and p-value of one test.
        chance_positive: Probability that it is positive, with no opinion before.
        loss_if_chosen: Expected relative loss of taking the variant.
        loss_if_refused: Expected relative loss of leaving it.
        believed: What remains of it after what the company's past tests teach, where there are enough.
        to_expect: What to expect of it where it ended the test early: less than it looks.
        p_family: For a metric beside the deciding one, its p-value once all such metrics are counted
            (false discovery rate).
    """

    variant: str
    metric: str
    control: float
    treated: float
    effect: Effect
    chance_positive: float
    loss_if_chosen: float
    loss_if_refused: float
    believed: ShrunkEffect | None = None
    to_expect: float | None = None
    p_family: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tails:
    """What a few very large values do to the result.

    Attributes:
        threshold: Values above were brought down to it.
        share_cut: Share of units above it.
        effect: The relative effect on the values so cut.
        precision_gained: By how much the standard error fell, as a share.
    """

    threshold: float
    share_cut: float
    effect: Effect
    precision_gained: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """What a change of spend brought in all.

    Attributes:
        lift: Outcome with the change less outcome without it, in the outcome's unit.
        standard_error: Of the lift.
        spend: Money added or, below zero, withheld.
        factor: Spend without the change as a multiple of the spend that took place, where it was changed;
            none where nothing was spent.
        national_factor: The same, of the spend of the whole country.
        read_until: Last day on which the effect was counted.
        low: Lower bound of the return per unit of money, 90 %.
        high: Upper bound.
    """

    lift: float
    standard_error: float
    spend: float
    factor: float | None
    national_factor: float | None
    read_until: date
    low: float
    high: float

    @property
    def iroas(self) -> float:
        """Outcome per unit of money moved."""
        return self.lift / self.spend


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """Outcome of what was treated, beside what it would have been.

    Attributes:
        days: First day of each period.
        observed: Outcome.
        expected: Outcome had nothing been changed.
        pre: Periods before the test.
    """

    days: tuple[date, ...]
    observed: tuple[float, ...]
    expected: tuple[float, ...]
    pre: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Whether the result may be read today, by the rule that was promised.

    Attributes:
        told: Whether an effect may be told now.
        decides: Whether the test may be concluded on it.
        elapsed: Share of the planned time that has passed.
        says: The rule and where it stands, in a sentence.
    """

    told: bool
    decides: bool
    elapsed: float
    says: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """The analysis of a test.

    Attributes:
        test: Which test.
        kind: What was randomised or compared.
        grade: How far it can be trusted.
        registered: Whether it was promised before; otherwise it is exploratory.
        metric: What decides.
        start: First day.
        end: Last day read.
        as_of: Last day of the data.
        look: Whether it may be read.
        effects: The deciding metric, by variant; empty where nothing may be told.
        others: Other metrics, guardrails among them.
        checks: What was looked at before the result is believed.
        conclusion: How it ends by what was promised; none before its time.
        method: How it was read.
        segments: Effects by segment, drawn toward their mean: estimate, low, high.
        tails: What the largest values do, for a unit test.
        money: What a change of spend brought, where one was made.
        course: Outcome over time, where regions or weeks were compared.
        courses: The same for each cell, of a test with several.
        moneys: What the change of spend brought in each cell.
        seconds: The deciding effect by other methods, none of which decides.
        batch: Where a test by batches stands: what is believed of each creative, and what finding out cost.
    """

    test: str
    kind: Kind
    grade: Grade
    registered: bool
    metric: str
    start: date
    end: date
    as_of: date
    look: Look
    checks: tuple[Check, ...]
    method: Text
    effects: tuple[Reading, ...] = ()
    others: tuple[Reading, ...] = ()
    conclusion: Conclusion | None = None
    segments: Mapping[str, tuple[float, float, float]] = field(default_factory=dict)
    tails: Tails | None = None
    money: Money | None = None
    course: Course | None = None
    courses: Mapping[str, Course] = field(default_factory=dict)
    moneys: Mapping[str, Money] = field(default_factory=dict)
    seconds: tuple[Second, ...] = ()
    batch: Batch | None = None

    @property
    def valid(self) -> bool:
        """Whether no vital check failed."""
        return all(check.passed is not False for check in self.checks if check.vital)

    def as_mapping(self) -> dict[str, Any]:
        """Plain values for JSON and the ledger; sentences in both languages."""
        told: dict[str, Any] = _plain(asdict(self))
        told["valid"] = self.valid
        if self.money is not None:
            told["money"]["iroas"] = self.money.iroas
        for name, money in self.moneys.items():
            told["moneys"][name]["iroas"] = money.iroas
        return told


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(name): _plain(of) for name, of in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(of) for of in value]
    if isinstance(value, float):
        return value if abs(value) < float("inf") else None
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, bool | int | str):
        return getattr(value, "value", value)
    return float(value)
